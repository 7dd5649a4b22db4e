"""Accounts, the assignments staff act in, and the keys of other systems."""
