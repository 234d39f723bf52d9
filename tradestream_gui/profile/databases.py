"""The databases of a profile: what the backup on a timer and the backup command both copy, and a restore puts back."""

import secrets
from functools import partial

from tradestream_gui.adapters.brokers.paper.keeper import KIND, PaperLedgerKeeper
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.ids import epoch_from
from tradestream_gui.adapters.storage.keeper import SqliteKeeper
from tradestream_gui.paths import Paths
from tradestream_gui.upkeep.archive import ProfileDatabase


def profile_databases(paths: Paths) -> tuple[ProfileDatabase, ...]:
    """The simulator's comes last: what its exchange did meanwhile is found again by asking, the reverse is not."""
    keeper = SqliteKeeper(partial(epoch_from, secrets.token_bytes))
    return (
        ProfileDatabase(paths.paper_db, keeper, Danger.PAPER.value),
        ProfileDatabase(paths.live_db, keeper, Danger.LIVE.value),
        ProfileDatabase(paths.simulator_db, PaperLedgerKeeper(), KIND),
    )
