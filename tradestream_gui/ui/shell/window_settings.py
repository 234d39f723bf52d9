"""What the window takes from the settings while it runs: refresh, toasts, notices, and whether closing asks first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from tradestream_gui.ui.shell.dialogs import Question, ask
from tradestream_gui.ui.shell.main_window import MainWindow
from tradestream_gui.ui.shell.notifier import Desktop, Notifier
from tradestream_gui.upkeep.settings.service import SettingsChanged

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ui.shell.signal_hub import SignalHub


class WindowSettings(QObject):
    """Applies them at once and again at each change; `close` before the core goes."""

    def __init__(self, window: MainWindow, core: Core, hub: SignalHub, outlet: Desktop) -> None:
        super().__init__(window)
        self._window = window
        self._core = core
        self._hub = hub
        self._is_asking = False
        self._notifier = Notifier(core, hub, window, outlet)
        core.bus.subscribe(SettingsChanged, self._on_settings)
        self._apply()

    def close(self) -> None:
        self._core.bus.unsubscribe(SettingsChanged, self._on_settings)

    def leave(self, stop: Callable[[], None]) -> None:
        """Stops at once when nothing is at stake or the user does not want to be asked; else asks, once at a time."""
        if not self._core.settings.current.general.confirm_quit or not self._at_stake():
            stop()
        elif not self._is_asking:
            self._is_asking = True
            self._core.tasks.spawn(self._ask(stop), "ask before closing")

    async def _ask(self, stop: Callable[[], None]) -> None:
        try:
            question = Question(
                title="Close TradeStream?",
                text="What rests at the broker stays there. Targets and stops that run here stop running.",
                confirm="Close",
                cancel="Stay",
                facts=tuple((label, str(count)) for label, count in self._at_stake().items()),
                role="danger",
            )
            if await ask(self._window, question):
                stop()
        finally:
            self._is_asking = False

    def _at_stake(self) -> dict[str, int]:
        counts = {
            "Open positions": len(self._core.lots.open_lots()),
            "Working orders": len(self._core.blotter.open_orders()),
        }
        return counts if any(counts.values()) else {}

    def _on_settings(self, fact: SettingsChanged) -> None:
        self._apply()
        self._window.risk_bar.refresh()

    def _apply(self) -> None:
        wanted = self._core.settings.current
        self._window.toasts.set_shown_ms(wanted.notifications.toast_seconds * 1000)
        self._hub.set_frame_ms(wanted.advanced.frame_ms)
