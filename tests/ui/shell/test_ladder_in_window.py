"""The ladder in the real window: its key, its place, and what a change of account does to it."""

import asyncio
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from tests.ui.shell.sessions import ready
from tests.ui.waiting import until
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.orders import OriginKind
from tradestream_gui.ui.docks.chart.dock import ChartDock
from tradestream_gui.ui.docks.ladder.dock import LadderDock
from tradestream_gui.ui.docks.log.dock import LogDock
from tradestream_gui.ui.tabs.order_entry.tab import OrderEntryTab
from tradestream_gui.ui.widgets.armed_frame import FRAME_PX
from tradestream_gui.ui.widgets.empty_state import EmptyState

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
        charts, last = window.part("chart"), opened.core.subscriptions.instruments()[-1]
        assert isinstance(charts, ChartDock)
        charts.symbol_linked.emit(last.instrument_id)
        QTest.keyClick(window, Qt.Key.Key_A, ARM)
        assert window.arming.is_armed
        assert "ladder" not in window.parts(), "its dock is closed: nobody sees it"
        window.resize(1600, 960)
        window.default_layout()
        await until(lambda: "ladder" in window.parts())
        made = window.part("ladder")
        assert isinstance(made, LadderDock)
        assert made.head.symbols.currentText() == contract_name(last), "the chart's, though it is armed already"
        assert not window.dock("ladder").findChildren(EmptyState), "what told that it loads is gone"
        chart, ladder = window.dock("chart"), window.dock("ladder")
        assert ladder.isVisible()
        assert ladder.x() == chart.x()
        assert ladder.y() > chart.y()
        window.resize(1280, 720)
        window.default_layout()
        assert not ladder.isVisible()


async def test_armed_keys_that_another_region_has_open_nothing(qapp: QApplication, tmp_path: Path) -> None:
    async with ready(qapp, tmp_path, "--demo") as opened:
        window, core = opened.session.window, opened.core
        ladder, log = window.part("ladder"), window.part("log")
        assert isinstance(ladder, LadderDock)
        assert isinstance(log, LogDock)
        ladder.controls.stop.setText("10")
        QTest.keyClick(window, Qt.Key.Key_A, ARM)
        assert ladder.arming.is_armed
        before = len(tuple(core.blotter.orders()))
        log.bar.edit.setFocus()
        for key in "bsBStre":
            QTest.keyClicks(log.bar.edit, key)
        assert log.bar.edit.text() == "bsBStre", "they are letters there"
        for place in (log.table, window.part("watchlist"), window.tabs, window.risk_bar.account):
            place.setFocus()
            for key in (Qt.Key.Key_B, Qt.Key.Key_S, Qt.Key.Key_T):
                QTest.keyClick(place, key)
                QTest.keyClick(place, key, Qt.KeyboardModifier.ShiftModifier)
        await asyncio.sleep(0.1)
        by_hand = [order for order in tuple(core.blotter.orders())[before:] if order.origin.kind is OriginKind.MANUAL]
        assert by_hand == []
        QTest.keyClick(log.bar.edit, Qt.Key.Key_K, ARM)
        assert opened.trading_state() is TradingState.LOCKED, "what only reduces works from everywhere"
