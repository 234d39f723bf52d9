"""One line of words that takes the room it gets: what is too long for it ends with an ellipsis, not inside a letter."""

from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QLabel, QSizePolicy, QWidget

from tradestream_gui.ui.shell.plain import plain


class LineLabel(QLabel):
    """`text` is the whole line, also for a screen reader; `shown_text` what there is room for. Shows text as it is;
    `role` is a style of base.qss."""

    def __init__(self, text: str = "", *, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if role:
            self.setProperty("role", role)
        self.setText(plain(text))

    @property
    def shown_text(self) -> str:
        return super().text()

    # overridden Qt methods

    def setText(self, text: str | None) -> None:
        whole = text or ""
        if whole != self._whole:
            self._whole = whole
            self.setAccessibleName(whole)
        self._fit()

    def text(self) -> str:
        return self._whole

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, self.contentsRect().width())
        if shown != super().text():
            super().setText(shown)
