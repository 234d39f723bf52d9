"""The watchlist dock: symbols with prices, and the card of the chosen one."""
