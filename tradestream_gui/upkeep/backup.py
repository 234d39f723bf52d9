"""Backups of one database: taken while it is in use, checked before they count, kept by age, restored with care."""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.ports.backup import DatabaseFacts, DatabaseKeeper

NEVER_BELOW = 3
"""Verified backups that no retention rule removes."""
NAME_TIME = "%Y%m%dT%H%M%S%fZ"
MAX_MANIFEST_BYTES = 100_000
CHUNK_BYTES = 1 << 20
GROWING = ("messages", "decisions", "order_events", "fills", "audit")
"""Tables that only ever grow: a backup with fewer rows than the one before is not of this database."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How many backups stay: the newest ones, and the last of each of so many days and months."""

    recent: int
    daily: int
    monthly: int


@dataclass(frozen=True, slots=True)
class Backup:
    """One verified backup as its manifest describes it."""

    path: Path
    at: datetime
    reason: str
    sha256: str
    revision: str
    danger: str
    audit_head: str
    rows: Mapping[str, int]
    size_bytes: int


class Backups:
    """The backups of one database in one folder. All methods block: they are called on a worker thread.

    Nothing secret is in a database, so nothing secret is in a backup. `write` replaces a small file durably.
    """

    def __init__(
        self,
        database: Path,
        folder: Path,
        keeper: DatabaseKeeper,
        *,
        write: Callable[[Path, bytes], None],
        second_folder: Path | None = None,
    ) -> None:
        self._database = database
        self._folder = folder
        self._keeper = keeper
        self._write = write
        self._second_folder = second_folder

    def take(self, at: datetime, reason: str) -> Backup:
        """Copies, checks and keeps the database; raises StoreFailed, and then no half backup is left."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._refuse_full_disk()
        name = f"{self._database.stem}-{at.strftime(NAME_TIME)}"
        partial = self._folder / f".{name}.part"
        try:
            self._keeper.copy(self._database, partial)
            facts = self._keeper.examine(partial)
            self._refuse_bad(facts)
            kept = self._keep(partial, self._folder / f"{name}.db", at, reason, facts)
        finally:
            partial.unlink(missing_ok=True)
        if self._second_folder is not None:
            self._copy_away(kept, self._second_folder)
        return kept

    def all(self) -> tuple[Backup, ...]:
        """Every backup with a readable manifest, newest first."""
        found = (read_manifest(path) for path in self._folder.glob(f"{self._database.stem}-*.json"))
        return tuple(sorted((backup for backup in found if backup is not None), key=lambda each: each.at, reverse=True))

    def prune(self, retention: Retention) -> tuple[Path, ...]:
        """Removes what retention does not keep and answers what went."""
        backups = self.all()
        keep = kept_by(backups, retention)
        gone = tuple(backup.path for backup in backups if backup.path not in keep)
        for path in gone:
            path.with_suffix(".json").unlink(missing_ok=True)
            path.unlink(missing_ok=True)
        return gone

    def drill(self, at: datetime) -> DatabaseFacts:
        """Restores the newest backup into a scratch file and examines it there: proof that a restore would work.
        Notes the time of a drill that went well; raises StoreFailed for one that did not."""
        backups = self.all()
        if not backups:
            raise StoreFailed(f"there is no backup of {self._database.name} yet")
        scratch = self._folder / f".drill-{self._database.name}"
        try:
            verified_copy(backups[0].path, scratch)
            facts = self._keeper.examine(scratch)
            self._refuse_bad(facts)
        finally:
            scratch.unlink(missing_ok=True)
        self._write(self._drill_note, json.dumps({"at": at.isoformat()}).encode())
        return facts

    def drilled_at(self) -> datetime | None:
        """When a restore was last rehearsed; None when that is not known."""
        try:
            return datetime.fromisoformat(json.loads(self._drill_note.read_text("utf-8"))["at"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @property
    def _drill_note(self) -> Path:
        return self._folder / f".drill-{self._database.stem}.json"

    def _refuse_full_disk(self) -> None:
        needed = 2 * self._database.stat().st_size if self._database.exists() else 0
        if shutil.disk_usage(self._folder).free < needed:
            raise StoreFailed(
                f"no backup of {self._database.name}: it needs {needed // 1_000_000 + 1} MB free in {self._folder}"
            )

    def _refuse_bad(self, facts: DatabaseFacts) -> None:
        if facts.problem:
            raise StoreFailed(f"the backup of {self._database.name} failed its check: {facts.problem}")
        before = self.all()
        for table in GROWING if before and before[0].danger == facts.danger else ():
            if facts.rows.get(table, 0) < before[0].rows.get(table, 0):
                raise StoreFailed(
                    f"{self._database.name} holds {facts.rows.get(table, 0)} {table}, "
                    f"the last backup {before[0].rows[table]}: rows are missing"
                )

    def _keep(self, partial: Path, target: Path, at: datetime, reason: str, facts: DatabaseFacts) -> Backup:
        kept = Backup(
            path=target,
            at=at,
            reason=reason,
            sha256=digest_of(partial),
            revision=facts.revision,
            danger=facts.danger,
            audit_head=facts.audit.head,
            rows=dict(facts.rows),
            size_bytes=partial.stat().st_size,
        )
        _sync(partial)
        os.replace(partial, target)
        self._write(target.with_suffix(".json"), _manifest(kept))
        return kept

    def _copy_away(self, backup: Backup, folder: Path) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            target = folder / backup.path.name
            shutil.copyfile(backup.path, target)
            if digest_of(target) != backup.sha256:
                target.unlink()
                raise StoreFailed(f"the copy of the backup in {folder} differs from it")
            self._write(target.with_suffix(".json"), _manifest(backup))
        except OSError as error:
            raise StoreFailed(f"the backup is kept, but not in the second folder {folder}: {error}") from error


def kept_by(backups: Sequence[Backup], retention: Retention) -> frozenset[Path]:
    """Which of the backups, newest first, retention keeps; never fewer than three."""
    keep = {backup.path for backup in backups[: max(retention.recent, NEVER_BELOW)]}
    for form, count in (("%Y-%m-%d", retention.daily), ("%Y-%m", retention.monthly)):
        last: dict[str, Path] = {}
        for backup in backups:
            last.setdefault(backup.at.strftime(form), backup.path)
        keep.update(list(last.values())[:count])
    return frozenset(keep)


def restore(
    backup: Path, target: Path, keeper: DatabaseKeeper, at: datetime, *, write: Callable[[Path, bytes], None]
) -> Path | None:
    """Puts a backup in the place of a database that nobody uses; answers where the old one was moved, if any.

    The file is compared with its stored checksum and examined before anything moves. The old database goes aside
    with its -wal and -shm: a stale log beside a new file would damage it. The epoch is renewed.
    """
    fresh = target.with_name(f".{target.name}.restoring")
    try:
        verified_copy(backup, fresh)
        facts = keeper.examine(fresh)
        if facts.problem:
            raise StoreFailed(f"{backup.name} was not restored: {facts.problem}. Nothing was changed.")
        described = read_manifest(backup.with_suffix(".json"))
        assert described is not None
        keeper.renew_epoch(fresh, at, f"restored from {backup.name}")
        moved = _move_aside(target, at)
        _sync(fresh)
        os.replace(fresh, target)
        note = json.dumps({"restored_from": backup.name, "at": at.isoformat()}).encode()
        write(target.with_name(f"{target.name}.restored.json"), note)
    finally:
        fresh.unlink(missing_ok=True)
    return moved


def verified_copy(backup: Path, target: Path) -> None:
    """A copy of a backup whose bytes are those of its manifest; raises StoreFailed."""
    described = read_manifest(backup.with_suffix(".json"))
    if described is None:
        raise StoreFailed(f"{backup.name} has no manifest {backup.stem}.json beside it, so it cannot be trusted")
    try:
        shutil.copyfile(backup, target)
    except OSError as error:
        raise StoreFailed(f"{backup.name} cannot be read: {error}") from error
    if digest_of(target) != described.sha256:
        target.unlink()
        raise StoreFailed(f"{backup.name} differs from the checksum of its manifest; nothing was changed")


def read_manifest(path: Path) -> Backup | None:
    """The backup that a manifest describes; None where there is none that can be read."""
    try:
        if path.stat().st_size > MAX_MANIFEST_BYTES:
            return None
        kept = json.loads(path.read_text("utf-8"))
        return Backup(
            path=path.with_suffix(".db"),
            at=datetime.fromisoformat(kept["at"]),
            reason=str(kept["reason"]),
            sha256=str(kept["sha256"]),
            revision=str(kept["revision"]),
            danger=str(kept["danger"]),
            audit_head=str(kept["audit_head"]),
            rows={str(name): int(count) for name, count in kept["rows"].items()},
            size_bytes=int(kept["size_bytes"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def digest_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _manifest(backup: Backup) -> bytes:
    kept = {
        "at": backup.at.isoformat(),
        "reason": backup.reason,
        "sha256": backup.sha256,
        "revision": backup.revision,
        "danger": backup.danger,
        "audit_head": backup.audit_head,
        "rows": dict(backup.rows),
        "size_bytes": backup.size_bytes,
    }
    return json.dumps(kept, indent=2).encode()


def _move_aside(target: Path, at: datetime) -> Path | None:
    if not target.exists():
        return None
    aside = target.with_name(f"{target.stem}-before-restore-{at.strftime(NAME_TIME)}.db")
    for suffix in ("-wal", "-shm"):
        beside = target.with_name(target.name + suffix)
        if beside.exists():
            os.replace(beside, aside.with_name(aside.name + suffix))
    os.replace(target, aside)
    return aside


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
