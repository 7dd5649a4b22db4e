"""Pages: the search of the frame."""
