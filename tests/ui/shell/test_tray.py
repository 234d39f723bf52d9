"""The menu of the tray, as it hangs in the window too: what its lines send by key, armed and disarmed, and the rest."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QIcon, QImage
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QWidget

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
from tradestream_gui.ui.shell.tray import Tray
from tradestream_gui.ui.shell.tray_icon import TrayIcon, face
from tradestream_gui.ui.shell.window_actions import WindowActions
from tradestream_gui.ui.tabs.messages.tab import MessagesTab


class WornIcon(TrayIcon):
    """The real icon on a desktop without a tray; it remembers what it says under the pointer."""

    words = ""

    def wear(self, face: QIcon, words: str) -> None:
        super().wear(face, words)
        self.words = words


class Scene:
    def __init__(self, rig: Rig, me: AskingAnalyst, window: MainWindow, tray: Tray, icon: WornIcon) -> None:
        self.rig, self.me, self.window, self.tray, self.icon = rig, me, window, tray, icon

    def press(self, *keys: Qt.Key) -> None:
        menu: QWidget = self.tray.menu
        for key in keys:
            QTest.keyClick(menu, key)

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
        icon = WornIcon(QIcon())
        tray = Tray(window, look, rig.core, rig.hub, actions, icon)
        mode = ModeKeeper(window.band, rig.core, rig.hub, is_demo=True, is_safe=False)
        assert mode.parent() is window.band
        window.show()
        try:
            yield Scene(rig, me, window, tray, icon)
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
        assert (menu.notices.isChecked(), menu.sounds.isChecked()) == (True, True)
        menu.notices.trigger()
        await until(lambda: not settings.current.notifications.desktop)
        assert not menu.notices.isChecked()
        await settings.apply(settings.propose({"notifications.sounds": False}))
        assert not menu.sounds.isChecked()


async def test_where_there_is_no_tray_the_button_of_the_band_opens_it(look: Look, tmp_path: Path) -> None:
    async with scene(look, tmp_path) as here:
        assert not here.icon.is_there, "offscreen there is none"
        assert here.window.band.waiting.isVisible()
        assert "No alert waits" in here.window.band.waiting.accessibleName()
        QTest.mouseClick(here.window.band.waiting, Qt.MouseButton.LeftButton)
        assert here.tray.menu.isVisible()
        here.press(Qt.Key.Key_Escape)
        assert not here.tray.menu.isVisible()
        (actions,) = here.window.findChildren(WindowActions)
        assert "waiting_alerts" in [command.name for command in actions.keys.commands], "the palette offers it too"


async def test_its_words_and_face_name_the_mode_and_how_many_wait(look: Look, tmp_path: Path) -> None:
    async with scene(look, tmp_path) as here:
        assert here.icon.words.startswith("TradeStream DEMO: ")
        assert here.icon.words.endswith("No alert waits")
        await here.me.post()
        await until(lambda: here.icon.words.endswith("1 alert waits"))
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
