"""The tables behind the why-panel's tabs: reading, risk, orders, routing, edits."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.decisions import CheckResult
from tradestream_gui.domain.ids import LotId
from tradestream_gui.domain.orders import Order, OrdStatus, Side
from tradestream_gui.ui.format import NOTHING, price_text, time_text
from tradestream_gui.ui.models.columns import Align, Column
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.order_words import STATUS_TEXT
from tradestream_gui.ui.shell.kept_icon import KeptIcon
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, one_line, plain, plain_label
from tradestream_gui.ui.shell.tone import Tone, profit_tone
from tradestream_gui.ui.tabs.messages.facts import EditRow, FieldRow, LayerRow, OrderRow
from tradestream_gui.ui.widgets.fit_columns import fit_columns
from tradestream_gui.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from datetime import tzinfo

    from tradestream_gui.core import Core

_STATES = {
    OrdStatus.FILLED: Tone.OK,
    OrdStatus.DENIED: Tone.DANGER,
    OrdStatus.REJECTED: Tone.DANGER,
    OrdStatus.UNCERTAIN: Tone.WARN,
    OrdStatus.CANCELED: Tone.MUTED,
    OrdStatus.EXPIRED: Tone.MUTED,
}


LotLine = tuple[LotId, str, str, Decimal | None]
"""A lot, what stands on its line, what its profit counts, and the profit in US dollars."""


class _Page(QWidget):
    """A table under the sentences that belong to it."""

    def __init__(self, view: TableView, notes: QWidget) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        column.addWidget(notes)
        column.addWidget(view, 1)


class _Lots(QWidget):
    """One line per lot with its profit; pressed, it leads to the position."""

    chosen = pyqtSignal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._buttons: dict[LotId, QPushButton] = {}

    def show_lots(self, lots: Sequence[LotLine]) -> None:
        for gone in set(self._buttons) - {lot_id for lot_id, _, _, _ in lots}:
            button = self._buttons.pop(gone)
            self._column.removeWidget(button)
            button.deleteLater()
        for lot_id, words, counted, profit in lots:
            button = self._buttons.get(lot_id) or self._new(lot_id)
            button.setText(plain(words))
            explain(button, f"Shows the position: {counted}.")
            palette = button.palette()
            palette.setColor(button.foregroundRole(), self._look.tone(profit_tone(profit)))
            button.setPalette(palette)
        self.setVisible(bool(lots))

    def _new(self, lot_id: LotId) -> QPushButton:
        button = QPushButton()
        KeptIcon(self._look, button, "portfolio")
        button.setProperty("lot", lot_id)
        button.clicked.connect(self._on_clicked)
        self._buttons[lot_id] = button
        self._column.addWidget(button)
        return button

    def _on_clicked(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.chosen.emit(sender.property("lot"))


class WhyTables:
    """Owns the five tables and what stands over them."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._zone: tzinfo | None = None
        self._reasons = _note()
        self._fields: KeyedTableModel[FieldRow] = KeyedTableModel(_field_columns())
        self._checks: KeyedTableModel[CheckResult] = KeyedTableModel(_check_columns())
        self._orders: KeyedTableModel[OrderRow] = KeyedTableModel(_order_columns())
        self._layers: KeyedTableModel[LayerRow] = KeyedTableModel(_layer_columns())
        self._edits: KeyedTableModel[EditRow] = KeyedTableModel(self._edit_columns())
        self.lots = _Lots(look)
        self.fields = TableView(look, self._fields, name="Fields read", empty_text="Nothing was read from this text.")
        self.checks = TableView(look, self._checks, name="Risk checks", empty_text="The risk check was not reached.")
        self.orders = TableView(look, self._orders, name="Orders", empty_text="No order was made from this message.")
        self.layers = TableView(look, self._layers, name="Routing", empty_text="Nobody followed: no route was taken.")
        self.edits = TableView(look, self._edits, name="Edits", empty_text="The message was not edited.")
        self._pages = (
            (_Page(self.fields, self._reasons), "Reading"),
            (self.checks, "Risk"),
            (_Page(self.orders, self.lots), "Orders"),
            (self.layers, "Routing"),
            (self.edits, "Edits"),
        )

    def attach(self, core: "Core", zone: "tzinfo") -> None:
        self._zone = zone

    def views(self) -> tuple[tuple[QWidget, str], ...]:
        return self._pages

    def show_fields(self, rows: Sequence[FieldRow], reasons: Sequence[str]) -> None:
        self._fields.replace_all([(f"{row.action_no}:{row.title}", row) for row in rows])
        self._reasons.setText(plain("\n".join(reasons)))
        self._reasons.setVisible(bool(reasons))

    def show_checks(self, rows: Sequence[tuple[str, CheckResult]]) -> None:
        self._checks.replace_all(rows)

    def show_orders(self, rows: Sequence[OrderRow], lots: Sequence[LotLine]) -> None:
        self._orders.replace_all([(row.order.cl_ord_id, row) for row in rows])
        fit_columns(self._look, self.orders)
        self.lots.show_lots(lots)

    def show_layers(self, rows: Sequence[LayerRow]) -> None:
        self._layers.replace_all([(row.title, row) for row in rows])

    def show_edits(self, rows: Sequence[EditRow]) -> None:
        self._edits.replace_all([(row.revision.revision, row) for row in rows])

    def _edit_columns(self) -> tuple[Column[EditRow], ...]:
        def at(row: EditRow) -> str:
            return time_text(row.revision.received_at, self._zone) if self._zone else ""

        return (
            Column(key="no", title="Edit", text=lambda row: str(row.revision.revision), width=44, align=Align.RIGHT),
            Column(key="at", title="Time", text=at, width=72, align=Align.RIGHT, spare=1),
            Column(key="removed", title="Taken out", text=lambda row: _signed("−", row.removed), width=170,
                   elastic=1, tone=lambda row: Tone.LOSS, mono=True, tooltip=lambda row: row.removed),
            Column(key="added", title="Put in", text=lambda row: _signed("+", row.added), width=170,
                   elastic=1, tone=lambda row: Tone.OK, mono=True, tooltip=lambda row: row.added),
        )  # fmt: skip


