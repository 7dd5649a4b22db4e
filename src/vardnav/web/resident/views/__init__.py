"""The resident's pages: one call into a room, one thing per page."""
