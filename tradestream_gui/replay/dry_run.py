"""One channel's stored messages through the same desks, rails and paper broker as if they came in now: what each alert
would have done. Nothing of it reaches the running core."""

import csv
import io
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tradestream_gui.domain.alert_profile import AlertProfile, DefaultExpiry
from tradestream_gui.domain.alerts import AlertAction, AlertSide, PriceRange, Reading
from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.decisions import AlertQuote, Outcome
from tradestream_gui.domain.events import AlertDecided
from tradestream_gui.domain.ids import InstrumentId, MessageKey
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import Order, OrderRole
from tradestream_gui.domain.sessions import NEW_YORK
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.replay.results import DryRun, MessageResult, dry_run
from tradestream_gui.replay.stretches import busy_stretches

if TYPE_CHECKING:
    from tradestream_gui.replay.run import Stage

MAX_MESSAGES = 2_000
"""More than a room posts in weeks; the newest are run."""
PRICED_BEFORE = timedelta(milliseconds=200)
"""A price is known this long before the message that is judged by it."""


@dataclass(frozen=True, slots=True)
class PricedAt:
    """A price that is known at a moment. `is_measured` False: no quote was stored, the alert's own price stands in."""

    at: datetime
    instrument: Instrument
    price: Decimal
    bid: Decimal | None
    ask: Decimal | None
    is_measured: bool


@dataclass(frozen=True, slots=True)
class DryRunOrder:
    """What is run: messages in the order of their posting, the profiles that read them, and the prices."""

    messages: tuple[MessageRevision, ...]
    profiles: tuple[AlertProfile, ...]
    prices: tuple[PricedAt, ...]


@dataclass(frozen=True, slots=True)
class DryRunRow:
    """One message: what would have come of it in words, the rail or reason by its code, and what it was priced by."""

    message: MessageRevision
    outcome: Outcome
    code: str
    words: str
    price_basis: str


@dataclass(frozen=True, slots=True)
class DryRunReport:
    rows: tuple[DryRunRow, ...]
    counts: DryRun

    def count(self, outcome: Outcome) -> int:
        return self.counts.outcomes.get(outcome, 0)

    def csv_text(self) -> str:
        """All rows with a header; a spreadsheet opens it."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(("time_utc", "author", "message", "outcome", "code", "what_it_would_have_done", "priced_by"))
        for row in self.rows:
            writer.writerow((
                row.message.sent_at.isoformat(), _cell(row.message.author_name), _cell(row.message.text),
                row.outcome.value, row.code, _cell(row.words), row.price_basis,
            ))  # fmt: skip
        return out.getvalue()


DryStage = Callable[[DryRunOrder], Awaitable["Stage"]]
"""Makes a core for the order's messages and prices, every followed analyst at AUTO, rails and sizes as they are set."""


async def dry_run_channel(make: DryStage, order: DryRunOrder, on_progress: Callable[[int], None]) -> DryRunReport:
    """Plays the messages and tells how many are decided. A cancel ends it at once; the core it used is closed then."""
    from tradestream_gui.replay.recorder import ReplayRecorder
    from tradestream_gui.replay.run import play

    stage = await make(order)
    decided: set[MessageKey] = set()

    def on_decided(fact: AlertDecided) -> None:
        decided.add(fact.decision.message_key)
        on_progress(len(decided))

    try:
        recorder = ReplayRecorder(stage.core)
        stage.core.bus.subscribe(AlertDecided, on_decided)
        await stage.start()
        times = sorted([row.at for row in order.prices] + [message.sent_at for message in order.messages])
        await play(stage.core, stage.clock, busy_stretches(times))
        result = recorder.result()
        basis = {row.at: row.is_measured for row in order.prices}
        rows = tuple(_row(each, basis, stage.core.market.instrument) for each in result.messages)
    finally:
        await stage.close()
    return DryRunReport(rows, dry_run("", result.messages, ()))


