"""The ladder in the real window: its key, its place, and what a change of account does to it."""

from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from tests.ui.shell.sessions import ready
from tradestream_gui.ui.docks.ladder.dock import LadderDock
from tradestream_gui.ui.tabs.order_entry.tab import OrderEntryTab
from tradestream_gui.ui.widgets.armed_frame import FRAME_PX

ARM = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


async def test_one_key_arms_ladder_and_ticket_and_minimising_disarms(qapp: QApplication, tmp_path: Path) -> None:
    async with ready(qapp, tmp_path, "--demo") as opened:
        window = opened.session.window
        ladder = window.part("ladder")
        assert isinstance(ladder, LadderDock)
        assert not ladder.arming.is_armed
        ticket = window.part("order_entry")
        assert isinstance(ticket, OrderEntryTab)
        window.dock("ladder").hide()
        QTest.keyClick(window, Qt.Key.Key_A, ARM)
        assert ladder.arming.is_armed
        assert ticket.arming is ladder.arming
        assert window.arm_switch.isVisible()
        assert {window.arm_switch.text(), ticket.bar.lock.text(), ladder.head.lock.text()} == {"ARMED"}
        assert {ticket.frame.width_px, ladder.frame.width_px} == {FRAME_PX}
        window.setWindowState(Qt.WindowState.WindowMinimized)
        assert not ladder.arming.is_armed
        assert window.arm_switch.text() == "Disarmed"
        assert ticket.frame.width_px == 0


async def test_it_stands_below_the_chart_and_not_in_a_narrow_window(qapp: QApplication, tmp_path: Path) -> None:
    async with ready(qapp, tmp_path, "--demo") as opened:
        window = opened.session.window
        window.resize(1600, 960)
        window.default_layout()
        chart, ladder = window.dock("chart"), window.dock("ladder")
        assert ladder.isVisible()
        assert ladder.x() == chart.x()
        assert ladder.y() > chart.y()
        window.resize(1280, 720)
        window.default_layout()
        assert not ladder.isVisible()
