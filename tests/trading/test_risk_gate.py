"""The gate in the running core: falls, breakers, ends of day and exposure, proved by what becomes of an order."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.trading.stage import ES, MES, SIM, WIDE, Stage, open_stage
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.orders import MANUAL, OrderRole, OrdStatus, OrdType, Side, TimeInForce
from tradestream_gui.domain.quotes import DataKind, Quote
from tradestream_gui.domain.tickets import EntryTicket, RiskDecision

D = Decimal
AFTERNOON = datetime(2026, 11, 19, 20, 0, tzinfo=UTC)
HALF_DAY = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)


def judged(stage: Stage, **changes: Any) -> RiskDecision:
    """What the gate says to a plain entry now."""
    ticket = EntryTicket(
        account_id=SIM, instrument_id=MES, side=Side.BUY, ord_type=OrdType.LIMIT, order_qty=1,
        time_in_force=TimeInForce.DAY, origin=MANUAL, limit_price=D(6328), protective_stop=D(6316),
    )  # fmt: skip
    values = {name: getattr(ticket, name) for name in EntryTicket.__slots__} | changes
    return stage.core.gate.judge(EntryTicket(**values))


def code_of(stage: Stage, **changes: Any) -> str:
    """The code with which a plain entry would be refused now; empty when it would go."""
    return judged(stage, **changes).code


def has_fallen_too_far(stage: Stage) -> bool:
    decision = judged(stage, limit_price=D(6289), protective_stop=D(6280))
    return not decision.is_allowed and "DRAWDOWN_LIMIT" in {one.code for one in decision.checks if not one.passed}


async def test_a_frozen_contract_takes_no_entry_while_its_family_moves_and_is_still_left(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, limits=WIDE)
    for step in range(20):
        for of in (MES, ES):
            await stage.quote(f"{6320 + step % 2}.00", f"{6320 + step % 2}.25", of=of)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    assert code_of(stage) == ""
    for step in range(20):
        await stage.quote(f"{6321 + step // 4}.00", f"{6321 + step // 4}.25", of=ES)
    decision = judged(stage)
    assert (decision.order_qty, decision.code) == (0, "STREAM_FROZEN")
    assert "its quotes stand still since" in decision.words
    assert "Wait until they flow again" in decision.words
    stage.core.exits.close(stage.lot().lot_id, 2, "by hand")
    await stage.run(2)
    assert not stage.core.lots.open_lots(), "what only reduces goes through"
    await stage.quote("6325.00", "6325.25")
    assert code_of(stage) != "STREAM_FROZEN"
    await stage.close()


async def test_a_fall_from_the_highest_close_refuses_entries_also_after_a_restart(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, limits={**WIDE, "max_drawdown_pct": "1"})
    await stage.enter(Side.BUY, 30, limit="6328", stop="6270")
    assert not has_fallen_too_far(stage)
    await stage.quote("6288.00", "6288.25")
    fallen = stage.core.gate.drawdown_fraction(SIM)
    assert fallen is not None
    assert fallen > D("0.0105")
    assert has_fallen_too_far(stage)
    stage.core.exits.close(stage.lot().lot_id, 30, "by hand")
    await stage.run(2)
    assert has_fallen_too_far(stage)
    later = await stage.killed()
    await later.quote("6288.00", "6288.25")
    assert has_fallen_too_far(later)
    assert later.core.gate.equity(SIM) == stage.core.gate.equity(SIM)
    await later.close()


async def test_a_gain_raises_the_highest_close_only_when_its_day_has_ended(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 10, limit="6328")
    await stage.quote("6346.00", "6346.25")
    stage.core.exits.close(stage.lot().lot_id, 10, "by hand")
    await stage.run(2)
    mark = stage.core.high_water.mark(SIM, stage.clock.now())
    assert mark is not None
    assert mark.high_close == mark.start < mark.balance == mark.high_ever
    await stage.clock.leap_to(datetime(2026, 11, 19, 23, 0, 1, tzinfo=UTC))
    closed = stage.core.high_water.mark(SIM, stage.clock.now())
    assert closed is not None
    assert closed.high_close == mark.balance
    assert stage.core.high_water.net_by_day(SIM) == {date(2026, 11, 19): mark.balance - mark.start}
    await stage.close()


async def test_twenty_refusals_of_our_own_within_a_second_halt_the_account(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, limits={**WIDE, "allowed_symbols": ["ES"]})
    waiting = await stage.enter(Side.BUY, 1, limit="6320", stop="6310", of=ES)
    for _ in range(19):
        stage.tasks.spawn(_enter_denied(stage), "denied")
    await stage.run(0.01)
    assert stage.core.accounts.state(SIM).trading_state is TradingState.ACTIVE
    await stage.run(1)
    for _ in range(19):
        stage.tasks.spawn(_enter_denied(stage), "denied")
    await stage.run(0.01)
    assert stage.core.accounts.state(SIM).trading_state is TradingState.ACTIVE
    stage.tasks.spawn(_enter_denied(stage), "denied")
    await stage.run(1)
    state = stage.core.accounts.state(SIM)
    assert state.trading_state is TradingState.HALTED
    assert state.reason == "RUNAWAY: 20 refusals of our own within 1 s"
    assert stage.order(waiting.cl_ord_id).ord_status is OrdStatus.CANCELED
    assert [notice.title for notice in stage.notices].count("Account halted") == 1
    await stage.close()


async def _enter_denied(stage: Stage) -> None:
    ticket = EntryTicket(
        account_id=SIM, instrument_id=MES, side=Side.BUY, ord_type=OrdType.MARKET, order_qty=1,
        time_in_force=TimeInForce.DAY, origin=MANUAL, no_stop_wanted=True,
    )  # fmt: skip
    await stage.core.entries.enter(ticket)


@pytest.mark.parametrize(("role", "limits"), [("reject", {"breaker_rejects": 3}), ("lost", {"breaker_uncertain": 2})])
async def test_rejects_and_lost_answers_halt_the_account(tmp_path: Path, role: str, limits: dict[str, Any]) -> None:
    stage = await open_stage(tmp_path, limits={**WIDE, **limits})
    count = next(iter(limits.values()))
    faults = stage.venue.refuse if role == "reject" else stage.venue.lose_before
    faults[OrderRole.ENTRY] = count
    for number in range(count):
        assert stage.core.accounts.state(SIM).trading_state is TradingState.ACTIVE, number
        await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
        await stage.run(6)
    state = stage.core.accounts.state(SIM)
    assert state.trading_state is TradingState.HALTED
    assert state.reason.startswith(f"CIRCUIT_BREAKER: {count} ")
    stage.core.accounts.release(SIM, "by hand")
    await stage.run(60)
    await stage.quote("6326.00", "6326.25")
    assert code_of(stage) == ""
    await stage.close()


async def test_two_hundred_alerts_in_a_second_make_ten_orders_at_most(tmp_path: Path) -> None:
    limits = {**WIDE, "entries_per_minute": 10, "same_side_entries": 50}
    stage = await open_stage(tmp_path, limits=limits)
    for number in range(212):
        stage.tasks.spawn(_say(stage, number), "alert")
    await stage.run(2)
    passed = [order for order in stage.core.blotter.orders() if order.ord_status is not OrdStatus.DENIED]
    assert len(passed) == 10
    assert len(stage.venue.sent(OrderRole.ENTRY)) <= 10
    assert stage.core.accounts.state(SIM).reason.startswith("RUNAWAY")
    await stage.close()


async def _say(stage: Stage, number: int) -> None:
    await stage.core.entries.enter(
        EntryTicket(
            account_id=SIM, instrument_id=MES, side=Side.BUY, ord_type=OrdType.LIMIT, order_qty=1,
            time_in_force=TimeInForce.DAY, origin=MANUAL, limit_price=D(6328), protective_stop=D(6316),
        )
    )  # fmt: skip


EARLY = {**WIDE, "ends_day_early": True, "no_entry_before_close_min": 0}


async def test_the_accounts_own_end_of_day_stops_entries_and_closes_everything(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, limits=EARLY, start=AFTERNOON)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    await stage.clock.leap_to(datetime(2026, 11, 19, 20, 59, 59, tzinfo=UTC))
    await stage.quote("6326.00", "6326.25")
    assert code_of(stage) == ""
    await stage.run(2)
    await stage.quote("6326.00", "6326.25")
    assert code_of(stage) == "MARKET_CLOSED"
    await stage.clock.leap_to(datetime(2026, 11, 19, 21, 4, 58, tzinfo=UTC))
    assert await stage.position() == 2
    await stage.run(5)
    assert await stage.position() == 0
    await stage.close()


async def test_an_account_that_is_not_flat_by_its_last_moment_is_told_of_and_closed_again(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, limits=EARLY, start=AFTERNOON)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    stage.venue.is_deaf = True
    await stage.clock.leap_to(datetime(2026, 11, 19, 21, 4, 59, tzinfo=UTC))
    await stage.run(122)
    told = [notice.words for notice in stage.notices if notice.title == "Not flat at the end of the day"]
    assert len(told) == 1
    assert "+2 MES" in told[0]
    assert "15:07 CST" in told[0]
    await stage.close()


async def test_on_a_half_day_the_end_comes_earlier(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, limits=EARLY, start=HALF_DAY)
    end = stage.core.gate.day_end(SIM, HALF_DAY)
    assert end is not None
    close = stage.core.market.early_close(stage.core.market.instrument(ES), HALF_DAY)
    assert close is not None
    assert end.flatten_at == close - timedelta(minutes=15)
    assert end.entries_off == end.flatten_at - timedelta(minutes=5)
    assert end.verified_by == end.flatten_at + timedelta(minutes=2)
    await stage.close()


async def test_minis_and_micros_longs_and_shorts_are_counted_together(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, limits={**WIDE, "max_minis": "2", "max_exposure_gross": "500000"})
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316", of=ES)
    held = stage.core.exposure.of(SIM)
    assert held.minis == 1
    assert held.gross == held.net == D("6326.125") * 50
    decision = stage.core.gate.judge(
        EntryTicket(
            account_id=SIM, instrument_id=MES, side=Side.BUY, ord_type=OrdType.LIMIT, order_qty=30,
            time_in_force=TimeInForce.DAY, origin=MANUAL, limit_price=D(6328), protective_stop=D(6316),
        )
    )  # fmt: skip
    assert decision.order_qty == 5
    assert [cut.partition(":")[0] for cut in decision.cuts] == ["30 → 5", "30 → 10"]
    assert "value of all positions" in decision.cuts[0]
    assert "1.0 of 2 minis held" in decision.cuts[1] or "1 of 2 minis held" in decision.cuts[1]
    await stage.close()


async def test_figures_that_are_no_numbers_refuse_and_never_raise(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    nan = D("NaN")
    for broken in (nan, D("Infinity"), D("-Infinity"), D("sNaN")):
        assert code_of(stage, limit_price=broken) == "PRICE_INVALID"
        assert code_of(stage, protective_stop=broken) == "PRICE_INVALID"
        assert code_of(stage, reference_price=broken) == "PRICE_INVALID"
    stage.core.board._entries[MES].quote = Quote(MES, stage.clock.now(), nan, 5, nan, 5, nan, DataKind.DEMO)
    assert stage.core.gate.day_pnl(SIM) is None
    assert stage.core.gate.room_today(SIM) > 0
    assert stage.core.gate.drawdown_fraction(SIM) is None
    assert code_of(stage, ord_type=OrdType.MARKET, limit_price=None) == "QUOTE_INVALID"
    stage.running.loss_guard.look()
    await stage.close()


NOON = HALF_DAY.replace(hour=17, minute=20)
SPY_CALL = InstrumentId("SPY   261127C00660000")


async def test_on_a_half_day_an_option_is_left_before_the_early_close_and_not_opened_then(tmp_path: Path) -> None:
    """The day after Thanksgiving: options close at one in the afternoon in New York, not at four."""
    stage = await open_stage(tmp_path, start=NOON)
    call = stage.core.reference.instrument(SPY_CALL)
    assert call is not None
    await stage.core.subscriptions.subscribe(call)
    await stage.quote("2.00", "2.02", of=SPY_CALL)
    await stage.enter(Side.BUY, 1, limit="2.02", stop="1.50", of=SPY_CALL)
    assert await stage.position(SPY_CALL) == 1
    assert stage.core.entries.flat_by(SIM, call, stage.clock.now()) == NOON.replace(minute=45)
    await stage.clock.leap_to(NOON.replace(minute=40))
    await stage.quote("2.00", "2.02", of=SPY_CALL)
    option = {"instrument_id": SPY_CALL, "limit_price": D("2.02"), "protective_stop": D("1.50")}
    assert code_of(stage, **option) == "EXPIRY_TOO_CLOSE"
    await stage.clock.leap_to(NOON.replace(minute=45))
    await stage.quote("2.00", "2.02", of=SPY_CALL)
    await stage.run(3)
    assert await stage.position(SPY_CALL) == 0
    await stage.close()
