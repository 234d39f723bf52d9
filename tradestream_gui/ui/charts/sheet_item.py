"""The still picture of a chart: a tick repaints the strip of the last bar in it, everything else is only shown."""

from collections.abc import Sequence

from PyQt6.QtCore import QRect, QRectF, Qt
from PyQt6.QtGui import QPainter, QPixmap
from PyQt6.QtWidgets import QGraphicsObject

from tradestream_gui.ui.charts.chart_layer import ChartLayer

WHOLE_EVERY_PX = 8
"""A strip begins at a multiple of this: a whole pixel of the screen at every usual scaling of it."""


class SheetItem(QGraphicsObject):
    """Its layers are painted by it, into a picture as fine as the screen; what moves with every tick lies above it.

    Qt cuts smooth lines at the edge of what may be painted on, and a cut line differs by a shade. So the strip is
    painted with room to its left, in which every line that reaches into it begins, and the room is put back then.
    """

    def __init__(self, layers: Sequence[ChartLayer], depth: int) -> None:
        super().__init__()
        self._layers = tuple(layers)
        for layer in self._layers:
            layer.setFlag(self.GraphicsItemFlag.ItemHasNoContents)
            layer.setParentItem(self)
        self._bounds = QRectF()
        self._picture: QPixmap | None = None
        self._ground = self._room = QPixmap()
        self._strip_left = self._room_left = 0
        self._is_strip_old = False
        self.setZValue(depth)

    @property
    def strip_left(self) -> int:
        """Where the strip begins that a tick repaints."""
        return self._strip_left

    def spoil(self, bounds: QRectF, strip_left: float, room: float) -> None:
        """Everything is painted anew. The last bar, and what hangs on it, lies right of `strip_left`; lines that
        reach there begin at most `room` pixels before."""
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        self._strip_left = _whole(min(max(strip_left, 0.0), bounds.width() - 1))
        self._room_left = _whole(max(self._strip_left - room, 0.0))
        self._picture = None
        self.update()

    def spoil_strip(self) -> QRect:
        """The last bar moved, and nothing else; answers what must be shown anew."""
        self._is_strip_old = True
        return self._bounds.toAlignedRect().adjusted(self._strip_left, 0, 0, 0)

    def _paint_whole(self, ratio: float) -> QPixmap:
        wide, tall = round(self._bounds.width() * ratio), round(self._bounds.height() * ratio)
        picture = QPixmap(wide, tall)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.black)  # opaque: such pictures are shown twice as fast
        brush = QPainter(picture)
        for layer in self._layers:
            layer.paint_ground(brush)
        brush.end()
        left, strip_left = round(self._room_left * ratio), round(self._strip_left * ratio)
        self._ground = picture.copy(QRect(left, 0, wide - left, tall))
        brush = QPainter(picture)
        for layer in self._layers:
            layer.paint_ink(brush, 0)
        brush.end()
        self._room = picture.copy(QRect(left, 0, strip_left - left, tall)) if strip_left > left else QPixmap()
        return picture

    def _paint_strip(self, picture: QPixmap) -> None:
        left, bounds = self._room_left, self._bounds
        brush = QPainter(picture)
        brush.setClipRect(QRectF(left, 0, bounds.width() - left, bounds.height()))
        brush.drawPixmap(left, 0, self._ground)
        for layer in self._layers:
            layer.paint_ink(brush, left)
        brush.drawPixmap(left, 0, self._room)
        brush.end()

    def _can_paint_strip(self, ratio: float) -> bool:
        """On a screen whose pixels do not fit the strip's edges everything is painted."""
        return (WHOLE_EVERY_PX * ratio).is_integer()

    # overridden Qt methods

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter | None, *_: object) -> None:
        assert painter is not None, "Qt calls with a painter"
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        if self._picture is None or self._picture.devicePixelRatio() != ratio:
            self._picture = self._paint_whole(ratio)
        elif self._is_strip_old and self._can_paint_strip(ratio):
            self._paint_strip(self._picture)
        elif self._is_strip_old:
            self._picture = self._paint_whole(ratio)
        self._is_strip_old = False
        painter.drawPixmap(0, 0, self._picture)


def _whole(x: float) -> int:
    return int(x) // WHOLE_EVERY_PX * WHOLE_EVERY_PX
