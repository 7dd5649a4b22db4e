"""Pages: clinic."""
