"""The clinic's desk, page by page."""
