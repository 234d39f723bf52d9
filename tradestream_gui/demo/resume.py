"""Where a demo day goes on that ended early, and what of it comes again."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from tradestream_gui.adapters.brokers.paper.state import LedgerState
from tradestream_gui.demo.day import DemoDay
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.ports.journal import StoredState


def stored_until(state: StoredState) -> Iterable[datetime]:
    """The times up to which the program's own database goes."""
    yield from (order.updated_at for order in state.orders)
    yield from (fill.at for fill in state.fills)
    yield from (decision.at for decision in state.decisions)
    yield from (message.received_at for message in state.messages)


def traded_until(ledger: LedgerState) -> Iterable[datetime]:
    """The times up to which the simulated exchange went on: later than our database where its disk was full."""
    yield from (order.updated_at for order in ledger.orders)
    yield from (execution.report.at for execution in ledger.executions)


def day_from(day: DemoDay, known_until: datetime, since: datetime) -> DemoDay:
    """The rest of the day from `since`: what was stored does not come again; what was posted after `known_until`, when
    nothing could be stored any more, comes as messages that were missed, which never open a trade."""
    missed = tuple(
        replace(posting, message=replace(posting.message, arrival=Arrival.BACKFILL))
        for posting in day.postings
        if known_until < posting.at <= since
    )
    return replace(
        day,
        postings=(*missed, *(posting for posting in day.postings if posting.at > since)),
        clicks=tuple(click for click in day.clicks if click.at > since),
    )
