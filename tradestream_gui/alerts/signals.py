"""Remembers which signals have been called lately, so that a re-post or a cross-post opens nothing twice."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from tradestream_gui.alerts.intents import Hold
from tradestream_gui.domain.ids import AnalystId, InstrumentId, MessageKey
from tradestream_gui.domain.orders import Side


@dataclass(frozen=True, slots=True)
class Signal:
    """What makes two alerts the same call."""

    analyst_id: AnalystId
    instrument_id: InstrumentId
    side: Side
    price: Decimal | None


class SignalMemory:
    """One trade date's signals; `window` is how long the same signal is refused, after that it is held."""

    def __init__(self, window: timedelta) -> None:
        self._window = window
        self._day: date | None = None
        self._seen: dict[Signal, tuple[datetime, MessageKey]] = {}

    def check(self, signal: Signal, message_key: MessageKey, at: datetime, day: date) -> tuple[bool, Hold | None]:
        """(refused, hold): refused within the window, held for the rest of the trade date, (False, None) when new."""
        self._roll(day)
        seen = self._seen.get(signal)
        if seen is None or seen[1] == message_key:
            return False, None
        words = f"the same signal came at {seen[0]:%H:%M:%S} UTC"
        return at - seen[0] < self._window, Hold("DUPLICATE_SIGNAL", words)

    def remember(self, signal: Signal, message_key: MessageKey, at: datetime, day: date) -> None:
        self._roll(day)
        self._seen[signal] = (at, message_key)

    def _roll(self, day: date) -> None:
        if self._day != day:
            self._day = day
            self._seen.clear()
