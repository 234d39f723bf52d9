"""The object that the library's decoder talks to: turns each message into a row of ours and hands it on.

It stands where the library's own bookkeeping would stand. That bookkeeping calls a live order cancelled after an
error, wipes all it knows on a disconnect and swallows events while a request runs; here nothing is kept at all.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from tradestream_gui.adapters.brokers.ibkr.rows import (
    BarRow,
    ChainRow,
    CommissionRow,
    CompletedRow,
    ContractRow,
    DetailsRow,
    ErrorRow,
    ExecutionRow,
    MarginRow,
    OrderRow,
    PositionRow,
    StatusRow,
    ValueRow,
)

UNSET_FROM, UNSET = 1e300, Decimal("1e300")
"""Prices from here on mean "not set" on this wire."""
Row = (
    OrderRow | StatusRow | CompletedRow | ExecutionRow | CommissionRow | PositionRow | ValueRow | DetailsRow
    | ChainRow | BarRow | MarginRow | datetime
)  # fmt: skip


class Ear(Protocol):
    """Who receives what was heard."""

    def heard(self, key: object, row: Row) -> None:
        """One row; `key` names the request that it may answer."""

    def finished(self, key: object) -> None:
        """All rows of this request have come."""

    def error(self, row: ErrorRow) -> None: ...

    def tick(self, request_id: int, kind: int, value: float | str, size: float) -> None: ...

    def data_type(self, request_id: int, data_type: int) -> None: ...

    def depth(self, request_id: int, row: int, operation: int, side: int, price: float, size: float) -> None: ...

    def chunk_read(self) -> None:
        """All messages of one reading of the socket have been handed on."""

    def closed(self) -> None:
        """The socket of a log-in that had succeeded is gone."""


class Hearing:
    """Method names are the library's. `ib` holds the one attribute that its decoder looks up there."""

    def __init__(self, ear: Ear) -> None:
        self._ear = ear
        self.ib = SimpleNamespace(TimezoneTWS="")
        self.accounts: tuple[str, ...] = ()

    # -- the session ---------------------------------------------------------------------------------------

    def connectAck(self) -> None:
        """The greeting is over."""

    def setEventsDone(self) -> None:
        """Nothing here waits for the library's events."""

    def connectionClosed(self) -> None:
        self._ear.closed()

    def tcpDataProcessed(self) -> None:
        self._ear.chunk_read()

    def managedAccounts(self, names: str) -> None:
        self.accounts = tuple(name for name in names.split(",") if name)

    def nextValidId(self, order_id: int) -> None:
        """The client counts from it by itself."""

    def currentTime(self, seconds: int) -> None:
        self._ear.heard("time", datetime.fromtimestamp(seconds, UTC))
        self._ear.finished("time")

    def error(self, request_id: int, code: int, words: str, details: str) -> None:
        self._ear.error(ErrorRow(request_id, code, f"{words} {details}".strip()))

    # -- orders --------------------------------------------------------------------------------------------

    def openOrder(self, order_id: int, contract: Any, order: Any, state: Any) -> None:
        if order.whatIf:
            self._ear.heard(order_id, margin_row(state))
            self._ear.finished(order_id)
        else:
            self._ear.heard("orders", order_row(order_id, contract, order, state.status))

    def openOrderEnd(self) -> None:
        self._ear.finished("orders")

    def orderStatus(
        self, order_id: int, status: str, filled: float, remaining: float, avg_px: float, perm_id: int,
        parent_id: int, last_px: float, client_id: int, why_held: str, cap: float = 0.0,
    ) -> None:  # fmt: skip
        self._ear.heard("status", StatusRow(order_id, client_id, perm_id, status, int(filled), why_held))

    def completedOrder(self, contract: Any, order: Any, state: Any) -> None:
        row = order_row(order.orderId, contract, order, state.status)
        filled = 0 if abs(order.filledQuantity) > UNSET_FROM else int(order.filledQuantity)
        self._ear.heard("completed", CompletedRow(row, filled, state.completedStatus))

    def completedOrdersEnd(self) -> None:
        self._ear.finished("completed")

    def execDetails(self, request_id: int, contract: Any, execution: Any) -> None:
        self._ear.heard(
            request_id,
            ExecutionRow(
                exec_id=execution.execId,
                order_id=execution.orderId,
                client_id=execution.clientId,
                perm_id=execution.permId,
                account=execution.acctNumber,
                contract=contract_row(contract),
                order_ref=execution.orderRef,
                action="BUY" if execution.side == "BOT" else "SELL",
                qty=int(execution.shares),
                px=exact(execution.price),
                at=execution.time,
                is_live=request_id < 0,
            ),
        )

    def execDetailsEnd(self, request_id: int) -> None:
        self._ear.finished(request_id)

    def commissionReport(self, report: Any) -> None:
        if abs(report.commission) < UNSET_FROM:
            self._ear.heard("commission", CommissionRow(report.execId, exact(report.commission)))

    # -- the account ---------------------------------------------------------------------------------------

    def position(self, account: str, contract: Any, qty: float, avg_cost: float) -> None:
        self._ear.heard("positions", PositionRow(account, contract_row(contract), int(qty), exact(avg_cost)))

    def positionEnd(self) -> None:
        self._ear.finished("positions")

    def accountUpdateMulti(
        self, request_id: int, account: str, model: str, tag: str, value: str, currency: str
    ) -> None:
        self._ear.heard(request_id, ValueRow(account, tag, value, currency))

    def accountUpdateMultiEnd(self, request_id: int) -> None:
        self._ear.finished(request_id)

    # -- contracts -----------------------------------------------------------------------------------------

    def contractDetails(self, request_id: int, details: Any) -> None:
        self._ear.heard(
            request_id,
            DetailsRow(
                contract=contract_row(details.contract),
                exchange=details.contract.exchange,
                min_tick=exact(details.minTick),
                price_magnifier=details.priceMagnifier or 1,
                contract_month=details.contractMonth,
                under_con_id=details.underConId,
                time_zone=details.timeZoneId,
            ),
        )

    def contractDetailsEnd(self, request_id: int) -> None:
        self._ear.finished(request_id)

    def securityDefinitionOptionParameter(
        self, request_id: int, exchange: str, under_con_id: int, trading_class: str, multiplier: str,
        expiries: list[str], strikes: list[float],
    ) -> None:  # fmt: skip
        listed = tuple(exact(strike) for strike in strikes)
        self._ear.heard(request_id, ChainRow(exchange, trading_class, multiplier, tuple(expiries), listed))

    def securityDefinitionOptionParameterEnd(self, request_id: int) -> None:
        self._ear.finished(request_id)

    # -- prices --------------------------------------------------------------------------------------------

    def priceSizeTick(self, request_id: int, kind: int, price: float, size: float) -> None:
        self._ear.tick(request_id, kind, price, size)

    def tickSize(self, request_id: int, kind: int, size: float) -> None:
        self._ear.tick(request_id, kind, size, size)

    def tickString(self, request_id: int, kind: int, value: str) -> None:
        self._ear.tick(request_id, kind, value, 0)

    def marketDataType(self, request_id: int, data_type: int) -> None:
        self._ear.data_type(request_id, data_type)

    def updateMktDepth(
        self, request_id: int, row: int, operation: int, side: int, price: float, size: float
    ) -> None:
        self._ear.depth(request_id, row, operation, side, price, size)

    def updateMktDepthL2(
        self, request_id: int, row: int, maker: str, operation: int, side: int, price: float, size: float,
        smart: bool = False,
    ) -> None:  # fmt: skip
        self._ear.depth(request_id, row, operation, side, price, size)

    def realtimeBar(
        self, request_id: int, seconds: int, open_: float, high: float, low: float, close: float,
        volume: float, wap: float, count: int,
    ) -> None:  # fmt: skip
        start = datetime.fromtimestamp(seconds, UTC)
        prices = (exact(open_), exact(high), exact(low), exact(close))
        self._ear.heard(request_id, BarRow(start, *prices, int(volume)))

    def historicalData(self, request_id: int, bar: Any) -> None:
        start = bar_start(bar.date)
        prices = (exact(bar.open), exact(bar.high), exact(bar.low), exact(bar.close))
        self._ear.heard(request_id, BarRow(start, *prices, max(int(bar.volume), 0)))

    def historicalDataEnd(self, request_id: int, start: str, end: str) -> None:
        self._ear.finished(request_id)

    def historicalDataUpdate(self, request_id: int, bar: Any) -> None:
        self.historicalData(request_id, bar)


