"""Makes the database of the present schema that is kept for ever: run by hand once per released schema.

PYTHONPATH=. python tests/adapters/storage/make_fixture.py
"""

import asyncio
import gzip
import tempfile
from decimal import Decimal
from pathlib import Path

from records import NOON, account, decision, external, fill, message, order  # it lies beside this script

from tradestream_gui.adapters.runtime.clock import RealClock, WorkCounter
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.journal import SqliteJournal
from tradestream_gui.adapters.storage.tables import KNOWN_REVISIONS
from tradestream_gui.domain.accounts import AccountId, AccountState, TradingState
from tradestream_gui.domain.exits import ExitPlan, PlanState, TargetStep
from tradestream_gui.domain.ids import InstrumentId, LotId
from tradestream_gui.domain.orders import OrdStatus, Side
from tradestream_gui.ports.journal import AuditNote, Record

FOLDER = Path(__file__).parent / "schemas"


def story() -> list[Record]:
    """One trade from the message to the fill, its plan a trade elsewhere, and a lock."""
    sent = order(1).moved_to(OrdStatus.SENT, NOON)
    plan = ExitPlan(
        lot_id=LotId("LTPAAAA-1"),
        account_id=AccountId("sim"),
        instrument_id=InstrumentId("ESZ6"),
        side=Side.BUY,
        state=PlanState.ACTIVE,
        stop_price=Decimal("6316"),
        initial_stop_price=Decimal("6316"),
        targets=(TargetStep(Decimal("6333"), 1), TargetStep(Decimal("6338"), 1)),
        break_even_after=1,
    )
    locked = AccountState(AccountId("sim"), TradingState.LOCKED, "daily loss", NOON, NOON)
    note = AuditNote(NOON, "user", "kill", "pressed")
    filled = sent.with_fill(fill(1))
    return [
        account(), message(1), decision(1), order(1), sent, filled, fill(1), external(1), plan, locked, note,
    ]  # fmt: skip


async def make(path: Path) -> None:
    journal = await SqliteJournal.open(
        path,
        danger=Danger.PAPER,
        clock=RealClock(),
        work=WorkCounter(),
        new_epoch=lambda: "AAAA",
        on_failure=print,
    )
    await journal.commit(story())
    await journal.close()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        asyncio.run(make(Path(scratch) / "paper.db"))
        packed = gzip.compress((Path(scratch) / "paper.db").read_bytes(), mtime=0)
    (FOLDER / f"{KNOWN_REVISIONS[-1]}.db.gz").write_bytes(packed)
