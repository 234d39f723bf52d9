"""What one author has open and pending in one channel: all that an alert of theirs may touch."""

from tradestream_gui.alerts.intents import OpenPosition, PendingEntry
from tradestream_gui.alerts.resolver import Book
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.orders import OrderRole, Origin
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.lot_book import InstrumentLookup, LotBook


class AuthorBook:
    """Answers from the owners of lots, orders and plans; keeps nothing itself."""

    def __init__(self, *, lots: LotBook, blotter: Blotter, exits: ExitDesk, instrument_of: InstrumentLookup) -> None:
        self._lots = lots
        self._blotter = blotter
        self._exits = exits
        self._instrument_of = instrument_of

    def of(self, origin: Origin, revision: MessageRevision) -> Book:
        positions = tuple(
            OpenPosition(lot, self._exits.plan(lot.lot_id), self._instrument_of(lot.instrument_id))
            for lot in self._lots.open_lots()
            if _same_author_here(lot.origin, origin, revision)
        )
        pending = tuple(
            PendingEntry(order.cl_ord_id, self._instrument_of(order.instrument_id), order.origin.message_key or "")
            for order in self._blotter.open_orders(role=OrderRole.ENTRY)
            if _same_author_here(order.origin, origin, revision)
        )
        asked = revision.reply_to
        replied = [lot for lot in self._lots.lots() if asked is not None and lot.origin.message_key == asked]
        return Book(positions, pending, revision.reply_to, bool(replied) and all(lot.is_flat for lot in replied))


def _same_author_here(held: Origin, asking: Origin, revision: MessageRevision) -> bool:
    """The same analyst in the same channel, whichever source brought the message."""
    if held.analyst_id != asking.analyst_id or held.message_key is None:
        return False
    return held.message_key.split(":")[1] == revision.channel_id
