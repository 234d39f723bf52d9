"""Runs inside a judge's environment: a foreign client library against the loopback TWS, one case after another.

Called with the library's name and the port; prints one JSON line per case. Knows nothing of our adapter.
"""

import asyncio
import importlib
import json
import sys
from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any

WAIT_S = 5.0


class Bench:
    """One connected client of the library under which the cases run."""

    def __init__(self, library: ModuleType, port: int) -> None:
        self.lib = library
        self.port = port
        self.ib: Any = library.IB()
        self.es: Any = library.Future("ES", exchange="CME", localSymbol="ESZ6", currency="USD")

    async def open(self) -> None:
        await self.ib.connectAsync("127.0.0.1", self.port, clientId=7, timeout=WAIT_S)
        await self.ib.qualifyContractsAsync(self.es)

    async def until(self, true: Callable[[], Any]) -> None:
        for _ in range(int(WAIT_S / 0.02)):
            if true():
                return
            await asyncio.sleep(0.02)
        raise AssertionError("it never came")

    async def place(self, kind: str, *terms: Any, **more: Any) -> Any:
        order = getattr(self.lib, kind)(*terms, **more)
        return self.ib.placeOrder(self.es, order)

    async def ended(self, trade: Any, status: str) -> None:
        await self.until(lambda: trade.orderStatus.status == status)


async def account_is_there(b: Bench) -> None:
    assert b.ib.managedAccounts() == ["DU7654321"]
    tags = {value.tag: value.value for value in b.ib.accountValues()}
    assert float(tags["CashBalance"]) > 0
    assert float(tags["NetLiquidation"]) > 0


async def contract_is_qualified(b: Bench) -> None:
    details = await b.ib.reqContractDetailsAsync(b.es)
    assert len(details) == 1
    assert (details[0].minTick, details[0].contract.multiplier) == (0.25, "50")
    assert details[0].contract.conId > 0


async def unknown_contract_is_refused(b: Bench) -> None:
    found = await b.ib.reqContractDetailsAsync(b.lib.Stock("NOSUCH", "SMART", "USD"))
    assert not found


async def option_chain_is_listed(b: Bench) -> None:
    (stock,) = await b.ib.qualifyContractsAsync(b.lib.Stock("QQQ", "SMART", "USD"))
    chains = await b.ib.reqSecDefOptParamsAsync("QQQ", "", "STK", stock.conId)
    smart = next(chain for chain in chains if chain.exchange == "SMART")
    assert len(smart.expirations) == 2
    assert 500.0 in smart.strikes


async def option_is_qualified(b: Bench) -> None:
    (stock,) = await b.ib.qualifyContractsAsync(b.lib.Stock("QQQ", "SMART", "USD"))
    chain = (await b.ib.reqSecDefOptParamsAsync("QQQ", "", "STK", stock.conId))[0]
    (option,) = await b.ib.qualifyContractsAsync(b.lib.Option("QQQ", chain.expirations[0], 500, "C", "SMART"))
    assert len(option.localSymbol) == 21


async def market_rule_is_read(b: Bench) -> None:
    rule = await b.ib.reqMarketRuleAsync(67)
    assert rule[0].increment == 0.25


async def ticks_arrive(b: Bench) -> None:
    ticker = b.ib.reqMktData(b.es, "233")
    await b.until(lambda: ticker.bid == 6326.0 and ticker.ask == 6326.25)
    await b.until(lambda: ticker.rtVolume > 0)
    b.ib.cancelMktData(b.es)


async def depth_arrives(b: Bench) -> None:
    ticker = b.ib.reqMktDepth(b.es, numRows=3)
    await b.until(lambda: len(ticker.domBids) == 3 and len(ticker.domAsks) == 3)
    assert ticker.domBids[0].price > ticker.domBids[1].price
    b.ib.cancelMktDepth(b.es)


async def five_second_bars_arrive(b: Bench) -> None:
    bars = b.ib.reqRealTimeBars(b.es, 5, "TRADES", False)
    await b.until(lambda: len(bars) > 0)
    b.ib.cancelRealTimeBars(bars)


async def history_arrives(b: Bench) -> None:
    bars = await b.ib.reqHistoricalDataAsync(b.es, "", "3600 S", "1 min", "TRADES", False)
    assert len(bars) in (60, 61)
    assert bars[0].high >= bars[0].open >= bars[0].low


async def repeated_history_breaks_pacing(b: Bench) -> None:
    errors: list[int] = []
    b.ib.errorEvent += lambda *event: errors.append(event[1])
    for _ in range(2):
        await b.ib.reqHistoricalDataAsync(b.es, "", "1800 S", "5 mins", "TRADES", False)
    assert 162 in errors


async def market_order_fills_with_commission(b: Bench) -> None:
    trade = await b.place("MarketOrder", "BUY", 2, orderRef="J1")
    await b.ended(trade, "Filled")
    await b.until(lambda: trade.fills and trade.fills[0].commissionReport.commission > 0)
    assert trade.fills[0].execution.orderRef == "J1"
    assert sum(position.position for position in b.ib.positions()) == 2


async def limit_order_rests_and_is_cancelled(b: Bench) -> None:
    trade = await b.place("LimitOrder", "BUY", 1, 6300.0, orderRef="J2")
    await b.ended(trade, "Submitted")
    b.ib.cancelOrder(trade.order)
    await b.ended(trade, "Cancelled")


