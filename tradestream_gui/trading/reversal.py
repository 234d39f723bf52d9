"""Turns a position round: out of it first, and only when the broker says flat into the other side, by the risk gate."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.events import LotChanged, OrderChanged
from tradestream_gui.domain.ids import AccountId, InstrumentId
from tradestream_gui.domain.instruments import AssetClass
from tradestream_gui.domain.orders import MANUAL, OrderRole, Side
from tradestream_gui.domain.positions import Lot
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.ports.clock import Clock
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.entry_desk import EntryDesk
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.lot_book import InstrumentLookup, LotBook
from tradestream_gui.trading.order_desk import OrderDesk

FLAT_WITHIN_S = 15.0
"""Longer than this nobody waits for the other side: the market is another one by then."""
ASK_AGAIN_S = 0.5
FREED = frozenset(
    {
        "BUYING_POWER",
        "CONFLICT",
        "GROSS_EXPOSURE",
        "NAME_EXPOSURE",
        "NET_EXPOSURE",
        "OPEN_RISK",
        "PACK_CONTRACTS",
        "PORTFOLIO_HEAT",
        "POSITION_LIMIT",
        "SECTOR_EXPOSURE",
    }
)
"""Rails that the position itself takes up: they are judged when it is gone."""

TicketOf = Callable[[Side, int], EntryTicket | None]
"""Makes the ticket of the other side at the moment of asking; None while it cannot be made."""
_Key = tuple[AccountId, InstrumentId]


class Reversal:
    """Owns the reversals under way, one for each contract of an account. The way out is never held back; the entry is
    at most as large as what was closed, and goes only when all lots are flat, nothing of the contract can fill any
    more, the broker's own list says so, and the person who asked still may enter."""

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        blotter: Blotter,
        lots: LotBook,
        desk: OrderDesk,
        exits: ExitDesk,
        entries: EntryDesk,
        instrument_of: InstrumentLookup,
    ) -> None:
        self._clock = clock
        self._blotter = blotter
        self._lots = lots
        self._desk = desk
        self._exits = exits
        self._entries = entries
        self._instrument_of = instrument_of
        self._under_way: dict[_Key, asyncio.Event] = {}
        bus.subscribe(LotChanged, self._on_lot)
        bus.subscribe(OrderChanged, self._on_order)

    def refusal(self, account_id: AccountId, instrument_id: InstrumentId, ticket_of: TicketOf) -> str:
        """Why it cannot be turned round now; empty when it can. Flattening is possible all the same."""
        name, lots = self._name(instrument_id), self._lots.open_lots(account_id, instrument_id)
        if (account_id, instrument_id) in self._under_way:
            return f"{name}: it is being turned round already"
        if self._instrument_of(instrument_id).asset_class is AssetClass.OPTION:
            return f"{name}: an option has no other side to turn to; close it instead"
        if not lots:
            return f"{name}: there is no position to turn round"
        if len({lot.side for lot in lots}) > 1:
            return f"{name}: lots stand on both sides; flatten it, then enter the side that you want"
        if self._lots.external_qty(account_id, instrument_id):
            return f"{name}: a part was opened elsewhere and is not ours to close; adopt it first"
        ticket = ticket_of(lots[0].side.opposite, sum(lot.open_qty for lot in lots))
        if ticket is None:
            return f"{name}: the other side needs a price and a stop; give a stop distance"
        decision = self._entries.judge(ticket)
        failed = next((check for check in decision.checks if not check.passed and check.code not in FREED), None)
        return "" if failed is None else f"{name}: the other side would be denied: {failed.sentence}"

    async def reverse(
        self,
        account_id: AccountId,
        instrument_id: InstrumentId,
        ticket_of: TicketOf,
        may_enter: Callable[[], bool],
    ) -> str:
        """Answers in words what was closed and opened. Never raises for a refusal."""
        refusal = self.refusal(account_id, instrument_id, ticket_of)
        if refusal:
            return refusal
        key = (account_id, instrument_id)
        lots = self._lots.open_lots(account_id, instrument_id)
        side, qty = lots[0].side, sum(lot.open_qty for lot in lots)
        self._under_way[key] = asyncio.Event()
        try:
            self._leave(account_id, instrument_id, lots)
            name = self._name(instrument_id)
            done = f"{name}: {'sold' if side is Side.BUY else 'bought'} {qty} to close"
            if not await self._is_flat(key):
                late = f"not flat after {FLAT_WITHIN_S:.0f} s"
                return f"{name}: {late}, so the other side was not entered; the close goes on"
            ticket = ticket_of(side.opposite, qty)
            if ticket is None or not may_enter():
                return f"{done}; the other side was not entered: {'disarmed' if ticket else 'no price'}"
            result = await self._entries.enter(_bounded(ticket, account_id, instrument_id, side.opposite, qty))
            return f"{done}; {result.words}"
        finally:
            del self._under_way[key]

    def _leave(self, account_id: AccountId, instrument_id: InstrumentId, lots: list[Lot]) -> None:
        for order in self._blotter.open_orders(account_id, role=OrderRole.ENTRY, instrument_id=instrument_id):
            self._desk.request_cancel(order, "the position is turned round")
        for lot in lots:
            self._exits.ensure_plan(lot)
            self._exits.close(lot.lot_id, lot.open_qty, "turned round by hand")

    async def _is_flat(self, key: _Key) -> bool:
        """True once nothing is open, nothing can fill, and the broker's list agrees; False when that takes too long."""
        account_id, instrument_id = key
        until_s = self._clock.monotonic() + FLAT_WITHIN_S
        self._clock.call_later(FLAT_WITHIN_S, lambda: self._wake(key))
        while self._clock.monotonic() < until_s:
            woken = self._under_way[key]
            woken.clear()
            if self._is_settled(key):
                if await self._is_flat_there(account_id, instrument_id) and self._is_settled(key):
                    return True
                self._clock.call_later(ASK_AGAIN_S, lambda: self._wake(key))
            await woken.wait()
        return False

    def _is_settled(self, key: _Key) -> bool:
        account_id, instrument_id = key
        return not (
            self._lots.open_lots(account_id, instrument_id)
            or self._blotter.open_orders(account_id, instrument_id=instrument_id)
            or self._lots.external_qty(account_id, instrument_id)
        )

    async def _is_flat_there(self, account_id: AccountId, instrument_id: InstrumentId) -> bool:
        try:
            held = await self._desk.broker_of(account_id).positions(account_id)
        except BrokerUnreachable:
            return False
        return not any(one.signed_qty for one in held if one.instrument_id == instrument_id)

    def _name(self, instrument_id: InstrumentId) -> str:
        return contract_name(self._instrument_of(instrument_id))

    def _wake(self, key: _Key) -> None:
        woken = self._under_way.get(key)
        if woken is not None:
            woken.set()

    def _on_lot(self, fact: LotChanged) -> None:
        self._wake((fact.lot.account_id, fact.lot.instrument_id))

    def _on_order(self, fact: OrderChanged) -> None:
        self._wake((fact.order.account_id, fact.order.instrument_id))


def _bounded(
    ticket: EntryTicket, account_id: AccountId, instrument_id: InstrumentId, side: Side, qty: int
) -> EntryTicket:
    """Whatever the maker of the ticket wrote: this contract, this side, and no more than was closed."""
    return replace(
        ticket,
        account_id=account_id,
        instrument_id=instrument_id,
        side=side,
        order_qty=min(ticket.order_qty, qty),
        origin=MANUAL,
        lot_id=None,
    )
