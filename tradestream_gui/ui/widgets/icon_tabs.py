"""Tabs whose titles stay whole: where they need the room their icons leave, then the air around them."""

from collections.abc import Sequence

from PyQt6.QtCore import QEvent
from PyQt6.QtGui import QIcon, QResizeEvent
from PyQt6.QtWidgets import QApplication, QTabBar, QTabWidget, QWidget


class IconTabs(QTabWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons: Sequence[QIcon] = ()

    def show_icons(self, icons: Sequence[QIcon]) -> None:
        """One for each tab, in their order."""
        self._icons = icons
        self._fit()

    def _fit(self) -> None:
        bar = self.tabBar()
        if bar is None:
            return
        _set_tight(bar, False)
        for index, icon in enumerate(self._icons):
            self.setTabIcon(index, icon)
        if bar.sizeHint().width() > self.width():
            for index in range(len(self._icons)):
                self.setTabIcon(index, QIcon())
        if bar.sizeHint().width() > self.width():
            _set_tight(bar, True)

    # overridden Qt methods

    def tabInserted(self, index: int) -> None:
        super().tabInserted(index)
        self._fit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()


def _set_tight(bar: QTabBar, is_tight: bool) -> None:
    """As base.qss has it for such a bar."""
    style = bar.style()
    if bar.property("tight") is is_tight or style is None:
        return
    bar.setProperty("tight", is_tight)
    style.polish(bar)
    QApplication.sendEvent(bar, QEvent(QEvent.Type.StyleChange))  # else the bar keeps the widths that it measured
