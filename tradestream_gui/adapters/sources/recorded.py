"""Plays stored messages on a clock: a demo day, a replay, or any file of JSON lines (standard library only)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from tradestream_gui.domain.errors import BadRecord
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.clock import Clock, Timer
from tradestream_gui.ports.source import AlertSink, IncomingMessage

EASTERN = ZoneInfo("America/New_York")
MAX_LINE_CHARS = 64_000
"""A longer line is no chat message."""
NAMED_AT_MOST = 20
"""So many bad rows are named; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Posting:
    """A message and the moment at which it comes in."""

    at: datetime
    message: IncomingMessage


class RecordedSource:
    """Delivers each posting at its time on the given clock, in the order of the list where times are equal."""

    def __init__(self, clock: Clock, postings: Sequence[Posting], name: str = "recorded") -> None:
        self._clock = clock
        self._postings = tuple(postings)
        self._name = name
        self._timers: list[Timer] = []

    @property
    def name(self) -> str:
        return self._name

    async def connect(self, sink: AlertSink) -> None:
        now = self._clock.now()
        for posting in self._postings:
            wait_s = max((posting.at - now).total_seconds(), 0.0)
            self._timers.append(self._clock.call_later(wait_s, partial(sink.on_message, posting.message)))
        sink.on_source_link(self._name, LinkState.UP, f"{len(self._postings)} messages")

    async def close(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()


def read_postings(path: Path, source: str = "recorded") -> tuple[Posting, ...]:
    """Every row of a JSON-lines file `{id, text, ts, channel, author, reply_to?}`, sorted by time.

    Raises BadRecord that names up to 20 bad rows; then nothing is played.
    """
    postings, wrong = [], []
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        try:
            postings.append(_posting(line, number, source))
        except (ValueError, KeyError, TypeError) as error:
            wrong.append(f"row {number}: {error}")
    if wrong:
        more = f" and {len(wrong) - NAMED_AT_MOST} more" if len(wrong) > NAMED_AT_MOST else ""
        raise BadRecord(f"{path.name}: " + "; ".join(wrong[:NAMED_AT_MOST]) + more)
    in_time = sorted(postings, key=lambda posting: posting.at)
    return tuple(
        replace(posting, message=replace(posting.message, order_no=place)) for place, posting in enumerate(in_time, 1)
    )


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise BadRecord(f"{path.name}: not UTF-8 text: {error}") from error
    except OSError as error:
        raise BadRecord(f"{path.name}: cannot be opened: {error.strerror}") from error


def _posting(line: str, number: int, source: str) -> Posting:
    if len(line) > MAX_LINE_CHARS:
        raise ValueError(f"{len(line)} characters are too many for one message")
    row = json.loads(line)
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    sent_at = parse_time(_text(row, "ts"))
    message = IncomingMessage(
        source=source,
        channel_id=_text(row, "channel") or "unnamed",
        channel_name=_text(row, "channel") or "unnamed",
        message_id=_identity(row) or f"row-{number}",
        author_id=_text(row, "author"),
        author_name=_text(row, "author"),
        text=_words(row),
        sent_at=sent_at,
        order_no=number,
        arrival=Arrival.LIVE,
        reply_text=row.get("reply_to") if isinstance(row.get("reply_to"), str) else None,
    )
    return Posting(sent_at, message)


def parse_time(text: str) -> datetime:
    """An ISO time in UTC, read as `tradestream parse` reads it: without a zone it is Eastern time, as rooms and
    exchanges speak it; a bare date is noon there, inside the US session."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if len(text) == 10:
        moment = moment.replace(hour=12)
    return (moment.replace(tzinfo=EASTERN) if moment.tzinfo is None else moment).astimezone(UTC)


def _identity(row: dict[str, object]) -> str:
    value = row.get("id")
    return str(value) if isinstance(value, int) else _text(row, "id")


def _words(row: dict[str, object]) -> str:
    if "text" not in row:
        raise ValueError("there is no text")
    return _text(row, "text")


def _text(row: dict[str, object], key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError(f"{key} is {type(value).__name__}, not text")
    return value
