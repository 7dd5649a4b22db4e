"""The region's residents, who guards whom, and who may open a resident's data."""