def exact(number: float) -> Decimal:
    """The decimal that stood on the wire: the shortest text of the float that the decoder made of it."""
    return Decimal(repr(number))


def exact_or_none(number: float) -> Decimal | None:
    """None for the wire's "not set"; 0 is how TWS writes a price that the type of order does not have."""
    return None if abs(number) > UNSET_FROM or number == 0 else exact(number)


def contract_row(contract: Any) -> ContractRow:
    return ContractRow(
        con_id=contract.conId,
        symbol=contract.symbol,
        sec_type=contract.secType,
        expiry=contract.lastTradeDateOrContractMonth.split(" ")[0],
        strike=exact(contract.strike),
        right=contract.right[:1],
        multiplier=contract.multiplier,
        local_symbol=contract.localSymbol,
        trading_class=contract.tradingClass,
    )


def order_row(order_id: int, contract: Any, order: Any, status: str) -> OrderRow:
    return OrderRow(
        order_id=order_id,
        client_id=order.clientId,
        perm_id=order.permId,
        account=order.account,
        contract=contract_row(contract),
        order_ref=order.orderRef,
        action=order.action,
        ord_type=order.orderType,
        qty=int(order.totalQuantity),
        limit_price=exact_or_none(order.lmtPrice),
        aux_price=exact_or_none(order.auxPrice),
        trail_stop=exact_or_none(order.trailStopPrice),
        tif=order.tif,
        good_till=order.goodTillDate,
        oca_group=order.ocaGroup,
        parent_id=order.parentId,
        outside_rth=bool(order.outsideRth),
        status=status,
    )


def margin_row(state: Any) -> MarginRow:
    """Its margins are texts; the commission of some contracts is told as a range only."""
    fees = (_amount(repr(fee)) for fee in (state.commission, state.maxCommission, state.minCommission))
    return MarginRow(
        initial_margin=_amount(state.initMarginChange),
        maintenance_margin=_amount(state.maintMarginChange),
        equity_after=_amount(state.equityWithLoanAfter),
        commission=next((fee for fee in fees if fee is not None), None),
        currency=state.commissionCurrency,
        words=state.warningText,
    )


def _amount(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except ArithmeticError:
        return None
    return found if found.is_finite() and abs(found) < UNSET else None


def bar_start(text: str) -> datetime:
    """The UTC start of a historical bar: epoch seconds, a day, or a day and time with the zone's name."""
    if len(text) == 8:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:]))
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    if text.isdigit():
        return datetime.fromtimestamp(int(text), UTC)
    day_text, clock, zone = text.split(" ", 2)
    local = datetime.strptime(f"{day_text} {clock}", "%Y%m%d %H:%M:%S").replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)
