"""A field for one price of the chosen contract: arrows step by the tick, leaving it writes the price as it is read."""

from decimal import Decimal

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFocusEvent, QKeyEvent
from PyQt6.QtWidgets import QLineEdit, QWidget

from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.ui.format import price_text
from tradestream_gui.ui.widgets.price_dialog import price_from_text
from tradestream_gui.ui.widgets.ticket.draft import Typed


class PriceField(QLineEdit):
    """Never corrects what was typed by itself: an unreadable price stays and is told beside the field."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._instrument: Instrument | None = None
        self.setAccessibleName(name)
        self.setPlaceholderText("price")
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setToolTip("Arrow up and down move it by one tick")
        self.setMinimumWidth(70)

    def set_instrument(self, instrument: Instrument | None) -> None:
        self._instrument = instrument

    def set_price(self, price: Decimal) -> None:
        if self._instrument is not None:
            self.setText(price_text(price, self._instrument))

    def typed(self) -> Typed:
        if self._instrument is None:
            return Typed(self.text())
        return Typed(self.text(), price_from_text(self.text(), self._instrument))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        price = self.typed().price
        is_step = event is not None and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
        if event is not None and is_step and price is not None and self._instrument is not None:
            step = self._instrument.tick_at(price) * (1 if event.key() == Qt.Key.Key_Up else -1)
            self.set_price(self._instrument.round_to_tick(price + step))
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        super().focusOutEvent(event)
        price = self.typed().price
        if price is not None and self._instrument is not None and self._instrument.is_on_tick(price):
            self.set_price(price)
