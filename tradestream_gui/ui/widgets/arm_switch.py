"""The switch and lamp of one-click entries: a lock, a word and a colour that say whether a click sends an order."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QPushButton, QWidget

from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import tooltip

WIDTH_PX = 108


class ArmSwitch(QPushButton):
    """Follows the arming that it was given last."""

    def __init__(self, look: Look, arming: Arming, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._arming = arming
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._on_clicked)
        look.changed.connect(self._adopt_look)
        arming.changed.connect(self._on_changed)
        self._show()

    def watch(self, arming: Arming) -> None:
        self._arming.changed.disconnect(self._on_changed)
        self._arming = arming
        arming.changed.connect(self._on_changed)
        self._show()

    def _on_clicked(self) -> None:
        self._arming.toggle()

    def _on_changed(self, is_armed: bool) -> None:
        self._show()

    def _show(self) -> None:
        is_armed, why = self._arming.is_armed, self._arming.why
        self.setText("ARMED" if is_armed else "Disarmed")
        self.setToolTip(tooltip(f"{why} F1 lists its key."))
        self.setAccessibleName("Armed: one click sends an order" if is_armed else "Disarmed: clicks open nothing")
        self.setAccessibleDescription(why)
        self.setProperty("role", "armed" if is_armed else "")
        style = self.style()
        if style is not None:
            style.polish(self)
        self._adopt_look()

    def _adopt_look(self) -> None:
        self.setMinimumWidth(self._look.px(WIDTH_PX))
        name, token = ("unlock", "on_band") if self._arming.is_armed else ("lock", "text_2")
        self.setIcon(self._look.icons.icon(name, self._look.color(token), self._look.color("border_strong")))
