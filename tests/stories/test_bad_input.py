"""What a user may hand the program by mistake or misfortune: it names what is wrong, and harms nothing."""

import asyncio
import hashlib
import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.replay.test_replay_command import ES_ALERTS, ES_WALK, walk, write_messages, write_quotes
from tests.stories.test_demo_day import opened_demo
from tests.stories.test_killed_process import assert_protected, assert_shown_as_held, settled
from tradestream_gui.adapters.storage.offline import read_state
from tradestream_gui.domain.orders import OrderRole
from tradestream_gui.paths import Paths

ROOT = Path(__file__).parents[2]
PROFILE = "mine"
DISK_BYTES = 740 * 1024
"""No file grows beyond: room for the schema, the first trade and little more."""


def tradestream(*words: str, prepare: Callable[[], None] | None = None) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "tradestream_gui", *words],
        cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=60, check=False, preexec_fn=prepare,
    )  # fmt: skip


def headless(home: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return tradestream("--headless", "--seconds", "0", "--profile", PROFILE, "--data-dir", str(home), *more)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The settings that a first start writes."""
    home = tmp_path_factory.mktemp("first")
    ended = headless(home)
    assert ended.returncode == 0, ended.stderr
    return Paths.for_profile(PROFILE, data_dir=home).config_file.read_text()


def line_of(text: str, key: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.strip().startswith(f"{key}:"))


def refused_config(home: Path, text: str) -> str:
    """What the program says to this file; it starts nothing and leaves the file as it is."""
    paths = Paths.for_profile(PROFILE, data_dir=home)
    paths.create()
    paths.config_file.write_text(text)
    ended = headless(home)
    assert ended.returncode == 3, ended.stderr
    assert "Traceback" not in ended.stderr
    assert paths.config_file.read_text() == text
    assert not paths.paper_db.exists()
    return ended.stderr


def test_settings_that_are_no_yaml_are_refused_with_file_and_line(config: str, tmp_path: Path) -> None:
    line = line_of(config, "max_order_qty_future")
    said = refused_config(tmp_path, config.replace("max_order_qty_future: ", "max_order_qty_future: 5: ", 1))
    assert f"config.yaml, line {line}: this is not valid YAML" in said


def test_a_value_that_is_not_allowed_is_named_with_file_line_and_key(config: str, tmp_path: Path) -> None:
    line = line_of(config, "max_order_qty_future")
    lines = config.splitlines()
    lines[line - 1] = "  max_order_qty_future: many"
    said = refused_config(tmp_path, "\n".join(lines) + "\n")
    assert f"config.yaml, line {line}: risk.max_order_qty_future: " in said


def test_a_safety_limit_that_is_missing_is_named(config: str, tmp_path: Path) -> None:
    lines = config.splitlines()
    del lines[line_of(config, "max_order_qty_future") - 1]
    said = refused_config(tmp_path, "\n".join(lines) + "\n")
    assert "risk.max_order_qty_future: is missing" in said
    assert f"config.yaml, line {line_of(config, 'risk')}: " in said


def test_a_database_of_a_newer_version_is_refused_and_not_changed(tmp_path: Path) -> None:
    assert headless(tmp_path).returncode == 0
    database = Paths.for_profile(PROFILE, data_dir=tmp_path).paper_db
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num='0099'")
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    ended = headless(tmp_path)
    assert ended.returncode == 1
    assert "paper.db was written by a newer TradeStream (revision 0099" in ended.stderr
    assert str(database) in ended.stderr
    assert "restore a backup" in ended.stderr
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before


@contextmanager
def running(home: Path) -> Iterator[None]:
    """Another TradeStream on the same profile, which has told its first line of status."""
    words = ["--headless", "--profile", PROFILE, "--data-dir", str(home)]
    command = [sys.executable, "-u", "-m", "tradestream_gui", *words]
    with subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, text=True) as first:
        try:
            assert first.stdout is not None
            assert "UTC" in first.stdout.readline()
            yield
            assert first.poll() is None
        finally:
            first.kill()


def test_a_second_instance_on_the_same_data_is_turned_away(tmp_path: Path) -> None:
    with running(tmp_path):
        ended = headless(tmp_path)
        assert ended.returncode == 4
        assert "already running" in ended.stderr
    assert headless(tmp_path).returncode == 0


def no_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (DISK_BYTES, DISK_BYTES))


async def test_a_full_disk_halts_the_account_sends_nothing_unstored_and_keeps_what_was_there(tmp_path: Path) -> None:
    words = ["--demo", "--headless", "--speed", "60", "--seconds", "7", "--data-dir", str(tmp_path)]
    ended = await asyncio.to_thread(tradestream, *words, prepare=no_room)
    assert ended.returncode == 1
    assert "paper.db could not be written" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "HALTED" in ended.stdout
    paths = Paths.for_profile("demo", data_dir=tmp_path)
    stored = read_state(paths.paper_db)
    entries = {order.cl_ord_id for order in stored.orders if order.role is OrderRole.ENTRY}
    with closing(sqlite3.connect(paths.data_dir / "simulator.db")) as broker:
        at_broker = dict(broker.execute("SELECT cl_ord_id, cum_qty FROM paper_orders WHERE role='ENTRY'").fetchall())
    assert at_broker, "the disk was full before anything was traded"
    assert set(at_broker) <= entries
    opened = await opened_demo(tmp_path, resume=True)
    try:
        await settled(opened)
        assert_protected(opened)
        assert_shown_as_held(opened, stored)
        found = {order.cl_ord_id: order.cum_qty for order in opened.running.core.blotter.orders()}
        assert {name: found[name] for name in at_broker} == at_broker
    finally:
        await opened.close()


def test_an_unreadable_row_of_prices_is_named_and_no_report_is_written(tmp_path: Path) -> None:
    rows = walk("ESZ6", ES_WALK)
    time, symbol, _, *rest = rows[3].split(",")
    rows[3] = ",".join([time, symbol, "cheap", *rest])
    quotes = write_quotes(tmp_path, rows)
    report = tmp_path / "report.json"
    messages = write_messages(tmp_path, ES_ALERTS)
    ended = tradestream("replay", "--messages", str(messages), "--quotes", str(quotes), "--report", str(report))
    assert ended.returncode == 1
    assert "quotes.csv" in ended.stderr
    assert "row 4: 'cheap' is not a number" in ended.stderr
    assert not report.exists()
