"""The command palette: one field over symbols, actions and settings that also takes orders and price alerts."""
