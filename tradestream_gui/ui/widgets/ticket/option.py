"""Picks an option by expiry, strike and right, of those that the account's broker lists; any strike may be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QButtonGroup, QComboBox, QGridLayout, QPushButton, QWidget

from tradestream_gui.domain.broker_names import broker_name
from tradestream_gui.domain.contract_names import day_text
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument, Right
from tradestream_gui.domain.money import plain_text, typed_decimal
from tradestream_gui.domain.options import default_osi_root
from tradestream_gui.market.listings import Listing
from tradestream_gui.market.option_choice import OptionDay, day_of, is_unlisted, option_days, strikes_near, strikes_of
from tradestream_gui.ports.listings import OptionSeries
from tradestream_gui.ui.format import age_text
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, one_line
from tradestream_gui.ui.widgets.choice_box import ChoiceBox
from tradestream_gui.ui.widgets.line_label import LineLabel

if TYPE_CHECKING:
    from datetime import datetime

    from tradestream_gui.core import Core

STRIKES_EACH_SIDE = 12
USUAL = "Usual strikes near the price; any other may be typed"


class OptionPicker(QWidget):
    """Emits the contract once expiry, strike and right name one, None before. What a person chose stays chosen when the
    broker's list comes or goes; only what the picker itself had proposed is proposed anew."""

    chosen = pyqtSignal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core: Core | None = None
        self._underlying = ""
        self._broker = ""
        self._offered: Listing[OptionSeries] = Listing()
        self._is_own_choice = False
        self.expiry = ChoiceBox()
        self.expiry.setAccessibleName("Expiry")
        self.strike = QComboBox()
        self.strike.setEditable(True)
        self.strike.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.strike.setAccessibleName("Strike")
        self.source = LineLabel(role="help")
        self._rights = QButtonGroup(self)
        self.call = self._right_button("Call")
        self.put = self._right_button("Put")
        self.call.setChecked(True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        for column, (part, stretch) in enumerate(((self.expiry, 3), (self.strike, 2), (self.call, 0), (self.put, 0))):
            grid.addWidget(part, 0, column)
            grid.setColumnStretch(column, stretch)
        grid.addWidget(self.source, 1, 0, 1, 4)
        self.expiry.activated.connect(self._on_choice)
        self.strike.currentTextChanged.connect(self._on_choice)
        self._rights.buttonClicked.connect(self._tell)

    def attach(self, core: Core) -> None:
        self._core = core

    def show_underlying(self, root: str) -> None:
        """Offers expiries and strikes near the price of the underlying."""
        self._underlying, self._is_own_choice = root, False
        self._offer(None)
        self._tell()

    def show_contract(self, instrument: Instrument) -> None:
        """Sets the fields to this contract."""
        if instrument.strike is not None and instrument.expiry is not None:
            self._underlying, self._is_own_choice = instrument.root, True
            self._offer(instrument)

    def use_broker(self, broker: str) -> None:
        """Another account may have another broker, which lists other options."""
        if broker != self._broker:
            self._broker = broker
            self.follow_listing()

    def follow_listing(self) -> None:
        """Takes up what the broker has said meanwhile; asks it again where that is due."""
        core = self._core
        if core is None or not self._underlying or not self.isVisibleTo(self.parentWidget()):
            return
        listing = core.listings.options(self._broker, self._underlying)
        is_other = (listing.rows, listing.is_known, bool(listing.problem)) != (
            self._offered.rows, self._offered.is_known, bool(self._offered.problem)
        )  # fmt: skip
        if is_other or listing.broker != self._offered.broker:
            before = self.contract()
            self._offer(before if self._is_own_choice else None)
            if self.contract() != before:
                self._tell()
        self._say_source(core, listing)

    def contract(self) -> Instrument | None:
        core, day = self._core, self.expiry.currentData()
        strike = typed_decimal(self.strike.currentText())
        if core is None or not isinstance(day, OptionDay) or strike is None:
            return None
        if not 0 < strike < 100_000 or strike * 1000 % 1:
            return None
        right = Right.CALL if self.call.isChecked() else Right.PUT
        return core.reference.option(self._underlying, day.day, right, strike, osi_root=day.osi_root)

    def _offer(self, wanted: Instrument | None) -> None:
        """Fills the fields; `wanted` stands in them afterwards, whoever lists it."""
        core = self._core
        if core is None:
            return
        for box in (self.expiry, self.strike):
            box.blockSignals(True)
            box.clear()
        listing = self._offered = core.listings.options(self._broker, self._underlying)
        days = option_days(listing, self._underlying, core.reference.calendar, core.clock.now())
        if wanted is not None:
            days = sorted({*days, day_of(wanted)})
        for day in days:
            self.expiry.addItem(day_words(day, self._underlying), day)
        if wanted is not None:
            self.expiry.setCurrentIndex(days.index(day_of(wanted)))
            (self.call if wanted.right is Right.CALL else self.put).setChecked(True)
        price = core.board.last_price(InstrumentId(self._underlying)) or (wanted.strike if wanted is not None else None)
        day = self.expiry.currentData()
        if price is not None and isinstance(day, OptionDay):
            strikes = strikes_near(listing, day, price, STRIKES_EACH_SIDE)
            self.strike.addItems([plain_text(strike) for strike in strikes])
            self.strike.setCurrentText(plain_text(max((each for each in strikes if each <= price), default=price)))
        elif isinstance(day, OptionDay):
            self.strike.addItems([plain_text(strike) for strike in strikes_of(listing, day)])
            self.strike.setEditText("")
        if wanted is not None and wanted.strike is not None:
            self.strike.setEditText(plain_text(wanted.strike))
        for box in (self.expiry, self.strike):
            box.blockSignals(False)
        self._say_source(core, listing)

    def _say_source(self, core: Core, listing: Listing[OptionSeries]) -> None:
        words = source_words(listing, core.clock.now(), self._underlying)
        contract = self.contract()
        if contract is not None and is_unlisted(listing, contract):
            words = "does not list this option and would refuse it: choose another strike or expiry."
            words = f"{broker_name(listing.broker)} {words}"
        if self.source.text() != words:
            self.source.setText(words)
            explain(self.source, words)
            self.source.setVisible(bool(words))
            explain(self.strike, f"Strikes that {broker_name(listing.broker)} lists" if listing.is_known else USUAL)

    def _right_button(self, text: str) -> QPushButton:
        button = QPushButton(text)
        button.setCheckable(True)
        button.setAccessibleName(f"{text} option")
        self._rights.addButton(button)
        return button

    def _on_choice(self) -> None:
        self._is_own_choice = True
        self._tell()

    def _tell(self) -> None:
        if self._core is not None:
            self._say_source(self._core, self._offered)
        self.chosen.emit(self.contract())


def day_words(day: OptionDay, underlying: str) -> str:
    """The day, and the root where it is not the one that is usually meant."""
    return day_text(day.day) if day.osi_root == default_osi_root(underlying) else f"{day_text(day.day)} {day.osi_root}"


def source_words(listing: Listing[OptionSeries], now: datetime, underlying: str) -> str:
    """Who lists what is offered, since when, or why that is not known; empty where nobody can be asked."""
    broker, problem = broker_name(listing.broker), one_line(listing.problem)
    if not broker:
        return ""
    if listing.at is not None:
        age = age_text(now - listing.at)
        if problem:
            return f"As {broker} listed them {age} ago; asked again it said: {problem}"
        if not listing.rows:
            return f"{broker} lists no options on {underlying}."
        return f"As {broker} listed them {age} ago"
    if problem:
        return f"Usual steps, not {broker}'s: {problem}. It is asked again every half a minute."
    return f"Asking {broker} what it lists on {underlying}…"
