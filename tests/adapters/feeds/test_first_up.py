"""Prices of the first log-in that is up: each contract stands at the chosen side alone, however the choice wavers."""

import asyncio
from collections.abc import Callable
from decimal import Decimal

from tests.analytics.given import future
from tests.support import eventually
from tradestream_gui.adapters.feeds.first_up import FirstUpFeed, PriceSide
from tradestream_gui.adapters.runtime.clock import RealClock
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.domain.errors import BrokerRejected
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import Bar, DataKind, Depth, Quote, TradePrint
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.feed import FeedSink

CONTRACTS = [future(root) for root in ("ES", "NQ", "CL", "GC")]


class SlowSide:
    """A log-in whose answers take a turn of the loop, as those of a socket do."""

    name = "side"
    kind = DataKind.REALTIME

    def __init__(self, refuses: str = "") -> None:
        self.lines: set[str] = set()
        self.sink: FeedSink | None = None
        self._refuses = refuses

    async def connect(self, sink: FeedSink) -> None:
        self.sink = sink

    async def close(self) -> None:
        self.sink = None

    async def subscribe(self, instrument: Instrument) -> None:
        await asyncio.sleep(0.001)
        if instrument.root == self._refuses:
            raise BrokerRejected(f"no data of {instrument.root} is subscribed")
        self.lines.add(instrument.root)

    async def unsubscribe(self, instrument: Instrument) -> None:
        await asyncio.sleep(0.001)
        self.lines.discard(instrument.root)

    def when_history_is_known(self, tell: Callable[[Instrument], None]) -> None:
        """It has none."""

    def history(self, instrument: Instrument, seconds: int, count: int) -> tuple[Bar, ...]:
        return ()

    def previous_close(self, instrument: Instrument) -> Decimal | None:
        return None

    def say(self, state: LinkState) -> None:
        assert self.sink is not None
        self.sink.on_feed_link(self.name, state, state.value)


class Deaf:
    """Hears everything and keeps nothing."""

    def on_quote(self, quote: Quote) -> None: ...

    def on_print(self, trade: TradePrint) -> None: ...

    def on_depth(self, depth: Depth) -> None: ...

    def on_heartbeat(self, feed: str) -> None: ...

    def on_feed_link(self, feed: str, state: LinkState, detail: str) -> None: ...


async def test_each_contract_ends_at_the_chosen_side_though_it_returns_while_the_lines_are_moved() -> None:
    failures: list[str] = []
    tasks = LoopTasks(lambda name, error: failures.append(f"{name}: {error}"))
    first, second = SlowSide(), SlowSide()
    feed = FirstUpFeed(
        [PriceSide("first", first, first), PriceSide("second", second, second)], clock=RealClock(), tasks=tasks
    )
    await feed.connect(Deaf())
    first.say(LinkState.UP)
    for contract in CONTRACTS:
        await feed.subscribe(contract)
    every = {contract.root for contract in CONTRACTS}
    assert (first.lines, second.lines) == (every, set())
    second.say(LinkState.UP)
    first.say(LinkState.DOWN)
    feed._look()  # what the patience would do ten seconds later
    first.say(LinkState.UP)
    await asyncio.sleep(0.2)
    await eventually(lambda: first.lines == every)
    await tasks.close()
    assert (first.lines, second.lines, failures) == (every, set(), [])


async def test_a_contract_that_the_stand_in_refuses_keeps_no_other_away() -> None:
    failures: list[str] = []
    tasks = LoopTasks(lambda name, error: failures.append(f"{name}: {error}"))
    first, second = SlowSide(), SlowSide(refuses="ES")
    feed = FirstUpFeed(
        [PriceSide("first", first, first), PriceSide("second", second, second)], clock=RealClock(), tasks=tasks
    )
    await feed.connect(Deaf())
    first.say(LinkState.UP)
    for contract in CONTRACTS:
        await feed.subscribe(contract)
    second.say(LinkState.UP)
    first.say(LinkState.DOWN)
    feed._look()
    await eventually(lambda: second.lines == {"NQ", "CL", "GC"})
    await tasks.close()
    assert failures == []
