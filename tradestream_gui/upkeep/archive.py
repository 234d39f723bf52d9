"""One file for a whole profile: databases, their manifests and the settings; made by `backup`, read by `restore`.

Secrets are never in it. What comes in is judged before anything is touched: only known members, no paths, no links,
bounded sizes, checksums equal.
"""

import os
import shutil
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.ports.backup import DatabaseKeeper
from tradestream_gui.upkeep.backup import Backups, restore

DATABASES = ("paper.db", "live.db")
CONFIG = "config.yaml"
MEMBERS = frozenset({CONFIG, *DATABASES, *(f"{Path(name).stem}.json" for name in DATABASES)})
MAX_BYTES = 20_000_000_000
"""Unpacked; a database of ten busy years stays below it."""


def write_archive(
    target: Path,
    databases: Sequence[Path],
    config: Path,
    keeper: DatabaseKeeper,
    at: datetime,
    *,
    write: Callable[[Path, bytes], None],
) -> tuple[str, ...]:
    """Backs up the databases that exist into one file and answers its members; raises StoreFailed.

    The databases may be in use. The file appears whole or not at all.
    """
    present = [path for path in databases if path.is_file()]
    if not present:
        raise StoreFailed("there is no database to back up yet")
    scratch = target.with_name(f".{target.name}.parts")
    partial = target.with_name(f".{target.name}.part")
    try:
        files = [*_taken(present, scratch, keeper, at, write), *([(config, CONFIG)] if config.is_file() else [])]
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
    data_dir: Path,
    keeper: DatabaseKeeper,
    at: datetime,
    *,
    write: Callable[[Path, bytes], None],
) -> tuple[Path, ...]:
    """Puts the archive's databases in place and answers those that were moved aside.

    All are examined before the first is put in place. The settings are left alone: `settings_in` gives them, to be
    looked at and confirmed. Raises StoreFailed and StoreTooNew.
    """
    scratch = data_dir / f".{archive_file.name}.restoring"
    try:
        names = _unpacked(archive_file, scratch)
        for name in names:
            facts = keeper.examine(scratch / name)
            if facts.problem:
                raise StoreFailed(f"{name} in {archive_file.name}: {facts.problem}. Nothing was changed.")
            if (facts.danger == "L") != (name == "live.db"):
                raise StoreFailed(
                    f"{name} in {archive_file.name} holds accounts of the other kind. Nothing was changed."
                )
        moved = [restore(scratch / name, data_dir / name, keeper, at, write=write) for name in names]
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return tuple(path for path in moved if path is not None)


def settings_in(archive_file: Path) -> str | None:
    """The text of the settings in an archive; None when it has none."""
    with _opened(archive_file) as archive:
        return archive.read(CONFIG).decode("utf-8", "replace") if CONFIG in archive.namelist() else None


def _taken(
    databases: Sequence[Path],
    scratch: Path,
    keeper: DatabaseKeeper,
    at: datetime,
    write: Callable[[Path, bytes], None],
) -> list[tuple[Path, str]]:
    files = []
    for database in databases:
        kept = Backups(database, scratch, keeper, write=write).take(at, "archive")
        files += [(kept.path, database.name), (kept.path.with_suffix(".json"), f"{database.stem}.json")]
    return files


def _unpacked(archive_file: Path, scratch: Path) -> tuple[str, ...]:
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700, parents=True)
    with _opened(archive_file) as archive:
        for info in archive.infolist():
            with archive.open(info) as source, (scratch / info.filename).open("wb") as target:
                shutil.copyfileobj(source, target)
        names = tuple(name for name in DATABASES if name in archive.namelist())
    if not names:
        raise StoreFailed(f"{archive_file.name} holds no database of TradeStream")
    return names


def _opened(archive_file: Path) -> zipfile.ZipFile:
    """The archive when all its members are ours and of a bearable size; raises StoreFailed."""
    try:
        archive = zipfile.ZipFile(archive_file)
    except (OSError, zipfile.BadZipFile) as error:
        raise StoreFailed(f"{archive_file.name} is no backup of TradeStream: {error}") from error
    names = [info.filename for info in archive.infolist()]
    strange = sorted(set(names) - MEMBERS)
    if strange or len(names) != len(set(names)):
        archive.close()
        raise StoreFailed(f"{archive_file.name} is no backup of TradeStream: it holds {(strange or names)[0]!r}")
    if sum(info.file_size for info in archive.infolist()) > MAX_BYTES:
        archive.close()
        raise StoreFailed(f"{archive_file.name} would unpack to more than {MAX_BYTES // 1_000_000_000} GB")
    return archive
