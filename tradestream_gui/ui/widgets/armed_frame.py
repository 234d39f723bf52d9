"""The amber frame round what sends orders: thick while one click sends, thin where real money is at stake."""

from PyQt6.QtCore import QRect
from PyQt6.QtGui import QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QWidget

from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.look import Look

FRAME_PX = 3


class ArmedFrame(QWidget):
    """Leaves room for its frame always, so that arming moves nothing."""

    def __init__(self, look: Look, arming: Arming, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._arming = arming
        self._kind = AccountKind.SIMULATOR
        arming.changed.connect(self._on_changed)
        look.changed.connect(self.update)

    def watch(self, arming: Arming) -> None:
        self._arming.changed.disconnect(self._on_changed)
        self._arming = arming
        arming.changed.connect(self._on_changed)
        self.update()

    def show_kind(self, kind: AccountKind) -> None:
        """Where the orders from inside the frame go."""
        if kind is not self._kind:
            self._kind = kind
            self.update()

    @property
    def width_px(self) -> int:
        """How thick the frame stands now; 0 for none."""
        return FRAME_PX if self._arming.is_armed else 1 if self._kind.is_guarded else 0

    def _on_changed(self, is_armed: bool) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("panel"))
        wide = self.width_px
        if wide:
            painter.setPen(QPen(self._look.color("live"), wide))
            half = wide // 2
            painter.drawRect(QRect(half, half, self.width() - wide, self.height() - wide))
        painter.end()
