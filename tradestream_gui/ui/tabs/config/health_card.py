"""The health page: the score and its day, every reading with its state in shape and word, and what to do now."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PyQt6.QtCore import QRectF, pyqtSignal
from PyQt6.QtGui import QPainter, QPaintEvent, QShowEvent
from PyQt6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from tradestream_gui.ui.format import NOTHING, time_text
from tradestream_gui.ui.models.columns import Column
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.dialogs import ask_save_path
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain_label
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.widgets.fit_columns import fit_columns
from tradestream_gui.ui.widgets.fit_rows import fit_rows
from tradestream_gui.ui.widgets.flow_layout import FlowLayout
from tradestream_gui.ui.widgets.table_view import TableView
from tradestream_gui.upkeep.health import KEPT, Checkup, HealthChecked, Level, Reading

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ui.shell.signal_hub import SignalHub
    from tradestream_gui.upkeep.diagnostics import Diagnostics

WORDS = {Level.OK: "fine", Level.WARN: "warning", Level.DANGER: "danger", Level.UNKNOWN: "not measured"}
TONES = {Level.OK: Tone.OK, Level.WARN: Tone.WARN, Level.DANGER: Tone.DANGER, Level.UNKNOWN: Tone.MUTED}
ICONS = {Level.OK: "lamp-ok", Level.WARN: "lamp-warn", Level.DANGER: "lamp-down", Level.UNKNOWN: "lamp-off"}
COLUMNS = (
    Column[Reading](
        key="state", title="State", text=lambda row: WORDS[row.level], width=118, spare=2,
        tone=lambda row: TONES[row.level], icon=lambda row: ICONS[row.level],
    ),
    Column[Reading](key="part", title="Part", text=lambda row: row.component, width=92, spare=3),
    Column[Reading](key="what", title="What", text=lambda row: row.name, width=188, spare=2),
    Column[Reading](
        key="what_state", title="What", text=lambda row: row.name, width=188, stands_for=2,
        tone=lambda row: TONES[row.level], icon=lambda row: ICONS[row.level],
        tooltip=lambda row: f"{row.component}: {WORDS[row.level]}\n{row.advice}",
        accessible=lambda row: f"{row.name} {WORDS[row.level]}",
    ),
    Column[Reading](key="value", title="Measured", text=lambda row: row.value, width=158),
    Column[Reading](
        key="advice", title="What now", text=lambda row: row.advice, width=180, spare=1, elastic=1,
        tone=lambda _: Tone.SECONDARY,
    ),
)  # fmt: skip
STRIP_PX = 28
TABLE_PX = 240


class HealthCard(QFrame):
    """Shows the last look while it is in sight; can look at once and save the bundle for whoever helps."""

    said = pyqtSignal(str)  # what became of saving

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self.setProperty("role", "card")
        self.title = plain_label(role="h2")
        self.words = plain_label(role="help")
        self.strip = ScoreStrip(look)
        self.model = KeyedTableModel[Reading](list(COLUMNS))
        self.table = TableView(look, self.model, name="Health readings", empty_text="The first look is taken soon.")
        self.drill = QPushButton("Practise an outage", self)
        self.now = QPushButton("Look now", self)
        self.bundle = QPushButton("Save diagnostics…", self)
        self.now.clicked.connect(self._look_now)
        self.bundle.clicked.connect(self._on_bundle)
        self._lay_out()
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def _adopt_look(self) -> None:
        fit_rows(self._look, self.table, TABLE_PX)
        self.title.setMinimumHeight(self.now.sizeHint().height())

    def attach(self, core: Core, hub: SignalHub) -> None:
        self._core = core
        self.bundle.setEnabled(core.diagnostics is not None)
        hub.health_checked.connect(self._on_checked)
        self._show_latest()

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._show_latest()

    def _show_latest(self) -> None:
        if self._core is not None and self._core.health.latest is not None:
            self._show(self._core.health.latest)

    def _look_now(self) -> None:
        if self._core is not None:
            self._core.health.look()

    def _on_checked(self, fact: HealthChecked) -> None:
        if self.isVisible():
            self._show(fact.checkup)

    def _on_bundle(self) -> None:
        if self._core is not None and self._core.diagnostics is not None:
            self._core.tasks.spawn(self._save(self._core.diagnostics), "save the diagnostics")

    async def _save(self, diagnostics: Diagnostics) -> None:
        kinds, suggested = "Zip files (*.zip)", "tradestream-diagnostics.zip"
        path = await ask_save_path(self, title="Save diagnostics", suggested=suggested, kinds=kinds)
        if path is None:
            return
        try:
            await asyncio.to_thread(path.write_bytes, await asyncio.to_thread(diagnostics.pack))
        except OSError as error:
            self.said.emit(f"The diagnostics were not saved: {error}")
            return
        self.said.emit(f"Diagnostics saved to {path}. They hold no passwords, keys, account numbers or messages.")

    def _show(self, checkup: Checkup) -> None:
        core = self._core
        if core is None:
            return
        score = NOTHING if checkup.score is None else f"{checkup.score} of 100"
        self.title.setText(f"Health {score}")
        at = time_text(checkup.at, ZoneInfo(core.settings.current.general.display_zone))
        self.words.setText(
            f"The mean of {checkup.measured} measured parts: fine 100, a warning 50, a danger 0. Looked at {at}; "
            "looks are taken each minute and kept for a day."
        )
        self.model.replace_all([((reading.component, reading.name), reading) for reading in checkup.readings])
        fit_columns(self._look, self.table)
        fit_rows(self._look, self.table, TABLE_PX)
        self.strip.show_history(core.health.history)

    def _lay_out(self) -> None:
        self.words.setWordWrap(True)
        head = FlowLayout()
        for part in (self.title, self.drill, self.now, self.bundle):
            head.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addWidget(self.words)
        column.addWidget(self.strip)
        column.addWidget(self.table, 1)


class ScoreStrip(QWidget):
    """The worst level of each stretch of the last day, oldest at the left, told apart by height and colour."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._levels: tuple[Level, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(look.px(STRIP_PX))
        look.changed.connect(self.update)

    def show_history(self, history: Sequence[Checkup]) -> None:
        self._levels = tuple(max(checkup.levels().values(), default=Level.UNKNOWN) for checkup in history)
        bad = sum(level >= Level.WARN for level in self._levels)
        self.setAccessibleName(f"Health over {len(self._levels)} looks: {bad} with a warning or a danger")
        self.update()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        ground = QRectF(self.rect())
        painter.fillRect(ground, self._look.color("hover"))
        width = ground.width() / KEPT
        left = ground.right() - width * len(self._levels)
        for level, start, stop in self._runs():
            height = ground.height() * (0.35 if level <= Level.OK else 0.65 if level is Level.WARN else 1.0)
            bar = QRectF(left + start * width, ground.bottom() - height, max((stop - start) * width, 1.0), height)
            painter.fillRect(bar, self._look.tone(TONES[level]))
        painter.end()

    def _runs(self) -> Iterator[tuple[Level, int, int]]:
        """Stretches of one level: (level, first, one past the last), so that a calm day is one bar."""
        start = 0
        for level, run in groupby(self._levels):
            stop = start + sum(1 for _ in run)
            yield level, start, stop
            start = stop
