"""What the keys do on a chart: bars are panned and zoomed, own lines chosen, moved, let go and put back."""

from typing import Protocol

from PyQt6.QtCore import Qt

from tradestream_gui.ui.charts.bar_store import BarStore
from tradestream_gui.ui.charts.line_mover import LineMover
from tradestream_gui.ui.charts.visible_range import VisibleRange

ZOOM_STEP = 1.18
PAN_SHARE = 0.1
FAST_TICKS = 10
"""Ticks a step while Shift is held."""
_LINE_STEPS = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
_CHOICES = {Qt.Key.Key_PageUp: 1, Qt.Key.Key_PageDown: -1}
_PANS = {Qt.Key.Key_Left: -PAN_SHARE, Qt.Key.Key_Right: PAN_SHARE}
_ZOOMS = {Qt.Key.Key_Plus: ZOOM_STEP, Qt.Key.Key_Equal: ZOOM_STEP, Qt.Key.Key_Minus: 1 / ZOOM_STEP}


class Surface(Protocol):
    """The chart that the keys act on."""

    store: BarStore
    span: VisibleRange
    mover: LineMover

    def pan(self, bars: float) -> None: ...

    def zoom(self, factor: float, around_x: float) -> None: ...

    def show_latest(self) -> None: ...

    def drop_line(self) -> None: ...


def press_key(chart: Surface, key: int, *, fast: bool) -> bool:
    """True when the key means something here: the page keys choose a line, up and down move it, Enter lets it go
    there, Esc puts it back; left, right, plus, minus, Home and End move the bars.
    """
    return _press_for_lines(chart, key, fast=fast) or _press_for_bars(chart, key)


def _press_for_lines(chart: Surface, key: int, *, fast: bool) -> bool:
    if key in _LINE_STEPS:
        return chart.mover.nudge(_LINE_STEPS[Qt.Key(key)] * (FAST_TICKS if fast else 1))
    if key in _CHOICES:
        chart.mover.choose_next(_CHOICES[Qt.Key(key)])
        return True
    if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and chart.mover.holds_line:
        chart.drop_line()
        return True
    return key == Qt.Key.Key_Escape and chart.mover.cancel()


def _press_for_bars(chart: Surface, key: int) -> bool:
    if key in _PANS:
        chart.pan(chart.span.bars * _PANS[Qt.Key(key)])
    elif key in _ZOOMS:
        chart.zoom(_ZOOMS[Qt.Key(key)], chart.span.width)
    elif key == Qt.Key.Key_End:
        chart.show_latest()
    elif key == Qt.Key.Key_Home:
        chart.pan(-chart.store.count)
    else:
        return False
    return True
