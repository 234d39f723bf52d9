"""The docks beside the tabs: watchlist, chart and log."""
