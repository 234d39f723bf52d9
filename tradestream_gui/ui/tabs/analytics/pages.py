"""The pages of the Analytics tab: overview, groups, league, trades, execution, missed alerts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QMenu, QScrollArea, QVBoxLayout, QWidget

from tradestream_gui.analytics.equity import EquityPoint
from tradestream_gui.analytics.execution import ExecutionSummary
from tradestream_gui.analytics.grouping import Group, GroupBy
from tradestream_gui.analytics.league import LeagueRow
from tradestream_gui.analytics.missed import MissedAlert, totals_by_reason
from tradestream_gui.analytics.statistic import Statistic, plural
from tradestream_gui.analytics.summary import NO_TRADES_IN_PERIOD, Summary
from tradestream_gui.analytics.trades import Trade
from tradestream_gui.ui.charts.equity import EquityChart
from tradestream_gui.ui.format import money_text
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import dotted, plain_label
from tradestream_gui.ui.tabs.analytics.calendar import CalendarPage, DayCell
from tradestream_gui.ui.tabs.analytics.cards import Cards
from tradestream_gui.ui.tabs.analytics.tables import (
    FigureRow,
    TradeRow,
    figure_columns,
    figure_rows,
    group_columns,
    league_columns,
    missed_columns,
    trade_columns,
)
from tradestream_gui.ui.tabs.analytics.texts import decimal_of
from tradestream_gui.ui.tabs.analytics.waterfall import WaterfallBars
from tradestream_gui.ui.widgets.choice_box import ChoiceBox
from tradestream_gui.ui.widgets.fit_columns import fit_columns
from tradestream_gui.ui.widgets.fit_rows import fit_rows
from tradestream_gui.ui.widgets.low_scroll import LowContent, LowScroll
from tradestream_gui.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from tradestream_gui.core import Core

SIDE_BY_SIDE_PX, CHART_PX, CALENDAR_PX = 900, 180, 220


class OverviewPage(QScrollArea):
    """Cards, the curve with its drawdown, and the calendar."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.cards = Cards(look)
        self.words = plain_label(role="help")
        self.chart = EquityChart(look)
        self.days = CalendarPage(look)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(8, 6, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.cards)
        column.addWidget(self.words)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(8)
        self._row.addWidget(self.chart, 3)
        self._row.addWidget(self.days, 2)
        column.addLayout(self._row, 1)
        self.setWidget(page)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def set_zone(self, zone: tzinfo) -> None:
        self.chart.set_zone(zone)

    def show_summary(self, summary: Summary, days: Sequence[Group], today: date) -> None:
        self.cards.show_summary(summary)
        times, profit = profit_curve(summary.points if summary.trades or summary.open_lots else ())
        self.chart.set_points(times, profit)
        words = summary.words if len(times) else ""  # without a curve the chart says in its place why there is none
        self.words.setText(words)
        self.words.setVisible(bool(words))
        cells: Mapping[date, DayCell] = {
            date.fromisoformat(group.label): DayCell(group.metrics.net, group.metrics.trades) for group in days
        }
        self.days.show_days(cells, today)

    def _adopt_look(self) -> None:
        self.chart.setMinimumHeight(self._look.px(CHART_PX))
        self.days.setMinimumHeight(self._look.px(CALENDAR_PX))
        self._arrange()

    def _arrange(self) -> None:
        wide = self.width() >= self._look.px(SIDE_BY_SIDE_PX)
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    # overridden Qt methods

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._arrange()


class GroupsPage(QWidget):
    """Closed trades by one of the ways to group them."""

    changed = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.by = ChoiceBox()
        self.by.setAccessibleName("Group trades by")
        for each in GroupBy:
            self.by.addItem(f"By {each.value}", each.value)
        self.by.currentIndexChanged.connect(self.changed)
        self._model: KeyedTableModel[Group] = KeyedTableModel(group_columns("Group"))
        self.view = TableView(look, self._model, name="Trades by group", empty_text=NO_TRADES_IN_PERIOD)
        row = QHBoxLayout()
        row.setContentsMargins(8, 6, 8, 4)
        row.addWidget(self.by)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.view, 1)

    @property
    def group_by(self) -> GroupBy:
        return GroupBy(self.by.currentData())

    def show_groups(self, groups: Sequence[Group]) -> None:
        self._model.replace_all([(group.label, group) for group in groups])
        fit_columns(self._look, self.view)


