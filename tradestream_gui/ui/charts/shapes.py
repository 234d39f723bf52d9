"""Memory that numpy writes and Qt draws: many lines or rectangles in one call, nothing copied, nothing allocated."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PyQt6 import sip
from PyQt6.QtCore import QLineF, QRect
from PyQt6.QtGui import QBrush, QPainter

from tradestream_gui.ui.charts.bar_store import Floats

Array = NDArray[np.floating[Any]]
FIRST_CAPACITY = 256
"""Shapes of one kind: the bars of a wide chart at its first zoom; each pool grows to what is drawn with it."""


class Shapes:
    """One pool per item; rectangles are whole pixels, because Qt fills those several times faster."""

    def __init__(self) -> None:
        self._capacity = 0
        self._reserve(FIRST_CAPACITY)

    def draw_lines(self, painter: QPainter, x1: Array, y1: Array, x2: Array, y2: Array) -> None:
        """One line per entry with the painter's pen."""
        count = len(x1)
        if count:
            self._reserve(count)
            numbers = self._line_numbers[:count]
            numbers[:, 0], numbers[:, 1], numbers[:, 2], numbers[:, 3] = x1, y1, x2, y2
            painter.drawLines(_first(self._lines, count, self._line_parts))

    def fill_rects(
        self, painter: QPainter, brush: QBrush, left: Floats, top: Floats, right: Floats, bottom: Floats
    ) -> None:
        """One rectangle per entry, without a border; `right` and `bottom` are the last pixels inside."""
        count = len(left)
        if count:
            self._reserve(count)
            numbers = self._rect_numbers[:count]
            numbers[:, 0], numbers[:, 1], numbers[:, 2], numbers[:, 3] = left, top, right, bottom
            painter.setBrush(brush)
            painter.drawRects(_first(self._rects, count, self._rect_parts))

    def _reserve(self, count: int) -> None:
        if count > self._capacity:
            self._capacity = count * 2
            make: Any = sip.array  # its stub lacks the constructor
            self._line_parts: dict[int, Any] = {}
            self._rect_parts: dict[int, Any] = {}
            self._lines: Any = make(QLineF, self._capacity)
            self._rects: Any = make(QRect, self._capacity)
            self._line_numbers: Floats = np.frombuffer(self._lines, np.float64).reshape(-1, 4)
            self._rect_numbers: NDArray[np.int32] = np.frombuffer(self._rects, np.int32).reshape(-1, 4)


def _first(shapes: Any, count: int, parts: dict[int, Any]) -> Any:
    """So many from the beginning; kept, because each slice of such an array is never freed."""
    part = parts.get(count)
    if part is None:
        part = parts[count] = shapes[:count]
    return part
