"""The boundary table of every rail: one step short of its limit, at it, one beyond, not a number, and missing."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.domain.test_go_live import GOOD, RULE, THURSDAY
from tests.domain.test_risk_rails import CENT, ES, LIMITS, MES, NOW, OPTION, SIZE, facts, quoted
from tests.domain.test_risk_rule_pack import CHOICE
from tests.domain.test_risk_rule_pack import facts as pack_facts
from tradestream_gui.domain import go_live
from tradestream_gui.domain import risk_rails as rails
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import Side
from tradestream_gui.domain.risk_rails import RAILS, Rail, RiskFacts
from tradestream_gui.domain.risk_rule_pack import pack_checks, pack_rooms
from tradestream_gui.domain.risk_size import SizeFacts, rooms

D, NAN, TICK, STEP = Decimal, Decimal("NaN"), timedelta(microseconds=1), Decimal("0.0001")
NONE = object()
"""In the table: this rail has no such case, the fact is a count or a word."""
PASS, DENY = "pass", "deny"
Judge = Callable[[Any], bool]


def by_rail(rail: Rail, field: str, **more: Any) -> Judge:
    return lambda value: rail(facts(**{field: value, **more}), LIMITS).passed


def by_room(code: str, field: str, **more: Any) -> Judge:
    """Whether one contract fits."""

    def judge(value: Any) -> bool:
        found = rooms(replace(SIZE, **{"room_today": D(10**6), **more, field: value}), LIMITS)
        return min(room.qty for room in found if room.code == code) >= 1

    return judge


def by_wish(code: str) -> Judge:
    """Whether so many contracts fit."""
    return lambda wish: min(room.qty for room in rooms(replace(SIZE, wish=wish), LIMITS) if room.code == code) >= wish


def by_pack(code: str, field: str, **more: Any) -> Judge:
    return lambda value: all(
        check.passed for check in pack_checks(CHOICE, pack_facts(**{field: value, **more}), ES) if check.code == code
    )


def in_pack(instrument: Instrument) -> bool:
    return all(one.passed for one in pack_checks(CHOICE, pack_facts(), instrument) if one.code == "PACK_INSTRUMENT")


def with_pack(pack: Any) -> bool:
    return all(one.code != "PACK_UNKNOWN" for one in pack_checks(replace(CHOICE, pack=pack), pack_facts(), ES))


def on_paper(field: str) -> Judge:
    return lambda value: go_live.check(RULE, replace(GOOD, **{field: value}), "JM", THURSDAY).passed


def by_pack_room(code: str, field: str, **more: Any) -> Judge:
    def judge(value: Any) -> bool:
        found = pack_rooms(CHOICE, pack_facts(**{field: value, **more}), ES, D(100))
        return min(room.qty for room in found if room.code == code) >= 1

    return judge


def bid_of_option(ask: str) -> Any:
    return quoted("1.90", ask)


Row = tuple[str, Judge, Any, Any, Any, Any, Any, str]
"""Code and fact, the judge, the values at limit -1, at, +1, NaN and missing, and the answers to them in a row."""
TABLE: tuple[Row, ...] = (
    ("REDUCE_ONLY trading_state", by_rail(rails.trading_state, "trading_state"),
     TradingState.ACTIVE, TradingState.REDUCING, NONE, NONE, NONE, "pass deny - - -"),
    ("RECONCILING trading_state", by_rail(rails.trading_state, "trading_state"),
     TradingState.ACTIVE, TradingState.RECONCILING, TradingState.STARTING, NONE, NONE, "pass deny deny - -"),
    ("TRADING_HALTED trading_state", by_rail(rails.trading_state, "trading_state"),
     TradingState.ACTIVE, TradingState.HALTED, TradingState.LOCKED, NONE, NONE, "pass deny deny - -"),
    ("SYMBOL_NOT_ALLOWED instrument", by_rail(rails.symbol_allowed, "instrument"),
     ES, MES, NONE, NONE, NONE, "pass deny - - -"),
    ("CONFLICT conflicting_lot", by_rail(rails.no_conflict, "conflicting_lot"),
     None, "LT-1", NONE, NONE, NONE, "pass deny - - -"),
    ("CLOCK_UNTRUSTED clock_offset", by_rail(rails.clock_trusted, "clock_offset"),
     timedelta(seconds=1) - TICK, timedelta(seconds=1), timedelta(seconds=1) + TICK, NONE, None,
     "pass pass deny - deny"),
    ("QUOTE_STALE stream_age_s", by_rail(rails.quote_fresh, "stream_age_s"),
     4.999, 5.0, 5.001, float("nan"), None, "pass pass deny deny deny"),
    ("STREAM_FROZEN frozen", by_rail(rails.prices_flow, "frozen"),
     "", "its quotes stand still", NONE, NONE, NONE, "pass deny - - -"),
    ("QUOTE_INVALID quote", by_rail(rails.quote_present, "quote"),
     quoted("5999.75", "6000"), quoted("6000", "6000"), quoted("6000.25", "6000"), quoted("NaN", "6000"), None,
     "pass pass deny deny deny"),
    ("QUOTE_MISSING quote", by_rail(rails.quote_present, "quote"),
     quoted("5999.75", "6000"), quoted(None, "6000"), quoted("6000", None), NONE, None, "pass deny deny - deny"),
    ("MARKET_CLOSED session_open", by_rail(rails.market_open, "session_open"),
     True, False, NONE, NONE, NONE, "pass deny - - -"),
    ("MARKET_CLOSED entries_are_off", by_rail(rails.market_open, "entries_are_off"),
     False, True, NONE, NONE, NONE, "pass deny - - -"),
    ("EXPIRY_TOO_CLOSE until_leave", by_rail(rails.expiry_far_enough, "until_leave"),
     timedelta(minutes=15) + TICK, timedelta(minutes=15), timedelta(minutes=15) - TICK, NONE, None,
     "pass pass deny - pass"),
    ("MARKET_CLOSED until_close", by_rail(rails.market_open, "until_close"),
     timedelta(minutes=5) + TICK, timedelta(minutes=5), timedelta(minutes=5) - TICK, NONE, None,
     "pass pass deny - deny"),
    ("EXPIRY_TOO_CLOSE until_expiry", by_rail(rails.expiry_far_enough, "until_expiry"),
     timedelta(minutes=15) + TICK, timedelta(minutes=15), timedelta(minutes=15) - TICK, NONE, None,
     "pass pass deny - deny"),
    ("SPREAD_TOO_WIDE quote", by_rail(rails.spread_narrow, "quote"),
     quoted("5999.25", "6000"), quoted("5999", "6000"), quoted("5998.75", "6000"), quoted("6000", "NaN"), None,
     "pass pass deny deny deny"),
    ("SPREAD_TOO_WIDE quote of an option", by_rail(rails.spread_narrow, "quote", instrument=OPTION),
     bid_of_option("2.09"), bid_of_option("2.10"), bid_of_option("2.11"), bid_of_option("NaN"), None,
     "pass pass deny deny deny"),
    ("PRICE_DRIFT quote", by_rail(rails.price_drift, "quote"),
     quoted("6001.50", "6001.75"), quoted("6001.75", "6002"), quoted("6002", "6002.25"), quoted("6000", "NaN"), None,
     "pass pass deny deny deny"),
    ("STOP_TOO_FAR protective_stop", by_rail(rails.stop_sane, "protective_stop"),
     D("5940.25"), D(5940), D("5939.75"), NAN, None, "pass pass deny deny deny"),
    ("STOP_TOO_FAR daily_atr", by_rail(rails.stop_sane, "daily_atr", protective_stop=D(5940)),
     D(40) + CENT, D(40), D(40) - CENT, NAN, None, "pass pass deny deny pass"),
    ("STOP_MISSING protective_stop", by_rail(rails.stop_sane, "protective_stop"),
     NONE, D(5990), NONE, NAN, None, "- pass - deny deny"),
    ("STOP_WRONG_SIDE entry_price", by_rail(rails.stop_sane, "entry_price"),
     D("5990.25"), D(5990), D("5989.75"), NAN, None, "pass deny deny deny deny"),
    ("STOP_WRONG_SIDE protective_stop of a short", by_rail(rails.stop_sane, "protective_stop", side=Side.SELL),
     D("6000.25"), D(6000), D("5999.75"), NAN, None, "pass deny deny deny deny"),
    ("STOP_WRONG_SIDE protective_stop", by_rail(rails.stop_sane, "protective_stop"),
     D("5999.75"), D(6000), D("6000.25"), NAN, None, "pass deny deny deny deny"),
    ("PRICE_INVALID limit_price", by_rail(rails.price_on_tick, "limit_price"),
     D("5999.75"), D(6000), D("6000.01"), NAN, None, "pass pass deny deny deny"),
    ("FEES_UNKNOWN fee_per_side", by_rail(rails.fees_known, "fee_per_side"),
     D(0), D("1.25"), NONE, NAN, None, "pass pass - deny deny"),
    ("RATE_LIMIT entries_last_minute", by_rail(rails.order_rate, "entries_last_minute"),
     4, 5, 6, NONE, NONE, "pass deny deny - -"),
    ("RATE_LIMIT same_side_entries", by_rail(rails.order_rate, "same_side_entries"),
     1, 2, 3, NONE, NONE, "pass deny deny - -"),
    ("TRADE_COUNT origin_entries_today", by_rail(rails.trade_count, "origin_entries_today"),
     3, 4, 5, NONE, NONE, "pass deny deny - -"),
    ("TRADE_COUNT entries_today", by_rail(rails.trade_count, "entries_today"),
     9, 10, 11, NONE, NONE, "pass deny deny - -"),
    ("LOSS_STREAK origin_paused_until", by_rail(rails.loss_streak, "origin_paused_until"),
     NOW - TICK, NOW, NOW + TICK, NONE, None, "pass pass deny - pass"),
    ("ANALYST_LIMIT origin_open_trades", by_rail(rails.origin_open_trades, "origin_open_trades"),
     1, 2, 3, NONE, NONE, "pass deny deny - -"),
    ("ANALYST_LIMIT origin_day_pnl", by_rail(rails.origin_daily_loss, "origin_day_pnl"),
     D(-300) + CENT, D(-300), D(-300) - CENT, NAN, NONE, "pass deny deny deny -"),
    ("DAILY_LOSS_LIMIT day_pnl", by_rail(rails.daily_loss, "day_pnl"),
     D(-1000) + CENT, D(-1000), D(-1000) - CENT, NAN, None, "pass deny deny deny deny"),
    ("DRAWDOWN_LIMIT drawdown_fraction", by_rail(rails.drawdown, "drawdown_fraction"),
     D("0.1") - STEP, D("0.1"), D("0.1") + STEP, NAN, None, "pass deny deny deny deny"),
    ("QTY_EXCEEDS_MAX wish", by_wish("QTY_EXCEEDS_MAX"), 4, 5, 6, NONE, NONE, "pass pass deny - -"),
    ("POSITION_LIMIT held_qty", by_room("POSITION_LIMIT", "held_qty"),
     7, 8, 9, NONE, NONE, "pass deny deny - -"),
    ("POSITION_LIMIT held_minis", by_room("POSITION_LIMIT", "held_minis"),
     D("2.9"), D(3), D("3.1"), NAN, NONE, "pass pass deny deny -"),
    ("POSITION_LIMIT held_instruments", by_room("POSITION_LIMIT", "held_instruments"),
     2, 3, 4, NONE, NONE, "pass deny deny - -"),
    ("RISK_EXCEEDS_MAX risk_per_unit", by_room("RISK_EXCEEDS_MAX", "risk_per_unit"),
     D(500) - CENT, D(500), D(500) + CENT, NAN, NONE, "pass pass deny deny -"),
    ("RISK_EXCEEDS_MAX origin_risk_per_trade", by_room("RISK_EXCEEDS_MAX", "origin_risk_per_trade"),
     D(100) + CENT, D(100), D(100) - CENT, NAN, None, "pass pass deny deny pass"),
    ("OPEN_RISK open_risk", by_room("OPEN_RISK", "open_risk"),
     D(1400) - CENT, D(1400), D(1400) + CENT, NAN, NONE, "pass pass deny deny -"),
    ("PORTFOLIO_HEAT equity", by_room("PORTFOLIO_HEAT", "equity"),
     D(2000) + CENT, D(2000), D(2000) - CENT, NAN, None, "pass pass deny deny deny"),
    ("DAILY_LOSS_LIMIT room_today", by_room("DAILY_LOSS_LIMIT", "room_today"),
     D(100) + CENT, D(100), D(100) - CENT, NAN, NONE, "pass pass deny deny -"),
    ("NOTIONAL_EXCEEDS_MAX notional_per_unit", by_room("NOTIONAL_EXCEEDS_MAX", "notional_per_unit", instrument=OPTION),
     D(1000) - CENT, D(1000), D(1000) + CENT, NAN, NONE, "pass pass deny deny -"),
    ("BUYING_POWER buying_power", by_room("BUYING_POWER", "buying_power"),
     D(10000) + CENT, D(10000), D(10000) - CENT, NAN, NONE, "pass pass deny deny -"),
    ("BUYING_POWER margin_per_unit", by_room("BUYING_POWER", "margin_per_unit"),
     D(50000) - CENT, D(50000), D(50000) + CENT, NAN, NONE, "pass pass deny deny -"),
    ("POSITION_LIMIT holds_this", by_room("POSITION_LIMIT", "holds_this", held_instruments=3),
     True, False, NONE, NONE, NONE, "pass deny - - -"),
    ("GROSS_EXPOSURE exposure_per_unit", by_room("GROSS_EXPOSURE", "exposure_per_unit"),
     D(2000000) - CENT, D(2000000), D(2000000) + CENT, NAN, NONE, "pass pass deny deny -"),
    ("GROSS_EXPOSURE held_gross", by_room("GROSS_EXPOSURE", "held_gross"),
     D(1700000) - CENT, D(1700000), D(1700000) + CENT, NAN, None, "pass pass deny deny deny"),
    ("NET_EXPOSURE held_net", by_room("NET_EXPOSURE", "held_net"),
     D(700000) - CENT, D(700000), D(700000) + CENT, NAN, None, "pass pass deny deny deny"),
    ("NAME_EXPOSURE held_in_name",
     by_room("NAME_EXPOSURE", "held_in_name", instrument=OPTION, exposure_per_unit=D(200)),
     D(9800) - CENT, D(9800), D(9800) + CENT, NAN, None, "pass pass deny deny deny"),
    ("SECTOR_EXPOSURE held_in_sector",
     by_room("SECTOR_EXPOSURE", "held_in_sector", instrument=OPTION, exposure_per_unit=D(200), sector="Tools"),
     D(19800) - CENT, D(19800), D(19800) + CENT, NAN, None, "pass pass deny deny deny"),
    ("GO_LIVE paper_trades", on_paper("paper_trades"), 21, 20, 19, NONE, NONE, "pass pass deny - -"),
    ("GO_LIVE clean_days", on_paper("clean_days"), 6, 5, 4, NONE, NONE, "pass pass deny - -"),
    ("GO_LIVE drill_at", on_paper("drill_at"),
     THURSDAY - timedelta(days=30) + TICK, THURSDAY - timedelta(days=30), THURSDAY - timedelta(days=30) - TICK, NONE,
     None, "pass pass deny - deny"),
    ("PACK_UNKNOWN pack", with_pack, NONE, CHOICE.pack, NONE, NONE, None, "- pass - - deny"),
    ("PACK_INSTRUMENT instrument", in_pack, ES, OPTION, NONE, NONE, NONE, "pass deny - - -"),
    ("PACK_FLAT_BY day_is_over", by_pack("PACK_FLAT_BY", "day_is_over"), False, True, NONE, NONE, NONE,
     "pass deny - - -"),
    ("PACK_MAX_LOSS equity", by_pack("PACK_MAX_LOSS", "equity"),
     D(-1600) + CENT, D(-1600), D(-1600) - CENT, NAN, None, "pass deny deny deny deny"),
    ("PACK_DAILY_LOSS day", by_pack("PACK_DAILY_LOSS", "day"),
     D(-800) + CENT, D(-800), D(-800) - CENT, NAN, None, "pass deny deny deny deny"),
    ("PACK_TRADES trades_today", by_pack("PACK_TRADES", "trades_today"), 3, 4, 5, NONE, NONE, "pass deny deny - -"),
    ("PACK_NEWS at", by_pack("PACK_NEWS", "at"),
     CHOICE.news[0].begins - TICK, CHOICE.news[0].begins, CHOICE.news[0].begins + TICK, NONE, NONE,
     "pass deny deny - -"),
    ("PACK_CONTRACTS held_minis", by_pack_room("PACK_CONTRACTS", "held_minis"),
     D("0.9"), D(1), D("1.1"), NAN, NONE, "pass pass deny deny -"),
)  # fmt: skip
COLUMNS = ("limit -1", "at", "limit +1", "NaN", "missing")
NO_RAIL = {
    "at": "the moment; LOSS_STREAK, the pack's news and every age are measured against it",
    "ticket": "its prices stand in rows of their own",
    "instrument": "SYMBOL_NOT_ALLOWED; elsewhere it chooses the limit",
    "state_reason": "words", "origin_losses_in_row": "words", "sector": "chooses the limit",
    "origin_limits": "the limits themselves",
}  # fmt: skip
"""Facts that no rail measures, and why."""


def answers(row: Row) -> list[str]:
    judge, values = row[1], row[2:7]
    return ["-" if value is NONE else PASS if judge(value) else DENY for value in values]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0].replace(" ", "-"))
def test_a_rail_stands_exactly_at_its_limit(row: Row) -> None:
    assert " ".join(answers(row)) == row[7]


def test_every_rail_and_every_fact_has_its_row_and_the_table_can_be_printed() -> None:
    told = "\n".join(f"{row[0]:50}" + "".join(f"{answer:>10}" for answer in answers(row)) for row in TABLE)
    print(f"{'rail and fact':50}" + "".join(f"{column:>10}" for column in COLUMNS), told, sep="\n")
    named = [row[0].split()[:2] for row in TABLE]
    assert {rail(facts(), LIMITS).code for rail in RAILS} <= {code for code, _ in named}
    measured = {one.name for kind in (RiskFacts, SizeFacts) for one in fields(kind)} - set(NO_RAIL)
    assert measured <= {fact for _, fact in named}
    assert all(DENY in row[7] and PASS in row[7] for row in TABLE)