def _note() -> QLabel:
    note = plain_label(role="help")
    note.setWordWrap(True)
    note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return note


def _signed(sign: str, words: str) -> str:
    return f"{sign} {one_line(words)}" if words else ""


def _field_columns() -> tuple[Column[FieldRow], ...]:
    return (
        Column(key="field", title="Field", text=lambda row: row.title, width=64, tone=lambda row: Tone.SECONDARY,
               accessible=lambda row: f"{row.title} of action {row.action_no + 1}"),
        Column(key="value", title="Value", text=lambda row: one_line(row.value, 80), width=84, strong=True,
               elastic=1),
        Column(key="words", title="Words", text=lambda row: one_line(row.words, 80), width=96, mono=True, elastic=1,
               tone=lambda row: Tone.MUTED if row.words == NOTHING else Tone.ACCENT),
        Column(key="rule", title="Rule", text=lambda row: one_line(row.rule, 120), width=130, elastic=2,
               tone=lambda row: Tone.MUTED if row.rule == NOTHING else Tone.SECONDARY),
    )  # fmt: skip


def _check_columns() -> tuple[Column[CheckResult], ...]:
    return (
        Column(key="passed", title="", text=lambda row: "✓" if row.passed else "×", width=30, align=Align.CENTER,
               tone=lambda row: Tone.OK if row.passed else Tone.DANGER,
               accessible=lambda row: "passed" if row.passed else "failed"),
        Column(key="words", title="Check", text=lambda row: one_line(row.words), width=196, elastic=3,
               tone=lambda row: None if row.passed else Tone.DANGER, tooltip=lambda row: f"{row.words}\n{row.code}"),
        Column(key="value", title="Measured", text=lambda row: one_line(row.value, 60), width=104, align=Align.RIGHT,
               elastic=1, tooltip=lambda row: row.value),
        Column(key="limit", title="Limit", text=lambda row: one_line(row.limit, 60), width=96, align=Align.RIGHT,
               elastic=1, tone=lambda row: Tone.SECONDARY, tooltip=lambda row: row.limit),
    )  # fmt: skip


def _order_columns() -> tuple[Column[OrderRow], ...]:
    return (
        Column(key="what", title="Order", text=lambda row: _order_text(row.order), width=96,
               tone=lambda row: Tone.BUY if row.order.side is Side.BUY else Tone.SELL),
        Column(key="price", title="Price", text=_order_price, width=104, align=Align.RIGHT),
        Column(key="state", title="State", text=lambda row: STATUS_TEXT[row.order.ord_status], width=76,
               tone=lambda row: _STATES.get(row.order.ord_status, Tone.INFO), tooltip=lambda row: row.order.reason),
        Column(key="filled", title="Filled", text=lambda row: f"{row.order.cum_qty}/{row.order.order_qty}", width=48,
               align=Align.RIGHT, spare=1),
        Column(key="avg", title="Avg", text=lambda row: price_text(row.order.avg_px, row.instrument), width=68,
               align=Align.RIGHT, spare=2),
        Column(key="contract", title="Contract", text=lambda row: contract_name(row.instrument), width=92, spare=3),
    )  # fmt: skip


def _layer_columns() -> tuple[Column[LayerRow], ...]:
    return (
        Column(key="what", title="Value", text=lambda row: row.title, width=132, tone=lambda row: Tone.SECONDARY),
        Column(key="layer", title="Given by", text=lambda row: one_line(row.layer, 60), width=96, strong=True,
               elastic=1),
        Column(key="now", title="Now", text=lambda row: one_line(row.now, 120), width=150, elastic=2,
               tooltip=lambda row: row.now,
               header_tooltip="What the rules say at present; they may have been changed since."),
    )  # fmt: skip


def _order_text(order: Order) -> str:
    mark = "▲" if order.side is Side.BUY else "▼"
    return f"{mark} {order.side.value} {order.role.value.lower()}"


def _order_price(row: OrderRow) -> str:
    order, kind = row.order, row.order.ord_type.value.replace("_", " ").lower()
    price = order.limit_price if order.limit_price is not None else order.stop_price
    return kind if price is None else f"{kind} {price_text(price, row.instrument)}"
