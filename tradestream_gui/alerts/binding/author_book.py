"""What one author has open and pending in one channel: all that an alert of theirs may touch."""

from datetime import date, timedelta

from tradestream_gui.alerts.binding.binding import Book
from tradestream_gui.alerts.binding.intents import OpenPosition, PendingEntry
from tradestream_gui.alerts.grammar.dates import EASTERN
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import OrderRole, Origin
from tradestream_gui.domain.positions import Lot
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.lot_book import InstrumentLookup, LotBook

SAME_DAY = timedelta(hours=20)
"""How far back a position of the same trade date can have been closed."""


class AuthorBook:
    """Answers from the owners of lots, orders and plans; keeps nothing itself."""

    def __init__(self, *, lots: LotBook, blotter: Blotter, exits: ExitDesk, instrument_of: InstrumentLookup) -> None:
        self._lots = lots
        self._blotter = blotter
        self._exits = exits
        self._instrument_of = instrument_of

    def of(self, origin: Origin, revision: MessageRevision) -> Book:
        """Open and pending, and what has been closed in the hours before the message. A contract that has expired is
        nobody's to trade, though its lot may stand until it is settled."""
        today, since = revision.received_at.astimezone(EASTERN).date(), revision.received_at - SAME_DAY
        mine = [
            self._position(lot)
            for lot in self._lots.lots()
            if (lot.closed_at is None or lot.closed_at >= since) and _same_author_here(lot.origin, origin, revision)
        ]
        pending = tuple(
            PendingEntry(
                order.cl_ord_id,
                self._instrument_of(order.instrument_id),
                order.origin.message_key or "",
                order.lot_id,
                self._exits.plan(order.lot_id),
            )
            for order in self._blotter.open_orders(role=OrderRole.ENTRY)
            if _same_author_here(order.origin, origin, revision)
        )
        return Book(
            positions=tuple(held for held in mine if not held.lot.is_flat and _is_alive(held, today)),
            pending=pending,
            closed=tuple(held for held in mine if held.lot.closed_at is not None),
        )

    def _position(self, lot: Lot) -> OpenPosition:
        return OpenPosition(lot, self._exits.plan(lot.lot_id), self._instrument_of(lot.instrument_id))


def _same_author_here(held: Origin, asking: Origin, revision: MessageRevision) -> bool:
    """The same analyst in the same channel, whichever source brought the message."""
    if held.analyst_id != asking.analyst_id or held.message_key is None:
        return False
    return held.message_key.split(":")[1] == revision.channel_id


def _is_alive(held: OpenPosition, today: date) -> bool:
    return held.instrument.expiry is None or held.instrument.expiry >= today
