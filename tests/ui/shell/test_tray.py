"""The menu of the tray, as it hangs in the window too: what its lines send by key, armed and disarmed, and the rest."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QIcon, QImage
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QSystemTrayIcon, QWidget

from tests.ui.shell.asking_analyst import AskingAnalyst
from tests.ui.tabs.rig import DEMO_ACCOUNT, Rig, demo_rig
from tests.ui.waiting import until
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.ui.shell.layout_store import LayoutStore
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.main_window import MainWindow
from tradestream_gui.ui.shell.mode_keeper import ModeKeeper
from tradestream_gui.ui.shell.parts import TABS
from tradestream_gui.ui.shell.tray import LOOK_S, Tray, tray_words
from tradestream_gui.ui.shell.tray_icon import TrayIcon, face
from tradestream_gui.ui.shell.window_actions import WindowActions
from tradestream_gui.ui.tabs.config.outlets_card import NO_TRAY, OutletsCard
from tradestream_gui.ui.tabs.messages.tab import MessagesTab
from tradestream_gui.ui.widgets.mode_band import Band
from tradestream_gui.upkeep.settings.notifications import Outlet

CUT_BY_WINDOWS = 127
"""Characters of a tool tip that it shows."""


class Panel:
    """The desktop's panel with the tray, which is not there at first."""

    is_up = False

    def has_tray(self) -> bool:
        return self.is_up


class Scene:
    def __init__(self, rig: Rig, me: AskingAnalyst, window: MainWindow, tray: Tray, panel: Panel) -> None:
        self.rig, self.me, self.window, self.tray, self.panel = rig, me, window, tray, panel

    def press(self, *keys: Qt.Key) -> None:
        menu: QWidget = self.tray.menu
        for key in keys:
            QTest.keyClick(menu, key)

    def shown(self) -> QSystemTrayIcon:
        assert self.window.desktop is not None
        assert self.window.desktop.is_there
        found = self.window.desktop._tray
        assert found is not None
        return found

    def look_again(self) -> None:
        for _ in range(LOOK_S):
            self.rig.hub.second.emit()

    def words(self) -> str:
        """Under the pointer."""
        return self.shown().toolTip()

    def lines(self) -> list[str]:
        return [action.text() for action in self.tray.menu.lines()]


@asynccontextmanager
async def scene(look: Look, folder: Path) -> AsyncIterator[Scene]:
    async with demo_rig(folder, 5) as rig:
        me = AskingAnalyst(rig)
        await me.join({})
        window = MainWindow(look, tuple(plan for plan in TABS if plan.key in ("portfolio", "messages")), ())
        window.attach(rig.core, rig.hub)
        actions = WindowActions(window, look, rig.core, rig.hub, LayoutStore(folder))
        panel = Panel()
        icon = TrayIcon(window.windowIcon(), panel.has_tray)
        tray = Tray(window, look, rig.core, rig.hub, actions, icon)
        mode = ModeKeeper(window.band, rig.core, rig.hub, is_demo=True, is_safe=False)
        assert mode.parent() is window.band
        window.show()
        try:
            yield Scene(rig, me, window, tray, panel)
        finally:
            tray.close()
            tray.menu.hide()
            window.hide()
            window.deleteLater()


async def test_enter_sends_the_first_alert_exactly_as_its_line_says(look: Look, tmp_path: Path) -> None:
    async with scene(look, tmp_path) as here:
        here.window.arming.arm()
        key, other = await here.me.post(), await here.me.post("NQ flat")
        here.tray.open()
        (line,) = here.lines()
        assert line.startswith("&1  Send (Me): "), line
        assert "BUY 3 MES" in line
        assert "risk $" in line
        assert here.window.band.waiting.text() == "1 alert waits"
        here.press(Qt.Key.Key_Return)
        await here.rig.settle()
        (order,) = here.me.entries()
        assert (order.order_qty, order.instrument_id) == (3, here.rig.instrument("MES").instrument_id)
        assert here.rig.decision(key).outcome is Outcome.TRADED
        assert here.rig.decision(other).outcome is not Outcome.TRADED
        await until(lambda: not here.lines())
        assert here.window.toasts.notes, "what came of it is told"


