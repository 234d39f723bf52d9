"""One long-lived SQLite connection with the pragmas that make a commit durable, and the checks before its use."""

import sqlite3
from enum import Enum
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

from tradestream_gui.domain.errors import StoreFailed

BUSY_TIMEOUT_MS = 5_000
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # NORMAL may roll acknowledged commits back when the power fails
    "foreign_keys=ON",
    f"busy_timeout={BUSY_TIMEOUT_MS}",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "recursive_triggers=ON",  # else INSERT OR REPLACE would pass the append-only triggers
)
NETWORK_FILESYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.rclone", "davfs"}
)
CLOUD_FOLDERS = ("dropbox", "onedrive", "google drive", "googledrive", "icloud", "mobile documents", "cloudstorage")


class Danger(Enum):
    """What a database's orders put at stake; the letter stands in each of its order ids."""

    PAPER = "P"
    LIVE = "L"


def open_engine(path: Path, *, read_only: bool = False) -> Engine:
    """An engine without a pool whose connections carry our pragmas and begin by taking the write lock."""
    uri = f"{path.resolve().as_uri()}?mode={'ro' if read_only else 'rwc'}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_MS / 1000)

    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)

    def prepare(connection: Any, _record: Any) -> None:
        for pragma in PRAGMAS:
            if not (read_only and pragma.startswith("journal_mode")):
                connection.execute(f"PRAGMA {pragma}").fetchall()

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def driver_of(connection: Connection) -> sqlite3.Connection:
    """SQLite's own connection below SQLAlchemy's: for the rows that an order waits for."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection), "the engine was made by open_engine"
    return driver


def check_quickly(connection: Connection, path: Path) -> None:
    """Raises StoreFailed when SQLite finds a damaged page; the file is left as it is."""
    found = [row[0] for row in connection.exec_driver_sql("PRAGMA quick_check(5)")]
    if found != ["ok"]:
        raise StoreFailed(
            f"{path.name} is damaged ({found[0]}). Nothing was changed. Restore a backup: tradestream restore FILE"
        )


def shared_folder(path: Path, mounts: Path = Path("/proc/mounts")) -> str | None:
    """Words for a network or cloud folder in which a database may be torn by others; None where it is local."""
    resolved = path.resolve()
    for part in resolved.parts:
        if any(part.lower().startswith(name) for name in CLOUD_FOLDERS):
            return f"the cloud folder “{part}”"
    if not mounts.exists():
        return None
    best = ("", "")
    for line in mounts.read_text("utf-8", "replace").splitlines():
        parts = line.split(" ")
        if len(parts) < 3:
            continue
        point = parts[1].replace("\\040", " ")
        if resolved.is_relative_to(point) and len(point) > len(best[0]):
            best = (point, parts[2])
    return f"a network drive ({best[1]})" if best[1] in NETWORK_FILESYSTEMS else None


def refuse_shared_folder(path: Path, danger: Danger, mounts: Path = Path("/proc/mounts")) -> None:
    """Raises StoreFailed for a live database in a folder that other machines may write."""
    where = shared_folder(path, mounts)
    if where is not None and danger is Danger.LIVE:
        raise StoreFailed(
            f"{path.name} lies in {where}, where another machine can damage it. "
            "Choose a folder of this machine with --data-dir."
        )
