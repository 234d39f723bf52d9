"""The candle chart as other screens use it; the drawing part, and numpy with it, is loaded when it is first shown."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QPainter, QPaintEvent, QShowEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from tradestream_gui.market.studies import Study
from tradestream_gui.ui.charts.chart_data import (
    NO_BARS,
    BarArrays,
    BarValues,
    ChartStyle,
    Film,
    Marker,
    MoveWords,
    PriceLine,
    Shading,
)
from tradestream_gui.ui.shell.frame_clock import FrameClock
from tradestream_gui.ui.shell.look import Look

if TYPE_CHECKING:
    from tradestream_gui.ui.charts.chart_view import ChartView

DESCRIBE_MS = 1000  # how often the sentence for screen readers follows the market
WAITING = "Waiting for the first bar…"
_GHOST_BARS = (0.50, 0.62, 0.55, 0.70, 0.66, 0.78, 0.60, 0.52, 0.64, 0.74, 0.82, 0.70)  # heights of the skeleton


def two_decimals(price: float) -> str:
    return f"{price:,.2f}".replace("-", "\u2212")


class CandleChart(QWidget):
    """Bars, indicators, price lines and markers of one instrument. Everything may be set before the chart is shown."""

    line_dropped = pyqtSignal(str, float)  # (line id, price): send it, then call set_lines
    marker_clicked = pyqtSignal(str)  # the marker's key
    menu_wanted = pyqtSignal(float, object)  # (price at a tick, global position)

    def __init__(
        self,
        look: Look,
        *,
        name: str = "Price chart",
        price_text: Callable[[float], str] = two_decimals,
        tick: float = 0.01,
        zone: tzinfo = UTC,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._look = look
        self._name, self._title = name, ""
        self._price_text, self._tick, self._zone = price_text, tick, zone
        self._waiting = WAITING
        self._bars: BarArrays | None = None
        self._lines: Sequence[PriceLine] = ()
        self._markers: Sequence[Marker] = ()
        self._films: Sequence[Film] = ()
        self._shadings: Sequence[Shading] = ()
        self._session_opens: Sequence[int] = ()
        self._studies: Sequence[Study] = ()
        self._style, self._has_volume, self._seconds = ChartStyle.CANDLES, True, 60
        self._answer: Callable[[str, float], MoveWords] | None = None
        self._last: BarValues | None = None
        self._frames = FrameClock(self._flush, parent=self)
        self._descriptions = FrameClock(self._describe, DESCRIBE_MS, parent=self)
        self._view: ChartView | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.setMinimumSize(240, 160)
        self.setAccessibleName(name)
        look.changed.connect(self.update)

    # bars

    def set_bars(self, bars: BarArrays) -> None:
        """Replaces all bars and shows the latest; without a bar the waiting text stands there."""
        self._last = None
        self._bars = bars
        if self._view is not None:
            self._take_bars(self._view)

    def append(self, bar: BarValues) -> None:
        """A new bar after the last one."""
        self._flush()
        if self._view is None or not self._view.store.count:
            self._bars = _joined(self._bars, bar)
            if self._view is not None:
                self._take_bars(self._view)
            return
        self._view.append(bar)

    def update_last(self, bar: BarValues) -> None:
        """The open bar moved; shown at the next frame, the last call counts."""
        self._last = bar
        if self.isVisible():
            self._frames.request()

    # around the bars

    def plot_width(self) -> int:
        """Pixels left of the prices."""
        return self.width() if self._view is None else self._view.plot_width()

    def set_lines(self, lines: Sequence[PriceLine]) -> None:
        self._lines = tuple(lines)
        if self._view is not None:
            self._view.set_lines(self._lines)

    def set_markers(self, markers: Sequence[Marker], films: Sequence[Film] = ()) -> None:
        self._markers, self._films = tuple(markers), tuple(films)
        if self._view is not None:
            self._view.set_markers(self._markers, self._films)

    def set_studies(self, studies: Sequence[Study], style: ChartStyle, *, has_volume: bool = True) -> None:
        """Which indicators are drawn, in this order, and how the bars are."""
        self._studies, self._style, self._has_volume = tuple(studies), style, has_volume
        if self._view is not None:
            self._show_studies(self._view)

    def set_hours(self, shadings: Sequence[Shading], session_opens: Sequence[int]) -> None:
        """The spans outside of regular hours, and where sessions open (UTC seconds): the VWAP begins there."""
        self._shadings, self._session_opens = tuple(shadings), tuple(session_opens)
        if self._view is not None:
            self._view.set_shadings(self._shadings, self._session_opens)
            self._show_studies(self._view)

    def set_answer(self, answer: Callable[[str, float], MoveWords]) -> None:
        """Who says what would come of a line (its id) that is let go at a price."""
        self._answer = answer
        if self._view is not None:
            self._view.mover.answer = answer

    def set_stale(self, is_stale: bool) -> None:
        """An old last price loses its colour."""
        if self._view is not None and self._view.lines.is_stale is not is_stale:
            self._view.lines.is_stale = is_stale
            self._view.lines.update()

    def set_instrument(
        self, title: str, *, price_text: Callable[[float], str], tick: float, zone: tzinfo, seconds: int = 60
    ) -> None:
        """What is charted ("ES Dec26, 1 min") in bars of how many seconds; drops the bars of the one before."""
        self._title, self._price_text, self._tick, self._zone = title, price_text, tick, zone
        self._seconds = seconds
        self._lines, self._markers, self._films, self._shadings, self._session_opens = (), (), (), (), ()
        self.set_bars(NO_BARS)
        if self._view is not None:
            self._dress(self._view)

    def set_waiting_text(self, text: str) -> None:
        """What stands here while there is no bar."""
        self._waiting = text
        self.update()

    def show_latest(self) -> None:
        if self._view is not None:
            self._view.show_latest()

    @property
    def view(self) -> "ChartView | None":
        """The drawing part; None until the chart was shown."""
        return self._view

    def summary(self) -> str:
        """What the chart shows in one sentence, for screen readers."""
        store = self._view.store if self._view is not None else None
        if store is None or not store.count:
            return self._waiting
        first, end = (self._view.span.left, self._view.span.right) if self._view is not None else (0.0, 0.0)
        known = store.extremes(int(first), int(end) + 1)
        last = store.bar(store.count - 1)
        at = datetime.fromtimestamp(last.time, UTC).astimezone(self._zone)
        text = f"{self._title or self._name}: last {self._price_text(last.close)} at {at:%H:%M}"
        if known is not None:
            text += f", between {self._price_text(known[0])} and {self._price_text(known[1])} in view"
        return "; ".join([text, *(f"{line.label} at {self._price_text(line.price)}" for line in self._lines)])

    # inside

    def _build(self) -> "ChartView":
        from tradestream_gui.ui.charts.chart_view import ChartView  # numpy comes in here, not at start-up

        view = ChartView(self._look, price_text=self._price_text, tick=self._tick, parent=self)
        view.line_dropped.connect(self.line_dropped)
        view.marker_clicked.connect(self.marker_clicked)
        view.menu_wanted.connect(self.menu_wanted)
        self._layout.addWidget(view)
        self.setFocusProxy(view)
        self._view = view
        self._layout.activate()
        self._dress(view)
        self._take_bars(view)
        return view

    def _dress(self, view: "ChartView") -> None:
        view.setAccessibleName(self._name)
        view.set_prices(self._price_text, self._tick)
        view.set_heading(self._title, self._zone, self._seconds)
        view.mover.answer = self._answer
        view.set_lines(self._lines)
        view.set_markers(self._markers, self._films)
        view.set_shadings(self._shadings, self._session_opens)
        self._show_studies(view)

    def _show_studies(self, view: "ChartView") -> None:
        view.set_studies(self._studies, self._session_opens, self._style, has_volume=self._has_volume)

    def _take_bars(self, view: "ChartView") -> None:
        if self._bars is not None:
            view.set_bars(self._bars)
            self._bars = None
        view.setVisible(view.store.count > 0)
        self._flush()
        self._descriptions.request()

    def _describe(self) -> None:
        self.setAccessibleDescription(self.summary())

    def _flush(self) -> None:
        """Gives the newest state of the open bar to the view."""
        if self._view is not None and self._last is not None and self._view.store.count:
            last, self._last = self._last, None
            self._view.update_last(last)
            self._descriptions.request()

    def _paint_ghost(self, painter: QPainter) -> None:
        """A faint row of candles below the text: here will be a chart."""
        ghost, wide = self._look.color("hairline"), self._look.px(9)
        step = self.width() / (len(_GHOST_BARS) + 1)
        for number, share in enumerate(_GHOST_BARS):
            left, top = round(step * (number + 1) - wide / 2), round(self.height() * (1.06 - share * 0.5))
            tall = round(self.height() * 0.09)
            painter.fillRect(left, top, wide, tall, ghost)
            painter.fillRect(left + wide // 2, top - tall // 3, 1, tall * 5 // 3, ghost)

    # overridden Qt methods

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        if self._view is None:
            self._build()
        self._flush()

    def paintEvent(self, event: QPaintEvent | None) -> None:
        if self._view is not None and self._view.isVisible():
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("panel"))
        self._paint_ghost(painter)
        painter.setPen(self._look.color("text_2"))
        painter.setFont(self._look.font(13))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._waiting)
        painter.end()


def _joined(bars: BarArrays | None, bar: BarValues) -> BarArrays:
    """The bars that wait for the chart to be shown, with one more."""
    had = bars if bars is not None else NO_BARS
    return BarArrays(
        times=[*had.times, bar.time],
        opens=[*had.opens, bar.open],
        highs=[*had.highs, bar.high],
        lows=[*had.lows, bar.low],
        closes=[*had.closes, bar.close],
        volumes=[*had.volumes, bar.volume],
    )
