"""Facts about the market on the bus: prices, closed bars, and whether the streams that bring them live."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.quotes import Bar, Depth, Quote, TradePrint


@dataclass(frozen=True, slots=True)
class QuoteUpdated:
    """The board holds this quote already."""

    quote: Quote


@dataclass(frozen=True, slots=True)
class TradePrinted:
    trade: TradePrint


@dataclass(frozen=True, slots=True)
class DepthUpdated:
    depth: Depth


@dataclass(frozen=True, slots=True)
class BarClosed:
    """An interval has ended; its bar stands in the series already."""

    bar: Bar


@dataclass(frozen=True, slots=True)
class FeedLinkChanged:
    """`state` is the word of `LinkState`: off, connecting, up, down, sign-in needed."""

    feed: str
    state: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HeartbeatSeen:
    """The feed proved that it lives, with or without a price."""

    feed: str
    at: datetime


class StreamKind(Enum):
    QUOTES = "quotes"
    PRINTS = "prints"
    DEPTH = "depth"
    HEARTBEAT = "heartbeat"

    __hash__ = object.__hash__  # members are one of a kind; hashing names instead costs a call for each tick


@dataclass(frozen=True, slots=True)
class StreamWentStale:
    """A stream fell silent while something else shows that it should not; no instrument means the whole feed."""

    feed: str
    instrument_id: InstrumentId | None
    stream: StreamKind
    since: datetime


@dataclass(frozen=True, slots=True)
class StreamRevived:
    feed: str
    instrument_id: InstrumentId | None
    stream: StreamKind
    at: datetime
