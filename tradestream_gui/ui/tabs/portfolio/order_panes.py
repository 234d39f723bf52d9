"""Working orders that can be changed and cancelled, the history of all orders, and the closed lots."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import tzinfo
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QAction, QFont, QFontMetrics, QKeySequence
from PyQt6.QtWidgets import QDialog, QMenu, QVBoxLayout, QWidget

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.ids import ClOrdId
from tradestream_gui.domain.orders import Order, OrderRole
from tradestream_gui.domain.positions import Lot
from tradestream_gui.ui.format import money_text
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.dialogs import answer_of
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.portfolio.commands import stop_refusal, stop_words
from tradestream_gui.ui.tabs.portfolio.external import external_rows, hands_off, is_external
from tradestream_gui.ui.tabs.portfolio.orders import (
    ClosedRow,
    OrderRow,
    cancel_order,
    change_price,
    closed_columns,
    closed_row,
    history_columns,
    order_row,
    price_that_moves,
    working_columns,
)
from tradestream_gui.ui.tabs.portfolio.positions import DEFAULT_ZONE
from tradestream_gui.ui.widgets.cell_delegate import PADDING_PX
from tradestream_gui.ui.widgets.late_page import LatePage
from tradestream_gui.ui.widgets.price_dialog import PriceDialog
from tradestream_gui.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from tradestream_gui.core import Core

NO_WORKING = "No working orders. Stops, targets and entries that wait at the broker appear here."
NO_HISTORY = "No orders yet. Every order appears here, also denied and rejected ones, with its reason."
NO_CLOSED = "No closed trades yet."


class OrdersBook(QWidget):
    """The three models behind the lower tabs; one change of an order updates one row in each."""

    said = pyqtSignal(str)
    show_lot = pyqtSignal(object)
    show_message = pyqtSignal(object)
    show_instrument = pyqtSignal(object)
    counts_changed = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core: Core | None = None
        self._look = look
        self._external: set[Hashable] = set()
        self._names: set[str] = set()
        self._name_px = 0.0  # the longest name at 100 %
        self.working: KeyedTableModel[OrderRow] = KeyedTableModel(working_columns(self._zone))
        self.history: KeyedTableModel[OrderRow] = KeyedTableModel(history_columns(self._zone), newest_first=True)
        self.closed: KeyedTableModel[ClosedRow] = KeyedTableModel(closed_columns(self._zone), newest_first=True)
        self.working_table = TableView(look, self.working, name="Working orders", empty_text=NO_WORKING)
        self.history_page = LatePage(partial(self._history_table, look))
        self.closed_page = LatePage(partial(self._closed_table, look))
        self._change = self._action("Change price…", Qt.Key.Key_F2, self._on_change)
        self._cancel = self._action("Cancel order", QKeySequence.StandardKey.Delete, self._on_cancel)
        self.working_table.key_activated.connect(self._on_activated)
        self.working_table.menu_opening.connect(self._fill_working_menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.hide()  # it only owns the tables, which stand in the tab widget

    def attach(self, core: Core) -> None:
        self._core = core
        rows = {order.cl_ord_id: order_row(core, order) for order in core.blotter.orders()}
        self.history.replace_all(rows.items())
        self.working.replace_all((order.cl_ord_id, order_row(core, order)) for order in core.blotter.open_orders())
        self.closed.replace_all(
            (lot.lot_id, closed_row(core, lot)) for lot in core.lots.lots() if lot.is_flat and lot.entry_qty
        )
        self._make_room(rows.values())
        self.show_external()

    def show_external(self) -> None:
        """Shows exactly what others have working at the brokers now."""
        if self._core is None:
            return
        rows = external_rows(self._core)
        for key in self._external - set(rows):
            self.working.remove(key)
        self._external = set(rows)
        self.working.upsert_many(rows)
        self._make_room(rows.values())
        self.counts_changed.emit()

    def on_order(self, order: Order) -> None:
        core = self._core
        if core is None:
            return
        row = order_row(core, order)
        self._make_room((row,))
        self.history.upsert(order.cl_ord_id, row)
        if order.is_terminal:
            self.working.remove(order.cl_ord_id)
        else:
            self.working.upsert(order.cl_ord_id, row)
        self.counts_changed.emit()

    def on_lot(self, lot: Lot) -> None:
        if self._core is None:
            return
        if lot.is_flat:
            self.closed.upsert(lot.lot_id, closed_row(self._core, lot))
        else:
            self.closed.remove(lot.lot_id)
        self.counts_changed.emit()

    def counts(self) -> tuple[int, int, int]:
        """Working orders, all orders, closed lots."""
        core = self._core
        if core is None:
            return 0, 0, 0
        closed = sum(1 for lot in core.lots.lots() if lot.is_flat and lot.entry_qty)
        working = len(core.blotter.open_orders()) + len(core.external_orders.orders())
        return working, sum(1 for _ in core.blotter.orders()), closed

    def change(self, cl_ord_id: ClOrdId, price: Decimal) -> None:
        if self._core is not None:
            self.said.emit(change_price(self._core, cl_ord_id, price))

    def cancel(self, cl_ord_id: ClOrdId) -> None:
        if self._core is not None:
            self.said.emit(cancel_order(self._core, cl_ord_id))

    def _history_table(self, look: Look, page: QWidget) -> TableView:
        table = TableView(look, self.history, name="Order history", empty_text=NO_HISTORY, parent=page)
        self._keep_names_whole(table)
        table.menu_opening.connect(self._fill_history_menu)
        table.key_activated.connect(self._on_history)
        return table

    def _closed_table(self, look: Look, page: QWidget) -> TableView:
        table = TableView(look, self.closed, name="Closed trades", empty_text=NO_CLOSED, parent=page)
        self._keep_names_whole(table)
        table.key_activated.connect(self._on_closed)
        return table

    def _action(self, text: str, key: Qt.Key | QKeySequence.StandardKey, act: Callable[[], None]) -> QAction:
        action = QAction(text, self.working_table)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(act)
        self.working_table.addAction(action)
        return action

    def _make_room(self, rows: Iterable[OrderRow]) -> None:
        """No table shortens the name of what was ordered once: an option's ends with its expiry."""
        new = {contract_name(row.instrument) for row in rows} - self._names
        if not new:
            return
        self._names |= new
        strong = QFontMetrics(self._look.font(13, QFont.Weight.DemiBold))
        self._name_px = max(self._name_px, *(strong.horizontalAdvance(name) / self._look.scale for name in new))
        for table in (self.working_table, self.history_page.made, self.closed_page.made):
            if table is not None:
                self._keep_names_whole(table)

    def _keep_names_whole(self, table: TableView) -> None:
        at = next(at for at, column in enumerate(table.keyed_model.columns) if column.key == "instrument")
        table.fit.need({at: self._look.px(self._name_px + 2 * PADDING_PX) + 1})

    def _zone(self) -> tzinfo:
        return DEFAULT_ZONE if self._core is None else ZoneInfo(self._core.settings.current.general.display_zone)

    def _order(self, key: Hashable | None) -> Order | None:
        return self._core.blotter.order(ClOrdId(str(key))) if self._core is not None and key is not None else None

    def _on_cancel(self) -> None:
        for key in self.working_table.selected_keys():
            if not self._says_hands_off(key):
                self.cancel(ClOrdId(str(key)))

    def _on_change(self) -> None:
        key = self.working_table.current_key()
        if key is not None:
            self._on_activated(key)

    def _says_hands_off(self, key: Hashable) -> bool:
        """True for an order of others, and then the words for it are said."""
        row = self.working.row(key) if is_external(key) else None
        if row is not None:
            self.said.emit(hands_off(row))
        return is_external(key)

    def _on_activated(self, key: Hashable) -> None:
        if self._says_hands_off(key):
            return
        order, core = self._order(key), self._core
        if core is not None and order is not None and price_that_moves(order) is not None:
            core.tasks.spawn(self._ask_price(core, order), f"change price of {order.cl_ord_id}")

    async def _ask_price(self, core: Core, order: Order) -> None:
        instrument = core.market.instrument(order.instrument_id)

        def refusal(price: Decimal) -> str:
            if order.role is OrderRole.ENTRY:
                return core.hand.entry_moves.refusal(order, price)
            return stop_refusal(core, order.lot_id, price) if order.role is OrderRole.STOP else ""

        def words(price: Decimal) -> str:
            risk = core.hand.entry_moves.risk_at(order, price) if order.role is OrderRole.ENTRY else None
            return stop_words(core, order.lot_id, price) if risk is None else f"There it risks {money_text(risk)}."

        dialog = PriceDialog(
            self.working_table.window(),
            title=f"Change the price of {order.side.value.lower()} {order.leaves_qty} {contract_name(instrument)}",
            text="Arrow up and down step by the tick.",
            instrument=instrument,
            price=price_that_moves(order),
            refusal=refusal,
            words=words,
            confirm="Change price",
        )
        accepted = await answer_of(dialog) == QDialog.DialogCode.Accepted.value
        if accepted and dialog.price is not None:
            self.change(order.cl_ord_id, dialog.price)

    def _fill_working_menu(self, key: Hashable | None, menu: QMenu) -> None:
        order = self._order(key)
        row = None if key is None else self.working.row(key)
        if row is not None and row.is_external:
            menu.addAction("Open chart", partial(self.show_instrument.emit, row.order.instrument_id))
        if order is None:
            return
        self._change.setEnabled(price_that_moves(order) is not None)
        menu.addAction(self._change)
        menu.addAction(self._cancel)
        self._add_ways(order, menu)

    def _fill_history_menu(self, key: Hashable | None, menu: QMenu) -> None:
        order = self._order(key)
        if order is not None:
            self._add_ways(order, menu)

    def _add_ways(self, order: Order, menu: QMenu) -> None:
        menu.addAction("Orders and fills of its lot", partial(self.show_lot.emit, order.lot_id))
        menu.addAction("Open chart", partial(self.show_instrument.emit, order.instrument_id))
        if order.origin.message_key is not None:
            menu.addAction("Open source alert", partial(self.show_message.emit, order.origin.message_key))

    def _on_history(self, key: Hashable) -> None:
        order = self._order(key)
        if order is not None:
            self.show_lot.emit(order.lot_id)

    def _on_closed(self, key: Hashable) -> None:
        self.show_lot.emit(key)
