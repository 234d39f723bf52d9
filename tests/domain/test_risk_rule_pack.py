"""A funded account's rules at every limit: one cent short of it, at it, one beyond, unknown, and not a number."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.domain.test_risk_rails import ES, MES, OPTION
from tradestream_gui.domain.policies import SessionEndRule
from tradestream_gui.domain.risk_rule_pack import (
    PackFacts,
    breaches,
    daily_loss_acts,
    loss_left,
    loss_line,
    minis_allowed,
    pack_checks,
    pack_rooms,
)
from tradestream_gui.domain.rule_packs import (
    NewsWindow,
    PackChoice,
    PackLossAction,
    RulePack,
    ScalingStep,
    TrailMode,
)

D, NAN, CENT = Decimal, Decimal("NaN"), Decimal("0.01")
NOW = datetime(2026, 12, 9, 19, 0, tzinfo=UTC)
PACK = RulePack(
    pack_id="test", firm="Firm", name="Firm 50K", valid_from=date(2026, 1, 1), verified_on=date(2026, 11, 1), source="",
    max_loss=D(2000), trail=TrailMode.END_OF_DAY, locks_at=D(0), daily_loss=D(1000),
    daily_loss_action=PackLossAction.LIQUIDATE_AND_BLOCK, max_minis=D(5),
    scaling=(ScalingStep(D(0), D(2)), ScalingStep(D(1500), D(3)), ScalingStep(D(2000), D(5))),
    max_trades_per_day=4, profit_target=D(3000), consistency=D("0.5"), winning_day=D(150),
    flat_by=SessionEndRule("America/Chicago", time(15), time(15, 5), time(15, 7)), futures_only=True,
)  # fmt: skip
NEWS = NewsWindow("Statement", NOW, NOW + timedelta(minutes=30))
CHOICE = PackChoice("test", PACK, own_share=D("0.8"), paid_out=False, avoids_news=True, news=(NEWS,))
FACTS = PackFacts(
    at=NOW - timedelta(seconds=1), equity=D(0), realized=D(0), close=D(0), high_close=D(0), high_ever=D(0), day=D(0),
    trades_today=0, held_minis=D(0), open_risk=D(0), day_is_over=False,
)  # fmt: skip


def facts(**changes: Any) -> PackFacts:
    return replace(FACTS, **changes)


@pytest.mark.parametrize(
    ("high", "paid_out", "line"),
    [
        (D(-500), False, D(-2000)),
        (D(0), False, D(-2000)),
        (CENT, False, D(-2000) + CENT),
        (D(500), False, D(-1500)),
        (D(2000) - CENT, False, -CENT),
        (D(2000), False, D(0)),
        (D(2000) + CENT, False, D(0)),
        (D(9000), False, D(0)),
        (D(0), True, D(0)),
    ],
)
def test_the_loss_line_follows_the_highest_profit_and_locks(high: Decimal, paid_out: bool, line: Decimal) -> None:
    assert loss_line(PACK, high, paid_out) == line


def test_the_line_follows_day_ends_or_every_moment_as_the_pack_says() -> None:
    moved = facts(equity=D(300), high_close=D(0), high_ever=D(900))
    assert loss_left(PACK, moved, paid_out=False) == D(2300)
    assert loss_left(replace(PACK, trail=TrailMode.INTRADAY), moved, paid_out=False) == D(1400)


@pytest.mark.parametrize(
    ("close", "minis"),
    [
        (D(-700), D(2)), (D(0), D(2)), (D(1500) - CENT, D(2)), (D(1500), D(3)), (D(1500) + CENT, D(3)),
        (D(2000) - CENT, D(3)), (D(2000), D(5)), (D(9000), D(5)), (None, None), (NAN, None),
    ],
)  # fmt: skip
def test_the_plan_allows_more_minis_with_the_profit_of_the_last_day(close: Any, minis: Any) -> None:
    assert minis_allowed(PACK, close) == minis


def test_a_plan_without_steps_allows_its_size_and_steps_never_exceed_it() -> None:
    assert minis_allowed(replace(PACK, scaling=()), None) == D(5)
    assert minis_allowed(replace(PACK, max_minis=D(4)), D(5000)) == D(4)


CHECKS: tuple[tuple[str, dict[str, Any], bool], ...] = (
    # The own line stands at four fifths of 2,000: at a loss of 1,600.
    ("PACK_MAX_LOSS", {"equity": D(-1600) + CENT}, True),
    ("PACK_MAX_LOSS", {"equity": D(-1600)}, False),
    ("PACK_MAX_LOSS", {"equity": D(-1600) - CENT}, False),
    ("PACK_MAX_LOSS", {"equity": None}, False),
    ("PACK_MAX_LOSS", {"equity": NAN}, False),
    ("PACK_MAX_LOSS", {"high_close": None}, False),
    ("PACK_MAX_LOSS", {"high_close": NAN}, False),
    ("PACK_DAILY_LOSS", {"day": D(-800) + CENT}, True),
    ("PACK_DAILY_LOSS", {"day": D(-800)}, False),
    ("PACK_DAILY_LOSS", {"day": D(-800) - CENT}, False),
    ("PACK_DAILY_LOSS", {"day": None}, False),
    ("PACK_DAILY_LOSS", {"day": NAN}, False),
    ("PACK_TRADES", {"trades_today": 3}, True),
    ("PACK_TRADES", {"trades_today": 4}, False),
    ("PACK_TRADES", {"trades_today": 5}, False),
    ("PACK_FLAT_BY", {"day_is_over": False}, True),
    ("PACK_FLAT_BY", {"day_is_over": True}, False),
    ("PACK_NEWS", {"at": NOW - timedelta(seconds=1)}, True),
    ("PACK_NEWS", {"at": NOW}, False),
    ("PACK_NEWS", {"at": NOW + timedelta(minutes=30) - timedelta(seconds=1)}, False),
    ("PACK_NEWS", {"at": NOW + timedelta(minutes=30)}, True),
)


@pytest.mark.parametrize(("code", "changes", "passed"), CHECKS)
def test_a_rule_refuses_exactly_at_its_limit(code: str, changes: dict[str, Any], passed: bool) -> None:
    found = {check.code: check for check in pack_checks(CHOICE, facts(**changes), ES)}
    assert found[code].passed is passed
    assert all(check.passed for name, check in found.items() if name != code)


def test_only_futures_are_taken_where_the_firm_takes_only_futures() -> None:
    def passed(pack: RulePack, instrument: Any) -> bool:
        return {one.code: one.passed for one in pack_checks(replace(CHOICE, pack=pack), FACTS, instrument)}[
            "PACK_INSTRUMENT"
        ]

    assert passed(PACK, ES)
    assert not passed(PACK, OPTION)
    assert passed(replace(PACK, futures_only=False), OPTION)


def test_rules_that_do_not_exist_are_not_asked() -> None:
    bare = replace(PACK, daily_loss=None, max_trades_per_day=None)
    codes = {check.code for check in pack_checks(replace(CHOICE, pack=bare, avoids_news=False), FACTS, ES)}
    assert codes == {"PACK_INSTRUMENT", "PACK_MAX_LOSS", "PACK_FLAT_BY"}
    for action, acts in ((PackLossAction.NOTHING, False), (PackLossAction.LIQUIDATE, True)):
        assert daily_loss_acts(replace(PACK, daily_loss_action=action)) is acts
    assert not daily_loss_acts(bare)


def test_unknown_rules_refuse_everything_and_leave_no_room() -> None:
    unknown = replace(CHOICE, name="nobody-1k", pack=None)
    checks = pack_checks(unknown, FACTS, ES)
    assert [(check.code, check.passed) for check in checks] == [("PACK_UNKNOWN", False)]
    assert "nobody-1k" in checks[0].words
    assert [room.qty for room in pack_rooms(unknown, FACTS, ES, D(100))] == [0]
    assert breaches(unknown, FACTS) == ()


ROOMS: tuple[tuple[str, dict[str, Any], Any, Any, int | None], ...] = (
    # code, facts, instrument, risk of one contract, contracts that fit (None: the room does not apply)
    ("PACK_CONTRACTS", {}, ES, None, 2),
    ("PACK_CONTRACTS", {}, MES, None, 20),
    ("PACK_CONTRACTS", {"held_minis": D("1.9")}, ES, None, 0),
    ("PACK_CONTRACTS", {"held_minis": D("1.9")}, MES, None, 1),
    ("PACK_CONTRACTS", {"held_minis": D(2)}, MES, None, 0),
    ("PACK_CONTRACTS", {"held_minis": D("2.1")}, MES, None, 0),
    ("PACK_CONTRACTS", {"held_minis": NAN}, MES, None, 0),
    ("PACK_CONTRACTS", {"close": None}, ES, None, 0),
    ("PACK_CONTRACTS", {"close": NAN}, ES, None, 0),
    ("PACK_CONTRACTS", {}, OPTION, None, None),
    ("PACK_CONTRACTS", {}, replace(ES, mini_equivalents=D(0)), None, None),
    ("PACK_MAX_LOSS", {"day": D(9999)}, ES, D(1600), 1),
    ("PACK_MAX_LOSS", {"day": D(9999)}, ES, D(1600) + CENT, 0),
    ("PACK_MAX_LOSS", {"day": D(9999)}, ES, D(800), 2),
    ("PACK_MAX_LOSS", {"day": D(9999), "open_risk": D(800)}, ES, D(800), 1),
    ("PACK_MAX_LOSS", {"day": D(9999), "open_risk": D(800) + CENT}, ES, D(800), 0),
    ("PACK_MAX_LOSS", {"equity": None}, ES, D(100), 0),
    ("PACK_MAX_LOSS", {}, ES, NAN, 0),
    ("PACK_MAX_LOSS", {}, ES, D(0), None),
    ("PACK_MAX_LOSS", {}, ES, None, None),
    ("PACK_DAILY_LOSS", {}, ES, D(800), 1),
    ("PACK_DAILY_LOSS", {}, ES, D(800) + CENT, 0),
    ("PACK_DAILY_LOSS", {"day": D(-400), "open_risk": D(200)}, ES, D(200), 1),
    ("PACK_DAILY_LOSS", {"day": D(-400), "open_risk": D(200) + CENT}, ES, D(200), 0),
    ("PACK_DAILY_LOSS", {"day": None}, ES, D(100), 0),
    ("PACK_DAILY_LOSS", {}, ES, None, None),
)


@pytest.mark.parametrize(("code", "changes", "instrument", "risk", "qty"), ROOMS)
def test_a_rule_leaves_exactly_the_room_that_fits(
    code: str, changes: dict[str, Any], instrument: Any, risk: Any, qty: int | None
) -> None:
    found = [room.qty for room in pack_rooms(CHOICE, facts(**changes), instrument, risk) if room.code == code]
    assert found == ([] if qty is None else [qty])


def test_a_daily_loss_that_does_nothing_takes_no_room() -> None:
    quiet = replace(CHOICE, pack=replace(PACK, daily_loss_action=PackLossAction.NOTHING))
    assert "PACK_DAILY_LOSS" not in {room.code for room in pack_rooms(quiet, FACTS, ES, D(100))}


BROKEN: tuple[tuple[dict[str, Any], list[tuple[str, bool, bool]]], ...] = (
    # facts, (code, our own line, the account is over)
    ({}, []),
    ({"equity": D(-1600) + CENT}, []),
    ({"equity": D(-1600)}, [("PACK_MAX_LOSS", True, False)]),
    ({"equity": D(-2000) + CENT}, [("PACK_MAX_LOSS", True, False)]),
    ({"equity": D(-2000)}, [("PACK_MAX_LOSS", False, True)]),
    ({"equity": D(-2000) - CENT}, [("PACK_MAX_LOSS", False, True)]),
    ({"equity": None}, []),
    ({"equity": NAN}, []),
    ({"day": D(-800) + CENT}, []),
    ({"day": D(-800)}, [("PACK_DAILY_LOSS", True, False)]),
    ({"day": D(-1000) + CENT}, [("PACK_DAILY_LOSS", True, False)]),
    ({"day": D(-1000)}, [("PACK_DAILY_LOSS", False, False)]),
    ({"day": NAN}, []),
    ({"day": None}, []),
    ({"held_minis": D(2)}, []),
    ({"held_minis": D("2.1")}, [("PACK_CONTRACTS", False, False)]),
    ({"held_minis": NAN}, []),
    ({"held_minis": D(9), "close": None}, []),
)


@pytest.mark.parametrize(("changes", "expected"), BROKEN)
def test_what_is_broken_is_told_at_its_limit(
    changes: dict[str, Any], expected: list[tuple[str, bool, bool]]
) -> None:
    found = breaches(CHOICE, facts(**changes))
    assert [(one.code, one.is_ours, one.ends_account) for one in found] == expected


@pytest.mark.parametrize("action", list(PackLossAction))
def test_the_daily_loss_has_its_three_actions(action: PackLossAction) -> None:
    choice = replace(CHOICE, pack=replace(PACK, daily_loss_action=action))
    assert [one.action for one in breaches(choice, facts(day=D(-1000)))] == [action]
    ours = breaches(choice, facts(day=D(-900)))
    assert [one.action for one in ours] == ([] if action is PackLossAction.NOTHING else [action])


def test_words_name_the_figures() -> None:
    words = breaches(CHOICE, facts(equity=D("-2000.50")))[0].words
    assert words == "Firm's maximum loss line is reached: -$0.50 from it"
    room = next(room for room in pack_rooms(CHOICE, facts(held_minis=D("1.5")), ES, None))
    assert room.words == "1.5 of 2 minis that Firm allows"
