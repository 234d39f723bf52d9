"""A channel's dry run on screen: held share, what each alert would have done, export, cancel."""

import asyncio
import csv
import io
from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.ui.tabs.rig import demo_rig
from tests.ui.waiting import until
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.config.dry_run_panel import DryRunPanel


def _shown(look: Look, qtbot: QtBot) -> DryRunPanel:
    panel = DryRunPanel(look)
    qtbot.addWidget(panel)
    panel.resize(1100, 600)
    panel.show()
    return panel


async def test_a_run_can_be_cancelled_and_the_next_one_is_exported(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    panel = _shown(look, qtbot)
    async with demo_rig(tmp_path, 400) as rig:
        panel.attach(rig.core)
        before = len(tuple(rig.core.blotter.orders()))
        panel.channel.setCurrentIndex(0)
        panel.start.click()
        await asyncio.sleep(0.02)
        panel.stop()
        await until(panel.start.isEnabled)
        assert "Cancelled" in panel.told.text()
        assert panel.report is None
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


async def test_a_channel_without_messages_says_so(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    panel = _shown(look, qtbot)
    async with demo_rig(tmp_path) as rig:
        panel.attach(rig.core)
        panel.run()
        assert "Nothing is stored" in panel.told.text()
