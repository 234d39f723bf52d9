"""Sends what a ticket says: asks while disarmed and where it looks like a slip, once per press, and tells the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal
from PyQt6.QtWidgets import QWidget

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.orders import OrderRole, OrdStatus
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.dialogs import Question, ask
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.tabs.portfolio.commands import ensure_plan
from tradestream_gui.ui.widgets.ticket.submit import LATCH_S, slip_words
from tradestream_gui.upkeep.settings.policies import manual_rules

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.ids import AccountId
    from tradestream_gui.domain.instruments import Instrument
    from tradestream_gui.domain.quotes import Quote
    from tradestream_gui.domain.tickets import EntryTicket
    from tradestream_gui.ui.widgets.ticket.draft import TicketDraft

_FAILED = (OrdStatus.DENIED, OrdStatus.REJECTED, OrdStatus.ABANDONED)


class Submitter(QObject):
    """One press is one order. What only reduces is never asked about and never waits. An entry goes at the press only
    while armed; else, and for the first order of an account with real money, the whole order is asked about."""

    said = pyqtSignal(str, object)  # words and Tone
    changed = pyqtSignal()

    def __init__(self, core: Core, arming: Arming, parent: QWidget) -> None:
        super().__init__(parent)
        self._core = core
        self._arming = arming
        self._window = parent
        self._is_asking = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(round(LATCH_S * 1000))
        self._timer.timeout.connect(self._release)

    @property
    def is_under_way(self) -> bool:
        return self._is_asking or self._timer.isActive()

    def submit(self, draft: TicketDraft, ticket: EntryTicket, quote: Quote | None, sentence: str) -> None:
        lot = self._core.entries.opposite_manual_lot(ticket)
        if lot is not None:
            words = self._core.entries.reduce_by_hand(lot, ticket)
            self.said.emit(words[:1].upper() + words[1:], Tone.TEXT)
            return
        if self.is_under_way:
            return
        self._arming.note_use()
        doubts = self._doubts(draft, ticket, quote)
        if doubts:
            self._is_asking = True
            self._core.tasks.spawn(self._ask(ticket, sentence, doubts, draft), "ask about a ticket")
        else:
            self._send(ticket)
        self.changed.emit()

    def _doubts(self, draft: TicketDraft, ticket: EntryTicket, quote: Quote | None) -> list[str]:
        assert draft.instrument is not None, "a ticket has a contract"
        rules = manual_rules(self._core.settings.current)
        ago = self._arming.last_entry.seconds_since_same(ticket, self._core.clock.now(), rules.duplicate_window)
        doubts = formal_doubts(self._core, self._arming, ticket.account_id)
        doubts += [] if ago is None else [f"The very same order was sent {ago} s ago."]
        slip = slip_words(draft, quote, rules.max_price_distance.of(draft.instrument.asset_class))
        return [*doubts, slip] if slip else doubts

    async def _ask(self, ticket: EntryTicket, sentence: str, doubts: list[str], draft: TicketDraft) -> None:
        kind = self._core.accounts.account(ticket.account_id).kind
        role = "danger" if kind.is_guarded else ticket.side.value.lower()
        question = Question(
            "Send this order?",
            "\n".join(doubts),
            confirm="Send",
            facts=[("Order", sentence), ("Account", f"{draft.account_name}, {kind.value}")],
            role=role,
        )
        try:
            confirmed = await ask(self._window, question)
        finally:
            self._is_asking = False
        if confirmed:
            self._arming.note_confirmed(ticket.account_id)
            self._send(ticket)
        else:
            self.said.emit("Not sent.", Tone.MUTED)
        self.changed.emit()

    def _send(self, ticket: EntryTicket) -> None:
        self._arming.last_entry.note(ticket, self._core.clock.now())
        self._timer.start()
        self._core.tasks.spawn(self._enter(ticket), f"enter {ticket.instrument_id} by hand")

    async def _enter(self, ticket: EntryTicket) -> None:
        result = await self._core.entries.enter(ticket)
        failed = result.order.ord_status in _FAILED
        self.said.emit(result.words, Tone.DANGER if failed else Tone.OK)
        self._release()

    def _release(self) -> None:
        self._timer.stop()
        self.changed.emit()


def formal_doubts(core: Core, arming: Arming, account_id: AccountId) -> list[str]:
    """What is asked whatever the order is: the first of an account with real money, and every one while disarmed."""
    kind = core.accounts.account(account_id).kind
    if kind.is_guarded and not arming.is_confirmed(account_id):
        return [f"The first order of this {kind.value} account since the start: it goes to the broker for real."]
    return [] if arming.is_armed else ["One-click entries are off, so each order is asked about."]


def flatten_symbol(core: Core, account_id: AccountId, instrument: Instrument) -> str:
    """Closes every lot of the symbol at the market and cancels its entries; asks nothing and is never refused."""
    done = []
    for lot in core.lots.open_lots(account_id, instrument.instrument_id):
        ensure_plan(core, lot)
        done.append(core.exits.close(lot.lot_id, lot.open_qty, "flattened by hand"))
    _cancel_entries(core, account_id, instrument)
    name = contract_name(instrument)
    return f"{name}: {'; '.join(done)}" if done else f"{name}: nothing is open."


def cancel_symbol(core: Core, account_id: AccountId, instrument: Instrument) -> str:
    """Cancels the working entries of the symbol; what protects or leaves a position stays."""
    count, name = _cancel_entries(core, account_id, instrument), contract_name(instrument)
    if not count:
        return f"{name}: no entry is working; stops and targets stay."
    return f"{name}: {count} entries are being cancelled; stops and targets of open positions stay."


def cancel_entries(core: Core) -> str:
    """Cancels every working entry of every account; what protects or leaves a position stays."""
    orders = core.blotter.open_orders(role=OrderRole.ENTRY)
    count = sum(core.order_desk.request_cancel(order, "canceled by hand") for order in orders)
    return f"{count} entries are being cancelled; stops and targets stay." if count else "No entry is working."


def _cancel_entries(core: Core, account_id: AccountId, instrument: Instrument) -> int:
    orders = core.blotter.open_orders(account_id, role=OrderRole.ENTRY, instrument_id=instrument.instrument_id)
    return sum(core.order_desk.request_cancel(order, "canceled by hand") for order in orders)
