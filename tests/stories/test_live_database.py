"""A live.db that cannot be used: live is refused in words, the file stays as it is, and paper goes on."""

import asyncio
import shutil
import socket
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.stories.live_life import CODE, LIVE, SENTENCE, SIM, LiveLife, living, serving, settings_for
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.storage.offline import read_state
from tradestream_gui.cli import DEMO_SEED, Launch, main
from tradestream_gui.doctor import State, examine
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.orders import OrdStatus
from tradestream_gui.paths import Paths
from tradestream_gui.startup import open_profile
from tradestream_gui.upkeep.settings.file import render


def damage(live: Path) -> None:
    with live.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 8192)


def outdate(live: Path) -> None:
    with closing(sqlite3.connect(live)) as file:
        file.execute("UPDATE alembic_version SET version_num='9999'")
        file.commit()


def lose(live: Path) -> None:
    for path in live.parent.glob("live.db*"):
        path.unlink()


async def once(folder: Path) -> Paths:
    """A profile that has had a live.db."""
    async with living(folder) as life:
        await life.compared()
        return life.paths


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (damage, "live.db cannot be "),
        (outdate, "live.db was written by a newer TradeStream (revision 9999"),
        (lose, "live.db is missing, though this profile has one"),
    ],
    ids=["damaged", "newer", "missing"],
)
async def test_spoiled_live_database_refuses_live_alone_and_is_left_as_it_is(
    tmp_path: Path, spoil: object, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = await once(tmp_path)
    assert callable(spoil)
    spoil(paths.live_db)
    before = paths.live_db.read_bytes() if paths.live_db.exists() else None
    (finding,) = [one for one in examine(paths) if one.subject == "live.db"]
    assert finding.state is State.FAILED
    assert words in finding.detail
    assert await asyncio.to_thread(main, ["--data-dir", str(tmp_path), "verify-audit"]) == 1
    async with living(tmp_path) as life:
        await life.until(
            lambda: life.core.accounts.state(SIM).trading_state is TradingState.ACTIVE, "the simulator is open"
        )
        state = life.core.accounts.state(LIVE)
        assert state.trading_state is TradingState.HALTED
        assert state.reason.startswith(f"{CODE} is a LIVE account and is not connected: {words}")
        assert any(words in notice.words for notice in life.notices)
        assert life.server.sessions == []
        (reading,) = [one for one in life.core.health.look().readings if one.name == "live.db"]
        assert (reading.value, reading.advice.startswith(words)) == ("refused", True)
        assert life.core.entry_lock.open(LIVE, SENTENCE) == state.reason
        refused = await life.enter(LIVE)
        assert (refused.order.ord_status, refused.decision.code) == (OrdStatus.DENIED, "TRADING_HALTED")
        life.hear("ES long 6326: B\nStop: 6316", 1)
        key = MessageKey("test:futures:m1")
        await life.until(lambda: life.core.alerts.decision(key), "the alert is decided")
        life.core.kill.kill("KILL pressed")
        assert life.core.accounts.state(SIM).trading_state is TradingState.LOCKED
        life.core.accounts.release(SIM, "resumed by hand")
        assert life.core.accounts.state(SIM).trading_state is TradingState.ACTIVE
        assert life.core.accounts.state(LIVE) == state
    kept = read_state(paths.paper_db)
    assert not [order for order in kept.orders if order.account_id == LIVE]
    (decision,) = [one for one in kept.decisions if one.outcome is not Outcome.IGNORED]
    assert (decision.outcome in (Outcome.HELD, Outcome.REFUSED), decision.account_id) == (True, None)
    after = paths.live_db.read_bytes() if paths.live_db.exists() else None
    assert after == before
    capsys.readouterr()


async def test_live_database_in_a_cloud_folder_is_refused_and_paper_is_not(tmp_path: Path) -> None:
    async with living(tmp_path / "Dropbox") as life:
        assert "the cloud folder “Dropbox”" in life.core.accounts.state(LIVE).reason
        await life.until(
            lambda: life.core.accounts.state(SIM).trading_state is TradingState.ACTIVE, "the simulator is open"
        )
        assert not life.paths.live_db.exists()


async def test_full_disk_under_live_db_halts_live_and_leaves_the_simulator_open(tmp_path: Path) -> None:
    async with living(tmp_path) as life:
        await life.unlocked()
        live = life.storage.live
        assert live is not None
        await life.storage.journal.flush()
        await live._on_thread(lambda: _fill_up(live._store.connection))
        for number in range(200):
            if life.core.accounts.state(LIVE).trading_state is not TradingState.ACTIVE:
                break
            life.core.accounts.set_state(LIVE, TradingState.ACTIVE, f"{number} {'of many words ' * 200}")
            with suppress(StoreFailed):
                await life.storage.journal.flush()
        result = await life.enter(LIVE, limit="6300.00", stop="6290")
        assert result.order.ord_status is OrdStatus.DENIED
        assert "live.db could not be written" in result.order.reason
        taken = life.server.orders_taken()
        assert life.core.accounts.state(LIVE).trading_state is TradingState.HALTED
        assert life.core.accounts.state(SIM).trading_state is TradingState.ACTIVE
        assert life.server.orders_taken() == taken
        await live._on_thread(lambda: _make_room(live._store.connection))


def _fill_up(connection: object) -> None:
    run = connection.exec_driver_sql  # type: ignore[attr-defined]  # the journal's own connection
    pages = run("PRAGMA page_count").scalar()
    run(f"PRAGMA max_page_count={pages}")
    connection.rollback()  # type: ignore[attr-defined]  # as above


def _make_room(connection: object) -> None:
    connection.exec_driver_sql("PRAGMA max_page_count=1000000")  # type: ignore[attr-defined]  # as above
    connection.rollback()  # type: ignore[attr-defined]  # as above


async def test_live_db_of_another_profile_put_in_place_of_paper_db_is_refused(tmp_path: Path) -> None:
    paths = await once(tmp_path)
    shutil.copyfile(paths.live_db, paths.paper_db)
    server, clock = await serving()
    try:
        with pytest.raises(StoreFailed, match=r"paper\.db was made for LIVE accounts and stays so"):
            await LiveLife(tmp_path, server, clock).open()
    finally:
        await server.stop()


async def test_opened_profile_backs_up_both_databases_and_no_flag_opens_entries(tmp_path: Path) -> None:
    paths = Paths.for_profile("default", data_dir=tmp_path)
    paths.create()
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    write_atomically(paths.config_file, render(settings_for(port)).encode())
    launch = Launch(
        profile="default", data_dir=tmp_path, config=None, theme=None, safe_mode=False, reset_layout=False,
        log_level="INFO", demo=False, resume=False, speed=1.0, seed=DEMO_SEED, seconds=None, offscreen_report=None,
    )  # fmt: skip
    for _ in range(2):
        opened = await open_profile(launch, paths)
        await opened.start()
        core = opened.running.core
        await asyncio.sleep(0.2)
        state = core.accounts.state(LIVE)
        assert state.trading_state in (TradingState.RECONCILING, TradingState.REDUCING)
        assert "IBKR live is not connected" in core.entry_lock.open(LIVE, SENTENCE)
        assert not core.accounts.may_open(LIVE)
        (reading,) = [one for one in core.health.look().readings if one.name == "live.db"]
        assert reading.value == "open"
        await opened.close()
    kept = sorted(path.name[:6] for path in paths.backups_dir.glob("*.json"))
    assert {"live-2", "paper-"} <= set(kept)
    assert [one.state for one in examine(paths) if one.subject in ("live.db", "paper.db")] == [State.OK, State.OK]
    assert await asyncio.to_thread(main, ["--data-dir", str(tmp_path), "verify-audit"]) == 0
