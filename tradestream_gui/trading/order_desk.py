"""Sends each order exactly once and books whatever the broker answers; one writer for every account."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import Account, Balance, BrokerPosition, TradingState
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable, IllegalTransition, StoreFailed
from tradestream_gui.domain.events import AccountBarred, Notice, NoticeKind, Severity
from tradestream_gui.domain.ids import AccountId, ClOrdId, LotId
from tradestream_gui.domain.orders import Order, OrdStatus
from tradestream_gui.ports.broker import Broker, ExecutionReport, LinkState, OrderReport
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.journal import Journal, Record
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.broker_links import BrokerLinks
from tradestream_gui.trading.change_requests import ChangeRequests, OrderChange
from tradestream_gui.trading.external_fills import ExternalFills
from tradestream_gui.trading.external_orders import ExternalOrders
from tradestream_gui.trading.fill_doubts import FillDoubts
from tradestream_gui.trading.fills import fill_from
from tradestream_gui.trading.intent_store import Mark, store_intent
from tradestream_gui.trading.lot_book import LotBook
from tradestream_gui.trading.order_news import OrderNews
from tradestream_gui.trading.own_orders import OwnOrders
from tradestream_gui.trading.requests_first import RequestsFirst
from tradestream_gui.trading.uncertain_orders import OrderTiming, UncertainOrders

_log = logging.getLogger(__name__)


class OrderDesk:
    """Turns orders into requests and reports into states. No command queue: reserving is synchronous, each order
    has one request in flight, and a kill pre-empts what has not been sent yet."""

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        tasks: Tasks,
        journal: Journal,
        blotter: Blotter,
        lots: LotBook,
        accounts: AccountBook,
        timing: OrderTiming,
        external: ExternalFills,
        external_orders: ExternalOrders,
        clean: Callable[[str], str] = str,
    ) -> None:
        """`clean` takes out of a broker's words what no database and no screen may hold."""
        self._clean = clean
        self._bus = bus
        self._clock = clock
        self._tasks = tasks
        self._journal = journal
        self._blotter = blotter
        self._lots = lots
        self._accounts = accounts
        self._external = external
        self._external_orders = external_orders
        self._links = BrokerLinks(bus=bus, clock=clock, accounts=accounts)
        self.broker_of = self._links.broker_of
        self.is_linked = self._links.is_linked
        self.links = self._links.states
        self._pulled: dict[ClOrdId, str] = {}
        self._news = OrderNews(clock)
        self._requests_first = RequestsFirst(bus, tasks)
        complete = partial(self.on_execution, is_listed=True)
        self._own = OwnOrders(clock=clock, blotter=blotter, broker_of=self.broker_of, book=complete)
        self.order_of = self._own.order_of
        self._requests = ChangeRequests(
            clock=clock, tasks=tasks, blotter=blotter, broker_of=self.broker_of,
            answer_timeout_s=timing.answer_timeout_s, doubt=self._doubt, clean=clean,
        )  # fmt: skip
        self._uncertain = UncertainOrders(
            clock=clock, blotter=blotter, timing=timing, broker_of=self.broker_of, book=self.book,
            on_order=self.on_order, not_found=self.not_found, give_up=self._give_up,
        )  # fmt: skip
        self._doubts = FillDoubts(
            clock=clock, tasks=tasks, blotter=blotter, broker_of=self.broker_of, on_execution=complete,
            on_order=self.on_order, resolved=lots.announce,
        )  # fmt: skip

    # -- accounts and brokers ------------------------------------------------------------------------------

    def attach(self, account: Account, broker: Broker) -> None:
        self._links.attach(account.account_id, broker)
        self._accounts.add(account)

    # -- commands ------------------------------------------------------------------------------------------

    def reserve(self, order: Order) -> None:
        """Counts the order in every limit from this moment on; `send` follows, without an await between."""
        self._blotter.add(order)

    async def send(
        self, order: Order, records: Sequence[Record] = (), *, is_test: bool = False, mark: Mark | None = None
    ) -> Order:
        """Commits the intent with `records`, `mark` beside it, then hands the order to the broker exactly once.
        Never raises: the order's state says how it ended. A failed commit halts the account and sends no entry; what
        only reduces goes all the same and is stored later. A test's order goes from an account that reduces."""
        try:
            await store_intent(self._journal, [*records, order], mark)
        except StoreFailed as error:
            words = f"the order was not stored, so it was not sent: {error}"
            self._accounts.set_state(order.account_id, TradingState.HALTED, words)
            if not order.reduces:
                return self._blotter.put(order.moved_to(OrdStatus.DENIED, self._clock.now(), words))
        current = self._blotter.order(order.cl_ord_id)
        if current is None or current.ord_status is not OrdStatus.PENDING_NEW:
            return current or order
        held = self._held_back(order, is_test=is_test)
        if held:
            return self._blotter.put(order.moved_to(OrdStatus.ABANDONED, self._clock.now(), held))
        with self._requests_first():
            order = self._blotter.put(order.moved_to(OrdStatus.SENT, self._clock.now()))
        self._requests.expect_answer(order.cl_ord_id, OrdStatus.SENT)
        try:
            await self.broker_of(order.account_id).place(order)
        except BrokerRejected as error:
            self._settle(order.cl_ord_id, OrdStatus.REJECTED, str(error))
        except BrokerUnreachable as error:
            self._doubt(order.cl_ord_id, str(error))
        return self._blotter.order(order.cl_ord_id) or order

    def request_cancel(self, order: Order, reason: str) -> bool:
        """Asks the broker to cancel; an order not sent yet is held back instead. False if it cannot fill anyway, or
        when a cancel of it is under way or failed a moment ago."""
        current = self._blotter.order(order.cl_ord_id)
        if current is None or current.is_terminal or current.ord_status is OrdStatus.PENDING_CANCEL:
            return False
        if current.ord_status is OrdStatus.PENDING_NEW:
            self._pulled[current.cl_ord_id] = reason
            return True
        if not current.reduces:
            self._requests.insist(current.cl_ord_id, partial(self.request_cancel, reason=reason))
        return self._requests.cancel(current, reason)

    def is_in_doubt(self, lot_id: LotId) -> bool:
        """True while something of the lot has filled that is not booked yet: its exits stay as they are."""
        return self._doubts.blocks(lot_id)

    def request_replace(self, order: Order, change: OrderChange) -> bool:
        """Asks the broker to change a working order; False when a request is in flight, when it does not work, when
        it stays as it is, or when the broker refused this very change a moment ago."""
        current = self._blotter.order(order.cl_ord_id)
        return current is not None and not self.why_it_stays(current) and self._requests.replace(current, change)

    def why_it_stays(self, order: Order) -> str:
        """Why an order is not changed, empty when it may be: an entry that is to go, or whose account may not open,
        could fill where it is moved to."""
        if not order.reduces and not self._accounts.may_open(order.account_id):
            state = self._accounts.state(order.account_id).trading_state.value.lower()
            return f"the account is {state}, so its entries can only be canceled"
        return "it is being canceled" if self._requests.wants_cancel(order.cl_ord_id) else ""

    # -- answers (BrokerSink) ------------------------------------------------------------------------------

    def on_order(self, report: OrderReport) -> None:
        self._take(report)
        self._own.told(report)

    def _take(self, report: OrderReport) -> None:
        order = self.order_of(report)
        if order is None:
            self._external_orders.note(report)
            return
        if order.order_id is None:
            order = self._blotter.put(replace(order, order_id=report.order_id))
            self._requests.acknowledged(order, report)
        report = self._news.latest(order, report)
        self._doubts.note(order, report.cum_qty)
        cut_qty = self._requests.cut_by_the_broker(order, report) if order.oca_group is not None else 0
        if cut_qty:
            self._doubts.note_cut(order, cut_qty, report.at, self._requests.possible_qty(order))
        try:
            if report.ord_status in (OrdStatus.CANCELED, OrdStatus.REJECTED, OrdStatus.EXPIRED):
                self._requests.forget(order.cl_ord_id)
                if order.oca_group is not None and order.ord_status is not OrdStatus.PENDING_CANCEL:
                    self._doubts.note_end(order)
                self._settle(order.cl_ord_id, report.ord_status, report.text or order.reason)
            elif report.ord_status is OrdStatus.FILLED and not order.is_terminal and report.cum_qty == order.cum_qty:
                self._requests.answered(order.cl_ord_id)
                self._blotter.put(_with_terms(order, report).moved_to(OrdStatus.FILLED, self._clock.now()))
            elif report.ord_status in (OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED) and not order.is_terminal:
                status, words = self._requests.status_after(order, report), self._clean(report.text)
                self._blotter.put(_with_terms(order, report).moved_to(status, self._clock.now(), words))
                if order.ord_status is OrdStatus.UNCERTAIN:
                    self._requests.remind(order.cl_ord_id)
        except IllegalTransition as error:
            self._alarm_account(order, TradingState.HALTED, str(error))

    def on_execution(self, report: ExecutionReport, *, is_listed: bool = False) -> None:
        """Books one execution once; a list of them is as complete as it gets, and nothing in it waits for more."""
        if not is_listed and self._own.must_wait(report):
            return
        order = self.order_of(report)
        if order is None or report.text:
            self._external.book(report)
            return
        was_terminal = order.is_terminal
        if order.order_qty <= order.cum_qty + report.last_qty < self._requests.possible_qty(order):
            self._blotter.widen(order, self._requests.possible_qty(order))
        fill = fill_from(report, order.cl_ord_id, order.lot_id)
        booked = self._blotter.book(fill)
        if booked is None:
            return
        self._lots.book(fill, order.origin)
        self._blotter.announce(booked)
        if booked.cum_qty > booked.order_qty:
            self._alarm_account(booked, TradingState.HALTED, f"{booked.cl_ord_id} filled beyond its quantity")
        elif was_terminal and booked.cum_qty > self._doubts.told_qty(booked.cl_ord_id):
            self._alarm_account(
                booked, TradingState.REDUCING, f"{booked.cl_ord_id} filled after it was {order.ord_status.value}"
            )

    def book(self, executions: Iterable[ExecutionReport]) -> None:
        """Books a list of the broker's as a whole: exits are looked at when all of it is booked."""
        self._doubts.book(executions)

    def on_balance(self, balance: Balance) -> None:
        self._accounts.on_balance(balance)

    def on_position(self, position: BrokerPosition) -> None:
        """The broker's net position; reconciliation compares it, nothing is booked from it."""

    def on_barred(self, account_id: AccountId, words: str) -> None:
        self._accounts.set_state(account_id, TradingState.LOCKED, words)
        self._bus.publish(AccountBarred(account_id, self._clean(words), self._clock.now()))

    def on_link(self, broker: str, state: LinkState, detail: str) -> None:
        self._links.note(broker, state, self._clean(detail))

    # -- states --------------------------------------------------------------------------------------------

    def _settle(self, cl_ord_id: ClOrdId, status: OrdStatus, reason: str) -> None:
        order = self._blotter.order(cl_ord_id)
        if order is not None and not order.is_terminal:
            self._blotter.put(order.moved_to(status, self._clock.now(), self._clean(reason)))

    def _doubt(self, cl_ord_id: ClOrdId, reason: str) -> None:
        """The outcome is unknown: the broker is asked, and nothing is ever sent again."""
        order = self._blotter.order(cl_ord_id)
        if order is None or order.is_terminal or order.ord_status is OrdStatus.UNCERTAIN:
            return
        if order.ord_status in (OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED):
            return
        self._requests.forget(cl_ord_id)
        words = f"{self._clean(reason)}: asking the broker"
        self._blotter.put(order.moved_to(OrdStatus.UNCERTAIN, self._clock.now(), words))
        self.ask_about(cl_ord_id)

    def ask_about(self, cl_ord_id: ClOrdId) -> None:
        """Asks the broker, in a task of its own, what became of an uncertain order; asking twice asks once."""
        self._tasks.spawn(self._uncertain.ask(cl_ord_id), f"ask about {cl_ord_id}")

    def not_found(self, cl_ord_id: ClOrdId) -> None:
        """Ends an uncertain order that the broker certainly does not have; a late fill of it is booked all the same."""
        self._settle(cl_ord_id, OrdStatus.NOT_FOUND, "the broker knows no such order")

    def _give_up(self, order: Order) -> None:
        words = f"nobody can tell what became of order {order.cl_ord_id}"
        self._alarm_account(order, TradingState.REDUCING, words)

    def _held_back(self, order: Order, *, is_test: bool) -> str:
        """Why a stored intent must not be sent after all; empty when it may go."""
        pulled = self._pulled.pop(order.cl_ord_id, "")
        if pulled:
            return pulled
        if not order.reduces and not self._accounts.may_open(order.account_id, is_test=is_test):
            state = self._accounts.state(order.account_id)
            return f"the account became {state.trading_state.value} before it was sent: {state.reason}"
        return ""

    def _alarm_account(self, order: Order, state: TradingState, words: str) -> None:
        self._accounts.set_state(order.account_id, state, words)
        self._bus.publish(
            Notice(NoticeKind.SYSTEM, Severity.DANGER, f"{named(order.instrument_id)} order", words, self._clock.now())
        )


def _with_terms(order: Order, report: OrderReport) -> Order:
    return replace(
        order,
        order_qty=report.order_qty,
        limit_price=report.limit_price,
        stop_price=report.stop_price,
        ord_type=report.ord_type,
    )
