"""Where the time between message and fill went: one bar per stage, each beginning where the one before it ended."""

from collections.abc import Sequence

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

from tradestream_gui.analytics.statistic import Statistic
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.analytics.texts import ms_text

NAME_PX, VALUE_PX, ROW_PX = 196, 116, 20
TITLE_ROWS = 3
NOTHING_SENT = "No alerted entry was sent in this period."


class WaterfallBars(QWidget):
    """Medians per stage; a stage that nobody measured has a dash and no bar."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._stages: tuple[tuple[str, Statistic], ...] = ()
        self.setAccessibleName("Time from message to fill")
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def show_stages(self, stages: Sequence[tuple[str, Statistic]]) -> None:
        self._stages = tuple(stages)
        told = (f"{name} {ms_text(median)}" for name, median in self._stages)
        self.setAccessibleDescription(", ".join(told) or NOTHING_SENT)
        self.update()

    def _adopt_look(self) -> None:
        self.setMinimumHeight(self._look.px(ROW_PX * (7 + TITLE_ROWS) + 10))
        self.update()

    def _title(self) -> str:
        told = [median.reason for _, median in self._stages if median.value is not None and median.reason]
        return "; ".join(["Median time per stage, message to fill", *told])

    # overridden Qt methods

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter, look = QPainter(self), self._look
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), look.color("panel"))
        painter.setFont(look.font(12))
        if not self._stages:
            painter.setPen(look.color("muted"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, NOTHING_SENT)
            painter.end()
            return
        row, left, value = look.px(ROW_PX), look.px(NAME_PX), look.px(VALUE_PX)
        painter.setPen(look.color("muted"))
        middle = Qt.AlignmentFlag.AlignVCenter
        wrapped = middle.value | Qt.TextFlag.TextWordWrap.value
        title = QRectF(8, 4, self.width() - 16, row * TITLE_ROWS)
        taken = painter.boundingRect(title, wrapped, self._title())
        painter.drawText(title.adjusted(0, 0, 0, max(taken.height(), row) - title.height()), wrapped, self._title())
        first = 6 + max(round(taken.height()), row)
        total = sum(max(float(median.value or 0), 0.0) for _, median in self._stages)
        room, at = max(self.width() - left - value - 16, 1), 0.0
        for number, (name, median) in enumerate(self._stages, 1):
            top = first + (number - 1) * row
            painter.setPen(look.color("text_2"))
            painter.drawText(QRectF(8, top, left - 8, row), middle, name)
            length = max(float(median.value or 0), 0.0)
            if total and length:
                area = QRectF(left + at / total * room, top + 5, max(length / total * room, 2), row - 10)
                painter.fillRect(area, look.color("accent"))
            at += length
            painter.setPen(look.color("text" if median.value is not None else "muted"))
            words = f"{ms_text(median)}, n = {median.n}"
            painter.drawText(
                QRectF(self.width() - value - 8, top, value, row), middle | Qt.AlignmentFlag.AlignRight, words
            )
        painter.end()
