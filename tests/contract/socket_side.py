"""What venues over real sockets share: the order as the desk makes it, and reconnecting as the reconciler does it."""

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal

from tests.adapters.brokers.paper.rig import Journal
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId, LotId
from tradestream_gui.domain.orders import MANUAL, Order, OrderRole, OrdType, Side, TimeInForce
from tradestream_gui.ports.broker import Broker
from tradestream_gui.ports.clock import Clock

LIMIT_S = 5.0
"""Scaled like the timeouts: 25 seconds in the program."""
RETRY_S = 0.1
PATIENCE_S = 15.0


def draft(
    account_id: AccountId,
    clock: Clock,
    cl_ord_id: str,
    side: Side,
    ord_type: OrdType,
    qty: int,
    *,
    limit: str | None = None,
    stop: str | None = None,
    role: OrderRole = OrderRole.ENTRY,
    group: str | None = None,
    trail: str | None = None,
    instrument_id: str = "ESZ6",
    tif: TimeInForce = TimeInForce.GTC,
) -> Order:
    now = clock.now()
    return Order(
        cl_ord_id=ClOrdId(cl_ord_id),
        account_id=account_id,
        instrument_id=InstrumentId(instrument_id),
        lot_id=LotId("L1"),
        origin=MANUAL,
        role=role,
        side=side,
        ord_type=ord_type,
        order_qty=qty,
        time_in_force=tif,
        created_at=now,
        updated_at=now,
        limit_price=Decimal(limit) if limit else None,
        stop_price=Decimal(stop) if stop else None,
        trail=Decimal(trail) if trail else None,
        oca_group=group,
    )


async def until_up(broker: Broker, journal: Journal, settle: Callable[[], Awaitable[None]]) -> None:
    """Tries as the reconciler does, until the link is up and everything has come to rest."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                await broker.connect(journal)
                await settle()
            except BrokerUnreachable:
                await asyncio.sleep(RETRY_S)
            else:
                return
