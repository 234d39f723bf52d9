"""What holds the ladder's two panes: they stand beside or above each other, as they fit, else scroll."""

from collections.abc import Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.widgets.low_scroll import LowContent, LowScroll

BESIDE_PX = 456
"""Narrower than this, the second pane stands below the first."""
BOTH_PX = 420
"""Lower than this there is no room for two above each other: the second gives way."""
FIRST_SIZES = [290, 176]


class TurningSplitter(QSplitter):
    """Turns upright when it gets narrow."""

    def __init__(self, look: Look, first: QWidget, second: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._look = look
        self._second = second
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
        self._second.setVisible(is_wide or self.height() >= self._look.px(BOTH_PX))


def low_page(look: Look, *, above: Sequence[QWidget], panes: QWidget, below: Sequence[QWidget]) -> LowScroll:
    """The panes between their bars. A dock with less room than it asks for would stand over its tabs and the window's
    foot: this page asks for little and scrolls."""
    content = LowContent()
    column = QVBoxLayout(content)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for part in (*above, panes, *below):
        column.addWidget(part, int(part is panes))
    page = LowScroll(look, content)
    content.setAutoFillBackground(False)  # what is around it paints the ground
    return page
