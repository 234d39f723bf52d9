"""A table of settings: its rows on the left, the form of the chosen row on the right; add, duplicate, remove."""

from copy import deepcopy
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QBoxLayout, QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.ui.shell.kept_icon import KeptIcon
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line, plain, plain_label
from tradestream_gui.ui.tabs.config.field_row import QWIDGETSIZE_MAX, FieldRow
from tradestream_gui.ui.tabs.config.labels import label_text
from tradestream_gui.ui.tabs.config.values import empty_row
from tradestream_gui.upkeep.settings.fields import SettingSpec

LIST_PX, LIST_HIGH_PX, LABEL_PX = 196, 210, 150
LIST_ABOVE_PX, LABELS_ABOVE_PX = 430, 680
FIRST_COLUMNS = ("id", "name", "authors", "channels")
FIXED = "kind"
"""The column of an account that may not change once the row exists."""


class RowsEditor(QWidget):
    """Emits `edited(key, rows)` with the whole table; rows are known by their `id`."""

    edited = pyqtSignal(str, object)

    def __init__(
        self, look: Look, spec: SettingSpec, parent: QWidget | None = None, *, is_titled: bool = False
    ) -> None:
        """`is_titled`: it stands among other settings, so that the group's title is not its own."""
        super().__init__(parent)
        self._is_titled = is_titled
        self._look = look
        self.spec = spec
        self._rows: list[dict[str, Any]] = []
        self._stored_ids: set[str] = set()
        self.list = QListWidget(self)
        self.list.setAccessibleName(spec.label)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._on_chosen)
        self.list.hide()  # until there is a row
        self.add = self._button("plus", "Add", self._on_add)
        self.duplicate = self._button("copy", "Duplicate", self._on_duplicate)
        self.remove = self._button("trash", "Remove", self._on_remove)
        self.error = plain_label(role="error", parent=self)
        self.error.setWordWrap(True)
        self.error.hide()
        self.nothing = plain_label(f"{spec.help} None yet.", role="help", parent=self)
        self.nothing.setWordWrap(True)
        self.form = QWidget(self)
        self.fields: dict[str, FieldRow] = {}
        self._make_form()
        self._lay_out()

    def show_setting(self, rows: list[dict[str, Any]], stored: list[dict[str, Any]]) -> None:
        """Shows these rows; `stored` are those that hold now."""
        self._stored_ids = {str(row["id"]) for row in stored}
        if rows != self._rows or self.list.count() != len(rows):
            self._rows = deepcopy(rows)
            self._fill_list(max(self.list.currentRow(), 0))
        self._show_row()

    def show_error(self, words: str) -> None:
        self.error.setText(plain(words))
        self.error.setVisible(bool(words))

    # inside

    def _fill_list(self, chosen: int) -> None:
        before = self.list.blockSignals(True)
        self.list.clear()
        for row in self._rows:
            self.list.addItem(_row_title(row))
        self.list.setCurrentRow(min(chosen, len(self._rows) - 1))
        self.list.setVisible(bool(self._rows))
        self.list.blockSignals(before)
        self._adopt_look()
        self._show_row()

    def _show_row(self) -> None:
        row = self._chosen()
        self.form.setVisible(row is not None)
        self.nothing.setVisible(row is None)
        self.duplicate.setEnabled(row is not None)
        self.remove.setEnabled(row is not None)
        if row is None:
            return
        is_stored = str(row["id"]) in self._stored_ids
        for name, field in self.fields.items():
            field.show_setting(row[name], "", is_edited=False)
            if name in ("id", FIXED):
                field.editor.control.setEnabled(not is_stored)
                field.reset.setEnabled(field.reset.isEnabled() and not is_stored)

    def _chosen(self) -> dict[str, Any] | None:
        at = self.list.currentRow()
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def _on_chosen(self, at: int) -> None:
        self._show_row()

    def _on_field(self, name: str, value: Any) -> None:
        row, item = self._chosen(), self.list.currentItem()
        if row is not None and item is not None:
            row[name] = value
            item.setText(_row_title(row))
            self._tell()

    def _on_add(self) -> None:
        self._append(empty_row(self.spec), "new")

    def _on_duplicate(self) -> None:
        row = self._chosen()
        if row is not None:
            self._append(deepcopy(row), str(row["id"]))

    def _append(self, row: dict[str, Any], stem: str) -> None:
        taken, number = {str(one["id"]) for one in self._rows}, 2
        name = stem
        while name in taken:
            name, number = f"{stem}-{number}", number + 1
        row["id"] = name
        self._rows.append(row)
        self._fill_list(len(self._rows) - 1)
        self._tell()

    def _on_remove(self) -> None:
        at = self.list.currentRow()
        if 0 <= at < len(self._rows):
            del self._rows[at]
            self._fill_list(max(at - 1, 0))
            self._tell()

    def _tell(self) -> None:
        self.edited.emit(self.spec.key, deepcopy(self._rows))

    def _button(self, icon: str, words: str, slot: Any) -> QPushButton:
        button = QPushButton(words, self)
        KeptIcon(self._look, button, icon)
        button.setAccessibleName(f"{words} {self.spec.label.lower()}")
        button.clicked.connect(slot)
        return button

    def _make_form(self) -> None:
        column = QVBoxLayout(self.form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for spec in sorted(self.spec.columns, key=_place):
            field = FieldRow(self._look, spec, self.form, label_px=LABEL_PX)
            field.edited.connect(self._on_field)
            self.fields[spec.key] = field
            column.addWidget(field)
        column.addStretch(1)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        air = 8 if self._is_titled else 0
        column.setContentsMargins(0, air, 0, air)
        if self._is_titled:
            column.addWidget(plain_label(label_text(self.spec), role="strong", parent=self))
        tools = QHBoxLayout()
        for button in (self.add, self.duplicate, self.remove):
            tools.addWidget(button)
        tools.addStretch(1)
        column.addLayout(tools)
        column.addWidget(self.error)
        self._both = row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.setSpacing(16)
        row.addWidget(self.list)
        row.addWidget(self.form, 1)
        row.addWidget(self.nothing, 1)
        column.addLayout(row)
        self._look.changed.connect(self._adopt_look)
        self._adopt_look()

    def set_room(self, room: float) -> None:
        """How wide the page is, in pixels at 100 %: labels go above their controls first, then the list above both."""
        is_above = room < LIST_ABOVE_PX
        for row in self.fields.values():
            row.set_above(room < LABELS_ABOVE_PX)
        above, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._both.setDirection(above if is_above else beside)
        self._adopt_look()

    def _adopt_look(self) -> None:
        is_above = self._both.direction() == QBoxLayout.Direction.TopToBottom
        self.list.setMinimumWidth(0 if is_above else self._look.px(LIST_PX))
        self.list.setMaximumWidth(QWIDGETSIZE_MAX if is_above else self._look.px(LIST_PX))
        whole = self.list.count() * self.list.sizeHintForRow(0) + 2 * self.list.frameWidth()
        self.list.setMaximumHeight(min(self._look.px(LIST_HIGH_PX), whole) if is_above else QWIDGETSIZE_MAX)


def _place(spec: SettingSpec) -> int:
    """Who it is comes first, then what holds for it."""
    return FIRST_COLUMNS.index(spec.key) if spec.key in FIRST_COLUMNS else len(FIRST_COLUMNS)


def _row_title(row: dict[str, Any]) -> str:
    name = one_line(str(row.get("name") or row["id"]), 40)
    mode = row.get("mode") or row.get("kind") or row.get("asset_class") or ""
    return f"{name}  ·  {mode}" if mode else name
