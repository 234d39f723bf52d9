"""Numbers and times read as a trader expects them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument, TickBand
from tradestream_gui.ui import format as fmt

NEW_YORK = ZoneInfo("America/New_York")


def _future(root: str, tick: str, *, in_32nds: bool = False) -> Instrument:
    return Instrument(
        instrument_id=InstrumentId(root + "Z6"),
        asset_class=AssetClass.FUTURE,
        root=root,
        exchange="CME",
        ticks=(TickBand(D(0), D(tick)),),
        point_value=D(50),
        family=root,
        mini_equivalents=D(1),
        quoted_in_32nds=in_32nds,
    )


ES, YM, CL = _future("ES", "0.25"), _future("YM", "1"), _future("CL", "0.01")
ZB, ZN, ZF = (
    _future(root, tick, in_32nds=True) for root, tick in (("ZB", "0.03125"), ("ZN", "0.015625"), ("ZF", "0.0078125"))
)


@pytest.mark.parametrize(
    ("price", "instrument", "text"),
    [
        ("6326.25", ES, "6,326.25"),
        ("6326", ES, "6,326.00"),
        ("44210", YM, "44,210"),
        ("-37.63", CL, "\u221237.63"),
        ("118.5", ZB, "118'16"),
        ("118.53125", ZB, "118'17"),
        ("110.515625", ZN, "110'165"),
        ("110.5", ZN, "110'160"),
        ("108.0078125", ZF, "108'002"),
        ("108.0234375", ZF, "108'007"),
    ],
)
def test_a_price_has_the_decimals_of_its_tick(price: str, instrument: Instrument, text: str) -> None:
    assert fmt.price_text(D(price), instrument) == text


def test_an_average_between_ticks_is_not_rounded_to_one() -> None:
    assert fmt.price_text(D("6326.3125"), ES) == "6,326.3125"
    assert fmt.price_text(D("6326.333333333333"), ES) == "6,326.33"
    assert fmt.price_text(D("44210.333333333333"), YM) == "44,210.33"


def test_what_nobody_measured_is_a_dash() -> None:
    assert {
        fmt.price_text(None, ES),
        fmt.number_text(None),
        fmt.money_text(None),
        fmt.profit_text(None),
        fmt.r_text(None),
        fmt.percent_text(None),
        fmt.ratio_text(None),
        fmt.ratio_text(float("nan")),
        fmt.ratio_text(float("inf")),
        fmt.age_text(None),
        fmt.time_text(None, UTC),
    } == {fmt.NOTHING}


def test_profit_shows_mark_sign_and_dollars() -> None:
    assert fmt.profit_text(D("1240.5")) == "▲ +$1,240.50"
    assert fmt.profit_text(D("-312.5")) == "▼ \u2212$312.50"
    assert fmt.profit_text(D(0)) == "$0.00"
    assert fmt.money_text(D("-312.5"), cents=False) == "\u2212$312"


def test_a_loss_too_small_to_show_is_not_a_minus_zero() -> None:
    assert fmt.money_text(D("-0.001"), sign=True) == "$0.00"
    assert fmt.number_text(D("-0.004"), 2, sign=True) == "0.00"


def test_other_units() -> None:
    assert fmt.points_text(D("7"), ES) == "+7.00"
    assert fmt.percent_text(D("0.62")) == "62.0 %"
    assert fmt.r_text(D("-1.25")) == "\u22121.2 R"
    assert fmt.ratio_text(1.8449) == "1.84"
    assert fmt.ProfitUnit.R.next() is fmt.ProfitUnit.MONEY


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0 s"), (99, "99 s"), (100, "1 min"), (3599, "59 min"), (7500, "2 h 05 min"), (90_000, "1 d"), (-5, "0 s")],
)
def test_ages(seconds: int, text: str) -> None:
    assert fmt.age_text(timedelta(seconds=seconds)) == text


def test_countdowns() -> None:
    assert fmt.countdown_text(timedelta(hours=6, minutes=18, seconds=53)) == "6:18:53"
    assert fmt.countdown_text(timedelta(seconds=42)) == "00:42"
    assert fmt.countdown_text(timedelta(seconds=-1)) == "00:00"


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(hours=31, minutes=5), "31 h 05 min"),
        (timedelta(hours=31, minutes=4, seconds=1), "31 h 05 min"),
        (timedelta(minutes=-3), "0 h 00 min"),
    ],
)
def test_a_countdown_by_the_minute_counts_a_begun_minute_whole(left: timedelta, text: str) -> None:
    assert fmt.countdown_text(left, seconds=False) == text


def test_times_are_the_exchanges_with_its_name() -> None:
    at = datetime(2026, 11, 20, 14, 41, 7, tzinfo=UTC)
    assert fmt.zoned_time_text(at, NEW_YORK) == "09:41:07 ET"
    assert fmt.zoned_time_text(at - timedelta(days=120), NEW_YORK) == "10:41:07 ET"
    assert fmt.date_time_text(at, ZoneInfo("America/Chicago")) == "2026-11-20 08:41:07 CT"
    assert fmt.zoned_time_text(at, UTC) == "14:41:07 UTC"
    assert "14:41:07 UTC" in fmt.times_tooltip(at, NEW_YORK)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_money_text_reads_back_to_the_rounded_amount(amount: D) -> None:
    text = fmt.money_text(amount, sign=True)
    assert D(text.replace("\u2212", "-").replace("$", "").replace(",", "")) == amount.quantize(D("0.01"))
    assert "-" not in text
