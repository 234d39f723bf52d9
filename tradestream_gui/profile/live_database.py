"""Opens live.db, the database of FUNDED and LIVE accounts; where it cannot be used it says why, and paper goes on."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.runtime.clock import Work
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.epochs import EpochFile
from tradestream_gui.adapters.storage.journal import SqliteJournal
from tradestream_gui.domain.errors import StoreFailed, StoreTooNew
from tradestream_gui.paths import Paths
from tradestream_gui.ports.clock import Clock

LIVE_EPOCHS_FILE = "live-epochs.json"
"""Beside epochs.json: it tells a live.db that is lost from one that never was."""
NOT_WANTED = "no FUNDED or LIVE account is enabled"
_log = logging.getLogger(__name__)


def lost_live_database(paths: Paths) -> str:
    """Words for a live.db that this profile had and that is gone; empty otherwise. Raises StoreFailed."""
    if paths.live_db.exists() or not _epochs(paths).epochs:
        return ""
    return (
        f"{paths.live_db.name} is missing, though this profile has one. Put {paths.live_db} back, or restore a backup: "
        "tradestream restore FILE"
    )


def _epochs(paths: Paths) -> EpochFile:
    return EpochFile(paths.data_dir / LIVE_EPOCHS_FILE, write_atomically)


@dataclass(frozen=True, slots=True)
class LiveDatabase:
    """`refused` says why there is no journal; empty when there is one."""

    journal: SqliteJournal | None
    refused: str


async def open_live_database(
    paths: Paths,
    *,
    wanted: bool,
    clock: Clock,
    work: Work,
    new_epoch: Callable[[], str],
    on_failure: Callable[[str], None],
) -> LiveDatabase:
    """Opened when an account needs it or when it is there already; nothing about it keeps the profile from opening."""
    if not wanted and not paths.live_db.exists():
        return LiveDatabase(None, NOT_WANTED)
    try:
        kept = await asyncio.to_thread(_epochs, paths)
        lost = lost_live_database(paths)
        if lost:
            raise StoreFailed(lost)
        journal = await SqliteJournal.open(
            paths.live_db, danger=Danger.LIVE, clock=clock, work=work, new_epoch=new_epoch, on_failure=on_failure
        )
        try:
            await asyncio.to_thread(kept.add, *journal.past_epochs, journal.epoch)
        except StoreFailed:
            await journal.close()
            raise
    except (StoreFailed, StoreTooNew, OSError) as error:
        _log.error("FUNDED and LIVE accounts are not connected: %s", error)
        return LiveDatabase(None, str(error))
    return LiveDatabase(journal, "")
