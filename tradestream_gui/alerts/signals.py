"""Remembers which signals have been called lately, so that a re-post or a cross-post opens nothing twice."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from tradestream_gui.alerts.intents import Hold
from tradestream_gui.domain.ids import AnalystId, MessageKey
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.orders import Side


@dataclass(frozen=True, slots=True)
class Signal:
    """What makes two alerts the same call. `contract` is one for a future and its micro; `price` is the alert's own,
    None when it named none."""

    analyst_id: AnalystId
    contract: str
    side: Side
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class Seen:
    """When a signal was called first, on which trade date, and by which message."""

    at: datetime
    day: date
    message_key: MessageKey


class SignalMemory:
    """One trade date's signals; `window` is how long the same signal is refused, after that it is held."""

    def __init__(self, window: timedelta) -> None:
        self._window = window
        self._seen: dict[Signal, Seen] = {}

    def check(self, signal: Signal, message_key: MessageKey, at: datetime, day: date) -> tuple[bool, Hold | None]:
        """(refused, hold): refused within the window, held for the rest of the trade date, (False, None) when new."""
        seen = self._seen.get(signal)
        if seen is None or seen.message_key == message_key:
            return False, None
        is_within = at - seen.at < self._window
        if not is_within and seen.day != day:
            return False, None
        return is_within, Hold("DUPLICATE_SIGNAL", f"the same signal came at {seen.at:%H:%M:%S} UTC")

    def remember(self, signal: Signal, message_key: MessageKey, at: datetime, day: date) -> None:
        """A repeat within the same trade date leaves the first as it is: the window counts from there."""
        self._forget_before(at, day)
        seen = self._seen.get(signal)
        if seen is None or (seen.day != day and at - seen.at >= self._window):
            self._seen[signal] = Seen(at, day, message_key)

    def _forget_before(self, at: datetime, day: date) -> None:
        gone = [one for one, seen in self._seen.items() if seen.day != day and at - seen.at >= self._window]
        for one in gone:
            del self._seen[one]


def contract_key(instrument: Instrument) -> str:
    """The contract of a signal: ES and MES of one month are the same."""
    if instrument.asset_class is not AssetClass.FUTURE:
        return instrument.instrument_id
    return f"{instrument.family} {instrument.expiry}"
