"""A month of daily results as a calendar: each day's profit in words and as a tint of its cell."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from tradestream_gui.analytics.statistic import plural
from tradestream_gui.ui.format import profit_text
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain_label

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MAX_TINT = 0.42
LEAST_PX = 260


@dataclass(frozen=True, slots=True)
class DayCell:
    """What the closed trades of one trade date made after fees."""

    net: Decimal
    trades: int


class CalendarGrid(QWidget):
    """Paints one month; the strongest day of the month has the full tint."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._month = date(2000, 1, 1)
        self._cells: Mapping[date, DayCell] = {}
        self.setMinimumWidth(LEAST_PX)
        self.setAccessibleName("Daily results of the month")
        look.changed.connect(self.update)

    def show_month(self, month: date, cells: Mapping[date, DayCell]) -> None:
        self._month = month.replace(day=1)
        self._cells = {day: cell for day, cell in cells.items() if (day.year, day.month) == (month.year, month.month)}
        told = (f"{day:%d %B} {profit_text(cell.net)}" for day, cell in sorted(self._cells.items()))
        self.setAccessibleDescription(", ".join(told) or "No closed trades in this month.")
        self.update()

    def _weeks(self) -> list[list[date]]:
        first = self._month - timedelta(days=self._month.weekday())
        last = self._month.replace(day=calendar.monthrange(self._month.year, self._month.month)[1])
        weeks = ((last - first).days // 7) + 1
        return [[first + timedelta(days=week * 7 + day) for day in range(7)] for week in range(weeks)]

    def _paint_day(self, painter: QPainter, area: QRectF, day: date, strongest: Decimal) -> None:
        look, cell = self._look, self._cells.get(day)
        is_inside = day.month == self._month.month
        painter.setPen(look.color("hairline") if is_inside else Qt.PenStyle.NoPen)
        painter.setBrush(look.color("panel" if is_inside else "canvas"))
        painter.drawRoundedRect(area, 3, 3)  # with an edge: under high contrast both grounds are black
        painter.setPen(Qt.PenStyle.NoPen)
        if cell is not None and cell.net:
            strength = float(abs(cell.net) / strongest) if strongest else 0.0
            painter.setBrush(look.theme.tint("up" if cell.net > 0 else "down", 0.12 + (MAX_TINT - 0.12) * strength))
            painter.drawRoundedRect(area, 3, 3)
        painter.setFont(look.font(11))
        on_tint = cell is not None and cell.net
        painter.setPen(look.color("text" if on_tint else "text_2" if is_inside else "disabled"))
        inner = area.adjusted(6, 3, -4, -3)
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, str(day.day))
        if cell is None:
            return
        painter.setPen(look.color("text"))  # the sign tells; profit colours are too faint on their own tint
        painter.setFont(look.font(11))
        words = profit_text(cell.net, cents=False)
        if painter.fontMetrics().horizontalAdvance(words) > inner.width():
            words = words.split(" ")[-1]
        painter.drawText(inner, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, words)

    # overridden Qt methods

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        weeks, head = self._weeks(), self._look.px(20)
        width, height = self.width() / 7, (self.height() - head) / len(weeks)
        painter.setFont(self._look.font(11))
        painter.setPen(QPen(self._look.color("muted")))
        for at, name in enumerate(DAYS):
            painter.drawText(QRectF(at * width, 0, width, head), Qt.AlignmentFlag.AlignCenter, name)
        strongest = max((abs(cell.net) for cell in self._cells.values()), default=Decimal(0))
        for row, week in enumerate(weeks):
            for at, day in enumerate(week):
                area = QRectF(at * width + 1, head + row * height + 1, width - 2, height - 2)
                self._paint_day(painter, area, day, strongest)
        painter.end()


class CalendarPage(QWidget):
    """The grid with its month and the way to others."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._month: date | None = None
        self._cells: Mapping[date, DayCell] = {}
        self.grid = CalendarGrid(look)
        self._title = plain_label(role="strong")
        self._note = plain_label(role="caption")
        self.earlier, self.later = QToolButton(), QToolButton()
        for button, icon, name in (
            (self.earlier, "chevron-left", "Earlier month"),
            (self.later, "chevron-right", "Later month"),
        ):
            button.setIcon(look.icon(icon))
            button.setAccessibleName(name)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.earlier.setToolTip("Earlier month")
        self.later.setToolTip("Later month")
        self.earlier.clicked.connect(self._on_earlier)
        self.later.clicked.connect(self._on_later)
        row = QHBoxLayout()
        for widget in (self.earlier, self._title, self.later):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.grid, 1)
        look.changed.connect(self._adopt_look)

    def show_days(self, cells: Mapping[date, DayCell], today: date) -> None:
        """Net result per trade date; the month shown stays, at first it is that of the last day."""
        self._cells = cells
        if self._month is None:
            self._month = max(cells, default=today).replace(day=1)
        self._show()

    def _show(self) -> None:
        assert self._month is not None
        self._title.setText(f"{self._month:%B %Y}")
        days = sum((day.year, day.month) == (self._month.year, self._month.month) for day in self._cells)
        self._note.setText(f"net of {plural(days, 'day')} with closed trades")
        self.grid.show_month(self._month, self._cells)

    def _on_earlier(self) -> None:
        if self._month is not None:
            self._month = (self._month - timedelta(days=1)).replace(day=1)
            self._show()

    def _on_later(self) -> None:
        if self._month is not None:
            self._month = (self._month + timedelta(days=32)).replace(day=1)
            self._show()

    def _adopt_look(self) -> None:
        self.earlier.setIcon(self._look.icon("chevron-left"))
        self.later.setIcon(self._look.icon("chevron-right"))
