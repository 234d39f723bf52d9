"""Recorded messages against a DEMO market: each one meets a price of its own making, so that its order can fill.

The prices are invented and shown only as DEMO. Messages keep the dates they were posted on, so that expiries mean what
they meant; within a date they come in the file's order of time, one every few virtual seconds from ten in the morning.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from itertools import groupby
from pathlib import Path

from tradestream_gui.adapters.feeds.synthetic.feed import SyntheticFeed
from tradestream_gui.adapters.sources.recorded import Posting, read_postings
from tradestream_gui.alerts.parser import parse
from tradestream_gui.alerts.profiles.profiles import choose_profile
from tradestream_gui.demo.day import DemoDay
from tradestream_gui.domain.alert_profile import AlertProfile, DefaultExpiry
from tradestream_gui.domain.alerts import AlertAction, AlertSide, AlertText, PriceRange
from tradestream_gui.domain.errors import BadRecord
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.domain.sessions import NEW_YORK
from tradestream_gui.followed import followed_settings
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.clock import Clock, Timer
from tradestream_gui.ports.source import AlertSink, IncomingMessage
from tradestream_gui.replay.stretches import bells, busy_stretches

SOURCE = "demo"
FIRST_AT = time(10)
"""New York time of a date's first message: stocks, options and futures trade."""
GAP = timedelta(seconds=5)
"""Between two messages: an order is answered, filled and protected by then."""
TAIL = timedelta(seconds=75)
"""After a date's last message: an entry that does not fill has run out by then."""
PRICED_BEFORE = timedelta(seconds=2)
"""The market is brought to the message's price this long before it comes in, and stands there a second later."""
UPDATES_PER_S = 0.5
WATCHLIST = ("SPY", "QQQ", "AAPL")
"""Shares only: a watched future would expire between two dates."""


def load_message_day(path: Path, reference: ReferenceData) -> DemoDay:
    """The file's messages as a day of many dates; raises BadRecord that names bad rows."""
    postings = compressed(read_postings(path, SOURCE))
    if not postings:
        raise BadRecord(f"{path.name}: there are no messages")
    last = bells(reference.calendar, _new_york_date(postings[-1]))[-1:]
    times = [*(posting.at - PRICED_BEFORE for posting in postings), *(bell.start for bell in last)]
    stretches = tuple(busy_stretches(times, TAIL))
    return DemoDay(
        start=times[0] - PRICED_BEFORE,
        end=stretches[-1].end,
        scripts=(),
        outages=(),
        postings=postings,
        clicks=(),
        first=partial(
            followed_settings,
            [posting.message for posting in postings],
            use_micros=True,
            account_name="Demo 50K",
            watchlist=WATCHLIST,
        ),
        updates_per_s=UPDATES_PER_S,
        stretches=stretches,
        anchors=True,
    )


def compressed(postings: Sequence[Posting]) -> tuple[Posting, ...]:
    """Each date's messages one after the other; a message is as old as its arrival, whatever hour it was posted."""
    moved = []
    for day, group in groupby(postings, key=_new_york_date):
        first = datetime.combine(day, FIRST_AT, tzinfo=NEW_YORK)
        for place, posting in enumerate(group):
            at = (first + GAP * place).astimezone(posting.at.tzinfo)
            moved.append(Posting(at, replace(posting.message, sent_at=at, arrival=Arrival.LIVE)))
    return tuple(moved)


def _new_york_date(posting: Posting) -> date:
    return posting.at.astimezone(NEW_YORK).date()


@dataclass(frozen=True, slots=True)
class _Priced:
    """What an author spoke of last, so that a bare "out at 1.20" is priced too."""

    instrument: Instrument
    symbol: str


class AnchoringSource:
    """Delivers the postings like any source; just before each it anchors the market at the price that it names."""

    def __init__(
        self,
        clock: Clock,
        postings: Sequence[Posting],
        feed: SyntheticFeed,
        reference: ReferenceData,
        profiles: Sequence[AlertProfile],
    ) -> None:
        self._clock = clock
        self._postings = tuple(postings)
        self._feed = feed
        self._reference = reference
        self._profiles = tuple(profiles)
        self._spoken: dict[str, list[_Priced]] = {}
        self._timers: list[Timer] = []

    @property
    def name(self) -> str:
        return SOURCE

    async def connect(self, sink: AlertSink) -> None:
        for posting in self._postings:
            self._at(posting.at - PRICED_BEFORE, partial(self._price, posting))
            self._at(posting.at, partial(sink.on_message, posting.message))
        words = f"{len(self._postings)} recorded messages; prices are invented, each at its alert's own price"
        sink.on_source_link(SOURCE, LinkState.UP, words)

    async def close(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def _at(self, at: datetime, callback: Callable[[], None]) -> None:
        wait_s = max((at - self._clock.now()).total_seconds(), 0.0)
        self._timers.append(self._clock.call_later(wait_s, callback))

    def _price(self, posting: Posting) -> None:
        message = posting.message
        text = AlertText(message.text, (), message.reply_text, message.sent_at, message.channel_id, message.author_id)
        profile = choose_profile(self._profiles, message.channel_id, message.author_id)
        reading = parse(text, profile, self._reference.calendar.is_trading_day)
        for action in reading.actions or reading.candidate:
            price = named_price(action)
            instrument = self._instrument(action, message, profile)
            if price is not None and instrument is not None:
                self._anchor(instrument, price, posting.at - PRICED_BEFORE / 2)

    def _anchor(self, instrument: Instrument, price: Decimal, at: datetime) -> None:
        on_tick = instrument.round_to_tick(price)
        if on_tick > 0:
            self._feed.anchor(instrument, on_tick, at)

    def _instrument(self, action: AlertAction, message: IncomingMessage, profile: AlertProfile) -> Instrument | None:
        """The contract that the action names; for an exit without one, what the author spoke of last."""
        spoken = self._spoken.setdefault(message.author_id, [])
        if action.kind.opens and action.symbol is not None:
            named = self._named(action, message.sent_at, profile)
            if named is not None:
                spoken.append(_Priced(named, action.symbol))
            return named
        for priced in reversed(spoken):
            same_strike = action.strike is None or action.strike == priced.instrument.strike
            if action.symbol in (None, priced.symbol) and same_strike:
                return priced.instrument
        return None

    def _named(self, action: AlertAction, at: datetime, profile: AlertProfile) -> Instrument | None:
        assert action.symbol is not None
        if action.asset is not AssetClass.OPTION and action.strike is None:
            return self._reference.resolve(action.symbol, at)
        expiry = action.expiry or _usual_expiry(profile.default_expiry, at.astimezone(NEW_YORK).date())
        if action.right is None or action.strike is None or expiry is None:
            return None
        if not self._reference.is_listed(action.symbol):
            return None
        return self._reference.option(action.symbol, expiry, action.right, action.strike)


def named_price(action: AlertAction) -> Decimal | None:
    """The price in the alert; of a range the end at which the desk would buy or sell."""
    if isinstance(action.price, PriceRange):
        return action.price.high if action.side is AlertSide.SHORT else action.price.low
    return action.price


def _usual_expiry(policy: DefaultExpiry, today: date) -> date | None:
    if policy is DefaultExpiry.TODAY:
        return today
    return today + timedelta(days=(4 - today.weekday()) % 7) if policy is DefaultExpiry.FRIDAY else None
