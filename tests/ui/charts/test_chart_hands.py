"""Styles, indicators and values of the chart, and what becomes of a line in hand."""

from zoneinfo import ZoneInfo

import pytest
from PyQt6.QtCore import QPoint, QPointF, QRectF, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from tests.ui.charts.chart_bars import START, bars, picture
from tradestream_gui.market.studies import Study, StudyKind
from tradestream_gui.ui.charts.candles import CandleChart
from tradestream_gui.ui.charts.chart_data import BarValues, ChartStyle, Film, FilmFill, LineKind, PriceLine
from tradestream_gui.ui.charts.chart_view import ChartView
from tradestream_gui.ui.shell.look import Look


def _texts(view: ChartView) -> list[str]:
    return [text for text, _, _ in view.crosshair.values(view.crosshair.index_shown())]


@pytest.mark.parametrize("style", list(ChartStyle))
@pytest.mark.parametrize("bars_in_view", [40, 20_000])
def test_every_style_draws_near_and_far(
    look: Look, chart: CandleChart, view: ChartView, style: ChartStyle, bars_in_view: int
) -> None:
    chart.set_bars(bars(20_000))
    chart.set_studies((), style)
    view.show_range(20_000 - bars_in_view, 20_000)
    scale = view.candles.scale_now
    assert scale is not None
    inks = {look.color("accent").name()} if style is ChartStyle.LINE else {
        look.color(token).name() for token in ("candle_up", "candle_down")
    }  # fmt: skip
    drawn = chart.grab().toImage()
    middle = range(scale.width // 3, scale.width // 2)
    found = {drawn.pixelColor(x, y).name() for x in middle for y in range(scale.top, scale.price_bottom)}
    assert inks & found


def test_heikin_ashi_bars_are_shown_as_such_and_the_last_price_stays_the_real_one(
    chart: CandleChart, view: ChartView
) -> None:
    chart.set_studies((), ChartStyle.HEIKIN_ASHI)
    last, shown = view.store.bar(399), view.candles.shown.bar(399)
    assert shown.close == pytest.approx((last.open + last.high + last.low + last.close) / 4)
    before = view.candles.shown.bar(398)
    assert shown.open == pytest.approx((before.open + before.close) / 2)
    assert "HA" in _texts(view)
    assert f"{shown.close:,.2f}" in _texts(view)
    view.update_last(BarValues(last.time, last.open, last.high + 4, last.low, last.high + 4, last.volume))
    view.append(BarValues(last.time + 60, 101.0, 101.5, 100.5, 101.0, 5.0))
    moved, opened = view.candles.shown.bar(399), view.candles.shown.bar(400)
    assert moved.high == last.high + 4
    assert opened.open == pytest.approx((moved.open + moved.close) / 2)


def test_a_tick_moves_the_last_value_of_an_indicator_and_no_other(chart: CandleChart, view: ChartView) -> None:
    chart.set_studies([Study(StudyKind.EMA, (9.0,)), Study(StudyKind.RSI, (14.0,))], ChartStyle.CANDLES)
    mean, strength = view.studies.runs
    before, last = mean.line(0).copy(), view.store.bar(399)
    view.update_last(BarValues(last.time, last.open, last.high + 8, last.low, last.high + 8, last.volume))
    assert view.studies.runs == [mean, strength]
    assert (mean.line(0)[:-1] == before[:-1])[8:].all()
    assert mean.line(0)[-1] == pytest.approx(before[-2] + 0.2 * (last.high + 8 - before[-2]))
    view.append(BarValues(last.time + 60, 101.0, 101.5, 100.5, 101.0, 5.0))
    assert len(mean.line(0)) == len(strength.line(0)) == 401


def test_the_crosshair_tells_the_values_of_its_bar(chart: CandleChart, view: ChartView) -> None:
    chart.set_studies([Study(StudyKind.EMA, (9.0,))], ChartStyle.CANDLES)
    view.show_range(300, 400)
    scale = view.candles.scale_now
    assert scale is not None
    QTest.mouseMove(view.viewport(), QPoint(int(scale.x(333.5)), 220))
    assert view.crosshair.index_shown() == 333
    bar, mean = view.store.bar(333), view.studies.runs[0].line(0)[333]
    found = _texts(view)
    for price in (bar.open, bar.high, bar.low, bar.close):
        assert f"{price:,.2f}" in found
    assert f"EMA 9 {mean:,.2f}" in found
    assert view.crosshair.time_text(bar.time) == "Fri 20 Nov 14:43"
    chart.set_instrument("ES", price_text=str, tick=0.25, zone=ZoneInfo("America/New_York"), seconds=1)
    assert view.crosshair.time_text(START) == "Fri 20 Nov 09:10:00"


def test_a_days_bar_that_opens_in_the_evening_is_named_after_its_trade_date(
    chart: CandleChart, view: ChartView
) -> None:
    chart.set_instrument("ES", price_text=str, tick=0.25, zone=ZoneInfo("America/New_York"), seconds=86_400)
    sunday_evening = 1_795_388_400  # 18:00 in New York
    assert view.crosshair.time_text(sunday_evening) == "Mon 23 Nov 2026"


def test_each_indicator_below_the_prices_has_a_pane_of_its_own(look: Look, chart: CandleChart, view: ChartView) -> None:
    whole = view.candles.scale_now
    assert whole is not None
    chart.set_studies([Study(StudyKind.RSI, (14.0,)), Study(StudyKind.MACD, (12.0, 26.0, 9.0))], ChartStyle.CANDLES)
    scale = view.candles.scale_now
    assert scale is not None
    assert (scale.height, scale.panes) == (whole.height, 2)
    assert scale.main_height < whole.main_height
    drawn = chart.grab().toImage()
    for number, token in enumerate(("demo", "info")):
        top, bottom = scale.pane_span(number)
        found = {drawn.pixelColor(x, y).name() for x in range(300, 700) for y in range(top + 20, bottom)}
        assert look.color(token).name() in found


def test_escape_and_a_press_elsewhere_put_a_line_in_hand_back(chart: CandleChart, view: ChartView) -> None:
    chart.set_lines([PriceLine("stop", 101.0, LineKind.STOP, "STOP 2", draggable=True)])
    dropped: list[object] = []
    chart.line_dropped.connect(lambda *told: dropped.append(told))
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.lines.in_hand == (view.lines.lines[0], 100.75)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert view.lines.in_hand is None
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, 60))
    assert view.lines.in_hand is None
    scale = view.candles.scale_now
    assert scale is not None
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, round(scale.y(101.0))))
    QTest.mouseMove(view.viewport(), QPoint(300, round(scale.y(102.0))))
    QTest.mousePress(view.viewport(), Qt.MouseButton.RightButton, pos=QPoint(300, round(scale.y(102.0))))
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, round(scale.y(102.0))))
    assert dropped == []


