"""Makes itself heard: a sound and a notice on the desktop for what a person should know now, as the settings allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QWidget

from tradestream_gui.domain.events import Notice, NoticeKind, ProtectionLost, Severity
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.widgets.toast import ToastLevel
from tradestream_gui.upkeep.quiet_hours import is_quiet
from tradestream_gui.upkeep.settings.notifications import Outlet, Telling

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ui.shell.signal_hub import SignalHub
    from tradestream_gui.upkeep.settings.notifications import NotificationSettings

TROUBLE_ONLY = (NoticeKind.ALERT, NoticeKind.RISK, NoticeKind.CONNECTION, NoticeKind.SYSTEM)
"""Of these only warnings and worse are heard; a toast shows all."""
LEVELS = {
    Severity.INFO: ToastLevel.INFO,
    Severity.SUCCESS: ToastLevel.OK,
    Severity.WARNING: ToastLevel.WARN,
    Severity.DANGER: ToastLevel.ERROR,
}


def toast_level(notice: Notice, wanted: NotificationSettings) -> ToastLevel | None:
    """How the notice is shown in the corner of the window; None: not at all. A silent one closes by itself."""
    telling = wanted.telling(notice.kind, Outlet.TOAST)
    if telling is Telling.OFF:
        return None
    level = LEVELS[notice.severity]
    return ToastLevel.WARN if telling is Telling.SILENT and level is ToastLevel.ERROR else level


class Desktop(Protocol):
    """Where notices go on this computer outside of the window."""

    def beep(self) -> None: ...

    def show(self, title: str, words: str) -> bool:
        """False where the desktop shows no notices."""


class Notifier(QObject):
    """Sounds and shows what the grid of the settings says. A position without its stop is told at any hour: quiet hours
    and a window in front do not hold it back."""

    def __init__(self, core: Core, hub: SignalHub, window: QWidget, outlet: Desktop) -> None:
        super().__init__(window)
        self._core = core
        self._window = window
        self._outlet = outlet
        hub.notice.connect(self._on_notice)
        hub.protection_lost.connect(self._on_unprotected)

    def _on_notice(self, fact: Notice) -> None:
        is_trouble = fact.severity in (Severity.WARNING, Severity.DANGER)
        wanted = self._core.settings.current.notifications
        if (is_trouble or fact.kind not in TROUBLE_ONLY) and not self._is_held_back(wanted):
            self._tell(wanted, fact.kind, fact.title, fact.words)

    def _on_unprotected(self, fact: ProtectionLost) -> None:
        wanted = self._core.settings.current.notifications
        self._tell(wanted, NoticeKind.UNPROTECTED, "Position without stop", fact.words)

    def _tell(self, wanted: NotificationSettings, kind: NoticeKind, title: str, words: str) -> None:
        if wanted.sounds and wanted.telling(kind, Outlet.SOUND) is Telling.ON:
            self._outlet.beep()
        if wanted.desktop and wanted.telling(kind, Outlet.DESKTOP) is Telling.ON:
            self._outlet.show(one_line(title), one_line(words))

    def _is_held_back(self, wanted: NotificationSettings) -> bool:
        if wanted.only_when_unfocused and self._window.isActiveWindow():
            return True
        zone = ZoneInfo(self._core.settings.current.general.display_zone)
        return is_quiet(wanted.quiet_from, wanted.quiet_until, self._core.clock.now().astimezone(zone))
