"""The window under a larger text: nothing on a button is cut, and docks give way and come back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QEvent, QPoint, QRect, Qt
from PyQt6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from tests.ui.shell.sessions import ready
from tradestream_gui.paths import bundled_root
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.main_window import MainWindow
from tradestream_gui.ui.shell.parts import DOCKS, TABS
from tradestream_gui.ui.tabs.config import ConfigTab
from tradestream_gui.ui.tabs.config.pages import PAGES
from tradestream_gui.ui.widgets.lamp import Lamp, LampState
from tradestream_gui.ui.widgets.toast import SHOWN_AT_ONCE, Toast, ToastLevel, ToastNote

SIZE = (1600, 960)
CHART_WITH_LADDER = 692
"""How wide the column of the chart is once the ladder stands in it under a text of 200 %."""
SMALL_SIZES = ((1280, 800), (1600, 900))
WAYS_OUT = ("Cancel", "Flatten", "KILL", "Half", "Reverse", "Stop to BE", "100 %", "Break-even", "Buy ", "Choose ")
"""How the words on buttons begin that take risk away, and on that which sends the ticket."""
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


async def test_no_button_is_cut_or_under_a_note_and_no_page_scrolls_sideways_at_any_text_size(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with ready(qapp, tmp_path, "--demo") as opened:
        session = opened.session
        session.window.resize(*SIZE)
        session.window.default_layout()
        for number in range(SHOWN_AT_ONCE):
            words = "The broker refused it: the account is restricted to closing orders until tomorrow"
            session.window.toasts.show(ToastNote(ToastLevel.ERROR, f"Order {number} rejected", words))
        for scale in (1.5, 2.0, 1.0):
            session.look.set_scale(scale)
            for plan in TABS:
                session.window.show_tab(plan.key)
                settle(qapp)
                assert cut_words(session.window) == [], f"{plan.title} at {scale:.0%}"
                if plan.key == "order_entry":
                    for size in SMALL_SIZES:
                        session.window.resize(*size)
                        settle(qapp)
                        found = covered_ways_out(session.window) + cut_words(session.window)
                        assert found == [], f"{plan.title} at {scale:.0%} in {size}"
                    session.window.resize(*SIZE)
                assert covered_ways_out(session.window) == [], f"{plan.title} at {scale:.0%}"
            if scale == 2.0:
                assert cut_lamps(session.window, qapp) == []
            if scale != 1.5:
                chart = session.window.dock("chart")
                session.window.resizeDocks([chart], [CHART_WITH_LADDER], Qt.Orientation.Horizontal)
                tab = session.window.show_tab("config")
                assert isinstance(tab, ConfigTab)
                assert wider_than_the_window(tab, qapp) == [], f"at {scale:.0%}"
                session.window.default_layout()


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


def covered_ways_out(window: MainWindow) -> list[str]:
    """Buttons under a note; and the newest note itself, where none of it is in sight."""
    notes = [note for note in window.findChildren(Toast) if note.isVisible()]
    found = [] if notes and window.toasts.notes[-1] in [note.note for note in notes] else ["the newest note is hidden"]
    for button in window.findChildren(QPushButton):
        if button.isVisible() and button.text().startswith(WAYS_OUT) and button.window() is window:
            place = QRect(button.mapTo(window, QPoint(0, 0)), button.size())
            found += [button.text() for note in notes if note.geometry().intersects(place)]
    return found


def _may_be_cut(widget: QWidget) -> bool:
    """A line that says that it takes any width has its whole words in the tool tip."""
    return widget.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Ignored


def cut_lamps(window: MainWindow, app: QApplication) -> list[str]:
    """Lamps that do not show their whole word, also one that has just appeared."""
    bar = window.risk_bar
    bar.show_link("paper", LampState.DOWN, "down", "The disk is full.")
    bar.show_link("demo", LampState.WARN, "silent")
    settle(app)
    return [
        lamp.name for lamp in bar.findChildren(Lamp)
        if lamp.visibleRegion().boundingRect().width() != lamp.sizeHint().width()
    ]  # fmt: skip


def wider_than_the_window(tab: ConfigTab, app: QApplication) -> list[str]:
    """Pages of the settings that can be moved sideways."""
    found = []
    for page in PAGES:
        tab.show_page(page.key)
        tab.page(page.key).finish()
        settle(app)
        bar = tab.page(page.key).horizontalScrollBar()
        assert bar is not None
        if bar.maximum():
            found.append(page.title)
    return found
