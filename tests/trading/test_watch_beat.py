"""Looks by the second are left out while nothing is at stake, and none is once something is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.trading.stage import SIM, open_stage
from tradestream_gui.adapters.runtime.clock import VirtualClock, WorkCounter
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.events import BalanceChanged, SessionClosed
from tradestream_gui.domain.orders import Side
from tradestream_gui.trading.watch_beat import WatchBeat
from tradestream_gui.upkeep.settings.fields import plain

START = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
STIR = SessionClosed(START)


class Watch:
    """Looks each second by the beat; `is_busy` puts something at stake."""

    def __init__(self) -> None:
        self.clock, self.bus, self.is_busy = VirtualClock(START, WorkCounter()), EventBus(lambda *_: None), False
        self.looks: list[float] = []
        self._beat = WatchBeat(
            bus=self.bus, clock=self.clock, is_at_stake=lambda: self.is_busy, stirring=(SessionClosed,)
        )

    async def look(self) -> None:
        while True:
            await self._beat.next(1.0)
            self.looks.append(self.clock.monotonic())

    async def run(self, seconds: float) -> None:
        await self.clock.run_until(self.clock.now() + timedelta(seconds=seconds))


@asynccontextmanager
async def watching() -> AsyncIterator[Watch]:
    watch = Watch()
    task = asyncio.ensure_future(watch.look())
    yield watch
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_with_nothing_at_stake_one_look_of_five_is_taken() -> None:
    async with watching() as watch:
        await watch.run(14)
        assert watch.looks == [5.0, 10.0]


async def test_at_stake_each_second_is_looked_at() -> None:
    async with watching() as watch:
        watch.is_busy = True
        watch.bus.publish(STIR)
        await watch.run(4.5)
        assert watch.looks == [1.0, 2.0, 3.0, 4.0]
        watch.is_busy = False
        await watch.run(10)
        assert watch.looks[4:] == [5.0, 10.0], "the last of them had begun"


async def test_a_fact_ends_the_rest_at_the_next_second_for_all_who_wait() -> None:
    async with watching() as watch:
        other = asyncio.ensure_future(watch.look())
        await watch.run(7.25)
        watch.bus.publish(STIR)
        await watch.run(2)
        assert watch.looks == [5.0, 5.0, 8.0, 8.0], "nothing came to be at stake: they rest again"
        other.cancel()
        await asyncio.gather(other, return_exceptions=True)


async def test_a_limit_tightened_below_what_a_flat_account_has_lost_locks_it_in_the_next_second(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    entry = await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    await stage.quote("6315.00", "6315.25")
    await stage.run(3)
    assert not stage.core.lots.open_lots(), f"{entry.cl_ord_id} was stopped out"
    await stage.run(90)
    settings = stage.core.settings
    rows = plain(settings.current)["accounts"]
    rows[0]["limits"]["daily_loss_limit"] = "50"
    await settings.apply(settings.propose({"accounts": rows}), confirmed=True)
    await stage.run(2)
    assert stage.core.accounts.state(SIM).trading_state is TradingState.LOCKED
    await stage.close()


async def test_a_balance_that_is_told_again_as_it_was_is_told_to_nobody(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    told: list[BalanceChanged] = []
    stage.core.bus.subscribe(BalanceChanged, told.append)
    await stage.run(60)
    assert not told
    balance = stage.core.accounts.balance(SIM)
    assert balance is not None
    assert (stage.clock.now() - balance.at).total_seconds() < 15, "it is asked for all the same"
    stage.core.accounts.on_balance(replace(balance, cash=balance.cash - 1))
    assert [fact.balance.cash for fact in told] == [balance.cash - 1]
    await stage.close()
