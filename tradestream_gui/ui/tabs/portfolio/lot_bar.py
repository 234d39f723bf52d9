"""The actions on the chosen position: close a share with the result printed, its stop, turn it round, adopt it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QDialog, QFrame, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.dialogs import answer_of
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.overlays import keep_free
from tradestream_gui.ui.shell.plain import explain, one_line
from tradestream_gui.ui.tabs.hand_doors import AdoptDoor, ReverseDoor, first_distance, market_ticket
from tradestream_gui.ui.tabs.portfolio.commands import (
    SHARES,
    break_even_refusal,
    close_share,
    move_stop,
    stop_refusal,
    stop_words,
    to_break_even,
)
from tradestream_gui.ui.tabs.portfolio.hand import (
    close_share_of,
    lots_of,
    paid_by,
    payers,
    set_trail,
    share_of,
    to_break_even_with_fees,
    trail_refusal,
    trail_words,
)
from tradestream_gui.ui.tabs.portfolio.rows import PositionRow, RowKind
from tradestream_gui.ui.widgets.flow_layout import FlowLayout
from tradestream_gui.ui.widgets.line_label import LineLabel
from tradestream_gui.ui.widgets.price_dialog import PriceDialog
from tradestream_gui.ui.widgets.trail_dialog import TrailDialog

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.ids import LotId
    from tradestream_gui.domain.positions import Lot
    from tradestream_gui.ui.shell.tone import Tone

CHOOSE = "Choose a position to act on it."


class LotBar(QFrame):
    """Shows what each button would do to the row. What only reduces asks nothing; Reverse asks while disarmed."""

    chart_wanted = pyqtSignal()
    alert_wanted = pyqtSignal()
    said = pyqtSignal(str)  # what was done, in words

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._arming = Arming(self)
        self._reverse_door: ReverseDoor | None = None
        self._adopt_door: AdoptDoor | None = None
        self._row: PositionRow | None = None
        self._shown: object = None
        self.setProperty("role", "panel")
        keep_free(self)
        self.closes = {percent: self._button(f"{percent} %", partial(self._on_close, percent)) for percent in SHARES}
        self.break_even = self._button("Break-even", self._on_break_even)
        self.stop = self._button("Move stop…", self._on_stop)
        self.trail = self._button("Trail…", self._on_trail)
        self.reverse = self._button("Reverse", self._on_reverse)
        self.adopt = self._button("Adopt with a stop…", self._on_adopt)
        self.chart = self._tool("chart", "Open chart", self._on_chart)
        self.alert = self._tool("messages", "Open source alert", self._on_alert)
        self._words = LineLabel(CHOOSE, role="help")
        self._lay_out()
        self.show_row(None)

    def use_arming(self, arming: Arming) -> None:
        """Called before the core is attached."""
        self._arming = arming

    def attach(self, core: Core) -> None:
        self._core = core
        self._reverse_door = ReverseDoor(core, self._arming, self)
        self._adopt_door = AdoptDoor(core, self)
        for door in (self._reverse_door, self._adopt_door):
            door.said.connect(self._on_said)

    def show_row(self, row: PositionRow | None) -> None:
        """The row as it is now; buttons change only when what they would do changes."""
        self._row = row
        refusal, lots = self._break_even_refusal(row), self._lots(row)
        shows = (row and (row.lot_id, row.qty, row.kind, row.message_key), refusal, [lot.open_qty for lot in lots])
        if shows == self._shown:
            return
        self._shown = shows
        is_lot = row is not None and row.kind is RowKind.LOT
        self._show_closes(row, lots)
        self.break_even.setEnabled(is_lot and not refusal)
        explain(self.break_even, refusal or "Move the stop to our average entry")
        for control in (self.break_even, self.stop, self.trail):
            control.setVisible(is_lot)
        self.reverse.setVisible(bool(lots) and row is not None and row.instrument.right is None)
        self.adopt.setVisible(row is not None and row.kind is RowKind.EXTERNAL)
        self.chart.setEnabled(row is not None)
        self.alert.setEnabled(row is not None and row.message_key is not None)
        self._words.setVisible(not is_lot and not lots)
        self._words.setText(CHOOSE if row is None else one_line(row.stop_note))
        self.updateGeometry()

    def _show_closes(self, row: PositionRow | None, lots: list[Lot]) -> None:
        """A share that closes as much as a larger one is not offered beside it."""
        for percent, button in self.closes.items():
            more = [share_of(lots, larger).qty for larger in SHARES if larger > percent] if lots else []
            button.setVisible(bool(lots) and share_of(lots, percent).qty not in more)
            if lots and row is not None:
                words, name = share_of(lots, percent), contract_name(row.instrument)
                paid = paid_by(lots, payers(lots, words.qty))
                button.setText(words.button_text)
                explain(button, f"{words.words} {name} at the market{paid}")
                button.setAccessibleName(f"Close {words.words} {name}{paid}")

    def fill_menu(self, menu: QMenu) -> None:
        row, lots = self._row, self._lots(self._row)
        if row is None:
            return
        largest = {share_of(lots, percent).qty: percent for percent in SHARES} if lots else {}
        for percent in largest.values():
            menu.addAction(f"Close {share_of(lots, percent).words}", partial(self._on_close, percent))
        if row.kind is RowKind.LOT:
            action = menu.addAction("Stop to break-even", self._on_break_even)
            if action is not None:
                action.setEnabled(self.break_even.isEnabled())
            menu.addAction("Stop to break-even with fees", self._on_break_even_with_fees)
            menu.addAction("Move stop…", self._on_stop)
            menu.addAction("Trail stop…", self._on_trail)
        if lots and row.instrument.right is None:
            menu.addAction("Reverse", self._on_reverse)
        if row.kind is RowKind.EXTERNAL:
            menu.addAction("Adopt with a stop…", self._on_adopt)

    def _lots(self, row: PositionRow | None) -> list[Lot]:
        """What the buttons close: the chosen lot, or every lot behind a net row."""
        core = self._core
        if core is None or row is None or row.kind is RowKind.EXTERNAL:
            return []
        if row.lot_id is None:
            return lots_of(core, row.account_id, row.instrument.instrument_id)
        lot = core.lots.lot(row.lot_id)
        return [] if lot is None or lot.is_flat else [lot]

    def _break_even_refusal(self, row: PositionRow | None) -> str:
        if self._core is None or row is None or row.lot_id is None:
            return ""
        return break_even_refusal(self._core, row.lot_id)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 5, 12, 5)
        column.addWidget(self._words)
        flow = FlowLayout()
        self._buttons = (*self.closes.values(), self.break_even, self.stop, self.trail, self.reverse, self.adopt)
        for button in self._buttons:
            flow.addWidget(button)
        column.addLayout(flow)
        self._look.changed.connect(self._adopt_look)
        self._adopt_look()

    def _adopt_look(self) -> None:
        self.chart.setIcon(self._look.icon("chart"))
        self.alert.setIcon(self._look.icon("messages"))

    def _button(self, text: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.clicked.connect(act)
        return button

    def _tool(self, icon: str, name: str, act: Callable[[], None]) -> QToolButton:
        button = QToolButton()
        button.setIcon(self._look.icon(icon))
        explain(button, name)
        button.setAccessibleName(name)
        button.setMinimumSize(28, 28)
        button.clicked.connect(act)
        return button

    # -- acts ----------------------------------------------------------------------------------------------

    def _on_close(self, percent: int) -> None:
        core, row = self._core, self._row
        if core is None or row is None:
            return
        if row.lot_id is not None:
            self.said.emit(close_share(core, row.lot_id, percent))
        else:
            self.said.emit(close_share_of(core, row.account_id, row.instrument.instrument_id, percent))

    def _on_break_even(self) -> None:
        if self._core is not None and self._row is not None and self._row.lot_id is not None:
            self.said.emit(to_break_even(self._core, self._row.lot_id))

    def _on_break_even_with_fees(self) -> None:
        if self._core is not None and self._row is not None and self._row.lot_id is not None:
            self.said.emit(to_break_even_with_fees(self._core, self._row.lot_id))

    def _on_reverse(self) -> None:
        core, row = self._core, self._row
        if core is not None and row is not None and self._reverse_door is not None:
            key = (row.account_id, row.instrument.instrument_id)
            self._reverse_door.reverse(*key, market_ticket(core, *key, first_distance(core, *key)))

    def _on_adopt(self) -> None:
        if self._row is not None and self._adopt_door is not None:
            self._adopt_door.adopt(self._row.account_id, self._row.instrument.instrument_id)

    def _on_stop(self) -> None:
        row, core = self._row, self._core
        if core is not None and row is not None and row.lot_id is not None:
            core.tasks.spawn(self._ask_stop(core, row, row.lot_id), f"move stop of {row.lot_id}")

    def _on_trail(self) -> None:
        row, core = self._row, self._core
        if core is not None and row is not None and row.lot_id is not None:
            core.tasks.spawn(self._ask_trail(core, row, row.lot_id), f"trail stop of {row.lot_id}")

    async def _ask_stop(self, core: Core, row: PositionRow, lot_id: LotId) -> None:
        dialog = PriceDialog(
            self,
            title=f"Move the stop of {row.qty} {contract_name(row.instrument)}",
            text="One stop covers all that is open. Arrow up and down step by the tick.",
            instrument=row.instrument,
            price=row.stop,
            refusal=partial(stop_refusal, core, lot_id),
            words=partial(stop_words, core, lot_id),
            confirm="Move stop",
        )
        accepted = await answer_of(dialog) == QDialog.DialogCode.Accepted.value
        if accepted and dialog.price is not None:
            self.said.emit(move_stop(core, lot_id, dialog.price))

    async def _ask_trail(self, core: Core, row: PositionRow, lot_id: LotId) -> None:
        plan, lot = core.exits.plan(lot_id), core.lots.lot(lot_id)
        rule = None if plan is None else plan.trail

        def words(distance: Decimal, after: Decimal) -> str:
            return "" if lot is None else trail_words(core, lot, distance, after)

        dialog = TrailDialog(
            self,
            title=f"Trail the stop of {row.qty} {contract_name(row.instrument)}",
            instrument=row.instrument,
            distance=None if rule is None else rule.distance,
            refusal=partial(trail_refusal, core, lot_id),
            words=words,
        )
        if await answer_of(dialog) == QDialog.DialogCode.Accepted.value:
            distance = None if dialog.ends else dialog.distance
            self.said.emit(set_trail(core, lot_id, distance, dialog.after or Decimal(0)))

    def _on_said(self, words: str, tone: Tone) -> None:
        self.said.emit(words)

    def _on_chart(self) -> None:
        self.chart_wanted.emit()

    def _on_alert(self) -> None:
        self.alert_wanted.emit()
