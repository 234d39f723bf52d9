"""The row above the log: level chips, text filter, the alert that is followed, copy and export."""

from __future__ import annotations

from PyQt6.QtCore import pyqtBoundSignal, pyqtSignal
from PyQt6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QLineEdit, QPushButton, QSizePolicy, QToolButton, QWidget

from tradestream_gui.ui.docks.log.lines import LogKind
from tradestream_gui.ui.shell.find_field import mark_find_field
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, one_line

ALL = "all"
CHIPS = (ALL, LogKind.ORDERS.value, LogKind.RISK.value, LogKind.CONNECTION.value, LogKind.PARSER.value)


class LogBar(QFrame):
    """Emits what is wanted; holds no line."""

    kind_chosen = pyqtSignal(str)
    text_changed = pyqtSignal(str)
    path_left = pyqtSignal()
    copy_wanted = pyqtSignal()
    export_wanted = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setProperty("role", "panel")
        self._group = QButtonGroup(self)
        self.chips = {kind: self._chip(kind) for kind in CHIPS}
        self.chips[ALL].setChecked(True)
        self.path = QPushButton(self)
        explain(self.path, "Only the way of one alert is shown. Click or Esc for all.")
        self.path.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.path.clicked.connect(self.path_left)
        self.path.hide()
        self.edit = QLineEdit(self)
        self.edit.setPlaceholderText("Filter")
        mark_find_field(self.edit)
        self.edit.setAccessibleName("Filter the log by text")
        self.edit.setClearButtonEnabled(True)
        self.edit.setMinimumWidth(look.px(72))
        self.edit.setMaximumWidth(look.px(260))
        self.edit.textChanged.connect(self.text_changed)
        self.copy = self._tool("copy", "Copy the selected lines", self.copy_wanted)
        self.export = self._tool("export", "Export what is shown as CSV", self.export_wanted)
        self._lay_out()
        self._group.idClicked.connect(self._on_chip)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def show_path(self, words: str) -> None:
        """Says whose way is shown; an empty text when all lines are."""
        self.path.setText(f"One alert: {one_line(words, 32)}" if words else "")
        self.path.setAccessibleName(f"Leave the filter on {one_line(words, 80)}")
        self.path.setVisible(bool(words))

    def _chip(self, kind: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(kind.capitalize())
        button.setCheckable(True)
        button.setAccessibleName(f"Show {kind} lines")
        self._group.addButton(button, CHIPS.index(kind))
        return button

    def _tool(self, icon: str, words: str, signal: pyqtBoundSignal) -> QToolButton:
        button = QToolButton(self)
        button.setProperty("icon_name", icon)
        explain(button, words)
        button.setAccessibleName(words)
        button.clicked.connect(signal)
        return button

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(2)
        for chip in self.chips.values():
            row.addWidget(chip)
        row.addSpacing(6)
        row.addWidget(self.path)
        row.addStretch(1)
        row.addWidget(self.edit, 2)
        row.addWidget(self.copy)
        row.addWidget(self.export)

    def _on_chip(self, number: int) -> None:
        self.kind_chosen.emit(CHIPS[number])

    def _adopt_look(self) -> None:
        side = self._look.px(24)
        for button in (self.copy, self.export):
            button.setIcon(self._look.icon(str(button.property("icon_name"))))
            button.setMinimumSize(side, side)
        self.path.setIcon(self._look.icon("close"))
        for chip in self.chips.values():
            chip.setMinimumHeight(side)
