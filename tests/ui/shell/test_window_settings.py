"""What the window takes from the settings: notices, refresh, toasts, keys, and the question when it closes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QPushButton

from tests.support import eventually
from tests.ui.tabs.rig import Rig, demo_rig
from tradestream_gui.domain.events import Notice, NoticeKind, ProtectionLost, Severity
from tradestream_gui.domain.ids import AccountId, LotId
from tradestream_gui.ui.shell.layout_store import LayoutStore
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.main_window import MainWindow
from tradestream_gui.ui.shell.window_actions import WindowActions
from tradestream_gui.ui.shell.window_settings import WindowSettings
from tradestream_gui.ui.widgets.toast import ToastLevel
from tradestream_gui.upkeep.quiet_hours import is_quiet

WITH_POSITIONS_S = 65.0


class Heard:
    """A desktop that writes down what reaches it."""

    def __init__(self) -> None:
        self.beeps = 0
        self.shown: list[str] = []

    def beep(self) -> None:
        self.beeps += 1

    def show(self, title: str, words: str) -> bool:
        self.shown.append(title)
        return True

    def hide(self) -> None:
        self.shown.clear()


class Scene:
    def __init__(self, rig: Rig, window: MainWindow, heard: Heard, manners: WindowSettings) -> None:
        self.rig, self.window, self.heard, self.manners = rig, window, heard, manners

    async def set(self, **values: Any) -> None:
        settings = self.rig.core.settings
        wanted = {key.replace("__", "."): value for key, value in values.items()}
        await settings.apply(settings.propose(wanted), confirmed=True)

    def tell(self, kind: NoticeKind = NoticeKind.RISK, severity: Severity = Severity.DANGER) -> tuple[int, list[str]]:
        """What one notice makes heard and shown."""
        before, self.heard.shown = self.heard.beeps, []
        self.rig.core.bus.publish(Notice(kind, severity, "Something", "happened", self.rig.core.clock.now()))
        return self.heard.beeps - before, self.heard.shown

    def unprotect(self) -> tuple[int, list[str]]:
        before, self.heard.shown = self.heard.beeps, []
        at = self.rig.core.clock.now()
        self.rig.core.bus.publish(ProtectionLost(LotId("L1"), AccountId("demo"), "no stop", at))
        return self.heard.beeps - before, self.heard.shown


@asynccontextmanager
async def scene(look: Look, tmp_path: Path, seconds: float = 0.0) -> AsyncIterator[Scene]:
    async with demo_rig(tmp_path, seconds) as rig:
        window = MainWindow(look, (), ())
        heard = Heard()
        manners = WindowSettings(window, rig.core, rig.hub, heard)
        try:
            yield Scene(rig, window, heard, manners)
        finally:
            manners.close()
            window.hide()
            window.deleteLater()


async def test_notices_are_heard_and_shown_as_the_settings_say(look: Look, tmp_path: Path) -> None:
    async with scene(look, tmp_path) as here:
        assert here.tell() == (1, ["Something"])
        assert here.tell(NoticeKind.STOP, Severity.WARNING) == (1, [])
        assert here.tell(NoticeKind.FILL, Severity.SUCCESS) == (0, [])
        assert here.tell(NoticeKind.RISK, Severity.INFO) == (0, [])
        await here.set(notifications__sounds=False)
        assert here.tell() == (0, ["Something"])
        await here.set(notifications__desktop=False)
        assert here.tell() == (0, [])
        assert here.unprotect() == (0, [])


async def test_grid_decides_for_each_event_what_sounds_shows_and_stands_in_the_corner(
    look: Look, tmp_path: Path
) -> None:
    async with scene(look, tmp_path) as here:
        here.tell(NoticeKind.FILL, Severity.SUCCESS)
        actions = WindowActions(here.window, look, here.rig.core, here.rig.hub, LayoutStore(tmp_path))
        assert actions.keys.sheet
        fill = {"id": "fill", "toast": "off", "sound": "on", "desktop": "on"}
        risk = {"id": "risk", "toast": "silent", "sound": "off", "desktop": "off"}
        await here.set(notifications__grid=[fill, risk])
        here.window.toasts.clear()
        assert here.tell(NoticeKind.FILL, Severity.SUCCESS) == (1, ["Something"])
        assert here.window.toasts.notes == []
        assert here.tell(NoticeKind.RISK) == (0, [])
        assert [note.level for note in here.window.toasts.notes] == [ToastLevel.WARN], "a silent one closes by itself"
        assert here.tell(NoticeKind.REJECT) == (1, ["Something"]), "the rest stays as it is at first"
        here.window.toasts.clear()


async def test_quiet_hours_and_a_window_in_front_hold_notices_back_but_no_alarm(
    look: Look, tmp_path: Path
) -> None:
    async with scene(look, tmp_path) as here:
        zone = ZoneInfo(here.rig.core.settings.current.general.display_zone)
        local = here.rig.core.clock.now().astimezone(zone)
        begins, ends = f"{local - timedelta(hours=1):%H:%M}", f"{local + timedelta(hours=1):%H:%M}"
        await here.set(notifications__quiet_from=begins, notifications__quiet_until=ends)
        assert here.tell() == (0, [])
        assert here.unprotect() == (1, ["Position without stop"])
        await here.set(notifications__quiet_from=None, notifications__quiet_until=None)
        await here.set(notifications__only_when_unfocused=True)
        assert here.tell() == (1, ["Something"])
        here.window.show()
        here.window.activateWindow()
        await eventually(here.window.isActiveWindow)
        assert here.tell() == (0, [])
        assert here.unprotect() == (1, ["Position without stop"])


@pytest.mark.parametrize(
    ("begins", "ends", "at", "quiet"),
    [
        ("22:00", "07:00", "21:59", False),
        ("22:00", "07:00", "22:00", True),
        ("22:00", "07:00", "03:00", True),
        ("22:00", "07:00", "06:59", True),
        ("22:00", "07:00", "07:00", False),
        ("12:00", "13:00", "11:59", False),
        ("12:00", "13:00", "12:00", True),
        ("12:00", "13:00", "13:00", False),
        (None, None, "12:00", False),
    ],
)
def test_quiet_hours_may_pass_midnight(begins: str | None, ends: str | None, at: str, quiet: bool) -> None:
    assert is_quiet(begins, ends, datetime.fromisoformat(f"2026-11-19T{at}:00+00:00")) is quiet


async def test_toasts_stay_and_tables_refresh_as_long_as_the_settings_say(look: Look, tmp_path: Path) -> None:
    async with scene(look, tmp_path) as here:
        await here.set(notifications__toast_seconds=9, advanced__frame_ms=180)
        assert here.window.toasts.shown_ms == 9000
        assert here.rig.hub.frame_ms == 180


async def test_closing_asks_while_something_is_open_unless_the_user_does_not_want_to_be_asked(
    look: Look, tmp_path: Path
) -> None:
    async with scene(look, tmp_path, WITH_POSITIONS_S) as here:
        assert here.rig.core.lots.open_lots()
        stopped: list[str] = []
        here.window.show()
        await here.set(general__confirm_quit=False)
        here.manners.leave(lambda: stopped.append("unasked"))
        assert stopped == ["unasked"]
        await here.set(general__confirm_quit=True)
        for word, answer in (("Stay", []), ("Close", ["asked"])):
            stopped.clear()
            here.manners.leave(lambda: stopped.append("asked"))
            dialog = await eventually(QApplication.activeModalWidget)
            here.manners.leave(lambda: stopped.append("twice"))
            button = next(one for one in dialog.findChildren(QPushButton) if one.text() == word)
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
            await eventually(lambda: QApplication.activeModalWidget() is None)
            await asyncio.sleep(0.05)
            assert stopped == answer


async def test_a_key_of_the_users_own_takes_the_place_of_the_printed_one(look: Look, tmp_path: Path) -> None:
    async with scene(look, tmp_path) as here:
        await here.set(keyboard__shortcuts={"kill": "Ctrl+Alt+K", "next_theme": ""})
        actions = WindowActions(here.window, look, here.rig.core, here.rig.hub, LayoutStore(tmp_path))
        keys = dict(actions.keys.sheet)
        assert "Ctrl+Alt+K" in keys
        assert "Ctrl+Shift+K" not in keys
        assert "Ctrl+Shift+T" not in keys
        assert keys["Ctrl+1"] == "Portfolio"
