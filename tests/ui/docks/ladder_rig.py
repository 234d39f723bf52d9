"""A ladder on the demo market, and the places in it that a test clicks."""

from PyQt6.QtCore import QPoint

from tradestream_gui.ui.docks.ladder import LadderDock


def point(dock: LadderDock, row: int, column: int) -> QPoint:
    """The middle of a cell in the table's own pixels."""
    return dock.view.visualRect(dock.model.index(row, column)).center()
