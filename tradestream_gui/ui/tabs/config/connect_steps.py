"""The calls of a connection test, one line each with lamp, time and words, and the raw answer of the chosen one."""

from __future__ import annotations

from functools import partial

from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.ports.connection_check import CheckStep
from tradestream_gui.ui.shell.fonts import set_text_font
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain, plain_label
from tradestream_gui.ui.widgets.lamp import Lamp, LampState

NOT_YET = "Nothing has been asked yet. The test sends read-only calls and takes a few seconds."
RAW = "Raw answer"
RAW_PX = 180
RAW_MOST = 6_000


class ConnectSteps(QWidget):
    """Foreign text is shown as it is, never as a link; secrets were taken out before it came here."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.shown: list[CheckStep] = []
        self.words: list[QLabel] = []
        self.raws: list[QPushButton] = []
        self.none = plain_label(NOT_YET, role="help")
        self.none.setWordWrap(True)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(6)
        self.raw_title = plain_label(role="strong")
        self.raw = QPlainTextEdit(self)
        self.raw.setReadOnly(True)
        self.raw.setAccessibleName(RAW)
        self.raw.setFixedHeight(look.px(RAW_PX))
        self.copy = QPushButton("Copy", self)
        self.copy.clicked.connect(self._on_copy)
        head = QHBoxLayout()
        head.addWidget(self.raw_title)
        head.addStretch(1)
        head.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.none)
        column.addLayout(self._lines)
        column.addLayout(head)
        column.addWidget(self.raw)
        look.changed.connect(self._adopt_look)
        self._adopt_look()
        self._show_raw_parts(False)

    def clear(self) -> None:
        self.shown, self.words, self.raws = [], [], []
        while (item := self._lines.takeAt(0)) is not None:
            part = item.widget()
            if part is not None:
                part.hide()
                part.deleteLater()
        self.none.show()
        self._show_raw_parts(False)

    def add(self, step: CheckStep) -> None:
        """One more call has ended; the first that went wrong shows its raw answer by itself."""
        self.none.hide()
        row = len(self.shown)
        self.shown.append(step)
        lamp = Lamp(self._look, plain(step.name))
        lamp.show_state(LampState.OK if step.is_good else LampState.DOWN, f"{step.took_ms:.0f} ms", plain(step.words))
        words = plain_label(step.words)
        words.setWordWrap(True)
        raw = QPushButton(RAW, self)
        raw.setAccessibleName(f"{RAW} of {plain(step.name)}")
        raw.setEnabled(bool(step.raw))
        raw.clicked.connect(partial(self.show_raw, row))
        self._lines.addWidget(_line(lamp, words, raw))
        self.words.append(words)
        self.raws.append(raw)
        if step.raw and (row == 0 or (not step.is_good and all(one.is_good for one in self.shown[:-1]))):
            self.show_raw(row)

    def show_raw(self, row: int) -> None:
        step = self.shown[row]
        self.raw_title.setText(plain(f"{RAW}: {step.name}"))
        self.raw.setPlainText(plain(step.raw, RAW_MOST))
        self._show_raw_parts(True)

    def _show_raw_parts(self, wanted: bool) -> None:
        for part in (self.raw_title, self.raw, self.copy):
            part.setVisible(wanted)

    def _on_copy(self) -> None:
        clipboard = QGuiApplication.clipboard()
        if clipboard is not None:
            clipboard.setText(self.raw.toPlainText())

    def _adopt_look(self) -> None:
        set_text_font(self.raw, self._look.mono(12))


def _line(lamp: Lamp, words: QLabel, raw: QPushButton) -> QWidget:
    """Lamp and button on the line's ends, the words below the lamp."""
    line = QWidget()
    head = QHBoxLayout()
    head.addWidget(lamp)
    head.addStretch(1)
    told = QVBoxLayout()
    told.setSpacing(2)
    told.addLayout(head)
    told.addWidget(words)
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.addLayout(told, 1)
    row.addWidget(raw)
    return line
