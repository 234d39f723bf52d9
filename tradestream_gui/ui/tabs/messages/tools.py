"""The buttons below a message's text: edit and send, read again, copy, keep."""

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QToolButton, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain
from tradestream_gui.ui.widgets.flow_layout import FlowLayout


class MessageTools(QWidget):
    """Says nothing itself; the why-panel listens to its buttons."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        FlowLayout(self)  # no word is cut: what has no room goes to the next line
        self._icons: dict[QToolButton, str] = {}
        self.edit = self._button("Edit and send", "puts the text into the box below, where you can change it", "edit")
        self.parse = self._button("Re-parse", "reads the text again as of now and changes nothing", "refresh")
        self.copy = self._button("Copy as test case", "message and reading as one JSON line", "copy")
        kept = "(E): saves message and answer in your copy of the room's profile"
        self.keep = self._button("Keep as example", kept, "save")
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def set_icons_only(self, is_bare: bool) -> None:
        """The words stay in the tool tips."""
        style = Qt.ToolButtonStyle
        for button in self._icons:
            button.setToolButtonStyle(style.ToolButtonIconOnly if is_bare else style.ToolButtonTextBesideIcon)

    def _button(self, text: str, meaning: str, icon: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setAccessibleName(text)
        explain(button, f"{text} {meaning}" if meaning.startswith("(") else f"{text}: {meaning}")
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._icons[button] = icon
        layout = self.layout()
        if layout is not None:
            layout.addWidget(button)
        return button

    def _adopt_look(self) -> None:
        for button, icon in self._icons.items():
            button.setIcon(self._look.icon(icon))
