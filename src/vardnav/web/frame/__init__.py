"""What every page shares: frame, navigation, components, and how figures and dates are written."""
