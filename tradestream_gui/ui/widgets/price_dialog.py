"""Asks for one price: steps by the tick, says what it would bring, and why it cannot be taken."""

from collections.abc import Callable
from decimal import Decimal

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.money import typed_decimal
from tradestream_gui.ui.format import price_text
from tradestream_gui.ui.shell.plain import plain, plain_label
from tradestream_gui.ui.typed_numbers import unread
from tradestream_gui.ui.widgets.dialog_head import title_label, widen

WIDTH_PX = 380


def price_from_text(text: str, instrument: Instrument) -> Decimal | None:
    """What was typed as a price, in 32nds too (`118'16`); None for no price."""
    typed = text.strip()
    if instrument.quoted_in_32nds and "'" in typed:
        whole, _, fraction = typed.partition("'")
        if not (whole.isdigit() and fraction.isdigit() and len(fraction) in (2, 3) and int(fraction[:2]) < 32):
            return None
        eighths = {"0": 0, "1": 1, "2": 2, "3": 3, "5": 4, "6": 5, "7": 6, "8": 7}.get(fraction[2:] or "0")
        return None if eighths is None else Decimal(whole) + Decimal(int(fraction[:2]) * 8 + eighths) / 256
    return typed_decimal(typed)


class PriceDialog(QDialog):
    """Its result is `price` once accepted. `refusal` and `words` are asked with every change of the price."""

    def __init__(
        self,
        parent: QWidget | None,
        *,
        title: str,
        text: str,
        instrument: Instrument,
        price: Decimal | None,
        refusal: Callable[[Decimal], str],
        words: Callable[[Decimal], str],
        confirm: str,
    ) -> None:
        super().__init__(parent)
        self._instrument = instrument
        self._refusal = refusal
        self._words = words
        self.price: Decimal | None = None
        self.setWindowTitle(plain(title))
        self.setModal(True)
        widen(self, WIDTH_PX)
        self.field = QLineEdit("" if price is None else price_text(price, instrument))
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setAccessibleName("Price")
        self.field.setAccessibleDescription("Arrow up and down move it by one tick")
        self.field.selectAll()
        self.field.textChanged.connect(self._check)
        self._hint = plain_label(role="help")
        self._hint.setWordWrap(True)
        self._hint.setMinimumHeight(34)
        self._lay_out(title, text, confirm)
        self._check()

    def _lay_out(self, title: str, text: str, confirm: str) -> None:
        self.confirm = QPushButton(confirm)
        self.confirm.setProperty("role", "primary")
        self.confirm.setDefault(True)
        self.confirm.clicked.connect(self.accept)
        cancel = QPushButton("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(title_label(title))
        told = plain_label(text, role="help")
        told.setWordWrap(True)
        column.addWidget(told)
        column.addWidget(self.field)
        column.addWidget(self._hint)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.confirm)
        column.addLayout(row)

    def _check(self) -> None:
        price = price_from_text(self.field.text(), self._instrument)
        text = self.field.text().strip()
        why = ("Type a price." if not text else unread(text, "price")) if price is None else ""
        if price is not None and not self._instrument.is_on_tick(price):
            why = f"The tick is {self._instrument.tick_at(price)}: {price} is between two prices."
        if price is not None and not why:
            why = self._refusal(price)
        self.price = None if why else price
        self._hint.setProperty("role", "error" if why else "help")
        style = self._hint.style()
        if style is not None:
            style.polish(self._hint)
        self._hint.setText(plain(why or (self._words(price) if price is not None else "")))
        self.confirm.setEnabled(not why)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            price = price_from_text(self.field.text(), self._instrument)
            if price is not None:
                step = self._instrument.tick_at(price) * (1 if event.key() == Qt.Key.Key_Up else -1)
                self.field.setText(price_text(self._instrument.round_to_tick(price + step), self._instrument))
            return
        super().keyPressEvent(event)
