"""The totals under the positions: whole figures in any width and at any size of text."""

from decimal import Decimal

from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.portfolio.rows import TotalRow
from tradestream_gui.ui.tabs.portfolio.totals import TotalsBar

ROWS = [
    TotalRow("Demo 50K", "all", 3, 4, Decimal("12345.50"), Decimal("1250")),
    TotalRow("Demo 50K", "futures", 2, 3, Decimal("-2345.50"), None),
    TotalRow("Demo 50K", "options", 1, 1, Decimal("14691.00"), None),
]


def _shown(bar: TotalsBar) -> list[QLabel]:
    return [label for label in bar.findChildren(QLabel) if label.isVisible()]


def test_no_figure_is_cut_by_a_large_text_or_a_narrow_window(look: Look, qtbot: QtBot) -> None:
    bar = TotalsBar(look)
    qtbot.addWidget(bar)
    bar.show_totals(ROWS)
    bar.show()
    heights = []
    for scale, width in ((1.0, 900), (2.0, 900), (2.0, 420)):
        look.set_scale(scale)
        bar.resize(width, 40)
        qtbot.waitUntil(lambda width=width: bar.width() == width)
        bar.show_totals(ROWS)
        bar.adjustSize()
        bar.resize(width, bar.sizeHint().height())
        shown = _shown(bar)
        assert len(shown) == 8, "four figures, each with its name"
        for label in shown:
            assert label.width() >= label.sizeHint().width(), label.text()
        heights.append(bar.sizeHint().height())
    assert heights[0] < heights[2], "what does not fit beside goes below"
    (words,) = bar.texts()
    assert words == "Demo 50K total ▲ +$12,345.50, Futures ▼ −$2,345.50, Options ▲ +$14,691.00, Open risk $1,250.00"
