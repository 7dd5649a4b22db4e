"""The composition: settings, routes, the servers' entry points."""
