"""A channel's dry run on screen: held share, what each alert would have done, export, cancel."""

import asyncio
import csv
import io
from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.ui.tabs.rig import demo_rig
from tests.ui.tabs.stored import shown_at, stored_message
from tests.ui.waiting import until
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.config.dry_run_panel import DryRunPanel
from tradestream_gui.ui.tabs.config.room_history import NOTHING_STORED, READING


def _shown(look: Look, qtbot: QtBot) -> DryRunPanel:
    panel = DryRunPanel(look)
    qtbot.addWidget(panel)
    panel.resize(1100, 600)
    panel.show()
    return panel


async def test_a_channel_is_run_dry_and_exported(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    panel = _shown(look, qtbot)
    async with demo_rig(tmp_path, 400) as rig:
        panel.attach(rig.core)
        before = len(tuple(rig.core.blotter.orders()))
        panel.channel.setCurrentIndex(0)
        panel.start.click()
        assert not panel.start.isEnabled()
        assert panel.cancel.isVisible()
        await until(lambda: panel.report is not None and panel.start.isEnabled())
        assert panel.report is not None
        assert panel.report.count(Outcome.TRADED) >= 1
        assert "Held" in panel.told.text()
        assert "alerts" in panel.told.text()
        assert len(panel.model.keys) == panel.report.counts.alerts
        panel.alerts_only.setChecked(False)
        assert len(panel.model.keys) == panel.report.counts.messages
        assert panel.export.isEnabled()
        assert len(list(csv.reader(io.StringIO(panel.report.csv_text())))) == panel.report.counts.messages + 1
        assert len(tuple(rig.core.blotter.orders())) == before


async def test_a_run_takes_in_what_an_earlier_day_stored_and_says_from_when_to_when(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    panel = _shown(look, qtbot)
    async with demo_rig(tmp_path) as rig:
        panel.attach(rig.core)
        channel_id = panel._channels[0]
        author_id = next(iter(next(iter(rig.core.alerts.rules.analysts.values())).author_ids))
        alerts = (stored_message(rig, channel_id, days, "LONG ES 6326 stop 6316 target 6333") for days in (7, 3))
        stored = [replace(each, author_id=author_id) for each in alerts]
        taken_back = stored_message(rig, channel_id, 2, "never mind")
        await rig.core.journal.commit([*stored, taken_back, replace(taken_back, revision=1, deleted=True)])
        panel.start.click()
        await until(panel.start.isEnabled)
        assert panel.report is not None
        assert [row.message.message_key for row in panel.report.rows] == [each.message_key for each in stored]
        first, last = (shown_at(rig, each) for each in stored)
        assert panel.told.text().startswith(f"2 messages, {first} to {last}. 2 alerts.")


async def test_a_run_can_be_cancelled(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    panel = _shown(look, qtbot)
    async with demo_rig(tmp_path, 400) as rig:
        panel.attach(rig.core)
        panel.channel.setCurrentIndex(0)
        panel.start.click()
        await asyncio.sleep(0.02)
        panel.stop()
        await until(panel.start.isEnabled)
        assert "Cancelled" in panel.told.text()
        assert panel.report is None


async def test_a_channel_without_messages_says_so(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    panel = _shown(look, qtbot)
    async with demo_rig(tmp_path) as rig:
        panel.attach(rig.core)
        panel.run()
        assert panel.told.text() == READING
        await until(panel.start.isEnabled)
        assert panel.told.text() == NOTHING_STORED
