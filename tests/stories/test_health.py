"""The health of a running core: what it shows when all is well, and what it says when a part breaks."""

from pathlib import Path

from tests.trading.stage import SIM, open_stage
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.broker_names import broker_name
from tradestream_gui.domain.orders import OrderRole, Side
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.upkeep.health import Level, Reading


def found(readings: tuple[Reading, ...]) -> dict[tuple[str, str], Reading]:
    return {(reading.component, reading.name): reading for reading in readings}


async def test_a_core_that_runs_well_has_no_warning(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    await stage.run(2)
    checkup = stage.core.health.look()
    assert [reading for reading in checkup.readings if reading.level > Level.OK] == []
    assert checkup.score == 100
    assert found(checkup.readings)["Storage", "Last commit"].level is Level.OK
    await stage.close()


async def test_a_halted_account_is_a_danger_with_its_reason(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    stage.core.accounts.set_state(SIM, TradingState.HALTED, "the day's feed is not to be trusted")
    reading = found(stage.core.health.look().readings)["Trading", "Account Sim"]
    assert (reading.level, reading.advice) == (Level.DANGER, "the day's feed is not to be trusted")
    await stage.close()


async def test_a_link_that_is_down_is_a_danger(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    stage.core.order_desk.on_link(stage.venue.name, LinkState.DOWN, "the cable is out")
    reading = found(stage.core.health.look().readings)["Trading", f"Link to {broker_name(stage.venue.name)}"]
    assert (reading.value, reading.level) == ("down", Level.DANGER)
    await stage.close()


async def test_an_order_whose_answer_was_lost_is_a_danger_until_it_is_known(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    stage.venue.lose_before[OrderRole.ENTRY] = 1
    stage.venue.is_deaf = True
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    name = ("Trading", "Orders without an answer")
    assert found(stage.core.health.look().readings)[name].value == "1"
    stage.venue.is_deaf = False
    await stage.run(60)
    assert found(stage.core.health.look().readings)[name].level is Level.OK
    await stage.close()


async def test_the_day_is_looked_at_each_minute(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    before = len(stage.core.health.history)
    await stage.run(180)
    assert len(stage.core.health.history) - before == 3
    await stage.close()
