"""The end-of-day page: flat or not, orders left, result by analyst, alerts not taken, room tomorrow, backup."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from tradestream_gui.analytics.day_report import AnalystDay, DayReport
from tradestream_gui.analytics.missed import MissedAlert
from tradestream_gui.analytics.statistic import plural
from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.ui.format import NOTHING, money_text, number_text, profit_text, zoned_time_text
from tradestream_gui.ui.order_words import STATUS_TEXT
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import hold_figures_together, one_line, plain, plain_label
from tradestream_gui.ui.shell.tone import Tone, profit_tone

if TYPE_CHECKING:
    from datetime import tzinfo

    from tradestream_gui.core import Core

TWO_COLUMNS_PX = 820
MAX_MISSED = 12
"""More lines than this are read in the Missed page."""
Line = tuple[str, Tone]


class _Section(QFrame):
    """A titled card of lines."""

    def __init__(self, look: Look, title: str) -> None:
        super().__init__()
        self._look = look
        self._lines: tuple[Line, ...] = ()
        self.setProperty("role", "card")
        self.setAccessibleName(title)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 10, 12, 10)
        self._column.setSpacing(3)
        self._column.addWidget(plain_label(title, role="caption"))
        self._body = QVBoxLayout()
        self._body.setSpacing(3)
        self._column.addLayout(self._body)
        self._column.addStretch(1)
        look.changed.connect(self._show)

    def show_lines(self, lines: Sequence[Line]) -> None:
        self._lines = tuple(lines)
        self.setAccessibleDescription(plain(". ".join(words for words, _ in lines)))
        self._show()

    def _show(self) -> None:
        while self._body.count():
            item = self._body.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        for words, tone in self._lines:
            label = plain_label(words)
            label.setWordWrap(True)
            hold_figures_together(label)
            palette = label.palette()
            palette.setColor(label.foregroundRole(), self._look.tone(tone))
            label.setPalette(palette)
            self._body.addWidget(label)


class EndOfDayPage(QScrollArea):
    """Shows one day's report as it was measured."""

    save_wanted = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._columns = 0
        self.report: DayReport | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("End of day")
        self._title = plain_label(role="h2")
        self._caption = plain_label(role="help")
        for label in (self._title, self._caption):
            label.setWordWrap(True)
        self.save = QPushButton("Save as text")
        self.save.clicked.connect(self.save_wanted)
        self._sections = {name: _Section(look, name) for name in
                          ("Positions", "Orders left", "Result by analyst", "Room tomorrow", "Backup",
                           "Alerts held and missed")}  # fmt: skip
        head = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._title)
        words.addWidget(self._caption)
        head.addLayout(words, 1)
        head.addWidget(self.save)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(10, 8, 10, 10)
        column.setSpacing(8)
        column.addLayout(head)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        column.addLayout(self._grid)
        column.addStretch(1)
        self.setWidget(page)
        self._arrange(2)

    def show_report(self, core: "Core", report: DayReport, zone: "tzinfo") -> None:
        self.report = report
        self._title.setText(f"End of day, {report.day:%A %d %B %Y}")
        net = profit_text(report.net) if report.by_analyst else NOTHING
        self._caption.setText(
            f"{net} net in {plural(report.trades, 'closed trade')}, as measured at {zoned_time_text(report.at, zone)}"
        )
        self._show("Positions", _positions(core, report))
        self._show("Orders left", _orders(core, report))
        self._show("Result by analyst", _results(report.by_analyst))
        self._show("Room tomorrow", _room(core, report))
        self._show("Backup", [_backup(report)])
        self._show("Alerts held and missed", _missed(core, report.missed))

    def _show(self, name: str, lines: Sequence[Line]) -> None:
        self._sections[name].show_lines(lines)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        *cards, last = self._sections.values()
        for at, card in enumerate(cards):
            self._grid.addWidget(card, at // columns, at % columns)
        if columns == 3:
            self._grid.addWidget(cards[4], 1, 1, 1, 2)
        elif columns == 2:
            self._grid.addWidget(cards[4], 2, 0, 1, 2)
        self._grid.addWidget(last, 3, 0, 1, columns)
        for at in range(3):
            self._grid.setColumnStretch(at, 1 if at < columns else 0)

    # overridden Qt methods

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._arrange(3 if self.width() >= self._look.px(TWO_COLUMNS_PX) else 2)


def _name(core: "Core", instrument_id: str) -> str:
    found: Instrument | None = core.reference.instrument(InstrumentId(instrument_id))
    return contract_name(found) if found is not None else instrument_id


def _positions(core: "Core", report: DayReport) -> list[Line]:
    lines = [
        (f"{number_text(lot.signed_qty, sign=True)} {_name(core, lot.instrument_id)} of {one_line(lot.origin.label)} "
         f"is still open in {lot.account_id}", Tone.WARN)
        for lot in report.open_lots
    ]  # fmt: skip
    lines += [
        (f"{number_text(qty, sign=True)} {_name(core, name)} was opened elsewhere, in {account}", Tone.SECONDARY)
        for account, name, qty in report.external
    ]
    return lines if report.open_lots else [("✓ Flat: nothing is open.", Tone.OK), *lines]


def _orders(core: "Core", report: DayReport) -> list[Line]:
    return [
        (f"{order.side.value} {order.leaves_qty} {_name(core, order.instrument_id)} "
         f"{order.ord_type.value.lower().replace('_', ' ')} {order.time_in_force.value}, "
         f"{STATUS_TEXT[order.ord_status].lower()}", Tone.WARN)
        for order in report.orders_left
    ] or [("✓ No order is left at the broker.", Tone.OK)]  # fmt: skip


def _results(days: Sequence[AnalystDay]) -> list[Line]:
    return [
        (f"{one_line(each.analyst)}: {profit_text(each.net)} in {plural(each.trades, 'trade')}", profit_tone(each.net))
        for each in days
    ] or [("No fills.", Tone.MUTED)]


def _room(core: "Core", report: DayReport) -> list[Line]:
    names = {account.account_id: account.name for account in core.accounts.accounts()}
    return [
        (f"{one_line(names.get(account, account))}: "
         + ("–, the limit is not known" if room is None else f"{money_text(room)} may be lost"), Tone.TEXT)
        for account, room in report.room_tomorrow
    ] or [("No account.", Tone.MUTED)]  # fmt: skip


def _backup(report: DayReport) -> Line:
    if report.backup is None:
        return "– No backup was made since this window opened.", Tone.WARN
    return (f"✓ {report.backup.words}", Tone.OK) if report.backup.done else (f"× {report.backup.words}", Tone.DANGER)


def _missed(core: "Core", alerts: Sequence[MissedAlert]) -> list[Line]:
    lines: list[Line] = []
    for alert in alerts[:MAX_MISSED]:
        made = alert.would_have_made
        worth = (
            f"What it would have made: {alert.worth.reason}"
            if made is None
            else f"Would have made {profit_text(made)} with one contract"
        )
        what = f"{_name(core, alert.instrument_id)}, " if alert.instrument_id else ""
        told = f"{one_line(alert.analyst)}, {what}{alert.outcome.value}: {one_line(alert.words)}"
        lines.append((f"{told.removesuffix('.')}. {worth}.", Tone.SECONDARY))
    if len(alerts) > MAX_MISSED:
        lines.append((f"and {len(alerts) - MAX_MISSED} more on the Missed page", Tone.MUTED))
    return lines or [("✓ Every alert was taken.", Tone.OK)]
