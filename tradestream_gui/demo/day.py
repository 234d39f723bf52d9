"""The demo day: reads who posts what and where the invented market goes, and the settings of the demo profile."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from tradestream_gui.adapters.feeds.synthetic.script import Outage, PathAnchor, PathScript
from tradestream_gui.adapters.sources.recorded import Posting
from tradestream_gui.domain.errors import BadRecord
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.instruments import Instrument, Right, Toward
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.ports.source import IncomingMessage
from tradestream_gui.replay.stretches import Stretch
from tradestream_gui.upkeep.settings.fields import plain
from tradestream_gui.upkeep.settings.first import first_settings
from tradestream_gui.upkeep.settings.model import Settings

SOURCE = "demo"


@dataclass(frozen=True, slots=True)
class Click:
    """What a person at the desk does: approves the card of this message."""

    at: datetime
    message_key: MessageKey


@dataclass(frozen=True, slots=True)
class DemoDay:
    """One scripted day; times are UTC, offsets count from `start`.

    `first` gives the profile's first settings. `stretches` are the parts that are played where a day is none but
    many dates; empty: time runs from `start` to `end`. Where `anchors` is set, each message's instrument is brought
    to the message's own price just before it comes in.
    """

    start: datetime
    end: datetime
    scripts: tuple[PathScript, ...]
    outages: tuple[Outage, ...]
    postings: tuple[Posting, ...]
    clicks: tuple[Click, ...]
    first: Callable[[], Settings]
    updates_per_s: float = 4.0
    stretches: tuple[Stretch, ...] = ()
    anchors: bool = False


def load_day(path: Path, reference: ReferenceData) -> DemoDay:
    """Reads the script; raises BadRecord that names what is wrong in it."""
    with path.open("rb") as file:
        table = tomllib.load(file)
    start = table["day"]["start"].astimezone(UTC)
    postings = _postings(table["message"], start)
    keys = {posting.message.message_id: _key(posting.message) for posting in postings}
    return DemoDay(
        start=start,
        end=start + timedelta(minutes=table["day"]["minutes"]),
        scripts=tuple(_script(row, start, reference) for row in table["market"]),
        outages=tuple(Outage(row["from"], row["to"], is_announced=False) for row in table.get("outage", ())),
        postings=postings,
        clicks=tuple(_click(row, start, keys) for row in table.get("click", ())),
        first=demo_settings,
    )


def demo_settings() -> Settings:
    """The first settings of the demo profile: its channels and analysts, one simulator account."""
    wanted = plain(first_settings())
    wanted["general"]["confirm_quit"] = False
    wanted["accounts"][0] |= {"id": "demo", "name": "Demo 50K"}
    wanted["market"]["watchlist"] = ["ES", "MES", "NQ", "MNQ", "RTY", "CL", "GC", "AAPL", "SPY"]
    wanted["routing"]["defaults"] |= {"account": "demo"}
    wanted["routing"]["channels"] = [
        {"id": "futures", "name": "futures-alerts", "source": SOURCE},
        {"id": "options", "name": "options-room", "source": SOURCE},
        {"id": "lounge", "name": "swing-lounge", "source": SOURCE},
        {"id": "typed", "name": "typed here", "source": "typed", "speaks_for": "me"},
    ]
    wanted["routing"]["analysts"] = [
        {"id": "jmoney", "name": "JMoney", "authors": ["jmoney"], "mode": "AUTO"},
        {"id": "rita", "name": "Rita", "authors": ["rita"], "mode": "AUTO"},
        {"id": "okafor", "name": "Okafor", "authors": ["okafor"], "mode": "AUTO"},
        {"id": "dana", "name": "Dana", "authors": ["dana"], "mode": "ASK"},
        {"id": "sal", "name": "Sal", "authors": ["sal"], "mode": "ASK"},
        {"id": "me", "name": "Me", "authors": ["me"], "mode": "AUTO"},
    ]
    return Settings.model_validate(wanted)


def _script(row: Mapping[str, Any], start: datetime, reference: ReferenceData) -> PathScript:
    instrument = _instrument(row, start, reference)
    wander = Decimal(str(row["band"]))
    points: list[tuple[float, Decimal, tuple[Decimal, Decimal] | None]]
    points = [(float(at), _price(instrument, price), None) for at, price in row["anchors"]]
    for since, until, bid, ask in row.get("holds", ()):
        stands = (_price(instrument, bid), _price(instrument, ask))
        points += [(float(since), stands[0], None), (float(until), stands[0], stands)]
    points.sort(key=lambda point: point[0])
    first = points[0][1]
    anchors = [PathAnchor(points[0][0], first)]
    for (_, before, _), (at, price, held) in pairwise(points):
        low, high = held or _wandering(instrument, before, price, wander)
        anchors.append(PathAnchor(at, price, low, high))
    return PathScript(instrument, tuple(anchors))


def _wandering(instrument: Instrument, before: Decimal, after: Decimal, wander: Decimal) -> tuple[Decimal, Decimal]:
    low = instrument.round_to_tick(min(before, after) - wander, Toward.DOWN)
    return low, instrument.round_to_tick(max(before, after) + wander, Toward.UP)


def _instrument(row: Mapping[str, Any], start: datetime, reference: ReferenceData) -> Instrument:
    if "option" in row:
        underlying, expiry, right, strike = row["option"]
        assert isinstance(expiry, date)
        return reference.option(underlying, expiry, Right(right), Decimal(strike))
    found = reference.resolve(row["symbol"], start)
    if found is None:
        raise BadRecord(f"demo day: {row['symbol']} names no instrument")
    return found


def _price(instrument: Instrument, value: float) -> Decimal:
    return instrument.round_to_tick(Decimal(str(value)))


def _postings(rows: list[dict[str, Any]], start: datetime) -> tuple[Posting, ...]:
    by_id: dict[str, IncomingMessage] = {}
    made = []
    for number, row in enumerate(rows, 1):
        at = start + timedelta(seconds=row["at"])
        edited = by_id.get(row["edits"]) if "edits" in row else None
        replied = by_id.get(row["reply_to"]) if "reply_to" in row else None
        message = IncomingMessage(
            source=SOURCE,
            channel_id=row["channel"],
            channel_name=row["channel"],
            message_id=edited.message_id if edited else str(row.get("id", f"m{number}")),
            author_id=row["author"],
            author_name=row["author"],
            text=row["text"],
            sent_at=edited.sent_at if edited else at,
            order_no=edited.order_no if edited else number,
            arrival=Arrival.LIVE,
            reply_to_id=replied.message_id if replied else None,
            reply_text=replied.text if replied else None,
        )
        by_id[message.message_id] = message
        made.append(Posting(at, message))
    return tuple(sorted(made, key=lambda posting: posting.at))


def _click(row: Mapping[str, Any], start: datetime, keys: Mapping[str, MessageKey]) -> Click:
    if row["approve"] not in keys:
        raise BadRecord(f"demo day: a click approves {row['approve']}, which nobody posts")
    return Click(start + timedelta(seconds=row["at"]), keys[row["approve"]])


def _key(message: IncomingMessage) -> MessageKey:
    return MessageKey(f"{message.source}:{message.channel_id}:{message.message_id}")
