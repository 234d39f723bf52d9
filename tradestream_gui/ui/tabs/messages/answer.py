"""What a person may answer to a waiting card: yes or no, or what becomes of a position whose alert was corrected."""

from datetime import timedelta

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from tradestream_gui.alerts.binding.corrections import AmendChoice
from tradestream_gui.ui.format import countdown_text
from tradestream_gui.ui.shell.overlays import keep_free
from tradestream_gui.ui.shell.plain import plain_label, tooltip
from tradestream_gui.ui.tabs.messages.rows import MessageRow

LAST, LITTLE = 0.2, 0.5
"""Shares of a card's life below which its bar warns."""


AFTER_FILL = "AMENDED_AFTER_FILL"
"""The code of a card that asks what becomes of an open position; a plain yes would say nothing."""
CHOICES = (
    (AmendChoice.KEEP, "&Keep it", "Leaves the open position and its stop as they are"),
    (AmendChoice.SWAP, "&Swap", "Flattens the position and enters what the author meant, after a fresh risk check"),
    (AmendChoice.FLAT, "&Flatten", "Closes the position at market and enters nothing"),
)


class AnswerBar(QWidget):
    """Seen only while the message waits."""

    approve = pyqtSignal()
    reject = pyqtSignal()
    settle = pyqtSignal(object)  # the AmendChoice

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        keep_free(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.approve_button = QPushButton("&Approve")
        self.approve_button.setProperty("role", "primary")
        self.approve_button.setAccessibleDescription("Carries the alert out after a fresh risk check. Key: Enter")
        self.approve_button.setToolTip("Enter, while the list shows what needs a look")
        self.reject_button = QPushButton("Re&ject")
        self.reject_button.setToolTip("Delete or Backspace, while the list shows what needs a look")
        self.approve_button.clicked.connect(self.approve)
        self.reject_button.clicked.connect(self.reject)
        self._bar = QProgressBar()
        self._bar.setMinimumWidth(1)  # it gives way before a button's word is cut
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Time left to approve")
        self._left = plain_label(role="caption")
        self.choices = {choice: self._choice_button(choice, title, words) for choice, title, words in CHOICES}
        for widget in (self.approve_button, self.reject_button, *self.choices.values()):
            row.addWidget(widget)
        row.addWidget(self._bar, 1)
        row.addWidget(self._left)

    def show_row(self, row: MessageRow) -> None:
        """The bar runs down beside its own words."""
        self.setVisible(row.is_card)
        if not row.is_card or row.decision is None:
            return
        asks_choice = row.decision.code == AFTER_FILL
        for plain_answer in (self.approve_button, self.reject_button):
            plain_answer.setVisible(not asks_choice)
        for choice in self.choices.values():
            choice.setVisible(asks_choice)
        total = (row.decision.expires_at - row.decision.at).total_seconds() if row.decision.expires_at else None
        self._bar.setVisible(total is not None)
        if total is None or row.left_s is None:
            self._left.setText("No time limit")
            return
        share = row.left_s / total if total else 0.0
        self._bar.setValue(round(share * 1000))
        self._bar.setProperty("tone", "danger" if share < LAST else "warn" if share < LITTLE else "")
        _restyle(self._bar)
        self._left.setText(f"{countdown_text(timedelta(seconds=row.left_s))} left")
        self._bar.setAccessibleDescription(self._left.text())

    def _choice_button(self, choice: AmendChoice, title: str, words: str) -> QPushButton:
        button = QPushButton(title)
        button.setToolTip(tooltip(words))
        button.setAccessibleDescription(words)
        button.setProperty("choice", choice.value)
        button.clicked.connect(self._on_choice)
        return button

    def _on_choice(self) -> None:
        button = self.sender()
        if button is not None:
            self.settle.emit(AmendChoice(button.property("choice")))


def _restyle(widget: QWidget) -> None:
    style = widget.style()
    if style is not None:
        style.unpolish(widget)
        style.polish(widget)
