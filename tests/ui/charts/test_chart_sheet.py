"""The kept picture of the chart never differs from one painted anew, by no pixel, whatever moved in between."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QImage, QPixmap
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from tests.ui.charts.chart_bars import START, bars
from tradestream_gui.market.studies import Study, StudyKind
from tradestream_gui.ui.charts.candles import CandleChart
from tradestream_gui.ui.charts.chart_data import (
    BarValues,
    ChartStyle,
    Film,
    FilmFill,
    LineKind,
    Marker,
    MarkerKind,
    PriceLine,
    Shading,
)
from tradestream_gui.ui.charts.chart_view import ChartView
from tradestream_gui.ui.shell.look import Look

STUDIES = (
    Study(StudyKind.VWAP),
    Study(StudyKind.EMA, (9.0,)),
    Study(StudyKind.BOLLINGER, (20.0, 2.0)),
    Study(StudyKind.RSI, (14.0,)),
    Study(StudyKind.MACD, (12.0, 26.0, 9.0)),
)
Step = Callable[[CandleChart, ChartView], None]


def _on_screen(chart: CandleChart) -> QImage:
    """What a user sees now, without asking for a repaint."""
    QApplication.processEvents()
    screen = chart.screen()
    assert screen is not None
    return screen.grabWindow(chart.winId()).toImage()  # type: ignore[arg-type]  # its stub wants a plain address


def _painted_anew(chart: CandleChart, view: ChartView) -> QImage:
    view.rescale()
    return _on_screen(chart)


def _dress(chart: CandleChart, style: ChartStyle = ChartStyle.CANDLES) -> None:
    """Indicators, panes, hours, fills on the last bars, an open film, a position with stop and target."""
    times = [START + 60 * number for number in (398, 399, 399)]
    chart.set_hours([Shading(START + 60 * 300, START + 60 * 420)], [START, START + 60 * 390])
    chart.set_studies(STUDIES, style)
    kinds = (MarkerKind.BUY_FILL, MarkerKind.SELL_FILL, MarkerKind.ALERT)
    markers = [Marker(str(n), times[n], 102.0, kinds[n], "fill") for n in range(3)]
    entry = FilmFill(START + 60 * 390, 101.5)
    film = Film(
        key="a", time=START + 60 * 389, until=START + 60 * 399, claimed=101.0, bid=101.25, ask=101.5, is_long=True,
        entry=entry, exits=(FilmFill(START + 60 * 399, 102.5),), best=104.0, worst=100.5, is_open=True, words="alert",
    )  # fmt: skip
    late = replace(film, key="b", time=START + 60 * 380, entry=FilmFill(START + 60 * 399, 103.0), claimed=100.0)
    chart.set_markers(markers, [film, late])
    chart.set_lines(
        [
            PriceLine("position", 101.5, LineKind.POSITION, "+2 ES"),
            PriceLine("stop", 100.5, LineKind.STOP, "STOP 2", draggable=True),
        ]
    )


def _tick(chart: CandleChart, view: ChartView, close: float, volume: float = 9.0) -> None:
    last = view.store.bar(view.store.count - 1)
    high, low = max(last.high, close), min(last.low, close)
    chart.update_last(BarValues(last.time, last.open, high, low, close, volume))
    chart._frames.flush_now()
    QApplication.processEvents()


def _ticks(chart: CandleChart, view: ChartView) -> None:
    """Within the bar's range."""
    last = view.store.bar(view.store.count - 1)
    middle = round((last.high + last.low) * 2) / 4
    for number, step in enumerate((0.0, 0.25, -0.25, 0.0, 0.25)):
        _tick(chart, view, middle + step, 9.0 - number)


def _break_out(chart: CandleChart, view: ChartView) -> None:
    """Beyond everything in view: the prices are fitted anew."""
    _tick(chart, view, view.store.bar(view.store.count - 1).close + 40)


def _new_bar(chart: CandleChart, view: ChartView) -> None:
    last = view.store.bar(view.store.count - 1)
    chart.append(BarValues(last.time + 60, last.close, last.close + 0.5, last.close - 0.5, last.close, 8.0))


def _volume_record(chart: CandleChart, view: ChartView) -> None:
    _tick(chart, view, view.store.bar(view.store.count - 1).close, 900.0)


def _hold_prices(chart: CandleChart, view: ChartView) -> None:
    """By hand: the bar may then leave the view upwards."""
    view.span.held_prices = (100.0, 103.0)
    view.rescale()


