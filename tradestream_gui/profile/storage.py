"""The databases of a running profile: paper.db always, live.db for FUNDED and LIVE accounts, and the ids of both."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from random import Random

from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.adapters.runtime.clock import WorkCounter
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.epochs import EpochFile
from tradestream_gui.adapters.storage.ids import JournalIds, ProfileIds, epoch_from
from tradestream_gui.adapters.storage.journal import SqliteJournal
from tradestream_gui.adapters.storage.profile_journal import ProfileJournal
from tradestream_gui.assembly.brokers import guarded_accounts
from tradestream_gui.cli import Launch
from tradestream_gui.paths import Paths
from tradestream_gui.ports.clock import Clock, Ids, Tasks
from tradestream_gui.ports.journal import Journal
from tradestream_gui.profile.live_database import open_live_database
from tradestream_gui.trading.failsafe import Failsafe
from tradestream_gui.upkeep.settings.model import Settings

EPOCHS_FILE = "epochs.json"


@dataclass(frozen=True, slots=True)
class ProfileStorage:
    """`both` stands where there are guarded accounts, or were; `live_refused` says why FUNDED and LIVE accounts have
    no database, else empty."""

    paper: SqliteJournal
    live: SqliteJournal | None
    both: ProfileJournal | None
    live_refused: str

    @property
    def journal(self) -> Journal:
        """Where everything of the profile is kept."""
        return self.both or self.paper

    async def ids(self, paths: Paths, tasks: Tasks) -> Ids:
        """Lists the epochs before any order bears them, so that its orders are ours also without the databases."""
        epochs = EpochFile(paths.data_dir / EPOCHS_FILE, write_atomically)
        journals = (self.paper,) if self.live is None else (self.paper, self.live)
        for each in journals:
            await asyncio.to_thread(epochs.add, *each.past_epochs, each.epoch)
        paper, *live = [await JournalIds.start(each, tasks, epochs.epochs) for each in journals]
        return ProfileIds(paper, live[0], self.both.is_guarded) if live and self.both is not None else paper


async def open_storage(
    launch: Launch, paths: Paths, settings: Settings, *, clock: Clock, work: WorkCounter, failsafe: Failsafe
) -> ProfileStorage:
    """Raises StoreFailed or StoreTooNew where paper.db cannot be used; live.db never keeps the profile shut. A failing
    live.db halts the accounts that it keeps, a failing paper.db all."""
    new_epoch = partial(epoch_from, _random_bytes(launch))
    guarded = guarded_accounts(settings)
    paper = await SqliteJournal.open(
        paths.paper_db, danger=Danger.PAPER, clock=clock, work=work, new_epoch=new_epoch, on_failure=failsafe.trip
    )
    async with AsyncExitStack() as undo:
        undo.push_async_callback(paper.close)
        live = await open_live_database(
            paths, wanted=bool(guarded) and not launch.demo and launch.messages is None, clock=clock, work=work,
            new_epoch=new_epoch, on_failure=failsafe.trip_guarded,
        )  # fmt: skip
        undo.pop_all()
    both = None
    if guarded or live.journal is not None:
        both = ProfileJournal(paper, live.journal, [account.account_id for account in guarded])
    return ProfileStorage(paper, live.journal, both, live.refused)


def _random_bytes(launch: Launch) -> Callable[[int], bytes]:
    """The epoch's randomness; the demo's is its seed's, so that the same seed gives the same ids."""
    return Random(launch.seed).randbytes if launch.demo else secrets.token_bytes
