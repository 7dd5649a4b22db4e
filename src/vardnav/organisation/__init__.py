"""The region, its care providers, units, professionals and their employments, and the region's own values."""
