"""What holds the ladder's parts: the amber frame of the armed state, and two panes that stand as they fit."""

from PyQt6.QtCore import QRect, Qt
from PyQt6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PyQt6.QtWidgets import QSplitter, QWidget

from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.look import Look

FRAME_PX = 3
BESIDE_PX = 456
"""Narrower than this, the second pane stands below the first."""
FIRST_SIZES = [290, 176]


class ArmedFrame(QWidget):
    """Leaves room for its frame always, so that arming moves nothing."""

    def __init__(self, look: Look, arming: Arming, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._arming = arming
        arming.changed.connect(self._repaint)
        look.changed.connect(self.update)

    def _repaint(self, is_armed: bool) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("panel"))
        if self._arming.is_armed:
            painter.setPen(QPen(self._look.color("warn"), FRAME_PX))
            half = FRAME_PX // 2
            painter.drawRect(QRect(half, half, self.width() - FRAME_PX, self.height() - FRAME_PX))
        painter.end()


class TurningSplitter(QSplitter):
    """Turns upright when it gets narrow."""

    def __init__(self, look: Look, first: QWidget, second: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._look = look
        for pane in (first, second):
            self.addWidget(pane)
        self.setStretchFactor(0, 1)
        self.setSizes(FIRST_SIZES)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        is_wide = self.width() >= self._look.px(BESIDE_PX)
        wanted = Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical
        if self.orientation() is not wanted:
            self.setOrientation(wanted)
            self.setSizes(FIRST_SIZES)
