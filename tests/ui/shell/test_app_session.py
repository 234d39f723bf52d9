"""The real window from its first paint to its end: filled, killed over a dialog, crashed in a slot, refused, closed."""

import asyncio
import gc
import sqlite3
import weakref
from pathlib import Path

from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QLabel, QWidget

from tests.ui.shell.sessions import READY_S, Opened, ready
from tests.ui.waiting import until
from tradestream_gui.app import GC_THRESHOLDS, settle_memory
from tradestream_gui.cli import EXIT_FAILURE, EXIT_OK
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.events import SessionClosed
from tradestream_gui.instance import instance_lock
from tradestream_gui.ui.docks.watchlist.dock import WatchlistDock
from tradestream_gui.ui.tabs.analytics.tab import AnalyticsTab
from tradestream_gui.ui.tabs.messages.tab import MessagesTab
from tradestream_gui.ui.tabs.order_entry.tab import OrderEntryTab


async def test_the_demo_opens_paints_first_and_closes_leaving_nothing(qapp: QApplication, tmp_path: Path) -> None:
    async with ready(qapp, tmp_path, "--demo") as opened:
        assert opened.moments == ["painted", "usable", "ready"]
        assert set(opened.session.window.parts()) == {"portfolio", "watchlist", "chart", "log"}
        assert opened.session.window.risk_bar.account_id is not None
        assert await opened.close() == EXIT_OK
        assert (opened.paths.layouts_dir / "last.state").exists()
        again = instance_lock(opened.paths)
        assert again.acquire()
        await again.close()


async def test_a_tab_that_waits_is_made_while_the_window_answers_and_tells_of_the_session_that_ended(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with ready(qapp, tmp_path, "--demo") as opened:
        window, given = opened.session.window, list[QWidget]()
        opened.core.bus.publish(SessionClosed(opened.core.clock.now()))
        window.look_at("analytics", given.append)
        assert "analytics" not in window.parts()
        assert "Loading" in _words(window)
        await until(lambda: bool(given))
        analytics = window.parts()["analytics"]
        assert given == [analytics]
        assert isinstance(analytics, AnalyticsTab)
        assert analytics.tabs.currentWidget() is analytics.end_of_day
        QTest.keyClick(window, Qt.Key.Key_5, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: "config" in window.parts())
        assert window.tabs.currentWidget() is window.parts()["config"]


async def test_messages_and_order_entry_begin_with_what_came_before_they_were_looked_at(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with ready(qapp, tmp_path, "--demo") as opened:
        window, core = opened.session.window, opened.core
        await until(lambda: bool(core.alerts.messages()))
        chosen = core.subscriptions.instruments()[-1]
        watchlist = window.part("watchlist")
        assert isinstance(watchlist, WatchlistDock)
        watchlist.show_instrument.emit(chosen.instrument_id)
        assert not {"messages", "order_entry"} & set(window.parts())
        QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: "messages" in window.parts())
        messages = window.part("messages")
        assert isinstance(messages, MessagesTab)
        assert messages.select_message(core.alerts.messages()[0].message_key)
        QTest.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: "order_entry" in window.parts())
        ticket = window.part("order_entry")
        assert isinstance(ticket, OrderEntryTab)
        assert ticket.form.symbol.instrument == chosen


async def test_what_the_start_made_is_frozen_out_of_every_later_collection(qapp: QApplication, tmp_path: Path) -> None:
    gc.unfreeze()
    async with ready(qapp, tmp_path, "--demo"):
        assert gc.get_freeze_count() > 50_000
        assert gc.isenabled()
        assert gc.get_threshold() == GC_THRESHOLDS


def test_what_the_start_left_behind_is_gone_before_the_rest_is_frozen() -> None:
    class Ring:
        def __init__(self) -> None:
            self.me = self

    gc.disable()
    before = gc.get_threshold()
    try:
        left_behind = weakref.ref(Ring())
        assert left_behind() is not None
        settle_memory()
        assert left_behind() is None
    finally:
        gc.enable()
        gc.set_threshold(*before)
        gc.unfreeze()


async def test_kill_works_by_its_keys_while_a_dialog_is_open(qapp: QApplication, tmp_path: Path) -> None:
    async with ready(qapp, tmp_path, "--demo") as opened:
        window = opened.session.window
        QTest.keyClick(window, Qt.Key.Key_F1)
        await asyncio.sleep(0.1)
        dialog = qapp.activeModalWidget()
        assert dialog is not None
        QTest.keyClick(dialog, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        await asyncio.sleep(0.1)
        assert opened.trading_state() is TradingState.LOCKED
        dialog.close()


async def test_an_exception_in_a_slot_halts_trading_and_leaves_the_window(qapp: QApplication, tmp_path: Path) -> None:
    def fail() -> None:
        raise RuntimeError("a broken slot")

    async with ready(qapp, tmp_path, "--demo") as opened:
        opened.hook.install()
        try:
            QTimer.singleShot(0, fail)
            await asyncio.sleep(0.3)
        finally:
            opened.hook.uninstall()
        assert opened.hook.count == 1
        assert opened.trading_state() is not TradingState.ACTIVE
        assert "a broken slot" in " ".join(label.text() for label in opened.session.window.findChildren(QLabel))


async def test_safe_mode_says_so_and_takes_no_alert(qapp: QApplication, tmp_path: Path) -> None:
    opened = Opened(qapp, tmp_path, "--demo", "--safe-mode", "--speed", "60")
    opened.start()
    await asyncio.wait_for(opened.ready.wait(), READY_S)
    await asyncio.sleep(2.5)  # the script's first entry comes within two minutes of its start
    core = opened.session.core
    assert core is not None
    assert (list(core.blotter.orders()), core.lots.lots()) == ([], ())
    assert "Safe mode" in " ".join(label.text() for label in opened.session.window.findChildren(QLabel))
    assert await opened.close() == EXIT_OK


async def test_a_broken_configuration_is_shown_with_file_line_and_key(qapp: QApplication, tmp_path: Path) -> None:
    opened = Opened(qapp, tmp_path)
    opened.paths.config_file.write_text("version: 1\nmarket:\n  watchlist: 7\n", encoding="utf-8")
    opened.start()
    shown = await _failure_shown(opened)
    for word in ("config.yaml", "line 3", "watchlist"):
        assert word in shown
    assert await opened.close() == EXIT_FAILURE


async def test_a_database_of_a_newer_version_is_refused_and_left_alone(qapp: QApplication, tmp_path: Path) -> None:
    opened = Opened(qapp, tmp_path)
    database = sqlite3.connect(opened.paths.paper_db)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    database.execute("INSERT INTO alembic_version VALUES ('0099')")
    database.commit()
    database.close()
    before = opened.paths.paper_db.read_bytes()
    opened.start()
    shown = await _failure_shown(opened)
    assert "newer TradeStream" in shown
    assert await opened.close() == EXIT_FAILURE
    assert opened.paths.paper_db.read_bytes() == before


def _words(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


async def _failure_shown(opened: Opened) -> str:
    await asyncio.wait_for(opened.failed.wait(), READY_S)
    return opened.failure()
