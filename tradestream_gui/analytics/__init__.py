"""From fills to knowledge."""
