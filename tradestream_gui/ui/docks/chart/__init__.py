"""The chart dock: candles with the orders, positions and alerts on them."""
