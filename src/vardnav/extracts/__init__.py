"""A region's registers as a folder of tables: read in as a whole or not at all, and written out again the same."""
