"""A person's no to an alert, in words, and how it is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradestream_gui.ui.shell.plain import one_line

if TYPE_CHECKING:
    from tradestream_gui.alerts.desk.decision_book import Rejected
    from tradestream_gui.core import Core

SHOWN_CHARACTERS = 60


def rejected_words(rejected: Rejected) -> str:
    """Whose alert it was, and how it begins."""
    card = rejected.card
    return f"{card.route.analyst.name}, {one_line(card.revision.text, SHOWN_CHARACTERS)}"


def ask_again(core: Core, rejected: Rejected) -> str:
    """The alert waits again, with what is left of its time."""
    refused = core.alerts.take_back(rejected)
    return refused or f"Waits again: {rejected_words(rejected)}"