STEPS: dict[str, Step] = {
    "ticks": _ticks,
    "zoom in": lambda chart, view: view.zoom(2.5, 500.0),
    "ticks after zoom": _ticks,
    "zoom out": lambda chart, view: view.zoom(0.05, 300.0),
    "ticks in columns": _ticks,
    "latest": lambda chart, view: view.show_latest(),
    "new bar": _new_bar,
    "ticks of the new bar": _ticks,
    "break-out": _break_out,
    "ticks after the break-out": _ticks,
    "volume record": _volume_record,
    "prices held by hand": _hold_prices,
    "ticks out of sight": _ticks,
    "panned away": lambda chart, view: view.pan(-200.0),
    "ticks while panned away": _ticks,
    "panned past the end": lambda chart, view: view.pan(1000.0),
    "ticks at the left edge": _ticks,
}
STRIPS = ("ticks", "ticks after zoom", "ticks in columns", "ticks of the new bar", "ticks while panned away")
"""After these the picture is the one from before, but for its strip."""


@pytest.mark.parametrize("style", list(ChartStyle))
def test_what_is_on_the_screen_is_what_painting_anew_would_show(
    chart: CandleChart, view: ChartView, style: ChartStyle
) -> None:
    _dress(chart, style)
    QApplication.processEvents()
    for name, step in STEPS.items():
        before = view.sheet._picture
        step(chart, view)
        assert (view.sheet._picture is before) == (name in STRIPS), name
        assert _on_screen(chart) == _painted_anew(chart, view), name


def test_the_strip_is_all_that_ticks_paint(chart: CandleChart, view: ChartView) -> None:
    """A picture in which the closed bars were wiped out stays wiped out left of the strip."""
    _dress(chart)
    QApplication.processEvents()
    kept = view.sheet._picture
    assert kept is not None
    kept.fill(Qt.GlobalColor.magenta)
    _tick(chart, view, view.store.bar(399).open)
    left, seen = view.sheet.strip_left, kept.toImage()
    assert 0 < left < view.plot_width()
    assert {seen.pixelColor(x, 250).name() for x in range(left - 40)} == {"#ff00ff"}
    assert "#ff00ff" not in {seen.pixelColor(x, 250).name() for x in range(left, seen.width())}


def test_the_pointer_moves_over_the_kept_picture(chart: CandleChart, view: ChartView) -> None:
    _dress(chart)
    for x in (400, 700, 780, 790):
        QTest.mouseMove(view.viewport(), QPoint(x, 200))
        _ticks(chart, view)
        assert _on_screen(chart) == _painted_anew(chart, view)
    view.leaveEvent(None)
    assert _on_screen(chart) == _painted_anew(chart, view)


@pytest.mark.parametrize("theme", ["light", "high-contrast"])
def test_a_change_of_theme_or_size_of_text_spoils_it(
    look: Look, chart: CandleChart, view: ChartView, theme: str
) -> None:
    _dress(chart)
    before = _on_screen(chart)
    look.set_theme(theme)
    _ticks(chart, view)
    after = _on_screen(chart)
    assert after != before
    assert after == _painted_anew(chart, view)
    look.set_scale(1.5)
    _ticks(chart, view)
    assert _on_screen(chart) == _painted_anew(chart, view)


def test_lines_markers_hours_and_indicators_show_at_once(chart: CandleChart, view: ChartView) -> None:
    changes: list[Callable[[], None]] = [
        lambda: chart.set_lines([PriceLine("stop", 101.25, LineKind.STOP, "STOP 1", draggable=True)]),
        lambda: chart.set_lines([]),
        lambda: chart.set_markers([Marker("x", START + 60 * 380, 101.0, MarkerKind.BUY_FILL, "fill")]),
        lambda: chart.set_hours([Shading(START + 60 * 350, START + 60 * 370)], [START]),
        lambda: chart.set_studies([Study(StudyKind.ATR, (14.0,))], ChartStyle.BARS),
        lambda: chart.set_bars(bars(90)),
    ]
    for change in changes:
        before = _on_screen(chart)
        change()
        after = _on_screen(chart)
        assert after != before
        assert after == _painted_anew(chart, view)


def test_another_size_of_the_window_spoils_it(chart: CandleChart, view: ChartView) -> None:
    _dress(chart)
    for size in ((640, 400), (1100, 700), (1101, 703)):
        chart.resize(*size)
        _ticks(chart, view)
        assert _on_screen(chart) == _painted_anew(chart, view)


@pytest.mark.parametrize("ratio", [1.25, 1.5, 2.0])
def test_it_is_as_fine_as_the_screen(chart: CandleChart, view: ChartView, ratio: float) -> None:
    """A screen of another density, as when the window is moved to it: shown, then ticks, then painted anew."""
    _dress(chart)

    def shown() -> QImage:
        picture = QPixmap(round(chart.width() * ratio), round(chart.height() * ratio))
        picture.setDevicePixelRatio(ratio)
        chart.render(picture)
        return picture.toImage()

    coarse = _on_screen(chart)
    first = shown()
    _tick(chart, view, view.store.bar(399).open + 0.25)
    ticked = shown()
    view.rescale()
    assert ticked == shown()
    assert ticked != first
    assert first.width() > coarse.width()
    assert _on_screen(chart) == _painted_anew(chart, view)
