"""Which bars and prices are in view: following the market, panning, zooming, and prices fitted or held by hand."""

from tradestream_gui.ui.charts.bar_store import BarStore

FIRST_BAR_PX = 7.0  # width of a bar, with its gap, when bars are loaded
RIGHT_ROOM_BARS = 6  # free room right of the last bar
WIDEST_BAR_PX = 60.0
STRETCH = 1.01  # of the price range, a pixel
HEADROOM = 0.06  # free share of the price range above and below the bars
LINES_SHARE = 2.5
"""Fitted prices take in own lines as long as the bars keep a range that is no smaller than one in so many."""


class VisibleRange:
    """The only owner of what is in view. `width` is the plot's, in pixels, told before each question."""

    def __init__(self, store: BarStore) -> None:
        self._store = store
        self.left = 0.0
        self.px_per_bar = FIRST_BAR_PX
        self.width = 10
        self.held_prices: tuple[float, float] | None = None
        self._drag_from: tuple[float, tuple[float, float]] = (0.0, (0.0, 1.0))

    @property
    def bars(self) -> float:
        return self.width / self.px_per_bar

    @property
    def right(self) -> float:
        return self.left + self.bars

    @property
    def follows_latest(self) -> bool:
        """True while the last bar is in view."""
        return self.left <= self._store.count <= self.right + 1

    def show_latest(self) -> None:
        """The last bars at the right edge, prices fitted."""
        self.held_prices = None
        self.left = self._store.count + RIGHT_ROOM_BARS - self.bars

    def show(self, left: float, right: float) -> None:
        self.px_per_bar = min(self.width / max(right - left, 1.0), WIDEST_BAR_PX)
        self.left = left

    def resize(self, before: int, width: int) -> None:
        """The right edge stays where it was."""
        self.left += (before - width) / self.px_per_bar
        self.width = width

    def pan(self, bars: float) -> None:
        self.left += bars
        self.clamp()

    def zoom(self, factor: float, around_x: float) -> None:
        anchor = self.left + around_x / self.px_per_bar
        self.px_per_bar *= factor
        self.clamp()
        self.left = anchor - around_x / self.px_per_bar
        self.clamp()

    def clamp(self) -> None:
        """Panning and zooming stay where bars are."""
        self.px_per_bar = min(max(self.px_per_bar, self.width / (self._store.count + 60.0)), WIDEST_BAR_PX)
        self.left = min(max(self.left, -self.bars * 0.5), self._store.count - self.bars * 0.1)

    def begin_drag(self, prices: tuple[float, float]) -> None:
        """From here on `drag` and `stretch` count; `prices` are those in view."""
        self._drag_from = (self.left, prices)

    def drag(self, right_px: float, down_px: float, px_per_price: float) -> None:
        """Moves the bars by so many pixels; prices too when they are held by hand."""
        left, (low, high) = self._drag_from
        self.left = left - right_px / self.px_per_bar
        if self.held_prices is not None:
            self.held_prices = (low + down_px / px_per_price, high + down_px / px_per_price)
        self.clamp()

    def stretch(self, down_px: float) -> None:
        """Dragging the price axis down makes bars lower."""
        low, high = self._drag_from[1]
        middle, half = (low + high) / 2, (high - low) / 2 * STRETCH**down_px
        self.held_prices = (middle - half, middle + half)

    def prices(self, store: BarStore, lines: list[float], tick: float) -> tuple[float, float]:
        """The price range: held by hand, else fitted to the bars in view and, where there is room, to own lines."""
        if self.held_prices is not None:
            return self.held_prices
        low, high = _extremes(store, int(self.left), int(self.right) + 1)
        most = max(high - low, 8 * tick) * LINES_SHARE
        for price in sorted(lines, key=lambda price: abs(price - (low + high) / 2)):
            if max(high, price) - min(low, price) > most:
                break
            low, high = min(low, price), max(high, price)
        room = max((high - low) * HEADROOM, tick * 2)
        return low - room, high + room


def _extremes(store: BarStore, first: int, end: int) -> tuple[float, float]:
    """Of these bars; the last bar's when none of them exists."""
    known = store.extremes(first, end)
    if known is None and store.count:
        known = store.extremes(store.count - 1, store.count)
    return known if known is not None else (0.0, 1.0)
