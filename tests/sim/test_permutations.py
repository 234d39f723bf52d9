"""Twelve canonical trades, each in every order in which its reports can arrive: the end is always the same."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from tests.sim.clock import SimClock
from tests.trading.stage import MES, reference_data
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import Account, AccountKind
from tradestream_gui.domain.ids import AccountId, ClOrdId, ExecId, LotId, OrderId
from tradestream_gui.domain.orders import MANUAL, Order, OrderRole, OrdStatus, OrdType, Side, TimeInForce
from tradestream_gui.ports.broker import BrokerCapabilities, ExecutionReport, LinkState, OrderReport
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.external_fills import ExternalFills
from tradestream_gui.trading.external_orders import ExternalOrders
from tradestream_gui.trading.lot_book import LotBook
from tradestream_gui.trading.order_desk import OrderDesk
from tradestream_gui.trading.uncertain_orders import OrderTiming

NOON = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)
SIM, LOT = AccountId("sim"), LotId("L1")
D = Decimal
Report = OrderReport | ExecutionReport


class NoJournal:
    """The owners' records are not looked at here."""

    def append(self, records: Any) -> None:
        """Kept by nobody."""

    async def commit(self, records: Any) -> None:
        """Kept by nobody."""


class Listener:
    """A broker that only takes: the test brings its reports."""

    name = "paper"
    capabilities = BrokerCapabilities(True, True, True, frozenset(OrdType), frozenset(TimeInForce))

    def __init__(self, reports: Iterable[Report]) -> None:
        self._fills = tuple(report for report in reports if isinstance(report, ExecutionReport))

    async def executions(self, account_id: AccountId, since: datetime) -> tuple[ExecutionReport, ...]:
        return self._fills


@dataclass(frozen=True)
class Trade:
    """The reports of one order in the order in which the broker made them."""

    name: str
    qty: int
    reports: tuple[Report, ...]


def told(status: OrdStatus, cum: int, qty: int, text: str = "") -> OrderReport:
    return OrderReport(
        SIM, OrderId("7"), ClOrdId("TS-1"), MES, Side.BUY, OrdType.LIMIT, TimeInForce.DAY, status, qty, cum,
        D("6326"), None, NOON, text,
    )  # fmt: skip


def deal(number: int, qty: int, price: str) -> ExecutionReport:
    return ExecutionReport(
        SIM, OrderId("7"), ClOrdId("TS-1"), ExecId(f"E{number}"), MES, Side.BUY, qty, D(price), D("0.5") * qty,
        NOON + timedelta(seconds=number),
    )  # fmt: skip


S = OrdStatus
TRADES = (
    Trade("filled at once", 2, (told(S.NEW, 0, 2), deal(1, 2, "6326"), told(S.FILLED, 2, 2))),
    Trade("two pieces", 3, (told(S.NEW, 0, 3), deal(1, 1, "6325.75"), told(S.PARTIALLY_FILLED, 1, 3),
                            deal(2, 2, "6326"), told(S.FILLED, 3, 3))),
    Trade("three drips", 3, (told(S.NEW, 0, 3), deal(1, 1, "6325.50"), deal(2, 1, "6325.75"), deal(3, 1, "6326"),
                             told(S.FILLED, 3, 3))),
    Trade("fill before any answer", 1, (deal(1, 1, "6326"), told(S.FILLED, 1, 1))),
    Trade("a deal told twice", 2, (told(S.NEW, 0, 2), deal(1, 1, "6326"), deal(1, 1, "6326"), deal(2, 1, "6326"),
                                   told(S.FILLED, 2, 2))),
    Trade("cancelled unfilled", 2, (told(S.NEW, 0, 2), told(S.CANCELED, 0, 2, "on request"))),
    Trade("a part, then cancelled", 4, (told(S.NEW, 0, 4), deal(1, 1, "6326"), told(S.PARTIALLY_FILLED, 1, 4),
                                        deal(2, 1, "6325.75"), told(S.PARTIALLY_FILLED, 2, 4),
                                        told(S.CANCELED, 2, 4, "on request"))),
    Trade("a part, then expired", 3, (told(S.NEW, 0, 3), deal(1, 2, "6326"), told(S.PARTIALLY_FILLED, 2, 3),
                                      told(S.EXPIRED, 2, 3, "end of day"))),
    Trade("rejected", 2, (told(S.NEW, 0, 2), told(S.REJECTED, 0, 2, "margin"))),
    Trade("cancel refused, then filled", 2, (told(S.NEW, 0, 2), told(S.NEW, 0, 2, "cancel refused"),
                                             deal(1, 1, "6326"), deal(2, 1, "6326.25"), told(S.FILLED, 2, 2))),
    Trade("the same answers twice", 1, (told(S.NEW, 0, 1), told(S.NEW, 0, 1), deal(1, 1, "6326"), deal(1, 1, "6326"),
                                        told(S.FILLED, 1, 1), told(S.FILLED, 1, 1))),
    Trade("pieces of three prices", 6, (deal(1, 1, "6325.25"), deal(2, 2, "6325.50"), deal(3, 3, "6326"),
                                        told(S.PARTIALLY_FILLED, 3, 6), told(S.FILLED, 6, 6), told(S.NEW, 0, 6))),
)  # fmt: skip


