"""One setting on a page: label, help, control, where its value comes from, reset, and what is wrong with it."""

from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QSizePolicy, QToolButton, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, plain, plain_label
from tradestream_gui.ui.tabs.config.field_editor import FieldEditor, range_words
from tradestream_gui.ui.tabs.config.labels import label_text
from tradestream_gui.ui.tabs.config.values import shown_value
from tradestream_gui.upkeep.settings.fields import SettingSpec

LABEL_PX = 190
QWIDGETSIZE_MAX = (1 << 24) - 1
"""Qt's own "no limit" (qwidget.h); PyQt6 does not export it."""
RESTART_WORDS = "Takes effect after a restart."


class FieldRow(QWidget):
    """Emits `edited(key, value)`; shows what it is told."""

    edited = pyqtSignal(str, object)

    def __init__(
        self, look: Look, spec: SettingSpec, parent: QWidget | None = None, *, label_px: int = LABEL_PX
    ) -> None:
        super().__init__(parent)
        self._look = look
        self.spec = spec
        self._label_px = label_px
        self._is_above = False
        self.editor = FieldEditor(look, spec, self)
        self.label = plain_label(label_text(spec), role="strong", parent=self)
        self.label.setBuddy(self.editor.control)
        self.label.setWordWrap(True)
        self.help = plain_label(_help(spec), role="help", parent=self)
        self.help.setWordWrap(True)
        self.source = plain_label(role="caption", parent=self)
        self.reset = QToolButton(self)
        self.reset.setAccessibleName(f"Reset {label_text(spec)}")
        self.error = plain_label(role="error", parent=self)
        self.error.setWordWrap(True)
        self.error.hide()
        self._lay_out()
        self.editor.edited.connect(self._on_edited)
        self.reset.clicked.connect(self._on_reset)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def show_setting(self, value: Any, source: str, *, is_edited: bool) -> None:
        """`source` is default, file or environment; what the environment sets cannot be changed here."""
        self.editor.show_value(value)
        fixed = source == "environment"
        self.editor.control.setEnabled(not fixed)
        self.source.setText("edited" if is_edited else source)
        if fixed:
            explain(self.source, "An environment variable sets this. Change it there.")
        explain(self.reset, f"Back to {shown_value(self.spec.first, self.spec.key)}")
        self.reset.setEnabled(not fixed and value != self.spec.first)

    def show_error(self, words: str) -> None:
        self.error.setText(plain(words))
        self.error.setVisible(bool(words))
        self.editor.mark_invalid(bool(words))

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 8, 0, 8)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        self._grid = grid
        self.help.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._place()

    def set_above(self, is_above: bool) -> None:
        """The label above its control, where there is no room beside it."""
        if is_above is not self._is_above:
            self._is_above = is_above
            self._place()
            self._adopt_look()

    def _place(self) -> None:
        grid, top = self._grid, int(self._is_above)
        wide = self.editor.is_wide
        if self._is_above:
            grid.addWidget(self.label, 0, 1, 1, 3)
        else:
            grid.addWidget(self.label, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.editor, top, 1, 1, 3 if wide else 1)
        grid.addWidget(self.source, top + wide, 2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.reset, top + wide, 3)
        grid.addWidget(self.help, top + 1, 1, 1, 1 if wide else 3)
        grid.addWidget(self.error, top + 2, 1, 1, 3)

    def _on_edited(self) -> None:
        self.edited.emit(self.spec.key, self.editor.value)

    def _on_reset(self) -> None:
        self.editor.show_value(self.spec.first)
        self.edited.emit(self.spec.key, self.spec.first)

    def _adopt_look(self) -> None:
        if self._is_above:
            self.label.setMinimumWidth(0)
            self.label.setMaximumWidth(QWIDGETSIZE_MAX)
        else:
            self.label.setFixedWidth(self._look.px(self._label_px))
        self.reset.setIcon(self._look.icon("undo"))
        self.reset.setMinimumSize(self._look.px(24), self._look.px(24))


def _help(spec: SettingSpec) -> str:
    allowed = range_words(spec)
    parts = [spec.help, f"{allowed}." if allowed else ""]
    return " ".join(part for part in [*parts, RESTART_WORDS if spec.restart else ""] if part)
