"""The profile's file as text, with the first mistake named by line and key while it is written."""

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.alerts.profiles.profiles import ProfileError, profiles_of_text
from tradestream_gui.ui.shell.fonts import set_text_font
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain, plain_label

CHECK_MS = 250


class FilePage(QWidget):
    """Emits the text to save; what cannot be read is not offered for saving."""

    save_wanted = pyqtSignal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._name = ""
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("The profile's file")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.error = plain_label(role="error")
        self.error.setWordWrap(True)
        self.where = plain_label(role="help")
        self.save = QPushButton("Save file")
        self.save.setProperty("role", "primary")
        foot = QHBoxLayout()
        foot.addWidget(self.where, 1)
        foot.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.text, 1)
        column.addWidget(self.error)
        column.addLayout(foot)
        self._checks = QTimer(self)
        self._checks.setSingleShot(True)
        self._checks.setInterval(CHECK_MS)
        self._checks.timeout.connect(self.check)
        self.text.textChanged.connect(self._checks.start)
        self.save.clicked.connect(self._on_save)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def show_text(self, name: str, text: str, where: str) -> None:
        self._name = name
        self.text.setPlainText(text)
        self.where.setText(plain(where))
        self.check()

    def check(self) -> bool:
        """Whether the text can be saved; else the mistake is shown with its line and key."""
        words = ""
        try:
            found = profiles_of_text(self.text.toPlainText(), f"{self._name}.toml")
            if [profile.name for profile in found] != [self._name]:
                words = f"{self._name}.toml: must hold the one profile named {self._name!r}"
        except ProfileError as error:
            words = str(error)
        self.error.setText(plain(words))
        self.error.setVisible(bool(words))
        self.save.setEnabled(not words)
        return not words

    def _on_save(self) -> None:
        if self.check():
            self.save_wanted.emit(self.text.toPlainText())

    def _adopt_look(self) -> None:
        set_text_font(self.text, self._look.mono(12))
