"""The program's place in the tray of the desktop: its face with the mode, its menu, its notices and the beep."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QIcon, QPainter, QPixmap
from PyQt6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from tradestream_gui.ui.shell.plain import plain

SHOWN_MS = 10_000
SIDE_PX = 64
MODE_BADGE, COUNT_BADGE = QRectF(26, 26, 38, 38), QRectF(0, 0, 34, 34)
MOST_COUNTED = 9


class TrayIcon:
    """One icon at most; on a desktop without a tray it shows nothing and says so. A tray may come late, with a panel
    that starts after the program, and it may go."""

    def __init__(self, icon: QIcon, has_tray: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable) -> None:
        self._icon = icon
        self._has_tray = has_tray
        self._words = ""
        self._menu: QMenu | None = None
        self._on_click: Callable[[], None] | None = None
        self._tray: QSystemTrayIcon | None = None
        self.is_there = False
        """As of the last look."""

    def hang(self, menu: QMenu, on_click: Callable[[], None]) -> None:
        """Shows the icon with its menu, as soon as there is a tray."""
        self._menu, self._on_click = menu, on_click
        self.appear()

    def appear(self) -> bool:
        """Looks for the tray; False where there is none. Where it is asked for over D-Bus that takes 2 ms."""
        self.is_there = self._has_tray()
        if self.is_there:
            self._tray = self._tray or self._made()
            self._tray.show()
        return self.is_there

    def wear(self, face: QIcon, words: str) -> None:
        """What it looks like from now on, and what it says under the pointer."""
        self._icon, self._words = face, words
        if self._tray is not None:
            self._tray.setIcon(face)
            self._tray.setToolTip(plain(self._words))

    def beep(self) -> None:
        QApplication.beep()

    def show(self, title: str, words: str) -> bool:
        if self._tray is None or not self.is_there:
            self.appear()
        if self._tray is None or not self.is_there:
            return False
        self._tray.showMessage(title, words, self._icon, SHOWN_MS)
        return True

    def hide(self) -> None:
        if self._tray is not None:
            self._tray.hide()

    def _on_activated(self, why: QSystemTrayIcon.ActivationReason) -> None:
        """A click on the icon itself; the desktop shows the menu."""
        if why is QSystemTrayIcon.ActivationReason.Trigger and self._on_click is not None:
            self._on_click()

    def _made(self) -> QSystemTrayIcon:
        tray = QSystemTrayIcon(self._icon)
        tray.setToolTip(plain(self._words))
        tray.activated.connect(self._on_activated)
        if self._menu is not None and self._on_click is not None:
            tray.setContextMenu(self._menu)
            tray.messageClicked.connect(self._on_click)
        return tray


def face(icon: QIcon, letter: str, ground: QColor, ink: QColor, waiting: int, alert: QColor) -> QIcon:
    """The program's icon with the mode as a letter on its colour, and how many alerts wait."""
    pixmap = icon.pixmap(SIDE_PX, SIDE_PX)
    if pixmap.isNull():
        pixmap = QPixmap(SIDE_PX, SIDE_PX)
        pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = pixmap.width() / pixmap.devicePixelRatio()
    painter.scale(side / SIDE_PX, side / SIDE_PX)
    _badge(painter, MODE_BADGE, letter, ground, ink)
    if waiting:
        _badge(painter, COUNT_BADGE, str(waiting) if waiting <= MOST_COUNTED else "+", alert, ink)
    painter.end()
    return QIcon(pixmap)


def _badge(painter: QPainter, place: QRectF, text: str, ground: QColor, ink: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(place, 9, 9)
    font = QFont(painter.font())
    font.setPixelSize(round(place.height() * 0.8))
    font.setWeight(QFont.Weight.Bold)
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
