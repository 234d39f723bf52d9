"""What each rail says: the words, the value and the limit that a person reads when it passes and when it refuses."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.domain.test_risk_rails import ES, LIMITS, NOW, OPTION, OWN, SHORT, SIMULATOR, STOCK, facts, quoted
from tests.domain.test_risk_rule_pack import CHOICE, FACTS, PACK
from tradestream_gui.domain import risk_rails as rails
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.orders import OrdType
from tradestream_gui.domain.quotes import DataKind
from tradestream_gui.domain.risk_rails import Rail
from tradestream_gui.domain.risk_rule_pack import breaches, pack_checks

D, MINUTE = Decimal, timedelta(minutes=1)

SAID: tuple[tuple[Rail, dict[str, Any], tuple[str, str, str]], ...] = (
    (rails.trading_state, {}, ("the account takes entries", "ACTIVE", "ACTIVE")),
    (
        rails.trading_state,
        {"trading_state": TradingState.HALTED, "state_reason": "the disk is full"},
        ("the account is HALTED: the disk is full", "HALTED", "ACTIVE"),
    ),
    (rails.quote_present, {}, ("the kind of prices", DataKind.REALTIME.value, DataKind.REALTIME.value)),
    (rails.quote_fresh, {"stream_age_s": 6.04}, ("age of the price stream", "6.0 s", "5 s")),
    (rails.quote_fresh, {"stream_age_s": None}, ("age of the price stream", "unknown", "5 s")),
    (rails.prices_flow, {}, ("prices flow", "flowing", "flowing")),
    (
        rails.prices_flow,
        {"frozen": "its quotes stand still since 14:30:05 UTC"},
        ("prices are frozen: its quotes stand still since 14:30:05 UTC", "frozen", "flowing"),
    ),
    (
        rails.price_drift,
        {"quote": quoted("6001.75", "6002.50")},
        ("market 6002.5 against the alert's 6000", "2.5", "2"),
    ),
    (rails.price_drift, {"quote": quoted("5990", "5990.25")}, ("market 5990.25 against the alert's 6000", "0", "2")),
    (
        rails.price_drift,
        {**SHORT, "quote": quoted("5997.50", "5998")},
        ("market 5997.5 against the alert's 6000", "2.5", "2"),
    ),
    (rails.stop_sane, {"protective_stop": D(5990)}, ("distance of the stop", "10", "60")),
    (rails.stop_sane, {**SHORT, "protective_stop": D(6010)}, ("distance of the stop", "10", "60")),
    (rails.stop_sane, {"protective_stop": D(6001)}, ("the stop must be below the entry", "6001", "6000")),
    (rails.stop_sane, {**SHORT, "protective_stop": D(5999)}, ("the stop must be above the entry", "5999", "6000")),
    (rails.daily_loss, {"day_pnl": D(-5)}, ("profit and loss of the day", "-5", "-1000")),
    (rails.origin_daily_loss, {"origin_day_pnl": D(-5)}, ("JM today", "-5", "-300")),
    (rails.loss_streak, {"origin_losses_in_row": 2}, ("losing trades of JM in a row", "2", "3")),
    (
        rails.loss_streak,
        {"origin_losses_in_row": 3, "origin_paused_until": NOW},
        ("losing trades of JM in a row", "3", "3"),
    ),
    (
        rails.loss_streak,
        {"origin_losses_in_row": 3, "origin_paused_until": NOW + 30 * MINUTE},
        ("losing trades of JM in a row; paused until 15:30 UTC", "3", "3"),
    ),
    (rails.drawdown, {"drawdown_fraction": D("0.034")}, ("loss from the highest close", "3.4 %", "10 %")),
    (rails.drawdown, {"drawdown_fraction": None}, ("loss from the highest close", "unknown", "10 %")),
    (rails.no_conflict, {}, ("no open lot on the other side", "none", "none")),
    (rails.no_conflict, {"conflicting_lot": "LT-1"}, ("open on the other side", "LT-1", "none")),
    (rails.price_on_tick, {}, ("prices stand on the tick", "6000", "0.25")),
    (
        rails.price_on_tick,
        {"limit_price": None, "ord_type": OrdType.MARKET},
        ("prices stand on the tick", "market", "0.25"),
    ),
)


@pytest.mark.parametrize(("rail", "changes", "said"), SAID)
def test_a_rail_says_both_numbers(rail: Rail, changes: dict[str, Any], said: tuple[str, str, str]) -> None:
    result = rail(facts(**changes), LIMITS)
    assert (result.words, result.value, result.limit) == said


@pytest.mark.parametrize(
    ("limits", "wanted"),
    [
        (LIMITS, DataKind.REALTIME.value),
        (SIMULATOR, "any"),
        (replace(LIMITS, needs_realtime_quotes=False), "any"),
    ],
)
def test_the_kind_of_prices_that_is_wanted_is_told(limits: Any, wanted: str) -> None:
    assert rails.quote_present(facts(), limits).limit == wanted


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("offset", "said"),
    [
        (timedelta(0), "0 s"),
        (timedelta(milliseconds=1260), "1.3 s"),
        (-2 * SECOND, "-2 s"),
        (2 * MINUTE - SECOND, "119 s"),
        (2 * MINUTE, "2 min"),
        (-120 * MINUTE + SECOND, "-119 min"),
        (120 * MINUTE, "2 h 0 min"),
        (415 * MINUTE, "6 h 55 min"),
        (2880 * MINUTE - SECOND, "47 h 59 min"),
        (2880 * MINUTE, "2 days"),
    ],
)
def test_a_span_of_time_is_cut_to_what_matters(offset: timedelta, said: str) -> None:
    assert rails.clock_trusted(facts(clock_offset=offset), LIMITS).value == said


@pytest.mark.parametrize("quote", [quoted("-1", "1"), quoted("0", "0")])
def test_a_middle_of_nothing_has_no_spread_that_is_known(quote: Any) -> None:
    for instrument in (OPTION, ES, STOCK):
        assert not rails.spread_narrow(facts(quote=quote, instrument=instrument), LIMITS).passed


def test_one_of_several_prices_off_the_tick_refuses_and_all_are_told() -> None:
    changes = {"ord_type": OrdType.STOP_LIMIT, "limit_price": D(6000), "stop_price": D("6000.10")}
    result = rails.price_on_tick(facts(**changes), LIMITS)
    assert not result.passed
    assert result.value == "6000, 6000.10"


def test_the_limits_of_one_analyst_are_told_by_name() -> None:
    result = rails.origin_open_trades(facts(origin_limits=replace(OWN, who="Ann"), origin_open_trades=1), LIMITS)
    assert (result.words, result.value, result.limit) == ("open trades of Ann", "1", "2")


def test_the_rules_of_a_funded_account_say_what_holds_now() -> None:
    def said(at: Any, *, over: bool = False) -> dict[str, tuple[str, str]]:
        found = pack_checks(CHOICE, replace(FACTS, at=at, day_is_over=over), ES)
        return {check.code: (check.words, check.value) for check in found}

    quiet, loud = said(FACTS.at), said(CHOICE.news[0].begins, over=True)
    assert quiet["PACK_NEWS"] == ("no scheduled release now", "none")
    assert loud["PACK_NEWS"] == ("Statement until 19:30 UTC", "now")
    assert quiet["PACK_FLAT_BY"][1] == "runs"
    assert loud["PACK_FLAT_BY"][1] == "has ended"
    assert quiet["PACK_MAX_LOSS"][1] == "$1,600.00"


def test_money_that_is_nothing_has_no_sign() -> None:
    assert breaches(CHOICE, replace(FACTS, equity=-PACK.max_loss))[0].words.endswith("$0.00 from it")
    assert "-$0.00" not in breaches(CHOICE, replace(FACTS, equity=-PACK.max_loss))[0].words
