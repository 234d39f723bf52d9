"""The keys as they are pressed: one field for each action, what is taken or unfit refused beside it."""

from functools import partial
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import QGridLayout, QKeySequenceEdit, QLabel, QLineEdit, QToolButton, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, plain, plain_label
from tradestream_gui.upkeep.settings.fields import SettingSpec
from tradestream_gui.upkeep.settings.keys import ACTIONS, KEYS, KeyPlace, conflict, refusal

FIELD_PX = 170
HEADS = {KeyPlace.WINDOW: "Everywhere in the window", KeyPlace.LADDER: "On the ladder, while it has the keyboard"}
HELP = "Press the new keys in a field; the cross beside it leaves the action without a key. None is heard elsewhere."


class KeysEditor(QWidget):
    """Emits `edited(key, map)` with the keys that differ from the printed ones; a refused key changes nothing."""

    edited = pyqtSignal(str, object)

    def __init__(self, look: Look, spec: SettingSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.spec = spec
        self._own: dict[str, str] = {}
        self.fields: dict[str, QKeySequenceEdit] = {}
        self.errors: dict[str, QLabel] = {}
        self.resets: dict[str, QToolButton] = {}
        self._error = plain_label(role="error", parent=self)
        self._error.setWordWrap(True)
        self._error.hide()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 6, 0, 8)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        help_line = plain_label(HELP, role="help", parent=self)
        help_line.setWordWrap(True)
        self._grid.addWidget(help_line, 0, 0, 1, 3)
        self._grid.addWidget(self._error, 1, 0, 1, 3)
        for place, head in HEADS.items():
            self._add_head(head)
            for name, action in ACTIONS.items():
                if action.place is place:
                    self._add_row(name, f"{action.words} (armed only)" if action.trades else action.words)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def show_setting(self, value: Any, source: str, *, is_edited: bool) -> None:
        """The map of own keys; what the environment sets cannot be changed here."""
        self._own = {str(name): str(keys) for name, keys in dict(value or {}).items()}
        is_fixed = source == "environment"
        for name, field in self.fields.items():
            self._show_keys(name)
            field.setEnabled(not is_fixed)
            self.resets[name].setEnabled(not is_fixed and name in self._own)

    def show_error(self, words: str) -> None:
        self._error.setText(plain(words))
        self._error.setVisible(bool(words))

    def _add_head(self, head: str) -> None:
        self._grid.setRowMinimumHeight(self._grid.rowCount(), 10)
        self._grid.addWidget(plain_label(head, role="strong", parent=self), self._grid.rowCount(), 0, 1, 3)

    def _add_row(self, name: str, words: str) -> None:
        row = self._grid.rowCount()
        label = plain_label(words, parent=self)
        label.setWordWrap(True)
        field = QKeySequenceEdit(self)
        field.setMaximumSequenceLength(1)
        field.setClearButtonEnabled(True)
        field.setAccessibleName(f"Keys for {words}")
        field.keySequenceChanged.connect(partial(self._on_keys, name))
        inner = field.findChild(QLineEdit)
        if inner is not None:
            inner.setAccessibleName(f"Keys for {words}")
            inner.setPlaceholderText("no key")
        label.setBuddy(field)
        reset = QToolButton(self)
        reset.setAccessibleName(f"Reset the keys for {words}")
        explain(reset, f"Back to {KEYS[name]}")
        reset.clicked.connect(partial(self._on_reset, name))
        error = plain_label(role="error", parent=self)
        error.setWordWrap(True)
        error.hide()
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(field, row, 1)
        self._grid.addWidget(reset, row, 2)
        self._grid.addWidget(error, row + 1, 0, 1, 3, Qt.AlignmentFlag.AlignRight)
        self.fields[name], self.resets[name], self.errors[name] = field, reset, error

    def _on_keys(self, name: str, sequence: QKeySequence) -> None:
        keys = sequence.toString()
        wanted = {**KEYS, **self._own, name: keys}
        words = refusal(name, keys) or conflict(wanted)
        self.errors[name].setText(plain(words))
        self.errors[name].setVisible(bool(words))
        if words:
            self._show_keys(name)
            return
        self._own = {each: its for each, its in wanted.items() if its != KEYS[each]}
        self.edited.emit(self.spec.key, dict(self._own))

    def _on_reset(self, name: str) -> None:
        self.fields[name].setKeySequence(QKeySequence(KEYS[name]))

    def _show_keys(self, name: str) -> None:
        field = self.fields[name]
        before = field.blockSignals(True)
        field.setKeySequence(QKeySequence(self._own.get(name, KEYS[name])))
        field.blockSignals(before)

    def _adopt_look(self) -> None:
        for field in self.fields.values():
            field.setFixedWidth(self._look.px(FIELD_PX))
        for reset in self.resets.values():
            reset.setIcon(self._look.icon("undo"))
            reset.setMinimumSize(self._look.px(24), self._look.px(24))
