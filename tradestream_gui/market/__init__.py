"""The market as seen: quotes, bars, books, indicators, reference data."""
