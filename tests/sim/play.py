"""One trade on a small core, whose events reach the program in an order that the test chooses."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from tests.sim.exchange import Report, VenueOrder
from tests.sim.small_core import NOON, SIM, SmallCore
from tests.trading.stage import MES
from tradestream_gui.domain.exits import PlanState
from tradestream_gui.domain.ids import LotId
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import Order, OrderRole
from tradestream_gui.domain.positions import Lot
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.ports.broker import LinkState, OrderReport

FREE = 6
"""Events that come in any order; what follows from them afterwards comes in its own."""
STEPS_S = (0.05, 0.8)
"""Between two events: too short for the desks to ask anybody, or long enough for that and for the sentinel."""
REST_S = 6.6
"""By then whatever is held has its stop: 5 s, the sentinel's second, and the way."""
END_S = 11.0
"""A comparison with the broker lies within it."""
ENTRY = Decimal(6326)


@dataclass(frozen=True, slots=True)
class Event:
    """Events of one name are the same one told twice."""

    name: str
    act: Callable[[], None]
    report: Report | None = None


class Play:
    """One trade on a core of its own. What the exchange says is kept until the order of the day brings it."""

    def __init__(self, *, linked: bool, step_s: float) -> None:
        self.core = SmallCore(linked=linked)
        self.core.wire.outlet = self._out
        self.bag: list[Event] = []
        self.problems: list[str] = []
        self.step_s = step_s
        self.may_exceed = False
        """Another road or the broker itself has made the position smaller than the exits, or turned it."""
        self.choices: list[tuple[int, int]] = []
        """Of each step: which event was taken, and of how many."""
        self.told: list[str] = []
        self._later: deque[Event] = deque()
        self._made = 0
        self._is_holding = False
        self._began = NOON
        self._deals_seen = 0
        self._heard: set[str] = set()

    # -- what a trade is made of -----------------------------------------------------------------------------

    async def enter(self, ticket: EntryTicket) -> None:
        """A market order has filled then, and its exits stand."""
        core = self.core
        await core.open()
        core.price(ENTRY)
        assert (await core.clock.do(core.entries.enter(ticket))).is_sent
        await core.clock.run(0.2)

    def price(self, bid: Decimal) -> None:
        self.core.price(bid)

    def order(self, role: OrderRole) -> Order:
        return next(order for order in self.core.blotter.orders() if order.role is role)

    def at_the_exchange(self, role: OrderRole) -> VenueOrder:
        return next(order for order in self.core.exchange.orders if order.role is role)

    @property
    def lot(self) -> Lot:
        return self.core.lots.lots()[0]

    def fill(self, role: OrderRole, qty: int, price: Decimal) -> None:
        """Somebody takes so much of an order, whatever its quantity says."""
        self.core.exchange._fill(self.at_the_exchange(role), qty, price, self.core.clock.now())
        self.core.wire.tell()

    def twice(self) -> None:
        """Every deal told so far is told once more."""
        for event in [event for event in self.bag if event.report and not isinstance(event.report, OrderReport)]:
            self._keep(event)

    def compare(self) -> None:
        """The lists of the broker are asked for, also in between."""
        work = self.core.reconciler.compare
        self._keep(Event("lists", lambda: self.core.tasks.spawn(work(SIM), "compare")))

    def break_link(self) -> None:
        self._keep(Event("link breaks", self._break))

    # -- the wire ----------------------------------------------------------------------------------------------

    def _out(self, report: Report) -> None:
        if self.core.wire.is_down:
            return
        if self._is_holding:
            self._keep(Event(_named(report), partial(self._hear, report), report))
        else:
            self._heard.add(_named(report))
            self.core.bring(report)

    def _hear(self, report: Report) -> None:
        self._heard.add(_named(report))
        self.core.hear(report)

    def _keep(self, event: Event) -> None:
        self._made += 1
        if self._made <= FREE:
            self.bag.append(event)
        else:
            self._later.append(event)

    def _break(self) -> None:
        """What is on its way is lost; the link comes back as an event of its own."""
        self.core.wire.is_down = True
        self.core.desk.on_link(self.core.wire.name, LinkState.DOWN, "connection reset")
        self.bag = [event for event in self.bag if event.report is None]
        self._later.clear()
        self.bag.append(Event("link is back", self._restore))

    def _restore(self) -> None:
        self.core.wire.is_down = False
        self.core.desk.on_link(self.core.wire.name, LinkState.UP, "")

    # -- the order of the day ----------------------------------------------------------------------------------

    async def run(self, act: Callable[["Play"], None], prefix: tuple[int, ...]) -> None:
        """Takes the events in the order that `prefix` says, and from there on the oldest first."""
        self._is_holding, self._began = True, self.core.clock.now()
        act(self)
        await self._step()
        while self.bag:
            ways = list({event.name: event for event in self.bag}.values())
            number = prefix[len(self.choices)] if len(self.choices) < len(prefix) else 0
            self.choices.append((number, len(ways)))
            self.told.append(ways[number].name)
            self.bag.remove(ways[number])
            ways[number].act()
            await self._step()
        self._is_holding = False
        for event in self._later:
            event.act()
            await self._step()
        await self.core.clock.run(REST_S)
        self._look()
        self._check_cover()
        await self.core.clock.run(END_S - REST_S)
        self._look()
        self._check_cover()
        self._check_rest()

    async def _step(self) -> None:
        await self.core.clock.run(self.step_s)
        self._look()

    # -- what must hold ----------------------------------------------------------------------------------------

    @property
    def held(self) -> int:
        return self.core.exchange.positions(self.core.clock.now()).get(MES, 0)

    def _look(self) -> None:
        """I1, I2, I3 and I7 at every step, by the exchange's own books."""
        exchange = self.core.exchange
        self.problems += [f"I1 {name} arrived {count} times" for name, count in exchange.arrivals.items() if count > 1]
        self.problems += [f"I2 {name} left before its intent was stored" for name in self.core.wire.unstored]
        leaving = sum(order.side.sign * order.leaves_qty for order in exchange.live_orders() if _leaves(order))
        if not self.may_exceed and (leaving * self.held > 0 or abs(leaving) > abs(self.held)):
            self.problems.append(f"I3 exits of {leaving:+d} stand over {self.held:+d}")
        self._check_deals()
        booked = [deal.report for deal in exchange.deals if self.core.blotter.is_booked(SIM, deal.report.exec_id)]
        ours = self.core.lots.net_qty(SIM, MES) + self.core.lots.external_qty(SIM, MES)
        if ours != sum(report.side.sign * report.last_qty for report in booked):
            self.problems.append(f"I7 the lots hold {ours:+d}, what was booked makes another sum")
        unbooked = {_named(deal.report) for deal in exchange.deals} - {_named(report) for report in booked}
        self.problems += [f"I7 {name} was told and is not booked" for name in sorted(unbooked & self._heard)]

    def _check_deals(self) -> None:
        """I3 once more: an exit that fills never opens anything."""
        deals = self.core.exchange.deals
        while self._deals_seen < len(deals):
            deal = deals[self._deals_seen]
            after = sum(one.report.side.sign * one.report.last_qty for one in deals[: self._deals_seen + 1])
            before = after - deal.report.side.sign * deal.report.last_qty
            self._deals_seen += 1
            if deal.order.role not in (None, OrderRole.ENTRY) and (before * after < 0 or abs(after) > abs(before)):
                self.problems.append(f"I3 a {deal.order.role.value} opened: {before:+d} became {after:+d}")

    def _check_cover(self) -> None:
        """I4: what is held leaves by a stop or a close of its size."""
        roles = (OrderRole.STOP, OrderRole.CLOSE)
        covering = [order for order in self.core.exchange.live_orders() if order.role in roles]
        covered = -sum(order.side.sign * order.leaves_qty for order in covering)
        if covered != self.held:
            self.problems.append(f"I4 {self.held:+d} held, stops for {covered:+d}")

    def _check_rest(self) -> None:
        """I7 to the cent and I12: the books are the broker's."""
        core = self.core
        if self.held != core.lots.net_qty(SIM, MES) + core.lots.external_qty(SIM, MES):
            self.problems.append(f"I7 {self.held:+d} held, the lots say {core.lots.net_qty(SIM, MES):+d}")
        live = {order.cl_ord_id: order.leaves_qty for order in core.exchange.live_orders()}
        here = {order.cl_ord_id: order.leaves_qty for order in core.blotter.open_orders() if order.is_working}
        if live != here or len(here) != len(core.blotter.open_orders()):
            self.problems.append(f"I12 at the broker {live}, here {[_told(one) for one in core.blotter.open_orders()]}")
        made = sum((_money(core, deal.report) for deal in core.exchange.deals), ZERO)
        if core.lots.external_qty(SIM, MES) == 0 and made != sum((_net(core, lot) for lot in core.lots.lots()), ZERO):
            self.problems.append(f"I7 the broker's deals make ${made}, the lots another sum")
        self.problems += core.failures

    def end(self) -> tuple[Any, ...]:
        """What must be the same whatever came first."""
        core = self.core
        lots = tuple(
            (lot.signed_qty, lot.realized_pnl, lot.commission, lot.entry_value, _plan(core, lot.lot_id))
            for lot in core.lots.lots()
        )
        live = sorted(
            (order.role.value, order.leaves_qty, order.limit_price, order.stop_price)
            for order in core.exchange.live_orders() if order.role is not None
        )  # fmt: skip
        first = tuple(_told(order) for order in core.blotter.orders() if order.created_at < self._began)
        return self.held, lots, tuple(live), first, core.accounts.state(SIM).trading_state.value


