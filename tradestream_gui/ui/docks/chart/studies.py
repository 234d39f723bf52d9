"""Asks which indicators a chart draws, and with which numbers; every change shows on the chart at once."""

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from tradestream_gui.market.studies import Study, StudyKind
from tradestream_gui.ui.shell.plain import plain_label

LONGEST = 500
OFFERED = (
    Study(StudyKind.VWAP),
    Study(StudyKind.EMA, (9.0,)),
    Study(StudyKind.EMA, (20.0,)),
    Study(StudyKind.EMA, (200.0,)),
    Study(StudyKind.BOLLINGER, (20.0, 2.0)),
    Study(StudyKind.RSI, (14.0,)),
    Study(StudyKind.MACD, (12.0, 26.0, 9.0)),
    Study(StudyKind.ATR, (14.0,)),
)
_WORDS = {
    StudyKind.VWAP: "VWAP of the session",
    StudyKind.EMA: "EMA",
    StudyKind.BOLLINGER: "Bollinger bands",
    StudyKind.RSI: "RSI",
    StudyKind.MACD: "MACD",
    StudyKind.ATR: "ATR",
}
_NUMBERS = {
    StudyKind.EMA: ("bars",),
    StudyKind.BOLLINGER: ("bars", "deviations"),
    StudyKind.RSI: ("bars",),
    StudyKind.MACD: ("fast", "slow", "signal"),
    StudyKind.ATR: ("bars",),
}


class StudiesDialog(QDialog):
    """Emits the studies chosen and whether volume is drawn, in the order of the rows."""

    changed = pyqtSignal(object, bool)

    def __init__(self, chosen: Sequence[Study], *, has_volume: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Indicators")
        self.setModal(True)
        self.volume = QCheckBox("Volume")
        self.volume.setChecked(has_volume)
        self.rows = _rows(chosen)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._grid.addWidget(self.volume, 0, 0)
        for number, row in enumerate(self.rows, 1):
            self._add(number, row)
        done = QPushButton("Done")
        done.setProperty("role", "primary")
        done.setDefault(True)
        done.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(plain_label("Indicators", role="h2"))
        note = plain_label("As TradingView computes them: means begin with a simple mean, deviations are those of the "
                           "whole period, the VWAP begins where the session opens.", role="help")  # fmt: skip
        note.setWordWrap(True)
        column.addWidget(note)
        column.addLayout(self._grid)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(done)
        column.addLayout(foot)
        self.volume.toggled.connect(self._tell)

    def studies(self) -> tuple[Study, ...]:
        found = (row.study for row in self.rows if row.box.isChecked())
        return tuple(dict.fromkeys(found))

    def _add(self, number: int, row: "StudyRow") -> None:
        self._grid.addWidget(row.box, number, 0)
        for place, field in enumerate(row.fields, 1):
            self._grid.addWidget(field, number, place)
            field.valueChanged.connect(self._tell)
        row.box.toggled.connect(self._tell)

    def _tell(self, *_: object) -> None:
        self.changed.emit(self.studies(), self.volume.isChecked())


class StudyRow:
    """One line of the dialog: a box and the numbers."""

    def __init__(self, study: Study, *, is_on: bool) -> None:
        self._kind = study.kind
        self.box = QCheckBox(_WORDS[study.kind])
        self.box.setChecked(is_on)
        names = _NUMBERS.get(study.kind, ())
        self.fields = [self._field(name, number) for name, number in zip(names, study.numbers, strict=True)]

    @property
    def study(self) -> Study:
        return Study(self._kind, tuple(field.value() for field in self.fields))

    def _field(self, name: str, number: float) -> QDoubleSpinBox:
        field = QDoubleSpinBox()
        field.setAlignment(Qt.AlignmentFlag.AlignRight)
        is_width = name == "deviations"
        field.setDecimals(1 if is_width else 0)
        field.setSingleStep(0.5 if is_width else 1)
        field.setRange(1, 5 if is_width else LONGEST)
        field.setSuffix(f" {name}" if name in ("bars", "deviations") else "")
        field.setPrefix("" if name in ("bars", "deviations") else f"{name} ")
        field.setValue(number)
        field.setAccessibleName(f"{_WORDS[self._kind]}, {name}")
        return field


def _rows(chosen: Sequence[Study]) -> list[StudyRow]:
    """Those that are offered, with the numbers in use; a kind offered several times takes them one after another."""
    left = list(chosen)
    rows = []
    for offered in OFFERED:
        same = [study for study in left if study == offered]
        rows.append((offered, bool(same)))
        if same:
            left.remove(same[0])
    for study in left:  # other numbers than the offered ones: they take the first free row of their kind
        free = [number for number, (offered, is_on) in enumerate(rows) if offered.kind is study.kind and not is_on]
        if free:
            rows[free[0]] = (study, True)
        else:
            rows.append((study, True))
    return [StudyRow(study, is_on=is_on) for study, is_on in rows]
