"""Loopback servers that speak real protocols: for the tests, and by hand as practice brokers."""
