"""The window's layout between two starts: moved docks come back, a layout that does not fit is left for the default."""

from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QToolButton, QWidget

from tests.ui.shell.sessions import Opened, ready
from tradestream_gui.ui.shell.layout_store import LayoutStore
from tradestream_gui.ui.widgets.table_view import TableView


async def test_moved_and_closed_docks_are_so_at_the_next_start(qapp: QApplication, tmp_path: Path) -> None:
    async with ready(qapp, tmp_path) as opened:
        window = opened.session.window
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, window.dock("watchlist"))
        window.dock("log").close()
    again = Opened(qapp, tmp_path)
    again.start()
    await again.stands()
    window = again.session.window
    assert window.dockWidgetArea(window.dock("watchlist")) == Qt.DockWidgetArea.RightDockWidgetArea
    assert not window.dock("log").isVisible()
    await again.close()


async def test_columns_that_the_user_arranged_are_so_at_the_next_start(qapp: QApplication, tmp_path: Path) -> None:
    def table(opened: Opened, name: str) -> TableView:
        found = opened.session.window.findChildren(TableView)
        return next(each for each in found if each.accessibleName() == name)

    async with ready(qapp, tmp_path) as opened:
        watchlist = table(opened, "Watchlist")
        header = watchlist.horizontalHeader()
        assert header is not None
        watchlist.fit.take_over()
        header.moveSection(0, 1)
        watchlist.setColumnWidth(1, 111)
        portfolio = opened.session.window.part("portfolio")
        portfolio.pages.setCurrentIndex(1)  # type: ignore[attr-defined]  # the tab, not any widget
        history = table(opened, "Order history")
        history.fit.take_over()
        history.setColumnWidth(2, 97)
    kept = LayoutStore(opened.paths.layouts_dir).columns()
    assert set(kept) == {"Watchlist", "Order history"}, "a table that nobody arranged fits itself"
    again = Opened(qapp, tmp_path)
    again.start()
    await again.stands()
    watchlist = table(again, "Watchlist")
    header = watchlist.horizontalHeader()
    assert header is not None
    assert (header.visualIndex(0), watchlist.columnWidth(1)) == (1, 111)
    portfolio = again.session.window.part("portfolio")
    portfolio.pages.setCurrentIndex(1)  # type: ignore[attr-defined]  # the tab, not any widget
    assert table(again, "Order history").columnWidth(2) == 97, "as soon as it is first looked at"
    await again.close()


def test_kept_columns_that_cannot_be_read_are_none(tmp_path: Path) -> None:
    store = LayoutStore(tmp_path)
    for text in ("", "[]", '{"Watchlist": 1}', '{"Watchlist": {"keys": [], "state": "zz", "scale": 1}}'):
        (tmp_path / "columns.json").write_text(text, encoding="utf-8")
        assert store.columns() == {}


async def test_reset_layout_brings_the_docks_back(qapp: QApplication, tmp_path: Path) -> None:
    async with ready(qapp, tmp_path) as opened:
        opened.session.window.dock("log").close()
    again = Opened(qapp, tmp_path, "--reset-layout")
    again.start()
    await again.stands()
    assert again.session.window.dock("log").isVisible()
    await again.close()


async def test_a_broken_layout_file_leaves_the_default(qapp: QApplication, tmp_path: Path) -> None:
    opened = Opened(qapp, tmp_path)
    for ending in ("geometry", "state"):
        (opened.paths.layouts_dir / f"last.{ending}").write_bytes(b"not a layout")
    opened.start()
    await opened.stands()
    assert all(opened.session.window.dock(key).isVisible() for key in ("watchlist", "chart", "log"))
    await opened.close()


async def test_each_tab_has_its_key(qapp: QApplication, tmp_path: Path) -> None:
    async with ready(qapp, tmp_path) as opened:
        window = opened.session.window
        for number in (5, 1, 2, 3, 4, 5):
            QTest.keyClick(window, getattr(Qt.Key, f"Key_{number}"), Qt.KeyboardModifier.ControlModifier)
            assert window.tabs.currentIndex() == number - 1


async def test_a_dock_torn_off_by_its_button_is_torn_off_at_the_next_start_and_goes_back(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with ready(qapp, tmp_path) as opened:
        window = opened.session.window
        chart = window.dock("chart")
        QTest.mouseClick(_button(window, "Tear off Chart"), Qt.MouseButton.LeftButton)
        assert chart.isFloating()
        chart.setGeometry(120, 90, 700, 500)
    again = Opened(qapp, tmp_path)
    again.start()
    await again.stands()
    window = again.session.window
    chart = window.dock("chart")
    assert chart.isFloating()
    assert (chart.width(), chart.height()) == (700, 500)
    QTest.mouseClick(_button(window, "Put back Chart"), Qt.MouseButton.LeftButton)
    assert not chart.isFloating()
    assert window.dockWidgetArea(chart) == Qt.DockWidgetArea.RightDockWidgetArea
    await again.close()


def _button(window: QWidget, name: str) -> QToolButton:
    return next(button for button in window.findChildren(QToolButton) if button.accessibleName() == name)
