"""Adopts a position that was opened elsewhere: it becomes a lot of ours, with a stop, and is looked after by us."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tradestream_gui.domain.accounts import BrokerPosition
from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.exits import ExitPlan, PlanState
from tradestream_gui.domain.ids import AccountId, ClOrdId, ExecId, InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.money import ZERO, signed
from tradestream_gui.domain.orders import ADOPTED, ADOPTION_PREFIX, Fill, Side
from tradestream_gui.domain.positions import ExternalChange, closing_price
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.ports.clock import Clock, Ids
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.lot_book import InstrumentLookup, LotBook
from tradestream_gui.trading.order_desk import OrderDesk

FlatBy = Callable[[AccountId, Instrument, datetime], datetime | None]


@dataclass(frozen=True, slots=True)
class Found:
    """An external position as the broker tells it now: signed quantity, average price (None: it does not say), and
    the open result of it in US dollars (None without a price)."""

    qty: int
    avg_px: Decimal | None
    result: Decimal | None

    @property
    def side(self) -> Side:
        return Side.BUY if self.qty > 0 else Side.SELL


class Adoption:
    """The quantity is the broker's at the moment of adopting; the entry is its average price, or, where it states
    none, the price at which it could be closed now. Adopting sends nothing but the stop."""

    def __init__(
        self,
        *,
        clock: Clock,
        ids: Ids,
        blotter: Blotter,
        lots: LotBook,
        desk: OrderDesk,
        exits: ExitDesk,
        instrument_of: InstrumentLookup,
        quote_of: Callable[[InstrumentId], Quote | None],
        room_today: Callable[[AccountId], Decimal],
        flat_by: FlatBy,
    ) -> None:
        self._clock = clock
        self._ids = ids
        self._blotter = blotter
        self._lots = lots
        self._desk = desk
        self._exits = exits
        self._instrument_of = instrument_of
        self._quote_of = quote_of
        self._room_today = room_today
        self._flat_by = flat_by

    async def look(self, account_id: AccountId, instrument_id: InstrumentId) -> Found | str:
        """What would be adopted, asked of the broker, or why nothing can be."""
        name = self._name(instrument_id)
        try:
            positions = await self._desk.broker_of(account_id).positions(account_id)
        except BrokerUnreachable as error:
            return f"{name}: the broker does not answer, so nobody knows what is held: {error}"
        external, ours = self._external(account_id, instrument_id), self._lots.net_qty(account_id, instrument_id)
        there = next((one for one in positions if one.instrument_id == instrument_id), None)
        if not external:
            return f"{name}: nothing of it was opened elsewhere"
        if (there.signed_qty if there is not None else 0) != external + ours:
            return f"{name}: the broker's quantity is not what is shown here; wait for the next comparison"
        if ours * external < 0:
            return f"{name}: you hold {signed(ours)} of your own on the other side; close it first"
        return self._found(instrument_id, external, there, is_alone=not ours)

    def refusal(self, account_id: AccountId, instrument_id: InstrumentId, found: Found, stop_price: Decimal) -> str:
        """Why this stop cannot be given to it; empty when it can."""
        instrument, sign = self._instrument_of(instrument_id), found.side.sign
        mark = closing_price(found.side, self._quote_of(instrument_id))
        if not instrument.is_on_tick(stop_price):
            return f"The tick is {instrument.tick_at(stop_price)}: {stop_price} is between two prices."
        if mark is None:
            return "There is no price for it now, so nobody can tell whether the stop would be hit at once."
        if (mark - stop_price) * sign <= 0:
            where = "below the bid" if sign > 0 else "above the ask"
            return f"A stop must be {where} of {mark:,}, or it closes at once. Close it at the broker instead."
        room = self._room_today(account_id)
        if found.result is not None and -found.result >= room:
            return (
                f"It stands at ${found.result:,.2f} and ${room:,.2f} may still be lost today: adopted, it would lock "
                "the account at once. Close it at the broker."
            )
        return ""

    async def adopt(self, account_id: AccountId, instrument_id: InstrumentId, stop_price: Decimal) -> str:
        """Asks the broker once more, makes the lot and gives it the stop; answers in words."""
        found = await self.look(account_id, instrument_id)
        if isinstance(found, str):
            return found
        refusal = self.refusal(account_id, instrument_id, found, stop_price)
        price = found.avg_px or closing_price(found.side, self._quote_of(instrument_id))
        if refusal or price is None:
            return refusal
        self._take(account_id, instrument_id, found, price, stop_price)
        return f"{self._name(instrument_id)}: {signed(found.qty)} adopted at {price:,}, stop at {stop_price:,}"

    def _take(
        self, account_id: AccountId, instrument_id: InstrumentId, found: Found, price: Decimal, stop_price: Decimal
    ) -> None:
        """Without an await: what was external a moment ago is the lot now, and the stop follows it."""
        lot_id, now = self._ids.next_lot_id(account_id), self._clock.now()
        exec_id = ExecId(f"{ADOPTION_PREFIX}{lot_id}")
        fill = Fill(
            exec_id, ClOrdId(exec_id), account_id, instrument_id, lot_id, found.side, abs(found.qty), price, ZERO, now
        )
        self._lots.change_external(ExternalChange(account_id, instrument_id, exec_id, -found.qty, now))
        self._blotter.mark_booked(account_id, exec_id)
        self._lots.book(fill, ADOPTED)
        self._exits.take(
            ExitPlan(
                lot_id=lot_id,
                account_id=account_id,
                instrument_id=instrument_id,
                side=found.side,
                state=PlanState.ACTIVE,
                stop_price=stop_price,
                initial_stop_price=stop_price,
                flat_by=self._flat_by(account_id, self._instrument_of(instrument_id), now),
            )
        )

    def _name(self, instrument_id: InstrumentId) -> str:
        return contract_name(self._instrument_of(instrument_id))

    def _external(self, account_id: AccountId, instrument_id: InstrumentId) -> int:
        return self._lots.external_qty(account_id, instrument_id)

    def _found(
        self, instrument_id: InstrumentId, qty: int, there: BrokerPosition | None, *, is_alone: bool
    ) -> Found:
        """The broker's average is that of all it holds: beside lots of ours it says nothing of the rest."""
        avg_px = there.avg_px if there is not None and is_alone else None
        side = Side.BUY if qty > 0 else Side.SELL
        mark = closing_price(side, self._quote_of(instrument_id))
        result = None
        if mark is not None and avg_px is not None:
            result = self._instrument_of(instrument_id).money(mark - avg_px, qty)
        return Found(qty, avg_px, result)
