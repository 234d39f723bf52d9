"""Positions that no execution explains: asked again, then booked as assumed; what is external stays external."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.trading.stage import MES, SIM, Stage, open_stage
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.orders import OrderRole, Side
from tradestream_gui.ports.broker import LinkState


def says(stage: Stage, qty: int) -> None:
    """From now on the broker's list of positions says this of MES, and no execution tells why."""

    async def positions(account_id: AccountId) -> Any:
        real = await stage.venue.paper.positions(account_id)
        others = [one for one in real if one.instrument_id != MES]
        template = next((one for one in real if one.instrument_id == MES), None)
        return (*others, replace(template, signed_qty=qty)) if template and qty else tuple(others)

    stage.venue.positions = positions  # type: ignore[method-assign]  # a broker that has forgotten its executions


async def test_contracts_that_vanish_without_an_execution_are_booked_after_three_answers(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    await stage.run(10)
    says(stage, 1)
    await stage.run(60)
    lot = stage.lot()
    assert (lot.open_qty, lot.assumed, lot.avg_exit) == (1, True, 6326)
    assert stage.core.lots.external_qty(SIM, MES) == 0
    state = stage.core.accounts.state(SIM)
    assert state.trading_state is TradingState.REDUCING
    assert "1 MES" in state.reason
    await stage.run(3)
    assert [stop.leaves_qty for stop in stage.exits(OrderRole.STOP)] == [1]
    stage.core.accounts.release(SIM, "looked at")
    says(stage, 0)
    await stage.run(60)
    assert stage.lot().is_flat
    assert stage.core.accounts.state(SIM).trading_state is TradingState.HALTED
    assert not stage.core.blotter.open_orders()
    await stage.close()


async def test_an_assumed_close_is_kept_over_a_restart_and_booked_once(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    says(stage, 1)
    await stage.run(60)
    assert stage.lot().open_qty == 1
    later = await stage.killed()
    says(later, 1)
    await later.run(60)
    assert (later.lot().open_qty, later.lot().assumed) == (1, True)
    assert later.core.accounts.state(SIM).trading_state is TradingState.REDUCING
    fills = (await later.journal.load()).fills
    assert [fill.last_qty for fill in fills if fill.exec_id.startswith("assumed:")] == [1]
    await later.close()


async def test_a_position_list_that_lags_changes_nothing(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    await stage.run(10)
    says(stage, 0)
    await stage.run(19)
    says(stage, 2)
    await stage.run(60)
    assert stage.lot().open_qty == 2
    assert not stage.lot().assumed
    assert stage.core.accounts.state(SIM).trading_state is TradingState.ACTIVE
    await stage.close()


async def test_what_was_opened_elsewhere_and_closed_elsewhere_leaves_our_lot_alone(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    await stage.run(10)
    for there, external in ((5, 3), (3, 1), (2, 0)):
        says(stage, there)
        await stage.run(32)
        assert stage.core.lots.external_qty(SIM, MES) == external
        assert stage.lot().open_qty == 2
    assert stage.core.accounts.state(SIM).trading_state is TradingState.ACTIVE
    await stage.close()


async def test_a_locked_account_is_compared_as_soon_as_the_link_is_back(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    await stage.run(31)
    stage.core.kill.kill("by hand")
    await stage.run(1)
    says(stage, 3)
    stage.core.order_desk.on_link(stage.venue.name, LinkState.DOWN, "cut")
    stage.core.order_desk.on_link(stage.venue.name, LinkState.UP, "back")
    await stage.run(12)
    assert stage.core.lots.external_qty(SIM, MES) == 1
    assert stage.core.accounts.state(SIM).trading_state is TradingState.LOCKED
    await stage.close()
