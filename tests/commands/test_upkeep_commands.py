"""`backup`, `restore`, `verify-audit` and `export` on a real profile folder, with their exit codes."""

import asyncio
import csv
import json
import shutil
import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from tests.commands.test_messages_day import played, write
from tradestream_gui.adapters.storage.offline import read_state
from tradestream_gui.cli import main
from tradestream_gui.instance import instance_lock
from tradestream_gui.paths import Paths

PROFILE = "demo-messages"


@pytest.fixture(scope="module")
def traded_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a profile in which something was traded; a test that changes it copies it first."""
    folder = tmp_path_factory.mktemp("traded")
    asyncio.run(played(write(folder), folder / "home"))
    return folder / "home"


@pytest.fixture
def home(traded_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(traded_home, tmp_path / "home"))


def run(home: Path, *words: str, profile: str = PROFILE) -> int:
    return main(["--profile", profile, "--data-dir", str(home), *words])


def database(home: Path) -> Path:
    return Paths.for_profile(PROFILE, data_dir=home).paper_db


def executions(exchange: Path) -> list[tuple[str, int, str]]:
    """What the simulated exchange has done, as its own ledger says."""
    with closing(sqlite3.connect(exchange)) as ledger:
        return ledger.execute("SELECT exec_id, last_qty, last_px FROM paper_executions ORDER BY exec_id").fetchall()


def test_what_is_backed_up_comes_back_after_a_loss(home: Path, tmp_path: Path) -> None:
    before = read_state(database(home))
    exchange = Paths.for_profile(PROFILE, data_dir=home).simulator_db
    held = executions(exchange)
    assert held
    kept = tmp_path / "kept.tsbackup"
    assert run(home, "backup", str(kept)) == 0
    for lost in (database(home), exchange):
        lost.unlink()
    assert run(home, "restore", str(kept)) == 0
    assert executions(exchange) == held
    after = read_state(database(home))
    assert after.fills
    assert (after.fills, after.orders, after.decisions) == (
        before.fills,
        before.orders,
        before.decisions,
    )
    assert run(home, "verify-audit") == 0


def test_a_restore_keeps_what_was_there_and_does_not_put_settings_in_place(home: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.tsbackup"
    assert run(home, "backup", str(kept)) == 0
    config = Paths.for_profile(PROFILE, data_dir=home).config_file
    config.write_text(config.read_text() + "# mine\n")
    assert run(home, "restore", str(kept)) == 0
    assert config.read_text().endswith("# mine\n")
    assert config.with_name("config.from-backup.yaml").is_file()
    assert list(database(home).parent.glob("paper-before-restore-*.db"))


def test_a_file_that_is_no_backup_changes_nothing(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.tsbackup"
    bad.write_text("not a backup")
    before = database(home).read_bytes()
    assert run(home, "restore", str(bad)) == 1
    assert "bad.tsbackup is no backup of TradeStream" in capsys.readouterr().err
    assert database(home).read_bytes() == before


def test_an_untouched_chain_is_intact_and_a_changed_fill_is_found(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(home, "verify-audit") == 0
    assert "paper.db: intact" in capsys.readouterr().out
    with closing(sqlite3.connect(database(home))) as connection, connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE fills SET last_px='1' WHERE seq=(SELECT min(seq) FROM fills)")
    assert run(home, "verify-audit") == 1
    assert "TAMPERED" in capsys.readouterr().out


def test_nothing_to_verify_is_no_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "verify-audit", profile="empty") == 1
    assert "no database yet" in capsys.readouterr().err


def test_exported_fills_are_those_of_the_database(home: Path, tmp_path: Path) -> None:
    assert run(home, "export", "fills", str(tmp_path / "fills.csv")) == 0
    with (tmp_path / "fills.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    stored = read_state(database(home)).fills
    assert [row["exec_id"] for row in rows] == [fill.exec_id for fill in stored]
    assert [Decimal(row["last_px"]) for row in rows] == [fill.last_px for fill in stored]


def test_exported_trades_add_up_to_the_fills(home: Path, tmp_path: Path) -> None:
    assert run(home, "export", "trades", str(tmp_path / "trades.csv")) == 0
    with (tmp_path / "trades.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert all(Decimal(row["gross"]) - Decimal(row["commission"]) == Decimal(row["net"]) for row in rows)
    closed = {row["lot_id"] for row in rows}
    paid = sum(fill.commission for fill in read_state(database(home)).fills if fill.lot_id in closed)
    assert sum(Decimal(row["commission"]) for row in rows) == paid


@pytest.mark.parametrize("words", [("backup", "x"), ("restore", "x"), ("verify-audit",), ("export", "fills", "x")])
def test_a_running_tradestream_keeps_its_profile(
    home: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    lock = instance_lock(Paths.for_profile(PROFILE, data_dir=home))
    assert lock.acquire()
    try:
        assert run(home, *words) == 4
    finally:
        asyncio.run(lock.close())
    assert "already running" in capsys.readouterr().err


def test_a_target_that_cannot_be_written_is_said(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "file").write_text("")
    assert run(home, "export", "fills", str(home / "file" / "fills.csv")) == 1
    assert "tradestream export" in capsys.readouterr().err


def test_doctor_looks_at_the_profile_that_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(home, "doctor", "--json")
    assert str(home) in json.dumps(json.loads(capsys.readouterr().out))


def test_exported_messages_and_orders_are_the_whole_history(home: Path, tmp_path: Path) -> None:
    stored = read_state(database(home))
    kept = tmp_path / "messages.csv"
    assert run(home, "export", "messages", str(kept)) == 0
    with kept.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["message_key"], int(row["revision"])) for row in rows] == [
        (one.message_key, one.revision) for one in stored.messages
    ]
    traded = [row for row in rows if row["outcome"] == "traded"]
    assert traded
    assert all(row["orders"] for row in traded)
    assert run(home, "export", "messages", str(kept), "--words", traded[0]["text"].split()[0]) == 0
    with kept.open(newline="", encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert 0 < len(found) <= len(rows)
    assert run(home, "export", "orders", str(kept)) == 0
    with kept.open(newline="", encoding="utf-8") as file:
        last = {row["cl_ord_id"]: row["ord_status"] for row in csv.DictReader(file)}
    assert last == {order.cl_ord_id: order.ord_status.value for order in stored.orders}