async def order_is_modified(b: Bench) -> None:
    trade = await b.place("LimitOrder", "BUY", 1, 6300.0)
    await b.ended(trade, "Submitted")
    trade.order.lmtPrice = 6301.0
    b.ib.placeOrder(b.es, trade.order)
    await b.until(lambda: trade.log[-1].message == "Modified")
    orders = await b.ib.reqOpenOrdersAsync()
    assert [one.order.lmtPrice for one in orders] == [6301.0]
    b.ib.cancelOrder(trade.order)
    await b.ended(trade, "Cancelled")


async def bracket_is_sent_with_its_last_leg(b: Bench) -> None:
    bracket = b.ib.bracketOrder("BUY", 1, 6310.0, 6330.0, 6300.0)
    trades = [b.ib.placeOrder(b.es, order) for order in bracket]
    resting = ["Submitted", "PreSubmitted", "PreSubmitted"]
    await b.until(lambda: [trade.orderStatus.status for trade in trades] == resting)
    b.ib.cancelOrder(trades[0].order)
    for trade in trades:
        await b.ended(trade, "Cancelled")


async def linked_order_cancels_its_peer(b: Bench) -> None:
    near = b.lib.MarketOrder("SELL", 1, ocaGroup="J-OCA", ocaType=1, transmit=True)
    far = b.ib.placeOrder(b.es, b.lib.LimitOrder("SELL", 1, 6390.0, ocaGroup="J-OCA", ocaType=1))
    await b.ended(far, "Submitted")
    trade = b.ib.placeOrder(b.es, near)
    await b.ended(trade, "Filled")
    await b.ended(far, "Cancelled")


async def trailing_stop_rests(b: Bench) -> None:
    order = b.lib.Order(action="SELL", totalQuantity=1, orderType="TRAIL", auxPrice=10.0)
    trade = b.ib.placeOrder(b.es, order)
    await b.ended(trade, "PreSubmitted")
    b.ib.cancelOrder(order)
    await b.ended(trade, "Cancelled")


async def off_tick_order_is_refused_with_110(b: Bench) -> None:
    errors: list[int] = []
    b.ib.errorEvent += lambda *event: errors.append(event[1])
    await b.place("LimitOrder", "BUY", 1, 6300.1)
    await b.until(lambda: 110 in errors)


async def filled_order_cannot_be_cancelled(b: Bench) -> None:
    errors: list[int] = []
    b.ib.errorEvent += lambda *event: errors.append(event[1])
    trade = await b.place("MarketOrder", "SELL", 1)
    await b.ended(trade, "Filled")
    b.ib.client.cancelOrder(trade.order.orderId)
    await b.until(lambda: 10148 in errors)


async def completed_orders_and_executions_are_listed(b: Bench) -> None:
    completed = await b.ib.reqCompletedOrdersAsync(False)
    assert "J1" in {trade.order.orderRef for trade in completed}
    executions = await b.ib.reqExecutionsAsync()
    assert "J1" in {fill.execution.orderRef for fill in executions}


async def what_if_tells_the_margin(b: Bench) -> None:
    state = await b.ib.whatIfOrderAsync(b.es, b.lib.LimitOrder("BUY", 1, 6300.0))
    assert float(state.initMarginChange) > 0


async def clock_is_told(b: Bench) -> None:
    assert (await b.ib.reqCurrentTimeAsync()).year > 2020


async def second_client_of_the_same_id_is_sent_away(b: Bench) -> None:
    other = b.lib.IB()
    try:
        await other.connectAsync("127.0.0.1", b.port, clientId=7, timeout=1)
    except (asyncio.TimeoutError, ConnectionError, OSError):  # noqa: UP041  # two classes on Python 3.10
        return
    raise AssertionError("it was let in")


async def reconnect_finds_the_resting_order(b: Bench) -> None:
    trade = await b.place("LimitOrder", "BUY", 1, 6290.0, orderRef="J9")
    await b.ended(trade, "Submitted")
    b.ib.disconnect()
    await b.open()
    assert "J9" in {one.order.orderRef for one in b.ib.openTrades()}


CASES: tuple[Callable[[Bench], Awaitable[None]], ...] = (
    account_is_there, contract_is_qualified, unknown_contract_is_refused, option_chain_is_listed,
    option_is_qualified, market_rule_is_read, ticks_arrive, depth_arrives, five_second_bars_arrive,
    history_arrives, repeated_history_breaks_pacing, market_order_fills_with_commission,
    limit_order_rests_and_is_cancelled, order_is_modified, bracket_is_sent_with_its_last_leg,
    linked_order_cancels_its_peer, trailing_stop_rests, off_tick_order_is_refused_with_110,
    filled_order_cannot_be_cancelled, completed_orders_and_executions_are_listed, what_if_tells_the_margin,
    clock_is_told, second_client_of_the_same_id_is_sent_away, reconnect_finds_the_resting_order,
)  # fmt: skip


async def judge(name: str, port: int) -> int:
    bench = Bench(importlib.import_module(name), port)
    await bench.open()
    failed = 0
    for case in CASES:
        problem = ""
        try:
            await asyncio.wait_for(case(bench), 3 * WAIT_S)
        except Exception as error:  # each case's end is a row of the table, whatever it was
            problem = f"{type(error).__name__}: {error}"
            failed += 1
        print(json.dumps({"case": case.__name__.replace("_", " "), "problem": problem}), flush=True)
    bench.ib.disconnect()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(judge(sys.argv[1], int(sys.argv[2]))))
