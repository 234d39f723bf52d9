"""The ladder dock: depth, own orders and time and sales."""
