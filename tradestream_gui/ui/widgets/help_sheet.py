"""The sheet behind F1: every key that is bound, in two columns."""

from collections.abc import Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain_label

WIDTH_PX = 640
IN_TABLES = (
    ("Ctrl+C", "Copy the selected rows of a table"),
    ("Menu", "What can be done with the row"),
    ("Return", "Open the row"),
    ("Left", "Chart: earlier"),
    ("Right", "Chart: later"),
    ("End", "Chart: newest bar"),
    ("Esc", "Close a dialog; it never submits"),
)
"""Keys that the tables, the chart and the dialogs have of themselves."""


class HelpSheet(QDialog):
    """Shows (keys, action) pairs as they are given; several keys of one action share a line."""

    def __init__(self, look: Look, keys: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(look.px(WIDTH_PX))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(plain_label("Keys", role="h1", parent=self))
        column.addWidget(self._card(look, "Everywhere", grouped(keys)))
        column.addWidget(self._card(look, "In tables, charts and dialogs", grouped(IN_TABLES)))
        column.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(plain_label("No key sends an order outside a focused ticket.", role="help", parent=self), 1)
        self.close_button = QPushButton("Close", self)
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.accept)
        row.addWidget(self.close_button)
        column.addLayout(row)

    def _card(self, look: Look, title: str, lines: Sequence[tuple[str, str]]) -> QFrame:
        card = QFrame(self)
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(plain_label(title, role="strong", parent=card))
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        half = (len(lines) + 1) // 2
        for number, (keys, action) in enumerate(lines):
            row, place = number % half, number // half * 2
            words = plain_label(action, parent=card)
            words.setWordWrap(True)
            grid.addWidget(plain_label(keys, role="mono", parent=card), row, place, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, row, place + 1, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        column.addLayout(grid)
        return card


def grouped(keys: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """One line for each action, its keys as this system names them."""
    found: dict[str, list[str]] = {}
    for combination, action in keys:
        native = QKeySequence(combination).toString(QKeySequence.SequenceFormat.NativeText) or combination
        found.setdefault(action, []).append(native)
    return [("  or  ".join(combinations), action) for action, combinations in found.items()]
