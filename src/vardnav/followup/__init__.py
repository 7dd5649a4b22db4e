"""What the region follows: figures counted once for each day, so that a page never counts two million rows."""
