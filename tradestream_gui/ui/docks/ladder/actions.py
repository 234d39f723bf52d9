"""What the ladder's keys and buttons do to the position of its contract, and how a bracket moves as a whole."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QWidget

from tradestream_gui.domain.ids import ClOrdId, LotId
from tradestream_gui.trading.plan_changes import shifted
from tradestream_gui.ui.docks.ladder.orders import LadderOrders
from tradestream_gui.ui.format import points_text
from tradestream_gui.ui.models.ladder_rows import MarkKind, OwnMark
from tradestream_gui.ui.shell.arm_words import disarmed_words
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.tabs.hand_doors import ReverseDoor
from tradestream_gui.ui.tabs.order_entry.submit import cancel_symbol, flatten_symbol
from tradestream_gui.ui.tabs.portfolio.commands import stop_refusal
from tradestream_gui.ui.tabs.portfolio.hand import close_share_of, stops_to_break_even

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.ids import AccountId
    from tradestream_gui.domain.instruments import Instrument


class LadderActions(QObject):
    """What only reduces goes whatever the arming says; a reversal by key, and an entry's move, need it."""

    said = pyqtSignal(str, object)  # words and Tone

    def __init__(self, core: Core, arming: Arming, orders: LadderOrders, parent: QWidget) -> None:
        super().__init__(parent)
        self._core = core
        self._arming = arming
        self._orders = orders
        self._door = ReverseDoor(core, arming, parent)
        self._door.said.connect(self.said)

    def act(self, name: str) -> None:
        """By the name of the key map; what is not about the position is not for here."""
        account_id, instrument = self._orders.account_id, self._orders.instrument
        if account_id is None or instrument is None:
            return
        self._arming.note_use()
        words = self._reduced(name, account_id, instrument)
        if words:
            self.said.emit(words, Tone.TEXT)
        elif name == "ladder_reverse" and not self._arming.is_armed:
            self.said.emit(disarmed_words(self._core), Tone.DANGER)
        elif name == "ladder_reverse":
            self.reverse()

    def reverse(self) -> None:
        account_id, instrument = self._orders.account_id, self._orders.instrument
        if account_id is not None and instrument is not None:
            self._door.reverse(account_id, instrument.instrument_id, self._orders.market_ticket)

    def half(self) -> None:
        self.act("ladder_half")

    def break_even(self) -> None:
        self.act("ladder_break_even")

    def move_bracket(self, mark: OwnMark, price: Decimal) -> None:
        """An entry with its stop and targets, or the stop and targets of a position, by the same distance."""
        self._arming.note_use()
        words = self._move_entry(mark, price) if mark.kind is MarkKind.ENTRY else self._move_exits(mark, price)
        self.said.emit(words, Tone.TEXT)

    def _reduced(self, name: str, account_id: AccountId, instrument: Instrument) -> str:
        core, instrument_id = self._core, instrument.instrument_id
        if name == "ladder_close":
            return flatten_symbol(core, account_id, instrument)
        if name == "ladder_half":
            return close_share_of(core, account_id, instrument_id, 50)
        if name == "ladder_break_even":
            return stops_to_break_even(core, account_id, instrument_id)
        return cancel_symbol(core, account_id, instrument) if name == "ladder_pull" else ""

    def _move_entry(self, mark: OwnMark, price: Decimal) -> str:
        order = self._core.blotter.order(ClOrdId(mark.key))
        if not self._arming.is_armed:
            return disarmed_words(self._core)
        if order is None or order.is_terminal:
            return "The order does not work any more."
        return self._core.hand.entry_moves.move_bracket(order, price)

    def _move_exits(self, mark: OwnMark, price: Decimal) -> str:
        lot_id, by = LotId(mark.key), price - mark.price
        plan, lot = self._core.exits.plan(lot_id), self._core.lots.lot(lot_id)
        if plan is None or lot is None or lot.is_flat:
            return "This lot is closed already."
        stop = None if plan.stop_price is None else plan.stop_price + by
        refusal = stop_refusal(self._core, lot_id, stop) if stop is not None else ""
        if not refusal and not self._arming.is_armed and by * lot.side.sign < 0:
            refusal = "Disarmed: the stop only comes closer. Arm first to let it risk more."
        if not refusal:
            self._core.exits.take(replace(shifted(plan, by), initial_stop_price=plan.initial_stop_price))
        moved = points_text(by, self._core.market.instrument(lot.instrument_id))
        return refusal or f"Stop and targets moved by {moved}."
