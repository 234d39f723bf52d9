"""A form and what belongs to it: side by side, or one above the other where there is no room for both."""

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QBoxLayout, QScrollArea, QWidget

from tradestream_gui.ui.shell.look import Look


class BesideOrAbove(QScrollArea):
    """`form_px` wide the form stands beside the rest, which needs `rest_px` for that; both scroll together where they
    are too low. Sizes are in pixels at 100 %; `rest_height_px` is what the rest needs below the form."""

    def __init__(
        self, look: Look, form: QWidget, rest: QWidget, *, form_px: int, rest_px: int, rest_height_px: int
    ) -> None:
        super().__init__()
        self._look = look
        self._form, self._rest = form, rest
        self._form_px, self._rest_px, self._rest_height_px = form_px, rest_px, rest_height_px
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        both = QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, both)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(1)
        self._row.addWidget(form)
        self._row.addWidget(rest, 1)
        self.setWidget(both)
        look.changed.connect(self._fit)
        self._fit()

    @property
    def is_above(self) -> bool:
        return self._row.direction() == QBoxLayout.Direction.TopToBottom

    def _fit(self) -> None:
        is_above = self.width() < self._look.px(self._form_px + self._rest_px)
        above, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._row.setDirection(above if is_above else beside)
        form = self._look.px(self._form_px)
        self._form.setMinimumWidth(0 if is_above else form)
        self._form.setMaximumWidth(max(self.width(), form) if is_above else form)
        self._rest.setMinimumHeight(self._look.px(self._rest_height_px) if is_above else 0)

    def minimumSizeHint(self) -> QSize:
        """As wide as the form alone: the rest goes below it then."""
        return QSize(self._look.px(self._form_px), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()
