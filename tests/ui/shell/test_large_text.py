"""The window under a larger text: nothing on a button is cut, and docks give way and come back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from tests.ui.shell.sessions import ready
from tradestream_gui.paths import bundled_root
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.main_window import MainWindow
from tradestream_gui.ui.shell.parts import DOCKS, TABS
from tradestream_gui.ui.tabs.config import ConfigTab
from tradestream_gui.ui.tabs.config.pages import PAGES
from tradestream_gui.ui.widgets.lamp import Lamp, LampState
from tradestream_gui.ui.widgets.toast import Toast, ToastLevel, ToastNote

SIZE = (1600, 960)
CHART_WITH_LADDER = 692
"""How wide the column of the chart is once the ladder stands in it under a text of 200 %."""
LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea


@pytest.fixture
def window(qapp: QApplication) -> Iterator[MainWindow]:
    """Docks and tabs in their places, without a core."""
    look = Look(qapp, themes_dir=bundled_root("themes"), resources_dir=bundled_root("resources"))
    window = MainWindow(look, TABS, DOCKS)
    window.resize(*SIZE)
    window.show()
    window.default_layout()
    yield window
    look.set_scale(1.0)
    window.hide()
    window.deleteLater()


async def test_no_button_is_cut_at_any_text_size(qapp: QApplication, tmp_path: Path) -> None:
    async with ready(qapp, tmp_path, "--demo") as opened:
        session = opened.session
        session.window.resize(*SIZE)
        session.window.default_layout()
        for scale in (1.5, 2.0, 1.0):
            session.look.set_scale(scale)
            for plan in TABS:
                session.window.show_tab(plan.key)
                settle(qapp)
                assert cut_words(session.window) == [], f"{plan.title} at {scale:.0%}"
        session.look.set_scale(2.0)
        bar = session.window.risk_bar
        bar.show_link("paper", LampState.DOWN, "down", "The disk is full.")
        bar.show_link("demo", LampState.WARN, "silent")
        settle(qapp)
        seen = {lamp.name: lamp.visibleRegion().boundingRect().width() for lamp in bar.findChildren(Lamp)}
        needed = {lamp.name: lamp.sizeHint().width() for lamp in bar.findChildren(Lamp)}
        assert seen == needed


def test_watchlist_and_log_give_way_and_come_back(window: MainWindow, qapp: QApplication) -> None:
    watchlist, chart, log = (window.dock(key) for key in ("watchlist", "chart", "log"))
    window.look.set_scale(2.0)
    settle(qapp)
    assert window.tabifiedDockWidgets(chart) == [watchlist]
    assert log.isHidden()
    assert window.tabs.width() >= window.width() / 2
    window.look.set_scale(1.0)
    settle(qapp)
    assert window.dockWidgetArea(watchlist) is LEFT
    assert not watchlist.visibleRegion().isEmpty()
    assert log.isVisible()


def test_a_note_stays_above_the_panes_when_they_are_arranged_anew(window: MainWindow, qapp: QApplication) -> None:
    window.toasts.show(ToastNote(ToastLevel.ERROR, "Rejected"))
    window.look.set_scale(2.0)
    settle(qapp)
    parts = [child for child in window.children() if isinstance(child, QWidget)]
    middle, note = window.centralWidget(), window.findChild(Toast)
    assert middle is not None
    assert note is not None
    assert parts.index(note) > max(parts.index(middle), *(parts.index(dock) for dock in window.docks()))
    window.toasts.clear()


def test_dock_that_the_user_has_moved_meanwhile_stays_there(window: MainWindow, qapp: QApplication) -> None:
    window.look.set_scale(2.0)
    settle(qapp)
    window.dock("log").show()
    window.look.set_scale(1.0)
    settle(qapp)
    assert window.dockWidgetArea(window.dock("watchlist")) is RIGHT
    assert window.dock("log").isVisible()


def settle(app: QApplication) -> None:
    """Docks take their places over several turns of the loop."""
    for _ in range(4):
        app.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)


def cut_words(window: QWidget) -> list[str]:
    """What stands on buttons and captions in sight with less room than it takes."""
    found: list[QAbstractButton | QLabel] = [*window.findChildren(QPushButton), *window.findChildren(QToolButton)]
    found += [label for label in window.findChildren(QLabel) if not label.wordWrap()]
    cut = []
    for widget in found:
        seen = widget.visibleRegion().boundingRect()
        lines = widget.text().replace("&", "").split("\n")
        needed = max(widget.fontMetrics().horizontalAdvance(line) for line in lines)
        if not seen.isEmpty() and seen.width() < needed and not _may_be_cut(widget):
            cut.append(f"{widget.text()!r} of {type(widget.parentWidget()).__name__} has {seen.width()} px of {needed}")
    return cut


def _may_be_cut(widget: QWidget) -> bool:
    """A line that says that it takes any width has its whole words in the tool tip."""
    return widget.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Ignored


async def test_no_page_of_the_settings_scrolls_sideways(qapp: QApplication, tmp_path: Path) -> None:
    async with ready(qapp, tmp_path, "--demo") as opened:
        session = opened.session
        session.window.resize(*SIZE)
        session.window.default_layout()
        tab = session.window.show_tab("config")
        assert isinstance(tab, ConfigTab)
        for scale in (2.0, 1.0):
            session.look.set_scale(scale)
            settle(qapp)
            chart = session.window.dock("chart")
            session.window.resizeDocks([chart], [CHART_WITH_LADDER], Qt.Orientation.Horizontal)
            for page in PAGES:
                tab.show_page(page.key)
                tab.page(page.key).finish()
                settle(qapp)
                bar = tab.page(page.key).horizontalScrollBar()
                assert bar is not None
                assert bar.maximum() == 0, f"{page.title} at {scale:.0%}"
