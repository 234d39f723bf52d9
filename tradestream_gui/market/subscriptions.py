"""Which feed brings which instrument; subscribes once and waits for the first good quote when asked."""

import asyncio
from collections.abc import Callable

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events_market import QuoteUpdated
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.market.quote_board import QuoteBoard
from tradestream_gui.ports.clock import Clock
from tradestream_gui.ports.feed import MarketDataFeed


class Subscriptions:
    """The only caller of feeds. An option's underlying is subscribed with it."""

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
        self._waiting: dict[InstrumentId, list[asyncio.Future[None]]] = {}
        bus.subscribe(QuoteUpdated, self._on_quote)

    @property
    def feed(self) -> MarketDataFeed:
        return self._feed

    def instruments(self) -> tuple[Instrument, ...]:
        return tuple(self._subscribed.values())

    async def subscribe(self, instrument: Instrument) -> None:
        if instrument.instrument_id in self._subscribed:
            return
        self._subscribed[instrument.instrument_id] = instrument
        self._board.assign(instrument, self._feed.name)
        self._on_first(instrument)
        if instrument.asset_class is AssetClass.OPTION:
            underlying = self._underlying_of(instrument)
            if underlying is not None:
                await self.subscribe(underlying)
        await self._feed.subscribe(instrument)

    async def unsubscribe(self, instrument: Instrument) -> None:
        if self._subscribed.pop(instrument.instrument_id, None) is not None:
            await self._feed.unsubscribe(instrument)
            self._on_last(instrument)

    def quote_at_hand(self, instrument_id: InstrumentId) -> Quote | None:
        """The two-sided quote of what is subscribed; None where it has to be waited for."""
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

    def _on_quote(self, fact: QuoteUpdated) -> None:
        if not self._waiting or not fact.quote.is_two_sided:
            return
        for arrived in self._waiting.pop(fact.quote.instrument_id, ()):
            _wake(arrived)


def _wake(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
