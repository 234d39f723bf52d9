"""The candle chart shows what it was given, lets the user move about, and moves no order by itself."""

from zoneinfo import ZoneInfo

import pytest
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QColor, QImage, QWheelEvent
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.charts.chart_bars import START, bars, picture
from tradestream_gui.market.studies import Study, StudyKind
from tradestream_gui.ui.charts.candles import CandleChart
from tradestream_gui.ui.charts.chart_data import (
    BarValues,
    ChartStyle,
    LineKind,
    Marker,
    MarkerKind,
    PriceLine,
    Shading,
)
from tradestream_gui.ui.charts.chart_view import ChartView
from tradestream_gui.ui.charts.scale import price_ticks
from tradestream_gui.ui.shell.look import Look


def _colours(image: QImage, x: int) -> set[str]:
    return {image.pixelColor(x, y).name() for y in range(image.height())}


def test_a_chart_without_bars_waits_and_says_so(chart: CandleChart) -> None:
    chart.show()
    assert chart.summary() == "Waiting for the first bar…"
    assert chart.view is not None
    assert not chart.view.isVisible()


def test_bars_given_before_the_chart_is_shown_are_drawn(chart: CandleChart, view: ChartView) -> None:
    assert view.store.count == 400
    assert view.isVisible()
    assert "last" in chart.summary()
    chart._descriptions.flush_now()
    assert chart.accessibleDescription() == chart.summary()


def test_each_candle_covers_exactly_the_pixels_of_its_range(look: Look, chart: CandleChart, view: ChartView) -> None:
    view.show_range(350, 400)
    image = picture(chart)
    scale = view.candles.scale_now
    assert scale is not None
    last_price = round(scale.y(view.store.bar(399).close))  # a dotted line of the same colour
    rows = [y for y in range(scale.top, scale.price_bottom) if y != last_price]
    inks = {look.color("candle_up").name(), look.color("candle_down").name()}
    for index in range(355, 380):
        bar = view.store.bar(index)
        x = int(scale.x(index + 0.5))
        painted = [y for y in rows if image.pixelColor(x, y).name() in inks]
        assert min(painted) == pytest.approx(scale.y(bar.high), abs=2.01)
        assert max(painted) == pytest.approx(scale.y(bar.low), abs=2.01)


def test_the_view_follows_new_bars_only_while_the_last_one_is_in_view(chart: CandleChart, view: ChartView) -> None:
    left = view.span.left
    chart.append(BarValues(START + 60 * 400, 101.0, 102.0, 100.0, 101.5, 5.0))
    assert view.span.left == left + 1
    view.show_range(50, 150)
    chart.append(BarValues(START + 60 * 401, 101.0, 102.0, 100.0, 101.5, 5.0))
    assert (view.span.left, view.span.right) == pytest.approx((50, 150))


def test_the_open_bar_grows_and_the_last_update_of_a_frame_counts(
    chart: CandleChart, view: ChartView, qtbot: QtBot
) -> None:
    last = view.store.bar(399)
    for step in range(30):
        close = last.close + step * 0.25
        chart.update_last(BarValues(last.time, last.open, max(last.high, close), last.low, close, last.volume))
    qtbot.waitUntil(lambda: view.store.bar(399).close == last.close + 29 * 0.25)
    assert view.store.bar(399).high == last.close + 29 * 0.25


def test_the_first_bar_ends_the_waiting(chart: CandleChart) -> None:
    chart.show()
    chart.append(BarValues(START, 100.0, 101.0, 99.0, 100.5, 3.0))
    assert chart.view is not None
    assert chart.view.isVisible()
    assert chart.view.store.count == 1


def test_the_price_range_holds_every_visible_bar(view: ChartView) -> None:
    for left, right in ((0, 400), (10, 30), (390, 410)):
        view.show_range(left, right)
        scale = view.candles.scale_now
        assert scale is not None
        found = view.store.extremes(left, right)
        assert found is not None
        assert scale.low < found[0]
        assert scale.high > found[1]


def test_the_wheel_zooms_around_the_pointer(view: ChartView) -> None:
    x = 300.0
    before = (view.span.left, view.span.right)
    under = before[0] + x / view.plot_width() * (before[1] - before[0])
    event = QWheelEvent(
        QPointF(x, 200), QPointF(x, 200), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    view.wheelEvent(event)
    after = (view.span.left, view.span.right)
    assert after[1] - after[0] < before[1] - before[0]
    assert after[0] + x / view.plot_width() * (after[1] - after[0]) == pytest.approx(under)


def test_keys_pan_zoom_and_return_to_the_latest_bar(view: ChartView) -> None:
    home = (view.span.left, view.span.right)
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert view.span.left < home[0]
    QTest.keyClick(view, Qt.Key.Key_Plus)
    zoomed = (view.span.left, view.span.right)
    assert zoomed[1] - zoomed[0] < home[1] - home[0]
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.span.follows_latest


def test_dragging_pans_by_the_distance_of_the_pointer(view: ChartView) -> None:
    before = view.span.left
    port = view.viewport()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    QTest.mouseMove(port, QPoint(270, 200))
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=QPoint(270, 200))
    assert view.span.left == pytest.approx(before - 10, abs=0.01)  # bars of 7 px


