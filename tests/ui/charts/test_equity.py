"""The analytics charts show what was measured, and a sentence where nothing was."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tradestream_gui.ui.charts.curve_plots import EquityPlot
from tradestream_gui.ui.charts.equity import NO_TRADES, BarsChart, EquityChart
from tradestream_gui.ui.shell.look import Look


def test_the_drawdown_is_measured_from_the_running_peak(look: Look, qtbot: QtBot) -> None:
    plot = EquityPlot(look)
    qtbot.addWidget(plot)
    assert plot.show_points([1, 2, 3, 4], [100.0, 40.0, 180.0, 90.0]) == 90.0
    assert plot.show_points([1, 2], [-30.0, -10.0]) == 30.0
    assert plot.show_points([], []) == 0.0


def test_a_long_curve_keeps_its_deepest_point(look: Look, qtbot: QtBot) -> None:
    plot = EquityPlot(look)
    qtbot.addWidget(plot)
    equity = [float(number % 7) for number in range(50_000)]
    equity[31_234] = -500.0
    assert plot.show_points(list(range(50_000)), equity) == 506.0
    drawn = plot._equity.getData()[1]
    assert drawn.min() == -500.0
    assert len(drawn) <= 4100


def test_times_under_a_curve_are_round_in_the_traders_zone(look: Look, qtbot: QtBot) -> None:
    plot = EquityPlot(look)
    qtbot.addWidget(plot)
    plot.set_zone(ZoneInfo("Asia/Kolkata"))  # half an hour off the others
    axis = plot.getAxis("bottom")
    opened = datetime(2026, 11, 19, 14, 31, 7, tzinfo=UTC).timestamp()
    ((step, values),) = axis.tickValues(opened, opened + 2130, 700)
    assert axis.tickStrings(values, 1, step) == ["20:05", "20:10", "20:15", "20:20", "20:25", "20:30", "20:35"]
    ((step, values),) = axis.tickValues(opened, opened + 5 * 86_400, 700)
    assert axis.tickStrings(values, 1, step)[0] == "20 Nov"


def test_points_given_before_the_chart_is_shown_are_drawn(look: Look, qtbot: QtBot) -> None:
    chart = EquityChart(look)
    qtbot.addWidget(chart)
    chart.set_points([1_790_000_000, 1_790_086_400], [120.0, 60.0])
    chart.show()
    QApplication.processEvents()
    told = chart.accessibleDescription()
    assert "2 points" in told
    assert "60.00 dollars" in told


@pytest.mark.parametrize("kind", ["equity", "bars"])
def test_without_data_the_reason_stands_there(look: Look, qtbot: QtBot, kind: str) -> None:
    chart = EquityChart(look) if kind == "equity" else BarsChart(look, name="Profit by weekday")
    qtbot.addWidget(chart)
    chart.resize(400, 200)
    chart.show()
    QApplication.processEvents()
    with_text = chart.grab().toImage()
    chart.set_empty_text("")
    QApplication.processEvents()
    assert with_text != chart.grab().toImage()
    assert NO_TRADES.endswith(".")


def test_bars_have_the_colour_of_their_sign(look: Look, qtbot: QtBot) -> None:
    chart = BarsChart(look, name="Profit by weekday")
    qtbot.addWidget(chart)
    chart.resize(400, 240)
    chart.set_values(["Mon", "Tue"], [50.0, -20.0])
    chart.show()
    QApplication.processEvents()
    image = chart.grab().toImage()
    found = {image.pixelColor(x, y).name() for x in range(0, 400, 3) for y in range(0, 240, 3)}
    assert {look.color("up").name(), look.color("down").name()} <= found
    assert chart.accessibleDescription() == "Mon 50.00, Tue -20.00"
