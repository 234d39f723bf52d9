"""Ids are unique over restarts and only ever come from numbers that are already safe."""

import asyncio

import pytest

from tests.adapters.storage.conftest import Opener
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.adapters.storage.ids import BLOCK, JournalIds, epoch_from
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.ids import AccountId


def no_task_fails(name: str, error: BaseException) -> None:
    raise AssertionError(f"{name}: {error}")


def test_ids_of_many_blocks_and_two_runs_are_all_different(opened: Opener) -> None:
    async def run() -> list[str]:
        async with opened() as journal:
            tasks = LoopTasks(no_task_fails)
            ids = await JournalIds.start(journal, tasks)
            given = []
            for number in range(3 * BLOCK):
                given.append(str(ids.next_cl_ord_id(AccountId("sim"))))
                if number % (BLOCK // 4) == 0:
                    await journal.flush()
            await tasks.close()
            return given

    given = asyncio.run(run()) + asyncio.run(run())
    assert len(set(given)) == 6 * BLOCK
    assert given[0] == "TSPAAAA-1"


def test_lots_have_their_own_numbers(opened: Opener) -> None:
    async def run() -> tuple[str, str]:
        async with opened() as journal:
            tasks = LoopTasks(no_task_fails)
            ids = await JournalIds.start(journal, tasks)
            return str(ids.next_lot_id(AccountId("sim"))), str(ids.next_cl_ord_id(AccountId("sim")))

    assert asyncio.run(run()) == ("LTPAAAA-1", "TSPAAAA-1")


def test_no_number_is_given_that_is_not_reserved(opened: Opener) -> None:
    async def run() -> None:
        async with opened() as journal:
            tasks = LoopTasks(no_task_fails)
            ids = await JournalIds.start(journal, tasks)
            for _ in range(BLOCK):
                ids.next_cl_ord_id(AccountId("sim"))
            with pytest.raises(StoreFailed, match="reserved"):
                ids.next_cl_ord_id(AccountId("sim"))
            await tasks.close()

    asyncio.run(run())


def test_an_epoch_has_four_letters_of_base_32() -> None:
    assert epoch_from(lambda count: bytes(range(24, 24 + count))) == "YZ23"


def test_a_reservation_is_not_overtaken_by_writes_that_came_after_it(opened: Opener) -> None:
    async def run() -> list[str]:
        done: list[str] = []

        async def write(count: int) -> None:
            for _ in range(count):
                await journal.flush()
            done.append("writes")

        async def reserve() -> None:
            await journal.reserve("cl_ord_id", 10)
            done.append("reservation")

        async with opened() as journal:
            await asyncio.gather(*(write(50) for _ in range(8)), reserve())
        return done

    assert asyncio.run(run())[0] == "reservation"
