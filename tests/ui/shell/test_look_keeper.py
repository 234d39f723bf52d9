"""The look of the window: the settings decide it at the start and live, and the next first paint has it already."""

from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from tests.support import eventually
from tests.ui.shell.sessions import Opened, ready
from tradestream_gui.ui.shell.layout_store import LayoutStore, SavedLook
from tradestream_gui.upkeep.settings.model import Theme

ROOMY = {
    "appearance.theme": "light",
    "appearance.font_size": 13,
    "appearance.density": "comfortable",
    "appearance.reduce_motion": True,
    "appearance.profit_colours": "blue-orange",
}
LIGHT = SavedLook("light", 1.3, "comfortable", True, "blue-orange")


async def test_appearance_settings_hold_at_once_and_from_the_first_paint_of_the_next_start(
    qapp: QApplication, tmp_path: Path
) -> None:
    async with ready(qapp, tmp_path) as opened:
        core, look = opened.core, opened.session.look
        await core.settings.apply(core.settings.propose(ROOMY))
        assert SavedLook.of(look) == LIGHT
    again = Opened(qapp, tmp_path)
    again.start()
    look = again.session.look
    assert SavedLook.of(look) == LIGHT
    await again.stands()
    await again.close()


async def test_a_look_file_that_differs_yields_to_the_settings(qapp: QApplication, tmp_path: Path) -> None:
    opened = Opened(qapp, tmp_path)
    LayoutStore(opened.paths.layouts_dir).save_look(SavedLook("light", 1.5, "comfortable", True))
    opened.start()
    await opened.stands()
    look = opened.session.look
    await eventually(lambda: SavedLook.of(look) == SavedLook("dark", 1.0, "compact", False), why="the settings' look")
    await opened.close()


async def test_the_theme_and_size_chosen_by_keys_are_kept_in_the_settings(qapp: QApplication, tmp_path: Path) -> None:
    async with ready(qapp, tmp_path) as opened:
        window, settings = opened.session.window, opened.core.settings
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        QTest.keyClick(window, Qt.Key.Key_T, both)
        QTest.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
        await eventually(lambda: settings.current.appearance.theme is Theme.LIGHT, why="the theme is stored")
        assert settings.current.appearance.font_size == 11
        await eventually(lambda: LayoutStore(opened.paths.layouts_dir).look().scale == 1.1, why="the look is cached")


async def test_a_theme_of_the_command_line_holds_for_this_run_only(qapp: QApplication, tmp_path: Path) -> None:
    async with ready(qapp, tmp_path, "--theme", "light") as opened:
        assert opened.session.look.theme.name == "light"
        assert opened.core.settings.current.appearance.theme is Theme.DARK
        assert LayoutStore(opened.paths.layouts_dir).look().theme == "dark"


async def test_a_demo_opens_in_the_look_that_was_chosen_before(qapp: QApplication, tmp_path: Path) -> None:
    opened = Opened(qapp, tmp_path, "--demo")
    LayoutStore(opened.paths.layouts_dir).save_look(SavedLook("light", 1.2, "comfortable", False))
    opened.start()
    await opened.stands()
    appearance = opened.core.settings
    await eventually(lambda: appearance.current.appearance.theme is Theme.LIGHT, why="the demo takes the look over")
    assert SavedLook.of(opened.session.look) == SavedLook("light", 1.2, "comfortable", False)
    await opened.close()
