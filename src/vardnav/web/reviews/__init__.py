"""Pages: reviews of the log, for reviewers, heads of clinics and the region."""
