"""What a contract case needs of a venue besides its Broker: a market, a link that breaks, and its own order count."""

from typing import Protocol

from tests.adapters.brokers.paper.rig import Journal, Rig
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId
from tradestream_gui.domain.orders import Order, OrderRole, OrdType, Side
from tradestream_gui.ports.broker import Broker


class Venue(Protocol):
    """One broker under test with the controls of its simulated far side."""

    @property
    def broker(self) -> Broker: ...

    @property
    def journal(self) -> Journal:
        """Everything heard since the last connect."""

    @property
    def account_id(self) -> AccountId: ...

    @property
    def instrument_id(self) -> InstrumentId: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def settle(self) -> None:
        """Returns when everything under way has come to rest."""

    async def price(self, bid: str, ask: str, *, last: str, size: int = 50) -> None:
        """The market's new best prices and last trade."""

    def order(
        self,
        cl_ord_id: str,
        side: Side,
        ord_type: OrdType,
        qty: int,
        *,
        limit: str | None = None,
        stop: str | None = None,
        role: OrderRole = OrderRole.ENTRY,
        group: str | None = None,
    ) -> Order: ...

    async def lose_link_after_acceptance(self, cl_ord_id: ClOrdId) -> None:
        """The order stands at the venue, but its answer never arrives."""

    async def lose_link_before_acceptance(self) -> None:
        """What was sent last never reaches the venue."""

    async def reconnect(self) -> None:
        """A new start of our side; the venue remembers what it knew."""

    async def trade_elsewhere(self) -> None:
        """The venue closes our position by an order that is not ours."""

    async def orders_at_venue(self) -> int:
        """How many orders the venue has ever taken in, rejected ones included."""


class PaperVenue:
    """The paper broker in virtual time; its far side is its own ledger."""

    def __init__(self) -> None:
        self._rig = Rig()
        self.account_id = AccountId("SIM-1")
        self.instrument_id = InstrumentId("ESZ6")

    @property
    def broker(self) -> Broker:
        return self._rig.broker

    @property
    def journal(self) -> Journal:
        return self._rig.journal

    async def start(self) -> None:
        await self._rig.connect()

    async def stop(self) -> None:
        await self._rig.broker.close()
        await self._rig.tasks.close()

    async def settle(self) -> None:
        await self._rig.run(1)

    async def price(self, bid: str, ask: str, *, last: str, size: int = 50) -> None:
        self._rig.quote(bid, ask, last=last, size=size)
        await self.settle()

    def order(
        self,
        cl_ord_id: str,
        side: Side,
        ord_type: OrdType,
        qty: int,
        *,
        limit: str | None = None,
        stop: str | None = None,
        role: OrderRole = OrderRole.ENTRY,
        group: str | None = None,
    ) -> Order:
        return self._rig.order(
            side, ord_type, qty, limit=limit, stop=stop, role=role, group=group, cl_ord_id=cl_ord_id
        )

    async def lose_link_after_acceptance(self, cl_ord_id: ClOrdId) -> None:
        while await self._rig.broker.find_order(self.account_id, cl_ord_id) is None:
            await self._rig.run(0.001)

    async def lose_link_before_acceptance(self) -> None:
        await self._rig.tasks.close()

    async def reconnect(self) -> None:
        self._rig = await self._rig.restart()

    async def trade_elsewhere(self) -> None:
        await self._rig.broker.flatten(self.account_id)
        await self.settle()

    async def orders_at_venue(self) -> int:
        return len((await self._rig.ledger.load()).orders)


VENUES: dict[str, type[Venue]] = {"paper": PaperVenue}
