"""The program killed by SIGKILL in the middle of the demo day, twice: it goes on with what the database held."""

import asyncio
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from tests.stories.test_demo_day import opened_demo
from tradestream_gui.adapters.storage.offline import read_state
from tradestream_gui.domain.orders import OrderRole
from tradestream_gui.paths import Paths
from tradestream_gui.ports.journal import StoredState
from tradestream_gui.startup import Opened

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
SETTLED_AFTER = timedelta(seconds=15)
"""An order in doubt is asked about for some seconds before the broker's answers count; its place is taken then."""


def stored_fills(home: Path) -> int:
    """What another process sees of the fills that the running one has committed."""
    database = Paths.for_profile("demo", data_dir=home).paper_db
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM fills").fetchone()[0])
    except sqlite3.OperationalError:
        return 0  # there is no database or no table yet


def run_until_killed(home: Path, fills: int, *more: str) -> None:
    """The program in a process of its own, killed as soon as that many fills are in its database."""
    words = ["--demo", "--headless", "--speed", "60", "--data-dir", str(home), *more]
    command = [sys.executable, "-m", "tradestream_gui", *words]
    with subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.DEVNULL) as child:
        deadline = time.monotonic() + PATIENCE_S
        while stored_fills(home) < fills and child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        ended_before = child.poll()
        child.kill()
    assert ended_before is None, f"the program ended by itself with {ended_before}"
    assert stored_fills(home) >= fills


def state_of(home: Path) -> StoredState:
    return read_state(Paths.for_profile("demo", data_dir=home).paper_db)


def assert_nothing_doubled(opened: Opened, home: Path) -> None:
    stored = state_of(home)
    assert max(Counter(fill.exec_id for fill in stored.fills).values()) == 1
    entries = [order for order in opened.running.core.blotter.orders() if order.role is OrderRole.ENTRY]
    assert max(Counter(order.origin.message_key for order in entries).values()) == 1
    bought = Counter[str]()
    for fill in stored.fills:
        bought[fill.instrument_id] += fill.last_qty * fill.side.sign
    held = Counter[str]()
    for lot in opened.running.core.lots.open_lots():
        held[lot.instrument_id] += lot.open_qty * lot.side.sign
    assert +bought == +held
    assert -bought == -held


def assert_protected(opened: Opened) -> None:
    core = opened.running.core
    for lot in core.lots.open_lots():
        stops = [order for order in core.blotter.exits_of_lot(lot.lot_id, OrderRole.STOP) if order.is_working]
        assert sum(order.leaves_qty for order in stops) == lot.open_qty


def assert_shown_as_held(opened: Opened, held: StoredState) -> None:
    """Each order is there with what it had done; each fill is in its lot."""
    core = opened.running.core
    shown = {order.cl_ord_id: order for order in core.blotter.orders()}
    for order in held.orders:
        now = shown[order.cl_ord_id]
        assert (now.role, now.side, now.origin) == (order.role, order.side, order.origin)
        assert now.cum_qty >= order.cum_qty
        assert now.cum_qty > order.cum_qty or now.avg_px == order.avg_px
    lots = {lot.lot_id: lot for lot in core.lots.lots()}
    for lot_id, entered in _entered(held).items():
        assert lots[lot_id].entry_qty >= entered


def _entered(held: StoredState) -> Counter[str]:
    roles = {order.cl_ord_id: order.role for order in held.orders}
    entered = Counter[str]()
    for fill in held.fills:
        if roles[fill.cl_ord_id] is OrderRole.ENTRY:
            entered[fill.lot_id] += fill.last_qty
    return entered


async def settled(opened: Opened) -> None:
    """Started, and so much of the day gone by that orders whose answer was lost have been asked about."""
    await opened.start()
    await opened.drive(opened.clock.now() + SETTLED_AFTER)


async def check_after_kill(home: Path, copy: Path, held: StoredState) -> None:
    """The resumed profile in a copy of its folder, so that the story itself goes on with what the kill left."""
    await asyncio.to_thread(shutil.copytree, home, copy)
    opened = await opened_demo(copy, resume=True, speed=None)
    try:
        await settled(opened)
        assert_shown_as_held(opened, held)
        assert_protected(opened)
        assert_nothing_doubled(opened, copy)
    finally:
        await opened.close()
    found = state_of(copy)
    assert found.fills[: len(held.fills)] == held.fills
    assert found.messages[: len(held.messages)] == held.messages
    assert found.decisions[: len(held.decisions)] == held.decisions


async def test_a_day_killed_twice_is_taken_up_where_its_database_ends_and_goes_on(tmp_path: Path) -> None:
    home = tmp_path / "home"
    await asyncio.to_thread(run_until_killed, home, 1)
    first = state_of(home)
    await check_after_kill(home, tmp_path / "after-entry", first)
    await asyncio.to_thread(run_until_killed, home, 3, "--resume")
    second = state_of(home)
    assert second.fills[: len(first.fills)] == first.fills
    await check_after_kill(home, tmp_path / "after-exit", second)
    opened = await opened_demo(home, resume=True)
    try:
        await opened.start()
        assert opened.day is not None
        await opened.drive(opened.day.start.replace(minute=42))
        assert_shown_as_held(opened, second)
        assert_protected(opened)
        assert_nothing_doubled(opened, home)
        assert len(opened.running.core.lots.lots()) == 3
    finally:
        await opened.close()
    assert len(state_of(home).fills) > len(second.fills)
