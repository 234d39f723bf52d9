"""Which order of ours a report is about, at brokers that carry our ids and at those that give numbers of their own."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.domain.test_orders import AT, MES, order
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.ids import AccountId, ClOrdId, ExecId, InstrumentId, OrderId
from tradestream_gui.domain.orders import OrdStatus, OrdType, Side, TimeInForce
from tradestream_gui.ports.broker import ExecutionReport, OrderReport
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.fingerprints import own_order

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


@pytest.mark.parametrize(
    "ours", [replace(SENT, ord_status=OrdStatus.NEW), replace(SENT, order_id=OrderId("5"))], ids=["works", "numbered"]
)
def test_an_order_whose_answer_has_come_is_not_taken_for_another(ours: Any) -> None:
    assert own_order(blotter(ours), REPORT, has_client_ids=False) is None
