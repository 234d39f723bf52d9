"""The fields of one profile: its words, what they mean, and how it is read where the text is silent."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QLineEdit, QPlainTextEdit, QWidget

from tradestream_gui.alerts.profiles.profile_text import profile_text
from tradestream_gui.alerts.profiles.profiles import ProfileError, profile_from_table
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.ui.shell.fonts import set_text_font
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain, plain_label
from tradestream_gui.ui.widgets.choice_box import ChoiceBox

LABEL_PX, TEXT_HIGH_PX = 130, 88


@dataclass(frozen=True, slots=True)
class Field:
    """`kind` is text, words, pairs, serves, flag, choice, count or forms; `choices` are (value, words)."""

    key: str
    label: str
    help: str
    kind: str = "text"
    choices: tuple[tuple[str, str], ...] = ()


FIELDS = (
    Field("title", "Title", ""),
    Field("match", "Serves", "channel id / author id, one a line; either may be left out.", "serves"),
    Field("default_symbol", "Usual instrument", "Where a message that fits a form names none, such as ES."),
    Field("entry_words", "Opens on", "Words of this room that open a position, beside the general ones.", "words"),
    Field("trim_words", "Takes some off on", "", "words"),
    Field("close_words", "Closes on", "", "words"),
    Field("watch_words", "Only watches on", "", "words"),
    Field("direction_words", "Directions", "word = long, short, call or put; one a line. Emoji count too.", "pairs"),
    Field("name_roots", "Names", "name = root or ticker; one a line: gold = GC.", "pairs"),
    Field(
        "size_words", "Sizes", "letter or word = multiple of the usual size: A = 3, lotto = 1/4. The letters of an "
        "analyst's row under Discord & channels win.", "pairs",
    ),
    Field("form", "Forms", "Whole messages, one a line: OPEN: [direction] [symbol] [entry] word [stop] *", "forms"),
    Field(
        "default_expiry", "No expiry said", "", "choice",
        (("none", "Hold for a look"), ("0dte", "Today's (0DTE)"), ("friday", "The nearest Friday")),
    ),
    Field(
        "added_means", "“Added” means", "", "choice",
        (("average", "More of an open position"), ("new", "A new position"), ("ask", "Hold for a look")),
    ),
    Field("loaded_means", "“Loaded” means", "", "choice", (("watch", "Only prepared"), ("bought", "Bought"))),
    Field("trim_fraction", "A trim sells", "Share of the position where no size is said: 1/3."),
    Field("adds_allowed", "Adds allowed", "To one position, 0 to 20.", "count"),
    Field("assets", "Trades only", "future, option, stock; empty for all.", "words"),
    Field(
        "default_asset", "A bare symbol is", "", "choice",
        (("", "Held for a look"), ("option", "An option"), ("stock", "Shares"), ("future", "A future")),
    ),
    Field(
        "stop_levels_are_underlying", "Option stops are", "", "choice",
        (("", "Known by their distance"), ("true", "Levels of the underlying"), ("false", "Premiums")),
    ),
    Field("stop_required", "Hold a futures alert without a stop", "", "flag"),
    Field("size_letter_required", "Hold a futures alert without its size letter", "", "flag"),
    Field("requires_ping", "Only messages that mention a role are alerts", "", "flag"),
    Field("bare_contract_opens", "A contract with a price and no verb opens", "", "flag"),
    Field("bare_entry_opens", "“In at 1.34” opens what the reply or the loaded alert names", "", "flag"),
    Field("count_without_price_opens", "A count without a price is an order at the market", "", "flag"),
)  # fmt: skip
MICROS = "Whether ES alerts go to MES is set under Discord & channels: it belongs to the account, not to the words."


class ProfileForm(QWidget):
    """Shows a profile; `profile()` is what the fields say, checked."""

    edited = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._table: dict[str, Any] = {}
        self.fields: dict[str, QWidget] = {}
        self._labels: list[QLabel] = []
        self.error = plain_label(role="error")
        self.error.setWordWrap(True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 10, 0, 10)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for row, field in enumerate(FIELDS):
            self._add(grid, row, field)
        micros = plain_label(MICROS, role="help")
        micros.setWordWrap(True)
        grid.addWidget(micros, len(FIELDS), 0, 1, 2)
        grid.addWidget(self.error, len(FIELDS) + 1, 0, 1, 2)
        grid.setRowStretch(len(FIELDS) + 2, 1)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def show_profile(self, profile: AlertProfile) -> None:
        self._table = tomllib.loads(profile_text(profile))
        for field in FIELDS:
            widget, value = self.fields[field.key], self._table.get(field.key)
            before = widget.blockSignals(True)
            _show(widget, field, value)
            widget.blockSignals(before)
        self._mark("", "")

    def profile(self) -> AlertProfile | None:
        """The profile that the fields say, None with the mistake shown at its field."""
        table = dict(self._table)
        for field in FIELDS:
            value = _read(self.fields[field.key], field)
            if value in (None, "", [], {}):
                table.pop(field.key, None)
            else:
                table[field.key] = value
        try:
            profile = profile_from_table(table, "")
        except ProfileError as error:
            self._mark(error.key.partition(".")[0], str(error).removeprefix(": "))
            return None
        self._mark("", "")
        return profile

    # inside

    def _add(self, grid: QGridLayout, row: int, field: Field) -> None:
        widget = _widget(field)
        widget.setAccessibleName(field.label)
        widget.setAccessibleDescription(field.help)
        self.fields[field.key] = widget
        _on_edit(widget, self.edited)
        label = plain_label(field.label)
        label.setWordWrap(True)  # a check box cannot wrap its own words
        label.setBuddy(widget)
        self._labels.append(label)
        grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        cell = QGridLayout()
        cell.setSpacing(2)
        cell.addWidget(widget, 0, 0)
        if field.help:
            words = plain_label(field.help, role="help")
            words.setWordWrap(True)
            cell.addWidget(words, 1, 0)
        grid.addLayout(cell, row, 1)

    def _adopt_look(self) -> None:
        for label in self._labels:
            label.setFixedWidth(self._look.px(LABEL_PX))
        for field in FIELDS:
            text = self.fields[field.key]
            if isinstance(text, QPlainTextEdit):
                set_text_font(text, self._look.mono(12))
                text.setFixedHeight(self._look.px(TEXT_HIGH_PX))

    def _mark(self, key: str, words: str) -> None:
        self.error.setText(plain(words))
        self.error.setVisible(bool(words))
        for name, widget in self.fields.items():
            wrong = "true" if name == key else ""
            if widget.property("invalid") != wrong:
                widget.setProperty("invalid", wrong)
                style = widget.style()
                if style is not None:
                    style.unpolish(widget)
                    style.polish(widget)


def _widget(field: Field) -> QWidget:
    if field.kind == "flag":
        return QCheckBox("Yes")
    if field.kind == "choice":
        box = ChoiceBox()
        for value, words in field.choices:
            box.addItem(words, value)
        return box
    if field.kind in ("pairs", "forms", "serves"):
        text = QPlainTextEdit()
        text.setTabChangesFocus(True)
        return text
    return QLineEdit()


def _on_edit(widget: QWidget, signal: Any) -> None:
    if isinstance(widget, QCheckBox):
        widget.toggled.connect(signal)
    elif isinstance(widget, QComboBox):
        widget.currentIndexChanged.connect(signal)
    elif isinstance(widget, QPlainTextEdit):
        widget.textChanged.connect(signal)
    elif isinstance(widget, QLineEdit):
        widget.textEdited.connect(signal)


def _show(widget: QWidget, field: Field, value: Any) -> None:
    if isinstance(widget, QCheckBox):
        widget.setChecked(value is True)
    elif isinstance(widget, QComboBox):
        said = {True: "true", False: "false", None: ""}.get(value, value) if not isinstance(value, str) else value
        widget.setCurrentIndex(max(widget.findData(said), 0))
    elif isinstance(widget, QPlainTextEdit):
        lines = {"forms": _form_lines, "serves": _serves_lines}.get(field.kind, _pair_lines)
        widget.setPlainText("\n".join(lines(value)))
    elif isinstance(widget, QLineEdit):
        widget.setText(", ".join(value) if isinstance(value, list) else "" if value is None else str(value))


def _pair_lines(value: Any) -> list[str]:
    return [f"{word} = {meaning}" for word, meaning in value.items()] if isinstance(value, Mapping) else []


def _serves_lines(value: Any) -> list[str]:
    pairs = value if isinstance(value, list) else ()
    return [f"{pair.get('channel', '')} / {pair.get('author', '')}".rstrip() for pair in pairs]


def _form_lines(value: Any) -> list[str]:
    lines = []
    for form in value if isinstance(value, list) else ():
        units = "".join(
            f" ; {key} {form[key]}" for key in ("stop_unit", "target_unit") if form.get(key, "price") != "price"
        )
        lines.append(f"{form['kind']}: {form['text']}{units}")
    return lines


def _read(widget: QWidget, field: Field) -> Any:
    if isinstance(widget, QCheckBox):
        return widget.isChecked()
    if isinstance(widget, QComboBox):
        data = widget.currentData()
        return {"true": True, "false": False}.get(data, data)
    if isinstance(widget, QPlainTextEdit):
        lines = [line.strip() for line in widget.toPlainText().splitlines() if line.strip()]
        if field.kind == "forms":
            return [_form_table(line) for line in lines]
        if field.kind == "serves":
            return [_serves_table(line) for line in lines]
        return {word.strip(): meaning.strip() for word, _, meaning in (line.partition("=") for line in lines)}
    assert isinstance(widget, QLineEdit)
    text = widget.text().strip()
    if field.kind == "words":
        return [word.strip() for word in text.split(",") if word.strip()]
    if field.kind == "count":
        return int(text) if text.isdecimal() else text
    return text


def _serves_table(line: str) -> dict[str, str]:
    channel, _, author = line.partition(" /")
    return {"channel": channel.strip(), "author": author.strip()}


def _form_table(line: str) -> dict[str, str]:
    body, *units = (part.strip() for part in line.split(" ; "))
    kind, colon, text = body.partition(":")
    table = {"kind": kind.strip().upper(), "text": text.strip()} if colon else {"kind": "OPEN", "text": body}
    for unit in units:
        key, _, value = unit.partition(" ")
        table[key] = value.strip()
    return table
