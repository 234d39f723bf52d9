"""One page of settings, made from their descriptions a slice at a time, so that the window answers meanwhile."""

from typing import Any

from PyQt6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain_label
from tradestream_gui.ui.tabs.config.draft import Draft
from tradestream_gui.ui.tabs.config.field_row import QWIDGETSIZE_MAX, FieldRow
from tradestream_gui.ui.tabs.config.keys_editor import KeysEditor
from tradestream_gui.ui.tabs.config.labels import finds
from tradestream_gui.ui.tabs.config.notice_grid import NoticeGrid
from tradestream_gui.ui.tabs.config.pages import Group, Page, specs_of
from tradestream_gui.ui.tabs.config.rows_editor import RowsEditor
from tradestream_gui.upkeep.settings.fields import SettingSpec

WIDEST_PX, ABOVE_PX, FEW_COLUMNS = 860, 500, 2
"""At 100 %: no page is wider, and in a narrower one a label stands above its control."""
TOP_PX = 8
NOTICES = "notifications.grid"
"""The one table that is no list of rows: its rows are given."""
KEYS_SETTING = "keyboard.shortcuts"
FIRST_SLICE, SLICE = 8, 4
"""Fields made at once: about 3 ms each, and a stall of 50 ms would be felt."""


class SettingPage(QScrollArea):
    """Shows a draft; every change goes out as `edited(key, value)`."""

    edited = pyqtSignal(str, object)

    def __init__(self, look: Look, page: Page, specs: tuple[SettingSpec, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.page = page
        self.fields: dict[str, FieldRow | KeysEditor] = {}
        self.tables: dict[str, RowsEditor | NoticeGrid] = {}
        self._specs = {spec.key: spec for group in page.groups for spec in specs_of(group, specs)}
        self._cards: list[tuple[QFrame, list[str]]] = []
        self._waiting: list[tuple[QVBoxLayout, SettingSpec, bool]] = []
        self._draft: Draft | None = None
        self._search = ""
        self.is_wide = any(len(spec.columns) > FEW_COLUMNS for spec in self._specs.values())
        self._is_whole = False
        self.setWidgetResizable(True)
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
        self._below = QWidget()
        """What is no setting; in sight once the settings above it are whole, so that it never moves."""
        self._below_rows = QVBoxLayout(self._below)
        self._below_rows.setContentsMargins(0, 0, 0, 0)
        self._below_rows.setSpacing(self._body.spacing())
        self._body.addWidget(self._below)
        self._body.addStretch(1)
        self.setWidget(body)
        look.changed.connect(self._adopt_look)
        self._adopt_look()
        self._slices = QTimer(self)
        self._slices.timeout.connect(self._make_slice)
        self._make(FIRST_SLICE)
        if self._waiting:
            self._slices.start(0)

    @property
    def is_made(self) -> bool:
        return not self._waiting

    def finish(self) -> None:
        """Makes what is still missing, at once."""
        self._make(sum(1 + len(spec.columns) for _, spec, _ in self._waiting))
        self._slices.stop()

    def add_widget(self, widget: QWidget) -> None:
        """Puts something that is no setting below the settings."""
        self._below_rows.addWidget(widget)
        self._show_below()

    def reveal(self, widget: QWidget) -> None:
        """Scrolls so that the top of something on this page stands at the top."""
        bar, body = self.verticalScrollBar(), self.widget()
        if bar is not None and body is not None:
            self._body.activate()
            bar.setValue(widget.mapTo(body, QPoint(0, 0)).y() - TOP_PX)

    def bring_into_sight(self, widget: QWidget) -> None:
        """The same, where not all of it is in sight already; it may have been shown just now."""
        port, around = self.viewport(), widget.parentWidget()
        while around is not None and around is not self:
            layout = around.layout()
            if layout is not None:
                layout.activate()
            around = around.parentWidget()
        self._settle()
        if port is not None and not port.rect().contains(QRect(widget.mapTo(port, QPoint(0, 0)), widget.size())):
            self.reveal(widget)

    def widen(self) -> None:
        """Lets the page use the whole width, for tables."""
        self.is_wide = self._is_whole = True
        self._body.setContentsMargins(12, 14, 12, 14)
        self._adopt_look()

    def show_draft(self, draft: Draft) -> None:
        self._draft = draft
        for key in (*self.fields, *self.tables):
            self._show_key(key)

    def show_matches(self, text: str) -> None:
        """Hides what a search does not find. An empty text shows all."""
        self._search = text
        for card, keys in self._cards:
            found = [key for key in keys if not text or finds(text, self._specs[key])]
            card.setVisible(any(self._row(key) for key in found))
            for key in keys:
                row = self._row(key)
                if row is not None:
                    row.setVisible(key in found)

    def reveal_setting(self, key: str) -> None:
        """Brings a setting into sight, with the keyboard in it."""
        self.finish()
        row = self._row(key)
        if row is not None:
            self.reveal(row)
            target = next((edit for edit in row.findChildren(QWidget) if _takes_keys(edit)), None)
            if target is not None:
                target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _row(self, key: str) -> QWidget | None:
        return self.fields.get(key) or self.tables.get(key)

    def _show_key(self, key: str) -> None:
        draft = self._draft
        if draft is None:
            return
        present, error = draft.present[key], draft.errors.get(key, "")
        if key in self.fields:
            field = self.fields[key]
            field.show_setting(draft.value(key), present.source, is_edited=key in draft.edits)
            field.show_error(error)
        else:
            self.tables[key].show_setting(draft.value(key), present.value)
            self.tables[key].show_error(error)

    def _add_group(self, group: Group, specs: tuple[SettingSpec, ...]) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(18, 12, 18, 8)
        column.setSpacing(0)
        column.addWidget(plain_label(group.title, role="h2"))
        column.addSpacing(4)
        self._waiting.extend((column, spec, len(specs) > 1) for spec in specs)
        self._cards.append((card, [spec.key for spec in specs]))
        self._body.addWidget(card)
        card.hide()  # until something stands in it

    def _make_slice(self) -> None:
        self._make(SLICE)
        if not self._waiting:
            self._slices.stop()

    def _make(self, count: int) -> None:
        """Makes fields up to about `count`; a table counts as many as it has columns."""
        while self._waiting and count > 0:
            column, spec, is_among_others = self._waiting.pop(0)
            count -= 1 + len(spec.columns)
            made: Any
            if spec.key == NOTICES:
                made = self.tables[spec.key] = NoticeGrid(self._look, spec)
            elif spec.kind == "table":
                made = self.tables[spec.key] = RowsEditor(self._look, spec, is_titled=is_among_others)
            else:
                row = KeysEditor if spec.key == KEYS_SETTING else FieldRow
                made = self.fields[spec.key] = row(self._look, spec)
            made.edited.connect(self.edited)
            column.addWidget(made)
            self._place_labels(made)
            self._show_key(spec.key)
            is_found = not self._search or finds(self._search, spec)
            made.setVisible(is_found)
            card = column.parentWidget()
            if is_found and card is not None:
                card.show()
        self._show_below()
        self._settle()

    def _show_below(self) -> None:
        self._below.setVisible(self.is_made and self._below_rows.count() > 0)

    def _settle(self) -> None:
        """Room for what was just made, now: Qt would squeeze it into the old height and lengthen the page later."""
        self._body.activate()
        QApplication.sendEvent(self, QEvent(QEvent.Type.LayoutRequest))

    def _adopt_look(self) -> None:
        body = self.widget()
        if body is not None:
            body.setMaximumWidth(QWIDGETSIZE_MAX if self._is_whole else self._look.px(WIDEST_PX))

    def _place_labels(self, part: QWidget) -> None:
        port = self.viewport()
        if port is None:
            return
        room = port.width() / self._look.scale
        for row in (part, *part.findChildren(FieldRow)):
            if isinstance(row, FieldRow):
                row.set_above(room < ABOVE_PX)
        for table in self.tables.values():
            if isinstance(table, RowsEditor):
                table.set_room(room)

    # overridden Qt methods

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._place_labels(self)


def _takes_keys(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled()
