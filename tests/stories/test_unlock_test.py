"""The unlock test at the loopback TWS when something is against it: each end in exact words, nothing left behind."""

import asyncio
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.servers.tws import TwsServer
from tests.stories.ibkr_life import FridayClock
from tests.stories.live_life import CODE, LIVE, SENTENCE, SIM, LiveLife, living, serving
from tradestream_gui.adapters.runtime.clock import RealClock
from tradestream_gui.cli import main
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.trading import unlock_test
from tradestream_gui.trading.unlock_test import UnlockStage

WHAT = "BUY 1 ES Dec26 at 6199.25"
SUNDAY = datetime(2026, 11, 22, 22, 58, tzinfo=UTC)
OPEN = SUNDAY.replace(hour=23, minute=5)


def to(at: datetime, server: TwsServer, clock: FridayClock) -> None:
    """It is that time now, here and there."""
    clock.offset = at - RealClock().now()
    server.set_clock(clock.offset)


def is_shut(life: LiveLife) -> bool:
    refusal = life.core.entry_lock.open(LIVE, SENTENCE)
    return bool(refusal) and life.core.accounts.state(LIVE).trading_state is TradingState.REDUCING


async def test_refusal_of_the_broker_is_told_in_its_own_words_and_opens_nothing(tmp_path: Path) -> None:
    async with living(tmp_path) as life:
        await life.compared()
        life.server.reject_next(201, "Order rejected - reason:No trading permissions for futures")
        found = await life.tested()
        assert found.stage is UnlockStage.FAILED
        assert found.words.startswith(f"{WHAT}: the broker refused it: ")
        assert "No trading permissions for futures" in found.words
        assert is_shut(life)
        assert (await life.tested()).stage is UnlockStage.PASSED, "it may be run again"


async def test_fill_that_nobody_wanted_fails_the_test_and_is_closed_at_once(tmp_path: Path) -> None:
    async with living(tmp_path) as life:
        await life.compared()
        arrives = asyncio.create_task(life.server.order_arrives())
        await asyncio.sleep(0)
        said = life.core.entry_lock.test.request(LIVE, life.contract())
        assert said == "placing 1 ES Dec26 far below the market, to be cancelled at once"
        assert life.core.entry_lock.test.request(LIVE, life.contract()) == "the test is running"
        await arrives
        life.server.fill(life.server.exchange.orders[-1].perm_id, 1, "6199.25")
        await life.until(
            lambda: life.core.entry_lock.test.result(LIVE).stage is UnlockStage.FAILED, "the test has failed"
        )
        words = life.core.entry_lock.test.result(LIVE).words
        assert words == f"{WHAT}: it was filled at 6199.25 and is being closed at the market"
        await life.until(lambda: life.core.blotter.open_orders(LIVE) or life.held() == 0, "the close is sent")
        for _ in range(20):
            life.prices()
            await asyncio.sleep(0.1)
        await life.until(lambda: life.held() == life.held_there() == 0, "closed")
        assert is_shut(life)


async def test_silence_is_no_answer_and_sends_nothing_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unlock_test, "ANSWER_S", 1.0)
    async with living(tmp_path) as life:
        await life.compared()
        life.server.faults.deaf = True
        found = await life.tested()
        life.server.faults.deaf = False
        advice = "look for it at the broker and cancel it there"
        assert found.words == f"{WHAT}: it did not work within 1 s (SENT): {advice}"
        assert life.server.orders_taken() == 0
        assert is_shut(life)


async def test_what_speaks_against_a_test_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    async with living(tmp_path) as life:
        await life.compared()
        test = life.core.entry_lock.test
        assert test.request(SIM, life.contract()) == "Simulator is a SIMULATOR account and needs no test"
        assert test.request(LIVE, life.contract("MES")) == (
            "there is no fresh price of MES Dec26: put it on the watchlist, or take another contract"
        )
        life.core.kill.kill("KILL pressed")
        assert test.request(LIVE, life.contract()) == "the account is LOCKED: KILL pressed"
        assert "run yet" in life.core.entry_lock.open(LIVE, SENTENCE), "the lock ends, entries stay shut"
        assert life.core.accounts.state(LIVE).trading_state is TradingState.REDUCING
        life.server.trade_by_hand("ESZ6", "BUY", 1)
        es = life.contract().instrument_id
        await life.until(lambda: life.core.lots.external_qty(LIVE, es) == 1, "held from elsewhere")
        assert test.request(LIVE, life.contract()) == (
            "ES Dec26 is held in this account; take a contract in which nothing is open"
        )
        life.server.drop(reset=True)
        await life.until(lambda: not life.core.order_desk.is_linked(LIVE), "the link is down")
        assert life.core.entry_lock.missing(LIVE) == (
            f"IBKR live is not connected, and only its log-in proves what {CODE} is"
        )


