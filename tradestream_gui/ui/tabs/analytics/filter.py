"""The period and filter bar of the Analytics tab."""

from collections.abc import Iterable
from datetime import date
from enum import Enum

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QBoxLayout, QButtonGroup, QHBoxLayout, QMenu, QToolButton, QWidget

from tradestream_gui.analytics.filters import ALL_TIME, Filter, Period, last_days, month_of, week_of
from tradestream_gui.analytics.trades import Trade
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.instruments import AssetClass
from tradestream_gui.ui.shell.kept_icon import KeptIcon
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain
from tradestream_gui.ui.widgets.choice_box import ChoiceBox
from tradestream_gui.ui.widgets.flow_layout import FlowLayout

ONE_ROW_PX = 900
ROOM = 10
"""Characters of a choice that are seen; the widest word for "all" has twelve narrow ones."""


class Span(Enum):
    DAY = "Day"
    WEEK = "Week"
    MONTH = "Month"
    ALL = "All"

    def period(self, today: date) -> Period:
        """The period that runs now, to today."""
        if self is Span.DAY:
            return last_days(today, 1)
        if self is Span.WEEK:
            return week_of(today)
        return month_of(today) if self is Span.MONTH else ALL_TIME


class AnalyticsFilter(QWidget):
    """Says `changed` when other figures are wanted; `chosen` tells which."""

    changed = pyqtSignal()
    trades_wanted = pyqtSignal()
    fills_wanted = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.spans = {span: QToolButton() for span in Span}
        self.boxes = {
            "analyst": ChoiceBox(), "channel": ChoiceBox(), "symbol": ChoiceBox(), "class": ChoiceBox(),
            "account": ChoiceBox(),
        }  # fmt: skip
        for name, box in self.boxes.items():
            box.addItem(ALL_WORDS[name], None)
            box.setAccessibleName(f"Filter by {name}")
            box.take_room_for(ROOM)
            box.currentIndexChanged.connect(self.changed)
        self._lay_out()

    @property
    def span(self) -> Span:
        return next((span for span, button in self.spans.items() if button.isChecked()), Span.ALL)

    def chosen(self, today: date) -> Filter:
        asset_class = self.boxes["class"].currentData()
        account = self.boxes["account"].currentData()
        return Filter(
            period=self.span.period(today),
            analyst=self.boxes["analyst"].currentData(),
            channel=self.boxes["channel"].currentData(),
            symbol=self.boxes["symbol"].currentData(),
            asset_class=AssetClass(asset_class) if asset_class else None,
            account=AccountId(account) if account else None,
        )

    def offer(self, trades: Iterable[Trade], accounts: Iterable[tuple[str, str]]) -> None:
        """Adds what trades can be told apart by; what is chosen stays."""
        for trade in trades:
            self._add("analyst", trade.analyst, trade.analyst)
            self._add("channel", trade.channel, trade.channel)
            self._add("symbol", trade.root, trade.root)
            self._add("class", trade.asset_class.value, trade.asset_class.value)
        for account_id, name in accounts:
            self._add("account", name, account_id)

    def _add(self, box_name: str, words: str, value: str) -> None:
        box = self.boxes[box_name]
        if box.findData(value) < 0:
            box.blockSignals(True)
            box.addItem(plain(words, 60), value)
            box.blockSignals(False)

    def _lay_out(self) -> None:
        spans, boxes = QWidget(), QWidget()
        first, second = QHBoxLayout(spans), FlowLayout(boxes, gap=4)
        group = QButtonGroup(self)
        first.setContentsMargins(0, 0, 0, 0)
        first.setSpacing(4)
        for span, button in self.spans.items():
            button.setText(span.value)
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setAccessibleName(f"Period: {span.value}")
            group.addButton(button)
            first.addWidget(button)
        self.spans[Span.ALL].setChecked(True)
        for button in self.spans.values():
            button.toggled.connect(self._on_span)
        first.addWidget(self._export())
        first.addStretch(1)
        for box in self.boxes.values():
            second.addWidget(box)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(8, 8, 8, 4)
        self._row.setSpacing(6)
        self._row.addWidget(spans)
        self._row.addWidget(boxes, 1)

    def _export(self) -> QToolButton:
        self.export = QToolButton()
        self.export.setText("Export…")
        KeptIcon(self._look, self.export, "export")
        self.export.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.export.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.export.setAccessibleName("Export as CSV")
        menu = QMenu(self.export)
        menu.addAction("Trades of this filter as CSV…", self.trades_wanted.emit)
        menu.addAction("All fills as CSV…", self.fills_wanted.emit)
        self._menu = menu
        self.export.clicked.connect(self._open_menu)
        return self.export

    def _open_menu(self) -> None:
        self._menu.popup(self.export.mapToGlobal(self.export.rect().bottomLeft()))

    def _on_span(self, is_on: bool) -> None:
        if is_on:
            self.changed.emit()

    # overridden Qt methods

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        wide = self.width() >= self._look.px(ONE_ROW_PX)
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)


ALL_WORDS = {
    "analyst": "All analysts", "channel": "All channels", "symbol": "All symbols", "class": "All classes",
    "account": "All accounts",
}  # fmt: skip
