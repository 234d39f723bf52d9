"""One file for a whole profile: databases, their manifests and the settings; made by `backup`, read by `restore`.

Secrets are never in it. What comes in is judged before anything is touched: only known members, no paths, no links,
bounded sizes, checksums equal.
"""

import os
import shutil
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.ports.backup import DatabaseKeeper
from tradestream_gui.upkeep.backup import Backups, restore

CONFIG = "config.yaml"
MAX_BYTES = 20_000_000_000
"""Unpacked; a database of ten busy years stays below it."""


@dataclass(frozen=True, slots=True)
class ProfileDatabase:
    """One database of a profile, present or not. `danger` is what its accounts put at stake, as its facts say it."""

    path: Path
    keeper: DatabaseKeeper
    danger: str

    @property
    def members(self) -> tuple[str, str]:
        """Its names in an archive: the database and its manifest."""
        return self.path.name, f"{self.path.stem}.json"


def write_archive(
    target: Path,
    databases: Sequence[ProfileDatabase],
    config: Path,
    at: datetime,
    *,
    write: Callable[[Path, bytes], None],
) -> tuple[str, ...]:
    """Backs up the databases that exist into one file and answers its members; raises StoreFailed.

    The databases may be in use. The file appears whole or not at all.
    """
    present = [database for database in databases if database.path.is_file()]
    if not present:
        raise StoreFailed("there is no database to back up yet")
    scratch = target.with_name(f".{target.name}.parts")
    partial = target.with_name(f".{target.name}.part")
    try:
        files = [*_taken(present, scratch, at, write), *([(config, CONFIG)] if config.is_file() else [])]
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
            for path, name in files:
                archive.write(path, name)
        os.chmod(partial, 0o600)
        os.replace(partial, target)
    except OSError as error:
        raise StoreFailed(f"{target.name} could not be written: {error}") from error
    finally:
        partial.unlink(missing_ok=True)
        shutil.rmtree(scratch, ignore_errors=True)
    return tuple(name for _, name in files)


def restore_archive(
    archive_file: Path,
    databases: Sequence[ProfileDatabase],
    at: datetime,
    *,
    write: Callable[[Path, bytes], None],
) -> tuple[Path, ...]:
    """Puts the archive's databases in place and answers those that were moved aside.

    All are examined before the first is put in place. The settings are left alone: `settings_in` gives them, to be
    looked at and confirmed. Raises StoreFailed and StoreTooNew.
    """
    scratch = databases[0].path.with_name(f".{archive_file.name}.restoring")
    try:
        found = _unpacked(archive_file, scratch, databases)
        for database in found:
            facts = database.keeper.examine(scratch / database.path.name)
            named = f"{database.path.name} in {archive_file.name}"
            if facts.problem:
                raise StoreFailed(f"{named}: {facts.problem}. Nothing was changed.")
            if facts.danger != database.danger:
                raise StoreFailed(f"{named} holds accounts of the other kind. Nothing was changed.")
        moved = [
            restore(scratch / database.path.name, database.path, database.keeper, at, write=write) for database in found
        ]
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return tuple(path for path in moved if path is not None)


def settings_in(archive_file: Path) -> str | None:
    """The text of the settings in an archive; None when it has none."""
    with _opened(archive_file) as archive:
        return archive.read(CONFIG).decode("utf-8", "replace") if CONFIG in archive.namelist() else None


def _taken(
    databases: Sequence[ProfileDatabase], scratch: Path, at: datetime, write: Callable[[Path, bytes], None]
) -> list[tuple[Path, str]]:
    files = []
    for database in databases:
        kept = Backups(database.path, scratch, database.keeper, write=write).take(at, "archive")
        files += list(zip((kept.path, kept.path.with_suffix(".json")), database.members, strict=True))
    return files


def _unpacked(archive_file: Path, scratch: Path, databases: Sequence[ProfileDatabase]) -> list[ProfileDatabase]:
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700, parents=True)
    with _opened(archive_file) as archive:
        _refuse_strangers(archive, archive_file.name, databases)
        for info in archive.infolist():
            with archive.open(info) as source, (scratch / info.filename).open("wb") as target:
                shutil.copyfileobj(source, target)
        found = [database for database in databases if database.path.name in archive.namelist()]
    if not found:
        raise StoreFailed(f"{archive_file.name} holds no database of TradeStream")
    return found


def _opened(archive_file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(archive_file)
    except (OSError, zipfile.BadZipFile) as error:
        raise StoreFailed(f"{archive_file.name} is no backup of TradeStream: {error}") from error


def _refuse_strangers(archive: zipfile.ZipFile, name: str, databases: Sequence[ProfileDatabase]) -> None:
    """Raises StoreFailed unless all members are ours, each there once, and of a bearable size together."""
    ours = {CONFIG, *(member for database in databases for member in database.members)}
    names = archive.namelist()
    strange = sorted(set(names) - ours)
    if strange or len(names) != len(set(names)):
        raise StoreFailed(f"{name} is no backup of TradeStream: it holds {(strange or names)[0]!r}")
    if sum(info.file_size for info in archive.infolist()) > MAX_BYTES:
        raise StoreFailed(f"{name} would unpack to more than {MAX_BYTES // 1_000_000_000} GB")
