"""Tells of links that stay down: brokers, feeds, alert sources and frozen prices, once each, and of their return."""

from collections.abc import Callable
from dataclasses import dataclass

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.broker_names import broker_name
from tradestream_gui.domain.events import BrokerLinkChanged, Notice, NoticeKind, Severity, SourceLinkChanged
from tradestream_gui.domain.events_market import FeedLinkChanged, StreamRevived, StreamWentStale
from tradestream_gui.ports.clock import Clock, Timer

PATIENCE_S = 30.0
"""A link that is back by then was a hiccup, and nobody is called for it."""
DOWN = ("down", "sign-in needed")


@dataclass(slots=True)
class _Trouble:
    words: str
    since_s: float
    timer: Timer
    is_told: bool = False


class LinkWatch:
    """`tell` gets the notices; in the window lamps and lines show the same from the first moment."""

    def __init__(self, bus: EventBus, clock: Clock, tell: Callable[[Notice], None]) -> None:
        self._clock = clock
        self._tell = tell
        self._troubles: dict[str, _Trouble] = {}
        bus.subscribe(BrokerLinkChanged, self._on_broker)
        bus.subscribe(FeedLinkChanged, self._on_feed)
        bus.subscribe(SourceLinkChanged, lambda fact: self._on_link(fact.source, fact.state, fact.detail))
        bus.subscribe(StreamWentStale, self._on_stale)
        bus.subscribe(StreamRevived, self._on_revived)

    def _on_broker(self, fact: BrokerLinkChanged) -> None:
        self._on_link(f"Broker {broker_name(fact.broker)}", fact.state, fact.detail)

    def _on_feed(self, fact: FeedLinkChanged) -> None:
        self._on_link(f"Prices of {broker_name(fact.feed)}", fact.state, fact.detail)

    def _on_link(self, name: str, state: str, detail: str) -> None:
        if state in DOWN:
            self._begin(name, f"{state}{f': {detail}' if detail else ''}")
        elif state in ("up", "off"):
            self._end(name)

    def _on_stale(self, fact: StreamWentStale) -> None:
        self._begin(_stream_name(fact), f"no {fact.stream.value} since {fact.since:%H:%M:%S} UTC; entries are refused")

    def _on_revived(self, fact: StreamRevived) -> None:
        self._end(_stream_name(fact))

    def _begin(self, name: str, words: str) -> None:
        known = self._troubles.get(name)
        if known is not None:
            known.words = words
            return
        timer = self._clock.call_later(PATIENCE_S, lambda: self._on_late(name))
        self._troubles[name] = _Trouble(words, self._clock.monotonic(), timer)

    def _end(self, name: str) -> None:
        trouble = self._troubles.pop(name, None)
        if trouble is None:
            return
        trouble.timer.cancel()
        if trouble.is_told:
            away_s = self._clock.monotonic() - trouble.since_s
            self._say(Severity.SUCCESS, f"{name} is back", f"It was away for {away_s:.0f} s.")

    def _on_late(self, name: str) -> None:
        trouble = self._troubles.get(name)
        if trouble is not None:
            trouble.is_told = True
            self._say(Severity.WARNING, f"{name} is away for {PATIENCE_S:.0f} s", trouble.words)

    def _say(self, severity: Severity, title: str, words: str) -> None:
        self._tell(Notice(NoticeKind.CONNECTION, severity, title, words, self._clock.now()))


def _stream_name(fact: StreamWentStale | StreamRevived) -> str:
    return f"Prices of {fact.instrument_id or broker_name(fact.feed)} ({fact.stream.value})"
