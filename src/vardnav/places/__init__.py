"""Public geography: municipalities with boundaries, and the small areas people live in."""
