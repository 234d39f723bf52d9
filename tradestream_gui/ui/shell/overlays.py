"""What lies over the window's panes: Qt puts the panes in front of it whenever it arranges the docks anew."""

from collections.abc import Iterator

from PyQt6.QtCore import QObject, QPoint, QRect, Qt
from PyQt6.QtWidgets import QMainWindow, QWidget

MARK = "overlay"


class KeptFree(QObject):
    """Marks its parent: nothing that comes up by itself may lie over it, because it takes risk away, sends, or is where
    one begins."""


def keep_free(*widgets: QWidget) -> None:
    for widget in widgets:
        KeptFree(widget)


def kept_free(window: QWidget) -> Iterator[QWidget]:
    """What is marked anywhere in the window, in sight or not."""
    for mark in window.findChildren(KeptFree):
        marked = mark.parent()
        if isinstance(marked, QWidget) and marked.window() is window:
            yield marked


def place_in(window: QWidget, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())


def lies_over_panes(widget: QWidget) -> None:
    """For a child of the main window that floats above its tabs and docks."""
    widget.setProperty(MARK, True)


def raise_overlays(window: QMainWindow) -> None:
    """Puts them in front again, in their order."""
    for child in window.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if child.property(MARK) and child.isVisible():
            child.raise_()
