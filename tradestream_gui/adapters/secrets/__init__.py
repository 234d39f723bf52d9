"""Keyring and vault."""
