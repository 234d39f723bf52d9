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
        self._swept: datetime | None = None
        """When what is over was last thrown out: once a window is enough, every alert need not wait for it."""

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
        if self._swept is None or at - self._swept >= self._window:
            self._forget_before(at, day)
            self._swept = at
        seen, before = Seen(at, day, message_key, signal.analyst_id), self._seen.get(signal)
        if before is None or self._is_gone(before, at, day):
            self._seen[signal] = seen
        self._texts[words_of(text)] = seen

    def forget(self, message_key: MessageKey) -> None:
        """The message stands for nothing any more: what takes its place is no repeat of it."""
        self._seen = {signal: seen for signal, seen in self._seen.items() if seen.message_key != message_key}
        self._texts = {text: seen for text, seen in self._texts.items() if seen.message_key != message_key}

    def _forget_before(self, at: datetime, day: date) -> None:
        self._seen = {signal: seen for signal, seen in self._seen.items() if not self._is_gone(seen, at, day)}
        self._texts = {text: seen for text, seen in self._texts.items() if not self._is_gone(seen, at, day)}

    def _is_gone(self, seen: Seen, at: datetime, day: date) -> bool:
        return seen.day != day and at - seen.at >= self._window


def words_of(text: str) -> str:
    """A text by its words alone: case and white space change nothing."""
    return " ".join(text.split()).casefold()


def contract_key(instrument: Instrument) -> str:
    """The contract of a signal: ES and MES of one month are the same."""
    if instrument.asset_class is not AssetClass.FUTURE:
        return instrument.instrument_id
    return f"{instrument.family} {instrument.expiry}"
