"""Slippage, its exact parts, fill rates and the latency waterfall."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analytics.given import JMONEY, PAPER, future
from tradestream_gui.analytics.execution import EntryExecution, Waterfall, execution_summary, percentile
from tradestream_gui.domain.ids import ClOrdId, LotId
from tradestream_gui.domain.orders import Order, OrderRole, OrdStatus, OrdType, Side, TimeInForce

ES = future("ES")
AT = datetime(2026, 9, 15, 14, 0, tzinfo=UTC)
PRICES = st.integers(20_000, 30_000).map(lambda ticks: Decimal(ticks) / 4)


def execution(
    fills: list[tuple[int, Decimal]],
    alert: Decimal | None,
    at_message: Decimal | None = None,
    at_submit: Decimal | None = None,
    side: Side = Side.BUY,
) -> EntryExecution:
    qty = sum(each for each, _ in fills)
    value = sum((price * each for each, price in fills), Decimal(0))
    return EntryExecution(
        ClOrdId("o1"), JMONEY.message_key, JMONEY, ES, side, qty, value, alert, at_message, at_submit
    )


def order(number: int, status: OrdStatus, cum_qty: int, order_qty: int = 2) -> Order:
    return Order(
        ClOrdId(f"o{number}"), PAPER, ES.instrument_id, LotId(f"L{number}"), JMONEY, OrderRole.ENTRY, Side.BUY,
        OrdType.LIMIT, order_qty, TimeInForce.DAY, AT, AT, ord_status=status, cum_qty=cum_qty,
    )


def test_a_buy_above_the_alert_costs_five_ticks() -> None:
    cost = execution([(2, Decimal("6327.25"))], Decimal("6326.00")).alert_slippage
    assert cost is not None
    assert (cost.ticks, cost.dollars, cost.points) == (Decimal(5), Decimal(125), Decimal("1.25"))
    assert float(cost.basis_points or 0) == pytest.approx(1.97597, abs=1e-5)


def test_a_short_sold_above_the_alert_gains() -> None:
    cost = execution([(1, Decimal("6327.25"))], Decimal("6326.00"), side=Side.SELL).alert_slippage
    assert cost is not None
    assert cost.dollars == Decimal("-62.50")


@given(
    st.lists(st.tuples(st.integers(1, 7), PRICES), min_size=1, max_size=6), PRICES, PRICES, PRICES,
    st.sampled_from(Side),
)
def test_slippage_is_exactly_the_sum_of_its_parts(
    fills: list[tuple[int, Decimal]], alert: Decimal, at_message: Decimal, at_submit: Decimal, side: Side
) -> None:
    seen = execution(fills, alert, at_message, at_submit, side)
    whole, gap, latency, arrival = seen.alert_slippage, seen.alert_gap, seen.latency_cost, seen.arrival_slippage
    assert whole is not None
    assert gap is not None
    assert latency is not None
    assert arrival is not None
    assert whole.dollars == gap.dollars + latency.dollars + arrival.dollars


def test_what_nobody_quoted_is_not_measured() -> None:
    seen = execution([(1, Decimal(6326))], None)
    assert (seen.alert_slippage, seen.arrival_slippage, seen.latency_cost) == (None, None, None)
    summary = execution_summary([seen], [], [])
    assert (summary.alert_slippage_ticks.value, summary.fill_rate.value) == (None, None)
    assert summary.fill_rate.reason == "no entry was sent"
    assert summary.alert_slippage_ticks.reason == "no alert price in 1 entry order"


def test_fill_rates_count_only_orders_that_were_sent() -> None:
    orders = [
        order(1, OrdStatus.FILLED, 2),
        order(2, OrdStatus.CANCELED, 1),
        order(3, OrdStatus.REJECTED, 0),
        order(4, OrdStatus.DENIED, 0),
        order(5, OrdStatus.EXPIRED, 0),
    ]
    seen = execution_summary([], orders, [])
    assert (seen.fill_rate.value, seen.fill_rate.n) == (Decimal(3) / 8, 4)
    assert seen.orders_filled.value == Decimal("0.5")
    assert (seen.canceled.value, seen.rejected.value) == (Decimal("0.5"), Decimal("0.25"))


def test_the_waterfall_shows_each_stage_and_leaves_out_the_unknown() -> None:
    def at(ms: int) -> datetime:
        return AT + timedelta(milliseconds=ms)

    seen = Waterfall(ClOrdId("o1"), None, at(0), at(210), at(215), at(216), at(220), None, at(320), at(320))
    stages = dict(seen.stages())
    assert stages["message to receipt"] == 210
    assert stages["intent to sending"] == 4
    assert stages["sending to acknowledgement"] is None
    assert (seen.time_to_fill_ms, seen.total_ms) == (100, 320)


def moments(sent: int, acknowledged: int | None, fill: int, posted: int = 0) -> Waterfall:
    def at(ms: int) -> datetime:
        return AT + timedelta(milliseconds=ms)

    told = None if acknowledged is None else at(acknowledged)
    return Waterfall(
        ClOrdId("o1"), None, at(posted), at(2), at(3), at(4), at(sent), told, first_fill=at(fill), last_fill=at(fill)
    )


def test_a_fill_before_its_acknowledgement_came_back_is_no_negative_wait() -> None:
    seen = [moments(10, 35, 22), moments(10, 35, 23), moments(10, 30, 930)]
    assert [dict(each.stages())["acknowledgement to first fill"] for each in seen] == [0, 0, 900]
    median = dict(execution_summary([], [], seen).stages_p50_ms)["acknowledgement to first fill"]
    assert (median.value, median.n) == (0, 3)
    assert median.reason == "2 filled before the acknowledgement came back: no wait"


def test_moments_of_clocks_that_disagree_are_not_measured() -> None:
    seen = moments(10, 35, -400, posted=90)  # the broker stamps whole seconds, the source's clock runs ahead
    stages = dict(seen.stages())
    assert stages["message to receipt"] is None
    assert stages["acknowledgement to first fill"] is None
    assert (seen.time_to_fill_ms, seen.total_ms) == (None, None)
    assert stages["sending to acknowledgement"] == 25


def test_percentiles_are_values_that_were_measured() -> None:
    times = [float(value) for value in range(1, 21)]
    assert percentile(times, 50).value == 10
    assert percentile(times, 95).value == 19
    assert percentile([None, 7.0], 95) == percentile([7.0], 50)
    assert percentile([None], 50).value is None
