"""Records bid and ask of every alerted contract, traded or not, until its close or the session's end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.decisions import AlertQuote
from tradestream_gui.domain.events import AlertQuoted, FillBooked, LotChanged, SessionClosed
from tradestream_gui.domain.ids import InstrumentId, MessageKey
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.ports.beats import until_beat
from tradestream_gui.ports.clock import Clock
from tradestream_gui.ports.journal import Journal

SAMPLE_INTERVAL_S = 5.0
MAX_FOLLOWED = 500
"""Alerts followed at once; the oldest is let go beyond it."""


@dataclass(slots=True)
class _Followed:
    instrument_id: InstrumentId
    last: tuple[object, object] | None = None


class AlertQuoteLog:
    """Follows alerts by their message. Only what was really quoted is written: no quote, no row."""

    def __init__(
        self, *, bus: EventBus, clock: Clock, journal: Journal, quote_of: Callable[[InstrumentId], Quote | None]
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._journal = journal
        self._quote_of = quote_of
        self._followed: dict[MessageKey, _Followed] = {}
        bus.subscribe(FillBooked, self._on_fill)
        bus.subscribe(LotChanged, self._on_lot)
        bus.subscribe(SessionClosed, self._on_session_closed)

    def follow(self, message_key: MessageKey, instrument_id: InstrumentId) -> None:
        if len(self._followed) >= MAX_FOLLOWED:
            self._followed.pop(next(iter(self._followed)))
        self._followed.setdefault(message_key, _Followed(instrument_id))

    def note(self, message_key: MessageKey, instrument_id: InstrumentId, moment: str) -> None:
        """Writes the quote of this moment, if there is one."""
        self.write(self.quotes(message_key, instrument_id, moment))

    def quotes(self, message_key: MessageKey, instrument_id: InstrumentId, moment: str) -> list[AlertQuote]:
        """The quote of this moment, where there is one, to be written."""
        quote = self._quote_of(instrument_id)
        if quote is None:
            return []
        row = AlertQuote(
            message_key,
            instrument_id,
            self._clock.now(),
            moment,
            quote.bid,
            quote.ask,
            quote.last,
            quote.kind.value,
        )
        return [row]

    def write(self, quotes: Sequence[AlertQuote]) -> None:
        if quotes:
            self._journal.append(quotes)
            for row in quotes:
                self._bus.publish(AlertQuoted(row))

    async def sample(self) -> None:
        """Writes what has changed since the last look, every few seconds, until cancelled."""
        while True:
            await self._clock.sleep(until_beat(self._clock.monotonic(), SAMPLE_INTERVAL_S))
            rows: list[AlertQuote] = []
            for message_key, followed in self._followed.items():
                quote = self._quote_of(followed.instrument_id)
                seen = (quote.bid, quote.ask) if quote else None
                if seen is not None and seen != followed.last:
                    followed.last = seen
                    rows += self.quotes(message_key, followed.instrument_id, "sample")
            self.write(rows)

    def _on_fill(self, fact: FillBooked) -> None:
        key = fact.lot.origin.message_key
        if key is not None:
            self.note(key, fact.lot.instrument_id, "filled")

    def _on_lot(self, fact: LotChanged) -> None:
        key = fact.lot.origin.message_key
        if key is not None and fact.lot.is_flat:
            self.note(key, fact.lot.instrument_id, "closed")
            self._followed.pop(key, None)

    def _on_session_closed(self, fact: SessionClosed) -> None:
        self._followed.clear()
