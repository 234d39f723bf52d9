"""The line of totals under the positions: open profit and risk of each account, apart by asset class."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtCore import QSize
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from tradestream_gui.ui.format import money_text, profit_text
from tradestream_gui.ui.shell.ink import ink
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line, plain_label
from tradestream_gui.ui.shell.tone import Tone, profit_tone
from tradestream_gui.ui.tabs.portfolio.rows import TotalRow

MOST_FIGURES, GAP_PX = 5, 18


class TotalsBar(QFrame):
    """One line for each account with positions; it is not shown while there is none."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._lines: list[_Line] = []
        self.setProperty("role", "foot")
        self.setAccessibleName("Totals")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 3, 12, 3)
        self._column.setSpacing(2)
        self.hide()

    def show_totals(self, totals: Sequence[TotalRow]) -> None:
        by_account: dict[str, list[TotalRow]] = {}
        for total in totals:
            by_account.setdefault(total.account, []).append(total)
        while len(self._lines) < len(by_account):
            line = _Line(self._look)
            self._lines.append(line)
            self._column.addWidget(line)
        for number, line in enumerate(self._lines):
            line.setVisible(number < len(by_account))
        for line, rows in zip(self._lines, by_account.values(), strict=False):
            line.show_rows(rows)
        self.setVisible(bool(by_account))

    def texts(self) -> list[str]:
        """What is shown, one sentence for each account."""
        return [line.accessibleName() for line in self._lines if not line.isHidden()]


class _Line(QWidget):
    """Figures side by side, in as many rows as they need: a narrow window or a large text cuts none."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(2)
        self._figures = [_Figure() for _ in range(MOST_FIGURES)]
        for figure in self._figures:
            row = QHBoxLayout()
            row.setSpacing(GAP_PX)
            row.addWidget(figure)
            row.addStretch(1)
            self._rows.addLayout(row)

    def show_rows(self, rows: Sequence[TotalRow]) -> None:
        whole = rows[0]
        cells: list[tuple[str, str, Tone]] = [
            (f"{one_line(whole.account, 30)} total", profit_text(whole.money), profit_tone(whole.money))
        ]
        cells += [(row.what.capitalize(), profit_text(row.money), profit_tone(row.money)) for row in rows[1:]]
        cells.append(("Open risk", money_text(whole.open_risk), Tone.TEXT))
        for number, figure in enumerate(self._figures):
            figure.setVisible(number < len(cells))
            if number < len(cells):
                name, text, tone = cells[number]
                figure.caption.setText(name)
                figure.value.setText(text)
                ink(figure.value, self._look.tone(tone))
        self.setAccessibleName(", ".join(f"{name} {text}" for name, text, _ in cells))
        self._share()

    def _share(self) -> None:
        """Puts each figure into the first row that has room for it after the one before."""
        row, left = -1, -1
        for figure in self._figures:
            if figure.isHidden():
                continue
            wide = figure.sizeHint().width()
            if wide > left:
                row, left = row + 1, self.width()
            left -= wide + GAP_PX
            self._put(figure, row)
        self.updateGeometry()

    def _put(self, figure: QWidget, row: int) -> None:
        lines = [line for at in range(self._rows.count()) if (line := self._rows.itemAt(at)) is not None]
        layouts = [line.layout() for line in lines]
        there = layouts[row]
        if there is None or there.indexOf(figure) >= 0:
            return
        for layout in layouts:
            if layout is not None:
                layout.removeWidget(figure)
        if isinstance(there, QHBoxLayout):
            there.insertWidget(there.count() - 1, figure)

    # overridden Qt methods

    def minimumSizeHint(self) -> QSize:
        widest = max((figure.sizeHint().width() for figure in self._figures if not figure.isHidden()), default=1)
        return QSize(widest, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._share()


class _Figure(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.caption, self.value = plain_label(role="help"), plain_label(role="strong")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.caption)
        row.addWidget(self.value)