def test_a_line_whose_order_is_gone_leaves_the_hand(chart: CandleChart, view: ChartView) -> None:
    chart.set_lines([PriceLine("stop", 101.0, LineKind.STOP, "STOP 2", draggable=True)])
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    QTest.keyClick(view, Qt.Key.Key_Up)
    chart.set_lines([])
    assert view.lines.in_hand is None
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert view.lines.lines == ()


def test_a_line_out_of_sight_can_be_taken_by_its_label_at_the_edge(chart: CandleChart, view: ChartView) -> None:
    chart.set_lines([PriceLine("target", 500.0, LineKind.TARGET, "T1 1", draggable=True)])
    chart.grab()
    scale = view.candles.scale_now
    assert scale is not None
    assert scale.high < 500
    label = next(box for box, line in view.lines._boxes if line.line_id == "target")
    assert view.lines.line_at(label.center()) == view.lines.lines[0]


def test_the_labels_of_many_lines_stay_clear_of_the_values_and_of_each_other(
    chart: CandleChart, view: ChartView
) -> None:
    names = ("LONG 2 +$112.50", "STOP 2 −$75.00", "T1 1 +$35.00", "T2 1 +$60.00", "BUY 1 LMT", "SELL 1 STP")
    last = view.store.bar(399).close
    lines = [PriceLine(name, last + at / 4, LineKind.STOP, name, draggable=True) for at, name in enumerate(names)]
    for size in ((900, 500), (900, 230), (420, 230), (300, 190)):
        chart.resize(*size)
        chart.set_lines(lines)
        QApplication.processEvents()
        chart.grab()
        scale = view.candles.scale_now
        assert scale is not None
        boxes = [box for box, _ in view.lines._boxes]
        assert len(boxes) == len(names)
        free = QRectF(0, scale.top - view.lines._tall / 2, scale.width, scale.price_bottom)
        assert all(free.contains(box) for box in boxes), f"none stands behind the values or the axis at {size}"
        seen = [view.lines.line_at(box.topLeft() + QPointF(4, 2)) for box in boxes]
        assert seen == [line for _, line in view.lines._boxes], f"each can be taken at {size}"


