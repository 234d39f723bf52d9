"""What was measured of a trade while it was open is there after a restart, and in the export."""

import csv
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

from tests.stories.test_demo_day import opened_demo
from tradestream_gui.stored_analytics import stored_analytics


async def test_how_far_a_finished_trade_went_survives_a_restart(tmp_path: Path) -> None:
    opened = await opened_demo(tmp_path)
    assert opened.day is not None
    await opened.start()
    await opened.drive(opened.day.start + timedelta(seconds=720))
    (trade,) = opened.running.core.analytics.trades()
    measured = trade.excursion
    assert measured is not None
    assert measured.mae <= 0 < trade.gross <= measured.mfe
    assert measured.high >= Decimal("6338.00")
    await opened.close()

    later = await opened_demo(tmp_path, resume=True)
    await later.start()
    assert [one.excursion for one in later.running.core.analytics.trades()] == [measured]
    await later.close()
    (row,) = csv.DictReader(StringIO(stored_analytics([opened.paths.paper_db]).trades_csv().decode("utf-8-sig")))
    assert {Decimal(row[name]) for name in row if name.lower().startswith(("mae", "mfe"))} >= {
        measured.mae,
        measured.mfe,
    }
