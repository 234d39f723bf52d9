"""The Positions table with its view switch, totals and the actions on the chosen lot."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace
from datetime import tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PyQt6.QtCore import QModelIndex, Qt, pyqtSignal
from PyQt6.QtGui import QFont, QShowEvent
from PyQt6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.domain.ids import InstrumentId, LotId
from tradestream_gui.ui.format import ProfitUnit
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.ink import ink
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, plain_label
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.tabs.portfolio.columns import PROFIT_KEY, position_columns
from tradestream_gui.ui.tabs.portfolio.lot_bar import LotBar
from tradestream_gui.ui.tabs.portfolio.rows import PositionRow, RowKind, lot_rows, net_rows, total_rows
from tradestream_gui.ui.tabs.portfolio.totals import TotalsBar
from tradestream_gui.ui.widgets.fit_columns import fit_columns
from tradestream_gui.ui.widgets.line_label import LineLabel
from tradestream_gui.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from tradestream_gui.core import Core

EMPTY_TEXT = "No open positions. Alerts that pass the risk check appear here."
DEFAULT_ZONE = ZoneInfo("America/New_York")
TITLES_PX = 28


class PositionsPane(QWidget):
    """Rows are asked of their owners; while hidden it only remembers that it is out of date."""

    lot_chosen = pyqtSignal(object)  # LotId, or None
    lot_opened = pyqtSignal(object)  # LotId: its orders and fills are wanted
    show_instrument = pyqtSignal(object)
    show_message = pyqtSignal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._unit = ProfitUnit.MONEY
        self._is_net = False
        self.model: KeyedTableModel[PositionRow] = KeyedTableModel(position_columns(self._zone, self._profit_unit))
        self.table = TableView(look, self.model, name="Positions", empty_text=EMPTY_TEXT)
        self.totals = TotalsBar(look)
        self.lot_bar = LotBar(look)
        self._lay_out()
        look.changed.connect(self._adopt_look)
        self._adopt_look()
        self.table.key_selected.connect(self._on_selected)
        self.table.key_activated.connect(self._on_activated)
        self.table.menu_opening.connect(self._fill_menu)
        self.table.clicked.connect(self._on_clicked)
        self.lot_bar.chart_wanted.connect(self._on_chart)
        self.lot_bar.alert_wanted.connect(self._on_alert)

    def attach(self, core: Core) -> None:
        self._core = core
        self.lot_bar.attach(core)
        self.rebuild()

    @property
    def chosen(self) -> PositionRow | None:
        key = self.table.current_key()
        return None if key is None else self.model.row(key)

    def rebuild(self) -> None:
        """Shows exactly what is open now."""
        if self._core is None or not self.isVisible():
            return
        rows = net_rows(self._core) if self._is_net else lot_rows(self._core)
        self.model.replace_all(rows.items())
        fit_columns(self._look, self.table, in_sight=True)
        self._after_change()

    def refresh(self, instrument_ids: Iterable[InstrumentId]) -> None:
        """New prices: only the rows of these instruments are made anew."""
        core = self._core
        if core is None or not self.isVisible():
            return
        if self._is_net:
            wanted = set(instrument_ids)
            rows = {key: row for key, row in net_rows(core).items() if row.instrument.instrument_id in wanted}
        else:
            rows = lot_rows(core, instrument_ids)
        known: dict[Hashable, PositionRow] = {key: row for key, row in rows.items() if self.model.row(key) is not None}
        if known:
            self.model.upsert_many(known)
            fit_columns(self._look, self.table, in_sight=True)
            self._after_change()

    def select_lot(self, lot_id: LotId) -> bool:
        if self._is_net:
            self.lots_button.click()
        return self.table.select_key(f"lot:{lot_id}")

    def set_unit(self, unit: ProfitUnit) -> None:
        """In what the P&L column is read; its header says so."""
        self._unit = unit
        columns = list(self.model.columns)
        position = next(number for number, column in enumerate(columns) if column.key == PROFIT_KEY)
        columns[position] = replace(columns[position], title=f"P&L {unit.value}")
        self.model.columns = tuple(columns)
        self.model.headerDataChanged.emit(Qt.Orientation.Horizontal, position, position)
        self.model.refresh()

    def show_words(self, words: str) -> None:
        """What the last action has led to."""
        self._words.setText(words)
        explain(self._words, words)

    def add_tool(self, button: QPushButton) -> None:
        """One more button in the head, before the two views."""
        self._tools.addWidget(button)

    def _profit_unit(self) -> ProfitUnit:
        return self._unit

    def _zone(self) -> tzinfo:
        return DEFAULT_ZONE if self._core is None else ZoneInfo(self._core.settings.current.general.display_zone)

    def _after_change(self) -> None:
        core = self._core
        if core is not None:
            self.totals.show_totals(total_rows(core, list(lot_rows(core).values())))
            self.lot_bar.show_row(self.chosen)
            self.lot_bar.setVisible(self.model.total > 0)
            is_demo = any(row.market.is_demo for row in map(self.model.row, self.model.keys) if row is not None)
            self._kind.setText("DEMO prices" if is_demo else "")
            self._kind.setFont(self._look.font(11, QFont.Weight.DemiBold))
            ink(self._kind, self._look.tone(Tone.DEMO))

    def _adopt_look(self) -> None:
        """Titles and a row stay in sight, however many rows the totals and buttons below take, and also where the
        columns scroll aside."""
        aside = self.table.horizontalScrollBar()
        bar = 0 if aside is None else aside.sizeHint().height()
        self.table.setMinimumHeight(self._look.px(TITLES_PX) + self._look.row_height() + bar)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        column.addWidget(self.table, 1)
        column.addWidget(self.totals)
        column.addWidget(self.lot_bar)

    def _head(self) -> QFrame:
        head = QFrame()
        head.setProperty("role", "panel")
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(6)
        row.addWidget(plain_label("Positions", role="strong"))
        self._kind = plain_label()  # a role would fix its colour
        row.addWidget(self._kind)
        self._words = LineLabel(role="help")
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words, 1)
        row.addWidget(self.lot_bar.chart)
        row.addWidget(self.lot_bar.alert)
        self._tools = QHBoxLayout()
        row.addLayout(self._tools)
        self._views = QButtonGroup(self)
        self.lots_button = self._view_button("By lot", "One row for each alert or ticket that opened something")
        self.net_button = self._view_button("Net", "One row for each instrument")
        self.lots_button.setChecked(True)
        for button in (self.lots_button, self.net_button):
            row.addWidget(button)
        self._views.buttonClicked.connect(self._on_view)
        return head

    def _view_button(self, text: str, tip: str) -> QPushButton:
        button = QPushButton(text)
        button.setCheckable(True)
        explain(button, tip)
        button.setAccessibleName(f"Positions {text.lower()}")
        self._views.addButton(button)
        return button

    def _on_view(self) -> None:
        self._is_net = self.net_button.isChecked()
        self.rebuild()
        self._on_selected(self.table.current_key())

    def _on_selected(self, key: Hashable | None) -> None:
        row = None if key is None else self.model.row(key)
        self.lot_bar.show_row(row)
        self.lot_chosen.emit(row.lot_id if row is not None else None)

    def _on_activated(self, key: Hashable) -> None:
        row = self.model.row(key)
        if row is not None and row.lot_id is not None:
            self.lot_opened.emit(row.lot_id)

    def _on_clicked(self, index: QModelIndex) -> None:
        if self.model.columns[index.column()].key == PROFIT_KEY:
            self.set_unit(self._unit.next())

    def _on_chart(self) -> None:
        if self.chosen is not None:
            self.show_instrument.emit(self.chosen.instrument.instrument_id)

    def _on_alert(self) -> None:
        if self.chosen is not None and self.chosen.message_key is not None:
            self.show_message.emit(self.chosen.message_key)

    def _fill_menu(self, key: Hashable | None, menu: QMenu) -> None:
        row = None if key is None else self.model.row(key)
        if row is None:
            return
        self.lot_bar.show_row(row)
        self.lot_bar.fill_menu(menu)
        menu.addSeparator()
        if row.kind is RowKind.LOT:
            menu.addAction("Orders and fills", self._open_chosen)
        chart = menu.addAction("Open chart", self._on_chart)
        alert = menu.addAction("Open source alert", self._on_alert)
        if chart is not None and alert is not None:
            alert.setEnabled(row.message_key is not None)

    def _open_chosen(self) -> None:
        key = self.table.current_key()
        if key is not None:
            self._on_activated(key)

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self.rebuild()
