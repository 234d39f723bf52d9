"""The palette by keys alone: symbols, actions, settings; what was chosen lately first; nothing dangerous by a slip."""

from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from tests.support import eventually
from tests.ui.palette.scenes import CTRL, palette_scene
from tests.ui.tabs.rig import DEMO_ACCOUNT
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.ui.docks.chart.dock import ChartDock
from tradestream_gui.ui.palette.palette import Palette
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.config import ConfigTab


def titles(palette: Palette) -> list[str]:
    rows = [palette.list.item(row) for row in range(palette.list.count())]
    return [row.text() for row in rows if row is not None]


async def test_a_symbol_opens_its_chart(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        here.window.dock("chart").close()
        palette = here.type("nq")
        assert titles(palette)[0] == "NQ"
        here.press(palette)
        chart = here.window.part("chart")
        assert isinstance(chart, ChartDock)
        assert here.window.dock("chart").isVisible()
        wanted = here.rig.instrument("NQ").instrument_id
        await eventually(lambda: chart.keep_state() and wanted in str(chart.keep_state()))
        await here.rig.advance(1)
        assert wanted in {instrument.instrument_id for instrument in here.rig.core.subscriptions.instruments()}


async def test_an_action_runs_and_shows_the_key_that_it_has_now(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        palette = here.type("arm or")
        assert titles(palette)[0] == "Arm or disarm one-click entries"
        spoken = palette.list.item(0).data(Qt.ItemDataRole.AccessibleTextRole)  # type: ignore[union-attr]  # the row above
        assert "Ctrl+Shift+A" in spoken
        here.press(palette)
        assert here.window.arming.is_armed
        assert not palette.isVisible()
        here.press(here.type("analyt"))
        assert here.window.tabs.currentIndex() == 3


async def test_a_setting_opens_its_page_with_the_keyboard_in_its_field(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        palette = here.type("daily loss limit")
        rows = [palette.list.item(row) for row in range(palette.list.count())]
        spoken = [row.data(Qt.ItemDataRole.AccessibleTextRole) for row in rows if row is not None]
        assert spoken[0] == "Daily loss limit, setting, Risk & limits · Loss"
        assert len(set(spoken)) == len(spoken), "settings of the same name say whose they are"
        here.press(palette)
        config = here.window.part("config")
        assert isinstance(config, ConfigTab)
        assert here.window.tabs.currentWidget() is config
        page = config.page("risk")
        assert config.stack.currentWidget() is page
        row = page.fields["risk.daily_loss_limit"]
        assert row.isAncestorOf(QApplication.focusWidget())
        assert not row.visibleRegion().isEmpty()


async def test_what_was_chosen_lately_comes_first_and_is_kept(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        here.press(here.type("next theme"))
        here.press(here.type("nq"))
        palette = here.open()
        assert titles(palette)[:2] == ["NQ", "Next theme"]
        kept = palette.keep_state()
        palette.restore_state({"recent": ["action:help", 5]})
        assert palette.keep_state() == {"recent": ["action:help"]}
        palette.restore_state(kept)
        assert palette.keep_state() == kept


async def test_arrows_choose_and_escape_gives_the_keyboard_back(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        tabs = here.window.tabs
        tabs.setFocus()
        palette = here.open()
        second = titles(palette)[1]
        here.press(palette, Qt.Key.Key_Down)
        current = palette.list.currentItem()
        assert current is not None
        assert current.text() == second
        here.press(palette, Qt.Key.Key_Up)
        here.press(palette, Qt.Key.Key_Up)
        assert palette.list.currentRow() == palette.list.count() - 1
        here.press(palette, Qt.Key.Key_Escape)
        assert not palette.isVisible()
        assert tabs.isAncestorOf(QApplication.focusWidget()) or QApplication.focusWidget() is tabs


async def test_kill_and_flatten_are_not_found_by_a_stray_letter(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        for text in ("", "k", "fl", "fla ll", "tten"):
            palette = here.type(text)
            assert not [title for title in titles(palette) if title.startswith(("KILL", "Flatten all"))], text
            here.press(palette, Qt.Key.Key_Escape)
        palette = here.type("kill")
        assert titles(palette)[0].startswith("KILL")
        here.press(palette)
        assert here.rig.core.accounts.state(DEMO_ACCOUNT).trading_state is TradingState.LOCKED
        assert not [name for name in palette.finder.recent if "kill" in name]
        await here.rig.advance(1)


async def test_its_key_is_the_users_own(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        settings = here.rig.core.settings
        await settings.apply(settings.propose({"keyboard.shortcuts": {"palette": "Ctrl+P"}}), confirmed=True)
        QTest.keyClick(here.window, Qt.Key.Key_K, CTRL)
        assert here.window.findChild(Palette) is None
        QTest.keyClick(here.window, Qt.Key.Key_P, CTRL)
        palette = here.window.findChild(Palette)
        assert palette is not None
        assert palette.isVisible()
        QTest.keyClick(here.window, Qt.Key.Key_P, CTRL)
        assert not palette.isVisible()


async def test_a_click_elsewhere_closes_it(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        palette = here.type("es")
        here.window.tabs.setFocus()
        assert not palette.isVisible()


async def test_nothing_found_says_what_can_be_typed(look: Look, tmp_path: Path) -> None:
    async with palette_scene(look, tmp_path) as here:
        palette = here.type("qqqqzz")
        assert palette.nothing.isVisible()
        here.press(palette)
        assert palette.isVisible()