def test_prices_take_in_a_near_stop_but_not_one_that_would_flatten_thebars(chart: CandleChart, view: ChartView) -> None:
    bare = view.candles.scale_now
    assert bare is not None
    chart.set_lines([PriceLine("stop", bare.low - 2, LineKind.STOP, "STOP 2", draggable=True)])
    near = view.candles.scale_now
    assert near is not None
    assert near.low < bare.low - 2
    chart.set_lines([PriceLine("stop", bare.low - 90, LineKind.STOP, "STOP 2", draggable=True)])
    far = view.candles.scale_now
    assert far is not None
    assert far.low == bare.low


def test_a_film_is_drawn_whole_while_the_pointer_is_on_its_claim(
    look: Look, chart: CandleChart, view: ChartView
) -> None:
    begin, end = (view.store.bar(index) for index in (360, 370))
    film = Film(
        key="alert:1", time=begin.time, is_long=True, claimed=102.0, bid=101.75, ask=102.25,
        entry=FilmFill(begin.time, 102.25), exits=(FilmFill(end.time, 104.0),), best=105.0, worst=101.0,
        until=end.time, is_open=False, words="Long, claimed 102.00",
    )  # fmt: skip
    chart.set_markers([], [film])
    calm = picture(chart)
    scale = view.candles.scale_now
    assert scale is not None
    spot = QPointF(scale.x(360.5), scale.y(102.0))
    assert view.markers.film_at(spot) == film
    QTest.mouseMove(view.viewport(), spot.toPoint())
    view.leaveEvent(None)  # the crosshair goes, the film stays
    assert view.markers.film_in_hand == film.key
    assert picture(chart) != calm
    assert view.markers.key_at(spot) == "alert:1"
    QTest.mouseMove(view.viewport(), QPoint(5, 5))
    view.leaveEvent(None)
    assert view.markers.film_in_hand == ""
    assert picture(chart) == calm


def test_the_summary_for_screen_readers_names_the_own_lines(chart: CandleChart, view: ChartView) -> None:
    chart.set_lines([PriceLine("stop", 101.0, LineKind.STOP, "STOP 2", draggable=True)])
    assert chart.summary().endswith("in view; STOP 2 at 101.00")


def test_the_right_edge_stays_when_the_chart_was_hidden_or_its_text_grows(
    look: Look, chart: CandleChart, view: ChartView
) -> None:
    view.show_latest()
    right = view.span.right
    chart.hide()
    chart.resize(500, 400)
    chart.show()
    QApplication.processEvents()
    assert view.span.right == pytest.approx(right)
    look.set_scale(1.5)
    QApplication.processEvents()
    assert view.span.right == pytest.approx(right)
    look.set_scale(1.0)
    chart.resize(1100, 600)
    QApplication.processEvents()
    assert view.span.right == pytest.approx(right)
    assert view.span.follows_latest
