"""Brings our books and the broker's together: at the start, after each reconnect, and on a timer."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.events import AccountCompared, BrokerLinkChanged, Notice, NoticeKind, Severity
from tradestream_gui.domain.ids import AccountId, ClOrdId
from tradestream_gui.domain.orders import IN_FLIGHT, Order, OrdStatus
from tradestream_gui.ports.broker import Broker, ExecutionReport, LinkState, OrderReport
from tradestream_gui.ports.clock import Clock
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.broker_silence import BrokerSilence
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.external_orders import ExternalOrders
from tradestream_gui.trading.lot_book import LotBook
from tradestream_gui.trading.net_positions import NetPositions
from tradestream_gui.trading.order_desk import OrderDesk
from tradestream_gui.trading.recovery import Recovery

INTERVAL_S = 10.0
RETRY_S = 5.0
"""How soon a broker that gave no answer is compared with again."""
ASKED_TIMES = 3
ASK_AGAIN_S = 1.0
"""How often, and how soon again, one list is asked for before the broker counts as giving no answer: a comparison needs
all of them, and one that loses every other answer would hardly ever be compared with."""
QUIET_S = 5.0
"""Orders with activity within this time are left out of comparisons: their answers may be under way."""
LOOK_BACK = timedelta(days=7)
ABSENT_S = 10.0
"""How far apart two complete comparisons are that both lack an order, before it counts as not there."""

_log = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")


class Reconciler:
    """No answer is never "empty": a list that fails leaves the account RECONCILING and is asked for again."""

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        blotter: Blotter,
        lots: LotBook,
        accounts: AccountBook,
        desk: OrderDesk,
        exits: ExitDesk,
        recovery: Recovery,
        positions: NetPositions,
        external_orders: ExternalOrders,
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._blotter = blotter
        self._lots = lots
        self._accounts = accounts
        self._desk = desk
        self._exits = exits
        self._absent_since: dict[ClOrdId, float] = {}
        self._recovery = recovery
        self._positions = positions
        self._external_orders = external_orders
        self._reconnected: set[AccountId] = set()
        self._owed: set[AccountId] = set()
        """Accounts whose last comparison was broken off."""
        self._silence = BrokerSilence(bus=bus, clock=clock, lots=lots)
        bus.subscribe(BrokerLinkChanged, self._on_link)

    async def start_account(self, account_id: AccountId) -> bool:
        """Recovery: True when the account is reconciled and open for what its kind and stored state allow."""
        self._accounts.set_state(account_id, TradingState.RECONCILING, "comparing with the broker")
        try:
            await self.compare(account_id, is_start=True)
        except BrokerUnreachable as error:
            self._accounts.set_state(account_id, TradingState.RECONCILING, f"the broker gave no answer: {error}")
            return False
        self._accounts.set_state(account_id, TradingState.ACTIVE, "ready")
        return True

    async def watch(self) -> None:
        """Compares every account again and again until cancelled; one whose broker was away is started again."""
        compared_s = self._clock.monotonic()
        while True:
            await self._clock.sleep(RETRY_S)
            is_time = self._clock.monotonic() - compared_s >= INTERVAL_S
            if is_time:
                compared_s = self._clock.monotonic()
            for account in self._accounts.accounts():
                if self._accounts.is_barred(account.account_id):
                    continue
                try:
                    await self._look_after(account.account_id, is_time=is_time)
                    self._owed.discard(account.account_id)
                except BrokerUnreachable as error:
                    self._owed.add(account.account_id)
                    _log.warning("account %s was not compared: %s", account.account_id, error)
                self._silence.look(account)

    async def _look_after(self, account_id: AccountId, *, is_time: bool) -> None:
        if not self._desk.is_linked(account_id):
            await self._desk.broker_of(account_id).connect(self._desk)
        state = self._accounts.state(account_id).trading_state
        if state in (TradingState.STARTING, TradingState.RECONCILING):
            await self.start_account(account_id)
        elif (
            is_time
            or account_id in self._owed
            or account_id in self._reconnected
            or self._positions.has_doubts(account_id)
            or self._has_unanswered(account_id)
        ):
            await self.compare(account_id)

    def _on_link(self, fact: BrokerLinkChanged) -> None:
        """After every reconnect the accounts are compared, halted and locked ones too."""
        if fact.state == LinkState.UP.value:
            its = (each.account_id for each in self._accounts.accounts() if each.broker == fact.broker)
            self._reconnected.update(its)

    def _has_unanswered(self, account_id: AccountId) -> bool:
        """Orders from before a crash are too young to judge at once, and a stop among them must not wait for long."""
        now = self._clock.now()
        return any(
            order.ord_status in (OrdStatus.PENDING_NEW, OrdStatus.SENT)
            and (now - order.updated_at).total_seconds() >= QUIET_S
            for order in self._blotter.open_orders(account_id)
        )

    async def compare(self, account_id: AccountId, *, is_start: bool = False) -> None:
        """Books missed fills, adopts order states, finds what vanished, and counts what is not ours. At a start
        nobody waits any more for the answers to what was sent before: it is asked for at once."""
        broker, left_from = self._desk.broker_of(account_id), self._clock.now() if is_start else None

        async def executions_now() -> tuple[ExecutionReport, ...]:
            return await broker.executions(account_id, self._clock.now() - LOOK_BACK)

        executions = await self._answer(account_id, executions_now)
        self._book_at_once(executions)
        positions = await self._answer(account_id, partial(broker.positions, account_id))
        asked_at = self._clock.now()
        working = await self._answer(account_id, partial(broker.open_orders, account_id))
        held = {position.instrument_id: position.signed_qty for position in positions}
        told_since = self._told_since(account_id, asked_at)
        await self._recovery.take_over(account_id, executions, working, held)
        self._desk.book(executions)
        for cl_ord_id in tuple(self._absent_since):
            known_here = self._blotter.order(cl_ord_id)
            if known_here is None or known_here.ord_status is not OrdStatus.UNCERTAIN:
                self._absent_since.pop(cl_ord_id)
        known, others = [], []
        for report in working:
            order = self._desk.order_of(report)
            if order is None:
                others.append(report)
            else:
                known.append((order, report))
        self._external_orders.compare(account_id, others)
        for order, report in known:
            if order.cl_ord_id not in told_since and not _says_nothing_new(report, order):
                self._sent_after_all(order)
                self._desk.on_order(report)
        await self._find_missing(account_id, broker, {order.cl_ord_id for order, _ in known}, left_from)
        if await self._answer(account_id, executions_now) == executions:
            self._positions.compare(account_id, held)
            self._reconnected.discard(account_id)
            if not self._positions.has_doubts(account_id):
                self._bus.publish(AccountCompared(account_id, self._clock.now()))
        self._silence.end(self._accounts.account(account_id))
        for lot in self._lots.open_lots(account_id):
            self._exits.align(lot.lot_id)
        self._desk.on_balance(await self._answer(account_id, partial(broker.balance, account_id)))

    async def _answer(self, account_id: AccountId, ask: Callable[[], Awaitable[_Answer]]) -> _Answer:
        """Raises BrokerUnreachable where it does not come."""
        for _ in range(ASKED_TIMES - 1):
            try:
                return await ask()
            except BrokerUnreachable:
                if not self._desk.is_linked(account_id):
                    raise
                await self._clock.sleep(ASK_AGAIN_S)
        return await ask()

    def _told_since(self, account_id: AccountId, at: datetime) -> set[ClOrdId]:
        """The orders whose size or state the broker has told since a list of orders was asked for: the list is older,
        and what it says of a stop that has grown meanwhile would look like a cut by a linked order."""
        return {
            order.cl_ord_id
            for order in self._blotter.open_orders(account_id)
            if order.updated_at > at and order.is_working
        }

    def _book_at_once(self, executions: Sequence[ExecutionReport]) -> None:
        """What this list tells waits for no other one: exits of a position that was closed elsewhere must not fill
        meanwhile. Only where an order of ours must be taken over first nothing is booked out of its turn."""
        fresh = self._blotter.unbooked(executions)
        if all(one.cl_ord_id is None or self._blotter.order(one.cl_ord_id) is not None for one in fresh):
            self._desk.book(fresh)

    async def _find_missing(
        self, account_id: AccountId, broker: Broker, working: set[ClOrdId], left_from: datetime | None
    ) -> None:
        """Asks about each order that is open here and not in the broker's list; no single answer is believed."""
        now = self._clock.now()
        for order in self._blotter.open_orders(account_id):
            quiet_s = (now - order.updated_at).total_seconds()
            if order.cl_ord_id in working or (quiet_s < QUIET_S and order.ord_status not in IN_FLIGHT):
                continue
            is_left = order.ord_status is OrdStatus.SENT and left_from is not None and order.updated_at < left_from
            if order.ord_status in (OrdStatus.PENDING_NEW, OrdStatus.SENT) and quiet_s < QUIET_S and not is_left:
                continue
            try:
                report = await broker.find_order(account_id, order.cl_ord_id)
            except BrokerUnreachable:
                self._unanswered(order.cl_ord_id, can_tell=broker.capabilities.client_ids)
                continue
            current = self._blotter.order(order.cl_ord_id)
            if current is None or current.is_terminal:
                continue
            if report is not None:
                self._sent_after_all(current)
                self._desk.on_order(report)
            else:
                self._unknown_there(current)

    def _sent_after_all(self, order: Order) -> None:
        """The broker knows it, so it was sent: the program ended between the request and the note of it."""
        if order.ord_status is OrdStatus.PENDING_NEW:
            self._blotter.put(order.moved_to(OrdStatus.SENT, self._clock.now()))

    def _unanswered(self, cl_ord_id: ClOrdId, *, can_tell: bool) -> None:
        """One order of which the broker cannot tell keeps the account from nothing else: it is asked about alone. A
        broker without client ids never can: an order that two complete comparisons lack is not there."""
        order = self._blotter.order(cl_ord_id)
        if order is None or order.is_terminal:
            return
        self._sent_after_all(order)
        order = self._blotter.order(cl_ord_id) or order
        if order.ord_status is not OrdStatus.UNCERTAIN:
            self._blotter.put(order.moved_to(OrdStatus.UNCERTAIN, self._clock.now(), "the broker cannot tell: asking"))
        self._desk.ask_about(cl_ord_id)
        now_s = self._clock.monotonic()
        if not can_tell and now_s - self._absent_since.setdefault(cl_ord_id, now_s) >= ABSENT_S:
            self._desk.not_found(cl_ord_id)

    def _unknown_there(self, order: Order) -> None:
        now = self._clock.now()
        if order.ord_status is OrdStatus.PENDING_NEW:
            self._blotter.put(order.moved_to(OrdStatus.ABANDONED, now, "found at the start, never sent"))
            return
        if order.ord_status is not OrdStatus.UNCERTAIN:
            self._blotter.put(order.moved_to(OrdStatus.UNCERTAIN, now, "not in the broker's list: asking"))
            if order.is_working:
                words = f"{order.role.value} order {order.cl_ord_id} worked and is not in the broker's list any more"
                title = f"{named(order.instrument_id)} order"
                self._bus.publish(Notice(NoticeKind.SYSTEM, Severity.WARNING, title, words, now))
        self._desk.ask_about(order.cl_ord_id)


def _says_nothing_new(report: OrderReport, order: Order) -> bool:
    """True when a report repeats what is known: it would only make the order look active, and fill the history."""
    known = (order.ord_status, order.order_id, order.ord_type, order.order_qty, order.limit_price, order.stop_price)
    told = (report.ord_status, report.order_id, report.ord_type, report.order_qty)
    return known == (*told, report.limit_price, report.stop_price)
