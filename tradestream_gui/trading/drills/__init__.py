"""Outages practised on paper: broken on purpose, watched at the broker's own lists, reported as measured."""
