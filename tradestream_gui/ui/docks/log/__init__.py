"""The log dock: what happened, filtered by kind and by alert."""
