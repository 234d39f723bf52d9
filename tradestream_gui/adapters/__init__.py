"""Translators to the outside; the core never imports them."""
