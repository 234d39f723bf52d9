"""Bars for the tests of the chart, a minute each, going up and down by ticks; and what it looks like with them."""

from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QApplication

from tradestream_gui.ui.charts.candles import CandleChart
from tradestream_gui.ui.charts.chart_data import BarArrays

START = 1_795_183_800


def bars(count: int) -> BarArrays:
    closes = [100.0 + (number * 7 % 23) * 0.25 for number in range(count)]
    opens = [closes[max(number - 1, 0)] for number in range(count)]
    return BarArrays(
        times=[START + 60 * number for number in range(count)],
        opens=opens,
        highs=[max(pair) + 0.5 for pair in zip(opens, closes, strict=True)],
        lows=[min(pair) - 0.5 for pair in zip(opens, closes, strict=True)],
        closes=closes,
        volumes=[float(10 + number % 5) for number in range(count)],
    )


def picture(chart: CandleChart) -> QImage:
    QApplication.processEvents()
    return chart.grab().toImage()
