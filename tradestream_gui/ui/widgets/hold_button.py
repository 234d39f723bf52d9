"""Buttons of the way out, which act before they are painted: a press kills, holding it flattens, a click flattens."""

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QPushButton, QWidget

from tradestream_gui.ui.shell.look import Look

HOLD_MS = 700
STEP_MS = 33


class PromptButton(QPushButton):
    """Emits `acted` at each click, whatever made it, before Qt paints it anew: the paint takes longer."""

    acted = pyqtSignal()

    def nextCheckState(self) -> None:
        self.acted.emit()


class HoldButton(QPushButton):
    """Emits `pressed_once` at the press itself and `held` after 0.7 s; a bar along its foot shows the time."""

    pressed_once = pyqtSignal()
    held = pyqtSignal()

    def __init__(self, look: Look, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._look = look
        self._held_ms = 0
        self._timer = QTimer(self)
        self._timer.setInterval(STEP_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._step)
        self.setProperty("role", "danger")

    def _start(self) -> None:
        self._held_ms = 0
        self._timer.start()
        self.pressed_once.emit()

    def _end(self) -> None:
        self._timer.stop()
        self._held_ms = 0
        self.update()

    def _step(self) -> None:
        self._held_ms += STEP_MS
        self.update()
        if self._held_ms >= HOLD_MS:
            self._end()
            self.held.emit()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() is Qt.MouseButton.LeftButton:
            self._start()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        super().mouseReleaseEvent(event)
        self._end()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return) and not event.isAutoRepeat():
            self._start()
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and not event.isAutoRepeat():
            self._end()
        super().keyReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        if self._held_ms:
            painter = QPainter(self)
            width = round(self.width() * min(self._held_ms / HOLD_MS, 1.0))
            painter.fillRect(0, self.height() - 4, width, 4, self._look.color("text"))
