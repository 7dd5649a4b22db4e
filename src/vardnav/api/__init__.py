"""The API for other systems: translates between JSON and rooms; decides nothing."""
