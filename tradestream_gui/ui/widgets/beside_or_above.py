"""A form and what belongs to it: side by side, or one above the other where there is no room for both."""

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QBoxLayout, QScrollArea, QWidget

from tradestream_gui.ui.shell.look import Look


class BesideOrAbove(QWidget):
    """The form scrolls where it is too low; `form_px` wide it stands beside the rest, which needs `rest_px` for that.
    Widths are in pixels at 100 %."""

    def __init__(self, look: Look, form: QWidget, rest: QWidget, *, form_px: int, rest_px: int) -> None:
        super().__init__()
        self._look = look
        self._form_px, self._rest_px = form_px, rest_px
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(form)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(1)
        self._row.addWidget(self._scroll)
        self._row.addWidget(rest, 1)
        look.changed.connect(self._fit)
        self._fit()

    @property
    def is_above(self) -> bool:
        return self._row.direction() == QBoxLayout.Direction.TopToBottom

    def _fit(self) -> None:
        is_above = self.width() < self._look.px(self._form_px + self._rest_px)
        above, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._row.setDirection(above if is_above else beside)
        self._row.setStretch(0, int(is_above))
        form = self._look.px(self._form_px)
        self._scroll.setMinimumWidth(0 if is_above else form)
        self._scroll.setMaximumWidth(max(self.width(), form) if is_above else form)

    def minimumSizeHint(self) -> QSize:
        """As wide as the form alone: the rest goes below it then."""
        return QSize(self._look.px(self._form_px), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()
