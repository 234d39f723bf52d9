"""Inks a label; one that has its colour already is left alone, because a new palette restyles and repaints it."""

from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QWidget


def ink(widget: QWidget, colour: QColor) -> None:
    """Gives the widget's words this colour."""
    palette = widget.palette()
    if palette.color(palette.ColorRole.WindowText) != colour:
        palette.setColor(palette.ColorRole.WindowText, colour)
        widget.setPalette(palette)
