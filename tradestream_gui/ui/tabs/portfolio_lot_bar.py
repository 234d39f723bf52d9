"""The actions on the chosen lot: close a share with the result printed, stop to break-even, move the stop."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.ids import LotId
from tradestream_gui.ui.shell.dialogs import answer_of
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line, plain_label, tooltip
from tradestream_gui.ui.tabs.portfolio_commands import (
    SHARES,
    Closing,
    break_even_refusal,
    close_share,
    closing,
    move_stop,
    stop_refusal,
    stop_words,
    to_break_even,
)
from tradestream_gui.ui.tabs.portfolio_rows import PositionRow, RowKind
from tradestream_gui.ui.widgets.price_dialog import PriceDialog

if TYPE_CHECKING:
    from tradestream_gui.core import Core

CHOOSE = "Choose a position to act on it."


class LotBar(QFrame):
    """Shows what each button would do to the chosen row; nothing here asks twice, because it only reduces."""

    chart_wanted = pyqtSignal()
    alert_wanted = pyqtSignal()
    said = pyqtSignal(str)  # what was done, in words

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._row: PositionRow | None = None
        self._shown: object = None
        self.setProperty("role", "panel")
        self.closes = {percent: self._button(f"{percent} %", partial(self._on_close, percent)) for percent in SHARES}
        self.break_even = self._button("Break-even", self._on_break_even)
        self.stop = self._button("Move stop…", self._on_stop)
        self.chart = self._tool("chart", "Open chart", self._on_chart)
        self.alert = self._tool("messages", "Open source alert", self._on_alert)
        self._words: QLabel = plain_label(CHOOSE, role="help")
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._lay_out()
        self.show_row(None)

    def attach(self, core: Core) -> None:
        self._core = core

    def show_row(self, row: PositionRow | None) -> None:
        """The row as it is now; buttons change only when what they would do changes."""
        self._row = row
        refusal = self._break_even_refusal(row)
        shows = (row and (row.lot_id, row.qty, row.kind, row.message_key), refusal)
        if shows == self._shown:
            return
        self._shown = shows
        is_lot = row is not None and row.kind is RowKind.LOT
        for percent, button in self.closes.items():
            words = closing(row.side, row.qty, percent) if row is not None and is_lot else None
            fewer = (
                [closing(row.side, row.qty, less).qty for less in SHARES if less > percent] if row and is_lot else []
            )
            button.setVisible(words is not None and words.qty not in fewer)
            if words is not None and row is not None:
                button.setText(words.button_text)
                button.setToolTip(tooltip(f"{words.words} {contract_name(row.instrument)} at the market"))
                button.setAccessibleName(f"Close {words.words} {contract_name(row.instrument)}")
        self.break_even.setEnabled(is_lot and not refusal)
        self.break_even.setToolTip(tooltip(refusal or "Move the stop to our average entry"))
        for control in (self.break_even, self.stop):
            control.setVisible(is_lot)
        self.chart.setEnabled(row is not None)
        self.alert.setEnabled(row is not None and row.message_key is not None)
        self._words.setVisible(not is_lot)
        self._words.setText(CHOOSE if row is None else one_line(row.stop_note))

    def fill_menu(self, menu: QMenu) -> None:
        row = self._row
        if row is None:
            return
        largest = {closing(row.side, row.qty, percent).qty: percent for percent in SHARES}
        for percent in largest.values():
            menu.addAction(f"Close {closing(row.side, row.qty, percent).words}", partial(self._on_close, percent))
        action = menu.addAction("Stop to break-even", self._on_break_even)
        if action is not None:
            action.setEnabled(self.break_even.isEnabled())
        menu.addAction("Move stop…", self._on_stop)

    def _break_even_refusal(self, row: PositionRow | None) -> str:
        if self._core is None or row is None or row.lot_id is None:
            return ""
        return break_even_refusal(self._core, row.lot_id)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 5, 8, 5)
        row.setSpacing(6)
        row.addWidget(self._words, 1)
        for button in (*self.closes.values(), self.break_even, self.stop):
            row.addWidget(button)
        row.addStretch(1)
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
        button.setToolTip(tooltip(name))
        button.setAccessibleName(name)
        button.setMinimumSize(28, 28)
        button.clicked.connect(act)
        return button

    def _on_close(self, percent: int) -> None:
        if self._core is not None and self._row is not None and self._row.lot_id is not None:
            self.said.emit(close_share(self._core, self._row.lot_id, percent))

    def _on_break_even(self) -> None:
        if self._core is not None and self._row is not None and self._row.lot_id is not None:
            self.said.emit(to_break_even(self._core, self._row.lot_id))

    def _on_stop(self) -> None:
        row, core = self._row, self._core
        if core is not None and row is not None and row.lot_id is not None:
            core.tasks.spawn(self._ask_stop(core, row, row.lot_id), f"move stop of {row.lot_id}")

    async def _ask_stop(self, core: Core, row: PositionRow, lot_id: LotId) -> None:
        def refusal(price: Decimal) -> str:
            return stop_refusal(core, lot_id, price)

        def words(price: Decimal) -> str:
            return stop_words(core, lot_id, price)

        dialog = PriceDialog(
            self,
            title=f"Move the stop of {row.qty} {contract_name(row.instrument)}",
            text="One stop covers all that is open. Arrow up and down step by the tick.",
            instrument=row.instrument,
            price=row.stop,
            refusal=refusal,
            words=words,
            confirm="Move stop",
        )
        accepted = await answer_of(dialog) == QDialog.DialogCode.Accepted.value
        if accepted and dialog.price is not None:
            self.said.emit(move_stop(core, lot_id, dialog.price))

    def _on_chart(self) -> None:
        self.chart_wanted.emit()

    def _on_alert(self) -> None:
        self.alert_wanted.emit()


def _same_as_more(row: PositionRow, words: Closing) -> bool:
    """True when a larger share closes just as many: of one contract every share is the whole."""
    return any(closing(row.side, row.qty, more).qty == words.qty for more in SHARES if more > words.percent)
