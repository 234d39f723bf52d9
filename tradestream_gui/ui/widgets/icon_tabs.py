"""Tabs whose titles stay whole: where they need room their icons leave, then words, then the air around them."""

from collections.abc import Sequence

from PyQt6.QtCore import QEvent, pyqtSignal
from PyQt6.QtGui import QIcon, QResizeEvent
from PyQt6.QtWidgets import QApplication, QTabBar, QTabWidget, QWidget


class IconTabs(QTabWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons: Sequence[QIcon] = ()
        self._titles: Sequence[Sequence[str]] = ()
        self._is_fitting = False
        bar = _Bar(self)
        self.setTabBar(bar)
        bar.restyled.connect(self._fit)

    def show_icons(self, icons: Sequence[QIcon]) -> None:
        """One for each tab, in their order."""
        self._icons = icons
        self._fit()

    def show_titles(self, *titles: Sequence[str]) -> None:
        """One for each tab, in their order; then the same in fewer words, for where the first have no room."""
        if titles != self._titles:
            self._titles = titles
            self._fit()

    def _fit(self) -> None:
        bar = self.tabBar()
        if bar is None or self._is_fitting:
            return
        self._is_fitting = True
        _set_tight(bar, False)
        for titles in self._titles or ([],):
            for index, title in enumerate(titles):
                if self.tabText(index) != title:
                    self.setTabText(index, title)
            if self._fits(bar):
                break
        else:
            _set_tight(bar, True)
        self._is_fitting = False

    def _fits(self, bar: QTabBar) -> bool:
        """Whether these titles stand whole, with their icons or without."""
        for index, icon in enumerate(self._icons):
            self.setTabIcon(index, icon)
        if bar.sizeHint().width() > self.width():
            for index in range(len(self._icons)):
                self.setTabIcon(index, QIcon())
        return bar.sizeHint().width() <= self.width()

    # overridden Qt methods

    def tabInserted(self, index: int) -> None:
        super().tabInserted(index)
        self._fit()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()


class _Bar(QTabBar):
    """Tells when its titles have taken another size of the text, which need not change the size of the whole."""

    restyled = pyqtSignal()

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() is QEvent.Type.StyleChange:
            self.restyled.emit()


def _set_tight(bar: QTabBar, is_tight: bool) -> None:
    """As base.qss has it for such a bar."""
    style = bar.style()
    if bar.property("tight") is is_tight or style is None:
        return
    bar.setProperty("tight", is_tight)
    style.polish(bar)
    QApplication.sendEvent(bar, QEvent(QEvent.Type.StyleChange))  # else the bar keeps the widths that it measured
