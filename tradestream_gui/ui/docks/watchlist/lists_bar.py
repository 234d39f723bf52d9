"""Above the watchlist: which list is in sight, and the menu that makes, renames and deletes lists."""

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
    """Shows what it is told and tells what is wanted."""

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
        self.box.setEnabled(False)
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
        row.setSpacing(4)
        row.addWidget(self.box, 1)
        row.addWidget(self.more)
        self.box.activated.connect(self._on_chosen)

    def show_lists(self, names: Sequence[str], current: str) -> None:
        self.box.setEnabled(True)
        self.more.setEnabled(True)
        self.box.clear()
        for name in names:
            self.box.addItem(one_line(name), name)
        self.box.setCurrentIndex(self.box.findData(current))
        if self.delete is not None:
            self.delete.setEnabled(len(names) > 1)

    def _on_chosen(self, _at: int) -> None:
        self.chosen.emit(self.box.currentData())
