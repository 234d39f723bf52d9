"""The menu of a right click on the chart: entries at that price, each as the whole order, cancels and price alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QSpinBox, QWidget, QWidgetAction

from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.money import typed_decimal
from tradestream_gui.domain.orders import OrdType, Side
from tradestream_gui.domain.price_alerts import PriceAlert
from tradestream_gui.ui.docks.chart.overlays import LinedMark
from tradestream_gui.ui.docks.chart.price_alerts import alerts_near, set_alert_at
from tradestream_gui.ui.docks.ladder.orders import Intent, LadderOrders
from tradestream_gui.ui.format import price_text
from tradestream_gui.ui.freshness import seen
from tradestream_gui.ui.models.ladder_rows import MarkKind, OwnMark
from tradestream_gui.ui.shell.plain import plain_label, tooltip
from tradestream_gui.ui.shell.price_alert_removal import remove_price_alert

if TYPE_CHECKING:
    from tradestream_gui.core import Core

MOST_QTY = 9_999
NEAR_TICKS = 3
"""How near an order's or an alert's line must be to the click for its end to be offered."""
SHOWN_LENGTH = 110


class ChartMenu(QMenu):
    """An entry that may not go is grey and says why; its words follow the quantity and stop above it."""

    cancel_wanted = pyqtSignal(object)
    fit_wanted = pyqtSignal()
    said = pyqtSignal(str)
    undoable = pyqtSignal(str, object)  # words and what takes it back

    def __init__(
        self, core: Core, orders: LadderOrders, instrument: Instrument, price: float, lines: Sequence[LinedMark],
        parent: QWidget,
    ) -> None:  # fmt: skip
        """At a price of the chart, with the lines that stand on it."""
        super().__init__(parent)
        self._core = core
        self._orders = orders
        self._instrument = instrument
        at, reach = instrument.round_to_tick(Decimal(repr(price))), instrument.tick_size * NEAR_TICKS
        market = seen(core, instrument).last
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setToolTipsVisible(True)
        self.qty = QSpinBox()
        self.qty.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.qty.setRange(1, MOST_QTY)
        self.qty.setValue(orders.terms.qty)
        self.qty.setAccessibleName("Quantity")
        distance = orders.terms.stop_distance
        self.stop = QLineEdit("" if distance is None else f"{distance.normalize():f}")
        self.stop.setPlaceholderText("distance")
        self.stop.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.stop.setAccessibleName("Stop distance")
        self._holder = self._terms_row()
        self.entries = [self._entry(intent) for intent in _intents(at, market)]
        self._offer_cancels([line.mark for line in lines if line.mark and abs(line.mark.price - at) <= reach])
        self._offer_alerts(at, market, alerts_near(core, instrument, at, reach))
        self.addSeparator()
        fit = self.addAction("Fit the prices again")
        assert fit is not None, "Qt answers the action that it made"
        fit.triggered.connect(self.fit_wanted)
        self.qty.valueChanged.connect(self._on_terms)
        self.stop.textChanged.connect(self._on_terms)
        self.triggered.connect(self._on_choice)
        self._show_words()

    def _terms_row(self) -> QWidgetAction:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(12, 4, 12, 4)
        row.addWidget(plain_label("Quantity", role="caption"))
        row.addWidget(self.qty, 1)
        row.addWidget(plain_label("Stop", role="caption"))
        row.addWidget(self.stop, 1)
        action = QWidgetAction(self)
        action.setDefaultWidget(holder)
        self.addAction(action)
        self.addSeparator()
        return action

    def _entry(self, intent: Intent) -> QAction:
        action = QAction(self)
        action.setData(intent)
        self.addAction(action)
        return action

    def _offer_cancels(self, marks: Sequence[OwnMark]) -> None:
        """A protective stop is not offered: it is moved, or the position is closed."""
        open_marks = [mark for mark in marks if mark.kind is not MarkKind.STOP]
        if open_marks:
            self.addSeparator()
        for mark in open_marks:
            action = QAction(f"Cancel {mark.side.value.lower()} {mark.text}", self)
            action.setData(mark)
            self.addAction(action)

    def _offer_alerts(self, price: Decimal, market: Decimal | None, alerts: Sequence[PriceAlert]) -> None:
        """To be told at this price, and to be told no more at those near it."""
        self.addSeparator()
        set_here = QAction(f"Price alert at {self._shown(price)}", self)
        set_here.setEnabled(market is not None and market != price)
        set_here.triggered.connect(partial(self._set_alert, price))
        self.addAction(set_here)
        for alert in alerts:
            off = QAction(f"Remove price alert {alert.side_word} {self._shown(alert.price)}", self)
            off.triggered.connect(partial(self._remove_alert, alert.alert_id))
            self.addAction(off)

    def _shown(self, price: Decimal) -> str:
        return price_text(price, self._instrument)

    def _set_alert(self, price: Decimal, *_: object) -> None:
        self.said.emit(set_alert_at(self._core, self._instrument, price))

    def _remove_alert(self, alert_id: str, *_: object) -> None:
        removed = remove_price_alert(self._core, alert_id)
        if removed is not None:
            self.undoable.emit(*removed)

    def _show_words(self) -> None:
        said: set[str] = set()
        for action in self.entries:
            answer = self._orders.preview(action.data())
            whole = answer.words
            action.setVisible(whole not in said)  # without targets a bracket is the plain order
            said.add(whole)
            action.setText(whole if len(whole) <= SHOWN_LENGTH else f"{whole[: SHOWN_LENGTH - 1]}…")
            action.setToolTip(tooltip(whole))
            action.setEnabled(answer.may_go)

    def _on_terms(self, *_: object) -> None:
        distance = _distance(self.stop.text())
        self._orders.terms = replace(self._orders.terms, qty=self.qty.value(), stop_distance=distance)
        self._show_words()

    def _on_choice(self, action: QAction) -> None:
        chosen = action.data()
        if isinstance(chosen, Intent):
            self._orders.place(chosen)
        elif isinstance(chosen, OwnMark):
            self.cancel_wanted.emit(chosen)


def _distance(text: str) -> Decimal | None:
    """What was typed as a distance; None while it is none."""
    found = typed_decimal(text)
    return found if found is not None and found > 0 else None


def _intents(price: Decimal, market: Decimal | None) -> list[Intent]:
    """Limits on the side where they wait, stops on the other, each also with the targets of the exit template."""
    is_below = market is None or price < market
    limit, stop = (Side.BUY, Side.SELL) if is_below else (Side.SELL, Side.BUY)
    found = [Intent(limit, OrdType.LIMIT, price), Intent(stop, OrdType.STOP, price)]
    return found + [replace(intent, with_bracket=True) for intent in found]
