"""The keys of the alert strip as buttons: what is sent and how it is changed, and the reasons of a skip behind them."""

from enum import Enum

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QWidget

from tradestream_gui.ui.shell.plain import plain, plain_label

REASONS = (
    ("Late", "too late"),
    ("Price", "the price has moved away"),
    ("Risk", "too much risk"),
    ("Setup", "not my setup"),
    ("Have it", "I hold it already"),
)
"""What a skip is put down to, by its key: as on the button, and as recorded."""


class Toggle(Enum):
    """(key, words): what one key changes on the order, and changes back."""

    MICRO = ("M", "Micro")
    LIMIT = ("L", "Limit")
    PAPER = ("P", "Paper")


class StripKeys(QStackedWidget):
    """Page 0 changes and sends the order, page 1 asks why it is skipped."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.size_line = plain_label(role="help")
        self.send_button = self._button("Enter", "Send", "Sends the order shown", role="primary")
        self.skip_button = self._button("Esc", "Skip", "Asks for the reason, then skips the alert")
        self.toggles = {one: self._toggle(one) for one in Toggle}
        self.reasons = tuple(
            self._button(str(number), label, f"Skips the alert: {words}")
            for number, (label, words) in enumerate(REASONS, 1)
        )
        self.back = self._button("Esc", "Back", "Does not skip it")
        order, reasons = QWidget(), QWidget()
        order.setLayout(strip_row([self.send_button, self.size_line, *self.toggles.values()], [self.skip_button]))
        reasons.setLayout(strip_row(list(self.reasons), [self.back]))
        self.addWidget(order)
        self.addWidget(reasons)

    def show_keys(self, *, may_send: bool, size: str, on: frozenset[Toggle], possible: dict[Toggle, str]) -> None:
        """`possible` names the toggles that the order can take, each with its words."""
        self.send_button.setEnabled(may_send)
        self.size_line.setText(plain(size))
        self.size_line.setVisible(bool(size))
        for toggle, button in self.toggles.items():
            button.setEnabled(toggle in possible)
            button.setChecked(toggle in on)
            button.setText(f"{toggle.value[0]}  {possible.get(toggle, toggle.value[1])}")

    def _button(self, key: str, words: str, description: str, role: str = "") -> QPushButton:
        """Clicked without taking the focus; its key does the same."""
        button = QPushButton(f"{key}  {words}")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setAccessibleName(f"{words}, key {key}")
        button.setAccessibleDescription(description)
        button.setProperty("role", role)
        return button

    def _toggle(self, toggle: Toggle) -> QPushButton:
        key, words = toggle.value
        button = self._button(key, words, "Changes the order shown, and back")
        button.setCheckable(True)
        return button


def strip_row(left: list[QWidget], right: list[QWidget]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for widget in left:
        row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
    row.addStretch(1)
    for widget in right:
        row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
    return row
