"""A region of made-up people: generated, read in like any other, with accounts to log in as."""
