"""JMoney long 2, Ann short 1, the hand long 1 and somebody else in one contract: what each holds, and its money."""

from collections.abc import Callable
from decimal import Decimal
from itertools import permutations

from tests.sim.exchange import FEE, Exchange, VenueOrder
from tests.sim.venue import SIM
from tradestream_gui.domain.ids import AnalystId, InstrumentId, LotId, MessageKey
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import MANUAL, OrderRole, OrdType, Origin, OriginKind, Side, TimeInForce
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.ports.clock import Clock
from tradestream_gui.trading.lot_book import LotBook

D = Decimal
SOMEBODY = "somebody else"
WHO = {
    "JMoney": Origin(OriginKind.ALERT, MessageKey("test:room0:j"), AnalystId("analyst0"), "room0", "JMoney"),
    "Ann": Origin(OriginKind.ALERT, MessageKey("test:room1:a"), AnalystId("analyst1"), "room1", "Ann"),
    "hand": MANUAL,
}
WANTED = {"JMoney": (Side.BUY, 2), "Ann": (Side.SELL, 1), "hand": (Side.BUY, 1)}
ORDERS = tuple(sorted(set(permutations(("JMoney", "JMoney", "Ann", "hand", SOMEBODY)))))
"""Sixty: every order in which these five contracts can come."""
AWAY, RISK = D(50), D(100)
"""Points from the market to each entry, so that the test says when it fills, and from there to its stop."""


def ticket(who: str, instrument_id: InstrumentId, mid: Decimal) -> EntryTicket:
    side, qty = WANTED[who]
    limit = mid - side.sign * AWAY
    return EntryTicket(
        account_id=SIM, instrument_id=instrument_id, side=side, ord_type=OrdType.LIMIT, order_qty=qty,
        time_in_force=TimeInForce.DAY, origin=WHO[who], limit_price=limit, protective_stop=limit - side.sign * RISK,
    )  # fmt: skip


class Owners:
    """What each holds and has paid by the trades so far, beside what the lots and the broker say of it.

    `lots` answers the lots of the life that runs; `external` is held by somebody else before anybody trades.
    """

    def __init__(
        self, exchange: Exchange, instrument: Instrument, lots: Callable[[], LotBook], clock: Clock, external: int = 0
    ) -> None:
        self.lot_ids: dict[str, LotId] = {}
        self.held = dict.fromkeys(WANTED, 0)
        self.cash = dict.fromkeys(WANTED, ZERO)
        self.external = external
        self._exchange = exchange
        self._instrument = instrument
        self._lots = lots
        self._clock = clock

    def fill_one(self, who: str, quote: Quote) -> None:
        """One contract of an entry fills; or somebody else buys one, which closes a short position of ours, and beside
        anything else is external."""
        if who != SOMEBODY:
            (entry,) = [order for order in self._live(who) if order.role is OrderRole.ENTRY]
            assert entry.limit_price is not None
            self._exchange.fill_one(entry, self._clock.now())
            self.book(who, entry.side.sign, entry.limit_price)
            return
        self.phone(1)
        if sum(self.held.values()) < 0:
            self.leaves("Ann", 1, quote)
        else:
            self.external += 1

    def phone(self, signed_qty: int) -> None:
        self._exchange.phone(SIM, self._instrument.instrument_id, signed_qty, self._clock.now())

    def leaves(self, who: str, qty: int, quote: Quote) -> None:
        """So many contracts of it left at the market."""
        sign, price = (1, quote.bid) if self.held[who] > 0 else (-1, quote.ask)
        assert price is not None
        self.book(who, -sign * qty, price)

    def book(self, who: str, signed: int, price: Decimal) -> None:
        self.held[who] += signed
        self.cash[who] -= self._instrument.money(price, signed) + FEE * abs(signed)

    def check(self, quote: Quote) -> None:
        """Each lot, its stop and its money are its own; the broker's net is their sum and what is not ours."""
        assert quote.bid is not None
        assert quote.ask is not None
        lots = self._lots()
        for who, held in self.held.items():
            lot, exits = (
                lots.lot(self.lot_ids[who]),
                [one for one in self._live(who) if one.role is not OrderRole.ENTRY],
            )
            assert (lot.signed_qty if lot else 0) == held, who
            assert sum(one.side.sign * one.leaves_qty for one in exits) == -held, who
            if lot is not None:
                value = self._instrument.money(quote.bid if held > 0 else quote.ask, held) if held else ZERO
                profit = lot.realized_pnl - lot.commission + (lot.unrealized_pnl(quote, self._instrument) or ZERO)
                assert profit == self.cash[who] + value, who
        name = self._instrument.instrument_id
        assert lots.external_qty(SIM, name) == self.external
        assert self._exchange.positions(self._clock.now()).get(name, 0) == sum(self.held.values()) + self.external

    def _live(self, who: str) -> list[VenueOrder]:
        return [order for order in self._exchange.live_orders() if order.lot_id == self.lot_ids[who]]
