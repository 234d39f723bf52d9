"""Accounts: kill, loss limit, links, reconciliation, external quantity, the sentinel and the account's day."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.trading.stage import MES, SIM, WIDE, open_stage
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.events import Notice, OrderChanged, ProtectionRestored
from tradestream_gui.domain.orders import OrderRole, OrdStatus, Side
from tradestream_gui.domain.positions import ExternalChange

AFTERNOON = datetime(2026, 11, 19, 19, 0, tzinfo=UTC)


async def test_kill_cancels_entries_keeps_stops_and_survives_a_restart(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    waiting = await stage.enter(Side.BUY, 2, limit="6320", stop="6310")
    assert stage.core.kill.kill("by hand") == 1
    assert stage.core.accounts.state(SIM).trading_state is TradingState.LOCKED
    await stage.run(2)
    assert stage.order(waiting.cl_ord_id).ord_status is OrdStatus.CANCELED
    assert [stop.role for stop in stage.core.blotter.open_orders()] == [OrderRole.STOP]
    later = await stage.killed()
    assert later.core.accounts.state(SIM).trading_state is TradingState.LOCKED
    refused = await later.enter(Side.BUY, 1, limit="6328", stop="6316")
    assert later.order(refused.cl_ord_id).ord_status is OrdStatus.DENIED
    assert [stop.role for stop in later.core.blotter.open_orders()] == [OrderRole.STOP]
    await later.close()


async def test_flatten_reports_each_account_flat_and_cancels_exits_only_then(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 3, limit="6328", stop="6316", targets=(("6333", "0.5"), ("6338", "0.5")))
    stage.core.kill.kill("by hand")
    stage.core.kill.flatten("by hand")
    await stage.run(5)
    assert await stage.position() == 0
    assert not stage.core.blotter.open_orders()
    assert [notice.words for notice in stage.notices if notice.title == "Flatten"] == ["Sim: flat"]
    await stage.close()


async def test_every_request_of_a_flatten_is_out_before_anybody_hears_of_one(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    for limit in ("6320", "6319"):
        await stage.enter(Side.BUY, 1, limit=limit, stop="6310")
    asked_when_told: list[tuple[OrdStatus, int]] = []
    stage.core.bus.subscribe(
        OrderChanged, lambda fact: asked_when_told.append((fact.order.ord_status, len(stage.venue.asked)))
    )
    stage.venue.asked.clear()
    stage.core.kill.flatten("by hand")
    assert not asked_when_told
    await stage.run(0)
    assert stage.venue.asked == ["cancel", "cancel", "replace"]
    pending = [OrdStatus.PENDING_CANCEL, OrdStatus.PENDING_CANCEL, OrdStatus.PENDING_REPLACE]
    assert asked_when_told == [(status, 3) for status in pending]
    await stage.run(5)
    assert await stage.position() == 0
    await stage.close()


async def test_an_entry_whose_cancel_was_lost_is_cancelled_again_while_the_account_is_locked(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    waiting = await stage.enter(Side.BUY, 2, limit="6320", stop="6310")
    stage.venue.is_deaf = True
    stage.core.kill.kill("by hand")
    await stage.run(3)
    assert not stage.core.kill.report(SIM).is_flat
    stage.venue.is_deaf = False
    await stage.run(40)
    assert stage.order(waiting.cl_ord_id).ord_status is OrdStatus.CANCELED
    await stage.close()


async def test_kill_works_when_the_database_does_not(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    waiting = await stage.enter(Side.BUY, 2, limit="6320", stop="6310")
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    await stage.fill_disk()
    stage.core.kill.kill("by hand")
    stage.core.kill.flatten("by hand")
    await stage.run(10)
    assert stage.core.accounts.state(SIM).trading_state is TradingState.LOCKED
    assert stage.order(waiting.cl_ord_id).ord_status is OrdStatus.CANCELED
    assert await stage.position() == 0
    await stage.free_disk()
    await stage.close()


@pytest.mark.parametrize("action", ["flatten and lock", "block entries only"])
async def test_the_daily_loss_limit_acts_and_ends_at_five_in_chicago(tmp_path: Path, action: str) -> None:
    limits = {**WIDE, "daily_loss_limit": "130", "daily_loss_action": action}
    stage = await open_stage(tmp_path, limits=limits, start=AFTERNOON)
    await stage.enter(Side.BUY, 2, limit="6328")
    assert stage.lot().open_qty == 2
    await stage.quote("6312.00", "6312.25")
    await stage.run(5)
    state = stage.core.accounts.state(SIM)
    locked = action == "flatten and lock"
    assert state.trading_state is (TradingState.LOCKED if locked else TradingState.REDUCING)
    assert state.locked_until == datetime(2026, 11, 19, 23, 0, tzinfo=UTC)
    assert (await stage.position() == 0) is locked
    if not locked:
        stage.core.exits.close(stage.lot().lot_id, 2, "by hand")
        await stage.run(2)
    await stage.clock.leap_to(datetime(2026, 11, 19, 22, 59, 56, tzinfo=UTC))
    await stage.run(1.5)
    assert stage.core.accounts.state(SIM).trading_state is not TradingState.ACTIVE
    await stage.run(4)
    assert stage.core.accounts.state(SIM).trading_state is TradingState.ACTIVE
    assert stage.core.gate.day_pnl(SIM) == 0
    await stage.close()


async def test_yesterdays_loss_is_not_todays_after_a_restart(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, start=AFTERNOON)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    await stage.quote("6315.00", "6315.25")
    await stage.run(2)
    assert stage.core.ledger.realized(SIM, stage.clock.now()) < -100
    await stage.clock.leap_to(datetime(2026, 11, 20, 15, 0, tzinfo=UTC))
    await stage.run(1)
    await stage.quote("6326.00", "6326.25")
    await stage.enter(Side.BUY, 1, limit="6320", stop="6310")
    assert stage.core.ledger.realized(SIM, stage.clock.now()) == 0
    later = await stage.killed()
    assert later.core.ledger.realized(SIM, later.clock.now()) == 0
    assert later.core.ledger.entries(SIM, later.clock.now()) == 1
    await later.close()


async def test_what_the_phone_opened_is_shown_and_counted_but_never_touched(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    own = stage.exits(OrderRole.STOP)[0]
    phone = stage.venue.paper._exchange
    order = phone._own_order(SIM, MES, 2, stage.clock.now())
    phone._enter(order)
    stage.venue.paper._keep_changes()
    await stage.run(40)
    assert await stage.position() == 3
    assert stage.core.lots.external_qty(SIM, MES) == 2
    assert stage.core.exposure.of(SIM).qty_by_instrument[MES] == 3
    assert stage.order(own.cl_ord_id).leaves_qty == 1
    stage.core.kill.flatten("by hand")
    await stage.run(5)
    assert await stage.position() == 2
    await stage.run(90)
    assert stage.core.lots.external_qty(SIM, MES) == 2
    assert sum(1 for notice in stage.notices if notice.title == "External fill") == 1
    await stage.close()


async def test_what_a_run_that_died_had_not_stored_of_a_trade_elsewhere_is_counted_when_it_is_told_again(
    tmp_path: Path,
) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    journal, append = stage.core.journal, stage.core.journal.append
    journal.append = lambda records: append(  # type: ignore[method-assign]
        [record for record in records if not isinstance(record, ExternalChange)]
    )
    phone = stage.venue.paper._exchange
    phone._enter(phone._own_order(SIM, MES, -3, stage.clock.now()))
    stage.venue.paper._keep_changes()
    await stage.run(2)
    assert (stage.core.lots.net_qty(SIM, MES), stage.core.lots.external_qty(SIM, MES)) == (0, -2)
    for _ in range(2):
        stage = await stage.killed()
        await stage.run(2)
        assert (stage.core.lots.net_qty(SIM, MES), stage.core.lots.external_qty(SIM, MES)) == (0, -2)
        assert await stage.position() == -2
    await stage.close()


async def test_an_old_outside_fill_never_closes_a_later_lot_not_even_after_a_restart(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    phone = stage.venue.paper._exchange
    for qty in (-1, 1):
        phone._enter(phone._own_order(SIM, MES, qty, stage.clock.now()))
        stage.venue.paper._keep_changes()
        await stage.run(2)
    own = await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    assert stage.order(own.cl_ord_id).ord_status is OrdStatus.FILLED, stage.order(own.cl_ord_id).reason
    await stage.run(70)
    assert stage.lot().open_qty == 1
    later = await stage.killed()
    assert later.lot().open_qty == 1 == await later.position()
    assert [stop.leaves_qty for stop in later.exits(OrderRole.STOP)] == [1]
    assert later.core.lots.external_qty(SIM, MES) == 0
    await later.close()


async def test_a_phone_side_close_is_booked_to_the_lot_and_its_exits_go(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316", targets=(("6333", "1"),))
    phone = stage.venue.paper._exchange
    phone._enter(phone._own_order(SIM, MES, -2, stage.clock.now()))
    stage.venue.paper._keep_changes()
    await stage.run(3)
    assert stage.lot().is_flat
    assert stage.lot().assumed
    assert await stage.position() == 0
    assert not stage.core.blotter.open_orders()
    await stage.close()


async def test_a_lost_link_stops_entries_and_a_returned_one_reconciles(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    stage.venue.paper._ledger_failed(StoreFailed("the disk is gone"))
    assert stage.core.accounts.state(SIM).trading_state is TradingState.RECONCILING
    refused = await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    assert stage.order(refused.cl_ord_id).ord_status is OrdStatus.DENIED
    assert not stage.venue.placed
    await stage.run(20)
    assert stage.core.accounts.state(SIM).trading_state is TradingState.ACTIVE
    await stage.quote("6326.00", "6326.25")
    taken = await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    assert stage.order(taken.cl_ord_id).ord_status is OrdStatus.FILLED
    await stage.close()


async def test_the_sentinel_notices_a_stop_that_the_broker_dropped_and_places_it_again(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    restored: list[ProtectionRestored] = []
    stage.bus.subscribe(ProtectionRestored, restored.append)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    stop = stage.exits(OrderRole.STOP)[0]
    await stage.venue.paper.cancel(SIM, stop.cl_ord_id)
    await stage.run(3)
    assert [again.leaves_qty for again in stage.exits(OrderRole.STOP)] == [2]
    assert stage.exits(OrderRole.STOP)[0].cl_ord_id != stop.cl_ord_id
    await stage.close()


async def test_a_lot_that_gets_no_stop_is_flattened_within_its_time(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    stage.venue.lose_before[OrderRole.STOP] = 9
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    await stage.run(20)
    assert stage.lot().is_flat
    assert await stage.position() == 0
    assert stage.lost
    await stage.close()


async def test_an_owners_failure_halts_every_account_and_says_so(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)

    def fail(fact: Notice) -> None:
        raise RuntimeError("a planted fault")

    stage.bus.subscribe(Notice, fail, owns_state=True)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    assert stage.core.accounts.state(SIM).trading_state is TradingState.HALTED
    assert "planted fault" in stage.core.accounts.state(SIM).reason
    assert sum(stop.leaves_qty for stop in stage.exits(OrderRole.STOP)) == 1
    assert stage.lot().realized_pnl == 0
    await stage.close()
