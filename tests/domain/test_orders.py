"""The table of legal moves, fills in any state, lots exact to the cent, and exit plans."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradestream_gui.domain.errors import IllegalTransition
from tradestream_gui.domain.exits import split_targets
from tradestream_gui.domain.ids import AccountId, ClOrdId, ExecId, InstrumentId, LotId
from tradestream_gui.domain.instruments import AssetClass, Instrument, TickBand
from tradestream_gui.domain.orders import (
    MANUAL,
    TERMINAL,
    Fill,
    Order,
    OrderRole,
    OrdStatus,
    OrdType,
    Side,
    TimeInForce,
)
from tradestream_gui.domain.positions import Lot, new_lot

D = Decimal
S = OrdStatus
AT = datetime(2026, 11, 19, 15, tzinfo=UTC)
MES = Instrument(
    InstrumentId("MESZ6"), AssetClass.FUTURE, "MES", "CME", (TickBand(D(0), D("0.25")),), D(5), "ES", D("0.1")
)
LEGAL = {
    S.PENDING_NEW: "DENIED SENT ABANDONED",
    S.SENT: "NEW PARTIALLY_FILLED FILLED REJECTED UNCERTAIN CANCELED EXPIRED PENDING_CANCEL",
    S.UNCERTAIN: "NEW PARTIALLY_FILLED FILLED REJECTED CANCELED NOT_FOUND EXPIRED PENDING_CANCEL",
    S.NEW: "PARTIALLY_FILLED FILLED PENDING_CANCEL PENDING_REPLACE CANCELED EXPIRED REJECTED UNCERTAIN",
    S.PARTIALLY_FILLED: "PARTIALLY_FILLED FILLED PENDING_CANCEL PENDING_REPLACE CANCELED EXPIRED REJECTED UNCERTAIN",
    S.PENDING_CANCEL: "CANCELED PARTIALLY_FILLED FILLED NEW UNCERTAIN EXPIRED REJECTED",
    S.PENDING_REPLACE: "NEW PARTIALLY_FILLED FILLED CANCELED UNCERTAIN EXPIRED REJECTED PENDING_CANCEL",
}
"""Written from the decisions page, apart from the code's own table."""


def order(status: OrdStatus, qty: int = 3) -> Order:
    return Order(
        ClOrdId("C1"), AccountId("A"), MES.instrument_id, LotId("L"), MANUAL, OrderRole.ENTRY, Side.BUY, OrdType.LIMIT,
        qty, TimeInForce.DAY, AT, AT, ord_status=status,
    )  # fmt: skip


def fill(side: Side, qty: int, price: str, number: int = 1, fee: str = "0.61") -> Fill:
    return Fill(
        ExecId(f"E{number}"), ClOrdId("C1"), AccountId("A"), MES.instrument_id, LotId("L"), side, qty, D(price),
        D(fee) * qty, AT,
    )  # fmt: skip


@pytest.mark.parametrize(("before", "after"), list(itertools.product(S, S)), ids=lambda status: status.value)
def test_each_move_is_legal_or_refused_as_the_table_says(before: OrdStatus, after: OrdStatus) -> None:
    allowed = before is after or after.value in LEGAL.get(before, "").split()
    if allowed:
        assert order(before).moved_to(after, AT).ord_status is after
    else:
        with pytest.raises(IllegalTransition, match=f"{before.value} to {after.value}"):
            order(before).moved_to(after, AT)


@pytest.mark.parametrize("status", list(S), ids=lambda status: status.value)
def test_a_fill_is_booked_in_any_state(status: OrdStatus) -> None:
    part = order(status).with_fill(fill(Side.BUY, 1, "6326"))
    assert (part.cum_qty, part.avg_px) == (1, D("6326"))
    assert part.ord_status is (
        S.PARTIALLY_FILLED if status in (S.NEW, S.SENT, S.UNCERTAIN) else status
    )
    whole = part.with_fill(fill(Side.BUY, 3, "6328"))
    assert (whole.cum_qty, whole.avg_px, whole.ord_status) == (4, D("6327.5"), S.FILLED)
    assert (status in TERMINAL) <= (part.leaves_qty == 0)


def lot_of(fills: list[Fill]) -> Lot:
    lot = new_lot(fills[0], MANUAL)
    for one in fills:
        lot = lot.with_fill(one, MES)
    return lot


def test_seven_points_on_one_es_less_two_fifty_is_347_50() -> None:
    es = Instrument(
        InstrumentId("ESZ6"), AssetClass.FUTURE, "ES", "CME", (TickBand(D(0), D("0.25")),), D(50), "ES", D(1)
    )
    lot = new_lot(fill(Side.BUY, 1, "6326"), MANUAL)
    lot = lot.with_fill(fill(Side.BUY, 1, "6326", fee="1.25"), es).with_fill(fill(Side.SELL, 1, "6333", fee="1.25"), es)
    assert lot.net_pnl == D("347.50")


def test_parts_leave_first_in_first_out_and_a_surplus_turns_the_lot_round() -> None:
    lot = lot_of([fill(Side.BUY, 2, "100"), fill(Side.BUY, 1, "110"), fill(Side.SELL, 5, "120")])
    assert lot.realized_pnl == D(5) * (20 * 2 + 10)
    assert (lot.signed_qty, lot.avg_entry) == (-2, D("120"))


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(25_000, 25_400)), min_size=1, max_size=6), st.randoms())
def test_the_order_of_exits_never_changes_the_realised_sum(legs: list[tuple[int, int]], random: object) -> None:
    entries = [fill(Side.BUY, qty, str(D(price) / 4)) for qty, price in legs]
    exits = [fill(Side.SELL, qty, str(D(price + 40) / 4)) for qty, price in legs]
    shuffled = list(exits)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    one, other = lot_of([*entries, *exits]), lot_of([*entries, *shuffled])
    assert one.is_flat
    assert one.realized_pnl == other.realized_pnl == D(5) * 10 * sum(qty for qty, _ in legs)


@pytest.mark.parametrize(
    ("qty", "shares", "expected"),
    [
        (1, ("0.5", "0.5"), [1]), (2, ("0.5", "0.5"), [1, 1]), (3, ("0.5", "0.5"), [2, 1]), (5, ("0.5", "0.5"), [3, 2]),
        (4, ("0.5",), [2]), (3, ("0.3333", "0.3333", "0.3334"), [1, 1, 1]), (2, ("0.3333", "0.3333", "0.3334"), [1, 1]),
    ],
)  # fmt: skip
def test_half_is_rounded_up_and_the_last_takes_the_rest(qty: int, shares: tuple[str, ...], expected: list[int]) -> None:
    steps = split_targets(qty, tuple((D(7 + index), D(share)) for index, share in enumerate(shares)))
    assert [step.qty for step in steps] == expected


@pytest.mark.parametrize(("part", "whole"), [(2, 3), (1, 3), (5, 7), (3, 7), (2, 6)])
def test_a_share_that_no_decimal_holds_is_still_the_whole_number_it_came_from(part: int, whole: int) -> None:
    assert [step.qty for step in split_targets(whole, ((D(7), D(part) / D(whole)),))] == [part]


def test_a_stop_amended_to_market_is_told_as_the_close_it_is() -> None:
    stop = replace(order(OrdStatus.NEW), role=OrderRole.STOP, ord_type=OrdType.STOP)
    assert stop.purpose is OrderRole.STOP
    assert replace(stop, ord_type=OrdType.MARKET).purpose is OrderRole.CLOSE
