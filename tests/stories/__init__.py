"""Whole stories through the real profile."""
