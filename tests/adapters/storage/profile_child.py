"""A process that trades in a paper and a guarded account until it is killed, and prints what was acknowledged."""

import asyncio
import sys
from functools import partial
from pathlib import Path

from records import message, order  # it lies beside this script

from tradestream_gui.adapters.runtime.clock import RealClock, WorkCounter
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.ids import JournalIds, ProfileIds
from tradestream_gui.adapters.storage.journal import SqliteJournal
from tradestream_gui.adapters.storage.profile_journal import ProfileJournal
from tradestream_gui.domain.ids import AccountId

PAPER, LIVE = AccountId("sim"), AccountId("U1234567")


async def write_until_killed(folder: Path) -> None:
    paper, live = [
        await SqliteJournal.open(
            folder / name, danger=danger, clock=RealClock(), work=WorkCounter(), new_epoch=partial(str, epoch),
            on_failure=lambda words: sys.exit(words),
        )
        for name, danger, epoch in (("paper.db", Danger.PAPER, "AAAA"), ("live.db", Danger.LIVE, "BBBB"))
    ]  # fmt: skip
    journal = ProfileJournal(paper, live, [LIVE])
    tasks = LoopTasks(lambda name, error: sys.exit(f"{name}: {error}"))
    ids = ProfileIds(await JournalIds.start(paper, tasks), await JournalIds.start(live, tasks), journal.is_guarded)
    start = len((await journal.load()).orders)
    for number in range(start, start + 100_000):
        account_id = LIVE if number % 2 else PAPER
        given = order(
            number, account_id=account_id, cl_ord_id=ids.next_cl_ord_id(account_id),
            lot_id=ids.next_lot_id(account_id),
        )  # fmt: skip
        await journal.commit([message(number), given])
        print(given.cl_ord_id, flush=True)


if __name__ == "__main__":
    asyncio.run(write_until_killed(Path(sys.argv[1])))
