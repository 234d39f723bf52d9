"""TopstepX behind a breaking wire: an order, a fault somewhere around it, and the truth afterwards."""

import asyncio
from datetime import timedelta
from random import Random

from tests.contract.cases import attempt
from tests.contract.ibkr_venue import eventually
from tests.contract.projectx_venue import ProjectXVenue
from tests.servers.link_proxy import LinkProxy
from tradestream_gui.adapters.brokers.projectx import Timing
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.ids import ClOrdId
from tradestream_gui.domain.orders import OrdType, Side
from tradestream_gui.ports.broker import LinkState, OrderReport

SCALED = Timing(
    answer_s=0.3, probe_s=0.04, probe_answer_s=0.16, silence_s=30.0, refused_pause_s=0.0, backoff_s=(0.02, 0.04, 0.08),
    confirm_s=0.1, retry_s=0.1, retry_most_s=0.4,
)  # fmt: skip
"""A fiftieth of the program's: its 25 seconds to tell a loss are half a second here."""
TOLD_WITHIN_S = 0.5
SLACK_S = 1.0
"""For a busy machine; the limit itself is held by the timing's arithmetic."""
PATIENCE_S = 10.0
KINDS = ("reset", "silence", "delay", "cut", "noise")


class Rounds:
    """One venue behind one wire. `downs` counts the losses that were told."""

    def __init__(self, venue: ProjectXVenue, proxy: LinkProxy, random: Random) -> None:
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
        breaking = asyncio.create_task(self._break(kind, self.random.uniform(0, 0.02)), name="break")
        await asyncio.sleep(self.random.uniform(0, 0.02))
        outcome = await attempt(self.venue, order)
        await breaking
        await self._recover()
        await self._compare(name, outcome)

    async def rest(self) -> None:
        """Returns when the last fault is past and the link carries again."""
        await self._answer(f"R{self.sent}")
        await self.venue.settle()
        await self._answer(f"R{self.sent}")

    async def _break(self, kind: str, after_s: float) -> None:
        await asyncio.sleep(after_s)
        match kind:
            case "reset":
                self.proxy.reset()
            case "silence":
                self.proxy.is_silent = True
            case "delay":
                self.proxy.delay_s = self.random.uniform(0.01, 0.2)
            case "cut":
                self.proxy.cut_after(self.random.randrange(0, 600))
            case "noise":
                self.proxy.babble()

    async def _recover(self) -> None:
        """What silence hides is told in time; then the wire is whole again."""
        links = self.venue.journal.links
        if self.proxy.is_silent:
            async with asyncio.timeout(TOLD_WITHIN_S + SLACK_S):
                await eventually(lambda: links[-1][0] is LinkState.DOWN)
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
        venue, report = self.venue, await self._answer(name)
        taken = [one for one in venue.server.exchange.orders if one.tag == name]
        assert len(taken) <= 1, f"{name} stands there twice"
        assert (report is not None) == bool(taken), f"{name} was {outcome}; there is {taken}, we say {report}"
        assert outcome != "refused" or not taken, f"{name} was told refused and stands there"
        if report is not None:
            assert report.cum_qty == taken[0].filled


async def break_the_wire(seed: int, rounds: int) -> int:
    """Plays so many rounds and compares the books at the end; how often a loss was told."""
    random = Random(seed)
    venue = ProjectXVenue(timing=SCALED)
    venue.server.rest.limits = {"bars": (10_000, 30.0), "general": (1_000_000, 60.0)}
    await venue.serve()
    proxy = LinkProxy(venue.server.port, random)
    await proxy.start()
    try:
        venue.server.price("ESZ6", "6326.00", "6326.25", "6326.25", size=10_000)
        broker = venue.build(proxy.port, pace=1_000_000)
        await broker.connect(venue.journal)
        played = Rounds(venue, proxy, random)
        for number in range(rounds):
            await played.play(KINDS[number % len(KINDS)])
        await played.rest()
        held = {one.instrument_id: one.signed_qty for one in await broker.positions(venue.account_id)}
        there = {one.contract.name: one.qty for one in venue.server.exchange.positions()}
        assert held == there, f"we say {held}, there is {there}"
        told = await broker.executions(venue.account_id, venue.clock.now() - timedelta(hours=1))
        assert {one.exec_id for one in told} == {str(one.id) for one in venue.server.exchange.trades}
        live = [one.exec_id for one in venue.journal.executions()]
        assert len(live) == len(set(live)), "each execution is told once"
        return sum(1 for state, _ in venue.journal.links if state is LinkState.DOWN)
    finally:
        await venue.stop()
        await proxy.stop()
