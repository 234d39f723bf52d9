"""Which price streams stand still although their feed is connected, and the words for it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tradestream_gui.domain.events_market import StreamKind, StreamRevived, StreamWentStale
    from tradestream_gui.domain.ids import InstrumentId

    _Key = tuple[InstrumentId | None, StreamKind]

SHOWN = 3
"""So many instruments are named; the health page and the log have them all."""


class FrozenStreams:
    """Follows the watchdog's facts; each screen part that shows them keeps its own."""

    def __init__(self) -> None:
        self._since: dict[str, dict[_Key, datetime]] = {}

    def stale(self, fact: StreamWentStale) -> None:
        self._since.setdefault(fact.feed, {})[fact.instrument_id, fact.stream] = fact.since

    def revived(self, fact: StreamRevived) -> None:
        known = self._since.get(fact.feed, {})
        known.pop((fact.instrument_id, fact.stream), None)
        if not known:
            self._since.pop(fact.feed, None)

    def feeds(self) -> tuple[str, ...]:
        return tuple(self._since)

    def silent_since(self, feed: str) -> datetime | None:
        """Since when the whole feed says nothing; None while it lives."""
        from tradestream_gui.domain.events_market import StreamKind  # not needed to paint

        return self._since.get(feed, {}).get((None, StreamKind.HEARTBEAT))

    def word(self, feed: str) -> str:
        """For a lamp: `ES Dec26 frozen`, `4 frozen`; empty while every stream flows."""
        names = self._names(feed)
        return "" if not names else f"{names[0]} frozen" if len(names) == 1 else f"{len(names)} frozen"

    def words(self, feed: str) -> str:
        """Which streams of which contracts stand still since when; empty while every stream flows."""
        names = self._names(feed)
        told = []
        for name in names[:SHOWN]:
            kinds = [(kind, since) for (one, kind), since in self._since[feed].items() if one and _named(one) == name]
            which = " and ".join(kind.value for kind, _ in kinds)
            told.append(f"{name} {which} since {min(since for _, since in kinds):%H:%M:%S} UTC")
        more = f", and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        return ", ".join(told) + more

    def _names(self, feed: str) -> list[str]:
        return list(dict.fromkeys(_named(one) for one, _ in self._since.get(feed, {}) if one is not None))


def _named(instrument_id: InstrumentId) -> str:
    from tradestream_gui.domain.contract_names import named  # not needed to paint

    return named(instrument_id)
