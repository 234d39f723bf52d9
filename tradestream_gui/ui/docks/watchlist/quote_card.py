"""The chosen instrument below the watchlist: bid and ask with sizes, change, the day's range, age and kind of data."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFont
from PyQt6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.ui.docks.watchlist.rows import WatchRow, change_share_text
from tradestream_gui.ui.format import NOTHING, age_text, number_text, points_text, price_text
from tradestream_gui.ui.shell.ink import ink
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import explain, one_line, plain_label, tooltip
from tradestream_gui.ui.shell.tone import Tone, profit_tone
from tradestream_gui.ui.widgets.line_label import LineLabel
from tradestream_gui.ui.widgets.steady_label import SteadyLabel

FACTS = ("Bid", "Ask", "Change", "Volume", "Low", "High")
SMALL_PX = 12
AIR_PX = 4
"""Above each caption."""


class QuoteCard(QFrame):
    """Shows one row of the watchlist in full, so that a narrow dock hides no number."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._row: WatchRow | None = None
        self.setProperty("role", "foot")
        self.setAccessibleName("Chosen instrument")
        self.name = plain_label(role="strong", parent=self)
        self.kind = SteadyLabel(parent=self)
        self.last = SteadyLabel(role="figure", parent=self)
        self.change = SteadyLabel(role="strong", parent=self)
        self.description = LineLabel(role="caption", parent=self)
        self.facts = {title: SteadyLabel(NOTHING, parent=self) for title in FACTS}
        self._lay_out()
        look.changed.connect(self._adopt_look)
        self._adopt_look()
        self.hide()

    def show_row(self, row: WatchRow | None) -> None:
        self._row = row
        self.setVisible(row is not None)
        if row is None:
            return
        instrument, quote, stats = row.instrument, row.market.quote, row.stats
        self.name.setText(contract_name(instrument))
        self.description.setText(one_line(instrument.description, 80))
        _tip(self.description, instrument.description)
        self.last.setText(price_text(row.market.last, instrument))
        self.change.setText(change_share_text(row))
        self.kind.setText(_kind_text(row))
        _tip(self.kind, row.market.words)
        low, high = (None, None) if stats is None else (stats.low, stats.high)
        volume = None if stats is None else stats.volume
        self.facts["Bid"].setText(_sized(price_text(row.bid, instrument), quote.bid_size if quote else 0))
        self.facts["Ask"].setText(_sized(price_text(row.ask, instrument), quote.ask_size if quote else 0))
        self.facts["Change"].setText(NOTHING if row.change is None else points_text(row.change, instrument))
        _tip(self.facts["Change"], row.change_note)
        self.facts["Volume"].setText(number_text(volume))
        self.facts["Low"].setText(price_text(low, instrument))
        self.facts["High"].setText(price_text(high, instrument))
        since = "Measured here since the listening began." if stats is not None else "No print has come yet."
        for title in ("Volume", "Low", "High"):
            _tip(self.facts[title], since)
        self.setAccessibleDescription(
            f"{contract_name(instrument)} last {self.last.text()}, bid {self.facts['Bid'].text()}, "
            f"ask {self.facts['Ask'].text()}. {row.market.words}"
        )
        self._ink_row(row)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 10)
        column.setSpacing(2)
        top = QHBoxLayout()
        top.addWidget(self.name, 1)
        top.addWidget(self.kind)
        column.addLayout(top)
        column.addWidget(self.description)
        price = QHBoxLayout()
        price.addWidget(self.last, 1)
        price.addWidget(self.change, 0, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(price)
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(1)
        for number, title in enumerate(FACTS):
            row, place = number // 2 * 2, number % 2
            name = plain_label(title, role="caption", parent=self)
            name.setContentsMargins(0, AIR_PX, 0, 0)
            grid.addWidget(name, row, place)
            grid.addWidget(self.facts[title], row + 1, place)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)

    def _adopt_look(self) -> None:
        self.kind.setFont(self._look.font(11, QFont.Weight.DemiBold))
        for label in self.facts.values():
            label.setFont(self._look.font(SMALL_PX))
        if self._row is not None:
            self._ink_row(self._row)

    def _ink_row(self, row: WatchRow) -> None:
        ink(self.change, self._look.tone(profit_tone(row.change)))
        ink(self.facts["Change"], self._look.tone(profit_tone(row.change)))
        stale = Tone.STALE if row.market.is_stale else Tone.TEXT
        for label in (self.last, self.facts["Bid"], self.facts["Ask"]):
            ink(label, self._look.tone(stale))
        kind = Tone.DEMO if row.market.is_demo else Tone.MUTED
        ink(self.kind, self._look.tone(Tone.STALE if row.market.is_stale else kind))


def _tip(widget: QWidget, words: str) -> None:
    """The card is told anew in every frame, and a tip that says the same costs an event."""
    if widget.toolTip() != tooltip(words):
        explain(widget, words)


def _sized(price: str, size: int) -> str:
    return price if price == NOTHING or size <= 0 else f"{price} × {size}"


def _kind_text(row: WatchRow) -> str:
    quote = row.market.quote
    kind = quote.kind.value if quote is not None else "no price"
    age = age_text(row.age)
    return kind if row.age is None else f"{kind} · {age} old"
