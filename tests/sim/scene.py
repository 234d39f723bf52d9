"""A short scene on the real core: one contract at one broker, prices and faults by the test's own hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from tests.sim.day import Day
from tests.sim.exchange import VenueOrder
from tests.sim.plans import OPENING, DayPlan
from tests.sim.venue import CALM, PERSONALITIES, SIM
from tradestream_gui.domain.orders import MANUAL, OrderRole, OrdType, Side, TimeInForce
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.ports.broker import ExecutionReport

LINKED, PLAIN, NAMELESS = 0, 1, 5


class Scene:
    """One contract at one broker; the test moves the price and breaks the wire."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.mes = day.market.instruments["MES"]

    async def enter(self, qty: int, *, limit_below: int = 0, targets: tuple[tuple[int, str], ...] = ()) -> None:
        mid = self.day.market.mid["MES"]
        ticket = EntryTicket(
            account_id=SIM, instrument_id=self.mes.instrument_id, side=Side.BUY,
            ord_type=OrdType.LIMIT if limit_below else OrdType.MARKET, order_qty=qty, time_in_force=TimeInForce.DAY,
            origin=MANUAL, limit_price=mid - limit_below if limit_below else None, protective_stop=mid - 100,
            allocations=tuple((mid + above, Decimal(share)) for above, share in targets),
            break_even_after=1 if targets else None,
        )  # fmt: skip
        assert self.day.program is not None
        result = await self.day.clock.do(self.day.program.core.entries.enter(ticket))
        assert result.is_sent, result.words

    def live(self, role: OrderRole) -> list[VenueOrder]:
        return [order for order in self.day.venue.exchange.live_orders() if order.role is role]

    def leaves(self, role: OrderRole) -> int:
        return sum(order.leaves_qty for order in self.live(role))

    def held(self) -> int:
        return self.day.venue.exchange.positions(self.day.clock.now()).get(self.mes.instrument_id, 0)

    def ours(self) -> int:
        assert self.day.program is not None
        return self.day.program.core.lots.net_qty(SIM, self.mes.instrument_id)

    def lose_executions(self) -> None:
        """From now on no execution reaches the program by itself; lists still tell them."""
        assert self.day.program is not None
        broker = self.day.program.broker
        deliver = broker.deliver
        broker.deliver = lambda reports: deliver(  # type: ignore[method-assign]
            [report for report in reports if not isinstance(report, ExecutionReport)]
        )


@asynccontextmanager
async def scene(folder: Path, character: int, opening: datetime = OPENING) -> AsyncIterator[Scene]:
    day = Day(DayPlan(1, PERSONALITIES[character], CALM, opening=opening), folder)
    await day.open()
    await day.clock.run(1)
    yield Scene(day)
    assert day.program is not None
    await day.clock.do(day.program.close())
    assert day.checker.problems == []
