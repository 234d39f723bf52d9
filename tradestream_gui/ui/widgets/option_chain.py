"""The option strip: expiries as buttons, strikes near the price with both bids and asks; a click fills the ticket."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QModelIndex, pyqtSignal
from PyQt6.QtGui import QHideEvent, QShowEvent
from PyQt6.QtWidgets import QButtonGroup, QFrame, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument, Right
from tradestream_gui.domain.money import plain_text
from tradestream_gui.domain.orders import Side
from tradestream_gui.market.option_choice import OptionDay, option_days, strikes_near
from tradestream_gui.ui.format import NOTHING, price_text
from tradestream_gui.ui.freshness import Seen, seen
from tradestream_gui.ui.models.columns import Align, Column
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.spare_prices import needs_prices
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.widgets.flow_layout import FlowLayout
from tradestream_gui.ui.widgets.table_view import TableView
from tradestream_gui.ui.widgets.ticket.option import day_words
from tradestream_gui.ui.widgets.ticket.symbol import SymbolPicker

if TYPE_CHECKING:
    from tradestream_gui.core import Core

EXPIRIES = 4
EACH_SIDE = 3
"""Strikes above and below the price: seven rows take fourteen of a broker's price lines."""
EMPTY = "Strikes appear with the first price of the underlying."


@dataclass(frozen=True, slots=True)
class ChainRow:
    """One strike: its call and its put as they may be shown now; None where the contract is not known."""

    strike: Decimal
    call: Instrument | None
    put: Instrument | None
    call_seen: Seen | None = None
    put_seen: Seen | None = None
    is_nearest: bool = False


class OptionChain(QFrame):
    """Prices come for what is in sight only: they are ended when the strip is hidden or shows another expiry, save for
    what is held, ordered or stands in the ticket. Expiries and strikes are those that the ticket's broker lists, else
    the usual steps; any other is typed in the ticket, which also says whose they are."""

    picked = pyqtSignal(object, object, object)  # Instrument, Side and the price that was clicked, or None

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._root = ""
        self._broker = ""
        self._day: OptionDay | None = None
        self._rows: dict[Decimal, ChainRow] = {}
        self._held: dict[InstrumentId, Instrument] = {}
        self._ticket: SymbolPicker | None = None
        self._days = QButtonGroup(self)
        self._flow = FlowLayout(gap=2)
        self.model: KeyedTableModel[ChainRow] = KeyedTableModel(_columns())
        self.table = TableView(look, self.model, name="Option chain", empty_text=EMPTY)
        self.table.clicked.connect(self._on_clicked)
        self.table.key_activated.connect(self._on_activated)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addLayout(self._flow)
        column.addWidget(self.table, 1)
        self.table.setMinimumHeight(look.px(120))
        self.hide()  # until there is an option

    def attach(self, core: Core, ticket: SymbolPicker) -> None:
        self._core, self._ticket = core, ticket

    @property
    def expiry_buttons(self) -> list[QPushButton]:
        return [button for button in self._days.buttons() if isinstance(button, QPushButton)]

    def show_underlying(self, root: str, day: OptionDay) -> None:
        """The chain of one underlying at an expiry."""
        core = self._core
        if core is None or (root == self._root and day == self._day and self._broker == self._ticket_broker):
            return
        self._root, self._day = root, day
        self._show_days(core)
        self.refill()

    def relist(self) -> None:
        """The broker has said what it lists: other expiries and strikes may stand here."""
        if self._core is not None and self._day is not None:
            self._show_days(self._core)
            self.refill()

    def refill(self) -> None:
        """Lays the strikes round the price as it is now, and asks for their prices while in sight."""
        core, day = self._core, self._day
        self._rows = {}
        price = None if core is None else core.board.last_price(InstrumentId(self._root))
        if core is not None and day is not None and price is not None:
            strikes = strikes_near(core.listings.options(self._broker, self._root), day, price, EACH_SIDE)
            nearest = min(strikes, key=lambda strike: abs(strike - price), default=None)
            for strike in reversed(strikes):
                call = core.reference.option(self._root, day.day, Right.CALL, strike, osi_root=day.osi_root)
                put = core.reference.option(self._root, day.day, Right.PUT, strike, osi_root=day.osi_root)
                self._rows[strike] = ChainRow(strike, call, put, is_nearest=strike == nearest)
        self.model.replace_all((row.strike, row) for row in self._rows.values())
        self._follow()
        self.refresh()

    def refresh(self, changed: set[InstrumentId] | None = None) -> None:
        """The quotes as they are now, of all rows or of those whose prices changed."""
        core = self._core
        if core is None or not self.isVisible():
            return
        if not self._rows:
            if core.board.last_price(InstrumentId(self._root)) is not None:
                self.refill()
            return
        for strike, row in self._rows.items():
            ids = {one.instrument_id for one in (row.call, row.put) if one is not None}
            if changed is None or ids & changed:
                self.model.upsert(strike, _with_prices(core, row))

    # -- prices --------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        """Asks for what is in sight and lets go of the rest at once: a chain takes many of a broker's price lines."""
        core = self._core
        if core is None:
            return
        wanted: dict[InstrumentId, Instrument] = {}
        if self.isVisible():
            legs = [one for row in self._rows.values() for one in (row.call, row.put) if one is not None]
            wanted = {one.instrument_id: one for one in legs}
        if wanted.keys() == self._held.keys():
            return
        left = [one for instrument_id, one in self._held.items() if instrument_id not in wanted]
        self._held = wanted
        core.tasks.spawn(core.subscriptions.hold("option chain", wanted.values()), "prices of the option chain")
        for instrument in left:
            if not needs_prices(core, instrument.instrument_id):
                core.tasks.spawn(core.subscriptions.give_back(instrument), f"let go of {instrument.instrument_id}")

    # -- choosing ------------------------------------------------------------------------------------------

    @property
    def _ticket_broker(self) -> str:
        return "" if self._ticket is None else self._ticket.broker

    def _show_days(self, core: Core) -> None:
        for button in self._days.buttons():
            self._days.removeButton(button)
            self._flow.removeWidget(button)
            button.deleteLater()
        self._broker = self._ticket_broker
        listing = core.listings.options(self._broker, self._root)
        days = option_days(listing, self._root, core.reference.calendar, core.clock.now())[:EXPIRIES]
        if self._day is not None and self._day not in days:
            days = sorted([*days, self._day])
        for each in days:
            words = day_words(each, self._root)
            button = QPushButton(words)
            button.setCheckable(True)
            button.setChecked(each == self._day)
            button.setAccessibleName(f"Expiry {words}")
            button.clicked.connect(partial(self._on_day, each))
            self._days.addButton(button)
            self._flow.addWidget(button)

    def _on_day(self, day: OptionDay) -> None:
        self._day = day
        self.refill()

    def _on_clicked(self, index: QModelIndex) -> None:
        row, key = self.model.row(self.model.key_at(index.row())), self.model.columns[index.column()].key
        if row is None or key == "strike":
            return
        right, _, side = key.partition("_")
        instrument, market = (row.call, row.call_seen) if right == "call" else (row.put, row.put_seen)
        quote = None if market is None else market.quote
        price = None if quote is None else quote.ask if side == "ask" else quote.bid
        if instrument is not None:
            self.picked.emit(instrument, Side.BUY if side == "ask" else Side.SELL, price)

    def _on_activated(self, key: Hashable) -> None:
        """Enter on a row takes its call, to buy."""
        row = self.model.row(key)
        if row is not None and row.call is not None:
            quote = None if row.call_seen is None else row.call_seen.quote
            self.picked.emit(row.call, Side.BUY, None if quote is None else quote.ask)

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self.refill()

    def hideEvent(self, event: QHideEvent | None) -> None:
        super().hideEvent(event)
        self._follow()


