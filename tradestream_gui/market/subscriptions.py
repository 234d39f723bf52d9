"""Which feed brings which instrument; subscribes once, knows who holds what, and waits for the first good quote."""

import asyncio
from collections.abc import Callable, Iterable

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import SessionClosed
from tradestream_gui.domain.events_market import QuoteUpdated
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.market.quote_board import QuoteBoard
from tradestream_gui.ports.clock import Clock
from tradestream_gui.ports.feed import MarketDataFeed

LINGER_S = 30.0
"""What nobody holds any more goes on for so long: who comes back to it at once misses nothing, and a broker's limit of
requests is not spent on looking round."""


class Subscriptions:
    """The only caller of feeds. An option's underlying is subscribed with it.

    Who will say when he is done `hold`s; `subscribe` is for whoever needs prices until the program ends. What all
    holders have left is `spare` after a while, and somebody who knows of positions and orders may `give_back` it.
    """

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        board: QuoteBoard,
        feed: MarketDataFeed,
        underlying_of: Callable[[Instrument], Instrument | None],
        on_first: Callable[[Instrument], None] = lambda instrument: None,
        on_last: Callable[[Instrument], None] = lambda instrument: None,
    ) -> None:
        """`on_first` hears of each instrument before its first price can come, `on_last` after its last."""
        self._clock = clock
        self._board = board
        self._feed = feed
        self._underlying_of = underlying_of
        self._on_first = on_first
        self._on_last = on_last
        self._subscribed: dict[InstrumentId, Instrument] = {}
        self._told: set[InstrumentId] = set()
        """What the feed was asked for last; it hears one word at a time about each instrument."""
        self._telling: dict[InstrumentId, asyncio.Lock] = {}
        self._underlyings: dict[InstrumentId, InstrumentId] = {}
        self._held: dict[str, dict[InstrumentId, Instrument]] = {}
        self._left_at_s: dict[InstrumentId, float] = {}
        self._alerted: set[InstrumentId] = set()
        """What alerts named since the last end of session: their quotes are recorded until the next one."""
        self._waiting: dict[InstrumentId, list[asyncio.Future[None]]] = {}
        bus.subscribe(QuoteUpdated, self._on_quote)
        bus.subscribe(SessionClosed, self._on_session_closed)

    @property
    def feed(self) -> MarketDataFeed:
        return self._feed

    def instruments(self) -> tuple[Instrument, ...]:
        return tuple(self._subscribed.values())

    async def subscribe(self, instrument: Instrument) -> None:
        instrument_id = instrument.instrument_id
        if instrument_id in self._left_at_s:
            self._left_at_s[instrument_id] = self._clock.monotonic()
        if instrument_id in self._subscribed:
            return
        self._subscribed[instrument_id] = instrument
        self._board.assign(instrument, self._feed.name)
        self._on_first(instrument)
        if instrument.asset_class is AssetClass.OPTION:
            underlying = self._underlying_of(instrument)
            if underlying is not None:
                self._underlyings[instrument_id] = underlying.instrument_id
                await self.subscribe(underlying)
        await self._tell_feed(instrument)

    async def unsubscribe(self, instrument: Instrument) -> None:
        instrument_id = instrument.instrument_id
        self._left_at_s.pop(instrument_id, None)
        if self._subscribed.pop(instrument_id, None) is not None:
            underlying_id = self._underlyings.pop(instrument_id, None)
            if underlying_id is not None and not self._is_held(underlying_id):
                self._left_at_s[underlying_id] = self._clock.monotonic()
            await self._tell_feed(instrument)

    async def hold(self, holder: str, instruments: Iterable[Instrument]) -> None:
        """From now on this holder needs these, and nothing else. Each is asked for beside the others: one that the feed
        is slow with, or refuses, keeps none of them waiting."""
        before, now = self._held.get(holder, {}), {one.instrument_id: one for one in instruments}
        self._held[holder] = now
        for instrument_id in before.keys() - now.keys():
            if instrument_id in self._subscribed and not self._is_held(instrument_id):
                self._left_at_s[instrument_id] = self._clock.monotonic()
        for instrument_id in now:
            self._left_at_s.pop(instrument_id, None)
        await asyncio.gather(*(self.subscribe(instrument) for instrument in now.values()))

    def spare(self) -> tuple[Instrument, ...]:
        """What was left by its last holder some time ago, and was neither asked for nor named by an alert since. It
        says nothing of positions, orders and price alerts."""
        if not self._left_at_s:
            return ()
        until_s = self._clock.monotonic() - LINGER_S
        old = [instrument_id for instrument_id, left_at_s in self._left_at_s.items() if left_at_s <= until_s]
        return tuple(self._subscribed[instrument_id] for instrument_id in old if not self._is_needed(instrument_id))

    async def give_back(self, instrument: Instrument) -> None:
        """Ends it, unless somebody needs it by now."""
        if not self._is_needed(instrument.instrument_id):
            await self.unsubscribe(instrument)

    def quote_at_hand(self, instrument_id: InstrumentId) -> Quote | None:
        """The two-sided quote of what is subscribed, for an alert that names it; None where it has to be waited for."""
        self._alerted.add(instrument_id)
        quote = self._board.quote(instrument_id) if instrument_id in self._subscribed else None
        return quote if quote is not None and quote.is_two_sided else None

    async def ensure_quote(self, instrument: Instrument, wait_s: float) -> Quote | None:
        """A two-sided quote, subscribing and waiting up to `wait_s` seconds; None when none came. What is left of an
        earlier subscription is no answer."""
        at_hand = self.quote_at_hand(instrument.instrument_id)
        if at_hand is not None:
            return at_hand
        await self.subscribe(instrument)
        arrived: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(instrument.instrument_id, []).append(arrived)
        timer = self._clock.call_later(wait_s, lambda: _wake(arrived))
        try:
            await arrived
        finally:
            timer.cancel()
        quote = self._board.quote(instrument.instrument_id)
        return quote if quote is not None and quote.is_two_sided else None

    async def _tell_feed(self, instrument: Instrument) -> None:
        """Whoever asks while the feed is being told waits: what is wanted then is what it hears last."""
        instrument_id = instrument.instrument_id
        async with self._telling.setdefault(instrument_id, asyncio.Lock()):
            is_wanted = instrument_id in self._subscribed
            if is_wanted and instrument_id not in self._told:
                self._told.add(instrument_id)
                await self._feed.subscribe(instrument)
            elif not is_wanted and instrument_id in self._told:
                self._told.remove(instrument_id)
                await self._feed.unsubscribe(instrument)
                if instrument_id not in self._subscribed:
                    self._on_last(instrument)

    def _is_held(self, instrument_id: InstrumentId) -> bool:
        return any(instrument_id in held for held in self._held.values())

    def _is_needed(self, instrument_id: InstrumentId) -> bool:
        return (
            self._is_held(instrument_id)
            or instrument_id in self._alerted
            or instrument_id in self._underlyings.values()
        )

    def _on_session_closed(self, fact: SessionClosed) -> None:
        self._alerted.clear()

    def _on_quote(self, fact: QuoteUpdated) -> None:
        if not self._waiting or not fact.quote.is_two_sided:
            return
        for arrived in self._waiting.pop(fact.quote.instrument_id, ()):
            _wake(arrived)


def _wake(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
