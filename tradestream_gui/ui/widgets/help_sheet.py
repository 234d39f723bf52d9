"""The sheet behind F1: every key that is bound, in two columns."""

from collections.abc import Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain_label

WIDTH_PX = 760
WHERE = "Keys are changed in Config, Keyboard. None is heard outside of this program."
IN_TABLES = (
    ("Ctrl+C", "Copy the selected rows of a table"),
    ("Ctrl+E", "Save the table as CSV"),
    ("Menu", "What can be done with the row"),
    ("Return", "Open the row"),
    ("Left", "Chart: earlier"),
    ("Right", "Chart: later"),
    ("End", "Chart: newest bar"),
    ("PgUp", "Chart: choose an own line, PgDown the next below"),
    ("Up", "Chart: move the chosen line a tick, with Shift ten"),
    ("Enter", "Chart: send the chosen line to where it stands now"),
    ("Esc", "Close a dialog; it never submits"),
)
"""Keys that the tables, the chart and the dialogs have of themselves."""


class HelpSheet(QDialog):
    """Shows (keys, action) pairs as they are given; several keys of one action share a line."""

    def __init__(
        self,
        look: Look,
        keys: Sequence[tuple[str, str]],
        ladder: Sequence[tuple[str, str]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(look.px(WIDTH_PX))
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(plain_label("Keys", role="h1", parent=self))
        cards = QWidget(self)
        inner = QVBoxLayout(cards)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(12)
        inner.addWidget(self._card(look, "Everywhere", grouped(keys)))
        inner.addWidget(self._card(look, "On the ladder, while it has the keyboard", grouped(ladder)))
        inner.addWidget(self._card(look, "In tables, charts and dialogs", grouped(IN_TABLES)))
        inner.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(cards)
        column.addWidget(self._scroll, 1)
        self.resize(look.px(WIDTH_PX), self._fitting_height(cards, look))
        row = QHBoxLayout()
        words = plain_label(WHERE, role="help", parent=self)
        words.setWordWrap(True)
        row.addWidget(words, 1)
        self.close_button = QPushButton("Close", self)
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.accept)
        row.addWidget(self.close_button)
        column.addLayout(row)

    def _fitting_height(self, cards: QWidget, look: Look) -> int:
        """All of it where the screen has the room; else it scrolls."""
        screen = self.screen()
        most = screen.availableSize().height() * 9 // 10 if screen is not None else look.px(700)
        return min(cards.sizeHint().height() + look.px(140), most)

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
