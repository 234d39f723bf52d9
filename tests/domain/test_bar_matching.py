"""The fill model on bars: one five-bar ES case whose outcome other engines dispute."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tradestream_gui.domain.bar_matching import BarExit, BarLeg, fill_on_bar, leave_on_bar
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument, TickBand
from tradestream_gui.domain.matching import STANDARD_FILLS, RestingOrder
from tradestream_gui.domain.orders import OrdType, Side
from tradestream_gui.domain.quotes import Bar, DataKind

D = Decimal
ES = Instrument(
    InstrumentId("ESZ6"), AssetClass.FUTURE, "ES", "CME", (TickBand(D(0), D("0.25")),), D(50), "ES", D(1)
)
STOP = RestingOrder(Side.SELL, OrdType.STOP, 1, stop_price=D(6316))
TARGET = RestingOrder(Side.SELL, OrdType.LIMIT, 1, limit_price=D(6333))
NO_SLIP = replace(STANDARD_FILLS, stop_slippage_ticks=0)


def bar(open_: str, high: str, low: str, close: str = "6325") -> Bar:
    start = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    return Bar(ES.instrument_id, start, 60, D(open_), D(high), D(low), D(close), 100, DataKind.RECORDED)


@pytest.mark.parametrize(
    ("case", "pessimistic", "optimistic"),
    [
        (bar("6328", "6336", "6314"), "6316", "6333"),
        (bar("6322", "6336", "6314"), "6316", "6333"),
        (bar("6325", "6336", "6314"), "6316", "6333"),
        (bar("6310", "6312", "6308"), "6310", "6310"),
        (bar("6340", "6342", "6338"), "6333", "6333"),
        (bar("6328", "6333.25", "6320"), "6333", "6333"),
        (bar("6328", "6330", "6314"), "6316", "6316"),
    ],
    ids=["both near high", "both near low", "both, tie", "gap below stop", "gap above target", "target", "stop"],
)
def test_disputed_bar_counts_as_the_stop_and_keeps_the_other_bound(
    case: Bar, pessimistic: str, optimistic: str
) -> None:
    left = leave_on_bar(STOP, TARGET, case, ES, NO_SLIP)
    assert left is not None
    assert (left.price, left.optimistic_px) == (D(pessimistic), D(optimistic))
    assert left.is_ambiguous == (pessimistic != optimistic)


def test_stop_slips_one_tick_also_from_a_gap() -> None:
    at_stop = leave_on_bar(STOP, TARGET, bar("6328", "6330", "6314"), ES, STANDARD_FILLS)
    gapped = leave_on_bar(STOP, TARGET, bar("6310", "6312", "6308"), ES, STANDARD_FILLS)
    assert at_stop is not None
    assert at_stop.price == D("6315.75")
    assert gapped is not None
    assert gapped.price == D("6309.75")


def test_high_exactly_at_the_limit_is_no_fill() -> None:
    assert leave_on_bar(STOP, TARGET, bar("6328", "6333", "6320"), ES, STANDARD_FILLS) is None


def test_gap_above_the_target_improves_only_by_option() -> None:
    generous = replace(STANDARD_FILLS, gap_improves_limit=True)
    assert fill_on_bar(TARGET, bar("6340", "6342", "6338"), ES, generous) == D(6340)


def test_open_beyond_the_target_came_first_although_the_stop_was_hit_later() -> None:
    left = leave_on_bar(STOP, TARGET, bar("6340", "6342", "6314"), ES, STANDARD_FILLS)
    assert left == BarExit(BarLeg.TARGET, D(6333), D(6333))


def test_stop_on_the_entry_bar_counts_from_the_entry_price() -> None:
    opened_below = bar("6310", "6330", "6309")
    left = leave_on_bar(STOP, TARGET, opened_below, ES, NO_SLIP, entered_at=D(6326))
    assert left is not None
    assert (left.leg, left.price) == (BarLeg.STOP, D(6316))


def test_target_on_the_entry_bar_is_certain_only_when_the_bar_closes_through_it() -> None:
    maybe = leave_on_bar(STOP, TARGET, bar("6340", "6341", "6320", "6325"), ES, NO_SLIP, entered_at=D(6326))
    surely = leave_on_bar(STOP, TARGET, bar("6320", "6341", "6320", "6340"), ES, NO_SLIP, entered_at=D(6326))
    assert maybe == BarExit(None, None, D(6333))
    assert maybe.is_ambiguous
    assert surely == BarExit(BarLeg.TARGET, D(6333), D(6333))


def test_single_orders_on_a_bar() -> None:
    falling = bar("6326", "6327", "6310")
    buy = RestingOrder(Side.BUY, OrdType.MARKET, 1)
    assert fill_on_bar(buy, falling, ES, STANDARD_FILLS) == D("6326.25")
    assert fill_on_bar(RestingOrder(Side.BUY, OrdType.LIMIT, 1, limit_price=D(6310)), falling, ES, NO_SLIP) is None
    held = RestingOrder(Side.SELL, OrdType.STOP_LIMIT, 1, stop_price=D(6316), limit_price=D(6316))
    assert fill_on_bar(held, falling, ES, STANDARD_FILLS) == D(6316)
    gapped = bar("6310", "6314", "6308")
    assert fill_on_bar(held, gapped, ES, STANDARD_FILLS) is None

@pytest.mark.parametrize(
    ("case", "price"),
    [(bar("6320", "6330", "6315"), None), (bar("6325", "6333", "6320"), "6331"), (bar("6335", "6340", "6330"), "6335")],
    ids=["not reached", "reached", "gapped over"],
)
def test_a_buy_stop_is_elected_at_its_price_or_at_the_open_beyond_it(case: Bar, price: str | None) -> None:
    stop = RestingOrder(Side.BUY, OrdType.STOP, 1, stop_price=D(6331))
    assert fill_on_bar(stop, case, ES, NO_SLIP) == (None if price is None else D(price))


def test_a_trailing_stop_that_has_seen_no_price_yet_fills_on_no_bar() -> None:
    trailing = RestingOrder(Side.SELL, OrdType.TRAILING_STOP, 1, trail=D(10))
    assert fill_on_bar(trailing, bar("6328", "6336", "6200"), ES, NO_SLIP) is None
