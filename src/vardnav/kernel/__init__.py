"""Frozen values that every room shares: who acts, identity numbers, periods, points."""
