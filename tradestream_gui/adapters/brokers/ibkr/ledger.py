"""What TWS's books say of each account: positions, executions and figures, asked for or told unasked."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from ib_insync.objects import ExecutionFilter

from tradestream_gui.adapters.brokers.ibkr.account_values import AccountValues
from tradestream_gui.adapters.brokers.ibkr.connection import Connection, RequestRefused
from tradestream_gui.adapters.brokers.ibkr.contracts import ContractBook
from tradestream_gui.adapters.brokers.ibkr.fills import FillBook
from tradestream_gui.adapters.brokers.ibkr.mapping import InstrumentLookup
from tradestream_gui.adapters.brokers.ibkr.rows import PositionRow, ValueRow
from tradestream_gui.domain.accounts import Balance, BrokerPosition
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.ports.broker import BrokerSink, ExecutionReport, LinkState
from tradestream_gui.ports.clock import Clock, Tasks

WHOLE_SECONDS = timedelta(seconds=3)
"""Executions carry whole seconds of TWS's clock, which may differ from ours by two unnoticed."""
FEES_POLL_S = 0.02
_log = logging.getLogger(__name__)


class Ledger:
    """Reads are complete or raise BrokerUnreachable. Accounts and contracts that TradeStream does not trade are
    left out."""

    def __init__(
        self,
        *,
        connection: Connection,
        contracts: ContractBook,
        accounts: Sequence[AccountId],
        instrument_of: InstrumentLookup,
        fills: FillBook,
        clock: Clock,
        tasks: Tasks,
    ) -> None:
        self._connection = connection
        self._contracts = contracts
        self._accounts = tuple(accounts)
        self._instrument_of = instrument_of
        self._fills = fills
        self._clock = clock
        self._tasks = tasks
        self._values = AccountValues()
        self._sink: BrokerSink | None = None
        self._due: set[str] = set()
        self._asked_positions = 0

    def tell_to(self, sink: BrokerSink) -> None:
        self._sink = sink

    # -- asked ---------------------------------------------------------------------------------------------

    async def read(self) -> None:
        """After a log-in: the day's executions, the figures and the positions; TWS keeps telling the latter two."""
        for account_id in self._accounts:
            await self._read_executions(account_id)
            await self._read_values(account_id, keep=True)
        await self._position_rows()

    async def executions(self, account_id: AccountId, since: datetime) -> tuple[ExecutionReport, ...]:
        """Those since TWS's last midnight, and those heard since our start. Times may be a few seconds early, so
        those shortly before `since` are in."""
        await self._connection.measure_clock()
        await self._read_executions(account_id)
        found = [
            report
            for report in self._fills.of_account(account_id)
            if report.at >= since - WHOLE_SECONDS and self._instrument_of(report.instrument_id) is not None
        ]
        return tuple(sorted(found, key=lambda report: (report.at, report.exec_id)))

    async def positions(self, account_id: AccountId) -> tuple[BrokerPosition, ...]:
        """`avg_px` is TWS's average cost, fees included."""
        own = [row for row in await self._position_rows() if row.account == account_id]
        newest = {row.contract.con_id: row for row in own}
        held = (self._position(row) for row in newest.values() if row.qty)
        return tuple(position for position in held if position is not None)

    async def balance(self, account_id: AccountId) -> Balance:
        await self._read_values(account_id, keep=False)
        balance = self._values.balance(account_id, self._clock.now())
        if balance is None:
            raise BrokerUnreachable(f"TWS told no US dollar cash of {account_id}; hold some there")
        return balance

    # -- told unasked --------------------------------------------------------------------------------------

    def on_value(self, row: ValueRow) -> None:
        self._values.take(row)
        self._once("balance", self._tell_balances)

    def on_position(self, row: PositionRow) -> None:
        """A position moved: when nobody here ordered that, its execution must be asked for."""
        if self._asked_positions or self._connection.state is not LinkState.UP:
            return
        position = self._position(row)
        if position is not None and self._sink is not None and position.account_id in self._accounts:
            self._sink.on_position(position)
            self._once("executions", self._look_for_foreign_fills)

    # -- inside --------------------------------------------------------------------------------------------

    async def _position_rows(self) -> list[PositionRow]:
        self._asked_positions += 1
        try:
            rows = await self._connection.request_named("positions", lambda client: client.reqPositions())
        finally:
            self._asked_positions -= 1
        return [row for row in rows if isinstance(row, PositionRow)]

    async def _read_executions(self, account_id: AccountId) -> None:
        def send(client: Any, number: int) -> None:
            client.reqExecutions(number, ExecutionFilter(acctCode=account_id))

        try:
            await self._connection.request(send)
        except RequestRefused as error:
            raise BrokerUnreachable(f"TWS did not list the executions: {error}") from error
        for _ in range(int(self._connection.timing.commission_s / FEES_POLL_S) + 1):
            if self._fills.has_fees_of(account_id):
                return
            await self._clock.sleep(FEES_POLL_S)

    async def _read_values(self, account_id: AccountId, *, keep: bool) -> None:
        numbers: list[int] = []

        def send(client: Any, number: int) -> None:
            numbers.append(number)
            client.reqAccountUpdatesMulti(number, account_id, "", False)

        try:
            await self._connection.request(send)
        except RequestRefused as error:
            raise BrokerUnreachable(f"TWS did not tell the figures of {account_id}: {error}") from error
        if not keep:
            self._connection.send(lambda client: client.cancelAccountUpdatesMulti(numbers[0]))

    def _position(self, row: PositionRow) -> BrokerPosition | None:
        """None for contracts that TradeStream does not trade."""
        instrument_id = self._contracts.instrument_id(row.contract)
        instrument = None if instrument_id is None else self._instrument_of(instrument_id)
        if instrument is None:
            _log.warning("a position in %s is not shown: TradeStream does not trade it", row.contract.local_symbol)
            return None
        avg_px = (row.avg_cost / instrument.point_value).quantize(Decimal("0.000001")) if row.qty else None
        return BrokerPosition(AccountId(row.account), instrument.instrument_id, row.qty, avg_px)

    def _once(self, what: str, act: Callable[[], None]) -> None:
        if what in self._due:
            return
        self._due.add(what)

        def due() -> None:
            self._due.discard(what)
            if self._connection.state is LinkState.UP:
                act()

        self._clock.call_later(self._connection.timing.coalesce_s, due)

    def _tell_balances(self) -> None:
        for account_id in self._accounts:
            balance = self._values.balance(account_id, self._clock.now())
            if balance is not None and self._sink is not None:
                self._sink.on_balance(balance)

    def _look_for_foreign_fills(self) -> None:
        self._tasks.spawn(self._foreign_fills(), "executions of others")

    async def _foreign_fills(self) -> None:
        for account_id in self._accounts:
            try:
                await self._read_executions(account_id)
            except BrokerUnreachable as error:
                _log.warning("executions were not read: %s", error)
