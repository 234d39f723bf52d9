"""Ctrl+F goes to the search field of the region in focus, else to the tab's, else to the palette."""

from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from tests.ui.palette.scenes import palette_scene
from tradestream_gui.ui.palette.palette import Palette
from tradestream_gui.ui.shell.look import Look

CTRL = Qt.KeyboardModifier.ControlModifier


async def test_the_find_key_goes_where_something_can_be_searched(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        window = here.window

        def found() -> str:
            QTest.keyClick(window, Qt.Key.Key_F, CTRL)
            focused = QApplication.focusWidget()
            return "" if focused is None else focused.accessibleName()

        window.show_tab("messages").setFocus()
        assert found() == "Search messages"
        window.part("log").table.setFocus()  # type: ignore[attr-defined]  # the dock, not any widget
        assert found() == "Filter the log by text"
        window.show_tab("config")
        window.tabs.setFocus()
        assert found() == "Search settings"
        window.show_tab("portfolio")
        window.tabs.setFocus()
        found()
        assert any(palette.isVisible() for palette in window.findChildren(Palette)), "nothing to search stands there"
