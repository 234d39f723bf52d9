"""The result of one outage drill: its verdict in shape and word, and every measured line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from tradestream_gui.domain.drills import DrillReport, Verdict
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain, plain_label
from tradestream_gui.ui.tabs.config.drill_texts import HEADLINE, TITLE, facts
from tradestream_gui.ui.widgets.lamp import Lamp, LampState

if TYPE_CHECKING:
    from tradestream_gui.core import Core

LAMPS = {Verdict.PASSED: LampState.OK, Verdict.LITTLE: LampState.WARN, Verdict.FAILED: LampState.DOWN}


class DrillResult(QFrame):
    """Empty until a report is shown; the lines can be selected and copied."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setProperty("role", "card")
        self.lamp = Lamp(look, "Result")
        self.title = plain_label(role="strong")
        self.words = plain_label()
        self.words.setWordWrap(True)
        self.labels: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.lamp)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.words)
        column.addLayout(self._grid)
        self.hide()

    def show_report(self, core: Core, report: DrillReport) -> None:
        verdict = report.verdict
        self.lamp.show_state(LAMPS[verdict], verdict.value, HEADLINE[verdict])
        self.title.setText(TITLE[report.kind])
        problems = "".join(f"\n· {plain(words)}" for words in report.problems)
        self.words.setText(HEADLINE[verdict] + problems)
        for row, (name, text) in enumerate(facts(core, report)):
            shown = self._line(row)
            shown[0].setText(name)
            shown[1].setText(plain(text, 2_000))
        self.show()

    def text(self) -> str:
        """Everything that stands here, for a screen reader's summary and for tests."""
        lines = [f"{name.text()}: {words.text()}" for name, words in self.labels]
        return "\n".join([self.title.text(), self.lamp.word, self.words.text(), *lines])

    def _line(self, row: int) -> tuple[QLabel, QLabel]:
        if row == len(self.labels):
            name, words = plain_label(role="help"), plain_label()
            words.setWordWrap(True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(words, row, 1)
            self.labels.append((name, words))
        return self.labels[row]
