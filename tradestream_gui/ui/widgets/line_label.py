"""One line of words that takes the room it gets: the most that fits whole, else it ends with an ellipsis."""

from PyQt6.QtCore import QEvent, QSize, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QLabel, QSizePolicy, QWidget

from tradestream_gui.ui.shell.plain import plain


class LineLabel(QLabel):
    """`text` is the whole line, also for a screen reader; `shown_text` what there is room for. Shows text as it is;
    `role` is a style of base.qss."""

    def __init__(self, text: str = "", *, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._forms: tuple[str, ...] = ("",)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if role:
            self.setProperty("role", role)
        self.setText(plain(text))

    @property
    def shown_text(self) -> str:
        return super().text()

    def say(self, whole: str, *shorter: str) -> None:
        """`shorter` tell the same in fewer words, the longest first, for where the whole has no room."""
        if (whole, *shorter) != self._forms:
            self._forms = (whole, *shorter)
            self.setAccessibleName(whole)
            self.updateGeometry()
        self._fit()

    def take_room(self) -> None:
        """Asks for what the whole needs, and for no less than the shortest form does."""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    # overridden Qt methods

    def sizeHint(self) -> QSize:
        return self._room_for(self._forms[0], super().sizeHint())

    def minimumSizeHint(self) -> QSize:
        is_free = self.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Ignored
        return self._room_for("" if is_free else self._forms[-1], super().minimumSizeHint())

    def setText(self, text: str | None) -> None:
        self.say(text or "")

    def text(self) -> str:
        return self._forms[0]

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _room_for(self, words: str, as_shown: QSize) -> QSize:
        margins = self.contentsMargins()
        return QSize(
            self.fontMetrics().horizontalAdvance(words) + margins.left() + margins.right(), as_shown.height()
        )

    def _fit(self) -> None:
        metrics, room = self.fontMetrics(), self.contentsRect().width()
        fitting = (form for form in self._forms if metrics.horizontalAdvance(form) <= room)
        shown = next(fitting, None)
        if shown is None:
            shown = metrics.elidedText(self._forms[-1], Qt.TextElideMode.ElideRight, room)
        if shown != super().text():
            super().setText(shown)
