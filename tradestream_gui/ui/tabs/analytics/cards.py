"""The cards over the curve: seven figures, each with its n, and a dash with the reason where there is none."""

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from tradestream_gui.analytics.statistic import Statistic, plural
from tradestream_gui.analytics.summary import Summary
from tradestream_gui.ui.format import NOTHING, money_text, percent_text, profit_text
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain, plain_label, tooltip
from tradestream_gui.ui.shell.tone import Tone, profit_tone
from tradestream_gui.ui.tabs.analytics.texts import (
    decimal_of,
    dollars_text,
    interval_text,
    multiple_text,
    plain_ratio,
    share_text,
    why,
)

CARD_PX = 148
"""Narrower than this, cards go into another row."""
IN_A_ROW = (7, 4, 2)
FINE = 12
"""Cards in a row, the most first; and the grid's fine columns, on which rows of one to four are equally wide."""


@dataclass(frozen=True, slots=True)
class CardText:
    title: str
    figure: str
    lines: tuple[str, str]
    tip: str
    tone: Tone = Tone.TEXT


class Card(QFrame):
    """One figure under its name, with what qualifies it below."""

    def __init__(self, look: Look, title: str) -> None:
        super().__init__()
        self._look = look
        self._tone = Tone.TEXT
        self.setProperty("role", "card")
        self._title = plain_label(title, role="caption")
        self._figure = plain_label(NOTHING, role="h1")
        self._lines = (plain_label(role="caption"), plain_label(role="caption"))
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 7, 8, 7)
        column.setSpacing(2)
        for label in (self._title, self._figure, *self._lines):
            label.setMinimumWidth(1)
            column.addWidget(label)
        for label in self._lines:
            label.setWordWrap(True)
        column.addStretch(1)
        look.changed.connect(self._adopt_look)

    def show_text(self, text: CardText) -> None:
        self._figure.setText(plain(text.figure))
        for label, line in zip(self._lines, text.lines, strict=True):
            label.setText(plain(line))
        self.setToolTip(tooltip(text.tip))
        self.setAccessibleName(plain(f"{text.title} {text.figure}"))
        self.setAccessibleDescription(plain(". ".join((*text.lines, text.tip))))
        self._tone = text.tone
        self._adopt_look()

    def _adopt_look(self) -> None:
        palette = self._figure.palette()
        palette.setColor(self._figure.foregroundRole(), self._look.tone(self._tone))
        self._figure.setPalette(palette)


class Cards(QWidget):
    """Lays the cards out in as many columns as fit."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._columns = 0
        self._cards = [Card(look, title) for title in TITLES]
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        self._arrange(4)

    def show_summary(self, summary: Summary) -> None:
        for card, text in zip(self._cards, card_texts(summary), strict=True):
            card.show_text(text)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        whole = columns if columns == len(self._cards) else FINE
        for at, place in enumerate(places(len(self._cards), columns)):
            self._grid.addWidget(self._cards[at], *place)
        for at in range(FINE):
            self._grid.setColumnStretch(at, 1 if at < whole else 0)

    # overridden Qt methods

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._arrange(next((count for count in IN_A_ROW if self.width() >= self._look.px(CARD_PX) * count), 1))


def places(cards: int, columns: int) -> list[tuple[int, int, int, int]]:
    """Row, column and spans of each card: a last row with fewer cards is as wide as the others, none leaves a gap."""
    if columns >= cards:
        return [(0, at, 1, 1) for at in range(cards)]
    rows = [min(columns, cards - first) for first in range(0, cards, columns)]
    return [
        (number, at * (FINE // count), 1, FINE // count) for number, count in enumerate(rows) for at in range(count)
    ]


TITLES = ("Net P&L", "Win rate", "Profit factor", "Expectancy", "Sharpe", "Sortino", "Max drawdown")


def card_texts(summary: Summary) -> Sequence[CardText]:
    """The seven cards; nothing is computed here."""
    metrics, equity = summary.metrics, summary.equity
    n = plural(metrics.trades, "trade")
    open_words = f"{plural(summary.open_lots, 'open lot')} not in it" if summary.open_lots else "no open lots"
    net = metrics.net if metrics.trades else None
    money, error = equity.max_drawdown_money, equity.sharpe_error
    even = "break-even " + share_text(metrics.break_even_win_rate, 0)
    deep = decimal_of(equity.max_drawdown)
    return (
        CardText("Net P&L", profit_text(net), (n, f"fees {money_text(metrics.commission)}"),
                 f"Closed trades after fees; gross {money_text(metrics.gross, sign=True)}. {open_words}.",
                 profit_tone(net)),
        CardText("Win rate", share_text(metrics.win_rate, 0),
                 (f"{even}, n = {metrics.win_rate.n}", f"95 %: {interval_text(metrics.win_rate_interval)}"),
                 f"Won {metrics.wins}, lost {metrics.losses}, scratched {metrics.scratches}; Wilson interval. "
                 f"Break-even at this payoff: {why(metrics.break_even_win_rate)}"),
        _ratio("Profit factor", metrics.profit_factor, "Profits over losses"),
        CardText("Expectancy", dollars_text(metrics.expectancy),
                 (f"a trade, n = {metrics.expectancy.n}", f"{multiple_text(metrics.mean_r)}, n = {metrics.mean_r.n}"),
                 f"Mean net result of a trade. In R: {why(metrics.mean_r)}",
                 profit_tone(decimal_of(metrics.expectancy))),
        CardText("Sharpe", plain_ratio(equity.sharpe), (f"s.e. {plain_ratio(error)}", _n(equity.sharpe, "day")),
                 f"Daily returns over their deviation; {why(equity.sharpe)}"),
        CardText("Sortino", plain_ratio(equity.sortino), (_n(equity.sortino, "day"), _short(equity.sortino)),
                 f"Daily returns over their shortfall; {why(equity.sortino)}"),
        CardText("Max drawdown", percent_text(deep, 2), (money_text(decimal_of(money)), equity.duration_words),
                 f"Deepest fall of the curve, open positions marked; {why(equity.max_drawdown)}",
                 Tone.LOSS if deep else Tone.TEXT),
    )  # fmt: skip


def _ratio(title: str, statistic: Statistic, meaning: str) -> CardText:
    return CardText(title, plain_ratio(statistic), (f"n = {statistic.n}", _short(statistic)),
                    f"{meaning}; {why(statistic)}")  # fmt: skip


def _n(statistic: Statistic, noun: str) -> str:
    return plural(statistic.n, noun)


def _short(statistic: Statistic) -> str:
    """The reason where it fits a card; the whole of it stands in the tool tip."""
    return statistic.reason if statistic.is_missing else ""
