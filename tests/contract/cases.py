"""Words that the contract's cases share: the position, an order found again, an open bracket, a cautious attempt."""

from tests.contract.venues import Venue
from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable
from tradestream_gui.domain.ids import ClOrdId
from tradestream_gui.domain.orders import Order, OrderRole, OrdType, Side
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
    """Two contracts long, a stop for both and a linked target for one."""
    await venue.broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 2))
    await venue.settle()
    await venue.broker.place(
        venue.order("STOP", Side.SELL, OrdType.STOP, 2, stop="6316", role=OrderRole.STOP, group="G")
    )
    await venue.broker.place(
        venue.order("TARGET", Side.SELL, OrdType.LIMIT, 1, limit="6333", role=OrderRole.TARGET, group="G")
    )
    await venue.settle()


async def attempt(venue: Venue, order: Order) -> str:
    """Sends an order once, as the desk does; says how that ended: handed over, refused or unknown."""
    try:
        await venue.broker.place(order)
    except BrokerRejected:
        return "refused"
    except BrokerUnreachable:
        return "unknown"
    return "handed over"
