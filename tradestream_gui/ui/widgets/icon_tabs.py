"""Tabs with icons, which leave when the titles need their room: a title is worth more than a picture."""

from collections.abc import Sequence

from PyQt6.QtGui import QIcon, QResizeEvent
from PyQt6.QtWidgets import QTabWidget, QWidget


class IconTabs(QTabWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons: Sequence[QIcon] = ()

    def show_icons(self, icons: Sequence[QIcon]) -> None:
        """One for each tab, in their order."""
        self._icons = icons
        self._fit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        for index, icon in enumerate(self._icons):
            self.setTabIcon(index, icon)
        bar = self.tabBar()
        if bar is not None and bar.sizeHint().width() > self.width():
            for index in range(len(self._icons)):
                self.setTabIcon(index, QIcon())
