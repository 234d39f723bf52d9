"""The title of a dock: its name, and buttons that a finger can hit to tear it off, put it back and close it."""

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtWidgets import QDockWidget, QFrame, QHBoxLayout, QToolButton

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, plain_label

BUTTON_PX, ICON_PX, HIGH_PX = 24, 14, 28


class DockTitle(QFrame):
    """It leaves the mouse alone, so that the dock is dragged by it as by Qt's own."""

    def __init__(self, look: Look, dock: QDockWidget) -> None:
        super().__init__(dock)
        self._look = look
        self._dock = dock
        self.setProperty("role", "title")
        name = dock.windowTitle()
        self.float_button, self.close_button = QToolButton(self), QToolButton(self)
        self.close_button.setAccessibleName(f"Close {name}")
        explain(self.close_button, f"Close {name}; Ctrl+K finds it again")
        self.float_button.clicked.connect(self._on_float)
        self.close_button.clicked.connect(dock.close)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 0, 4, 0)
        row.setSpacing(2)
        row.addWidget(plain_label(name, role="dock"))
        row.addStretch(1)
        for button in (self.float_button, self.close_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        dock.topLevelChanged.connect(self._show_place)
        look.changed.connect(self._adopt_look)
        self._show_place()
        self._adopt_look()

    def _on_float(self) -> None:
        self._dock.setFloating(not self._dock.isFloating())

    def _show_place(self, *_: object) -> None:
        words = "Put back into the window" if self._dock.isFloating() else "Tear off as a window of its own"
        self.float_button.setAccessibleName(f"{words}: {self._dock.windowTitle()}")
        explain(self.float_button, words)

    def _adopt_look(self) -> None:
        side, icon = self._look.px(BUTTON_PX), self._look.px(ICON_PX)
        self.setMinimumHeight(self._look.px(HIGH_PX))
        for button, name in ((self.float_button, "external"), (self.close_button, "close")):
            button.setFixedSize(side, side)
            button.setIconSize(QSize(icon, icon))
            button.setIcon(self._look.icon(name))
