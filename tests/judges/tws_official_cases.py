"""Runs inside a judge's environment: the broker's own client library against the loopback TWS, at version 157.

Called with the library's name and the port; prints one JSON line per case. Knows nothing of our adapter.
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from ibapi.client import EClient
from ibapi.contract import Contract
from ibapi.execution import ExecutionFilter
from ibapi.order import Order
from ibapi.wrapper import EWrapper

WAIT_S = 5.0


class Client(EWrapper, EClient):  # type: ignore[misc]  # the library's own way, and it has no types
    """Writes down whatever the library decodes."""

    def __init__(self) -> None:
        EClient.__init__(self, self)
        self.heard: list[tuple[Any, ...]] = []
        self.order_id = 0

    def nextValidId(self, orderId: int) -> None:
        self.order_id = orderId

    def error(self, reqId: int, errorCode: int, errorString: str) -> None:
        self.heard.append(("error", reqId, errorCode))

    def managedAccounts(self, accountsList: str) -> None:
        self.heard.append(("accounts", accountsList))

    def contractDetails(self, reqId: int, contractDetails: Any) -> None:
        details = contractDetails
        self.heard.append(("details", reqId, details.contract.conId, details.minTick, details.contract.multiplier))

    def contractDetailsEnd(self, reqId: int) -> None:
        self.heard.append(("details end", reqId))

    def openOrder(self, orderId: int, contract: Any, order: Any, orderState: Any) -> None:
        price = order.auxPrice if order.orderType in ("STP", "TRAIL") else order.lmtPrice
        self.heard.append(("open order", orderId, contract.localSymbol, order.orderType, price, orderState.status))

    def openOrderEnd(self) -> None:
        self.heard.append(("open orders end",))

    def orderStatus(self, orderId: int, status: str, filled: float, *more: Any) -> None:
        self.heard.append(("status", orderId, status, filled))

    def execDetails(self, reqId: int, contract: Any, execution: Any) -> None:
        self.heard.append(("execution", reqId, execution.orderRef, execution.shares, execution.price))

    def execDetailsEnd(self, reqId: int) -> None:
        self.heard.append(("executions end", reqId))

    def commissionReport(self, commissionReport: Any) -> None:
        self.heard.append(("commission", commissionReport.execId, commissionReport.commission))

    def completedOrder(self, contract: Any, order: Any, orderState: Any) -> None:
        self.heard.append(("completed", order.orderRef, orderState.status, order.filledQuantity))

    def completedOrdersEnd(self) -> None:
        self.heard.append(("completed end",))

    def position(self, account: str, contract: Any, position: float, avgCost: float) -> None:
        self.heard.append(("position", contract.localSymbol, position))

    def positionEnd(self) -> None:
        self.heard.append(("positions end",))

    def tickPrice(self, reqId: int, tickType: int, price: float, attrib: Any) -> None:
        self.heard.append(("tick", reqId, tickType, price))

    def tickString(self, reqId: int, tickType: int, value: str) -> None:
        self.heard.append(("text", reqId, tickType, value.count(";")))

    def updateMktDepth(self, reqId: int, position: int, operation: int, side: int, price: float, size: int) -> None:
        self.heard.append(("depth", reqId, position, side, price))

    def historicalData(self, reqId: int, bar: Any) -> None:
        self.heard.append(("bar", reqId, bar.high >= bar.low))

    def historicalDataEnd(self, reqId: int, start: str, end: str) -> None:
        self.heard.append(("bars end", reqId))

    def accountUpdateMulti(self, reqId: int, account: str, modelCode: str, key: str, value: str, currency: str) -> None:
        self.heard.append(("value", reqId, key, currency))

    def accountUpdateMultiEnd(self, reqId: int) -> None:
        self.heard.append(("values end", reqId))

    def currentTime(self, seconds: int) -> None:
        self.heard.append(("time", seconds > 1_600_000_000))

    def until(self, *wanted: Any) -> tuple[Any, ...]:
        """The first thing heard that begins so."""
        for _ in range(int(WAIT_S / 0.02)):
            for one in list(self.heard):
                if one[: len(wanted)] == wanted:
                    return one
            time.sleep(0.02)
        raise AssertionError(f"{wanted} never came; last heard {self.heard[-5:]}")

    def place(self, kind: str, action: str, qty: int, ref: str, **terms: Any) -> int:
        order = Order()
        order.action, order.totalQuantity, order.orderType, order.orderRef = action, qty, kind, ref
        order.eTradeOnly = order.firmQuoteOnly = False
        for name, value in terms.items():
            setattr(order, name, value)
        self.order_id += 1
        self.placeOrder(self.order_id, es(), order)
        return self.order_id


def es() -> Any:
    contract = Contract()
    contract.localSymbol, contract.secType, contract.exchange, contract.currency = "ESZ6", "FUT", "CME", "USD"
    return contract


def log_in_is_complete(c: Client) -> None:
    c.until("accounts", "DU7654321")
    assert c.serverVersion() == 157
    assert c.order_id >= 1


def contract_is_described(c: Client) -> None:
    c.reqContractDetails(101, es())
    assert c.until("details", 101)[3:] == (0.25, "50")
    c.until("details end", 101)


def ticks_and_trades_arrive(c: Client) -> None:
    c.reqMktData(102, es(), "233", False, False, [])
    assert c.until("tick", 102, 1)[3] == 6326.0
    assert c.until("text", 102, 48)[3] == 5
    c.cancelMktData(102)


def depth_arrives(c: Client) -> None:
    contract = es()
    contract.conId = c.until("details", 101)[2]
    c.reqMktDepth(103, contract, 3, False, [])
    assert c.until("depth", 103, 0, 1)[4] == 6326.0
    c.cancelMktDepth(103, False)


def history_arrives(c: Client) -> None:
    c.reqHistoricalData(104, es(), "", "3600 S", "1 min", "TRADES", 0, 1, False, [])
    c.until("bars end", 104)
    assert all(one[2] for one in c.heard if one[0] == "bar")


def figures_arrive(c: Client) -> None:
    c.reqAccountUpdatesMulti(105, "DU7654321", "", False)
    c.until("value", 105, "CashBalance", "USD")
    c.until("values end", 105)


def market_order_fills(c: Client) -> None:
    number = c.place("MKT", "BUY", 2, "K1")
    c.until("status", number, "Filled", 2.0)
    assert c.until("execution", -1, "K1")[3:] == (2.0, 6326.25)
    assert c.until("commission")[2] > 0


def resting_orders_are_decoded_whole(c: Client) -> None:
    limit = c.place("LMT", "BUY", 1, "K2", lmtPrice=6300.0)
    stop = c.place("STP", "SELL", 1, "K3", auxPrice=6290.0)
    trail = c.place("TRAIL", "SELL", 1, "K4", auxPrice=10.0)
    assert c.until("open order", limit, "ESZ6", "LMT")[4:] == (6300.0, "Submitted")
    assert c.until("open order", stop, "ESZ6", "STP")[4:] == (6290.0, "PreSubmitted")
    assert c.until("open order", trail, "ESZ6", "TRAIL")[4:] == (10.0, "PreSubmitted")
    c.reqAllOpenOrders()
    c.until("open orders end")
    for number in (limit, stop, trail):
        c.cancelOrder(number)
        c.until("status", number, "Cancelled")


def bracket_waits_for_its_last_leg(c: Client) -> None:
    parent = c.place("LMT", "BUY", 1, "K5", lmtPrice=6310.0, transmit=False)
    child = c.place("STP", "SELL", 1, "K6", auxPrice=6300.0, parentId=parent)
    c.until("status", parent, "Submitted")
    c.until("status", child, "PreSubmitted")
    c.cancelOrder(parent)
    c.until("status", child, "Cancelled")


def off_tick_order_is_refused(c: Client) -> None:
    number = c.place("LMT", "BUY", 1, "K7", lmtPrice=6300.1)
    c.until("error", number, 110)


def day_is_listed(c: Client) -> None:
    c.reqCompletedOrders(False)
    assert c.until("completed", "K1")[2:] == ("Filled", 2.0)
    c.until("completed end")
    c.reqExecutions(106, ExecutionFilter())
    c.until("execution", 106, "K1")
    c.until("executions end", 106)
    c.reqPositions()
    assert c.until("position", "ESZ6")[2] == 2.0
    c.until("positions end")


def clock_is_told(c: Client) -> None:
    c.reqCurrentTime()
    assert c.until("time")[1]


CASES: tuple[Callable[[Client], None], ...] = (
    log_in_is_complete, contract_is_described, ticks_and_trades_arrive, depth_arrives, history_arrives,
    figures_arrive, market_order_fills, resting_orders_are_decoded_whole, bracket_waits_for_its_last_leg,
    off_tick_order_is_refused, day_is_listed, clock_is_told,
)  # fmt: skip


def judge(port: int) -> int:
    client = Client()
    client.connect("127.0.0.1", port, 7)
    threading.Thread(target=client.run, daemon=True).start()
    failed = 0
    for case in CASES:
        problem = ""
        try:
            case(client)
        except Exception as error:  # each case's end is a row of the table, whatever it was
            problem = f"{type(error).__name__}: {error}"
            failed += 1
        print(json.dumps({"case": case.__name__.replace("_", " "), "problem": problem}), flush=True)
    client.disconnect()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(judge(int(sys.argv[2])))
