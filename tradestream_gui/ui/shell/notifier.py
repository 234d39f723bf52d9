"""Makes itself heard: a sound and a notice on the desktop for what a person should know now, as the settings allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QIcon
from PyQt6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from tradestream_gui.domain.events import Notice, NoticeKind, ProtectionLost, Severity
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.upkeep.quiet_hours import is_quiet

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ui.shell.signal_hub import SignalHub
    from tradestream_gui.upkeep.settings.notifications import NotificationSettings

SHOWN_MS = 10_000
ON_DESKTOP = (NoticeKind.RISK, NoticeKind.CONNECTION, NoticeKind.REJECT, NoticeKind.SYSTEM)


class Outlet(Protocol):
    """Where notices go outside of the window."""

    def beep(self) -> None: ...

    def show(self, title: str, words: str) -> None: ...

    def hide(self) -> None: ...


class DesktopOutlet:
    """The system's own beep and its notices; where there is no tray it shows none."""

    def __init__(self, icon: QIcon) -> None:
        self._icon = icon
        self._tray: QSystemTrayIcon | None = None

    def beep(self) -> None:
        QApplication.beep()

    def show(self, title: str, words: str) -> None:
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._icon)
        self._tray.show()
        self._tray.showMessage(title, words, self._icon, SHOWN_MS)

    def hide(self) -> None:
        if self._tray is not None:
            self._tray.hide()


class Notifier(QObject):
    """Warnings and dangers sound; kills, limits, lost links and rejects also show on the desktop. A position without
    its stop is told at any hour: quiet hours and a window in front do not hold it back."""

    def __init__(self, core: Core, hub: SignalHub, window: QWidget, outlet: Outlet) -> None:
        super().__init__(window)
        self._core = core
        self._window = window
        self._outlet = outlet
        hub.notice.connect(self._on_notice)
        hub.protection_lost.connect(self._on_unprotected)

    def _on_notice(self, fact: Notice) -> None:
        wanted = self._core.settings.current.notifications
        if fact.severity not in (Severity.WARNING, Severity.DANGER) or self._is_held_back(wanted):
            return
        if wanted.sounds:
            self._outlet.beep()
        if wanted.desktop and fact.kind in ON_DESKTOP:
            self._outlet.show(one_line(fact.title), one_line(fact.words))

    def _on_unprotected(self, fact: ProtectionLost) -> None:
        wanted = self._core.settings.current.notifications
        if wanted.sounds:
            self._outlet.beep()
        if wanted.desktop:
            self._outlet.show("Position without stop", one_line(fact.words))

    def _is_held_back(self, wanted: NotificationSettings) -> bool:
        if wanted.only_when_unfocused and self._window.isActiveWindow():
            return True
        zone = ZoneInfo(self._core.settings.current.general.display_zone)
        return is_quiet(wanted.quiet_from, wanted.quiet_until, self._core.clock.now().astimezone(zone))