def _leaves(order: VenueOrder) -> bool:
    """Whether the order takes out of the position by itself; a linked target does it through its stop."""
    return order.role not in (None, OrderRole.ENTRY) and not (order.group and order.role is OrderRole.TARGET)


def _named(report: Report) -> str:
    if isinstance(report, OrderReport):
        return f"{report.cl_ord_id} {report.ord_status.value} {report.cum_qty} of {report.order_qty} {report.text}"
    return f"deal {report.exec_id}"


def _told(order: Order) -> tuple[Any, ...]:
    avg_px = None if order.avg_px is None else round(order.avg_px, 8)
    return order.role.value, order.ord_status.value, order.cum_qty, avg_px


def _plan(core: SmallCore, lot_id: LotId) -> tuple[Any, ...]:
    plan = core.exits.plan(lot_id)
    if plan is None:
        return ()
    steps = tuple((step.price, step.qty, step.filled_qty) for step in plan.targets)
    if plan.state is PlanState.DONE:
        return plan.state.value, steps
    return plan.state.value, plan.stop_price, plan.stop_at_break_even, steps, plan.close_qty


def _money(core: SmallCore, report: Any) -> Decimal:
    """What an execution put into the account, fees taken off."""
    return -core.instrument.money(report.last_px, report.side.sign * report.last_qty) - Decimal(report.commission)


def _net(core: SmallCore, lot: Lot) -> Decimal:
    held = sum((core.instrument.money(part.price, part.qty * lot.side.sign) for part in lot.open_parts), ZERO)
    return lot.realized_pnl - lot.commission - held
