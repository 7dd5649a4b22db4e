"""Incidents: what broke or leaked, when it must be reported to whom, and what was done; a record nobody can rewrite."""
