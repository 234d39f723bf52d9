"""A page that needs some height: in a lower window it scrolls as a whole, so that none of its parts covers another."""

from PyQt6.QtCore import QEvent, QObject, QSize, Qt
from PyQt6.QtWidgets import QScrollArea, QWidget

from tradestream_gui.ui.shell.look import Look


class LowContent(QWidget):
    """What a `LowScroll` holds. Qt asks a layout with wrapped words for the height that it likes best, which makes
    the page scroll while its tables still have room to give: this one answers with the least that it needs."""

    def heightForWidth(self, width: int) -> int:
        layout = self.layout()
        return -1 if layout is None else layout.minimumHeightForWidth(width)


class LowScroll(QScrollArea):
    """`content` fills it, but is never lower than `least_px` (at 100 %; 0: than its parts need); it does not scroll
    sideways."""

    def __init__(self, look: Look, content: LowContent, least_px: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._content, self._least_px = look, content, least_px
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def minimumSizeHint(self) -> QSize:
        """As wide as the content needs, which does not scroll sideways."""
        return QSize(self._content.minimumSizeHint().width(), super().minimumSizeHint().height())

    def _adopt_look(self) -> None:
        self._content.setMinimumHeight(self._look.px(self._least_px))

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Qt does not tell what is around the page that the page has another least width."""
        if event is not None and event.type() is QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
