"""Words that the contract's cases share: the position, an order found again, an open bracket, a cautious attempt."""

from tests.contract.venues import Venue
from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable
from tradestream_gui.domain.ids import ClOrdId
from tradestream_gui.domain.orders import Order, OrderRole, OrdStatus, OrdType, Side
from tradestream_gui.ports.broker import OrderReport

A, STOP, TARGET = ClOrdId("A"), ClOrdId("STOP"), ClOrdId("TARGET")


async def position(venue: Venue) -> int:
    positions = await venue.broker.positions(venue.account_id)
    return sum(one.signed_qty for one in positions if one.instrument_id == venue.instrument_id)


async def found(venue: Venue, cl_ord_id: ClOrdId) -> OrderReport:
    report = await venue.broker.find_order(venue.account_id, cl_ord_id)
    assert report is not None
    return report


async def open_bracket(venue: Venue) -> None:
    """Two contracts long and a target for one of them. Where exits are linked the stop covers both, else what the
    target leaves, as the exit desk does it."""
    await venue.broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 2))
    await venue.settle()
    linked = venue.broker.capabilities.linked_exits
    group = "G" if linked else None
    await venue.broker.place(
        venue.order("STOP", Side.SELL, OrdType.STOP, stop_qty(venue), stop="6316", role=OrderRole.STOP, group=group)
    )
    await venue.broker.place(
        venue.order("TARGET", Side.SELL, OrdType.LIMIT, 1, limit="6333", role=OrderRole.TARGET, group=group)
    )
    await venue.settle()


def stop_qty(venue: Venue) -> int:
    """What the stop of the open bracket covers."""
    return 2 if venue.broker.capabilities.linked_exits else 1


async def close_in_place_of_the_stop(venue: Venue, qty: int) -> None:
    """Turns the stop into the closing order; where a broker cannot do that, the stop goes first, as the exit desk does
    it, and the close comes when that is certain."""
    if venue.broker.capabilities.amend_ord_type:
        await venue.broker.replace(
            venue.account_id, STOP, order_qty=qty, limit_price=None, stop_price=None, ord_type=OrdType.MARKET
        )
        return
    await venue.broker.cancel(venue.account_id, STOP)
    await venue.settle()
    if (await found(venue, STOP)).ord_status is OrdStatus.CANCELED:
        await venue.broker.place(venue.order("CLOSE", Side.SELL, OrdType.MARKET, qty, role=OrderRole.CLOSE))


async def flatten(venue: Venue) -> None:
    """Closes all; a target that is not linked to the stop goes first."""
    if not venue.broker.capabilities.linked_exits:
        await venue.broker.cancel(venue.account_id, TARGET)
        await venue.settle()
    await close_in_place_of_the_stop(venue, 2)


def orders_of_a_flattening(venue: Venue) -> int:
    """How many orders an open bracket and its flattening are."""
    return 3 if venue.broker.capabilities.amend_ord_type else 4


async def attempt(venue: Venue, order: Order) -> str:
    """Sends an order once, as the desk does; says how that ended: handed over, refused or unknown."""
    try:
        await venue.broker.place(order)
    except BrokerRejected:
        return "refused"
    except BrokerUnreachable:
        return "unknown"
    return "handed over"
