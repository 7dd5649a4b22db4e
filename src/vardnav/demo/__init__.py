"""A small known region to try the program on, built as a region builds its own."""
