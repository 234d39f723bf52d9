"""The box that finds a symbol: hits are listed below while one types, Enter takes the chosen one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from tradestream_gui.ui.shell.find_field import mark_find_field
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line, plain_label, tooltip
from tradestream_gui.ui.widgets.hint_field import HintField

if TYPE_CHECKING:
    from tradestream_gui.core import Core

MAX_HITS = 6
SYMBOL_ROLE = int(Qt.ItemDataRole.UserRole)
CLASS_ROLE = SYMBOL_ROLE + 1


class SymbolSearch(QWidget):
    """Emits the Instrument that was chosen; a whole symbol (ESH7, an option) needs no hit in the list."""

    chosen = pyqtSignal(object)
    emptied = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core: Core | None = None
        self.edit = HintField(look, ("Add symbol",), icon="search", parent=self)
        mark_find_field(self.edit)
        self.edit.setAccessibleName("Add a symbol to the watchlist")
        self.edit.setClearButtonEnabled(True)
        self.edit.setEnabled(False)
        self.edit.setMinimumWidth(1)
        self.hits = QListWidget(self)
        self.hits.setAccessibleName("Symbols found")
        self.hits.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hits.setMinimumWidth(1)
        self.hits.hide()
        self.words = plain_label(role="error", parent=self)
        self.words.setWordWrap(True)
        self.words.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        for part in (self.edit, self.hits, self.words):
            column.addWidget(part)
        self.edit.textEdited.connect(self._search)
        self.edit.returnPressed.connect(self._take_first)
        self.edit.installEventFilter(self)
        self.hits.itemActivated.connect(self._take)
        self.hits.itemClicked.connect(self._take)

    def attach(self, core: Core) -> None:
        self._core = core
        self.edit.setEnabled(True)

    def clear(self) -> None:
        self.edit.clear()
        self.hits.setMinimumWidth(1)
        self.hits.hide()
        self.words.hide()
        self.emptied.emit()

    def _search(self, text: str) -> None:
        if self._core is None:
            return
        self.words.hide()
        self.hits.clear()
        for hit in self._core.reference.search(text, MAX_HITS):
            item = QListWidgetItem(one_line(f"{hit.symbol}   {hit.description}", 80))
            item.setToolTip(tooltip(f"{hit.symbol}: {hit.description}"))
            item.setData(SYMBOL_ROLE, hit.symbol)
            item.setData(CLASS_ROLE, hit.asset_class)
            self.hits.addItem(item)
        self.hits.setVisible(self.hits.count() > 0)
        if self.hits.count():
            self.hits.setCurrentRow(0)
            row = self.hits.sizeHintForRow(0)
            self.hits.setFixedHeight(row * self.hits.count() + 2 * self.hits.frameWidth() + 4)

    def _take_first(self) -> None:
        core, text = self._core, self.edit.text().strip()
        if core is None or not text:
            return
        item = self.hits.currentItem()
        whole = core.reference.resolve(text, core.clock.now())
        if whole is not None and (item is None or item.data(SYMBOL_ROLE) != text.upper()):
            self._choose(whole)
        elif item is not None:
            self._take(item)
        else:
            self._say(f"{one_line(text, 24)} names no future, stock or option that is known here.")

    def _take(self, item: QListWidgetItem) -> None:
        core = self._core
        if core is None:
            return
        found = core.reference.resolve(item.data(SYMBOL_ROLE), core.clock.now(), item.data(CLASS_ROLE))
        if found is None:
            self._say(f"{item.data(SYMBOL_ROLE)} is an index: only its options and futures trade.")
            return
        self._choose(found)

    def _choose(self, instrument: object) -> None:
        self.clear()
        self.chosen.emit(instrument)

    def _say(self, words: str) -> None:
        self.hits.setMinimumWidth(1)
        self.hits.hide()
        self.words.setText(words)
        self.words.show()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.clear()
                return True
            step = (event.key() == Qt.Key.Key_Down) - (event.key() == Qt.Key.Key_Up)
            if step and self.hits.isVisible():
                row = self.hits.currentRow() + step
                self.hits.setCurrentRow(min(max(row, 0), self.hits.count() - 1))
                return True
        return False
