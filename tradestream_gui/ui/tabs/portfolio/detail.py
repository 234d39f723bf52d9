"""One lot from its alert to its result: the orders that made it and every fill with price and fee."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.ids import LotId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import Fill
from tradestream_gui.ui.format import money_text, number_text, price_text, profit_text, time_text, times_tooltip
from tradestream_gui.ui.models.columns import Align, Column
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, one_line
from tradestream_gui.ui.tabs.portfolio.columns import Zone, side_tone
from tradestream_gui.ui.tabs.portfolio.orders import (
    OrderRow,
    fill_or_price_column,
    history_columns,
    order_row,
    origin_text,
    waits_for_column,
)
from tradestream_gui.ui.tabs.portfolio.positions import DEFAULT_ZONE
from tradestream_gui.ui.widgets.line_label import LineLabel
from tradestream_gui.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.positions import Lot

NO_LOT = "Choose a position or a closed trade to see its orders and fills."
_PRICES = 3
_SPARE_OF_ORDER = {
    "created_at": 2, "role": 0, "side": 1, "order_qty": 0, "price": _PRICES, "avg_px": _PRICES, "fill_or_price": 0,
    "ord_status": 0, "reason": 4,
}  # fmt: skip
"""Its fills with their times stand beside it, the reason in the status' tool tip: the price that an order filled at
or waits for stays in sight."""
ORDERS_PX, FILLS_PX = 300, 320
"""At 100 %: what the orders need, and all columns of the fills."""
FILLS_SHARE = 0.38
"""Of a width that is too small for both."""


@dataclass(frozen=True, slots=True)
class FillRow:
    fill: Fill
    instrument: Instrument


class LotDetail(QWidget):
    """Follows the lot that was chosen last, open or closed."""

    show_message = pyqtSignal(object)
    show_instrument = pyqtSignal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._lot_id: LotId | None = None
        prices = (waits_for_column(), fill_or_price_column(_PRICES))
        columns = {column.key: column for column in (*history_columns(self._zone), *prices)}
        self.orders: KeyedTableModel[OrderRow] = KeyedTableModel(
            [replace(columns[key], spare=spare) for key, spare in _SPARE_OF_ORDER.items()]
        )
        self.fills: KeyedTableModel[FillRow] = KeyedTableModel(_fill_columns(self._zone))
        self.orders_table = TableView(look, self.orders, name="Orders of the lot", empty_text=NO_LOT)
        self.fills_table = TableView(look, self.fills, name="Fills of the lot", empty_text="No fills yet.")
        self._title = LineLabel(NO_LOT, role="help")
        self.alert_button = QPushButton("Source alert")
        self.alert_button.clicked.connect(self._on_alert)
        self._chart = QPushButton("Chart")
        self._chart.clicked.connect(self._on_chart)
        self._is_shared_by_hand = False
        self._lay_out()
        look.changed.connect(self._share_width)
        self._show_buttons(None)

    def attach(self, core: Core) -> None:
        self._core = core

    @property
    def title(self) -> str:
        return self._title.text()

    def show_lot(self, lot_id: LotId | None) -> None:
        self._lot_id = lot_id
        self.refresh()

    def refresh(self) -> None:
        core, lot_id = self._core, self._lot_id
        if core is None or lot_id is None:
            return
        orders = core.blotter.orders_of_lot(lot_id)
        self.orders.replace_all((order.cl_ord_id, order_row(core, order)) for order in orders)
        fills = core.analytics.fills_of(lot_id)
        self.fills.replace_all(
            (fill.exec_id, FillRow(fill, core.market.instrument(fill.instrument_id))) for fill in fills
        )
        lot = core.lots.lot(lot_id)
        self._show_buttons(lot)
        if lot is not None:
            self._title.say(*_lot_words(contract_name(core.market.instrument(lot.instrument_id)), lot))
            explain(self._title, self._title.text())

    def _show_buttons(self, lot: Lot | None) -> None:
        self.alert_button.setEnabled(lot is not None and lot.origin.message_key is not None)
        self._chart.setEnabled(lot is not None)

    def _zone(self) -> tzinfo:
        return DEFAULT_ZONE if self._core is None else ZoneInfo(self._core.settings.current.general.display_zone)

    def _lay_out(self) -> None:
        head = QFrame()
        head.setProperty("role", "panel")
        row = QHBoxLayout(head)
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(6)
        row.addWidget(self._title, 1)
        row.addWidget(self.alert_button)
        row.addWidget(self._chart)
        self._split = split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.orders_table)
        split.addWidget(self.fills_table)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 0)
        split.setChildrenCollapsible(False)
        split.splitterMoved.connect(self._on_moved)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(split, 1)

    def _share_width(self) -> None:
        """The prices of the fills stay in sight beside the orders, until the user shares the width himself."""
        if self._is_shared_by_hand:
            return
        width, fills = self.width(), self._look.px(FILLS_PX)
        fills = fills if width - fills >= self._look.px(ORDERS_PX) else round(width * FILLS_SHARE)
        self._split.setSizes([width - fills, fills])

    def _on_moved(self) -> None:
        self._is_shared_by_hand = True

    def _on_alert(self) -> None:
        lot = self._lot()
        if lot is not None and lot.origin.message_key is not None:
            self.show_message.emit(lot.origin.message_key)

    def _on_chart(self) -> None:
        lot = self._lot()
        if lot is not None:
            self.show_instrument.emit(lot.instrument_id)

    def _lot(self) -> Lot | None:
        if self._core is None or self._lot_id is None:
            return None
        return self._core.lots.lot(self._lot_id)

    # overridden Qt methods

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._share_width()


def _lot_words(name: str, lot: Lot) -> tuple[str, ...]:
    """What came of it, whole and with less room: the net result stays."""
    whose = f"{name}, {one_line(origin_text(lot.origin.label))}"
    what = f"{whose}, {lot.open_qty} open" if lot.open_qty else f"{whose}, closed"
    sums, net = f"gross {profit_text(lot.realized_pnl)}, fees {money_text(lot.commission)}", profit_text(lot.net_pnl)
    return f"{what}: {sums}, net {net}", f"{what}: net {net}", f"{whose}: net {net}", f"{name}: net {net}"


def _fill_columns(zone: Zone) -> list[Column[FillRow]]:
    return [
        Column(
            key="at", title="Time", text=lambda row: time_text(row.fill.at, zone()), width=76, align=Align.RIGHT,
            spare=1, sort_key=lambda row: row.fill.at, tooltip=lambda row: times_tooltip(row.fill.at, zone()),
        ),
        Column(
            key="side", title="Side", text=lambda row: row.fill.side.value.capitalize(), width=46, spare=3,
            tone=lambda row: side_tone(row.fill.side),
        ),
        Column(
            key="last_qty", title="Qty", text=lambda row: number_text(row.fill.last_qty), width=42, align=Align.RIGHT,
            sort_key=lambda row: row.fill.last_qty,
        ),
        Column(
            key="last_px", title="Price", text=lambda row: price_text(row.fill.last_px, row.instrument), width=82,
            align=Align.RIGHT, sort_key=lambda row: row.fill.last_px,
            tooltip=lambda row: times_tooltip(row.fill.at, zone()),
        ),
        Column(
            key="fee", title="Fee", text=lambda row: money_text(row.fill.commission), width=60, spare=2,
            align=Align.RIGHT, sort_key=lambda row: row.fill.commission,
        ),
    ]  # fmt: skip
