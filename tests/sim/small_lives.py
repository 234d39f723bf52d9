"""Lives that only write one kind of file: a migration, a backup, the config and the vault."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.sim.kill_points import POINTS, Bomb
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.keeper import SqliteKeeper
from tradestream_gui.adapters.storage.store import Store
from tradestream_gui.upkeep.backup import Backups

NOON = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
OLD, NEW = b"old" * 1000, b"new" * 1000


def migrate(task: dict[str, Any]) -> None:
    """Makes a new database, killed at one of its statements."""
    POINTS[task["point"]](Bomb(task["count"]))
    Store.open(Path(task["folder"]) / "paper.db", Danger.PAPER, lambda: NOON, lambda: "AAAA").close()


def back_up(task: dict[str, Any]) -> None:
    folder = Path(task["folder"])
    Store.open(folder / "paper.db", Danger.PAPER, lambda: NOON, lambda: "AAAA").close()
    backups = Backups(folder / "paper.db", folder / "backups", SqliteKeeper(lambda: "BBBB"), write=write_atomically)
    backups.take(NOON, "first")
    POINTS[task["point"]](Bomb(task["count"]))
    backups.take(NOON.replace(hour=18), "second")


def replace_files(task: dict[str, Any]) -> None:
    folder = Path(task["folder"])
    for name in ("config.yaml", "secrets.vault"):
        write_atomically(folder / name, OLD)
    POINTS[task["point"]](Bomb(task["count"]))
    for name in ("config.yaml", "secrets.vault"):
        write_atomically(folder / name, NEW)


LIVES: dict[str, Callable[[dict[str, Any]], None]] = {
    "migration": migrate, "backup": back_up, "files": replace_files,
}  # fmt: skip
