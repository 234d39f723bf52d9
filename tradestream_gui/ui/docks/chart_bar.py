"""The row above the chart: which contract, which interval, and what kind of prices these are."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QFont, QFontMetrics
from PyQt6.QtWidgets import QButtonGroup, QComboBox, QFrame, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line, plain_label, tooltip
from tradestream_gui.ui.shell.tone import Tone

INTERVALS = (
    ("1s", 1), ("5s", 5), ("15s", 15), ("1m", 60), ("5m", 300), ("15m", 900), ("30m", 1_800), ("1h", 3_600),
    ("1D", 86_400),
)  # fmt: skip
FIRST_INTERVAL_S = 60
BUTTON_ROOM_PX = 9
"""Border and padding around a button's word."""


class ChartBar(QFrame):
    """Emits what was chosen; shows what it is told."""

    instrument_chosen = pyqtSignal(object)
    interval_chosen = pyqtSignal(int)
    latest_wanted = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setProperty("role", "panel")
        self._ids: list[InstrumentId] = []
        self._tone = Tone.MUTED
        self.seconds = FIRST_INTERVAL_S
        self.symbols = QComboBox(self)
        self.symbols.setAccessibleName("Chart instrument")
        self.symbols.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.symbols.setMinimumContentsLength(6)
        self.symbols.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.kind = plain_label(parent=self)
        self.latest = QToolButton(self)
        self.latest.setToolTip(tooltip("Back to the newest bar (End)"))
        self.latest.setAccessibleName("Back to the newest bar")
        self.latest.clicked.connect(self.latest_wanted)
        self._group = QButtonGroup(self)
        self.intervals = {seconds: self._interval_button(text, seconds) for text, seconds in INTERVALS}
        self.intervals[self.seconds].setChecked(True)
        self._lay_out()
        self._group.idClicked.connect(self._on_interval)
        self.symbols.activated.connect(self._on_symbol)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def show_instruments(self, instruments: Sequence[Instrument], chosen: InstrumentId | None) -> None:
        """Lists these contracts and selects `chosen`."""
        ids = [one.instrument_id for one in instruments]
        if ids != self._ids:
            self._ids = ids
            self.symbols.clear()
            for one in instruments:
                self.symbols.addItem(contract_name(one))
                row = self.symbols.count() - 1
                self.symbols.setItemData(row, tooltip(one.description), 3)
        if chosen in self._ids:
            self.symbols.setCurrentIndex(self._ids.index(chosen))

    def show_kind(self, words: str, tone: Tone) -> None:
        self.kind.setText(one_line(words, 24))
        self._tone = tone
        self._ink()

    def _ink(self) -> None:
        palette = self.kind.palette()
        palette.setColor(palette.ColorRole.WindowText, self._look.tone(self._tone))
        self.kind.setPalette(palette)

    def choose_interval(self, seconds: int) -> None:
        self.intervals[seconds].setChecked(True)
        self._on_interval(seconds)

    def _interval_button(self, text: str, seconds: int) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setCheckable(True)
        button.setAccessibleName(f"Bars of {text}")
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._group.addButton(button, seconds)
        return button

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 4)
        column.setSpacing(4)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.symbols, 1)
        top.addWidget(self.kind)
        top.addWidget(self.latest)
        column.addLayout(top)
        row = QHBoxLayout()
        row.setSpacing(0)
        for button in self.intervals.values():
            row.addWidget(button, len(button.text()) + 1)
        column.addLayout(row)

    def _on_interval(self, seconds: int) -> None:
        self.seconds = seconds
        self.interval_chosen.emit(seconds)

    def _on_symbol(self, row: int) -> None:
        if 0 <= row < len(self._ids):
            self.instrument_chosen.emit(self._ids[row])

    def _adopt_look(self) -> None:
        self.latest.setIcon(self._look.icon("chevron-right"))
        self.kind.setFont(self._look.font(11, QFont.Weight.DemiBold))
        self._ink()
        for button in self.intervals.values():
            button.setFont(self._look.font(11, QFont.Weight.Medium))
            words = QFontMetrics(button.font()).horizontalAdvance(button.text())
            button.setMinimumWidth(max(words + BUTTON_ROOM_PX, self._look.px(22)))
            button.setMinimumHeight(self._look.px(24))
