"""What stands where nothing is to be shown yet: an icon, one sentence, and the button that changes it."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain, plain_label
from tradestream_gui.ui.shell.tone import Tone

ICON_PX = 36


class EmptyState(QWidget):
    """A calm, centred message; `acted` when its button is pressed."""

    acted = pyqtSignal()

    def __init__(
        self, look: Look, text: str, *, icon: str = "inbox", action: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._icon_name = icon
        self._icon = QLabel(self)
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text = plain_label(text, role="help", parent=self)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setWordWrap(True)
        self.button = QPushButton(action, self)
        self.button.setVisible(bool(action))
        self.button.clicked.connect(self._on_clicked)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addStretch(2)
        layout.addWidget(self._icon)
        layout.addWidget(self._text)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        self.setAccessibleName(plain(text))
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def set_text(self, text: str) -> None:
        self._text.setText(plain(text))
        self.setAccessibleName(plain(text))

    def _on_clicked(self) -> None:
        self.acted.emit()

    def _adopt_look(self) -> None:
        side = self._look.px(ICON_PX)
        self._icon.setPixmap(self._look.icons.pixmap(self._icon_name, side, self._look.tone(Tone.MUTED)))
