"""An icon on a button in the colour of the theme, also after the theme or the size of the text has changed."""

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QAbstractButton

from tradestream_gui.ui.shell.look import Look


class KeptIcon(QObject):
    """Lives as long as its button."""

    def __init__(self, look: Look, button: QAbstractButton, name: str) -> None:
        super().__init__(button)
        self._look, self._button, self._name = look, button, name
        look.changed.connect(self._show)
        self._show()

    def show_icon(self, name: str) -> None:
        """Another one from now on."""
        self._name = name
        self._show()

    def _show(self) -> None:
        self._button.setIcon(self._look.icon(self._name))
