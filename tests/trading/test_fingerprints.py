"""Which order of ours a report is about, at brokers that carry our ids and at those that give numbers of their own."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from tests.domain.test_orders import AT, MES, order
from tests.sim.clock import SimClock
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.ids import AccountId, ClOrdId, ExecId, InstrumentId, OrderId
from tradestream_gui.domain.orders import OrdStatus, OrdType, Side, TimeInForce
from tradestream_gui.ports.broker import ExecutionReport, OrderReport
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.fingerprints import own_order
from tradestream_gui.trading.own_orders import OwnOrders

SENT = replace(order(OrdStatus.SENT), limit_price=Decimal(6326))
REPORT = OrderReport(
    AccountId("A"), OrderId("77"), None, MES.instrument_id, Side.BUY, OrdType.LIMIT, TimeInForce.DAY, OrdStatus.NEW, 3,
    0, Decimal(6326), None, AT + timedelta(seconds=1),
)  # fmt: skip
FILL = ExecutionReport(
    AccountId("A"), OrderId("77"), None, ExecId("E1"), MES.instrument_id, Side.BUY, 3, Decimal(6326), Decimal(1),
    AT + timedelta(seconds=1),
)  # fmt: skip


def fail(fact: object, error: Exception) -> None:
    raise error


def blotter(*orders: Any) -> Blotter:
    made = Blotter(EventBus(fail))
    for one in orders:
        made.add(one)
    return made


def test_where_our_id_is_carried_nothing_else_is_believed() -> None:
    known = blotter(replace(SENT, order_id=OrderId("77")))
    assert own_order(known, REPORT, has_client_ids=True) is None
    assert own_order(known, replace(REPORT, cl_ord_id=ClOrdId("C1")), has_client_ids=True) == known.order(ClOrdId("C1"))
    assert own_order(known, replace(REPORT, cl_ord_id=ClOrdId("C2")), has_client_ids=False) is None


def test_a_number_is_believed_where_the_broker_knows_no_other() -> None:
    known = blotter(replace(SENT, order_id=OrderId("77"), ord_status=OrdStatus.NEW))
    assert own_order(known, REPORT, has_client_ids=False) == known.order(ClOrdId("C1"))
    assert own_order(known, replace(REPORT, order_id=OrderId("78")), has_client_ids=False) is None


@pytest.mark.parametrize("report", [REPORT, FILL, replace(FILL, last_qty=1)], ids=["order", "fill", "part"])
def test_an_order_in_flight_is_known_by_what_it_is_and_takes_its_number(report: OrderReport | ExecutionReport) -> None:
    found = own_order(blotter(SENT), report, has_client_ids=False)
    assert found == replace(SENT, order_id=OrderId("77"))


def test_two_orders_that_look_alike_are_not_told_apart_by_guessing() -> None:
    twins = blotter(SENT, replace(SENT, cl_ord_id=ClOrdId("C2")))
    assert own_order(twins, REPORT, has_client_ids=False) is None


@pytest.mark.parametrize(
    "differs",
    [
        {"instrument_id": InstrumentId("ESZ6")},
        {"side": Side.SELL},
        {"at": AT - timedelta(seconds=2, microseconds=1)},
        {"at": AT + timedelta(seconds=30, microseconds=1)},
        {"order_qty": 2},
        {"ord_type": OrdType.STOP},
        {"limit_price": Decimal("6326.25")},
        {"stop_price": Decimal(6300)},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_whatever_differs_is_not_ours(differs: dict[str, Any]) -> None:
    assert own_order(blotter(SENT), replace(REPORT, **differs), has_client_ids=False) is None


def test_the_edges_of_the_time_are_ours() -> None:
    for at in (AT - timedelta(seconds=2), AT + timedelta(seconds=30)):
        assert own_order(blotter(SENT), replace(REPORT, at=at), has_client_ids=False) is not None


def test_a_fill_larger_than_the_order_is_not_its_own() -> None:
    assert own_order(blotter(SENT), replace(FILL, last_qty=4), has_client_ids=False) is None


def test_a_fill_worse_than_the_limit_is_not_its_own() -> None:
    worse, better = replace(FILL, last_px=Decimal("6326.25")), replace(FILL, last_px=Decimal("6325.75"))
    assert own_order(blotter(SENT), worse, has_client_ids=False) is None
    assert own_order(blotter(SENT), better, has_client_ids=False) is not None
    at_market = replace(SENT, ord_type=OrdType.MARKET, limit_price=None)
    assert own_order(blotter(at_market), worse, has_client_ids=False) is not None


class Desk:
    """What of a broker without client ids is booked, and as whose."""

    def __init__(self, *orders: Any) -> None:
        self.clock = SimClock(AT)
        self.booked: list[tuple[ExecId, ClOrdId | None]] = []
        broker: Any = SimpleNamespace(capabilities=SimpleNamespace(client_ids=False))
        self.own = OwnOrders(clock=self.clock, blotter=blotter(*orders), broker_of=lambda _: broker, book=self._book)

    def _book(self, execution: ExecutionReport) -> None:
        order = self.own.order_of(execution)
        self.booked.append((execution.exec_id, None if order is None else order.cl_ord_id))


async def test_a_fill_that_only_looks_like_ours_waits_for_its_order_and_is_ours_when_that_is() -> None:
    desk = Desk(SENT)
    parts = [replace(FILL, exec_id=ExecId(name), last_qty=1) for name in ("E1", "E2")]
    assert [desk.own.must_wait(part) for part in parts] == [True, True]
    assert desk.booked == []
    assert desk.own.order_of(REPORT) is not None
    desk.own.told(REPORT)
    assert desk.booked == [("E1", "C1"), ("E2", "C1")]
    await desk.clock.run(5)
    assert len(desk.booked) == 2
    assert not desk.own.must_wait(FILL), "the number is known by now"


async def test_a_fill_whose_order_is_another_one_is_not_ours_whichever_is_told_first() -> None:
    desk, other = Desk(SENT), replace(REPORT, ord_type=OrdType.MARKET, limit_price=None)
    assert desk.own.must_wait(FILL)
    assert desk.own.order_of(other) is None
    desk.own.told(other)
    assert desk.booked == [("E1", None)]
    assert not desk.own.must_wait(replace(FILL, exec_id=ExecId("E2")))
    assert desk.own.order_of(FILL) is None
    assert desk.own.order_of(REPORT) is not None, "the gateway has given the number again"
    assert desk.own.order_of(FILL) is not None


async def test_a_fill_of_whose_order_nobody_tells_goes_by_its_looks_after_a_second() -> None:
    desk = Desk(SENT)
    assert desk.own.must_wait(FILL)
    await desk.clock.run(0.9)
    assert desk.booked == []
    await desk.clock.run(0.2)
    assert desk.booked == [("E1", "C1")]
    assert not desk.own.must_wait(replace(FILL, side=Side.SELL)), "nothing of ours looks like it"


@pytest.mark.parametrize(
    "ours", [replace(SENT, ord_status=OrdStatus.NEW), replace(SENT, order_id=OrderId("5"))], ids=["works", "numbered"]
)
def test_an_order_whose_answer_has_come_is_not_taken_for_another(ours: Any) -> None:
    assert own_order(blotter(ours), REPORT, has_client_ids=False) is None
