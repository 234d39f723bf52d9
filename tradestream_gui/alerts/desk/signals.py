"""Remembers which signals have been called lately, so that a re-post or a cross-post opens nothing twice."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from tradestream_gui.alerts.binding.intents import Hold
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
    analyst_id: AnalystId


class SignalMemory:
    """One trade date's signals; `window` is how long the same signal is refused, after that it is held."""

    def __init__(self, window: timedelta) -> None:
        self._window = window
        self._seen: dict[Signal, Seen] = {}
        self._texts: dict[str, Seen] = {}

    def check(self, signal: Signal, message_key: MessageKey, at: datetime, day: date) -> tuple[bool, Hold | None]:
        """(refused, hold): refused within the window, held for the rest of the trade date, (False, None) when new."""
        seen = self._seen.get(signal)
        if seen is None or seen.message_key == message_key:
            return False, None
        is_within = at - seen.at < self._window
        if not is_within and seen.day != day:
            return False, None
        return is_within, Hold("DUPLICATE_SIGNAL", f"the same signal came at {seen.at:%H:%M:%S} UTC")

    def echo(self, text: str, analyst_id: AnalystId, message_key: MessageKey, at: datetime) -> Hold | None:
        """Why an entry in the very words of another message of the last minutes is held, whoever posted it: a bot
        repeats channels, and a re-entry that is posted in two places is one re-entry."""
        seen = self._texts.get(words_of(text))
        if seen is None or seen.message_key == message_key or at - seen.at >= self._window:
            return None
        code = "DUPLICATE_SIGNAL" if seen.analyst_id == analyst_id else "ECHO"
        return Hold(code, f"the very same words came at {seen.at:%H:%M:%S} UTC")

    def remember(self, signal: Signal, text: str, message_key: MessageKey, at: datetime, day: date) -> None:
        """A repeat within the same trade date leaves the first as it is: the window counts from there."""
        self._forget_before(at, day)
        seen = Seen(at, day, message_key, signal.analyst_id)
        self._seen.setdefault(signal, seen)
        self._texts[words_of(text)] = seen

    def forget(self, message_key: MessageKey) -> None:
        """The message stands for nothing any more: what takes its place is no repeat of it."""
        self._seen = {signal: seen for signal, seen in self._seen.items() if seen.message_key != message_key}
        self._texts = {text: seen for text, seen in self._texts.items() if seen.message_key != message_key}

    def _forget_before(self, at: datetime, day: date) -> None:
        def is_gone(seen: Seen) -> bool:
            return seen.day != day and at - seen.at >= self._window

        self._seen = {signal: seen for signal, seen in self._seen.items() if not is_gone(seen)}
        self._texts = {text: seen for text, seen in self._texts.items() if not is_gone(seen)}


def words_of(text: str) -> str:
    """A text by its words alone: case and white space change nothing."""
    return " ".join(text.split()).casefold()


def contract_key(instrument: Instrument) -> str:
    """The contract of a signal: ES and MES of one month are the same."""
    if instrument.asset_class is not AssetClass.FUTURE:
        return instrument.instrument_id
    return f"{instrument.family} {instrument.expiry}"
