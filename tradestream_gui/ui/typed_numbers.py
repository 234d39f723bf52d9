"""Why a number that a hand has typed is not taken."""

from tradestream_gui.domain.money import typed_decimal
from tradestream_gui.ui.shell.plain import one_line

SHOWN = 20
"""Characters of what was typed that a sentence repeats."""


def unread(text: str, what: str) -> str:
    """`“abc” is no price.`, and for a decimal comma how it is written here."""
    words = f"“{one_line(text, SHOWN)}” is no {what}"
    pointed = text.replace(".", "").replace(",", ".")
    if text.count(",") != 1 or typed_decimal(pointed.removeprefix("$")) is None:
        return f"{words}."
    return f"{words}: a comma marks thousands, write {one_line(pointed, SHOWN)}."
