"""Which watchlist is in sight, where there are several, and the menu that makes, renames and deletes lists."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from tradestream_gui.ui.shell.kept_icon import KeptIcon
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.widgets.choice_box import ChoiceBox

ROOM = 8


class ListsBar(QWidget):
    """Shows what it is told and tells what is wanted. The box takes room only when there is something to choose;
    `more`, the button of the menu, is laid out by whoever has room for it."""

    chosen = pyqtSignal(str)
    new_wanted = pyqtSignal()
    rename_wanted = pyqtSignal()
    delete_wanted = pyqtSignal()
    import_wanted = pyqtSignal()
    export_wanted = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = ChoiceBox()
        self.box.setAccessibleName("Watchlist")
        self.box.take_room_for(ROOM)
        self.hide()
        self.more = QToolButton()
        self.more.setAccessibleName("Lists: new, rename, delete, import, save")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setEnabled(False)
        KeptIcon(look, self.more, "more")
        self.menu = QMenu(self)
        self.menu.addAction("New list…", self.new_wanted.emit)
        self.menu.addAction("Rename list…", self.rename_wanted.emit)
        self.delete = self.menu.addAction("Delete list", self.delete_wanted.emit)
        self.menu.addSeparator()
        self.menu.addAction("Import symbols…", self.import_wanted.emit)
        self.menu.addAction("Save symbols…", self.export_wanted.emit)
        self.more.setMenu(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)
        self.box.activated.connect(self._on_chosen)

    def show_lists(self, names: Sequence[str], current: str) -> None:
        self.setVisible(len(names) > 1)
        self.more.setEnabled(True)
        self._fill(names if len(names) > 1 else (), current)
        if self.delete is not None:
            self.delete.setEnabled(len(names) > 1)

    def _fill(self, names: Sequence[str], current: str) -> None:
        """With what there is to choose: Qt makes a box's list with its first line, and a single one needs none."""
        self.box.clear()
        for name in names:
            self.box.addItem(one_line(name), name)
        self.box.setCurrentIndex(self.box.findData(current))

    def _on_chosen(self, _at: int) -> None:
        self.chosen.emit(self.box.currentData())
