"""What the alert desk asks of others, and the usual answers made from the services."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tradestream_gui.alerts.alert_json import stored_json
from tradestream_gui.alerts.binding.author_book import AuthorBook
from tradestream_gui.alerts.binding.binding import Book
from tradestream_gui.alerts.binding.opening import Contracts
from tradestream_gui.alerts.profiles.profile_book import ProfileBook
from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.alerts import AlertText, Embed, Reading
from tradestream_gui.domain.ids import AccountId, InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument, Right
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import Origin
from tradestream_gui.domain.policies import RiskLimits
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.market.subscriptions import Subscriptions
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.market_view import MarketView
from tradestream_gui.trading.risk_gate import RiskGate

NEW_YORK = ZoneInfo("America/New_York")


@dataclass(frozen=True, slots=True)
class DeskQuestions:
    """`quote_at_hand` is a two-sided quote that nobody has to wait for, `ensure_quote` subscribes and waits for one;
    `book_of` gives what the author has open and pending in the channel, and nobody else's; `profile` is the route's
    profile, or the one that the channel and author are matched to."""

    read: Callable[[AlertText, AlertProfile], Reading]
    reading_json: Callable[[Reading], str]
    profile: Callable[[str, MessageRevision], AlertProfile]
    profiles: ProfileBook
    quote_at_hand: Callable[[InstrumentId], Quote | None]
    ensure_quote: Callable[[Instrument], Awaitable[Quote | None]]
    book_of: Callable[[Origin, MessageRevision], Book]
    contracts: Contracts
    exchange_date: Callable[[datetime], date]
    trade_date: Callable[[datetime], date]
    """The account's day, which ends at 17:00 Chicago: a signal is a repeat within it."""
    instrument_of: Callable[[InstrumentId], Instrument]
    account_kind: Callable[[AccountId], AccountKind]
    limits: Callable[[AccountId], RiskLimits]

    def read_message(self, revision: MessageRevision, profile_name: str) -> Reading:
        """The message as the parser reads it for this route."""
        return self.read(alert_text_of(revision), self.profile(profile_name, revision))


def alert_text_of(revision: MessageRevision) -> AlertText:
    """The message as the parser sees it; evidence spans point into its `raw`."""
    embeds = tuple(Embed(fields) for fields in revision.embeds)
    return AlertText(
        revision.text, embeds, revision.reply_text, revision.sent_at, revision.channel_id, revision.author_id
    )


def desk_questions(
    *,
    reference: ReferenceData,
    market: MarketView,
    accounts: AccountBook,
    gate: RiskGate,
    profiles: Sequence[AlertProfile],
    subscriptions: Subscriptions,
    authors: AuthorBook,
    option_wait_s: float,
) -> DeskQuestions:
    """The usual answers."""
    book = ProfileBook(profiles)
    is_trading_day = reference.calendar.is_trading_day

    def profile(name: str, revision: MessageRevision) -> AlertProfile:
        return book.profile_for(name, revision.channel_id, revision.author_id)

    def read(alert: AlertText, chosen: AlertProfile) -> Reading:
        from tradestream_gui.alerts.parser import parse  # with the first text: a day by hand alone reads none

        return parse(alert, chosen, is_trading_day)

    def option(symbol: str, expiry: date, right: Right, strike: Decimal) -> Instrument | None:
        return reference.option(symbol, expiry, right, strike) if reference.is_listed(symbol) else None

    async def ensure_quote(instrument: Instrument) -> Quote | None:
        return await subscriptions.ensure_quote(instrument, option_wait_s)

    return DeskQuestions(
        read=read,
        reading_json=lambda reading: json.dumps(stored_json(reading), ensure_ascii=False),
        profile=profile,
        profiles=book,
        quote_at_hand=subscriptions.quote_at_hand,
        ensure_quote=ensure_quote,
        book_of=authors.of,
        contracts=Contracts(
            reference.resolve, option, micro_of(reference), market.quote, market.daily_atr, is_trading_day
        ),
        exchange_date=lambda at: at.astimezone(NEW_YORK).date(),
        trade_date=reference.calendar.account_day,
        instrument_of=market.instrument,
        account_kind=lambda account_id: accounts.account(account_id).kind,
        limits=gate.limits,
    )


def micro_of(reference: ReferenceData) -> Callable[[Instrument], Instrument | None]:
    """Finds the smaller contract of the same market and month, each looked for once; None where there is none."""
    known: dict[InstrumentId, Instrument | None] = {}

    def found(instrument: Instrument) -> Instrument | None:
        micro = next(
            (
                root.root
                for root in reference.roots.values()
                if root.family == instrument.family and root.mini_equivalents < instrument.mini_equivalents
            ),
            None,
        )
        code = instrument.instrument_id[len(instrument.root) :]
        return reference.instrument(InstrumentId(f"{micro}{code}")) if micro else None

    def micro_of_it(instrument: Instrument) -> Instrument | None:
        if instrument.asset_class is not AssetClass.FUTURE:
            return None
        if instrument.instrument_id not in known:
            known[instrument.instrument_id] = found(instrument)
        return known[instrument.instrument_id]

    return micro_of_it
