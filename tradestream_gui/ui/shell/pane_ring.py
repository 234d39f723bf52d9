"""F6 and Shift+F6: from one region of the window to the next, by the keyboard alone."""

from collections.abc import Iterator

from PyQt6 import sip
from PyQt6.QtCore import QObject, Qt
from PyQt6.QtWidgets import QApplication, QDockWidget, QWidget

from tradestream_gui.ui.shell.key_bindings import KeyBindings
from tradestream_gui.ui.shell.main_window import MainWindow

FIRST_DOCKS = ("watchlist",)
"""Docks that are read before the tabs; the others come after them, as they are listed."""


class PaneRing(QObject):
    """Top bar, watchlist, tab, chart, ladder, log and round again; what is closed or covered is left out.

    A region is entered where it was left.
    """

    def __init__(self, window: MainWindow, keys: KeyBindings) -> None:
        super().__init__(window)
        self._window = window
        self._left_at: dict[QWidget, QWidget] = {}
        keys.bind("next_pane", self.next)
        keys.bind("previous_pane", self.previous)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus)

    def next(self) -> None:
        self._go(1)

    def previous(self) -> None:
        self._go(-1)

    def _go(self, step: int) -> None:
        panes = [pane for pane in self._panes() if self._entrance(pane) is not None]
        focused = QApplication.focusWidget()
        here = next((at for at, pane in enumerate(panes) if _holds(pane, focused)), None)
        if not panes:
            return
        at = (here + step) % len(panes) if here is not None else 0 if step > 0 else len(panes) - 1
        entrance = self._entrance(panes[at])
        if entrance is not None:
            window = entrance.window()
            if window is not None:
                window.activateWindow()  # a dock that was torn off is a window of its own
            entrance.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _panes(self) -> Iterator[QWidget]:
        top = self._window.menuWidget()
        if top is not None:
            yield top
        docks = {key: self._window.dock(key) for key in self._window.dock_keys()}
        yield from (dock for key, dock in docks.items() if key in FIRST_DOCKS and _is_in_sight(dock))
        yield self._window.tabs
        yield from (dock for key, dock in docks.items() if key not in FIRST_DOCKS and _is_in_sight(dock))

    def _entrance(self, pane: QWidget) -> QWidget | None:
        """Where the pane was left, else its content's first control, else its own first one."""
        left_at = self._left_at.get(pane)
        if left_at is not None and not sip.isdeleted(left_at) and _takes_focus(left_at):
            return left_at
        content: QWidget | None = pane
        if pane is self._window.tabs:
            content = self._window.tabs.currentWidget()
        elif isinstance(pane, QDockWidget):
            content = pane.widget()
        return _first_control(content) or _first_control(pane)

    def _on_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        if sip.isdeleted(self._window):
            return
        pane = next((pane for pane in self._panes() if _holds(pane, now)), None)
        if pane is not None and now is not None:
            self._left_at[pane] = now


def _holds(pane: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and (pane is widget or pane.isAncestorOf(widget))


def _is_in_sight(dock: QDockWidget) -> bool:
    """Not closed, and not behind another dock of the same place."""
    return dock.isVisible() and not dock.visibleRegion().isEmpty()


def _takes_focus(widget: QWidget) -> bool:
    return widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def _first_control(pane: QWidget | None) -> QWidget | None:
    """The first in the order of Tab."""
    if pane is None:
        return None
    seen: set[QWidget] = set()
    widget = pane.nextInFocusChain()
    while widget is not None and widget is not pane and widget not in seen:
        if pane.isAncestorOf(widget) and _takes_focus(widget):
            return widget
        seen.add(widget)
        widget = widget.nextInFocusChain()
    return None
