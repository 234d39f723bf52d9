"""What lies over the window's panes: Qt puts the panes in front of it whenever it arranges the docks anew."""

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QMainWindow, QWidget

MARK = "overlay"


def lies_over_panes(widget: QWidget) -> None:
    """For a child of the main window that floats above its tabs and docks."""
    widget.setProperty(MARK, True)


def raise_overlays(window: QMainWindow) -> None:
    """Puts them in front again, in their order."""
    for child in window.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if child.property(MARK) and child.isVisible():
            child.raise_()
