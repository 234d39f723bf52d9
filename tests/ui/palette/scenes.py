"""The real window over a demo core, with its palette opened by its key, for the palette's tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from tests.support import eventually
from tests.ui.tabs.rig import Rig, demo_rig
from tradestream_gui.domain.orders import Order
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.ui.palette.palette import Palette
from tradestream_gui.ui.shell.dialogs import QuestionDialog
from tradestream_gui.ui.shell.layout_store import LayoutStore
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.main_window import MainWindow
from tradestream_gui.ui.shell.parts import DOCKS, TABS
from tradestream_gui.ui.shell.window_actions import WindowActions

CTRL = Qt.KeyboardModifier.ControlModifier


class PaletteScene:
    def __init__(self, rig: Rig, window: MainWindow, actions: WindowActions) -> None:
        self.rig, self.window, self.actions = rig, window, actions

    def open(self) -> Palette:
        """By its key, as a person does."""
        QTest.keyClick(self.window, Qt.Key.Key_K, CTRL)
        palette = self.window.findChild(Palette)
        assert palette is not None
        assert palette.isVisible()
        assert QApplication.focusWidget() is palette.field
        return palette

    def type(self, text: str) -> Palette:
        palette = self.open()
        QTest.keyClicks(palette.field, text)
        return palette

    @staticmethod
    def press(palette: Palette, key: Qt.Key = Qt.Key.Key_Return) -> None:
        QTest.keyClick(palette.field, key)  # type: ignore[call-overload]  # the stub forgot "static"

    async def quote(self, symbol: str) -> Quote:
        instrument = self.rig.instrument(symbol)
        await self.rig.core.subscriptions.subscribe(instrument)
        await self.rig.advance(3)
        quote = self.rig.core.board.quote(instrument.instrument_id)
        assert quote is not None
        return quote

    def orders(self) -> list[Order]:
        return [order for order in self.rig.core.blotter.orders() if order.origin.kind.value == "manual"]


@asynccontextmanager
async def palette_scene(look: Look, tmp_path: Path) -> AsyncIterator[PaletteScene]:
    async with demo_rig(tmp_path) as rig:
        window = MainWindow(look, TABS, DOCKS)
        window.resize(1500, 900)
        window.attach(rig.core, rig.hub)
        actions = WindowActions(window, look, rig.core, rig.hub, LayoutStore(tmp_path))
        for key in window.unmade():
            window.part(key)
        window.show()
        window.activateWindow()
        await eventually(window.isActiveWindow)
        try:
            yield PaletteScene(rig, window, actions)
        finally:
            window.hide()
            window.deleteLater()


async def question() -> QuestionDialog:
    def found() -> QuestionDialog | None:
        dialog = QApplication.activeModalWidget()
        return dialog if isinstance(dialog, QuestionDialog) else None

    dialog = await eventually(found, why="the question")
    assert dialog is not None
    return dialog