def test_a_dropped_line_is_reported_at_a_tick_and_stays_where_it_was(
    look: Look, chart: CandleChart, view: ChartView
) -> None:
    stop = PriceLine("stop", 101.0, LineKind.STOP, "STOP 2", draggable=True)
    chart.set_lines([stop, PriceLine("avg", 102.0, LineKind.POSITION, "+2 ES")])
    dropped: list[tuple[str, float]] = []
    chart.line_dropped.connect(lambda line, price: dropped.append((line, price)))
    scale = view.candles.scale_now
    assert scale is not None
    begin, end = QPoint(300, round(scale.y(101.0))), QPoint(300, round(scale.y(100.3)))
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=begin)
    QTest.mouseMove(view.viewport(), end)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end)
    assert dropped == [("stop", 100.25)]
    assert view.lines.lines[0].price == 101.0


def test_a_line_that_may_not_be_moved_only_pans(chart: CandleChart, view: ChartView) -> None:
    chart.set_lines([PriceLine("avg", 101.0, LineKind.POSITION, "+2 ES")])
    dropped: list[object] = []
    chart.line_dropped.connect(lambda *told: dropped.append(told))
    scale = view.candles.scale_now
    assert scale is not None
    spot = QPoint(300, round(scale.y(101.0)))
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=spot + QPoint(0, 40))
    assert dropped == []


def test_a_marker_stands_at_its_bar_and_opens_its_message(look: Look, chart: CandleChart, view: ChartView) -> None:
    bar = view.store.bar(380)
    chart.set_markers([Marker("fill-1", bar.time + 30, bar.close, MarkerKind.BUY_FILL, "Bought 2 at 100.25")])
    opened: list[str] = []
    chart.marker_clicked.connect(opened.append)
    scale = view.candles.scale_now
    assert scale is not None
    spot = QPoint(int(scale.x(380.5)), round(scale.y(bar.low)) + 14)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert opened == ["fill-1"]


def test_lines_curves_and_shading_are_drawn_in_their_colours(look: Look, chart: CandleChart, view: ChartView) -> None:
    view.show_range(300, 400)
    chart.set_lines([PriceLine("target", 104.0, LineKind.TARGET, "TARGET 1")])
    chart.set_hours([Shading(START + 60 * 300, START + 60 * 320)], [])
    chart.set_studies([Study(StudyKind.VWAP)], ChartStyle.LINE)
    image = picture(chart)
    found = set().union(*(_colours(image, x) for x in range(200, 500, 9)))
    assert look.color("up").name() in found
    assert look.color("demo").name() in set().union(*(_colours(image, x) for x in range(500, 780, 3)))
    assert look.color("session").name() in _colours(image, 50)


def test_the_crosshair_shows_while_the_pointer_is_in_the_plot(chart: CandleChart, view: ChartView) -> None:
    calm = picture(chart)
    QTest.mouseMove(view.viewport(), QPoint(400, 200))
    crossed = picture(chart)
    assert crossed != calm
    view.leaveEvent(None)
    assert picture(chart) == calm


@pytest.mark.parametrize("theme", ["light", "high-contrast"])
def test_a_change_of_theme_repaints_the_chart(look: Look, chart: CandleChart, view: ChartView, theme: str) -> None:
    look.set_theme(theme)
    image = picture(chart)
    assert QColor(look.color("panel")).name() in _colours(image, 400)


def test_a_hundred_thousand_bars_are_drawn_whole(look: Look, chart: CandleChart, view: ChartView) -> None:
    count = 100_000
    chart.set_bars(bars(count))
    view.show_range(0, count)
    left, right = (view.span.left, view.span.right)
    assert (left, right) == pytest.approx((0, count))
    image, inks = picture(chart), {look.color("candle_up").name(), look.color("candle_down").name()}
    assert all(inks & _colours(image, x) for x in range(5, view.plot_width() - 5))


def test_another_instrument_drops_the_bars_and_orders_of_the_one_before(chart: CandleChart, view: ChartView) -> None:
    chart.set_lines([PriceLine("stop", 101.0, LineKind.STOP, "STOP 2", draggable=True)])
    chart.set_instrument("CL Jan27", price_text=lambda p: f"{p:.2f}", tick=0.01, zone=ZoneInfo("America/New_York"))
    assert view.store.count == 0
    assert view.lines.lines == ()
    assert not view.isVisible()


def test_price_labels_are_round_and_on_the_tick() -> None:
    assert price_ticks(6300.1, 6321.0, 5, 0.25) == [6305.0, 6310.0, 6315.0, 6320.0]
    assert price_ticks(1.0, 1.6, 10, 0.25) == [1.0, 1.25, 1.5]
    assert price_ticks(5.0, 5.0, 10, 0.25) == []
