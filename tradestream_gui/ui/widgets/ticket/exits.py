"""The exits of the ticket: a stop, targets by hand or by a named plan, what each would bring, and size from risk."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from tradestream_gui.domain.brackets import Bracket
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.money import typed_decimal
from tradestream_gui.domain.policies import ExitTemplate, HandStart
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, plain_label
from tradestream_gui.ui.widgets.bracket_ruler import BracketRuler
from tradestream_gui.ui.widgets.choice_box import ChoiceBox
from tradestream_gui.ui.widgets.line_label import LineLabel
from tradestream_gui.ui.widgets.price_field import PriceField
from tradestream_gui.ui.widgets.ticket.draft import Typed

BY_HAND = "by hand"
NO_STOP_WARNING = "Nothing will limit the loss of this position until you give it a stop."


class TicketExits(QObject):
    """`changed` after every change by hand. A plan lays the prices anew whenever the entry moves; a stop that was
    typed or dragged stays, and targets that were make the plan one by hand."""

    changed = pyqtSignal()

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self._plans: dict[str, ExitTemplate] = {}
        self._start: HandStart | None = None
        self._is_stop_typed = False
        self.plan = ChoiceBox()
        self.plan.setAccessibleName("Exit plan")
        self.plan.setToolTip("Named plan of targets, shares, break-even and trail")
        self.plan.addItem(BY_HAND)
        self.plan.activated.connect(self._on_plan)
        self.stop = PriceField("Protective stop")
        self.targets = (PriceField("First target"), PriceField("Second target"))
        self.targets[0].setPlaceholderText("first")
        self.targets[1].setPlaceholderText("second")
        self.no_stop = QCheckBox("no stop")
        self.no_stop.setToolTip("Send this order deliberately without a protective stop")
        self.no_stop.setAccessibleName("No stop, deliberately")
        self.no_stop.toggled.connect(self._on_no_stop)
        self.risk = QLineEdit()
        self.risk.setAccessibleName("Risk in dollars; the quantity follows")
        self.risk.setToolTip("Dollars that the stop may cost, fees included: the quantity follows stop and price")
        self.risk.setPlaceholderText("size from risk")
        self.risk.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.risk.setMinimumWidth(70)
        self.risk_words = LineLabel(role="help")
        self.ruler = BracketRuler(look)
        self.preview = plain_label(role="help")
        self.preview.setWordWrap(True)
        self.warning = plain_label(NO_STOP_WARNING, role="error")
        self.warning.setWordWrap(True)
        self.warning.hide()
        self._connect()

    @property
    def chosen_plan(self) -> ExitTemplate | None:
        """None for exits by hand."""
        return self._plans.get(self.plan.currentText())

    @property
    def risk_wanted(self) -> Typed:
        """In dollars."""
        dollars = typed_decimal(self.risk.text().strip().removeprefix("$"))
        return Typed(self.risk.text(), dollars if dollars is not None and dollars > 0 else None)

    def show_instrument(
        self, instrument: Instrument | None, plans: Sequence[ExitTemplate], start: HandStart | None
    ) -> None:
        """Another contract: its plans to choose from; what stood here belonged to the one before."""
        self._plans, self._start = {plan.name: plan for plan in plans}, start
        chosen = self.plan.currentText()
        self.plan.clear()
        self.plan.addItems([BY_HAND, *self._plans])
        self.plan.setCurrentText(chosen if chosen in self._plans else BY_HAND)
        for field in (self.stop, *self.targets):
            field.clear()
            field.set_instrument(instrument)
        self._is_stop_typed = False

    def lay(self, bracket: Bracket | None) -> None:
        """Lays the chosen plan on the entry as it is now, without telling that anything changed."""
        if bracket is None or self.chosen_plan is None:
            return
        before = [field.blockSignals(True) for field in (self.stop, *self.targets)]
        distance = self._distance()
        if not self._is_stop_typed and distance is not None:
            self.stop.set_price(bracket.stop_at(distance))
        prices = bracket.targets(None if self.no_stop.isChecked() else self.stop.typed().price)
        for number, field in enumerate(self.targets):
            if number < len(prices):
                field.set_price(prices[number][0])
            else:
                field.clear()
        for field, blocked in zip((self.stop, *self.targets), before, strict=True):
            field.blockSignals(blocked)

    def clear(self) -> None:
        for field in (self.stop, *self.targets, self.risk):
            field.clear()
        self._is_stop_typed = False
        self.no_stop.setChecked(False)

    def show_preview(self, words: str) -> None:
        if self.preview.text() != words:
            self.preview.setText(words)
            self.preview.setVisible(bool(words))

    def show_risk(self, words: str) -> None:
        if self.risk_words.text() != words:
            self.risk_words.setText(words)
            explain(self.risk_words, words)

    def _distance(self) -> Decimal | None:
        """The plan's own distance, or the one that orders in this contract begin with."""
        plan, start = self.chosen_plan, self._start
        if plan is None:
            return None
        own = start.stop_distance if start is not None and start.plan.stop_unit is plan.stop_unit else None
        return own if own is not None else plan.stop_distance

    def _connect(self) -> None:
        self.stop.textChanged.connect(self._on_stop)
        for field in self.targets:
            field.textChanged.connect(self._on_target)
        self.risk.textChanged.connect(self._tell)
        self.ruler.moved.connect(self._on_dragged)

    def _on_plan(self, index: int) -> None:
        self._is_stop_typed = self._is_stop_typed and self.chosen_plan is None
        if self.chosen_plan is None:
            for field in self.targets:
                field.clear()
        self.changed.emit()

    def _on_stop(self, text: str) -> None:
        self._is_stop_typed = bool(text.strip())
        self.changed.emit()

    def _on_target(self, text: str) -> None:
        if self.chosen_plan is not None:
            self.plan.setCurrentText(BY_HAND)
        self.changed.emit()

    def _on_dragged(self, key: str, price: Decimal) -> None:
        standing = [field for field in self.targets if field.typed().price is not None]
        field = self.stop if key == "stop" else standing[int(key.removeprefix("target"))]
        field.set_price(price)

    def _on_no_stop(self, checked: bool) -> None:
        self.stop.setEnabled(not checked)
        self.warning.setVisible(checked)
        self.changed.emit()

    def _tell(self, text: str) -> None:
        self.changed.emit()


def risk_row(exits: TicketExits) -> QWidget:
    """The risk field with what it comes to."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    row.addWidget(exits.risk, 2)
    row.addWidget(exits.risk_words, 3)
    return holder


def preview_rows(exits: TicketExits) -> QWidget:
    """The ruler, and what each exit would bring."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    for widget in (exits.ruler, exits.preview, exits.warning):
        column.addWidget(widget)
    label: QLabel = exits.preview
    label.hide()
    return holder
