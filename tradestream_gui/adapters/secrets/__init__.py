"""Keyring and vault: keyring and cryptography, imported only when secrets are used."""
