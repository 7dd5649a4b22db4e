"""Pages of the administrator: accounts, the region's values, keys of other systems, the log. No patient data."""
