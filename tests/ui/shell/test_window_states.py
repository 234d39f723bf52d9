"""What the window says when entries cannot be made or nothing opened, and where its tables go as files."""

import asyncio
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QApplication, QLabel, QPushButton

from tests.support import eventually
from tests.ui.shell.sessions import Opened, ready
from tradestream_gui.cli import EXIT_FAILURE
from tradestream_gui.domain.events import SessionClosed
from tradestream_gui.domain.events_market import StreamKind, StreamRevived, StreamWentStale
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.ui.shell import table_export
from tradestream_gui.ui.widgets.failure_page import FailurePage
from tradestream_gui.ui.widgets.lamp import Lamp, LampState
from tradestream_gui.ui.widgets.table_view import TableView


def banner_words(opened: Opened) -> str:
    labels = opened.session.window.banner.findChildren(QLabel)
    return " ".join(label.text() for label in labels if label.isVisible())


async def test_a_killed_account_is_named_under_the_risk_bar_until_it_is_released(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with ready(qapp, tmp_path, "--demo") as opened:
        window, core = opened.session.window, opened.core
        assert not window.banner.isVisible()
        window.risk_bar.kill_pressed.emit()
        await eventually(lambda: "LOCKED" in banner_words(opened), why="the banner of the locked account")
        assert "KILL pressed" in banner_words(opened)
        assert "New entries are refused" in banner_words(opened)
        core.accounts.release(AccountId("demo"), "resumed by hand")
        await eventually(lambda: not window.banner.isVisible(), why="the banner goes")


async def test_frozen_prices_are_told_by_the_lamp_and_under_the_risk_bar_until_they_flow_again(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with ready(qapp, tmp_path, "--demo") as opened:
        window, core = opened.session.window, opened.core
        feed, now = core.subscriptions.feed.name, core.clock.now()
        contract = core.subscriptions.instruments()[0].instrument_id
        lamp = next(lamp for lamp in window.risk_bar.findChildren(Lamp) if lamp.name == feed)
        assert lamp.state is LampState.OK
        core.bus.publish(StreamWentStale(feed, contract, StreamKind.QUOTES, now))
        core.bus.publish(StreamWentStale(feed, contract, StreamKind.PRINTS, now))
        assert (lamp.state, lamp.word) == (LampState.WARN, f"{contract} frozen")
        assert f"{contract} quotes and prints since" in lamp.accessibleDescription()
        assert "PRICES FROZEN" in banner_words(opened)
        assert "New entries there are refused" in banner_words(opened)
        core.bus.publish(StreamRevived(feed, contract, StreamKind.QUOTES, now))
        assert lamp.state is LampState.WARN
        core.bus.publish(StreamRevived(feed, contract, StreamKind.PRINTS, now))
        assert lamp.state is LampState.OK
        assert "PRICES FROZEN" not in banner_words(opened)


async def test_a_profile_without_prices_says_so_and_keeps_its_tab_when_a_day_ends(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with ready(qapp, tmp_path) as opened:
        assert "No source of prices is set up" in banner_words(opened)
        assert any(task.get_name() == "tell the end of the day" for task in asyncio.all_tasks())
        tabs = opened.session.window.tabs
        looked_at = tabs.currentWidget()
        opened.core.bus.publish(SessionClosed(opened.core.clock.now()))
        assert tabs.currentWidget() is looked_at


async def test_what_an_action_led_to_is_told_in_a_toast(qapp: QApplication, tmp_path: Path) -> None:
    async with ready(qapp, tmp_path, "--demo") as opened:
        window = opened.session.window
        for key in ("portfolio", "order_entry"):
            window.part(key).said.emit(f"Said by {key}")  # type: ignore[attr-defined]  # a part of its tab's own class
            assert f"Said by {key}" in [note.title for note in window.toasts.notes]


@pytest.mark.parametrize("key", ["portfolio", "messages", "analytics", "log", "watchlist"])
async def test_every_table_can_be_saved_as_a_file(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    chosen = tmp_path / "out" / "table"
    chosen.parent.mkdir()

    async def answer(*_: object, **__: object) -> Path:
        return chosen

    monkeypatch.setattr(table_export, "ask_save_path", answer)
    async with ready(qapp, tmp_path, "--demo") as opened:
        window = opened.session.window
        table = window.part(key).findChildren(TableView)[0]
        table.ask_export()
        written = chosen.with_suffix(".csv")
        await eventually(written.exists, why="the file")
        await eventually(lambda: any("exported" in note.title for note in window.toasts.notes), why="the toast")
        assert str(table.model().headerData(0, table.horizontalHeader().orientation())) in written.read_text("utf-8")  # type: ignore[union-attr]  # both exist in a shown table


async def test_a_file_that_cannot_be_written_is_told_and_halts_nothing(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer(*_: object, **__: object) -> Path:
        return tmp_path / "missing" / "log.csv"

    monkeypatch.setattr(table_export, "ask_save_path", answer)
    async with ready(qapp, tmp_path, "--demo") as opened:
        window = opened.session.window
        window.part("log").findChildren(TableView)[0].ask_export()
        await eventually(lambda: any("not exported" in note.title for note in window.toasts.notes), why="the toast")
        assert opened.trading_state().value == "ACTIVE"


async def test_a_profile_that_does_not_open_leaves_only_reasons_and_the_way_out(
    qapp: QApplication, tmp_path: Path
) -> None:
    opened = Opened(qapp, tmp_path)
    opened.paths.config_file.write_text("version: 1\nmarket:\n  watchlist: 7\n", encoding="utf-8")
    opened.start()
    await asyncio.wait_for(opened.failed.wait(), 60)
    window = opened.session.window
    page = window.findChild(FailurePage)
    assert page is not None
    assert not window.risk_bar.isVisible()
    next(button for button in page.findChildren(QPushButton) if button.text() == "Quit").click()
    assert await asyncio.wait_for(opened.task, 60) == EXIT_FAILURE
