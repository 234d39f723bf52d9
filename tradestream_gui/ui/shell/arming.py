"""Whether one click may open a position: off at every start, switched on by hand, off again by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QWidget

from tradestream_gui.ui.shell.last_entry import LastEntry

if TYPE_CHECKING:
    from tradestream_gui.domain.events import BrokerLinkChanged
    from tradestream_gui.domain.events_market import FeedLinkChanged
    from tradestream_gui.domain.ids import AccountId
    from tradestream_gui.ui.shell.signal_hub import SignalHub

IDLE_MS = 15 * 60 * 1000
"""Armed and unused for so long, it falls back."""


class Arming(QObject):
    """The one switch of the window's one-click entries. What only reduces never asks it."""

    changed = pyqtSignal(bool)

    def __init__(self, parent: QObject | None = None, *, idle_ms: int = IDLE_MS) -> None:
        super().__init__(parent)
        self._is_armed = False
        self._why = "One-click entries are off at every start."
        self._window: QWidget | None = None
        self._hub: SignalHub | None = None
        self._confirmed: set[AccountId] = set()
        self.last_entry = LastEntry()
        """One for the whole window: the same order again is asked about, whichever part sends it."""
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(idle_ms)
        self._idle.timeout.connect(self._on_idle)

    @property
    def is_armed(self) -> bool:
        return self._is_armed

    @property
    def why(self) -> str:
        """Why it stands as it stands, in words."""
        return self._why

    def arm(self) -> None:
        self._idle.start()
        self._set(True, "Armed: one click or one key sends an order.")

    def disarm(self, why: str = "Disarmed by hand.") -> None:
        self._idle.stop()
        self._set(False, why)

    def toggle(self) -> None:
        if self._is_armed:
            self.disarm()
        else:
            self.arm()

    def note_use(self) -> None:
        """The person is at it: the idle time begins anew."""
        if self._is_armed:
            self._idle.start()

    def is_confirmed(self, account_id: AccountId) -> bool:
        """True once a person has said yes to an order of this guarded account since the start."""
        return account_id in self._confirmed

    def note_confirmed(self, account_id: AccountId) -> None:
        self._confirmed.add(account_id)

    def watch_hub(self, hub: SignalHub) -> None:
        """Falls back when a broker or a feed is lost."""
        if self._hub is hub:
            return
        self._hub = hub
        hub.broker_link_changed.connect(self._on_broker)
        hub.feed_link_changed.connect(self._on_feed)

    def watch_window(self, window: QWidget) -> None:
        """Falls back when the window is minimised or put away, and when the system puts the program away."""
        self._window = window
        window.installEventFilter(self)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._on_app_state)

    def on_screen_lock(self) -> None:
        if self._is_armed:
            self.disarm("Disarmed: the screen was locked.")

    def on_account(self, account_id: object) -> None:
        if self._is_armed:
            self.disarm("Disarmed: the account was changed.")

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if self._is_armed and event is not None and self._window is not None:
            is_minimised = self._window.windowState() & Qt.WindowState.WindowMinimized
            if event.type() is QEvent.Type.WindowStateChange and is_minimised:
                self.disarm("Disarmed: the window was minimised.")
            elif event.type() is QEvent.Type.Hide:
                self.disarm("Disarmed: the window was put away.")
        return False

    def _on_app_state(self, state: Qt.ApplicationState) -> None:
        away = (Qt.ApplicationState.ApplicationHidden, Qt.ApplicationState.ApplicationSuspended)
        if self._is_armed and state in away:
            self.disarm("Disarmed: the program was put away.")

    def _on_broker(self, fact: BrokerLinkChanged) -> None:
        self._on_link(fact.broker, fact.state)

    def _on_feed(self, fact: FeedLinkChanged) -> None:
        self._on_link(fact.feed, fact.state)

    def _on_link(self, name: str, state: str) -> None:
        from tradestream_gui.ports.broker import LinkState  # not needed to paint

        if self._is_armed and state != LinkState.UP.value:
            self.disarm(f"Disarmed: {name} is {state}.")

    def _on_idle(self) -> None:
        self.disarm("Disarmed: nothing was done for 15 minutes.")

    def _set(self, is_armed: bool, why: str) -> None:
        self._why = why
        if is_armed is not self._is_armed:
            self._is_armed = is_armed
            self.changed.emit(is_armed)
