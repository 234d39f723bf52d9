"""TradeStream: a desktop trading terminal that turns alerts and clicks into orders, on paper and live."""

__version__ = "0.1.0"
