"""Pages: translate between people and rooms; decide nothing."""
