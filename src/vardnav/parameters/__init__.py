"""The values a region sets, each from a day on and with its source; every room declares its own with defaults."""
