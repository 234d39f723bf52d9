"""A labelled room played in time order: the real parser, conversation and resolver over positions that they opened.

Prices are made up (each entry fills at the alert's own price and the market then moves a fifth in its favour), so
what is judged is which position a message was bound to, never a profit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.alerts.reading import shipped_profiles
from tests.trading.stage import SIM, reference_data, settings_with
from tradestream_gui.alerts.binding.binding import Book
from tradestream_gui.alerts.binding.conversation import Conversation
from tradestream_gui.alerts.binding.intents import (
    CloseIntent,
    DoneIntent,
    Hold,
    Intent,
    OpenIntent,
    OpenPosition,
    StopIntent,
    TargetIntent,
)
from tradestream_gui.alerts.binding.loaded import with_contract
from tradestream_gui.alerts.binding.opening import Contracts, contract_for, entry_side, said_price
from tradestream_gui.alerts.binding.resolver import resolve
from tradestream_gui.alerts.desk.inbox import Inbox
from tradestream_gui.alerts.desk.preview import opening_context
from tradestream_gui.alerts.desk.questions import DeskQuestions
from tradestream_gui.alerts.grammar.dates import EASTERN
from tradestream_gui.alerts.grammar.trading_days import is_us_trading_day
from tradestream_gui.alerts.parser import parse
from tradestream_gui.alerts.profiles.profile_book import ProfileBook
from tradestream_gui.alerts.profiles.profiles import choose_profile
from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.domain.alert_profile import AlertProfile, DefaultExpiry
from tradestream_gui.domain.alerts import ActionKind, AlertAction
from tradestream_gui.domain.ids import AnalystId, ChannelId, InstrumentId, LotId
from tradestream_gui.domain.instruments import AssetClass, Instrument, Right
from tradestream_gui.domain.messages import Arrival, MessageRevision
from tradestream_gui.domain.orders import Origin, Side
from tradestream_gui.domain.positions import Lot, OpenPart
from tradestream_gui.domain.quotes import DataKind, Quote
from tradestream_gui.domain.routing import Analyst, Channel, Route, RoutingRule, RoutingRules
from tradestream_gui.ports.source import IncomingMessage
from tradestream_gui.upkeep.settings import policies

D = Decimal
LOT_QTY = 8
SETTINGS = settings_with({}, {})

Contract = tuple[str, Decimal | None, Right | None]
"""What a label can say of a contract: symbol, strike, right."""


@dataclass(slots=True)
class Played:
    """What became of one message: the contracts that its exits and stops were bound to, or why it was held."""

    bound: set[Contract] = field(default_factory=set)
    bound_by: str = ""
    held: str = ""


class RoomWorld:
    """One room, or one author where the corpus names no room."""

    def __init__(self, channel: str, authors: Sequence[str]) -> None:
        self._reference = reference_data()
        self._channel = channel
        self._lots: dict[LotId, Lot] = {}
        self._quotes: dict[InstrumentId, Quote] = {}
        self._now = datetime(2024, 1, 1, tzinfo=EASTERN)
        self._inbox = Inbox()
        self._profiles = shipped_profiles()
        self.ask = self._questions()
        self._conversation = Conversation(self._inbox, self.ask, tuple, lambda key: None)
        self.rules = RoutingRules(
            analysts={
                AnalystId(author): Analyst(AnalystId(author), author, frozenset({author}), frozenset(), RoutingRule())
                for author in authors
            },
            channels={ChannelId(channel): Channel(ChannelId(channel), channel, "corpus", None, RoutingRule())},
            accounts={},
            defaults=policies.routing_rules(SETTINGS).defaults,
        )
        self._id_of_text: dict[str, str] = {}

    def play(self, row: Mapping[str, Any]) -> Played:
        """Takes one labelled row as a message; the label itself is not looked at."""
        revision = self._arrived(row)
        route = self.rules.route(ChannelId(self._channel), revision.author_id)
        assert route is not None
        reading = self.ask.read_message(revision, route.profile)
        outcome = Played()
        if reading.held:
            outcome.held = "parser: " + (reading.reasons[0].code if reading.reasons else "UNCLEAR")
            self._open_by_hand(reading.candidate, revision, route)
            return outcome
        context = opening_context(
            revision, route, policies.execution_policy(SETTINGS), self.ask, self._now, by_hand=False
        )
        context = replace(context, profile=_with_expiry(context.profile))
        book = self._conversation.book(revision, route, context.origin)
        found = resolve(reading.actions, book, context)
        if isinstance(found, Hold):
            outcome.held = found.code
            self._open_by_hand(reading.actions, revision, route)
            return outcome
        for intent in found:
            self._apply(intent, context.origin, outcome)
        return outcome

    def _arrived(self, row: Mapping[str, Any]) -> MessageRevision:
        sent_at = datetime.fromisoformat(row["ts"]).replace(tzinfo=EASTERN)
        self._now = max(self._now + timedelta(seconds=1), sent_at)
        reply = row["reply_to"]
        message = IncomingMessage(
            source="corpus", channel_id=self._channel, channel_name=self._channel, message_id=row["id"],
            author_id=row["author"], author_name=row["author"], text=row["text"], sent_at=self._now, order_no=0,
            arrival=Arrival.LIVE, reply_to_id=self._id_of_text.get(_start(reply)) if reply else None, reply_text=reply,
        )  # fmt: skip
        self._id_of_text[_start(row["text"])] = row["id"]
        revision = self._inbox.revise(message, self._now)
        assert revision is not None
        return revision

    def _open_by_hand(self, actions: Sequence[AlertAction], revision: MessageRevision, route: Route) -> None:
        """A person takes the entry that was held, so that what follows has its position."""
        context = opening_context(revision, route, policies.execution_policy(SETTINGS), self.ask, self._now)
        context = replace(context, profile=_with_expiry(context.profile))
        book = self._conversation.book(revision, route, context.origin)
        for action in actions:
            if action.kind is not ActionKind.OPEN:
                continue
            built = with_contract(action, book)
            instrument = built if isinstance(built, Hold) else contract_for(built[0], context)
            if not isinstance(instrument, Hold):
                side = entry_side(action, instrument)
                self._fill(instrument, side, said_price(action, side) or D(100), context.origin)

    def _apply(self, intent: Intent, origin: Origin, outcome: Played) -> None:
        if isinstance(intent, OpenIntent):
            price = intent.ticket.reference_price or D(100)
            if intent.ticket.lot_id is None:
                self._fill(intent.instrument, intent.ticket.side, price, origin)
            else:
                outcome.bound.add(_contract(intent.instrument))
                outcome.bound_by = "add"
        elif isinstance(intent, CloseIntent | StopIntent | TargetIntent):
            outcome.bound.add(_contract(self.ask.instrument_of(intent.lot.instrument_id)))
            outcome.bound_by = intent.bound_by
            if isinstance(intent, CloseIntent):
                self._reduce(intent)
        elif isinstance(intent, DoneIntent):
            outcome.held = intent.code

    def _fill(self, instrument: Instrument, side: Side, price: Decimal, origin: Origin) -> None:
        lot_id = LotId(f"L{len(self._lots)}")
        self._lots[lot_id] = Lot(
            lot_id, SIM, instrument.instrument_id, origin, side, (OpenPart(LOT_QTY, price),), opened_at=self._now,
            entry_qty=LOT_QTY, entry_value=price * LOT_QTY, max_qty=LOT_QTY,
        )  # fmt: skip
        gain = D("1.25") if instrument.asset_class is AssetClass.OPTION else D("1.005")
        self.set_quote(instrument, price * gain if side is Side.BUY else price / gain)

    def _reduce(self, intent: CloseIntent) -> None:
        lot = self._lots[intent.lot.lot_id]
        left, price = lot.open_qty - intent.qty, lot.open_parts[0].price
        self._lots[lot.lot_id] = replace(
            lot, open_parts=(OpenPart(left, price),) if left else (), exit_qty=lot.exit_qty + intent.qty,
            closed_at=None if left else self._now,
        )  # fmt: skip

    def set_quote(self, instrument: Instrument, price: Decimal) -> None:
        bid = instrument.round_to_tick(price)
        ask = bid + instrument.tick_at(bid)
        name = instrument.instrument_id
        self._quotes[name] = Quote(name, self._now, bid, 10, ask, 10, bid, DataKind.RECORDED)

    def _book_of(self, origin: Origin, revision: MessageRevision) -> Book:
        mine = [lot for lot in self._lots.values() if lot.origin.analyst_id == origin.analyst_id]
        positions = [OpenPosition(lot, None, self.ask.instrument_of(lot.instrument_id)) for lot in mine]
        day = timedelta(hours=20)
        return Book(
            positions=tuple(held for held in positions if not held.lot.is_flat and not self._has_expired(held)),
            closed=tuple(h for h in positions if h.lot.closed_at is not None and self._now - h.lot.closed_at <= day),
        )

    def _has_expired(self, held: OpenPosition) -> bool:
        return held.instrument.expiry is not None and held.instrument.expiry < self._now.astimezone(EASTERN).date()

    def _questions(self) -> DeskQuestions:
        reference = self._reference

        def option(symbol: str, expiry: date, right: Right, strike: Decimal) -> Instrument | None:
            return reference.option(symbol, expiry, right, strike) if reference.is_listed(symbol) else None

        def profile(name: str, revision: MessageRevision) -> AlertProfile:
            return choose_profile(self._profiles, revision.channel_id, revision.author_id)

        def instrument_of(instrument_id: InstrumentId) -> Instrument:
            found = reference.instrument(instrument_id)
            assert found is not None, instrument_id
            return found

        async def no_quote(instrument: Instrument) -> Quote | None:
            return None

        return DeskQuestions(
            read=lambda alert, chosen: parse(alert, chosen, is_us_trading_day),
            reading_json=lambda reading: "",
            profile=profile,
            profiles=ProfileBook(self._profiles),
            quote_at_hand=lambda instrument_id: None,
            ensure_quote=no_quote,
            book_of=self._book_of,
            contracts=Contracts(
                reference.resolve, option, lambda instrument: None, self._quotes.get, lambda instrument: None,
                is_us_trading_day,
            ),
            exchange_date=lambda at: at.astimezone(EASTERN).date(),
            trade_date=reference.calendar.account_day,
            instrument_of=instrument_of,
            account_kind=lambda account_id: AccountKind.SIMULATOR,
            limits=lambda account_id: policies.risk_limits(SETTINGS, account_id),
        )  # fmt: skip


def _with_expiry(profile: AlertProfile) -> AlertProfile:
    """A room whose policy leaves a missing expiry to a person has that person say Friday here."""
    if profile.default_expiry is not DefaultExpiry.NONE:
        return profile
    return replace(profile, default_expiry=DefaultExpiry.FRIDAY)


def _contract(instrument: Instrument) -> Contract:
    return instrument.family, instrument.strike, instrument.right


def _start(text: str) -> str:
    """The head of a text, by which a quoted reply is found again."""
    return " ".join(text.split())[:60]
