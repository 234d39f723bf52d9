"""The Analytics tab: what the trades and the analysts are worth."""
