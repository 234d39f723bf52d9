"""One setting as a control: a switch, a choice or a line of text, by the kind of the setting."""

from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain_label
from tradestream_gui.ui.tabs.config.labels import choice_text, label_text
from tradestream_gui.ui.tabs.config.values import marked_text, value_from_text, value_text
from tradestream_gui.ui.widgets.choice_box import ChoiceBox
from tradestream_gui.upkeep.settings.fields import SettingSpec

NUMBER_PX, TEXT_PX, LINE_LEAST_PX = 120, 320, 72
CONTROL_FIRST = 50  # of the width, up to its own most, before the air beside it
NUMBERS = ("int", "decimal")
NO_CHOICE = "not set"
DOLLARS = "$"


class FieldEditor(QWidget):
    """Holds the plain value of one setting; `edited` when the person changed it."""

    edited = pyqtSignal()

    def __init__(self, look: Look, spec: SettingSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.spec = spec
        self.control: QCheckBox | QComboBox | QLineEdit = self._control()
        self.control.setAccessibleName(label_text(spec))
        self.control.setAccessibleDescription(f"{spec.help} {range_words(spec)}".strip())
        self.setFocusProxy(self.control)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.control, CONTROL_FIRST)
        if spec.unit:
            row.addWidget(plain_label(spec.unit, role="help", parent=self))
        if not self.is_wide:
            row.addStretch(1)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    @property
    def is_wide(self) -> bool:
        """Whether it takes all the width there is: a list is longer than a number."""
        return self.spec.kind in ("list", "map", "table")

    @property
    def value(self) -> Any:
        if isinstance(self.control, QCheckBox):
            return self.control.isChecked()
        if isinstance(self.control, QComboBox):
            return self.control.currentData()
        return value_from_text(self.control.text(), self.spec)

    def show_value(self, value: Any) -> None:
        """Shows a value without telling that it was edited."""
        if value == self.value and not isinstance(self.control, QCheckBox):
            return
        before = self.control.blockSignals(True)
        if isinstance(self.control, QCheckBox):
            self.control.setChecked(bool(value))
            self._name_state()
        elif isinstance(self.control, QComboBox):
            self._show_choice(self.control, value)
        else:
            self.control.setText(value_text(value, self.spec))
            self.control.setCursorPosition(0)  # a long text is read from its beginning
        self.control.blockSignals(before)

    def mark_invalid(self, invalid: bool) -> None:
        if isinstance(self.control, QLineEdit) and bool(self.control.property("invalid")) is not invalid:
            self.control.setProperty("invalid", invalid)
            style = self.control.style()
            if style is not None:
                style.unpolish(self.control)
                style.polish(self.control)

    def _control(self) -> QCheckBox | QComboBox | QLineEdit:
        if self.spec.kind == "bool" and not self.spec.may_be_empty:
            switch = QCheckBox("Off", self)
            switch.toggled.connect(self._on_edited)
            return switch
        if self.spec.kind in ("choice", "bool"):
            return self._choice()
        line = QLineEdit(self)
        line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        line.setPlaceholderText(placeholder(self.spec))
        if self.spec.kind in NUMBERS:
            line.setAlignment(Qt.AlignmentFlag.AlignRight)
            line.editingFinished.connect(self._write_as_read)
        line.textEdited.connect(self._on_edited)
        return line

    def _choice(self) -> QComboBox:
        box = ChoiceBox(self)
        if self.spec.may_be_empty:
            box.addItem(NO_CHOICE, None)
        if self.spec.kind == "bool":
            box.addItem("On", True)
            box.addItem("Off", False)
        for choice in self.spec.choices:
            box.addItem(choice_text(self.spec, choice), choice)
        box.currentIndexChanged.connect(self._on_edited)
        return box

    def _show_choice(self, box: QComboBox, value: Any) -> None:
        """One that is not offered, as of a plug-in, is offered from here on: no other may stand in its place."""
        if value is not None and box.findData(value) < 0:
            box.addItem(choice_text(self.spec, str(value)), value)
        box.setCurrentIndex(max(box.findData(value), 0))

    def _adopt_look(self) -> None:
        px, control = self._look.px, self.control
        if isinstance(control, QComboBox):
            control.setMinimumWidth(px(NUMBER_PX))
        elif isinstance(control, QLineEdit):
            control.setMinimumWidth(px(LINE_LEAST_PX))
            if not self.is_wide:
                control.setMaximumWidth(px(NUMBER_PX if self.spec.kind in NUMBERS else TEXT_PX))

    def _name_state(self) -> None:
        if isinstance(self.control, QCheckBox):
            self.control.setText("On" if self.control.isChecked() else "Off")

    def _on_edited(self) -> None:
        self._name_state()
        self.edited.emit()

    def _write_as_read(self) -> None:
        """A number that was typed gets its marks; what is none stays as it was typed."""
        value = self.value
        if isinstance(self.control, QLineEdit) and not isinstance(value, str):
            self.control.setText(value_text(value, self.spec))


def placeholder(spec: SettingSpec) -> str:
    """What an empty line says."""
    if spec.kind == "list":
        return "one, two, three"
    if spec.kind == "map":
        return "name=value, name=value"
    if spec.kind == "table":
        return " × ".join(column.label.lower() for column in spec.columns)
    return "not set" if spec.may_be_empty else ""


def range_words(spec: SettingSpec) -> str:
    """`1 to 100 ticks`, `$1 to $500`, or nothing where any value will do."""
    if spec.low is None or spec.high is None:
        return ""
    low, high = (marked_text(bound, spec.key) for bound in (spec.low, spec.high))
    if spec.unit == DOLLARS:
        return f"{DOLLARS}{low} to {DOLLARS}{high}"
    bounds = f"{low} to {high}"
    return f"{bounds}\u00a0{spec.unit}" if spec.unit else bounds
