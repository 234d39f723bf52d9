"""Every rail and every room of the risk gate at its limit, one step to each side, unknown, and not a number."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tradestream_gui.domain import risk_rails as rails
from tradestream_gui.domain.accounts import AccountKind, TradingState
from tradestream_gui.domain.ids import AccountId, InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument, Right, TickBand
from tradestream_gui.domain.options import build_option
from tradestream_gui.domain.orders import MANUAL, OrdType, Side, TimeInForce
from tradestream_gui.domain.policies import (
    ANY,
    BreakerRule,
    DriftRule,
    ExposureRule,
    LossAction,
    PerAsset,
    RateRule,
    RiskLimits,
    SessionEndRule,
    StopDistanceRule,
)
from tradestream_gui.domain.quotes import DataKind, Quote
from tradestream_gui.domain.risk_rails import RAILS, OriginLimits, Rail, RiskFacts
from tradestream_gui.domain.risk_size import Room, SizeFacts, cuts, fitting_qty, rooms
from tradestream_gui.domain.tickets import EntryTicket

D, NAN = Decimal, Decimal("NaN")
NOW = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
CENT, SECOND, MINUTE = D("0.01"), timedelta(seconds=1), timedelta(minutes=1)


def linear(symbol: str, asset_class: AssetClass, tick: str, point_value: str, minis: str) -> Instrument:
    return Instrument(
        InstrumentId(symbol), asset_class, symbol, "X", (TickBand(D(0), D(tick)),), D(point_value), symbol, D(minis)
    )


ES = linear("ES", AssetClass.FUTURE, "0.25", "50", "1")
MES = linear("MES", AssetClass.FUTURE, "0.25", "5", "0.1")
STOCK = linear("ACME", AssetClass.STOCK, "0.01", "1", "0")
OPTION = build_option("ACME", NOW.date(), Right.CALL, D(100))

LIMITS = RiskLimits(
    kind=AccountKind.LIVE,
    daily_loss_limit=D(1000),
    daily_loss_action=LossAction.BLOCK_ENTRIES,
    max_drawdown_fraction=D("0.10"),
    risk_per_trade=D(500),
    max_order_qty=PerAsset(5, 10, 100),
    max_notional=PerAsset(None, D(1000), D(5000)),
    max_position_qty=PerAsset(8, 20, 200),
    max_minis=D(4),
    max_open_positions=3,
    max_open_risk=D(1500),
    max_heat_fraction=D("0.05"),
    exposure=ExposureRule(single_name=D(10000), sector=D(20000), gross=D(2000000), net=D(1000000)),
    max_entries_per_day=10,
    rate=RateRule(entries_per_minute=5, same_side_entries=2, same_side_window=MINUTE),
    breaker=BreakerRule(3, 2, MINUTE, 10, MINUTE),
    quote_max_age=PerAsset(5 * SECOND, 10 * SECOND, 20 * SECOND),
    needs_realtime_quotes=True,
    max_clock_offset=SECOND,
    drift=DriftRule(D("0.25"), D("0.05"), D("0.10"), D("0.15"), D("0.01")),
    stop_distance=StopDistanceRule(True, D("1.5"), D("0.01"), D("0.5"), D("0.1")),
    max_spread_option_fraction=D("0.10"),
    max_spread_future_ticks=4,
    no_entry_before_close=5 * MINUTE,
    no_entry_before_expiry=15 * MINUTE,
    session_end=SessionEndRule("America/Chicago", time(14, 55), time(15, 5), time(15, 10)),
    allowed_symbols=frozenset({"ES", "ACME"}),
)
SIMULATOR = replace(LIMITS, kind=AccountKind.SIMULATOR)
TICKET = EntryTicket(
    AccountId("live"), ES.instrument_id, Side.BUY, OrdType.LIMIT, 1, TimeInForce.DAY, MANUAL,
    limit_price=D(6000), protective_stop=D(5990), reference_price=D(6000),
)  # fmt: skip
OWN = OriginLimits("JM", D(300), D(400), max_entries_per_day=4, max_open_trades=2, loss_streak=3)


def quoted(bid: str | None, ask: str | None, kind: DataKind = DataKind.REALTIME) -> Quote:
    return Quote(ES.instrument_id, NOW, D(bid) if bid else None, 9, D(ask) if ask else None, 9, None, kind)


FACTS = RiskFacts(
    at=NOW, ticket=TICKET, instrument=ES, trading_state=TradingState.ACTIVE, state_reason="",
    quote=quoted("5999.75", "6000"), stream_age_s=0.5, frozen="", session_open=True, until_close=timedelta(hours=1),
    until_expiry=timedelta(days=9), until_leave=None, entries_are_off=False, entry_price=D(6000), daily_atr=D(40),
    clock_offset=timedelta(0), fee_per_side=D("1.25"), day_pnl=D(0), drawdown_fraction=D(0), origin_limits=OWN,
    origin_day_pnl=D(0), origin_entries_today=0, origin_open_trades=0, origin_losses_in_row=0,
    origin_paused_until=None, entries_today=0, entries_last_minute=0, same_side_entries=0, conflicting_lot=None,
)  # fmt: skip


def facts(**changes: Any) -> RiskFacts:
    """The good facts with changes; those named as fields of the ticket change the ticket."""
    of_ticket = {name: changes.pop(name) for name in list(changes) if name in EntryTicket.__slots__}
    return replace(FACTS, ticket=replace(TICKET, **of_ticket), **changes)


Case = tuple[Rail, dict[str, Any], str]
"""A rail, what differs from good facts, and the code of its refusal; an empty code: it passes."""
SHORT = {"side": Side.SELL, "protective_stop": D(6010)}
ON_OPTION = {"instrument": OPTION, "reference_price": D(2), "entry_price": D(2), "protective_stop": D("1.50")}
ON_STOCK = {"instrument": STOCK, "reference_price": D(50), "entry_price": D(50), "protective_stop": D(48)}

ACCOUNT: tuple[Case, ...] = (
    (rails.trading_state, {"trading_state": TradingState.ACTIVE}, ""),
    (rails.trading_state, {"trading_state": TradingState.REDUCING}, "REDUCE_ONLY"),
    (rails.trading_state, {"trading_state": TradingState.RECONCILING}, "RECONCILING"),
    (rails.trading_state, {"trading_state": TradingState.STARTING}, "RECONCILING"),
    (rails.trading_state, {"trading_state": TradingState.HALTED}, "TRADING_HALTED"),
    (rails.trading_state, {"trading_state": TradingState.LOCKED}, "TRADING_HALTED"),
    (rails.symbol_allowed, {"instrument": ES}, ""),
    (rails.symbol_allowed, {"instrument": OPTION}, ""),
    (rails.symbol_allowed, {"instrument": MES}, "SYMBOL_NOT_ALLOWED"),
    (rails.fees_known, {"fee_per_side": D(0)}, ""),
    (rails.fees_known, {"fee_per_side": None}, "FEES_UNKNOWN"),
    (rails.fees_known, {"fee_per_side": NAN}, "FEES_UNKNOWN"),
    (rails.no_conflict, {"conflicting_lot": None}, ""),
    (rails.no_conflict, {"conflicting_lot": "LT-1"}, "CONFLICT"),
)
TIMES: tuple[Case, ...] = (
    (rails.clock_trusted, {"clock_offset": SECOND - timedelta(microseconds=1)}, ""),
    (rails.clock_trusted, {"clock_offset": SECOND}, ""),
    (rails.clock_trusted, {"clock_offset": SECOND + timedelta(microseconds=1)}, "CLOCK_UNTRUSTED"),
    (rails.clock_trusted, {"clock_offset": -SECOND}, ""),
    (rails.clock_trusted, {"clock_offset": -SECOND - timedelta(microseconds=1)}, "CLOCK_UNTRUSTED"),
    (rails.clock_trusted, {"clock_offset": None}, "CLOCK_UNTRUSTED"),
    (rails.market_open, {"until_close": 5 * MINUTE + SECOND}, ""),
    (rails.market_open, {"until_close": 5 * MINUTE}, ""),
    (rails.market_open, {"until_close": 5 * MINUTE - SECOND}, "MARKET_CLOSED"),
    (rails.market_open, {"until_close": None}, "MARKET_CLOSED"),
    (rails.market_open, {"session_open": False}, "MARKET_CLOSED"),
    (rails.market_open, {"entries_are_off": True}, "MARKET_CLOSED"),
    (rails.expiry_far_enough, {"until_expiry": 15 * MINUTE + SECOND}, ""),
    (rails.expiry_far_enough, {"until_expiry": 15 * MINUTE}, ""),
    (rails.expiry_far_enough, {"until_expiry": 15 * MINUTE - SECOND}, "EXPIRY_TOO_CLOSE"),
    (rails.expiry_far_enough, {"until_expiry": None}, "EXPIRY_TOO_CLOSE"),
    (rails.expiry_far_enough, {"until_expiry": None, "instrument": OPTION}, "EXPIRY_TOO_CLOSE"),
    (rails.expiry_far_enough, {"until_expiry": None, "instrument": STOCK}, ""),
    (rails.expiry_far_enough, {"until_leave": 15 * MINUTE + SECOND}, ""),
    (rails.expiry_far_enough, {"until_leave": 15 * MINUTE}, ""),
    (rails.expiry_far_enough, {"until_leave": 15 * MINUTE - SECOND}, "EXPIRY_TOO_CLOSE"),
    (rails.expiry_far_enough, {"until_leave": -SECOND}, "EXPIRY_TOO_CLOSE"),
    (rails.quote_fresh, {"stream_age_s": 4.999}, ""),
    (rails.quote_fresh, {"stream_age_s": 5.0}, ""),
    (rails.quote_fresh, {"stream_age_s": 5.001}, "QUOTE_STALE"),
    (rails.quote_fresh, {"stream_age_s": 10.0, "instrument": OPTION}, ""),
    (rails.quote_fresh, {"stream_age_s": 10.001, "instrument": OPTION}, "QUOTE_STALE"),
    (rails.quote_fresh, {"stream_age_s": 20.0, "instrument": STOCK}, ""),
    (rails.quote_fresh, {"stream_age_s": 20.001, "instrument": STOCK}, "QUOTE_STALE"),
    (rails.quote_fresh, {"stream_age_s": None}, "QUOTE_STALE"),
    (rails.quote_fresh, {"stream_age_s": float("nan")}, "QUOTE_STALE"),
    (rails.prices_flow, {}, ""),
    (rails.prices_flow, {"frozen": "its quotes stand still"}, "STREAM_FROZEN"),
)
QUOTES: tuple[Case, ...] = (
    (rails.quote_present, {"quote": quoted("5999.75", "6000")}, ""),
    (rails.quote_present, {"quote": quoted("6000", "6000")}, ""),
    (rails.quote_present, {"quote": quoted("6000.25", "6000")}, "QUOTE_INVALID"),
    (rails.quote_present, {"quote": None}, "QUOTE_MISSING"),
    (rails.quote_present, {"quote": quoted(None, "6000")}, "QUOTE_MISSING"),
    (rails.quote_present, {"quote": quoted("6000", None)}, "QUOTE_MISSING"),
    (rails.quote_present, {"quote": quoted("NaN", "6000")}, "QUOTE_INVALID"),
    (rails.quote_present, {"quote": quoted("6000", "NaN")}, "QUOTE_INVALID"),
    (rails.quote_present, {"quote": quoted("6000", "Infinity")}, "QUOTE_INVALID"),
    (rails.quote_present, {"quote": quoted("5999.75", "6000", DataKind.DELAYED)}, "QUOTE_INVALID"),
    (rails.spread_narrow, {"quote": quoted("5999.25", "6000")}, ""),
    (rails.spread_narrow, {"quote": quoted("5999", "6000")}, ""),
    (rails.spread_narrow, {"quote": quoted("5998.75", "6000")}, "SPREAD_TOO_WIDE"),
    (rails.spread_narrow, {"quote": quoted("1.91", "2.10"), "instrument": OPTION}, ""),
    (rails.spread_narrow, {"quote": quoted("1.90", "2.10"), "instrument": OPTION}, ""),
    (rails.spread_narrow, {"quote": quoted("1.90", "2.11"), "instrument": OPTION}, "SPREAD_TOO_WIDE"),
    (rails.spread_narrow, {"quote": quoted("49", "51"), "instrument": STOCK}, ""),
    (rails.spread_narrow, {"quote": None}, "SPREAD_TOO_WIDE"),
    (rails.spread_narrow, {"quote": quoted("6000", None)}, "SPREAD_TOO_WIDE"),
    (rails.spread_narrow, {"quote": quoted("NaN", "6000")}, "SPREAD_TOO_WIDE"),
    (rails.spread_narrow, {"quote": quoted("2", "NaN"), "instrument": OPTION}, "SPREAD_TOO_WIDE"),
)
PRICES: tuple[Case, ...] = (
    (rails.price_on_tick, {"limit_price": D("6000.25")}, ""),
    (rails.price_on_tick, {"limit_price": D("6000.26")}, "PRICE_INVALID"),
    (rails.price_on_tick, {"limit_price": D("6000.24")}, "PRICE_INVALID"),
    (rails.price_on_tick, {"limit_price": None}, "PRICE_INVALID"),
    (rails.price_on_tick, {"limit_price": NAN}, "PRICE_INVALID"),
    (rails.price_on_tick, {"limit_price": None, "ord_type": OrdType.MARKET}, ""),
    (rails.price_on_tick, {"stop_price": None, "ord_type": OrdType.STOP}, "PRICE_INVALID"),
    (rails.price_on_tick, {"stop_price": D(6001), "ord_type": OrdType.STOP_LIMIT}, ""),
    (rails.price_on_tick, {"stop_price": NAN, "ord_type": OrdType.STOP_LIMIT}, "PRICE_INVALID"),
    # A future: a quarter of the stop's 10 points is 2.50, a twentieth of the range of 40 is 2; the smaller holds.
    (rails.price_drift, {"quote": quoted("6001.50", "6001.75")}, ""),
    (rails.price_drift, {"quote": quoted("6001.75", "6002")}, ""),
    (rails.price_drift, {"quote": quoted("6002", "6002.25")}, "PRICE_DRIFT"),
    (rails.price_drift, {"quote": quoted("5900", "5900.25")}, ""),
    (rails.price_drift, {"quote": quoted("6002", "6002.50"), "daily_atr": None}, ""),
    (rails.price_drift, {"quote": quoted("6002", "6002.75"), "daily_atr": None}, "PRICE_DRIFT"),
    (rails.price_drift, {"quote": quoted("6000", "6000.25"), "daily_atr": None, "protective_stop": None}, ""),
    (
        rails.price_drift,
        {"quote": quoted("6000", "6000.50"), "daily_atr": None, "protective_stop": None},
        "PRICE_DRIFT",
    ),
    (rails.price_drift, {**SHORT, "quote": quoted("5998", "5998.25")}, ""),
    (rails.price_drift, {**SHORT, "quote": quoted("5997.75", "5998")}, "PRICE_DRIFT"),
    (rails.price_drift, {**ON_OPTION, "quote": quoted("2.10", "2.20")}, ""),
    (rails.price_drift, {**ON_OPTION, "quote": quoted("2.10", "2.21")}, "PRICE_DRIFT"),
    (rails.price_drift, {**ON_OPTION, "reference_price": D(1), "quote": quoted("1.10", "1.15")}, ""),
    (rails.price_drift, {**ON_OPTION, "reference_price": D(1), "quote": quoted("1.10", "1.16")}, "PRICE_DRIFT"),
    (rails.price_drift, {**ON_STOCK, "quote": quoted("50.40", "50.50")}, ""),
    (rails.price_drift, {**ON_STOCK, "quote": quoted("50.40", "50.51")}, "PRICE_DRIFT"),
    (rails.price_drift, {"reference_price": None}, ""),
    (rails.price_drift, {"quote": None}, "PRICE_DRIFT"),
    (rails.price_drift, {"quote": None, "reference_price": None}, ""),
    (rails.price_drift, {"reference_price": NAN}, "PRICE_DRIFT"),
    (rails.price_drift, {"quote": quoted("6000", "NaN")}, "PRICE_DRIFT"),
    (rails.price_drift, {"protective_stop": NAN}, "PRICE_DRIFT"),
    (rails.price_drift, {"daily_atr": NAN}, "PRICE_DRIFT"),
    # A stop of a future may stand 1.5 x 40 = 60 points away; without a range 1 % of the price, also 60.
    (rails.stop_sane, {"protective_stop": D("5999.75")}, ""),
    (rails.stop_sane, {"protective_stop": D(6000)}, "STOP_WRONG_SIDE"),
    (rails.stop_sane, {"protective_stop": D("6000.25")}, "STOP_WRONG_SIDE"),
    (rails.stop_sane, {**SHORT, "protective_stop": D("6000.25")}, ""),
    (rails.stop_sane, {**SHORT, "protective_stop": D(6000)}, "STOP_WRONG_SIDE"),
    (rails.stop_sane, {"protective_stop": D("5940.25")}, ""),
    (rails.stop_sane, {"protective_stop": D(5940)}, ""),
    (rails.stop_sane, {"protective_stop": D("5939.75")}, "STOP_TOO_FAR"),
    (rails.stop_sane, {"protective_stop": D(5940), "daily_atr": None}, ""),
    (rails.stop_sane, {"protective_stop": D("5939.75"), "daily_atr": None}, "STOP_TOO_FAR"),
    (rails.stop_sane, {**ON_OPTION, "protective_stop": D(1)}, ""),
    (rails.stop_sane, {**ON_OPTION, "protective_stop": D("0.99")}, "STOP_TOO_FAR"),
    (rails.stop_sane, {**ON_STOCK, "protective_stop": D(45)}, ""),
    (rails.stop_sane, {**ON_STOCK, "protective_stop": D("44.99")}, "STOP_TOO_FAR"),
    (rails.stop_sane, {"protective_stop": None}, "STOP_MISSING"),
    (rails.stop_sane, {"protective_stop": None, "no_stop_wanted": True}, ""),
    (
        rails.stop_sane,
        {"protective_stop": None, "no_stop_wanted": True, "allocations": ((Decimal(6340), Decimal(1)),)},
        "STOP_MISSING",
    ),
    (rails.stop_sane, {"entry_price": None}, "STOP_WRONG_SIDE"),
    (rails.stop_sane, {"protective_stop": NAN}, "STOP_WRONG_SIDE"),
    (rails.stop_sane, {"entry_price": NAN}, "STOP_WRONG_SIDE"),
    (rails.stop_sane, {"daily_atr": NAN}, "STOP_TOO_FAR"),
)
COUNTS: tuple[Case, ...] = (
    (rails.order_rate, {"entries_last_minute": 4}, ""),
    (rails.order_rate, {"entries_last_minute": 5}, "RATE_LIMIT"),
    (rails.order_rate, {"entries_last_minute": 6}, "RATE_LIMIT"),
    (rails.order_rate, {"same_side_entries": 1}, ""),
    (rails.order_rate, {"same_side_entries": 2}, "RATE_LIMIT"),
    (rails.order_rate, {"same_side_entries": 3}, "RATE_LIMIT"),
    (rails.trade_count, {"origin_entries_today": 3}, ""),
    (rails.trade_count, {"origin_entries_today": 4}, "TRADE_COUNT"),
    (rails.trade_count, {"origin_entries_today": 5}, "TRADE_COUNT"),
    (rails.trade_count, {"entries_today": 9}, ""),
    (rails.trade_count, {"entries_today": 10}, "TRADE_COUNT"),
    (rails.trade_count, {"entries_today": 11}, "TRADE_COUNT"),
    (rails.origin_open_trades, {"origin_open_trades": 1}, ""),
    (rails.origin_open_trades, {"origin_open_trades": 2}, "ANALYST_LIMIT"),
    (rails.origin_open_trades, {"origin_open_trades": 3}, "ANALYST_LIMIT"),
    (rails.origin_open_trades, {"origin_open_trades": 99, "origin_limits": replace(OWN, max_open_trades=None)}, ""),
    (rails.loss_streak, {"origin_paused_until": NOW - SECOND}, ""),
    (rails.loss_streak, {"origin_paused_until": NOW}, ""),
    (rails.loss_streak, {"origin_paused_until": NOW + SECOND}, "LOSS_STREAK"),
    (rails.loss_streak, {"origin_paused_until": None, "origin_losses_in_row": 9}, ""),
)
LOSSES: tuple[Case, ...] = (
    (rails.origin_daily_loss, {"origin_day_pnl": D(-300) + CENT}, ""),
    (rails.origin_daily_loss, {"origin_day_pnl": D(-300)}, "ANALYST_LIMIT"),
    (rails.origin_daily_loss, {"origin_day_pnl": D(-300) - CENT}, "ANALYST_LIMIT"),
    (rails.origin_daily_loss, {"origin_day_pnl": NAN}, "ANALYST_LIMIT"),
    (rails.daily_loss, {"day_pnl": D(-1000) + CENT}, ""),
    (rails.daily_loss, {"day_pnl": D(-1000)}, "DAILY_LOSS_LIMIT"),
    (rails.daily_loss, {"day_pnl": D(-1000) - CENT}, "DAILY_LOSS_LIMIT"),
    (rails.daily_loss, {"day_pnl": None}, "DAILY_LOSS_LIMIT"),
    (rails.daily_loss, {"day_pnl": NAN}, "DAILY_LOSS_LIMIT"),
    (rails.drawdown, {"drawdown_fraction": D("0.0999")}, ""),
    (rails.drawdown, {"drawdown_fraction": D("0.10")}, "DRAWDOWN_LIMIT"),
    (rails.drawdown, {"drawdown_fraction": D("0.1001")}, "DRAWDOWN_LIMIT"),
    (rails.drawdown, {"drawdown_fraction": None}, "DRAWDOWN_LIMIT"),
    (rails.drawdown, {"drawdown_fraction": NAN}, "DRAWDOWN_LIMIT"),
)
TABLE = (*ACCOUNT, *TIMES, *QUOTES, *PRICES, *COUNTS, *LOSSES)


def told(case: Case) -> str:
    rail, changes, code = case
    shown = ",".join(f"{name}={getattr(value, 'instrument_id', value)}" for name, value in changes.items())
    return f"{rail.__name__}-{shown[:60]}-{code or 'passes'}"


@pytest.mark.parametrize("case", TABLE, ids=told)
def test_a_rail_refuses_exactly_beyond_its_limit_with_its_own_code(case: Case) -> None:
    rail, changes, code = case
    found = rail(facts(**changes), LIMITS)
    assert (found.passed, "" if found.passed else found.code) == (not code, code)
    assert found.words


def test_good_facts_pass_every_rail_and_the_table_knows_each_of_them() -> None:
    assert [rail(FACTS, LIMITS).code for rail in RAILS if not rail(FACTS, LIMITS).passed] == []
    assert {rail for rail, _, code in TABLE if code} == set(RAILS)
    assert {rail for rail, _, code in TABLE if not code} == set(RAILS)


def test_limits_that_ask_for_less_let_more_pass() -> None:
    delayed = facts(quote=quoted("5999.75", "6000", DataKind.DELAYED))
    assert rails.quote_present(delayed, SIMULATOR).passed
    assert rails.quote_present(delayed, replace(LIMITS, needs_realtime_quotes=False)).passed
    assert rails.symbol_allowed(facts(instrument=MES), replace(LIMITS, allowed_symbols=frozenset({ANY}))).passed
    no_stop_needed = replace(LIMITS, stop_distance=replace(LIMITS.stop_distance, required=False))
    assert rails.stop_sane(facts(protective_stop=None), no_stop_needed).passed


SIZE = SizeFacts(
    wish=3, instrument=ES, risk_per_unit=D(100), notional_per_unit=D(300000), origin_risk_per_trade=None, held_qty=0,
    held_minis=D(0), held_instruments=0, holds_this=False, open_risk=D(0), room_today=D(1000),
    buying_power=D(50000), margin_per_unit=D(10000), exposure_per_unit=D(300000), held_in_name=D(0),
    held_in_sector=D(0), held_gross=D(0), held_net=D(0), sector=None, equity=D(50000),
)  # fmt: skip
OF_OPTION = {
    "instrument": OPTION, "notional_per_unit": D(200), "margin_per_unit": D(200), "exposure_per_unit": D(200),
    "sector": "Tools",
}  # fmt: skip
ROOMS: tuple[tuple[str, str, dict[str, Any], int | None], ...] = (
    # code, start of its words, what differs, contracts that fit (None: the room does not apply)
    ("QTY_EXCEEDS_MAX", "contracts in one order", {}, 5),
    ("QTY_EXCEEDS_MAX", "contracts in one order", OF_OPTION, 10),
    ("QTY_EXCEEDS_MAX", "contracts in one order", {"instrument": STOCK}, 100),
    ("POSITION_LIMIT", "position room", {"held_qty": 7}, 1),
    ("POSITION_LIMIT", "position room", {"held_qty": 8}, 0),
    ("POSITION_LIMIT", "position room", {"held_qty": 9}, 0),
    ("RISK_EXCEEDS_MAX", "risk at the stop", {"risk_per_unit": D(250) - CENT}, 2),
    ("RISK_EXCEEDS_MAX", "risk at the stop", {"risk_per_unit": D(250)}, 2),
    ("RISK_EXCEEDS_MAX", "risk at the stop", {"risk_per_unit": D(250) + CENT}, 1),
    ("RISK_EXCEEDS_MAX", "risk at the stop", {"risk_per_unit": D(500)}, 1),
    ("RISK_EXCEEDS_MAX", "risk at the stop", {"risk_per_unit": D(500) + CENT}, 0),
    ("RISK_EXCEEDS_MAX", "risk at the stop", {"risk_per_unit": None}, None),
    ("RISK_EXCEEDS_MAX", "risk at the stop", {"risk_per_unit": D(0)}, None),
    ("RISK_EXCEEDS_MAX", "risk at the stop", {"risk_per_unit": CENT}, 50000),
    ("RISK_EXCEEDS_MAX", "risk at the stop", {"risk_per_unit": NAN}, 0),
    ("RISK_EXCEEDS_MAX", "own limit", {"origin_risk_per_trade": D(200) + CENT}, 2),
    ("RISK_EXCEEDS_MAX", "own limit", {"origin_risk_per_trade": D(200)}, 2),
    ("RISK_EXCEEDS_MAX", "own limit", {"origin_risk_per_trade": D(200) - CENT}, 1),
    ("RISK_EXCEEDS_MAX", "own limit", {"origin_risk_per_trade": NAN}, 0),
    ("RISK_EXCEEDS_MAX", "own limit", {"origin_risk_per_trade": None}, None),
    ("RISK_EXCEEDS_MAX", "risk at the stop", {"origin_risk_per_trade": D(900)}, 5),
    ("PORTFOLIO_HEAT", "risk of all", {"open_risk": D(2400) - CENT}, 1),
    ("PORTFOLIO_HEAT", "risk of all", {"open_risk": D(2400)}, 1),
    ("PORTFOLIO_HEAT", "risk of all", {"open_risk": D(2400) + CENT}, 0),
    ("PORTFOLIO_HEAT", "risk of all", {"equity": None}, 0),
    ("PORTFOLIO_HEAT", "risk of all", {"equity": NAN}, 0),
    ("PORTFOLIO_HEAT", "risk of all", {"risk_per_unit": None}, None),
    ("GROSS_EXPOSURE", "value of all", {"held_gross": D(1700000) - CENT}, 1),
    ("GROSS_EXPOSURE", "value of all", {"held_gross": D(1700000)}, 1),
    ("GROSS_EXPOSURE", "value of all", {"held_gross": D(1700000) + CENT}, 0),
    ("GROSS_EXPOSURE", "value of all", {"held_gross": None}, 0),
    ("GROSS_EXPOSURE", "value of all", {"held_gross": NAN}, 0),
    ("GROSS_EXPOSURE", "value of all", {"exposure_per_unit": D(-300000)}, 6),
    ("GROSS_EXPOSURE", "value of all", {"exposure_per_unit": None}, None),
    ("GROSS_EXPOSURE", "value of all", {"exposure_per_unit": D(0)}, None),
    ("GROSS_EXPOSURE", "value of all", {"exposure_per_unit": NAN}, 0),
    ("NET_EXPOSURE", "value of longs", {"held_net": D(700000) - CENT}, 1),
    ("NET_EXPOSURE", "value of longs", {"held_net": D(700000)}, 1),
    ("NET_EXPOSURE", "value of longs", {"held_net": D(700000) + CENT}, 0),
    ("NET_EXPOSURE", "value of longs", {"held_net": D(-700000)}, 5),
    ("NET_EXPOSURE", "value of longs", {"held_net": D(-700000), "exposure_per_unit": D(-300000)}, 1),
    ("NET_EXPOSURE", "value of longs", {"held_net": D(-700000) - CENT, "exposure_per_unit": D(-300000)}, 0),
    ("NET_EXPOSURE", "value of longs", {"held_net": D(1000000), "exposure_per_unit": CENT}, 0),
    ("NET_EXPOSURE", "value of longs", {"held_net": None}, 0),
    ("NET_EXPOSURE", "value of longs", {"held_net": NAN}, 0),
    ("NET_EXPOSURE", "value of longs", {"exposure_per_unit": NAN}, 0),
    ("NAME_EXPOSURE", "value in ACME", {**OF_OPTION, "held_in_name": D(9800) - CENT}, 1),
    ("NAME_EXPOSURE", "value in ACME", {**OF_OPTION, "held_in_name": D(9800)}, 1),
    ("NAME_EXPOSURE", "value in ACME", {**OF_OPTION, "held_in_name": D(9800) + CENT}, 0),
    ("NAME_EXPOSURE", "value in ACME", {**OF_OPTION, "held_in_name": None}, 0),
    ("NAME_EXPOSURE", "value in ACME", {**OF_OPTION, "held_in_name": NAN}, 0),
    ("NAME_EXPOSURE", "value in ES", {}, None),
    ("SECTOR_EXPOSURE", "value in Tools", {**OF_OPTION, "held_in_sector": D(19800) - CENT}, 1),
    ("SECTOR_EXPOSURE", "value in Tools", {**OF_OPTION, "held_in_sector": D(19800)}, 1),
    ("SECTOR_EXPOSURE", "value in Tools", {**OF_OPTION, "held_in_sector": D(19800) + CENT}, 0),
    ("SECTOR_EXPOSURE", "value in Tools", {**OF_OPTION, "held_in_sector": None}, 0),
    ("SECTOR_EXPOSURE", "value in Tools", {**OF_OPTION, "held_in_sector": NAN}, 0),
    ("SECTOR_EXPOSURE", "value in Tools", {**OF_OPTION, "sector": None}, None),
    ("SECTOR_EXPOSURE", "value in Tools", {"sector": "Tools"}, None),
    ("OPEN_RISK", "open risk", {"open_risk": D(1400) - CENT}, 1),
    ("OPEN_RISK", "open risk", {"open_risk": D(1400)}, 1),
    ("OPEN_RISK", "open risk", {"open_risk": D(1400) + CENT}, 0),
    ("OPEN_RISK", "open risk", {"open_risk": D(9000)}, 0),
    ("OPEN_RISK", "open risk", {"open_risk": NAN}, 0),
    ("DAILY_LOSS_LIMIT", "room left today", {"room_today": D(200) + CENT}, 2),
    ("DAILY_LOSS_LIMIT", "room left today", {"room_today": D(200)}, 2),
    ("DAILY_LOSS_LIMIT", "room left today", {"room_today": D(200) - CENT}, 1),
    ("DAILY_LOSS_LIMIT", "room left today", {"room_today": D(0)}, 0),
    ("DAILY_LOSS_LIMIT", "room left today", {"room_today": NAN}, 0),
    ("NOTIONAL_EXCEEDS_MAX", "cost of the order", OF_OPTION, 5),
    ("NOTIONAL_EXCEEDS_MAX", "cost of the order", {**OF_OPTION, "notional_per_unit": D(200) + CENT}, 4),
    ("NOTIONAL_EXCEEDS_MAX", "cost of the order", {**OF_OPTION, "notional_per_unit": None}, None),
    ("NOTIONAL_EXCEEDS_MAX", "cost of the order", {**OF_OPTION, "notional_per_unit": NAN}, 0),
    ("NOTIONAL_EXCEEDS_MAX", "cost of the order", {}, None),
    ("BUYING_POWER", "buying power", {"buying_power": D(20000) + CENT}, 2),
    ("BUYING_POWER", "buying power", {"buying_power": D(20000)}, 2),
    ("BUYING_POWER", "buying power", {"buying_power": D(20000) - CENT}, 1),
    ("BUYING_POWER", "buying power", {"buying_power": D(-1)}, 0),
    ("BUYING_POWER", "buying power", {"buying_power": None}, None),
    ("BUYING_POWER", "buying power", {"margin_per_unit": None}, None),
    ("BUYING_POWER", "buying power", {"buying_power": NAN}, 0),
    ("BUYING_POWER", "buying power", {"margin_per_unit": NAN}, 0),
    ("POSITION_LIMIT", "0 of 4 minis", {}, 4),
    ("POSITION_LIMIT", "0 of 4 minis", {"instrument": MES}, 40),
    ("POSITION_LIMIT", "3.0 of 4 minis", {"held_minis": D("3.0")}, 1),
    ("POSITION_LIMIT", "3.1 of 4 minis", {"held_minis": D("3.1")}, 0),
    ("POSITION_LIMIT", "3.1 of 4 minis", {"held_minis": D("3.1"), "instrument": MES}, 9),
    ("POSITION_LIMIT", "4.5 of 4 minis", {"held_minis": D("4.5")}, 0),
    ("POSITION_LIMIT", "NaN of 4 minis", {"held_minis": NAN}, 0),
    ("POSITION_LIMIT", "0 of 4 minis", OF_OPTION, None),
    ("POSITION_LIMIT", "0 of 4 minis", {"instrument": replace(ES, mini_equivalents=D(0))}, None),
    ("POSITION_LIMIT", "2 positions", {"held_instruments": 2}, None),
    ("POSITION_LIMIT", "3 positions", {"held_instruments": 3}, 0),
    ("POSITION_LIMIT", "4 positions", {"held_instruments": 4}, 0),
    ("POSITION_LIMIT", "3 positions", {"held_instruments": 3, "holds_this": True}, None),
)


@pytest.mark.parametrize(("code", "words", "changes", "qty"), ROOMS)
def test_a_room_holds_exactly_what_fits(code: str, words: str, changes: dict[str, Any], qty: int | None) -> None:
    found = rooms(replace(SIZE, **changes), LIMITS)
    named = [room.qty for room in found if room.code == code and room.words.startswith(words)]
    assert named == ([] if qty is None else [qty])


def test_the_smallest_room_decides_and_every_tighter_one_is_told() -> None:
    found = (Room("A", 5, "five"), Room("B", 1, "one"), Room("C", 2, "two"), Room("D", 3, "three"))
    assert fitting_qty(found) == 1
    assert fitting_qty(()) == 0
    assert cuts(3, found) == ("3 → 1: one", "3 → 2: two")
    assert cuts(1, found) == ()
