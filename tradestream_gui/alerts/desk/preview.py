"""What a message would come to now, without deciding or sending anything: reading, route, intents, risk."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from tradestream_gui.alerts.binding.binding import Book
from tradestream_gui.alerts.binding.intents import Hold, Intent
from tradestream_gui.alerts.binding.opening import OpeningContext
from tradestream_gui.alerts.binding.resolver import resolve
from tradestream_gui.alerts.desk.decision_book import Card
from tradestream_gui.alerts.desk.judgement import opens
from tradestream_gui.alerts.desk.questions import DeskQuestions
from tradestream_gui.domain.alerts import Reading
from tradestream_gui.domain.ids import AccountId, ChannelId
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import Origin, OriginKind
from tradestream_gui.domain.policies import ExecutionPolicy
from tradestream_gui.domain.routing import Route, RoutingRules

BookOf = Callable[[MessageRevision, Route, Origin], Book]


@dataclass(frozen=True, slots=True)
class Preview:
    """`route` is None for somebody nobody follows, `reading` too then. `outcome` is what binding it gave: intents
    or a hold; None where there is nothing to bind."""

    route: Route | None
    reading: Reading | None
    outcome: tuple[Intent, ...] | Hold | None

    @property
    def opens(self) -> bool:
        return self.reading is not None and opens(self.reading)


def preview_of(
    revision: MessageRevision,
    rules: RoutingRules,
    execution: ExecutionPolicy,
    ask: DeskQuestions,
    book_of: BookOf,
    now: datetime,
) -> Preview:
    """Reads and binds the message as the desk would, held readings as if a person had said yes."""
    route = rules.route(ChannelId(revision.channel_id), revision.author_id)
    if route is None:
        return Preview(None, None, None)
    reading = ask.read_message(revision, route.profile)
    actions = reading.actions or reading.candidate
    if not actions:
        return Preview(route, reading, None)
    context = opening_context(revision, route, execution, ask, now)
    found = resolve(actions, book_of(revision, route, context.origin), context)
    return Preview(route, reading, found if isinstance(found, Hold) else tuple(found))


def preview_of_card(
    card: Card,
    account_id: AccountId,
    execution: ExecutionPolicy,
    ask: DeskQuestions,
    book_of: BookOf,
    now: datetime,
) -> Preview:
    """Binds what waits as an answer given now would, on the route's account or on another one."""
    revision, route = card.revision, replace(card.route, account_id=account_id)
    actions = card.reading.actions or card.reading.candidate
    context = opening_context(revision, route, execution, ask, now, by_hand=True)
    found = resolve(actions, book_of(revision, route, context.origin), context)
    return Preview(route, card.reading, found if isinstance(found, Hold) else tuple(found))


def opening_context(
    revision: MessageRevision,
    route: Route,
    execution: ExecutionPolicy,
    ask: DeskQuestions,
    now: datetime,
    *,
    by_hand: bool = False,
) -> OpeningContext:
    """Everything that turns the message's actions into numbers."""
    return OpeningContext(
        route=route,
        profile=ask.profile(route.profile, revision),
        limits=ask.limits(route.account_id),
        execution=execution,
        origin=origin_of(revision, route),
        contracts=ask.contracts,
        at=now,
        exchange_date=ask.exchange_date(now),
        by_hand=by_hand,
    )


def origin_of(revision: MessageRevision, route: Route) -> Origin:
    """Whose the orders of this message are."""
    analyst = route.analyst
    return Origin(OriginKind.ALERT, revision.message_key, analyst.analyst_id, revision.channel_name, analyst.name)
