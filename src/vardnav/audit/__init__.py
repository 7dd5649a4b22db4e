"""What was done and read, by whom, in which assignment and why: one append-only table."""
