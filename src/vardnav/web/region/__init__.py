"""Pages: region."""
