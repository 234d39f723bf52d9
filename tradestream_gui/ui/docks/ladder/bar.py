"""The ladder's controls: contract, lock, quantity with presets, stop distance, grouping, market and way-out buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QFontMetrics, QResizeEvent
from PyQt6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.money import typed_decimal
from tradestream_gui.domain.orders import Side
from tradestream_gui.domain.policies import DistanceUnit, ExitTemplate, HandStart
from tradestream_gui.ui.docks.ladder.orders import Terms
from tradestream_gui.ui.freshness import Seen
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.ink import ink
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.overlays import keep_free
from tradestream_gui.ui.shell.plain import explain, one_line, plain_label, tooltip
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.widgets.arm_switch import ArmSwitch
from tradestream_gui.ui.widgets.choice_box import ChoiceBox
from tradestream_gui.ui.widgets.line_label import LineLabel

if TYPE_CHECKING:
    from tradestream_gui.core import Core

PRESETS = (1, 2, 5, 10)
GROUPS = (1, 2, 4, 10)
MOST_QTY = 9_999
WIDE_PX = 330
"""At 100 %: from here on stop and exit plan stand in one row."""
DISTANCE, STOP_ROOM_PX = "distance", 28
"""What an empty field says, and the frame round it."""
_UNIT_WORDS = {DistanceUnit.PERCENT: "Stop %"}


class LadderHead(QFrame):
    """Which contract, and the lock."""

    instrument_chosen = pyqtSignal(object)

    def __init__(self, look: Look, arming: Arming, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._is_low = False
        self._ids: list[InstrumentId] = []
        self.setProperty("role", "panel")
        self.symbols = ChoiceBox(self)
        self.symbols.setAccessibleName("Ladder instrument")
        self.symbols.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.symbols.take_room_for(6)
        self.kind = LineLabel(parent=self)
        self.kind.take_room()
        self.lock = ArmSwitch(look, arming, self)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(6, 4, 6, 4)
        row.setSpacing(6)
        row.addWidget(self.symbols, 1)
        row.addWidget(self.kind)
        row.addWidget(self.lock)
        self.symbols.activated.connect(self._on_symbol)

    def list_instruments(self, core: Core, chosen: Instrument | None) -> None:
        """Everything that prices come for, and the one that is shown."""
        known = {one.instrument_id: one for one in core.subscriptions.instruments()}
        if chosen is not None:
            known.setdefault(chosen.instrument_id, chosen)
        if list(known) != self._ids:
            self._ids = list(known)
            self.symbols.clear()
            for one in known.values():
                self.symbols.addItem(one_line(contract_name(one), 40))
        if chosen is not None:
            self.symbols.setCurrentIndex(self._ids.index(chosen.instrument_id))

    def show_market(self, market: Seen) -> None:
        """What kind of prices these are, and how old when they are old."""
        tone = Tone.STALE if market.is_stale else Tone.DEMO if market.is_demo else Tone.MUTED
        self.kind.say(*market.kind_words)
        ink(self.kind, self._look.tone(tone))

    def set_low(self, is_low: bool) -> None:
        """Lower in a low dock, as the controls are."""
        if is_low is not self._is_low:
            self._is_low = is_low
            air = 2 if is_low else 4
            self._row.setContentsMargins(6, air, 6, air)
            tighten(is_low, self.symbols, self.lock)

    def _on_symbol(self, index: int) -> None:
        if 0 <= index < len(self._ids):
            self.instrument_chosen.emit(self._ids[index])


class LadderControls(QFrame):
    """What the next order takes with it, and the buttons; emits what was chosen."""

    changed = pyqtSignal()
    group_chosen = pyqtSignal(int)
    market_wanted = pyqtSignal(object)
    cancel_all_wanted = pyqtSignal()
    flatten_wanted = pyqtSignal()
    reverse_wanted = pyqtSignal()
    half_wanted = pyqtSignal()
    break_even_wanted = pyqtSignal()
    keep_wanted = pyqtSignal()
    centre_wanted = pyqtSignal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._is_low = False
        self.setProperty("role", "panel")
        keep_free(self)
        self.qty = QSpinBox(self)
        self.qty.setRange(1, MOST_QTY)
        self.qty.setAccessibleName("Quantity")
        self.qty.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.qty.setToolTip("Quantity of the next order")
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self.presets = {qty: self._preset(qty) for qty in PRESETS}
        self.stop = QLineEdit(self)
        self.stop.setAccessibleName("Stop distance")
        self.stop.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.stop.setPlaceholderText(DISTANCE)
        self.stop_caption = plain_label("Stop points", role="caption", parent=self)
        self.no_stop = QCheckBox("No stop", self)
        self.no_stop.setToolTip("Entries go without a protective stop; the position warns for as long as it has none.")
        self.plan = ChoiceBox(self)
        self.plan.setAccessibleName("Exit plan of brackets")
        self.plan.setToolTip("Exit plan of brackets (Alt+click): targets, shares, break-even and trail")
        self.plan.take_room_for(6)
        self.keep = QToolButton(self)
        self.keep.setToolTip("Begin with this distance and plan whenever this contract is opened")
        self.keep.setAccessibleName("Keep stop distance and exit plan for this contract")
        self.position = LineLabel("No position", role="help", parent=self)
        self.group = ChoiceBox(self)
        self.group.setAccessibleName("Price grouping")
        for ticks in GROUPS:
            self.group.addItem(f"{ticks} tick" if ticks == 1 else f"{ticks} ticks", ticks)
        self._make_buttons()
        self._lay_out()
        self._connect()

    @property
    def terms(self) -> Terms:
        return Terms(self.qty.value(), self.stop_distance(), self.no_stop.isChecked(), self.plan.currentText())

    def stop_distance(self) -> Decimal | None:
        found = typed_decimal(self.stop.text())
        return found if found is not None and found > 0 else None

    def show_start(self, start: HandStart | None, plans: Sequence[str]) -> None:
        """The exit plan and the distance with which orders in the contract begin, and the plans to choose from."""
        self.plan.clear()
        self.plan.addItems(list(plans))
        if start is not None:
            self.plan.setCurrentText(start.plan.name)
        self.show_unit(None if start is None else start.plan)
        distance = None if start is None else start.stop_distance
        self.stop.setText("" if distance is None else f"{distance.normalize():f}")

    def show_holding(self, forms: Sequence[str]) -> None:
        """The position in the account, in as many of these words as there is room for."""
        if self.position.text() != forms[0]:
            self.position.say(*forms)
            explain(self.position, forms[0])

    def show_unit(self, plan: ExitTemplate | None) -> None:
        """What the distance is counted in."""
        unit = DistanceUnit.POINTS if plan is None else plan.stop_unit
        self.stop_caption.setText(_UNIT_WORDS.get(unit, "Stop points"))

    def show_keys(self, keys_of: Mapping[str, str]) -> None:
        """Each button tells its key as it is bound now."""
        for name, button in self._keyed.items():
            keys = f" ({keys_of[name]})" if keys_of.get(name) else ""
            button.setToolTip(tooltip(f"{button.accessibleDescription()}{keys}"))

    def take_size(self, number: int) -> None:
        """The quantity of one of the size buttons, counted from 0."""
        self.qty.setValue(PRESETS[number])

    def step_qty(self, step: int) -> None:
        self.qty.setValue(self.qty.value() + step)

    def _make_buttons(self) -> None:
        self.buy = self._button("Buy MKT", "buy-off", "Buy at market")
        self.sell = self._button("Sell MKT", "sell-off", "Sell at market")
        self.reverse = self._button("Reverse", "", "Close, and once flat open the other side")
        self.half = self._button("Half", "", "Close half of the position")
        self.break_even = self._button("Stop to BE", "", "Stops to break-even, each lot to its own entry")
        self.cancel = self._button("Cancel", "", "Cancels the contract's entries; stops and targets stay")
        self.flatten = self._button("Flatten", "", "Closes the contract at market and cancels its entries")
        self.centre = self._button("Centre", "ghost", "Brings the last price to the middle")
        self._keyed = {
            "ladder_buy_market": self.buy,
            "ladder_sell_market": self.sell,
            "ladder_reverse": self.reverse,
            "ladder_half": self.half,
            "ladder_break_even": self.break_even,
            "ladder_pull": self.cancel,
            "ladder_close": self.flatten,
            "ladder_centre": self.centre,
        }

    def set_low(self, is_low: bool) -> None:
        """A low dock keeps its height for prices: the controls draw together, and the exit plan takes the place of the
        quantities, which stay on their keys and in the field."""
        if is_low is self._is_low:
            return
        self._is_low = is_low
        for button in self.presets.values():
            button.setVisible(not is_low)
        row = self._sizes if is_low else self._plan_row
        row.addWidget(self.plan, 1)
        row.addWidget(self.keep)
        air = 2 if is_low else 4
        self._rows.setContentsMargins(6, air, 6, air if is_low else 6)
        self._rows.setSpacing(air)
        self._grid.setVerticalSpacing(air)
        tighten(is_low, *self._keyed.values(), self.group, self.plan, self.stop, self.qty, self.qty.lineEdit())

    def _preset(self, qty: int) -> QPushButton:
        button = QPushButton(str(qty), self)
        button.setProperty("role", "ghost")
        button.setAccessibleName(f"Quantity {qty}")
        button.setMinimumWidth(24)
        self._group.addButton(button, qty)
        return button

    def _button(self, text: str, role: str, tip: str) -> QPushButton:
        button = QPushButton(text, self)
        if role:
            button.setProperty("role", role)
        button.setToolTip(tooltip(tip))
        button.setAccessibleDescription(tip)
        return button

    def _lay_out(self) -> None:
        sizes = QHBoxLayout()
        sizes.setSpacing(2)
        sizes.addWidget(plain_label("Qty", role="caption", parent=self))
        sizes.addWidget(self.qty, 1)
        for button in self.presets.values():
            sizes.addWidget(button)
        stop, plan = QHBoxLayout(), QHBoxLayout()
        self._sizes, self._plan_row = sizes, plan
        stop.addWidget(self.stop_caption)
        stop.addWidget(self.stop, 1)
        stop.addWidget(self.no_stop)
        plan.addWidget(self.plan, 1)
        plan.addWidget(self.keep)
        self._stops = stops = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        for row in (stop, plan):
            row.setSpacing(6)
            stops.addLayout(row, 1)
        stops.setSpacing(6)
        grid = QGridLayout()
        grid.setSpacing(4)
        for number, button in enumerate((self.buy, self.sell, self.reverse)):
            grid.addWidget(button, 0, number * 4, 1, 4)
        for number, button in enumerate((self.half, self.break_even, self.cancel, self.flatten)):
            grid.addWidget(button, 1, number * 3, 1, 3)
        self._grid, self._rows = grid, QVBoxLayout(self)
        column = self._rows
        column.setContentsMargins(6, 4, 6, 6)
        column.setSpacing(4)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.position, 1)
        top.addWidget(self.group)
        top.addWidget(self.centre)
        for part in (top, sizes, stops, grid):
            column.addLayout(part)

    def _connect(self) -> None:
        self._group.idClicked.connect(self.qty.setValue)
        self.qty.valueChanged.connect(self._tell)
        self.stop.textChanged.connect(self._tell)
        self.no_stop.toggled.connect(self._tell)
        self.group.activated.connect(self._on_group)
        self.buy.clicked.connect(self._on_buy)
        self.sell.clicked.connect(self._on_sell)
        self.cancel.clicked.connect(self.cancel_all_wanted)
        self.flatten.clicked.connect(self.flatten_wanted)
        self.reverse.clicked.connect(self.reverse_wanted)
        self.half.clicked.connect(self.half_wanted)
        self.break_even.clicked.connect(self.break_even_wanted)
        self.keep.clicked.connect(self.keep_wanted)
        self.plan.activated.connect(self._on_plan)
        self._look.changed.connect(self._adopt_look)
        self._adopt_look()
        self.centre.clicked.connect(self.centre_wanted)

    def _tell(self, *_: object) -> None:
        self.stop.setEnabled(not self.no_stop.isChecked())
        self.changed.emit()

    def _on_plan(self, index: int) -> None:
        self.changed.emit()

    def _adopt_look(self) -> None:
        self.keep.setIcon(self._look.icon("pin"))
        words = QFontMetrics(self._look.font(13)).horizontalAdvance(DISTANCE)
        self.stop.setMinimumWidth(words + self._look.px(STOP_ROOM_PX))
        self._turn()

    def _turn(self) -> None:
        """Under a large text the exit plan has a row of its own."""
        is_wide = self.width() >= self._look.px(WIDE_PX)
        beside, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._stops.setDirection(beside if is_wide else below)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._turn()

    def _on_group(self, index: int) -> None:
        self.group_chosen.emit(GROUPS[index])

    def _on_buy(self) -> None:
        self.market_wanted.emit(Side.BUY)

    def _on_sell(self) -> None:
        self.market_wanted.emit(Side.SELL)


def tighten(is_tight: bool, *controls: QWidget | None) -> None:
    """Gives them the lower of the two heights that the style sheet knows, or takes it back."""
    for control in controls:
        style = None if control is None else control.style()
        if control is not None and style is not None:
            control.setProperty("tight", is_tight)
            style.unpolish(control)
            style.polish(control)
