"""The paper broker as a venue of the contract: virtual time, and a link that repeats and reorders on request."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from tests.adapters.brokers.paper.rig import Journal, Rig
from tests.contract.venues import Fault, Request
from tradestream_gui.adapters.brokers.paper.outbox import PaperLink
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId
from tradestream_gui.domain.orders import Order, OrderRole, OrdType, Side
from tradestream_gui.ports.broker import Broker

HOLD_S = 0.5
"""How long the reordering link keeps a report back before its batch is delivered backwards."""
_NO_SESSION = "it stands in this process: there is no log-in, no session and no socket"


class FaultyLink:
    """Carries like the link inside, each report twice or each batch backwards."""

    def __init__(self, inner: PaperLink, rig: Rig) -> None:
        self._inner = inner
        self._rig = rig
        self._held: list[Callable[[], None]] = []
        self.repeats = False
        self.reverses = False

    def carry_command(self, action: Callable[[], None]) -> None:
        self._inner.carry_command(action)

    def carry_report(self, action: Callable[[], None]) -> None:
        if self.reverses:
            if not self._held:
                self._rig.clock.call_later(HOLD_S, self._deliver_backwards)
            self._held.append(action)
            return
        self._inner.carry_report(action)
        if self.repeats:
            self._inner.carry_report(action)

    def cut(self) -> None:
        self._held.clear()
        self._inner.cut()

    def _deliver_backwards(self) -> None:
        held, self._held = self._held[::-1], []
        for action in held:
            action()


class PaperVenue:
    """The paper broker in virtual time; its far side is its own ledger."""

    left_out: ClassVar[Mapping[Fault, str]] = {
        Fault.WRONG_LOGIN: _NO_SESSION,
        Fault.LOGIN_NEEDS_USER: _NO_SESSION,
        Fault.SESSION_ENDS: _NO_SESSION,
        Fault.THROTTLED: _NO_SESSION,
        Fault.NO_ANSWER: _NO_SESSION,
        Fault.GARBAGE: _NO_SESSION,
        Fault.HALF_OPEN: _NO_SESSION,
        Fault.LATE_REJECT: "it rejects at once or never",
        Fault.SERVER_ERROR: _NO_SESSION,
        Fault.CLOCK_BEHIND: "it has our own clock",
        Fault.CLOCK_AHEAD: "it has our own clock",
    }
    tells_open_profit: ClassVar[bool] = True

    def __init__(self) -> None:
        self._rig = Rig(wrap_link=self._wrap)
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

    async def inject(self, fault: Fault) -> None:
        assert fault not in self.left_out
        self._link.repeats = fault is Fault.DUPLICATE_EVENTS
        self._link.reverses = fault is Fault.FILL_FIRST

    async def heal(self) -> None:
        await self.settle()
        self._link.repeats = self._link.reverses = False

    async def link_is_back(self) -> None:
        await self.reconnect()

    async def link_is_told_down(self) -> None:
        await self._rig.broker.close()

    async def lose_link_after_acceptance(self, cl_ord_id: ClOrdId, request: Request) -> None:
        await request()
        while await self._rig.broker.find_order(self.account_id, cl_ord_id) is None:
            await self._rig.run(0.001)

    async def lose_link_before_acceptance(self, request: Request) -> None:
        await request()
        await self._rig.tasks.close()

    async def reconnect(self) -> None:
        self._rig = await self._rig.restart()

    async def trade_elsewhere(self) -> None:
        await self._rig.broker.flatten(self.account_id)
        await self.settle()

    async def orders_at_venue(self) -> int:
        return len((await self._rig.ledger.load()).orders)

    async def client_ids_there(self) -> list[str]:
        return [one.cl_ord_id for one in (await self._rig.ledger.load()).orders if one.cl_ord_id is not None]

    def _wrap(self, inner: PaperLink, rig: Rig) -> PaperLink:
        self._link = FaultyLink(inner, rig)
        return self._link
