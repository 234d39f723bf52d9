"""The simulated exchange's state: books, orders and market, and what changed since it was last asked."""

import itertools
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from tradestream_gui.adapters.brokers.paper.book import AccountBook
from tradestream_gui.adapters.brokers.paper.checks import needed_cash
from tradestream_gui.adapters.brokers.paper.orders import OrderList
from tradestream_gui.adapters.brokers.paper.state import (
    LedgerState,
    PaperAccount,
    PaperExecution,
    PaperOrder,
    PaperRules,
)
from tradestream_gui.domain.accounts import Balance, BrokerPosition
from tradestream_gui.domain.errors import BadRecord
from tradestream_gui.domain.ids import AccountId, ExecId, InstrumentId, OrderId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.matching import MarketView
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import OrdStatus
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.ports.broker import ExecutionReport, OrderReport

Report = OrderReport | ExecutionReport | BrokerPosition | Balance


class TradingFloor:
    """The only writer of paper orders and books; every change is noted for the ledger and for the report stream."""

    def __init__(self, rules: PaperRules) -> None:
        self.rules = rules
        self.orders = OrderList()
        self.books: dict[AccountId, AccountBook] = {}
        self._instruments: dict[InstrumentId, Instrument] = {}
        self._quotes: dict[InstrumentId, Quote] = {}
        self._views: dict[InstrumentId, dict[AccountId, MarketView]] = {}
        self._exec_numbers = itertools.count(1)
        self._forget_changes()

    def restore(self, state: LedgerState) -> None:
        """Begins anew from what was kept; the market seen so far stays."""
        self.orders = OrderList()
        self.books = {account.account_id: AccountBook(account) for account in state.accounts}
        for order in state.orders:
            self.orders.put(order)
        for execution in state.executions:
            book = self.books[execution.report.account_id]
            book.book(execution, self.instrument(execution.report.instrument_id))
        self._exec_numbers = itertools.count(len(state.executions) + 1)
        self._forget_changes()

    def instrument(self, instrument_id: InstrumentId) -> Instrument:
        """An instrument that was traded here, looked up once."""
        if instrument_id not in self._instruments:
            instrument = self.rules.instrument_of(instrument_id)
            if instrument is None:
                raise BadRecord(f"the paper ledger holds {instrument_id}, which the instrument table does not know")
            self._instruments[instrument_id] = instrument
        return self._instruments[instrument_id]

    def next_order_id(self) -> OrderId:
        return OrderId(f"PO{len(self.orders) + 1}")

    def see(self, quote: Quote) -> None:
        """A new quote shows its sizes afresh."""
        self._quotes[quote.instrument_id] = quote
        if self._views:
            self._views.pop(quote.instrument_id, None)

    def quote(self, instrument_id: InstrumentId) -> Quote | None:
        return self._quotes.get(instrument_id)

    def view(self, account_id: AccountId, instrument_id: InstrumentId) -> MarketView:
        """The market as one account has left it: accounts do not take from one another."""
        views = self._views.setdefault(instrument_id, {})
        if account_id not in views:
            views[account_id] = MarketView(self._quotes.get(instrument_id))
        return views[account_id]

    def keep_view(self, account_id: AccountId, instrument_id: InstrumentId, view: MarketView) -> None:
        self._views.setdefault(instrument_id, {})[account_id] = view

    def put_account(self, account: PaperAccount) -> None:
        self.books[account.account_id] = AccountBook(account)
        self.note_account(account.account_id)

    def note_account(self, account_id: AccountId) -> None:
        """The account's row is to be kept and its balance to be told."""
        self._accounts[account_id] = self.books[account_id].account
        self._touched_accounts[account_id] = None

    def keep(self, order: PaperOrder) -> None:
        """Takes over a changed order, kept but not reported."""
        self.orders.put(order)
        self._orders[order.order_id] = order

    def tell(self, order: PaperOrder) -> None:
        """Takes over a changed order, kept and reported."""
        self.keep(order)
        self._reports.append(order.report())

    def refuse(self, order: PaperOrder, text: str, at: datetime) -> None:
        """Reports an order as it stands, with why a request was refused at `at`: a second refusal is news."""
        self._reports.append(replace(order.report(), text=text, at=at))

    def move(self, order: PaperOrder, status: OrdStatus, at: datetime, text: str = "") -> PaperOrder:
        order = replace(order, ord_status=status, updated_at=at, text=text)
        self.tell(order)
        return order

    def reduce(self, order: PaperOrder, qty: int, at: datetime, text: str) -> None:
        """Takes `qty` off what is left of an order; nothing left cancels it."""
        if qty <= 0 or not order.is_working:
            return
        if qty >= order.leaves_qty:
            self.move(order, OrdStatus.CANCELED, at, text)
            return
        resting = replace(order.resting, order_qty=order.resting.order_qty - qty)
        self.tell(replace(order, resting=resting, updated_at=at, text=text))

    def execute(
        self, order: PaperOrder, qty: int, price: Decimal, commission: Decimal, at: datetime, text: str = ""
    ) -> None:
        """Books one execution of an order and reports it."""
        book = self.books[order.account_id]
        report = ExecutionReport(
            account_id=order.account_id,
            order_id=order.order_id,
            cl_ord_id=order.cl_ord_id,
            exec_id=ExecId(f"PX{next(self._exec_numbers)}"),
            instrument_id=order.instrument_id,
            side=order.resting.side,
            last_qty=qty,
            last_px=price,
            commission=commission,
            at=at,
            text=text,
        )
        execution = PaperExecution(report, book.account.epoch)
        book.book(execution, self.instrument(order.instrument_id))
        self._executions.append(execution)
        self._reports.append(report)
        self._touched_positions[order.account_id, order.instrument_id] = None
        self._touched_accounts[order.account_id] = None

    def balance(self, account_id: AccountId, at: datetime) -> Balance:
        book = self.books[account_id]
        futures = [held for held in book.held() if held.asset_class is AssetClass.FUTURE]
        margins = {held.instrument_id: self.rules.day_margin(held) for held in futures}
        return book.balance(at, self._quotes, margins, self.reserved(account_id))

    def reserved(self, account_id: AccountId, without: OrderId | None = None) -> Decimal | None:
        """US dollars that working orders hold back; None when one of them has no known need."""
        total = ZERO
        for order in self.orders.live_of_account(account_id):
            if order.order_id == without:
                continue
            need = self.needed(order)
            if need is None:
                return None
            total += need
        return total

    def needed(self, order: PaperOrder) -> Decimal | None:
        signed_qty = self.books[order.account_id].signed_qty(order.instrument_id)
        market = self.view(order.account_id, order.instrument_id)
        return needed_cash(order, self.instrument(order.instrument_id), signed_qty, market, self.rules)

    @property
    def has_changes(self) -> bool:
        return bool(self._accounts or self._orders or self._executions or self._reports)

    def take_changes(self, at: datetime) -> tuple[LedgerState, tuple[Report, ...]]:
        """What is to be kept and, after that, reported: positions and balances follow the executions."""
        for account_id, instrument_id in self._touched_positions:
            self._reports.append(self.books[account_id].position(instrument_id))
        self._reports.extend(self.balance(account_id, at) for account_id in self._touched_accounts)
        kept = LedgerState(tuple(self._accounts.values()), tuple(self._orders.values()), tuple(self._executions))
        reports = tuple(self._reports)
        self._forget_changes()
        return kept, reports

    def _forget_changes(self) -> None:
        self._accounts: dict[AccountId, PaperAccount] = {}
        self._orders: dict[OrderId, PaperOrder] = {}
        self._executions: list[PaperExecution] = []
        self._reports: list[Report] = []
        self._touched_positions: dict[tuple[AccountId, InstrumentId], None] = {}
        self._touched_accounts: dict[AccountId, None] = {}
