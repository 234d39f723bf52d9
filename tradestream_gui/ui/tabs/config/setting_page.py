"""One page of settings, made from their descriptions when it is first looked at."""

from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain_label
from tradestream_gui.ui.tabs.config.draft import Draft
from tradestream_gui.ui.tabs.config.field_row import FieldRow
from tradestream_gui.ui.tabs.config.pages import Group, Page, specs_of
from tradestream_gui.ui.tabs.config.rows_editor import RowsEditor
from tradestream_gui.upkeep.settings.fields import SettingSpec

WIDEST_PX = 860


class SettingPage(QScrollArea):
    """Shows a draft; every change goes out as `edited(key, value)`."""

    edited = pyqtSignal(str, object)

    def __init__(self, look: Look, page: Page, specs: tuple[SettingSpec, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.page = page
        self.fields: dict[str, FieldRow] = {}
        self.tables: dict[str, RowsEditor] = {}
        self._groups: list[tuple[QWidget, list[str]]] = []
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(page.title)
        body = QWidget()
        self._body = QVBoxLayout(body)
        self._body.setContentsMargins(24, 18, 24, 24)
        self._body.setSpacing(12)
        self._body.addWidget(plain_label(page.title, role="h1"))
        if page.words:
            words = plain_label(page.words, role="help")
            words.setWordWrap(True)
            self._body.addWidget(words)
        for group in page.groups:
            self._add_group(group, specs_of(group, specs))
        self._body.addStretch(1)
        body.setMaximumWidth(look.px(WIDEST_PX) if not self.tables else 16_777_215)
        self.setWidget(body)

    def add_widget(self, widget: QWidget) -> None:
        """Puts something that is no setting below the settings."""
        self._body.insertWidget(self._body.count() - 1, widget)

    def show_draft(self, draft: Draft) -> None:
        for key, field in self.fields.items():
            present = draft.present[key]
            field.show_setting(draft.value(key), present.source, is_edited=key in draft.edits)
            field.show_error(draft.errors.get(key, ""))
        for key, table in self.tables.items():
            table.show_setting(draft.value(key), draft.present[key].value)
            table.show_error(draft.errors.get(key, ""))

    def show_matches(self, text: str) -> int:
        """Hides what a search does not find; answers how many settings stay. An empty text shows all."""
        found = 0
        for card, keys in self._groups:
            shown = 0
            for key in keys:
                row: FieldRow | RowsEditor = self.fields[key] if key in self.fields else self.tables[key]
                fits = not text or row.matches(text)
                row.setVisible(fits)
                shown += fits
            card.setVisible(shown > 0)
            found += shown
        return found

    def reveal(self, key: str) -> None:
        widget: Any = self.fields.get(key) or self.tables.get(key)
        if widget is not None:
            self.ensureWidgetVisible(widget)
            if key in self.fields:
                self.fields[key].editor.setFocus()

    def _add_group(self, group: Group, specs: tuple[SettingSpec, ...]) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(18, 12, 18, 8)
        column.setSpacing(0)
        column.addWidget(plain_label(group.title, role="h2"))
        column.addSpacing(4)
        for spec in specs:
            if spec.kind == "table":
                table = RowsEditor(self._look, spec)
                table.edited.connect(self.edited)
                self.tables[spec.key] = table
                column.addWidget(table)
            else:
                field = FieldRow(self._look, spec)
                field.edited.connect(self.edited)
                self.fields[spec.key] = field
                column.addWidget(field)
        self._groups.append((card, [spec.key for spec in specs]))
        self._body.addWidget(card)
