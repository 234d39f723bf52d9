"""Rows behind the tables, keyed and flushed once per frame."""
