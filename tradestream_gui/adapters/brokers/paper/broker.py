"""The paper broker behind the Broker port: accepts at once, answers later, forgets nothing that it has said."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

from tradestream_gui.adapters.brokers.paper.alarm import Alarm
from tradestream_gui.adapters.brokers.paper.exchange import Amendment, Exchange
from tradestream_gui.adapters.brokers.paper.floor import Report, TradingFloor
from tradestream_gui.adapters.brokers.paper.outbox import Outbox, PaperLink
from tradestream_gui.adapters.brokers.paper.state import PaperAccount, PaperLedger, PaperRules
from tradestream_gui.adapters.brokers.paper.timetable import Timetable
from tradestream_gui.adapters.runtime.clock import Work
from tradestream_gui.domain.accounts import Account, AccountKind, Balance, BrokerPosition
from tradestream_gui.domain.errors import BadRecord, BrokerRejected, BrokerUnreachable, StoreFailed, StoreTooNew
from tradestream_gui.domain.ids import AccountId, ClOrdId
from tradestream_gui.domain.orders import Order, OrdType, TimeInForce
from tradestream_gui.domain.quotes import Quote, TradePrint
from tradestream_gui.ports.broker import (
    BrokerCapabilities,
    BrokerSink,
    ExecutionReport,
    LinkState,
    OrderReport,
)
from tradestream_gui.ports.clock import Clock, Tasks

NAME = "paper"
STARTING_CASH = Decimal(50_000)

CAPABILITIES = BrokerCapabilities(
    linked_exits=True,
    client_ids=True,
    replace=True,
    ord_types=frozenset(OrdType),
    times_in_force=frozenset(TimeInForce),
)


class PaperBroker:
    """One simulated exchange with several accounts.

    Each change is durable in the ledger before it is reported. When the ledger fails, the link goes down, nothing
    more is reported, and `connect` begins again from what was kept. Feed it with `on_quote` and `on_print`.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        tasks: Tasks,
        work: Work,
        ledger: PaperLedger,
        link: PaperLink,
        rules: PaperRules,
        opening_accounts: Sequence[tuple[AccountId, str]] = (),
    ) -> None:
        """`opening_accounts` (id, name) are created with the usual starting cash where the ledger lacks them."""
        self._clock = clock
        self._work = work
        self._ledger = ledger
        self._link = link
        self._opening_accounts = tuple(opening_accounts)
        self._floor = TradingFloor(rules)
        self._timetable = Timetable(self._floor)
        self._exchange = Exchange(self._floor, self._timetable)
        self._sink: BrokerSink | None = None
        self._state = LinkState.OFF
        self._sent: set[tuple[AccountId, ClOrdId]] = set()
        self._outbox = Outbox(
            tasks=tasks, work=work, ledger=ledger, link=link, deliver=self._deliver, on_failure=self._ledger_failed
        )
        self._alarm = Alarm(clock, self._run_due)

    @property
    def name(self) -> str:
        return NAME

    @property
    def capabilities(self) -> BrokerCapabilities:
        return CAPABILITIES

    async def connect(self, sink: BrokerSink) -> None:
        """Takes up what the ledger kept; what fell due meanwhile expires now, with reports."""
        if self._state is LinkState.UP:
            return
        self._sink = sink
        self._set_state(LinkState.CONNECTING, "reading the ledger")
        self._work.begin()
        try:
            self._floor.restore(await self._ledger.load())
        except (StoreFailed, StoreTooNew, BadRecord) as error:
            self._set_state(LinkState.DOWN, str(error))
            raise BrokerUnreachable(f"the paper ledger cannot be read: {error}") from error
        finally:
            self._work.end()
        self._timetable.restore()
        self._sent.clear()
        for account_id, name in self._opening_accounts:
            if account_id not in self._floor.books:
                self._floor.put_account(PaperAccount(account_id, name, STARTING_CASH, self._clock.now()))
        self._set_state(LinkState.UP, "")
        self._run_due()

    async def close(self) -> None:
        """Keeps everything, then hangs up; reports still on the wire are found again by asking."""
        await self._outbox.durable()
        self._hang_up()
        if self._state is not LinkState.OFF:
            self._set_state(LinkState.OFF, "")
        await self._ledger.close()

    async def accounts(self) -> tuple[Account, ...]:
        await self._settled()
        return tuple(
            Account(book.account.account_id, book.account.name, AccountKind.SIMULATOR, NAME)
            for book in self._floor.books.values()
        )

    async def place(self, order: Order) -> None:
        self._require(order.account_id)
        key = (order.account_id, order.cl_ord_id)
        if key in self._sent or self._floor.orders.by_client_id(*key) is not None:
            raise BrokerRejected(f"order {order.cl_ord_id} was sent before; the first one stands, this one does not")
        self._sent.add(key)
        self._carry(lambda: self._exchange.enter(order, self._clock.now()))

    async def cancel(self, account_id: AccountId, cl_ord_id: ClOrdId) -> None:
        self._require_order(account_id, cl_ord_id)
        self._carry(lambda: self._exchange.cancel(account_id, cl_ord_id, self._clock.now()))

    async def replace(
        self,
        account_id: AccountId,
        cl_ord_id: ClOrdId,
        *,
        order_qty: int | None,
        limit_price: Decimal | None,
        stop_price: Decimal | None,
        ord_type: OrdType,
    ) -> None:
        self._require_order(account_id, cl_ord_id)
        terms = Amendment(order_qty, limit_price, stop_price, ord_type)
        self._carry(lambda: self._exchange.replace(account_id, cl_ord_id, terms, self._clock.now()))

    async def open_orders(self, account_id: AccountId) -> tuple[OrderReport, ...]:
        await self._settled()
        self._require(account_id)
        return tuple(order.report() for order in self._floor.orders.live_of_account(account_id))

    async def find_order(self, account_id: AccountId, cl_ord_id: ClOrdId) -> OrderReport | None:
        await self._settled()
        self._require(account_id)
        order = self._floor.orders.by_client_id(account_id, cl_ord_id)
        return None if order is None else order.report()

    async def executions(self, account_id: AccountId, since: datetime) -> tuple[ExecutionReport, ...]:
        await self._settled()
        self._require(account_id)
        return tuple(report for report in self._floor.books[account_id].executions if report.at >= since)

    async def positions(self, account_id: AccountId) -> tuple[BrokerPosition, ...]:
        await self._settled()
        self._require(account_id)
        return self._floor.books[account_id].positions()

    async def balance(self, account_id: AccountId) -> Balance:
        await self._settled()
        self._require(account_id)
        return self._floor.balance(account_id, self._clock.now())

    async def create_account(self, account_id: AccountId, name: str, starting_cash: Decimal = STARTING_CASH) -> None:
        """Opens another account, durable on return."""
        self._require_up()
        if account_id in self._floor.books:
            raise BrokerRejected(f"the paper account {account_id} exists already")
        if starting_cash <= 0:
            raise BrokerRejected(f"the paper account {account_id} cannot start with ${starting_cash}")
        self._floor.put_account(PaperAccount(account_id, name, starting_cash, self._clock.now()))
        await self._kept()

    async def reset(self, account_id: AccountId, starting_cash: Decimal = STARTING_CASH) -> None:
        """Cancels the working orders and begins anew with this cash; refused while a position is open."""
        self._require(account_id)
        book = self._floor.books[account_id]
        if not book.is_flat:
            held = ", ".join(sorted(instrument.instrument_id for instrument in book.held()))
            raise BrokerRejected(f"{account_id} still holds {held}: flatten it before the reset")
        self._exchange.cancel_all(account_id, self._clock.now(), "canceled by the account's reset")
        book.reset(starting_cash)
        self._floor.note_account(account_id)
        await self._kept()

    async def flatten(self, account_id: AccountId) -> None:
        """The broker's own button: cancels every order and closes every position at market, or refuses whole."""
        self._require(account_id)
        self._exchange.flatten(account_id, self._clock.now())
        await self._kept()

    def on_quote(self, quote: Quote) -> None:
        """Market data in; before the link is up, or while nothing waits for it, it is only remembered."""
        if self._state is LinkState.UP and self._exchange.waits_for(quote.instrument_id, self._clock.now):
            self._exchange.on_quote(quote, self._clock.now())
            self._keep_changes()
        elif not quote.is_crossed:
            self._floor.see(quote)

    def on_print(self, trade: TradePrint) -> None:
        if self._state is LinkState.UP and self._exchange.waits_for(trade.instrument_id, self._clock.now):
            self._exchange.on_print(trade, self._clock.now())
            self._keep_changes()

    def _carry(self, command: Callable[[], None]) -> None:
        self._link.carry_command(partial(self._arrived, command))

    def _arrived(self, command: Callable[[], None]) -> None:
        if self._state is not LinkState.UP:
            return
        self._timetable.run_until(self._clock.now())
        command()
        self._keep_changes()

    def _keep_changes(self) -> None:
        """Hands the changes to the ledger, and their reports to the wire once they are durable."""
        if self._floor.has_changes:
            self._outbox.put(*self._floor.take_changes(self._clock.now()))
        self._alarm.set(self._timetable.next_due)

    def _ledger_failed(self, error: StoreFailed) -> None:
        self._hang_up()
        self._set_state(LinkState.DOWN, f"the paper ledger cannot be written: {error}")

    def _deliver(self, report: Report) -> None:
        assert self._sink is not None, "reports travel only after connect"
        match report:
            case OrderReport():
                self._sink.on_order(report)
            case ExecutionReport():
                self._sink.on_execution(report)
            case BrokerPosition():
                self._sink.on_position(report)
            case Balance():
                self._sink.on_balance(report)

    def _run_due(self) -> None:
        if self._state is LinkState.UP:
            self._timetable.run_until(self._clock.now())
            self._keep_changes()

    def _hang_up(self) -> None:
        self._link.cut()
        self._alarm.stop()

    def _set_state(self, state: LinkState, detail: str) -> None:
        self._state = state
        if self._sink is not None:
            self._sink.on_link(NAME, state, detail)

    async def _settled(self) -> None:
        """An answer tells only what is durable."""
        await self._outbox.durable()
        self._require_up()

    async def _kept(self) -> None:
        self._keep_changes()
        await self._settled()

    def _require_up(self) -> None:
        if self._state is not LinkState.UP:
            raise BrokerUnreachable(f"the paper broker is {self._state.value}; connect it first")

    def _require(self, account_id: AccountId) -> None:
        self._require_up()
        if account_id not in self._floor.books:
            raise BrokerRejected(f"the paper broker has no account {account_id}")

    def _require_order(self, account_id: AccountId, cl_ord_id: ClOrdId) -> None:
        self._require(account_id)
        known = (account_id, cl_ord_id) in self._sent
        if not known and self._floor.orders.by_client_id(account_id, cl_ord_id) is None:
            raise BrokerRejected(f"the paper broker does not know order {cl_ord_id}")

