"""The fields of the order ticket, each with its problem beside it; it knows nothing of risk or brokers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QPushButton,
    QSpinBox,
    QToolButton,
    QWidget,
)

from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.orders import OrdType, Side, TimeInForce
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line, plain
from tradestream_gui.ui.widgets.choice_box import ChoiceBox
from tradestream_gui.ui.widgets.price_field import PriceField
from tradestream_gui.ui.widgets.ticket.draft import NEEDS_LIMIT, NEEDS_TRIGGER, TicketDraft
from tradestream_gui.ui.widgets.ticket.exits import TicketExits, preview_rows, risk_row
from tradestream_gui.ui.widgets.ticket.rows import FormRows
from tradestream_gui.ui.widgets.ticket.symbol import SymbolPicker

if TYPE_CHECKING:
    from tradestream_gui.core import Core

PRESETS = (1, 2, 5, 10)
MOST = 100_000
TYPES = ((OrdType.MARKET, "MKT"), (OrdType.LIMIT, "LMT"), (OrdType.STOP, "STP"), (OrdType.STOP_LIMIT, "STP LMT"))


class TicketForm(QWidget):
    """`draft()` is what stands in it now; `changed` after every change by hand or by a call."""

    changed = pyqtSignal()
    instrument_changed = pyqtSignal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._rows = FormRows(look, self)
        self.symbol = SymbolPicker(look)
        self._make_side_and_qty()
        self._make_type()
        self._make_prices()
        self.exits = TicketExits(look, self)
        self.stop, self.targets, self.no_stop = self.exits.stop, self.exits.targets, self.exits.no_stop
        self.warning = self.exits.warning
        self.exits.changed.connect(self._tell)
        self.account = ChoiceBox()
        self.account.setAccessibleName("Account")
        self.account.take_room_for(10)
        self.account.currentIndexChanged.connect(self._on_account)
        self._lay_out()
        self.symbol.chosen.connect(self._on_instrument)
        self.symbol.problem.connect(partial(self.show_problem, "symbol"))
        self._show_type()

    def attach(self, core: Core) -> None:
        self._core = core
        self.symbol.attach(core)
        self.account.blockSignals(True)
        for account in core.accounts.accounts():
            self.account.addItem(one_line(f"{account.name} · {account.kind.value}", 40), account.account_id)
        self.account.blockSignals(False)
        self._on_account()

    def draft(self) -> TicketDraft:
        account_id = self.account.currentData()
        return TicketDraft(
            account_id=AccountId(account_id) if account_id else None,
            account_name=self.account.currentText().split(" · ")[0],
            instrument=self.symbol.instrument,
            side=self.side,
            ord_type=self.ord_type,
            qty=self.qty.value(),
            time_in_force=TimeInForce(self.tif.currentText()),
            limit=self.limit.typed(),
            trigger=self.trigger.typed(),
            stop=self.stop.typed(),
            no_stop=self.no_stop.isChecked(),
            targets=tuple(field.typed() for field in self.targets),
            plan=self.exits.chosen_plan,
            risk=self.exits.risk_wanted,
            walks=self.walk.isChecked() and not self.walk.isHidden(),
        )

    @property
    def side(self) -> Side | None:
        if self.buy.isChecked():
            return Side.BUY
        return Side.SELL if self.sell.isChecked() else None

    @property
    def ord_type(self) -> OrdType:
        return next(kind for kind, button in self.types.items() if button.isChecked())

    def set_side(self, side: Side) -> None:
        (self.buy if side is Side.BUY else self.sell).setChecked(True)

    def set_ord_type(self, ord_type: OrdType) -> None:
        self.types[ord_type].click()

    def set_limit(self, price: Decimal) -> None:
        if self.ord_type not in NEEDS_LIMIT:
            self.types[OrdType.LIMIT].click()
        self.limit.set_price(price)

    def clear(self) -> None:
        """Empties what belongs to one order; contract and account stay."""
        for field in (self.limit, self.trigger):
            field.clear()
        self.exits.clear()
        self.qty.setValue(1)
        self._sides.setExclusive(False)
        self.buy.setChecked(False)
        self.sell.setChecked(False)
        self._sides.setExclusive(True)
        self._tell()

    def show_problems(self, found: Mapping[str, str]) -> None:
        for field in self._rows.errors:
            if field != "symbol" or field in found or self.symbol.instrument is not None:
                self.show_problem(field, found.get(field, ""))

    def show_problem(self, field: str, words: str) -> None:
        label = self._rows.errors[field]
        shown = plain(words)
        if label.text() != shown:
            label.setText(shown)
            label.setVisible(bool(shown))
        for edit in self._edits(field):
            is_wrong = bool(words) and not isinstance(edit, QComboBox)
            if bool(edit.property("invalid") == "true") != is_wrong:
                edit.setProperty("invalid", "true" if is_wrong else "false")
                style = edit.style()
                if style is not None:
                    style.polish(edit)
            edit.setAccessibleDescription(shown)

    def _edits(self, field: str) -> list[QWidget]:
        edits: dict[str, list[QWidget]] = {
            "symbol": [self.symbol.field],
            "qty": [self.qty],
            "risk": [self.exits.risk],
            "limit": [self.limit],
            "trigger": [self.trigger],
            "stop": [self.stop],
            "targets": list(self.targets),
        }
        return edits.get(field, [])

    # -- making --------------------------------------------------------------------------------------------

    def _make_side_and_qty(self) -> None:
        self._sides = QButtonGroup(self)
        self.buy, self.sell = QPushButton("BUY"), QPushButton("SELL")
        for button, word in ((self.buy, "Buy"), (self.sell, "Sell")):
            button.setCheckable(True)
            button.setAccessibleName(word)
            button.toggled.connect(self._on_side)
            button.setProperty("role", f"{word.lower()}-off")
            button.setProperty("tall", "true")
            self._sides.addButton(button)
        self.qty = QSpinBox()
        self.qty.setRange(1, MOST)
        self.qty.setAccessibleName("Quantity")
        self.qty.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.qty.setGroupSeparatorShown(True)
        self.qty.valueChanged.connect(self._on_qty)

    def _make_type(self) -> None:
        self._types = QButtonGroup(self)
        self.types = {kind: QPushButton(text) for kind, text in TYPES}
        for kind, button in self.types.items():
            button.setCheckable(True)
            button.setAccessibleName(f"Order type {kind.value.replace('_', ' ').lower()}")
            button.clicked.connect(self._show_type)
            self._types.addButton(button)
        self.types[OrdType.LIMIT].setChecked(True)
        self.tif = ChoiceBox()
        self.tif.setAccessibleName("Time in force")
        self.tif.addItems([tif.value for tif in TimeInForce])
        self.tif.currentIndexChanged.connect(self._tell)

    def _make_prices(self) -> None:
        self.limit = PriceField("Limit price")
        self.trigger = PriceField("Trigger price")
        self.walk = QCheckBox("walk to it")
        self.walk.setToolTip("Begin in the middle of the market and walk to this limit in steps; it is never passed")
        self.walk.setAccessibleName("Walk from the middle of the market to the limit")
        self.walk.setChecked(True)
        self.walk.toggled.connect(self._tell)
        for field in (self.limit, self.trigger):
            field.textChanged.connect(self._tell)

    def _lay_out(self) -> None:
        self._rows.add("", self.symbol, field="symbol")
        self._rows.add("", self.buy, self.sell, field="side")
        presets = []
        for number in PRESETS:
            button = QToolButton()
            button.setText(str(number))
            button.setMinimumWidth(30)
            button.setAccessibleName(f"Quantity {number}")
            button.clicked.connect(partial(self.qty.setValue, number))
            presets.append(button)
        self._rows.add("Quantity", self.qty, *presets, field="qty", stretches=(1,))
        self._rows.add("Risk $", risk_row(self.exits), field="risk")
        self._rows.add("Type", *self.types.values(), stretches=(1, 1, 1, 1))
        self._trigger_row = self._rows.add("Trigger", self.trigger, field="trigger")
        self._limit_row = self._rows.add("Limit", self.limit, self.walk, field="limit", stretches=(1,))
        self._rows.add("Exits", self.exits.plan)
        self._rows.add("Stop", self.stop, self.no_stop, field="stop", stretches=(1,))
        self._rows.add("Targets", *self.targets, field="targets")
        self._rows.column.addWidget(preview_rows(self.exits))
        self._rows.add("Account", self.account, self.tif, field="account", stretches=(1,))
        self._rows.column.addStretch(1)

    # -- changes -------------------------------------------------------------------------------------------

    def _on_side(self) -> None:
        for button, role in ((self.buy, "buy"), (self.sell, "sell")):
            button.setProperty("role", role if button.isChecked() else f"{role}-off")
            style = button.style()
            if style is not None:
                style.polish(button)
        self._tell()

    def set_qty_from_risk(self, qty: int) -> None:
        """The quantity follows what was typed as risk, and tells nobody that a hand changed it."""
        before = self.qty.blockSignals(True)
        self.qty.setValue(qty)
        self.qty.blockSignals(before)

    def _on_account(self) -> None:
        self.symbol.use_account(self.account.currentData())
        self.follow_listing()
        self._tell()

    def follow_listing(self) -> None:
        """What the broker lists may have become known."""
        self.symbol.follow_listing(is_begun=self.side is not None)

    def _on_qty(self, qty: int) -> None:
        """A quantity by hand ends the size from risk."""
        with QSignalBlocker(self.exits.risk):
            self.exits.risk.clear()
        self._tell()

    def _show_plans(self, instrument: Instrument | None) -> None:
        from tradestream_gui.upkeep.settings.policies import exit_plans, hand_start

        if self._core is None or instrument is None:
            self.exits.show_instrument(instrument, (), None)
            return
        settings, kind = self._core.settings.current, instrument.asset_class
        plans = [plan for plan in exit_plans(settings).values() if plan.asset_class is kind]
        start = hand_start(settings, instrument.root, instrument.family, kind)
        self.exits.show_instrument(instrument, plans, start)

    def _on_instrument(self, instrument: Instrument | None) -> None:
        for field in (self.limit, self.trigger):
            field.clear()
            field.set_instrument(instrument)
        self._show_plans(instrument)
        self._show_type()
        self.instrument_changed.emit(instrument)
        self._tell()

    def _show_type(self) -> None:
        self._trigger_row.setVisible(self.ord_type in NEEDS_TRIGGER)
        self._limit_row.setVisible(self.ord_type in NEEDS_LIMIT)
        instrument = self.symbol.instrument
        is_option = instrument is not None and instrument.asset_class is AssetClass.OPTION
        self.walk.setVisible(is_option and self.ord_type is OrdType.LIMIT)
        self._tell()

    def _tell(self) -> None:
        self.changed.emit()
