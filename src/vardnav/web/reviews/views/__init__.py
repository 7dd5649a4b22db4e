"""Views of reviews: the desk, what others follow, the list of well-known people."""
