"""The paper broker behind a link that can be cut: the exchange lives on there, and nothing of it is heard here."""

from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from tradestream_gui.adapters.brokers.paper.broker import PaperBroker
from tradestream_gui.domain.accounts import Account, Balance, BrokerPosition
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.ids import AccountId, ClOrdId
from tradestream_gui.domain.orders import Order, OrdType
from tradestream_gui.ports.broker import BrokerCapabilities, BrokerSink, ExecutionReport, LinkState, OrderReport

AnswerT = TypeVar("AnswerT")


class CuttableBroker:
    """While the link is cut every call is BrokerUnreachable and every report is lost, as with a real broker; prices
    still reach the exchange, so that its stops and targets fill. After `mend` the next `connect` is the reconnect."""

    def __init__(self, paper: PaperBroker) -> None:
        self._paper = paper
        self._line = _Line()
        self.on_quote, self.on_print = paper.on_quote, paper.on_print
        """Market data in: the exchange has its own, whatever becomes of our link to it."""

    @property
    def name(self) -> str:
        return self._paper.name

    @property
    def capabilities(self) -> BrokerCapabilities:
        return self._paper.capabilities

    @property
    def beyond(self) -> PaperBroker:
        """The exchange itself, also while the link is cut."""
        return self._paper

    def cut(self, words: str) -> None:
        self._line.cut(self.name, words)

    def mend(self) -> None:
        self._line.words = ""

    async def connect(self, sink: BrokerSink) -> None:
        self._reach()
        self._line.sink = sink
        await self._paper.connect(self._line)
        self._line.reconnected(self.name)

    async def close(self) -> None:
        await self._paper.close()

    async def accounts(self) -> tuple[Account, ...]:
        self._reach()
        return await self._paper.accounts()

    async def place(self, order: Order) -> None:
        self._reach()
        await self._paper.place(order)

    async def cancel(self, account_id: AccountId, cl_ord_id: ClOrdId) -> None:
        self._reach()
        await self._paper.cancel(account_id, cl_ord_id)

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
        self._reach()
        await self._paper.replace(
            account_id,
            cl_ord_id,
            order_qty=order_qty,
            limit_price=limit_price,
            stop_price=stop_price,
            ord_type=ord_type,
        )

    async def open_orders(self, account_id: AccountId) -> tuple[OrderReport, ...]:
        self._reach()
        return self._still_there(await self._paper.open_orders(account_id))

    async def find_order(self, account_id: AccountId, cl_ord_id: ClOrdId) -> OrderReport | None:
        self._reach()
        return self._still_there(await self._paper.find_order(account_id, cl_ord_id))

    async def executions(self, account_id: AccountId, since: datetime) -> tuple[ExecutionReport, ...]:
        self._reach()
        return self._still_there(await self._paper.executions(account_id, since))

    async def positions(self, account_id: AccountId) -> tuple[BrokerPosition, ...]:
        self._reach()
        return self._still_there(await self._paper.positions(account_id))

    async def balance(self, account_id: AccountId) -> Balance:
        self._reach()
        return self._still_there(await self._paper.balance(account_id))

    async def create_account(self, account_id: AccountId, name: str, starting_cash: Decimal) -> None:
        self._reach()
        await self._paper.create_account(account_id, name, starting_cash)

    def _reach(self) -> None:
        if self._line.words:
            raise BrokerUnreachable(self._line.words)

    def _still_there(self, answer: AnswerT) -> AnswerT:
        """An answer that was under way when the link broke is lost too."""
        self._reach()
        return answer


class _Line:
    """What the exchange says goes to the sink, or nowhere while `words` say why."""

    def __init__(self) -> None:
        self.sink: BrokerSink | None = None
        self.words = ""
        self._told_down = False

    def cut(self, broker: str, words: str) -> None:
        self.words = words
        self._told_down = True
        if self.sink is not None:
            self.sink.on_link(broker, LinkState.DOWN, words)

    def reconnected(self, broker: str) -> None:
        if self._told_down and self.sink is not None:
            self._told_down = False
            self.sink.on_link(broker, LinkState.UP, "")

    def on_order(self, report: OrderReport) -> None:
        if self.sink is not None and not self.words:
            self.sink.on_order(report)

    def on_execution(self, report: ExecutionReport) -> None:
        if self.sink is not None and not self.words:
            self.sink.on_execution(report)

    def on_balance(self, balance: Balance) -> None:
        if self.sink is not None and not self.words:
            self.sink.on_balance(balance)

    def on_position(self, position: BrokerPosition) -> None:
        if self.sink is not None and not self.words:
            self.sink.on_position(position)

    def on_barred(self, account_id: AccountId, words: str) -> None:
        if self.sink is not None and not self.words:
            self.sink.on_barred(account_id, words)

    def on_link(self, broker: str, state: LinkState, detail: str) -> None:
        if self.sink is not None and not self.words:
            self.sink.on_link(broker, state, detail)
