"""A process that writes to a journal until it is killed, and prints what was acknowledged."""

import asyncio
import sys
from pathlib import Path

from records import message, order  # it lies beside this script

from tradestream_gui.adapters.runtime.clock import RealClock, WorkCounter
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.ids import JournalIds
from tradestream_gui.adapters.storage.journal import SqliteJournal
from tradestream_gui.domain.ids import AccountId


async def write_until_killed(path: Path) -> None:
    journal = await SqliteJournal.open(
        path,
        danger=Danger.PAPER,
        clock=RealClock(),
        work=WorkCounter(),
        new_epoch=lambda: "AAAA",
        on_failure=lambda words: sys.exit(words),
    )
    tasks = LoopTasks(lambda name, error: sys.exit(f"{name}: {error}"))
    ids = await JournalIds.start(journal, tasks)
    start = len((await journal.load()).orders)
    for number in range(start, start + 100_000):
        given = order(number, cl_ord_id=ids.next_cl_ord_id(AccountId("sim")), lot_id=ids.next_lot_id(AccountId("sim")))
        await journal.commit([message(number), given])
        print(given.cl_ord_id, flush=True)


if __name__ == "__main__":
    asyncio.run(write_until_killed(Path(sys.argv[1])))
