"""Texts that most tests begin with are read once: nearly every profile starts from the same settings file."""

from functools import lru_cache

from tradestream_gui.upkeep.settings import file

KEPT = 64
"""More files than one folder of tests begins with; a document takes about half a megabyte."""


def remember_settings_files() -> None:
    """The document of a settings file's text is kept for this process; what is made of it is made by each test anew.

    Reading one takes a seventh of a second, four fifths of what opening a profile costs. Nobody changes a document:
    `parse` copies its values and looks up lines in it.
    """
    file._document = lru_cache(maxsize=KEPT)(file._document)
