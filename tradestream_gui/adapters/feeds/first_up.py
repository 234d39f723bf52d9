"""Prices of the first log-in that gives any: while it is away the next one stands in and says so (standard library)."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import Bar, DataKind, Depth, Quote, TradePrint
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.feed import FeedSink, LateHistory, MarketDataFeed

_log = logging.getLogger(__name__)

PATIENCE_S = 10.0
"""How long a better log-in may be away before the next one stands in; its return is taken at once."""


@dataclass(frozen=True, slots=True)
class PriceSide:
    """A feed with its past and the name of its log-in."""

    name: str
    feed: MarketDataFeed
    history: LateHistory


class FirstUpFeed:
    """The sides stand in the order of preference. Every price keeps its own kind: what is delayed says so, and opens
    nothing with real money. Only the chosen side is subscribed."""

    def __init__(self, sides: Sequence[PriceSide], *, clock: Clock, tasks: Tasks) -> None:
        self._sides = tuple(sides)
        self._clock = clock
        self._tasks = tasks
        self._states = [LinkState.OFF] * len(self._sides)
        self._details = [""] * len(self._sides)
        self._chosen = 0
        self._wanted: dict[InstrumentId, Instrument] = {}
        self._held: dict[InstrumentId, int] = {}
        """By which side each is subscribed now; one is moved at a time, so that two moves never cross."""
        self._moving = asyncio.Lock()
        self._sink: FeedSink | None = None
        self._is_waiting = False

    @property
    def name(self) -> str:
        return self._sides[0].feed.name

    @property
    def kind(self) -> DataKind:
        return self._sides[self._chosen].feed.kind

    async def connect(self, sink: FeedSink) -> None:
        self._sink = sink
        for index, side in enumerate(self._sides):
            await side.feed.connect(_Ear(index, self))

    async def close(self) -> None:
        for side in self._sides:
            await side.feed.close()
        self._sink = None

    async def subscribe(self, instrument: Instrument) -> None:
        self._wanted[instrument.instrument_id] = instrument
        async with self._moving:
            await self._settle(instrument.instrument_id)

    async def unsubscribe(self, instrument: Instrument) -> None:
        self._wanted.pop(instrument.instrument_id, None)
        async with self._moving:
            held = self._held.pop(instrument.instrument_id, None)
            if held is not None:
                await self._sides[held].feed.unsubscribe(instrument)

    # -- history (LateHistory) -----------------------------------------------------------------------------

    def when_history_is_known(self, tell: Callable[[Instrument], None]) -> None:
        """`tell` hears of each instrument whose past has arrived."""
        for side in self._sides:
            side.history.when_history_is_known(tell)

    def history(self, instrument: Instrument, seconds: int, count: int) -> tuple[Bar, ...]:
        return self._sides[self._chosen].history.history(instrument, seconds, count)

    def previous_close(self, instrument: Instrument) -> Decimal | None:
        return self._sides[self._chosen].history.previous_close(instrument)

    # -- what the sides say --------------------------------------------------------------------------------

    def sink_of(self, index: int) -> FeedSink | None:
        """Who hears a side: nobody, unless it is the chosen one."""
        return self._sink if index == self._chosen else None

    def link(self, index: int, state: LinkState, detail: str) -> None:
        self._states[index], self._details[index] = state, detail
        if index < self._chosen and state is LinkState.UP:
            self._take(index)
        elif index == self._chosen:
            self._tell()
        if self._states[self._chosen] is not LinkState.UP and not self._is_waiting and self._sink is not None:
            self._is_waiting = True
            self._clock.call_later(PATIENCE_S, self._look)

    def _look(self) -> None:
        """The best side that is up, where the chosen one is not."""
        self._is_waiting = False
        if self._sink is None or self._states[self._chosen] is LinkState.UP:
            return
        best = next((index for index, state in enumerate(self._states) if state is LinkState.UP), self._chosen)
        if best != self._chosen:
            self._take(best)
        else:
            self._is_waiting = True
            self._clock.call_later(PATIENCE_S, self._look)

    def _take(self, index: int) -> None:
        self._chosen = index
        self._tasks.spawn(self._move(), "move the price lines")
        self._tell()

    async def _move(self) -> None:
        """What one log-in refuses must not keep the others' prices away: without its own it counts as silent."""
        for instrument_id in tuple(self._wanted):
            try:
                async with self._moving:
                    await self._settle(instrument_id)
            except (BrokerRejected, BrokerUnreachable) as error:
                _log.warning("no prices of %s from %s: %s", instrument_id, self._sides[self._chosen].name, error)

    async def _settle(self, instrument_id: InstrumentId) -> None:
        """To the side that is chosen by now, whatever was chosen when this was asked for."""
        instrument, index, held = self._wanted.get(instrument_id), self._chosen, self._held.get(instrument_id)
        if instrument is None or held == index:
            return
        if held is not None:
            del self._held[instrument_id]
            await self._sides[held].feed.unsubscribe(instrument)
        self._held[instrument_id] = index
        await self._sides[index].feed.subscribe(instrument)

    def _tell(self) -> None:
        if self._sink is None:
            return
        detail, missing = self._details[self._chosen], self._sides[: self._chosen]
        if missing:
            names = ", ".join(side.name for side in missing)
            detail = f"prices come from {self._sides[self._chosen].name}: {names} is not connected"
        self._sink.on_feed_link(self.name, self._states[self._chosen], detail)


class _Link(Protocol):
    """Who chooses among the sides."""

    @property
    def name(self) -> str: ...

    def sink_of(self, index: int) -> FeedSink | None: ...

    def link(self, index: int, state: LinkState, detail: str) -> None: ...


class _Ear:
    """What one side tells; its number goes with it."""

    def __init__(self, index: int, link: _Link) -> None:
        self._index = index
        self._link = link

    def on_quote(self, quote: Quote) -> None:
        sink = self._link.sink_of(self._index)
        if sink is not None:
            sink.on_quote(quote)

    def on_print(self, trade: TradePrint) -> None:
        sink = self._link.sink_of(self._index)
        if sink is not None:
            sink.on_print(trade)

    def on_depth(self, depth: Depth) -> None:
        sink = self._link.sink_of(self._index)
        if sink is not None:
            sink.on_depth(depth)

    def on_heartbeat(self, feed: str) -> None:
        sink = self._link.sink_of(self._index)
        if sink is not None:
            sink.on_heartbeat(self._link.name)

    def on_feed_link(self, feed: str, state: LinkState, detail: str) -> None:
        self._link.link(self._index, state, detail)
