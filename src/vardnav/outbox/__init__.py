"""Messages on their way to people, written in the transaction that causes them."""
