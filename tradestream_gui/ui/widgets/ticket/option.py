"""Picks an option by expiry, strike and right; what is offered are usual steps, and any other may be typed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QPushButton, QWidget

from tradestream_gui.domain.contract_names import day_text
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument, Right
from tradestream_gui.domain.money import plain_text
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.widgets.choice_box import ChoiceBox

if TYPE_CHECKING:
    from tradestream_gui.core import Core

EXPIRIES = 10
STRIKES_EACH_SIDE = 12
FRIDAY = 4
_STEPS = ((Decimal(25), Decimal("0.5")), (Decimal(200), Decimal("2.5")), (Decimal(100_000), Decimal(5)))


class OptionPicker(QWidget):
    """Emits the contract once expiry, strike and right name one, None before."""

    chosen = pyqtSignal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core: Core | None = None
        self._underlying = ""
        self.expiry = ChoiceBox()
        self.expiry.setAccessibleName("Expiry")
        self.strike = QComboBox()
        self.strike.setEditable(True)
        self.strike.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.strike.setAccessibleName("Strike")
        self.strike.setToolTip("Usual strikes near the price; any other may be typed")
        self._rights = QButtonGroup(self)
        self.call = self._right_button("Call")
        self.put = self._right_button("Put")
        self.call.setChecked(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.expiry, 3)
        row.addWidget(self.strike, 2)
        row.addWidget(self.call)
        row.addWidget(self.put)
        self.expiry.activated.connect(self._tell)
        self.strike.currentTextChanged.connect(self._tell)
        self._rights.buttonClicked.connect(self._tell)

    def attach(self, core: Core) -> None:
        self._core = core

    def show_underlying(self, root: str) -> None:
        """Offers expiries and strikes near the price of the underlying."""
        core = self._core
        if core is None:
            return
        self._underlying = root
        self._offer(core, core.board.last_price(InstrumentId(root)))
        self._tell()

    def show_contract(self, instrument: Instrument) -> None:
        """Sets the fields to this contract."""
        core = self._core
        if core is None or instrument.strike is None or instrument.expiry is None:
            return
        self._underlying = instrument.root
        self.blockSignals(True)
        self._offer(core, core.board.last_price(InstrumentId(instrument.root)) or instrument.strike)
        if self.expiry.findData(instrument.expiry) < 0:
            self.expiry.addItem(day_text(instrument.expiry), instrument.expiry)
        self.expiry.setCurrentIndex(self.expiry.findData(instrument.expiry))
        self.strike.setEditText(plain_text(instrument.strike))
        (self.call if instrument.right is Right.CALL else self.put).setChecked(True)
        self.blockSignals(False)

    def contract(self) -> Instrument | None:
        core, expiry = self._core, self.expiry.currentData()
        text = self.strike.currentText().strip().replace(",", "")
        if core is None or not isinstance(expiry, date) or not text.replace(".", "", 1).isdigit():
            return None
        strike = Decimal(text)
        if not 0 < strike < 100_000 or strike * 1000 % 1:
            return None
        right = Right.CALL if self.call.isChecked() else Right.PUT
        return core.reference.option(self._underlying, expiry, right, strike)

    def _offer(self, core: Core, price: Decimal | None) -> None:
        for box in (self.expiry, self.strike):
            box.blockSignals(True)
            box.clear()
        for day in expiries(core):
            self.expiry.addItem(day_text(day), day)
        if price is not None:
            self.strike.addItems([plain_text(strike) for strike in strikes_near(price, STRIKES_EACH_SIDE)])
            self.strike.setCurrentText(plain_text(price // _step(price) * _step(price)))
        for box in (self.expiry, self.strike):
            box.blockSignals(False)

    def _right_button(self, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setCheckable(True)
        button.setAccessibleName(f"{text} option")
        self._rights.addButton(button)
        return button

    def _tell(self) -> None:
        self.chosen.emit(self.contract())


def strikes_near(price: Decimal, each_side: int) -> list[Decimal]:
    """The usual steps round a price, from the lowest; others may be listed, and some of these may not."""
    step = _step(price)
    middle = price // step * step
    found = [middle + number * step for number in range(-each_side, each_side + 1)]
    return [strike for strike in found if strike > 0]


def _step(price: Decimal) -> Decimal:
    return next(step for below, step in _STEPS if price < below)


def expiries(core: Core) -> list[date]:
    """The coming Fridays, or the trading day before where a Friday is a holiday."""
    calendar = core.reference.calendar
    today = calendar.account_day(core.clock.now())
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % 7)
    days = []
    for number in range(EXPIRIES):
        day = friday + timedelta(days=7 * number)
        while not calendar.is_trading_day(day):
            day -= timedelta(days=1)
        days.append(day)
    return [day for day in days if day >= today]
