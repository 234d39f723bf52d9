"""A broker behind a breaking wire: an order, a fault somewhere around it, and the truth afterwards."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Protocol

from tests.contract.cases import attempt
from tests.contract.ibkr_venue import FIFTIETH as IBKR_FIFTIETH
from tests.contract.ibkr_venue import IbkrVenue
from tests.contract.projectx_venue import FIFTIETH as PROJECTX_FIFTIETH
from tests.contract.projectx_venue import ProjectXVenue
from tests.contract.venues import Venue
from tests.contract.wire_faults import KINDS, SLACK_S, SOON_S, TOLD_WITHIN_S, break_soon
from tests.servers.link_proxy import LinkProxy
from tests.support import eventually
from tradestream_gui.adapters.runtime.clock import RealClock
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.ids import ClOrdId
from tradestream_gui.domain.orders import OrdType, Side
from tradestream_gui.ports.broker import Broker, LinkState, OrderReport

PATIENCE_S = 10.0


class WiredVenue(Venue, Protocol):
    """A venue over a socket, whose books at the far side can be compared."""

    clock: RealClock

    @property
    def far_port(self) -> int: ...

    async def deep_market(self) -> None:
        """The far side serves, with prices and room for any number of orders."""

    def reach(self, port: int) -> Broker:
        """Our side, by way of this port, with no pace of its own."""

    def taken(self, name: str) -> list[int]:
        """What of each order with this id is filled there."""

    def holdings(self) -> dict[str, int]: ...

    def execution_ids(self) -> set[str]: ...


VENUES: dict[str, Callable[[], WiredVenue]] = {
    "ibkr": lambda: IbkrVenue(timing=IBKR_FIFTIETH),
    "projectx": lambda: ProjectXVenue(timing=PROJECTX_FIFTIETH),
}


class Rounds:
    """One venue behind one wire."""

    def __init__(self, venue: WiredVenue, proxy: LinkProxy, random: Random) -> None:
        self.venue = venue
        self.proxy = proxy
        self.random = random
        self.sent = 0

    async def play(self, kind: str) -> None:
        self.sent += 1
        name = f"R{self.sent}"
        order = self.venue.order(name, self.random.choice((Side.BUY, Side.SELL)), OrdType.MARKET, 1)
        if self.random.random() < 0.5:
            order = self.venue.order(name, Side.BUY, OrdType.LIMIT, 1, limit="6300")
        breaking = asyncio.create_task(break_soon(self.proxy, kind, self.random), name="break")
        await asyncio.sleep(self.random.uniform(0, SOON_S))
        outcome = await attempt(self.venue, order)
        await breaking
        await self._recover()
        await self._compare(name, outcome)

    async def rest(self) -> None:
        """Returns when the last fault is past and the link carries again."""
        await self._answer(f"R{self.sent}")
        await self.venue.settle()
        await self._answer(f"R{self.sent}")

    async def compare_books(self) -> None:
        venue = self.venue
        held = {one.instrument_id: one.signed_qty for one in await venue.broker.positions(venue.account_id)}
        assert held == venue.holdings(), f"we say {held}, there is {venue.holdings()}"
        told = await venue.broker.executions(venue.account_id, venue.clock.now() - timedelta(hours=1))
        assert {one.exec_id for one in told} == venue.execution_ids()
        live = [one.exec_id for one in venue.journal.executions()]
        assert len(live) == len(set(live)), "each execution is told once"

    async def _recover(self) -> None:
        """What silence hides is told in time; then the wire is whole again."""
        links = self.venue.journal.links
        if self.proxy.is_silent:
            await eventually(
                lambda: links[-1][0] is LinkState.DOWN, within_s=TOLD_WITHIN_S + SLACK_S, why="the loss is told"
            )
        self.proxy.heal()

    async def _answer(self, name: str) -> OrderReport | None:
        """What became of an order, asked as the program asks: again after every loss."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    await self.venue.broker.connect(self.venue.journal)
                    return await self.venue.broker.find_order(self.venue.account_id, ClOrdId(name))
                except BrokerUnreachable:
                    await asyncio.sleep(0.02)

    async def _compare(self, name: str, outcome: str) -> None:
        report, taken = await self._answer(name), self.venue.taken(name)
        assert len(taken) <= 1, f"{name} stands there twice"
        assert (report is not None) == bool(taken), f"{name} was {outcome}; there is {taken}, we say {report}"
        assert outcome != "refused" or not taken, f"{name} was told refused and stands there"
        if report is not None:
            assert report.cum_qty == taken[0]


async def break_the_wire(name: str, seed: int, rounds: int) -> int:
    """Plays so many rounds with that broker and compares the books at the end; how often a loss was told."""
    random, venue = Random(seed), VENUES[name]()
    await venue.deep_market()
    proxy = LinkProxy(venue.far_port, random)
    await proxy.start()
    try:
        await venue.reach(proxy.port).connect(venue.journal)
        played = Rounds(venue, proxy, random)
        for number in range(rounds):
            await played.play(KINDS[number % len(KINDS)])
        await played.rest()
        await played.compare_books()
        return sum(1 for state, _ in venue.journal.links if state is LinkState.DOWN)
    finally:
        await venue.stop()
        await proxy.stop()
