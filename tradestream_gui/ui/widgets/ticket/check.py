"""What the order would cost and risk, and how every rail judges it, before the click."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFrame, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from tradestream_gui.domain.decisions import CheckResult
from tradestream_gui.ui.format import NOTHING, money_text, percent_text, r_text
from tradestream_gui.ui.models.columns import Column
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, one_line, plain, plain_label
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.widgets.line_label import LineLabel
from tradestream_gui.ui.widgets.table_view import TableView

FOUR_PX = 364
"""At 100 %: narrower than this three figures stand beside each other, not four."""
LEAST_PX = 52
"""Room for the head and one rail, the first that fails."""
AIR_PX = 5
"""Between a figure and the caption of the one below it."""
CAPTIONS = (
    "Value", "All fees", "Loss at stop", "Of day limit",
    "Room now", "Room after", "Rule room", "Target",
    "Drift", "From alert", "Margin", "Broker fee",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Costs:
    """The figures of the card; None where one cannot be known, with the reason beside it in `why`."""

    value: Decimal | None = None
    fees: Decimal | None = None
    loss_at_stop: Decimal | None = None
    share_of_limit: Decimal | None = None
    room_now: Decimal | None = None
    room_after: Decimal | None = None
    rule_room: Decimal | None = None
    """What the rules of a funded account leave; None where there are none."""
    target_r: Decimal | None = None
    drift: str = NOTHING
    """From the market, as a share of the price."""
    from_alert: str = NOTHING
    margin: Decimal | None = None
    """What the order would add to the account's initial margin, by the broker's word, else by the table."""
    broker_fee: Decimal | None = None
    """The commission of the entry alone, by the broker's word."""
    why: str = ""
    tips: Mapping[str, str] = field(default_factory=dict)
    """What stands behind a figure, by its caption."""


class CostCard(QFrame):
    """Twelve figures in three rows."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._values: dict[str, QLabel] = {}
        self._names: dict[str, QLabel] = {}
        self._beside = 0
        self._after_tone = Tone.TEXT
        self._grid = grid = QGridLayout(self)
        grid.setContentsMargins(10, 4, 8, 4)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        for caption in CAPTIONS:
            value = self._values[caption] = plain_label(NOTHING, role="strong", parent=self)
            value.setAccessibleName(f"{caption} not known")
            self._names[caption] = plain_label(caption, role="caption", parent=self)
        self._place(4)
        look.changed.connect(self._adopt_look)

    def show_costs(self, costs: Costs) -> None:
        texts = {
            "Value": money_text(costs.value),
            "All fees": money_text(costs.fees),
            "Loss at stop": money_text(costs.loss_at_stop),
            "Of day limit": percent_text(costs.share_of_limit, 0),
            "Room now": money_text(costs.room_now),
            "Room after": money_text(costs.room_after),
            "Rule room": money_text(costs.rule_room),
            "Target": r_text(costs.target_r),
            "Drift": costs.drift,
            "From alert": costs.from_alert,
            "Margin": money_text(costs.margin),
            "Broker fee": money_text(costs.broker_fee),
        }
        for caption, text in texts.items():
            label = self._values[caption]
            if label.text() != text:
                label.setText(text)
                label.setAccessibleName(f"{caption} {'not known' if text == NOTHING else text}")
            explain(label, costs.tips.get(caption, costs.why if text == NOTHING else ""))
        after = costs.room_after
        self._after_tone = Tone.DANGER if after is not None and after <= 0 else Tone.TEXT
        self._adopt_look()

    def _place(self, beside: int) -> None:
        if beside == self._beside:
            return
        self._beside = beside
        for number, caption in enumerate(CAPTIONS):
            row, column = number // beside * 2, number % beside
            self._names[caption].setContentsMargins(0, AIR_PX if row else 0, 0, 0)
            self._grid.addWidget(self._names[caption], row, column)
            self._grid.addWidget(self._values[caption], row + 1, column)
        for column in range(4):
            self._grid.setColumnStretch(column, int(column < beside))

    def texts(self) -> dict[str, str]:
        return {caption: label.text() for caption, label in self._values.items()}

    def tip(self, caption: str) -> str:
        """What stands behind a figure."""
        return self._values[caption].toolTip()

    def _adopt_look(self) -> None:
        label = self._values["Room after"]
        palette = label.palette()
        palette.setColor(palette.ColorRole.WindowText, self._look.tone(self._after_tone))
        label.setPalette(palette)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._place(4 if self.width() >= self._look.px(FOUR_PX) else 3)


NO_CHECKS = "Every check of this order appears here, with its numbers."


class RailList(QWidget):
    """Every rail with its numbers, failed ones first; the head counts them."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._head = LineLabel("Risk check")  # a role would fix its colour
        self._head.setContentsMargins(10, 2, 10, 2)
        self.model: KeyedTableModel[CheckResult] = KeyedTableModel(_columns())
        self.table = TableView(look, self.model, name="Risk check", empty_text=NO_CHECKS)
        header = self.table.horizontalHeader()
        if header is not None:
            header.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.table.setMinimumHeight(30)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setMinimumHeight(LEAST_PX)
        column.addWidget(self._head)
        column.addWidget(self.table, 1)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def show_checks(self, checks: Sequence[CheckResult], cuts: Sequence[str]) -> None:
        ordered = sorted(enumerate(checks), key=lambda pair: (pair[1].passed, pair[0]))
        self.model.replace_all((f"{number}:{check.code}", check) for number, check in ordered)
        failed = sum(1 for check in checks if not check.passed)
        words = f"Risk check: {len(checks) - failed} of {len(checks)} pass"
        if cuts:
            words += ", and the quantity is cut"
        explain(self._head, "\n".join(cuts))
        self._head.setText(plain(words if checks else "Risk check"))
        palette = self._head.palette()
        tone = Tone.DANGER if failed else Tone.WARN if cuts else Tone.SECONDARY
        palette.setColor(palette.ColorRole.WindowText, self._look.tone(tone))
        self._head.setPalette(palette)

    def _adopt_look(self) -> None:
        self._head.setFont(self._look.font(12))

    @property
    def head(self) -> str:
        return self._head.text()


def rail_words(check: CheckResult) -> str:
    """The rail in words with both of its numbers, the measured one first."""
    return one_line(check.sentence)


def _columns() -> list[Column[CheckResult]]:
    def tone(check: CheckResult) -> Tone:
        return Tone.OK if check.passed else Tone.DANGER

    return [
        Column(
            key="passed", title="", text=lambda check: "pass" if check.passed else "FAIL", width=46, tone=tone,
            strong=True,
        ),
        Column(
            key="words", title="Rail", text=rail_words, width=240, elastic=1,
            tone=lambda check: None if check.passed else Tone.DANGER,
            tooltip=lambda check: f"{check.words}\n{check.code}: {check.value}, limit {check.limit}",
        ),
    ]  # fmt: skip
