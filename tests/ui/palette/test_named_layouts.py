"""Layouts by name, from the palette: saved, switched to, deleted, reset; a file that is none changes nothing."""

from itertools import pairwise
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from tests.ui.palette.scenes import CTRL, palette_scene
from tests.ui.palette.test_palette import titles
from tradestream_gui.ui.palette.palette import Palette
from tradestream_gui.ui.shell.layout_store import LayoutStore
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.named_layouts import monitors


async def test_a_layout_is_saved_switched_to_reset_and_deleted_by_keys(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        window = here.window
        window.dock("log").close()
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, window.dock("watchlist"))
        palette = here.type("save layout as ")
        here.press(palette)
        assert palette.isVisible(), "a layout needs a name"
        QTest.keyClicks(palette.field, "Scalp / 1")
        here.press(palette)
        assert LayoutStore(tmp_path).names(monitors()) == ["Scalp / 1"]
        here.press(here.type("reset layout"))
        assert window.dock("log").isVisible()
        assert window.dockWidgetArea(window.dock("watchlist")) == Qt.DockWidgetArea.LeftDockWidgetArea
        QTest.keyClick(window, Qt.Key.Key_L, CTRL)
        opened = window.findChild(Palette)
        assert opened is not None
        assert "Layout “Scalp / 1”" in titles(opened)
        QTest.keyClicks(opened.field, "sca")
        assert titles(opened)[0] == "Layout “Scalp / 1”"
        here.press(opened)
        assert not window.dock("log").isVisible()
        assert window.dockWidgetArea(window.dock("watchlist")) == Qt.DockWidgetArea.RightDockWidgetArea
        palette = here.type("delete layout")
        assert titles(palette)[0] == "Delete layout “Scalp / 1”"
        here.press(palette)
        assert LayoutStore(tmp_path).names(monitors()) == []
        QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
        assert LayoutStore(tmp_path).names(monitors()) == ["Scalp / 1"], "the note's Undo, by its key"


async def test_a_layout_that_was_reset_by_mistake_comes_back(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        window = here.window
        window.dock("log").close()
        here.press(here.type("reset layout"))
        assert window.dock("log").isVisible()
        (note,) = [note for note in window.toasts.notes if note.action == "Undo"]
        assert note.on_action is not None
        note.on_action()
        assert not window.dock("log").isVisible()


async def test_other_monitors_have_layouts_of_their_own_and_a_broken_one_changes_nothing(
    look: Look, tmp_path: Path
) -> None:
    async with palette_scene(look, tmp_path) as here:
        store, window = LayoutStore(tmp_path), here.window
        store.save_layout(*window.layout_state(), store.named("elsewhere", "Desk"))
        for ending in ("geometry", "state"):
            (tmp_path / f"{store.named(monitors(), 'Broken')}.{ending}").write_bytes(b"none")
        (tmp_path / f"named-{monitors()}-zz.state").write_bytes(b"none")
        assert store.names(monitors()) == ["Broken"]
        window.dock("log").close()
        palette = here.type("layout broken")
        here.press(palette)
        assert not window.dock("log").isVisible()
        assert "does not fit this version" in " ".join(note.title for note in window.toasts.notes)


async def test_the_layouts_that_come_with_the_program_have_keys(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        window = here.window
        window.resize(1600, 960)

        def press(key: Qt.Key) -> set[str]:
            QTest.keyClick(window, key, CTRL | Qt.KeyboardModifier.AltModifier)
            QApplication.processEvents()
            return {dock.objectName() for dock in window.docks() if not dock.isHidden()}

        assert press(Qt.Key.Key_2) == {"watchlist", "chart", "ladder"}
        ladder, chart = window.dock("ladder"), window.dock("chart")
        assert ladder.geometry().left() > chart.geometry().left(), "side by side"
        assert ladder.height() == chart.height() > window.height() / 2
        assert "Layout “Futures scalp”." in [note.title for note in window.toasts.notes]
        assert press(Qt.Key.Key_3) == {"watchlist", "chart", "log"}
        assert window.tabs.tabText(window.tabs.currentIndex()) == "Order entry"
        assert press(Qt.Key.Key_4) == {"watchlist", "chart", "log"}
        assert window.tabs.tabText(window.tabs.currentIndex()) == "Messages"
        window.dock("log").setFloating(True)
        assert press(Qt.Key.Key_1) == {"watchlist", "chart", "ladder", "log"}
        assert not window.dock("log").isFloating()
        assert ladder.geometry().top() > chart.geometry().top(), "the ladder below the chart, as at the first start"


async def test_a_layout_of_ones_own_cannot_hide_one_that_comes_with_the_program(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        here.press(here.type("save layout as options"))
        assert LayoutStore(tmp_path).names(monitors()) == []
        assert "comes with the program" in " ".join(note.title for note in here.window.toasts.notes)
        palette = here.type("layout scalp")
        assert titles(palette)[0] == "Layout “Futures scalp”"
        here.press(palette)
        assert here.window.dock("log").isHidden()


async def test_no_button_of_the_risk_bar_is_cut_however_large_the_text(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        bar = here.window.risk_bar
        for scale in (1.0, 1.5, 2.0):
            look.set_scale(scale)
            here.window.resize(1600, 960)
            QApplication.processEvents()
            buttons = [here.window.arm_switch, bar.flatten, bar.kill]
            assert all(button.width() >= button.sizeHint().width() for button in buttons), scale
            for left, right in pairwise(buttons):
                assert left.geometry().right() < right.geometry().left(), scale
            assert bar._used.isVisible() or scale > 1.0, "all of it at the usual size"
        assert bar.account.width() >= bar.account.sizeHint().width()
        here.window.resize(1280, 960)
        QApplication.processEvents()
        assert bar._room.isHidden(), "the Portfolio has it too: it leaves before the account's name is cut deep"
        assert bar.account.width() >= 0.7 * bar.account.sizeHint().width()
        look.set_scale(1.0)