class LeaguePage(QWidget):
    """Analysts by what they are worth, few trades greyed."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._model: KeyedTableModel[LeagueRow] = KeyedTableModel(league_columns())
        self.view = TableView(look, self._model, name="Analyst league", empty_text=NO_TRADES_IN_PERIOD)
        note = plain_label(
            "Ranked by the probability of an edge after shrinkage; with fewer than 20 trades an analyst is not ranked.",
            role="help",
        )
        note.setWordWrap(True)
        note.setContentsMargins(8, 6, 8, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(note)
        column.addWidget(self.view, 1)

    def show_league(self, rows: Sequence[LeagueRow]) -> None:
        self._model.replace_all([(row.analyst, row) for row in rows])
        fit_columns(self._look, self.view)


class TradesPage(QWidget):
    """Every closed trade; a double click or Enter leads to its lot, the menu also to its message."""

    show_lot = pyqtSignal(object)
    show_message = pyqtSignal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._model: KeyedTableModel[TradeRow] = KeyedTableModel(trade_columns(UTC), newest_first=True)
        self.view = TableView(look, self._model, name="Closed trades", empty_text=NO_TRADES_IN_PERIOD)
        self.view.key_activated.connect(self._on_activated)
        self.view.menu_opening.connect(self._on_menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.addWidget(self.view)

    def set_zone(self, zone: tzinfo) -> None:
        self._model.columns = trade_columns(zone)

    def show_trades(self, core: "Core", trades: Sequence[Trade]) -> None:
        self._model.replace_all([
            (f"{trade.lot_id}:{trade.run}", TradeRow(trade, core.market.instrument(trade.instrument_id)))
            for trade in trades
        ])  # fmt: skip
        fit_columns(self._look, self.view)

    def _on_activated(self, key: str) -> None:
        row = self._model.row(key)
        if row is not None:
            self.show_lot.emit(row.trade.lot_id)

    def _on_menu(self, key: str | None, menu: QMenu) -> None:
        row = self._model.row(key) if key is not None else None
        if row is None:
            return
        lot_id, message_key = row.trade.lot_id, row.trade.origin.message_key
        menu.addAction("Show position", lambda: self.show_lot.emit(lot_id))
        if message_key is not None:
            menu.addAction("Show source alert", lambda: self.show_message.emit(message_key))


class ExecutionPage(QWidget):
    """How well orders were carried out, and where the time between message and fill went."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._model: KeyedTableModel[FigureRow] = KeyedTableModel(figure_columns())
        self.view = TableView(look, self._model, name="Execution quality", empty_text="No entry was sent.")
        self.bars = WaterfallBars(look)
        content, whole = LowContent(), QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(LowScroll(look, content))
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.view, 3)
        column.addWidget(self.bars, 2)
        look.changed.connect(self._fit_rows)

    def show_execution(self, summary: ExecutionSummary) -> None:
        self._model.replace_all([(row.title, row) for row in figure_rows(summary)])
        fit_columns(self._look, self.view)
        self._fit_rows()
        self.bars.show_stages(summary.stages_p50_ms)

    def _fit_rows(self) -> None:
        fit_rows(self._look, self.view)


class MissedPage(QWidget):
    """Alerts that were not taken, why, and what they would have made."""

    show_message = pyqtSignal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._model: KeyedTableModel[MissedAlert] = KeyedTableModel(missed_columns(UTC), newest_first=True)
        self.view = TableView(
            look, self._model, name="Alerts not taken", empty_text="Every alert of this period was taken."
        )
        self.view.key_activated.connect(self.show_message)
        self.words = plain_label(role="help")
        self.words.setWordWrap(True)
        self.words.setContentsMargins(8, 6, 8, 4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.words)
        column.addWidget(self.view, 1)

    def set_zone(self, zone: tzinfo) -> None:
        self._model.columns = missed_columns(zone)

    def show_missed(self, alerts: Sequence[MissedAlert]) -> None:
        self._model.replace_all([(alert.message_key, alert) for alert in alerts])
        fit_columns(self._look, self.view)
        totals = [
            f"{_spoken(total.code)}: {total.alerts} ({_worth(total.would_have_made)})"
            for total in totals_by_reason(alerts)
        ]
        self.words.setText(dotted(totals or ["No alert was missed, held or refused."]))


def _spoken(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _worth(statistic: Statistic) -> str:
    value = decimal_of(statistic)
    return statistic.reason if value is None else f"{money_text(value, sign=True)} over {plural(statistic.n, 'alert')}"


def profit_curve(points: Sequence[EquityPoint]) -> tuple[list[int], list[float]]:
    """UTC seconds and profit since the curve's start, for drawing."""
    if not points:
        return [], []
    start = points[0].equity
    return [_second(point.at) for point in points], [float(point.equity - start) for point in points]


def _second(at: datetime) -> int:
    return int(at.timestamp())