async def test_disarmed_a_choice_shows_the_alert_and_opens_nothing(look: Look, tmp_path: Path) -> None:
    async with scene(look, tmp_path) as here:
        key = await here.me.post()
        here.tray.open()
        assert here.lines()[0].startswith("&1  Look at (Me): ")
        here.press(Qt.Key.Key_Return)
        await here.rig.settle()
        assert here.me.entries() == []
        assert here.rig.decision(key).outcome is Outcome.AWAITING
        messages = here.window.part("messages")
        assert isinstance(messages, MessagesTab)
        assert here.window.tabs.currentWidget() is messages
        await until(lambda: messages.list.current_key() == key)


async def test_disarmed_an_exit_goes_because_it_only_reduces(look: Look, tmp_path: Path) -> None:
    async with scene(look, tmp_path) as here:
        here.window.arming.arm()
        await here.me.post()
        here.tray.open()
        here.press(Qt.Key.Key_1)
        await here.rig.settle()
        await until(lambda: bool(here.rig.core.lots.open_lots()))
        here.window.arming.disarm()
        key = await here.me.post("all out ES")
        here.tray.open()
        assert here.lines()[0].startswith("&1  Send (Me): ")
        here.press(Qt.Key.Key_Return)
        await here.rig.settle()
        assert here.rig.decision(key).outcome is Outcome.DONE


async def test_an_alert_that_comes_while_the_menu_is_open_moves_no_line(look: Look, tmp_path: Path) -> None:
    async with scene(look, tmp_path) as here:
        here.window.arming.arm()
        first = await here.me.post()
        here.tray.open()
        before = here.lines()
        await here.me.post("NQ long 22950: A\nStop: 22930")
        assert len(here.lines()) == len(before)
        here.rig.core.alerts.reject(first, "answered elsewhere")
        await until(lambda: here.lines() == ["&1  No longer waits"])
        here.press(Qt.Key.Key_Return)
        await here.rig.settle()
        assert here.me.entries() == []


async def test_a_menu_that_the_desktop_draws_moves_no_line_while_it_is_open(look: Look, tmp_path: Path) -> None:
    async with scene(look, tmp_path) as here:
        here.window.arming.arm()
        await here.me.post()
        here.tray.menu.aboutToShow.emit()  # as such a desktop tells of it; Qt shows nothing
        before = here.lines()
        assert len(before) == 1
        await here.me.post("NQ long 22950: A\nStop: 22930")
        here.tray.refresh()
        assert len(here.lines()) == 1
        here.tray.menu.aboutToShow.emit()
        assert len(here.lines()) == 2, "the next opening has them, though nobody told of the closing"
        here.tray.menu.aboutToHide.emit()
        here.tray.refresh()
        assert len(here.lines()) == 2


async def test_a_tray_that_comes_late_has_all_of_it_and_one_that_goes_gives_the_window_back(
    look: Look, tmp_path: Path
) -> None:
    async with scene(look, tmp_path) as here:
        here.panel.is_up = True
        here.look_again()
        assert here.shown().isVisible()
        assert here.shown().contextMenu() is here.tray.menu
        here.tray.menu.aboutToShow.emit()
        assert here.tray.menu.notices.isEnabled()
        assert here.tray.menu.window_line.text() == "Hide the window"
        here.tray.menu.window_line.trigger()
        assert not here.window.isVisible()
        here.shown().activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
        assert here.window.isVisible(), "a click on the icon brings it back"
        here.tray.menu.window_line.trigger()
        here.look_again()
        assert not here.window.isVisible()
        here.panel.is_up = False
        here.look_again()
        assert here.window.isVisible(), "nothing else is left to find it by"


async def test_a_notice_that_is_tried_comes_from_the_one_icon(look: Look, tmp_path: Path) -> None:
    async with scene(look, tmp_path) as here:
        card = OutletsCard(look, here.window)
        card.attach(here.rig.core)
        card.test[Outlet.DESKTOP].click()
        assert card.results[Outlet.DESKTOP].text() == NO_TRAY
        here.panel.is_up = True
        card.test[Outlet.DESKTOP].click()
        assert card.results[Outlet.DESKTOP].text() == "Handed to the desktop."
        assert here.shown().contextMenu() is here.tray.menu


