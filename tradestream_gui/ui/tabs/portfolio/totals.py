"""The line of totals under the positions: open profit and risk of each account, apart by asset class."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from tradestream_gui.ui.format import money_text, profit_text
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line, plain_label
from tradestream_gui.ui.shell.tone import Tone, profit_tone
from tradestream_gui.ui.tabs.portfolio.rows import TotalRow


class TotalsBar(QFrame):
    """One line for each account with positions; it is not shown while there is none."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._lines: list[_Line] = []
        self.setProperty("role", "panel")
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
    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._row.addStretch(1)
        self._captions = [plain_label(role="help") for _ in range(5)]
        self._values = [plain_label(role="strong") for _ in range(5)]
        for number, (caption, value) in enumerate(zip(self._captions, self._values, strict=True)):
            self._row.insertWidget(number * 2, caption)
            self._row.insertWidget(number * 2 + 1, value)
            value.setContentsMargins(0, 0, 12, 0)

    def show_rows(self, rows: Sequence[TotalRow]) -> None:
        whole = rows[0]
        cells: list[tuple[str, str, Tone]] = [
            (f"{one_line(whole.account, 30)} total", profit_text(whole.money), profit_tone(whole.money))
        ]
        cells += [(row.what.capitalize(), profit_text(row.money), profit_tone(row.money)) for row in rows[1:]]
        cells.append(("Open risk", money_text(whole.open_risk), Tone.TEXT))
        for number, (caption, value) in enumerate(zip(self._captions, self._values, strict=True)):
            is_used = number < len(cells)
            caption.setVisible(is_used)
            value.setVisible(is_used)
            if is_used:
                name, text, tone = cells[number]
                caption.setText(name)
                value.setText(text)
                palette = value.palette()
                palette.setColor(palette.ColorRole.WindowText, self._look.tone(tone))
                value.setPalette(palette)
        self.setAccessibleName(", ".join(f"{name} {text}" for name, text, _ in cells))
