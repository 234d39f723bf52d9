"""Funded accounts in the running core: their rules before the order, on open losses, over days and restarts."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.trading.stage import ES, SIM, WIDE, Stage, open_stage
from tests.trading.test_risk_gate import code_of, judged
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.errors import BadRecord
from tradestream_gui.domain.orders import Side
from tradestream_gui.domain.rule_packs import PackLossAction, TrailMode
from tradestream_gui.market.rule_packs import load_news, load_rule_packs
from tradestream_gui.paths import resource_path

D = Decimal


async def with_pack(folder: Path, pack: str, *, start: datetime | None = None, **account: Any) -> Stage:
    """A stage whose account goes by the pack, with all rails of our own wide."""
    limits = {**WIDE, "max_drawdown_pct": "100"}
    stage = await open_stage(folder, limits=limits, **({} if start is None else {"start": start}))
    rows = [row.model_dump(mode="json") for row in stage.core.settings.current.accounts]
    rows[0] |= {"rule_pack": pack, **account}
    await stage.core.settings.apply(stage.core.settings.propose({"accounts": rows}), confirmed=True)
    return stage


def codes(stage: Stage, **changes: Any) -> set[str]:
    return {check.code for check in judged(stage, **changes).checks if not check.passed}


async def test_the_plan_caps_contracts_minis_and_micros_as_one(tmp_path: Path) -> None:
    stage = await with_pack(tmp_path, "topstep-50k-express")
    decision = judged(stage, instrument_id=ES, order_qty=5)
    assert decision.order_qty == 2
    assert decision.cuts[0] == "5 → 2: 0 of 2 minis that Topstep allows"
    assert judged(stage, order_qty=30).order_qty == 20
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316", of=ES)
    assert "PACK_CONTRACTS" in codes(stage)
    await stage.close()


async def test_an_open_loss_at_our_own_line_closes_everything_and_locks_until_tomorrow(tmp_path: Path) -> None:
    stage = await with_pack(tmp_path, "topstep-50k-combine")
    await stage.enter(Side.BUY, 4, limit="6328", of=ES)
    await stage.quote("6318.50", "6318.75", of=ES)
    await stage.run(2)
    assert stage.core.accounts.state(SIM).trading_state is TradingState.ACTIVE
    await stage.quote("6318.00", "6318.25", of=ES)
    await stage.run(5)
    state = stage.core.accounts.state(SIM)
    assert state.trading_state is TradingState.LOCKED
    assert state.locked_until is not None
    assert await stage.position(of=ES) == 0
    found = stage.core.pack_watch.violations(SIM)
    assert [one.code for one in found] == ["PACK_DAILY_LOSS", "PACK_MAX_LOSS"]
    assert "our own line before Topstep's maximum loss" in found[1].words
    later = await stage.killed()
    assert later.core.pack_watch.violations(SIM) == found
    await later.close()


async def test_the_firms_line_ends_the_account_for_good(tmp_path: Path) -> None:
    stage = await with_pack(tmp_path, "topstep-50k-combine", pack_share_pct=100)
    await stage.enter(Side.BUY, 4, limit="6328", of=ES)
    await stage.quote("6316.00", "6316.25", of=ES)
    await stage.run(5)
    state = stage.core.accounts.state(SIM)
    assert state.trading_state is TradingState.LOCKED
    assert state.locked_until is None
    assert await stage.position(of=ES) == 0
    await stage.close()


@pytest.mark.parametrize(("pack", "code"), [("combine", ""), ("combine-intraday", "PACK_MAX_LOSS")])
async def test_an_open_profit_lifts_only_a_line_that_trails_intraday_also_after_a_restart(
    tmp_path: Path, pack: str, code: str
) -> None:
    stage = await with_pack(tmp_path, f"topstep-50k-{pack}")
    await stage.enter(Side.BUY, 4, limit="6328", of=ES)
    await stage.quote("6334.00", "6334.25", of=ES)
    await stage.run(2)
    later = await stage.killed()
    await later.quote("6325.00", "6325.25", of=ES)
    await later.run(3)
    assert (later.core.accounts.state(SIM).trading_state is TradingState.LOCKED) is bool(code)
    assert [one.code for one in later.core.pack_watch.violations(SIM)] == ([code] if code else [])
    await later.close()


@pytest.mark.parametrize(("pack", "is_blocked"), [("combine", False), ("combine-daily", True)])
async def test_the_daily_loss_acts_only_where_it_is_switched_on(
    tmp_path: Path, pack: str, is_blocked: bool
) -> None:
    stage = await with_pack(tmp_path, f"topstep-50k-{pack}", pack_share_pct=100)
    await stage.enter(Side.BUY, 4, limit="6328", of=ES)
    await stage.quote("6321.00", "6321.25", of=ES)
    await stage.quote("6321.00", "6321.25")
    await stage.run(3)
    assert "PACK_DAILY_LOSS" in {one.code for one in stage.core.pack_watch.violations(SIM)}
    state = stage.core.accounts.state(SIM)
    assert (state.trading_state is TradingState.LOCKED) is is_blocked
    assert (state.locked_until is not None) is is_blocked
    assert await stage.position(of=ES) == (0 if is_blocked else 4)
    await stage.close()


async def test_entries_stop_before_the_flat_by_and_round_the_news(tmp_path: Path) -> None:
    stage = await with_pack(tmp_path, "topstep-50k-combine", start=datetime(2026, 12, 9, 18, 49, tzinfo=UTC))
    await stage.quote("6326.00", "6326.25")
    assert code_of(stage) == ""
    await stage.clock.leap_to(datetime(2026, 12, 9, 18, 51, tzinfo=UTC))
    await stage.quote("6326.00", "6326.25")
    assert code_of(stage) == ""
    rows = [row.model_dump(mode="json") for row in stage.core.settings.current.accounts]
    rows[0]["avoid_news"] = True
    await stage.core.settings.apply(stage.core.settings.propose({"accounts": rows}), confirmed=True)
    assert codes(stage) == {"PACK_NEWS"}
    await stage.clock.leap_to(datetime(2026, 12, 9, 20, 1, tzinfo=UTC))
    await stage.quote("6326.00", "6326.25")
    assert codes(stage) == set()
    await stage.clock.leap_to(datetime(2026, 12, 9, 21, 0, tzinfo=UTC))
    await stage.quote("6326.00", "6326.25")
    assert codes(stage) == {"MARKET_CLOSED", "PACK_FLAT_BY"}
    await stage.close()


async def test_rules_that_nobody_knows_refuse_entries_and_say_so(tmp_path: Path) -> None:
    stage = await with_pack(tmp_path, "nobody-1k")
    decision = judged(stage)
    assert decision.code == "PACK_UNKNOWN"
    assert "nobody-1k" in decision.words
    stage.running.loss_guard.look()
    await stage.close()


def test_the_shipped_rules_are_dated_and_say_where_they_come_from() -> None:
    packs = load_rule_packs(resource_path("rule_packs"))
    for size, (loss, daily, minis, target) in {
        "50k": (2000, 1000, 5, 3000), "100k": (3000, 2000, 10, 6000), "150k": (4500, 3000, 15, 9000),
    }.items():  # fmt: skip
        combine, express = packs[f"topstep-{size}-combine"], packs[f"topstep-{size}-express"]
        assert (combine.max_loss, combine.daily_loss, combine.max_minis) == (loss, daily, minis)
        assert (combine.profit_target, express.profit_target) == (target, None)
        assert express.scaling[-1].minis == minis
        assert packs[f"topstep-{size}-combine-intraday"].trail is TrailMode.INTRADAY
        assert packs[f"topstep-{size}-combine-daily"].daily_loss_action is PackLossAction.LIQUIDATE_AND_BLOCK
    for pack in packs.values():
        assert pack.source
        assert pack.valid_from <= pack.verified_on <= date(2026, 11, 21)
        assert f"{pack.flat_by.flatten_at:%H:%M}" == "15:05"


def test_the_news_stand_at_new_york_time_summer_and_winter() -> None:
    news = load_news(resource_path("rule_packs"))
    begins = {window.begins for window in news}
    assert datetime(2026, 12, 9, 18, 50, tzinfo=UTC) in begins
    assert datetime(2026, 9, 16, 17, 50, tzinfo=UTC) in begins
    assert len(news) == 16


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('max_loss = "2000"', 'max_loss = "-1"'), "must be more than 0"),
        (('max_loss = "2000"', 'max_loss = "nan"'), "not a finite number"),
        (('trail = "end of day"', 'trail = "weekly"'), "weekly"),
        (('flatten_at = "15:05"', 'flatten_at = "14:05"'), "must follow one another"),
        (("valid_from = 2024-08-25", 'valid_from = "soon"'), "is no date"),
        (('firm = "Topstep"', ""), "firm"),
    ],
)
def test_a_broken_pack_is_refused_by_file_and_row(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    text = resource_path("rule_packs/topstep.toml").read_text()
    assert change[0] in text
    (tmp_path / "topstep.toml").write_text(text.replace(*change, 1))
    with pytest.raises(BadRecord, match=r"topstep\.toml, pack topstep-50k-combine") as found:
        load_rule_packs(tmp_path)
    assert words in str(found.value)
