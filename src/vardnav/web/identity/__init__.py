"""Logging in and out, and the assignment one acts in."""
