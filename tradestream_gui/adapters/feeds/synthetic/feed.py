"""The synthetic feed of DEMO profiles: seeded, scriptable, the same tape at any speed and in any order of asking."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from tradestream_gui.adapters.feeds.synthetic.defaults import (
    Character,
    character_of,
    premium_character,
)
from tradestream_gui.adapters.feeds.synthetic.history import Past, PastWalk, close_before
from tradestream_gui.adapters.feeds.synthetic.noise import seed_of
from tradestream_gui.adapters.feeds.synthetic.quoting import LadderMarket, PremiumMarket, Shown
from tradestream_gui.adapters.feeds.synthetic.script import Outage, PathAnchor, PathScript, check_anchor
from tradestream_gui.adapters.feeds.synthetic.stream import PathStream, make_stream, price_vol
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.quotes import Bar, DataKind
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.clock import Clock, Timer
from tradestream_gui.ports.feed import FeedSink

NAME = "demo market"
HEARTBEAT_S = 1.0
LONGEST_CATCH_UP_US = 5_000_000
"""After a longer pause (the machine slept) the market has moved on unseen instead of rushing through every step."""


@dataclass(frozen=True, slots=True)
class SyntheticSettings:
    """`updates_per_s` is the rate of quotes per instrument; depth comes with every `depth_every`th of them."""

    seed: int
    updates_per_s: float = 4.0
    depth_every: int = 2


class SyntheticFeed:
    """A market that nobody trades in: every price it makes is `DataKind.DEMO`.

    Each futures family, each stock and each scripted option has a path of its own; options without a script are
    priced from their underlying's path. Times of scripts and outages count from `started_at`.
    """

    def __init__(
        self,
        clock: Clock,
        settings: SyntheticSettings,
        scripts: Iterable[PathScript] = (),
        outages: Iterable[Outage] = (),
        started_at: datetime | None = None,
    ) -> None:
        self._clock = clock
        self._settings = settings
        self._step_us = round(1_000_000 / settings.updates_per_s)
        self._started_at = started_at or clock.now()
        self._scripts: dict[str, PathScript] = {}
        for script in scripts:
            key = _own_key(script.instrument)
            if key in self._scripts:
                raise ValueError(f"two scripts move {key}; one path can follow only one")
            self._scripts[key] = script
        self._outages = tuple(sorted(outages, key=lambda outage: outage.start_s))
        self._streams: dict[str, PathStream] = {}
        self._timers: dict[str, Timer] = {}
        self._walks: dict[tuple[Past, InstrumentId], PastWalk] = {}
        self._sink: FeedSink | None = None

    @property
    def name(self) -> str:
        return NAME

    @property
    def kind(self) -> DataKind:
        return DataKind.DEMO

    @property
    def started_at(self) -> datetime:
        return self._started_at

    async def connect(self, sink: FeedSink) -> None:
        self._sink = sink
        sink.on_feed_link(NAME, LinkState.UP, "invented prices for the demo")
        self._beat()
        self._announce_outages()
        for key in self._streams:
            self._arm(key)

    async def close(self) -> None:
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        sink, self._sink = self._sink, None
        if sink is not None:
            sink.on_feed_link(NAME, LinkState.OFF, "the demo market is closed")

    async def subscribe(self, instrument: Instrument) -> None:
        key = self._key(instrument)
        stream = self._stream(key, instrument)
        is_option = instrument.asset_class is AssetClass.OPTION
        stream.join(self._market(instrument), is_derived=is_option and key != _own_key(instrument))
        if self._sink is not None and key not in self._timers:
            stream.seek(self._now_us() - 1)
            self._arm(key)

    async def unsubscribe(self, instrument: Instrument) -> None:
        for key in {self._key(instrument), self._derived_key(instrument)}:
            stream = self._streams.get(key)
            if stream is None:
                continue
            stream.leave(instrument.instrument_id)
            if not stream.is_watched:
                del self._streams[key]
                timer = self._timers.pop(key, None)
                if timer is not None:
                    timer.cancel()

    def anchor(
        self,
        instrument: Instrument,
        price: Decimal,
        at: datetime,
        low: Decimal | None = None,
        high: Decimal | None = None,
    ) -> None:
        """From now on the path passes `price`, rounded to the tick, at `at`, or at its next step if that has passed.

        An option that was priced from its underlying gets a path of its own from here.
        """
        key = _own_key(instrument)
        at_us = max((at - self._started_at) // timedelta(microseconds=1), 0)
        stream = self._streams.get(key)
        if stream is not None and at_us <= stream.path.at_us:
            at_us = (stream.path.at_us // self._step_us + 1) * self._step_us
        anchor = PathAnchor(at_us / 1e6, instrument.round_to_tick(price), low, high)
        check_anchor(instrument, anchor)
        known = self._scripts.get(key)
        kept = [one for one in known.anchors if one.at_s != anchor.at_s] if known else []
        anchors = tuple(sorted([*kept, anchor], key=lambda one: one.at_s))
        self._scripts[key] = replace(known, anchors=anchors) if known else PathScript(instrument, anchors)
        if stream is not None:
            stream.path.add_anchor(anchor)
            if key in self._timers:
                self._arm(key)
        elif instrument.asset_class is AssetClass.OPTION:
            self._give_own_path(instrument)

    def history(self, instrument: Instrument, seconds: int, count: int) -> tuple[Bar, ...]:
        """DEMO bars of whole minutes that lead up to the price at `started_at`; none for an option."""
        if instrument.asset_class is AssetClass.OPTION:
            return ()
        key = (self._past(instrument), instrument.instrument_id)
        walk = self._walks.get(key)
        if walk is None:
            walk = self._walks[key] = PastWalk(key[0], instrument)
        return walk.bars(seconds, count)

    def previous_close(self, instrument: Instrument) -> Decimal | None:
        """The DEMO close of the session before; None for an option."""
        if instrument.asset_class is AssetClass.OPTION:
            return None
        return close_before(self._past(instrument), instrument)

    def _past(self, instrument: Instrument) -> Past:
        key = _own_key(instrument)
        character = self._character(key, instrument)
        return Past(
            seed=seed_of(self._settings.seed, f"{key}/past"),
            ends_at=self._started_at,
            price=character.start_price,
            vol=price_vol(character),
            base_size=character.base_size,
        )

    def _give_own_path(self, instrument: Instrument) -> None:
        derived = self._streams.get(self._derived_key(instrument))
        if derived is not None and derived.has(instrument.instrument_id):
            derived.leave(instrument.instrument_id)
            stream = self._stream(_own_key(instrument), instrument)
            stream.join(self._market(instrument), is_derived=False)
            stream.seek(self._now_us() - 1)
            self._arm(_own_key(instrument))

    def _key(self, instrument: Instrument) -> str:
        own = _own_key(instrument)
        if instrument.asset_class is AssetClass.OPTION and own not in self._scripts:
            return self._derived_key(instrument)
        return own

    def _derived_key(self, instrument: Instrument) -> str:
        return f"stock {instrument.root}" if instrument.asset_class is AssetClass.OPTION else _own_key(instrument)

    def _stream(self, key: str, instrument: Instrument) -> PathStream:
        stream = self._streams.get(key)
        if stream is None:
            stream = self._streams[key] = make_stream(
                key,
                self._scripts.get(key),
                self._character(key, instrument),
                seed=self._settings.seed,
                started_at=self._started_at,
                step_us=self._step_us,
                depth_every=self._settings.depth_every,
            )
        return stream

    def _character(self, key: str, instrument: Instrument) -> Character:
        """A script that begins with a price sets the scale too."""
        script = self._scripts.get(key)
        price = script.anchors[0].price if script is not None and script.anchors else None
        if instrument.asset_class is AssetClass.OPTION and key == _own_key(instrument) and price is not None:
            return premium_character(price)
        character = character_of(instrument)
        return replace(character, start_price=float(price)) if price is not None else character

    def _market(self, instrument: Instrument) -> LadderMarket | PremiumMarket:
        seed = self._settings.seed
        if instrument.asset_class is AssetClass.OPTION:
            return PremiumMarket(instrument, seed=seed)
        character = character_of(instrument)
        return LadderMarket(instrument, seed=seed, base_size=character.base_size, wide_ticks=character.wide_ticks)

    def _now_us(self) -> int:
        return (self._clock.now() - self._started_at) // timedelta(microseconds=1)

    def _arm(self, key: str) -> None:
        wait_us = self._streams[key].path.next_us() - self._now_us()
        self._call_later(key, wait_us / 1e6, partial(self._on_due, key))

    def _call_later(self, key: str, wait_s: float, callback: Callable[[], None]) -> None:
        """One timer a key: a new one takes the place of the old."""
        waiting = self._timers.get(key)
        if waiting is not None:
            waiting.cancel()
        self._timers[key] = self._clock.call_later(max(wait_s, 0.0), callback)

    def _on_due(self, key: str) -> None:
        stream = self._streams[key]
        now_us = self._now_us()
        if now_us - stream.path.next_us() > LONGEST_CATCH_UP_US:
            stream.seek(now_us)
        while stream.path.next_us() <= now_us:
            at_us = stream.path.next_us()
            shown = stream.step()
            if not self._is_silent(at_us):
                for one in shown:
                    self._push(one)
        if self._sink is not None and self._streams.get(key) is stream:
            self._arm(key)

    def _push(self, shown: Shown) -> None:
        sink = self._sink
        if sink is None:
            return
        for trade in shown.prints:
            sink.on_print(trade)
        sink.on_quote(shown.quote)
        if shown.depth is not None:
            sink.on_depth(shown.depth)

    def _is_silent(self, at_us: int) -> bool:
        return any(outage.start_s * 1e6 <= at_us < outage.end_s * 1e6 for outage in self._outages)

    def _beat(self) -> None:
        if self._sink is None:
            return
        if not self._is_silent(self._now_us()):
            self._sink.on_heartbeat(NAME)
        self._call_later("heartbeat", HEARTBEAT_S, self._beat)

    def _announce_outages(self) -> None:
        now_s = self._now_us() / 1e6
        for number, outage in enumerate(self._outages):
            if not outage.is_announced or outage.start_s < now_s:
                continue
            down = partial(self._tell_link, LinkState.DOWN, "the demo market is out of reach")
            back = partial(self._tell_link, LinkState.UP, "the demo market is back")
            self._call_later(f"outage {number} start", outage.start_s - now_s, down)
            self._call_later(f"outage {number} end", outage.end_s - now_s, back)

    def _tell_link(self, state: LinkState, detail: str) -> None:
        if self._sink is not None:
            self._sink.on_feed_link(NAME, state, detail)


def _own_key(instrument: Instrument) -> str:
    """The path that is the instrument's own: a family's for futures, else one for each name."""
    if instrument.asset_class is AssetClass.FUTURE:
        return f"future {instrument.family}"
    return f"{instrument.asset_class.value} {instrument.instrument_id}"