async def test_closed_market_queues_the_test_for_its_open(tmp_path: Path) -> None:
    server, clock = await serving()
    to(SUNDAY, server, clock)
    life = await LiveLife(tmp_path, server, clock).open()
    try:
        await life.compared()
        test = life.core.entry_lock.test
        words = "ES Dec26 is closed: the test runs when it opens and the program runs"
        assert test.request(LIVE, life.contract()) == words
        assert test.result(LIVE).stage is UnlockStage.QUEUED
        await asyncio.sleep(0.5)
        assert server.orders_taken() == 0
        to(OPEN, server, clock)
        life.prices()
        await life.until(lambda: test.result(LIVE).stage is UnlockStage.PASSED, "it ran at the open")
    finally:
        await life.close()
        await server.stop()


async def test_queued_test_outlives_the_program_and_runs_at_the_open_once(tmp_path: Path) -> None:
    server, clock = await serving()
    to(SUNDAY, server, clock)
    life = await LiveLife(tmp_path, server, clock).open()
    try:
        await life.compared()
        life.core.entry_lock.test.request(LIVE, life.contract())
        await life.core.journal.flush()
        await life.die()
        to(OPEN, server, clock)
        life = await LiveLife(tmp_path, server, clock).open()
        test = life.core.entry_lock.test
        assert test.result(LIVE).stage is UnlockStage.QUEUED
        await life.compared()
        await life.until(lambda: test.result(LIVE).stage is UnlockStage.PASSED, "it ran at the open")
        assert server.orders_taken() == 1
        assert is_shut(life) is False, "the sentence opens it now"
    finally:
        await life.close()
        await server.stop()


async def test_test_that_was_queued_too_long_ago_or_withdrawn_runs_no_more(tmp_path: Path) -> None:
    server, clock = await serving()
    to(SUNDAY, server, clock)
    life = await LiveLife(tmp_path, server, clock).open()
    try:
        await life.compared()
        life.core.entry_lock.test.request(LIVE, life.contract())
        await life.core.journal.flush()
        await life.die()
        clock.offset += timedelta(days=7)
        server.set_clock(clock.offset)
        life = await LiveLife(tmp_path, server, clock).open()
        assert life.core.entry_lock.test.result(LIVE).stage is UnlockStage.NEVER
        assert "did not run at the open" in life.core.entry_lock.test.result(LIVE).words
        await life.compared()
        life.core.entry_lock.test.request(LIVE, life.contract())
        life.core.entry_lock.test.withdraw(LIVE)
        await life.core.journal.flush()
        await life.die()
        life = await LiveLife(tmp_path, server, clock).open()
        assert life.core.entry_lock.test.result(LIVE).words == "taken out of the queue"
        assert server.orders_taken() == 0
    finally:
        await life.close()
        await server.stop()


async def test_restored_backup_wants_the_test_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with living(tmp_path) as life:
        await life.unlocked()
        folder, port = life.paths.data_dir, life.server.port
    options = ["--data-dir", str(tmp_path)]
    assert await asyncio.to_thread(main, [*options, "backup", str(tmp_path / "kept.tsbackup")]) == 0
    assert await asyncio.to_thread(main, [*options, "restore", str(tmp_path / "kept.tsbackup")]) == 0
    assert await asyncio.to_thread(main, [*options, "verify-audit"]) == 0
    printed = capsys.readouterr().out
    assert "live.db: intact" in printed
    assert list(folder.glob("live-before-restore-*.db"))
    async with living(tmp_path, port) as life:
        await life.compared()
        found = life.core.entry_lock.test.result(LIVE)
        assert found.stage is UnlockStage.NEVER
        assert found.words == "passed before the database was restored or replaced: run it again"
        assert is_shut(life)
        assert (await life.tested()).stage is UnlockStage.PASSED
        assert life.core.entry_lock.open(LIVE, SENTENCE) == ""
        assert life.core.accounts.balance(LIVE).cash == Decimal(500_000)  # type: ignore[union-attr]  # it was compared
