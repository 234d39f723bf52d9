"""One alert on a disk that fails before the intent of its order is written, with it, or when the order has left.

`python -m tests.trading.disk_moments FOLDER` plays the moments of an I/O error, which needs a process of its own.
"""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tests.known_texts import remember_settings_files
from tests.trading.disk_faults import (
    ALERT,
    BreakIt,
    Disk,
    check_next_life,
    check_shown,
    check_stored,
    end_as_killed,
    new_stage,
    no_more_bytes,
)
from tests.trading.stage import SIM, Stage
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.orders import Order, OrderRole, OrdStatus
from tradestream_gui.ports.journal import Record


class Moment(Enum):
    """Which of the journal's writes is the first that fails."""

    BEFORE = "before the intent"
    INTENT = "the intent itself"
    AFTER = "after the order left"


@dataclass(frozen=True, slots=True)
class Played:
    """What the first life showed: the entries that left, whether each was stored before, and how its account stood."""

    entries: int
    all_stored_before: bool
    state: TradingState
    refused: int


async def play(folder: Path, break_it: BreakIt, moment: Moment) -> Played:
    """Both lives; raises AssertionError where something was lost, doubled, unprotected, or shown and not stored."""
    first, has_come = new_stage(folder), list[bool]()

    def is_due(_: int, records: Sequence[Record]) -> bool:
        if moment is Moment.AFTER:
            return bool(first.venue.sent(OrderRole.ENTRY))
        return bool(has_come) and (moment is Moment.BEFORE or any(map(_is_intent, records)))

    disk = Disk(break_it, is_due)
    with disk.installed():
        await first.open()
        await first.quote("6326.00", "6326.25")
        await first.quote("6325.75", "6326.00")
        has_come.append(True)
        await first.say("good morning", message_id="chatter")
        await first.say(ALERT, message_id="alert")
        await first.quote("6327.00", "6327.25")
        await first.run(5)
        played = _shown(first, disk)
        sent = list(first.venue.placed)
        await end_as_killed(first)
    assert disk.is_broken, "the moment came"
    check_stored(folder, disk.kept)
    check_shown(first, folder)
    await check_next_life(folder, first, sent)
    return played


def _is_intent(record: Record) -> bool:
    return isinstance(record, Order) and record.role is OrderRole.ENTRY and record.ord_status is OrdStatus.PENDING_NEW


def _shown(stage: Stage, disk: Disk) -> Played:
    stored = [known for order, known in zip(stage.venue.placed, stage.venue.stored_before, strict=True)
              if order.role is OrderRole.ENTRY]  # fmt: skip
    return Played(len(stored), all(stored), stage.core.accounts.state(SIM).trading_state, disk.refused)


async def main(folder: Path) -> None:
    for moment in Moment:
        place = folder / moment.name
        place.mkdir()
        played = await play(place, no_more_bytes, moment)
        print(moment.name, played.entries, int(played.all_stored_before), played.state.name, played.refused, flush=True)


if __name__ == "__main__":
    remember_settings_files()
    asyncio.run(main(Path(sys.argv[1])))
