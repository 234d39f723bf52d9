"""Hears from the desktop that the screen was locked; where there is no such desktop, nothing is heard."""

from __future__ import annotations

import os

from PyQt6.QtCore import QObject, pyqtSignal, pyqtSlot

SAVERS = (
    ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver"),
    ("/org/gnome/ScreenSaver", "org.gnome.ScreenSaver"),
    ("/org/cinnamon/ScreenSaver", "org.cinnamon.ScreenSaver"),
    ("/org/mate/ScreenSaver", "org.mate.ScreenSaver"),
)
"""(path, interface) of the desktops' screen savers; each sends `ActiveChanged` with a boolean."""


class LockWatch(QObject):
    """Listens on a session bus; without an address on the desktop's own, and nothing is started where there is none."""

    locked = pyqtSignal()

    def __init__(self, parent: QObject | None = None, *, address: str = "") -> None:
        super().__init__(parent)
        wanted = address or os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
        self.is_listening = bool(wanted) and self._listen(wanted)

    def _listen(self, address: str) -> bool:
        from PyQt6.QtDBus import QDBusConnection

        bus = QDBusConnection.connectToBus(address, f"lock watch {address}")
        heard = [bus.connect("", path, interface, "ActiveChanged", self._on_active) for path, interface in SAVERS]
        return bus.isConnected() and all(heard)

    @pyqtSlot(bool)
    def _on_active(self, is_active: bool) -> None:
        if is_active:
            self.locked.emit()