def _with_prices(core: Core, row: ChainRow) -> ChainRow:
    call_seen = None if row.call is None else seen(core, row.call)
    put_seen = None if row.put is None else seen(core, row.put)
    return ChainRow(row.strike, row.call, row.put, call_seen, put_seen, row.is_nearest)


def _columns() -> list[Column[ChainRow]]:
    return [
        _price("call_bid", "Call bid", Tone.SELL),
        _price("call_ask", "Call ask", Tone.BUY),
        Column(
            key="strike", title="Strike", text=lambda row: plain_text(row.strike), width=64, align=Align.CENTER,
            strong=True, tone=lambda row: Tone.ACCENT if row.is_nearest else None, sort_key=lambda row: row.strike,
            accessible=lambda row: f"strike {plain_text(row.strike)}{', nearest to the price' * row.is_nearest}",
        ),
        _price("put_bid", "Put bid", Tone.SELL),
        _price("put_ask", "Put ask", Tone.BUY),
    ]  # fmt: skip


def _price(key: str, title: str, side: Tone) -> Column[ChainRow]:
    """The bid is where one sells and the ask where one buys, and so each is coloured."""
    right, _, which = key.partition("_")

    def market(row: ChainRow) -> Seen | None:
        return row.call_seen if right == "call" else row.put_seen

    def value(row: ChainRow) -> Decimal | None:
        found = market(row)
        quote = None if found is None else found.quote
        return None if quote is None else quote.ask if which == "ask" else quote.bid

    def text(row: ChainRow) -> str:
        instrument = row.call if right == "call" else row.put
        return NOTHING if instrument is None else price_text(value(row), instrument)

    def tone(row: ChainRow) -> Tone:
        found = market(row)
        return Tone.MUTED if value(row) is None else Tone.STALE if found is not None and found.is_stale else side

    def tip(row: ChainRow) -> str:
        found = market(row)
        return "This contract is not known." if found is None else f"{found.words} Click: into the ticket."

    return Column(
        key=key, title=title, text=text, width=66, align=Align.RIGHT, elastic=1, tone=tone, tooltip=tip, sort_key=value
    )
