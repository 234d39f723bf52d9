"""Texts for properties that hold for every text."""

from hypothesis import strategies as st

ANY_CHARACTER = st.characters(exclude_categories=["Cs"])
"""All that UTF-8 can hold. `st.text()` finds the same characters by encoding a million of them in each process."""
