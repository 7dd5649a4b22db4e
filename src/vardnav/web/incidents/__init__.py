"""Pages: the record of incidents, for administrators."""