def prices_for(
    messages: Sequence[MessageRevision],
    quotes: Sequence[AlertQuote],
    read: Callable[[MessageRevision], tuple[Reading, AlertProfile]],
    reference: ReferenceData,
    instrument_of: Callable[[str], Instrument | None],
) -> tuple[PricedAt, ...]:
    """Every quote that was stored of an alert, the first one for the moment of its message; where there is none, the
    price that the alert names. Each stands for the alerted contract and for those of its family."""
    stored: dict[MessageKey, AlertQuote] = {}
    found: list[PricedAt] = []
    for quote in quotes:
        if quote.bid is not None and quote.ask is not None:
            stored.setdefault(quote.message_key, quote)
            found += _measured(quote, quote.at, reference, instrument_of)
    for message in messages:
        at = message.sent_at - PRICED_BEFORE
        seen = stored.get(message.message_key)
        measured = _measured(seen, at, reference, instrument_of) if seen is not None else []
        if measured:
            found += measured
            continue
        reading, profile = read(message)
        for action in reading.actions or reading.candidate:
            named, price_said = _named(action, message, profile, reference), said_price(action)
            if named is not None and price_said is not None and price_said > 0:
                found += [
                    PricedAt(at, each, each.round_to_tick(price_said), None, None, False)
                    for each in family(named, reference, at)
                ]
    return tuple(sorted(found, key=lambda row: row.at))


def _measured(
    quote: AlertQuote, at: datetime, reference: ReferenceData, instrument_of: Callable[[str], Instrument | None]
) -> list[PricedAt]:
    """The stored quote as the price at a moment, for its contract and those that move with it."""
    instrument = instrument_of(quote.instrument_id)
    price = quote.last if quote.last is not None else quote.bid
    if instrument is None or price is None:
        return []
    return [PricedAt(at, each, price, quote.bid, quote.ask, True) for each in family(instrument, reference, at)]


def family(instrument: Instrument, reference: ReferenceData, at: datetime) -> tuple[Instrument, ...]:
    """The contract and, for a future, those that move with it: an ES alert may be traded in MES."""
    if instrument.asset_class is not AssetClass.FUTURE:
        return (instrument,)
    month = instrument.instrument_id[len(instrument.root) :]
    names = [root.root for root in reference.roots.values() if root.family == instrument.family]
    found = (reference.resolve(f"{name}{month}", at) for name in names)
    return tuple(each for each in found if each is not None)


def said_price(action: AlertAction) -> Decimal | None:
    """The price in the alert; of a range the end at which the desk would buy or sell."""
    if isinstance(action.price, PriceRange):
        return action.price.high if action.side is AlertSide.SHORT else action.price.low
    return action.price


def _named(
    action: AlertAction, message: MessageRevision, profile: AlertProfile, reference: ReferenceData
) -> Instrument | None:
    if action.symbol is None:
        return None
    if action.asset is not AssetClass.OPTION and action.strike is None:
        return reference.resolve(action.symbol, message.sent_at)
    day = message.sent_at.astimezone(NEW_YORK).date()
    friday = day + timedelta(days=(4 - day.weekday()) % 7)
    usual = {DefaultExpiry.TODAY: day, DefaultExpiry.FRIDAY: friday}.get(profile.default_expiry)
    expiry = action.expiry or usual
    if action.right is None or action.strike is None or expiry is None or not reference.is_listed(action.symbol):
        return None
    return reference.option(action.symbol, expiry, action.right, action.strike)


def _row(
    result: MessageResult, measured: dict[datetime, bool], instrument_of: Callable[[InstrumentId], Instrument]
) -> DryRunRow:
    message, decision = result.message, result.decision
    if decision is None:
        return DryRunRow(message, Outcome.IGNORED, "UNDECIDED", "the run ended before it was decided", "")
    known = measured.get(message.sent_at - PRICED_BEFORE)
    basis = "" if known is None else "quote stored then" if known else "the alert's own price"
    words = _order_words(result.orders, instrument_of) if decision.outcome is Outcome.TRADED else ""
    return DryRunRow(message, decision.outcome, decision.code, words or decision.words, basis)


def _order_words(orders: Sequence[Order], instrument_of: Callable[[InstrumentId], Instrument]) -> str:
    """`BUY 3 MES Dec26 limit 6328.50, stop 6316.00`: the entry and the stop that first protected it."""
    entry = next((order for order in orders if order.role is OrderRole.ENTRY), None)
    if entry is None:
        return ""
    words = f"{entry.side.value} {entry.order_qty} {contract_name(instrument_of(entry.instrument_id))}"
    if entry.limit_price is not None:
        words += f" limit {entry.limit_price:f}"
    stop = next((order for order in orders if order.role is OrderRole.STOP and order.stop_price is not None), None)
    return f"{words}, stop {stop.stop_price:f}" if stop is not None and stop.stop_price is not None else words


def _cell(text: str) -> str:
    """No cell begins as a spreadsheet's formula does."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