@pytest.mark.parametrize("trade", TRADES, ids=lambda trade: trade.name)
async def test_every_order_of_its_reports_ends_alike(trade: Trade) -> None:
    ends = {}
    for order in permutations(range(len(trade.reports))):
        ends[await _end(trade, [trade.reports[number] for number in order])] = order
    assert len(ends) == 1, "\n".join(f"{how}: {end}" for end, how in ends.items())


async def _end(trade: Trade, reports: list[Report]) -> tuple[Any, ...]:
    clock, bus = SimClock(NOON), EventBus(_fail)
    tasks = LoopTasks(_fail)
    instrument = reference_data().instrument(MES)
    assert instrument is not None
    blotter, lots = Blotter(bus), LotBook(bus, lambda _: instrument)
    accounts = AccountBook(bus, clock, NoJournal())  # type: ignore[arg-type]  # what is written is not looked at
    desk = OrderDesk(
        bus=bus, clock=clock, tasks=tasks, journal=NoJournal(), blotter=blotter, lots=lots, accounts=accounts,  # type: ignore[arg-type]
        timing=OrderTiming(5, 2, 5, 5), external=ExternalFills(bus=bus, clock=clock, blotter=blotter, lots=lots),
        external_orders=ExternalOrders(bus=bus, clock=clock, blotter=blotter),
    )  # fmt: skip
    desk.attach(Account(SIM, "Sim", AccountKind.SIMULATOR, "paper"), Listener(reports))  # type: ignore[arg-type]
    desk.on_link("paper", LinkState.UP, "")
    blotter.add(_order(trade.qty))
    for report in reports:
        if isinstance(report, OrderReport):
            desk.on_order(report)
        else:
            desk.on_execution(report)
    await clock.run(3)
    await tasks.close()
    order, lot = blotter.order(ClOrdId("TS-1")), lots.lot(LOT)
    assert order is not None
    held = (lot.signed_qty, lot.entry_value, lot.commission) if lot else (0, D(0), D(0))
    state = accounts.state(SIM).trading_state.value
    return order.ord_status.value, order.cum_qty, order.avg_px and round(order.avg_px, 10), held, state


def _order(qty: int) -> Order:
    order = Order(
        cl_ord_id=ClOrdId("TS-1"), account_id=SIM, instrument_id=MES, lot_id=LOT, origin=MANUAL, role=OrderRole.ENTRY,
        side=Side.BUY, ord_type=OrdType.LIMIT, order_qty=qty, time_in_force=TimeInForce.DAY, created_at=NOON,
        updated_at=NOON, limit_price=D("6326"),
    )  # fmt: skip
    return replace(order, ord_status=OrdStatus.SENT)


def _fail(what: object, error: BaseException) -> None:
    raise AssertionError(f"{what} failed") from error


