"""A lock that ends with the day ends nothing that a person has to look at, in whichever order the two come."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.trading.stage import SIM, WIDE, Stage, open_stage
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.orders import OrdStatus, Side
from tradestream_gui.ports.broker import LinkState

AFTERNOON = datetime(2026, 11, 19, 20, 0, tzinfo=UTC)
NEXT_DAY = datetime(2026, 11, 19, 23, 0, tzinfo=UTC)
LOSS = {**WIDE, "daily_loss_limit": "130"}
BLOCK = {**LOSS, "daily_loss_action": "block entries only"}
HALT = (TradingState.HALTED, "another TradeStream is trading this account")
SENTENCE = (TradingState.REDUCING, "entries need the sentence again")
KILL = (TradingState.LOCKED, "killed by hand")


async def lose(stage: Stage) -> None:
    """Runs into the daily loss limit."""
    await stage.enter(Side.BUY, 2, limit="6328")
    await stage.quote("6312.00", "6312.25")
    await stage.run(3)


def told(stage: Stage) -> tuple[TradingState, datetime | None, str]:
    state = stage.core.accounts.state(SIM)
    return state.trading_state, state.locked_until, state.reason


@dataclass(frozen=True, slots=True)
class Lost:
    """A lost day and what came on top of it: its reason, whether it came first, and whether the program was killed."""

    reason: tuple[TradingState, str]
    is_first: bool
    restarts: bool

    async def lived(self, folder: Path) -> Stage:
        stage = await open_stage(folder, limits=LOSS, start=AFTERNOON)
        await stage.enter(Side.BUY, 2, limit="6328")
        if self.is_first:
            stage.core.accounts.set_state(SIM, *self.reason)
        await stage.quote("6312.00", "6312.25")
        await stage.run(3)
        assert told(stage)[0] is TradingState.LOCKED
        await stage.quote("6340.00", "6340.25")
        if not self.is_first:
            assert told(stage)[1] == NEXT_DAY
            stage.core.accounts.set_state(SIM, *self.reason)
        assert told(stage)[:2] == (TradingState.LOCKED, None)
        return await stage.killed() if self.restarts else stage


LOST = {
    f"{word}, {'before' if is_first else 'during'} the lock{', over a restart' if restarts else ''}": Lost(
        reason, is_first, restarts
    )
    for word, reason in (("halted", HALT), ("sentence", SENTENCE), ("killed", KILL))
    for is_first in (True, False)
    for restarts in (False, True)
}


@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
async def test_the_end_of_the_day_opens_nothing_that_waits_for_a_person(tmp_path: Path, lost: Lost) -> None:
    stage = await lost.lived(tmp_path)
    await stage.clock.leap_to(NEXT_DAY + timedelta(seconds=5))
    await stage.run(5)
    assert told(stage)[:2] == (TradingState.LOCKED, None)
    await stage.close()


async def test_a_lock_that_lost_its_end_says_both_reasons(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, limits=LOSS, start=AFTERNOON)
    await lose(stage)
    stage.core.accounts.set_state(SIM, *HALT)
    words = told(stage)[2]
    assert words.startswith("daily loss")
    assert words.endswith(HALT[1])
    await stage.clock.leap_to(NEXT_DAY)
    stage.core.accounts.release(SIM, "resumed by hand")
    assert told(stage)[0] is TradingState.ACTIVE
    await stage.close()


@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
async def test_a_person_ends_what_came_on_top_of_a_lost_day_and_not_the_lost_day(tmp_path: Path, lost: Lost) -> None:
    stage = await lost.lived(tmp_path)
    answer = stage.core.entry_lock.open(SIM, "")
    assert answer.startswith("entries wait for the end of the account's day: daily loss")
    assert told(stage)[:2] == (TradingState.LOCKED, NEXT_DAY)
    await stage.clock.leap_to(NEXT_DAY + timedelta(seconds=5))
    await stage.run(5)
    assert told(stage)[0] is TradingState.ACTIVE
    await stage.close()


async def test_a_locked_account_cancels_in_its_next_life_what_its_last_one_could_not(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    entry = await stage.enter(Side.BUY, 1, limit="6320", stop="6310")
    stage.venue.is_deaf = True
    stage.core.kill.kill("killed by hand")
    later = await stage.killed(after_s=1)
    await later.run(10)
    assert told(later)[0] is TradingState.LOCKED
    assert later.order(entry.cl_ord_id).ord_status is OrdStatus.CANCELED
    assert not await later.venue.open_orders(SIM)
    await later.close()


async def test_a_day_lost_after_a_kill_is_flattened_and_lost(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, limits=LOSS, start=AFTERNOON)
    await stage.enter(Side.BUY, 2, limit="6328")
    stage.core.kill.kill("killed by hand")
    await stage.run(2)
    assert stage.core.lots.open_lots(SIM)
    await lose(stage)
    assert not stage.core.lots.open_lots(SIM)
    stage.core.entry_lock.open(SIM, "")
    assert told(stage)[:2] == (TradingState.LOCKED, NEXT_DAY)
    await stage.close()


async def test_comparing_with_the_broker_leaves_the_end_of_a_lock_alone(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, limits=LOSS, start=AFTERNOON)
    await lose(stage)
    later = await stage.killed()
    assert told(later)[:2] == (TradingState.LOCKED, NEXT_DAY)
    await later.close()


async def test_a_halted_account_at_its_loss_limit_is_told_of_once(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, limits=BLOCK, start=AFTERNOON)
    await stage.enter(Side.BUY, 2, limit="6328")
    stage.core.accounts.set_state(SIM, *HALT)
    await stage.quote("6312.00", "6312.25")
    await stage.run(10)
    assert sum(notice.title == "Daily loss limit" for notice in stage.notices) <= 1
    assert told(stage)[0] is TradingState.HALTED
    stage.core.accounts.release(SIM, "resumed by hand")
    await stage.run(2)
    assert told(stage)[:2] == (TradingState.REDUCING, NEXT_DAY)
    await stage.close()


@pytest.mark.parametrize("state", [TradingState.REDUCING, TradingState.LOCKED], ids=["reducing", "locked"])
async def test_an_end_comes_to_no_stop_that_waits_for_a_person(tmp_path: Path, state: TradingState) -> None:
    stage = await open_stage(tmp_path, limits=LOSS, start=AFTERNOON)
    accounts = stage.core.accounts
    accounts.set_state(SIM, TradingState.REDUCING, "the positions differ: look at it, then resume")
    accounts.set_state(SIM, state, "entries are blocked for today", locked_until=NEXT_DAY)
    assert told(stage)[:2] == (state, None)
    await stage.clock.leap_to(NEXT_DAY + timedelta(seconds=5))
    await stage.run(5)
    assert told(stage)[:2] == (state, None)
    await stage.close()


async def test_of_two_locks_with_an_end_the_later_end_holds(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, limits=LOSS, start=AFTERNOON)
    stage.core.accounts.set_state(SIM, TradingState.LOCKED, "a rule of the account", locked_until=NEXT_DAY)
    stage.core.accounts.set_state(SIM, TradingState.LOCKED, "daily loss", locked_until=AFTERNOON)
    assert told(stage)[:2] == (TradingState.LOCKED, NEXT_DAY)
    await stage.close()


async def test_the_end_of_the_day_opens_no_account_that_is_not_compared_yet(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path, limits=LOSS, start=AFTERNOON)
    await lose(stage)
    assert told(stage)[:2] == (TradingState.LOCKED, NEXT_DAY)
    stage.venue.is_deaf = True
    stage.core.order_desk.on_link(stage.venue.name, LinkState.DOWN, "the line is dead")
    await stage.clock.leap_to(NEXT_DAY + timedelta(seconds=1))
    await stage.run(2)
    assert told(stage)[:2] == (TradingState.RECONCILING, None)
    stage.venue.is_deaf = False
    await stage.run(30)
    assert told(stage)[0] is TradingState.ACTIVE
    await stage.close()
