"""Two hundred random faults of the link: no order lost, none doubled, each loss told in time, each taken up again."""

import asyncio
from datetime import timedelta
from random import Random

import pytest

from tests.contract.cases import attempt
from tests.contract.ibkr_venue import IbkrVenue, eventually
from tests.servers.link_proxy import LinkProxy
from tradestream_gui.adapters.brokers.ibkr import Timing
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.ids import ClOrdId
from tradestream_gui.domain.orders import OrdType, Side
from tradestream_gui.ports.broker import LinkState

FAULTS_EACH = 50
SCALED = Timing(log_in_s=1.0, answer_s=0.3, beat_s=0.15, commission_s=0.1)
"""A fiftieth of the program's: its 25 seconds to tell a loss are half a second here."""
TOLD_WITHIN_S = 0.5
PATIENCE_S = 10.0
SLACK_S = 1.0
"""For a busy machine; the limit itself is held by the timing's arithmetic."""
KINDS = ("reset", "silence", "delay", "cut", "noise")


class Rounds:
    """One venue behind a breaking wire."""

    def __init__(self, venue: IbkrVenue, proxy: LinkProxy, random: Random) -> None:
        self.venue = venue
        self.proxy = proxy
        self.random = random
        self.sent = 0

    async def play(self, kind: str) -> None:
        """One order, one fault somewhere around it, and the truth afterwards."""
        self.sent += 1
        name = f"R{self.sent}"
        side = self.random.choice((Side.BUY, Side.SELL))
        order = self.venue.order(name, side, OrdType.MARKET, 1)
        if self.random.random() < 0.5:
            order = self.venue.order(name, Side.BUY, OrdType.LIMIT, 1, limit="6300")
        breaking = asyncio.create_task(self._break(kind, self.random.uniform(0, 0.02)))
        await asyncio.sleep(self.random.uniform(0, 0.02))
        outcome = await attempt(self.venue, order)
        await breaking
        await self._recover()
        await self._compare(name, outcome)

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
                self.proxy.cut_after(self.random.randrange(0, 300))
            case "noise":
                self.proxy.babble()

    async def _recover(self) -> None:
        """What silence hides is told in time; then the wire is whole again and the link comes back."""
        links = self.venue.journal.links
        if self.proxy.is_silent:
            async with asyncio.timeout(TOLD_WITHIN_S + SLACK_S):
                await eventually(lambda: links[-1][0] is LinkState.DOWN)
        self.proxy.heal()
        for _ in range(int(PATIENCE_S / 0.02)):
            if await self._is_whole():
                return
            await asyncio.sleep(0.02)
        raise AssertionError("the link did not come back")

    async def _is_whole(self) -> bool:
        """Connects as the reconciler does, then asks something: an up that was not true yet shows itself."""
        try:
            await self.venue.broker.connect(self.venue.journal)
            await self.venue.connection.measure_clock()
        except BrokerUnreachable:
            return False
        return True

    async def _compare(self, name: str, outcome: str) -> None:
        venue, taken = self.venue, [one for one in self.venue.server.exchange.orders if one.terms.order_ref == name]
        report = await venue.broker.find_order(venue.account_id, ClOrdId(name))
        assert len(taken) <= 1, f"{name} stands there twice"
        assert (report is not None) == bool(taken), f"{name} was {outcome}; TWS has {taken}, we say {report}"
        if report is not None:
            assert report.cum_qty == taken[0].filled


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
async def test_random_faults_lose_and_double_nothing(seed: int) -> None:
    random = Random(seed)
    venue = IbkrVenue(timing=SCALED)
    await venue.serve()
    proxy = LinkProxy(venue.server.port, random)
    await proxy.start()
    try:
        venue.server.price("ESZ6", "6326.00", "6326.25", "6326.25", size=10_000)
        broker = venue.build(proxy.port)
        await broker.connect(venue.journal)
        rounds = Rounds(venue, proxy, random)
        for number in range(FAULTS_EACH):
            await rounds.play(KINDS[number % len(KINDS)])
        await venue.settle()
        held = {one.instrument_id: one.signed_qty for one in await broker.positions(venue.account_id)}
        there = {one.contract.local_symbol: one.qty for one in venue.server.exchange.holdings()}
        assert held == there
        told = await broker.executions(venue.account_id, venue.clock.now() - timedelta(hours=1))
        assert {one.exec_id for one in told} == {fill.exec_id for fill in venue.server.exchange.fills}
        downs = [state for state, _ in venue.journal.links if state is LinkState.DOWN]
        assert len(downs) > FAULTS_EACH // 3, "the faults were felt"
        live = [one.exec_id for one in venue.journal.executions()]
        assert len(live) == len(set(live)), "each execution is told once"
    finally:
        await venue.stop()
        await proxy.stop()
