"""Would this month have passed: stored trades against a funded account's rules, day by day, worked out by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.analytics.given import START, future, instrument_of, option, trade_with
from tests.domain.test_risk_rule_pack import PACK
from tradestream_gui.analytics.rule_pack_report import RulePackReport, Verdict, rule_pack_report
from tradestream_gui.analytics.trades import Excursion, Trade
from tradestream_gui.domain.policies import SessionEndRule
from tradestream_gui.domain.rule_packs import PackLossAction, RulePack, TrailMode

D, CENT = Decimal, Decimal("0.01")
RULES = replace(PACK, scaling=(), daily_loss=None, max_trades_per_day=None, consistency=None)


def trade(
    net: str, *, day: int = 0, minute: int = 0, mae: str | None = None, mfe: str | None = None, **more: Any
) -> Trade:
    at = START + timedelta(days=day, minutes=minute)
    made = replace(trade_with(net, number=day * 1000 + minute, at=at), **more)
    if mae is None and mfe is None:
        return made
    return replace(made, excursion=Excursion(D(mae or 0), D(mfe or 0), D(6330), D(6320)))


def judged(trades: Sequence[Trade], pack: RulePack = RULES) -> RulePackReport:
    return rule_pack_report(
        pack, trades, instrument_of=instrument_of, day_of=lambda at: at.date(), early_close=lambda at: None
    )


def test_a_month_that_reaches_its_target_has_passed_on_that_day() -> None:
    report = judged([trade("1500"), trade("1500", day=1), trade("-500", day=2)])
    assert report.verdict is Verdict.PASSED
    assert report.reached_on == (START + timedelta(days=1)).date()
    assert [day.close for day in report.days] == [1500, 3000, 2500]
    assert [day.line for day in report.days] == [-2000, -500, 0]
    assert report.winning_days == 2


@pytest.mark.parametrize(("last", "verdict"), [("1500", Verdict.PASSED), ("1499.99", Verdict.RUNNING)])
def test_the_target_counts_at_the_cent(last: str, verdict: Verdict) -> None:
    assert judged([trade("1500"), trade(last, day=1)]).verdict is verdict


@pytest.mark.parametrize(("net", "verdict"), [("-1999.99", Verdict.RUNNING), ("-2000", Verdict.FAILED)])
def test_the_loss_line_counts_at_the_cent(net: str, verdict: Verdict) -> None:
    assert judged([trade(net)]).verdict is verdict


def test_a_failure_names_the_day_and_minute() -> None:
    report = judged([trade("500"), trade("-2000", day=1, minute=57), trade("9000", day=2)])
    assert report.verdict is Verdict.FAILED
    assert report.words == "Failed: -$1,500.00 against a line at -$1,500.00, in the trade of 16 September 14:42 UTC."
    assert len(report.days) == 2


def test_an_open_loss_that_was_seen_fails_an_account_that_closed_the_trade_with_profit() -> None:
    hidden, seen = trade("200"), trade("200", mae="-2000")
    assert judged([hidden]).verdict is Verdict.RUNNING
    assert judged([hidden]).unmeasured == 1
    report = judged([seen])
    assert report.verdict is Verdict.FAILED
    assert report.unmeasured == 0
    assert report.days[0].low == -2000


def test_commission_is_part_of_the_fall() -> None:
    almost = trade("-1997.50", commission=D("2.50"), gross=D(-1995), mae="-1997.50")
    assert judged([almost]).verdict is Verdict.FAILED


def test_an_open_profit_lifts_only_a_line_that_trails_intraday() -> None:
    given_back = trade("-600", mfe="1500", mae="-600")
    assert judged([given_back]).verdict is Verdict.RUNNING
    assert judged([given_back], replace(RULES, trail=TrailMode.INTRADAY)).verdict is Verdict.FAILED


@pytest.mark.parametrize(("best", "verdict"), [("1500", Verdict.PASSED), ("1501", Verdict.RUNNING)])
def test_one_day_may_bring_half_of_the_profit_at_most(best: str, verdict: Verdict) -> None:
    trades = [trade(best), trade("1500", day=1)] if best == "1500" else [trade(best), trade("1499", day=1)]
    report = judged(trades, replace(RULES, consistency=D("0.5")))
    assert report.verdict is verdict
    assert report.best_day_share == D(best) / 3000


def test_broken_rules_that_do_not_end_the_account_are_listed() -> None:
    late = datetime(2026, 9, 15, 20, 4, tzinfo=UTC)
    pack = replace(
        RULES, max_trades_per_day=2, max_minis=D(1), daily_loss=D(400),
        daily_loss_action=PackLossAction.LIQUIDATE, flat_by=SessionEndRule("America/Chicago", *_times()),
    )  # fmt: skip
    trades = [
        trade("-200", minute=1),
        trade("-200", minute=3, instrument_id=future("MES").instrument_id, qty=11, opened_at=START),
        trade("10", minute=30, asset_class=option().asset_class),
        replace(trade("10"), opened_at=late, closed_at=late + timedelta(minutes=2)),
    ]
    report = judged(trades, pack)
    assert {one.code for one in report.breaks} == {
        "PACK_CONTRACTS", "PACK_TRADES", "PACK_INSTRUMENT", "PACK_FLAT_BY", "PACK_DAILY_LOSS",
    }  # fmt: skip
    assert report.verdict is Verdict.RUNNING


def _times() -> tuple[Any, Any, Any]:
    end = PACK.flat_by
    return end.entries_off, end.flatten_at, end.verified_by


def test_nothing_is_judged_without_trades_and_a_plan_without_target_is_kept() -> None:
    assert judged([]).verdict is Verdict.NOTHING
    assert judged([]).best_day_share is None
    kept = judged([trade("100")], replace(RULES, profit_target=None))
    assert kept.verdict is Verdict.RUNNING
    assert kept.words == "Kept: $100.00, the loss line was never reached."
