"""A label for words that change all the time: the window around it is laid out anew only when they no longer fit."""

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QLabel, QWidget

_ZEROS = str.maketrans("123456789", "000000000")
"""Figures are equally wide: a running clock need not be measured anew."""


class SteadyLabel(QLabel):
    """Draws its words itself, always as plain text: Qt's own label lays out every dock of the window at each change."""

    def __init__(
        self, text: str = "", *, role: str = "", on_ground: bool = False, parent: QWidget | None = None
    ) -> None:
        """`role` is a style of base.qss, as in `plain_label`. One that stands on the window's own ground paints that
        itself: a change of its words then paints nothing of what lies behind it."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, on_ground)
        if role:
            self.setProperty("role", role)
        self._words = text
        self.setAccessibleName(text)

    # overridden Qt methods

    def text(self) -> str:
        return self._words

    def setText(self, text: str | None) -> None:
        words = text or ""
        if words == self._words:
            return
        is_as_wide = words.translate(_ZEROS) == self._words.translate(_ZEROS)
        self._words = words
        self.setAccessibleName(words)
        if not is_as_wide and self.sizeHint().width() > self.width():
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        margins, metrics = self.contentsMargins(), self.fontMetrics()
        return QSize(
            metrics.horizontalAdvance(self._words) + margins.left() + margins.right(),
            metrics.height() + margins.top() + margins.bottom(),
        )

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        style = self.style()
        assert style is not None, "every widget has a style"
        painter, flags = QPainter(self), self.alignment().value
        if self.testAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent):
            painter.fillRect(self.rect(), self.palette().window())
        style.drawItemText(
            painter, self.contentsRect(), flags, self.palette(), self.isEnabled(), self._words, self.foregroundRole()
        )
        painter.end()