async def test_kill_locks_and_kill_and_flatten_closes_too(look: Look, tmp_path: Path) -> None:
    async with scene(look, tmp_path) as here:
        here.window.arming.arm()
        await here.me.post()
        here.tray.open()
        here.press(Qt.Key.Key_Return)
        await here.rig.settle()
        core = here.rig.core
        await until(lambda: bool(core.lots.open_lots()))
        here.tray.open()
        here.press(Qt.Key.Key_K)
        assert core.accounts.state(DEMO_ACCOUNT).trading_state is TradingState.LOCKED
        await here.rig.settle()
        assert core.lots.open_lots(), "stops stay, and so does the position"
        here.tray.open()
        here.press(Qt.Key.Key_F)
        for _ in range(10):
            await here.rig.settle()
        assert not core.lots.open_lots()


async def test_notices_are_switched_from_it_and_it_shows_how_they_stand(look: Look, tmp_path: Path) -> None:
    async with scene(look, tmp_path) as here:
        settings, menu = here.rig.core.settings, here.tray.menu
        here.panel.is_up = True
        here.look_again()
        here.tray.refresh()
        assert (menu.notices.isChecked(), menu.sounds.isChecked()) == (True, True)
        menu.notices.trigger()
        await until(lambda: not settings.current.notifications.desktop)
        assert not menu.notices.isChecked()
        await settings.apply(settings.propose({"notifications.sounds": False}))
        assert not menu.sounds.isChecked()


async def test_where_there_is_no_tray_the_button_of_the_band_opens_it(look: Look, tmp_path: Path) -> None:
    async with scene(look, tmp_path) as here:
        assert here.window.desktop is not None
        assert not here.window.desktop.is_there
        assert here.window.band.waiting.isVisible()
        assert "No alert waits" in here.window.band.waiting.accessibleName()
        QTest.mouseClick(here.window.band.waiting, Qt.MouseButton.LeftButton)
        assert here.tray.menu.isVisible()
        assert not here.tray.menu.notices.isEnabled()
        assert here.tray.menu.notices.text() == "Notices on the desktop: it has no tray for them"
        assert here.tray.menu.window_line.text() == "Minimise the window"
        here.press(Qt.Key.Key_Escape)
        assert not here.tray.menu.isVisible()
        (actions,) = here.window.findChildren(WindowActions)
        assert "waiting_alerts" in [command.name for command in actions.keys.commands], "the palette offers it too"


async def test_its_words_and_face_name_the_mode_and_how_many_wait(look: Look, tmp_path: Path) -> None:
    async with scene(look, tmp_path) as here:
        here.panel.is_up = True
        here.look_again()
        assert here.words().startswith("TradeStream DEMO: ")
        assert here.words().endswith("\nNo alert waits, no position open")
        await here.me.post()
        await until(lambda: here.words().endswith("\n1 alert waits, no position open"))
        here.window.arming.arm()
        here.tray.open()
        here.press(Qt.Key.Key_Return)
        await here.rig.settle()
        await until(lambda: here.words().endswith("\nNo alert waits, 1 position open"))
    longest = max(len(tray_words(band.value[0], band.value[1], 99, 99)) for band in Band)
    assert longest <= CUT_BY_WINDOWS
    ground, ink, alert = QColor("#112233"), QColor("#ffffff"), QColor("#f2b84b")
    demo, live = (_pixels(face(QIcon(), letter, ground, ink, 0, alert)) for letter in "DL")
    assert demo != live, "the letter tells them apart, not the colour alone"
    assert _pixels(face(QIcon(), "D", ground, ink, 2, alert)) != demo


def _pixels(icon: QIcon) -> bytes:
    image = icon.pixmap(64, 64).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    bits = image.constBits()
    assert bits is not None
    return bits.asstring(image.sizeInBytes())


async def test_a_window_that_is_put_away_disarms_and_comes_back(look: Look, tmp_path: Path) -> None:
    async with scene(look, tmp_path) as here:
        here.window.arming.arm()
        here.window.put_away()
        assert not here.window.isVisible()
        assert not here.window.arming.is_armed
        here.tray.refresh()
        assert here.tray.menu.window_line.text() == "Show the window"
        here.tray.menu.window_line.trigger()
        assert here.window.isVisible()
