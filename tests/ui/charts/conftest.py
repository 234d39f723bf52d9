"""A chart with four hundred bars for every test of this folder."""

from zoneinfo import ZoneInfo

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.charts.chart_bars import bars
from tradestream_gui.ui.charts.candles import CandleChart
from tradestream_gui.ui.charts.chart_view import ChartView
from tradestream_gui.ui.shell.look import Look


@pytest.fixture
def chart(look: Look, qtbot: QtBot) -> CandleChart:
    made = CandleChart(look, tick=0.25)
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.set_instrument("ES Dec26", price_text=lambda p: f"{p:,.2f}", tick=0.25, zone=ZoneInfo("America/New_York"))
    return made


@pytest.fixture
def view(chart: CandleChart) -> ChartView:
    chart.set_bars(bars(400))
    chart.show()
    QApplication.processEvents()
    assert chart.view is not None
    return chart.view
