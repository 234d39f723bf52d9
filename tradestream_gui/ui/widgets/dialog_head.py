"""The head of a small dialog: as wide as its text is large, and a title that takes another line before it is cut."""

from PyQt6.QtWidgets import QApplication, QDialog, QLabel

from tradestream_gui.ui.shell.plain import plain_label

BASE_PX = 13
"""Of the text at 100 %."""


def widen(dialog: QDialog, pixels: int) -> None:
    """At least so many pixels wide at 100 %, more under a larger text."""
    dialog.setMinimumWidth(round(pixels * QApplication.font().pixelSize() / BASE_PX))


def title_label(title: str) -> QLabel:
    label = plain_label(title, role="h2")
    label.setWordWrap(True)
    return label
