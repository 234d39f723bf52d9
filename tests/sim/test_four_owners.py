"""JMoney long 2, Ann short 1, the hand long 1 and somebody else in one contract, in every order of their fills."""

import logging
from collections.abc import Iterator
from decimal import Decimal
from itertools import cycle, permutations

import pytest

from tests.sim.exchange import FEE, VenueOrder
from tests.sim.small_core import SIM, SmallCore
from tests.trading.stage import MES
from tradestream_gui.domain.ids import AnalystId, LotId, MessageKey
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import MANUAL, OrderRole, OrdType, Origin, OriginKind, Side, TimeInForce
from tradestream_gui.domain.positions import Lot
from tradestream_gui.domain.tickets import EntryTicket

D = Decimal
WHO = {
    "JMoney": Origin(OriginKind.ALERT, MessageKey("test:room0:j"), AnalystId("analyst0"), "room0", "JMoney"),
    "Ann": Origin(OriginKind.ALERT, MessageKey("test:room1:a"), AnalystId("analyst1"), "room1", "Ann"),
    "hand": MANUAL,
}
WANTED = {"JMoney": (Side.BUY, 2, D(6320)), "Ann": (Side.SELL, 1, D(6332)), "hand": (Side.BUY, 1, D(6318))}
"""Side, contracts and limit: far enough from the market that the test says when each fills."""
MID, OUT = D(6326), D(6325)
ENTRIES = sorted(set(permutations(("JMoney", "JMoney", "Ann", "hand", "somebody else"))))
EXITS = tuple(permutations(("JMoney", "Ann", "hand")))


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


class Contract:
    """MES in one account; `held` is what each has by the fills so far."""

    def __init__(self, *, linked: bool) -> None:
        self.core = SmallCore(linked=linked)
        self.lot_ids: dict[str, LotId] = {}
        self.held = dict.fromkeys(WANTED, 0)
        self.cash = dict.fromkeys(WANTED, ZERO)
        self.external = 0

    async def open(self) -> None:
        await self.core.open()
        self.core.price(MID)
        for who, (side, qty, limit) in WANTED.items():
            ticket = EntryTicket(
                SIM, MES, side, OrdType.LIMIT, qty, TimeInForce.DAY, WHO[who], limit_price=limit,
                protective_stop=limit - side.sign * 40,
            )  # fmt: skip
            result = await self.core.clock.do(self.core.entries.enter(ticket))
            self.lot_ids[who] = result.order.lot_id
        await self.core.clock.run(0.1)

    async def entry_fills(self, who: str) -> None:
        if who not in WANTED:
            self.core.exchange.phone(SIM, MES, 1, self.core.clock.now())
            if sum(self.held.values()) < 0:
                self.book("Ann", 1, MID + D("0.25"))  # nobody else is in it: the short position has been closed
            else:
                self.external += 1
        else:
            side, _, limit = WANTED[who]
            (entry,) = [order for order in self.live(who) if order.role is OrderRole.ENTRY]
            self.core.exchange.fill_one(entry, self.core.clock.now())
            self.book(who, side.sign, limit)
        self.core.wire.tell()
        await self.core.clock.run(0.5)

    async def leaves(self, who: str) -> None:
        """One contract of it is closed at the market."""
        sign = 1 if self.held[who] > 0 else -1
        self.core.exits.close(self.lot_ids[who], 1, "closed by hand")
        self.book(who, -sign, MID if sign > 0 else MID + D("0.25"))
        await self.core.clock.run(0.5)

    def book(self, who: str, signed: int, price: Decimal) -> None:
        self.held[who] += signed
        self.cash[who] -= self.core.instrument.money(price, signed) + FEE

    def live(self, who: str) -> list[VenueOrder]:
        return [order for order in self.core.exchange.live_orders() if order.lot_id == self.lot_ids[who]]

    def lot(self, who: str) -> Lot | None:
        return self.core.lots.lot(self.lot_ids[who])

    def check(self) -> None:
        """Each lot, its stop and its money are its own; the broker's net is their sum and what is not ours."""
        core = self.core
        quote = core.quotes[MES]
        for who, held in self.held.items():
            lot, exits = self.lot(who), [one for one in self.live(who) if one.role is not OrderRole.ENTRY]
            assert (lot.signed_qty if lot else 0) == held, who
            assert sum(one.side.sign * one.leaves_qty for one in exits) == -held, who
            if lot is not None:
                assert quote.bid is not None
                assert quote.ask is not None
                value = core.instrument.money(quote.bid if held > 0 else quote.ask, held) if held else ZERO
                profit = lot.realized_pnl - lot.commission + (lot.unrealized_pnl(quote, core.instrument) or ZERO)
                assert profit == self.cash[who] + value, who
        assert core.lots.external_qty(SIM, MES) == self.external
        assert core.exchange.positions(core.clock.now()).get(MES, 0) == sum(self.held.values()) + self.external
        assert all(order.lot_id is not None or order.cum_qty for order in core.exchange.orders)


@pytest.mark.parametrize("linked", [True, False], ids=["linked exits", "plain exits"])
async def test_each_keeps_its_own_through_every_order_of_their_fills(linked: bool) -> None:
    exits = cycle(EXITS)
    for order in ENTRIES:
        contract = Contract(linked=linked)
        await contract.open()
        for who in order:
            await contract.entry_fills(who)
            contract.check()
        for who in next(exits):
            if contract.held[who]:
                await contract.leaves(who)
            contract.check()
        assert contract.held == {"JMoney": 1, "Ann": 0, "hand": 0}
        await contract.core.clock.run(12)
        contract.check()
        assert not contract.core.failures
        await contract.core.close()
    assert len(ENTRIES) == 60
