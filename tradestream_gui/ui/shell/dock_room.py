"""Where the docks stand at the first start, and which give way to a larger text: no pane is squeezed and cut."""

from PyQt6.QtCore import QByteArray, Qt
from PyQt6.QtWidgets import QDockWidget, QMainWindow

from tradestream_gui.ui.shell.look import Look

WATCHLIST_WIDTH, CHART_WIDTH, LOG_HEIGHT = 304, 470, 160
BESIDE_SHARE, COLUMN_SHARE = 0.52, 0.4
"""What the docks left and right, and what one column of all of them, may take of the window's width."""
LADDER_FROM_WIDTH, LADDER_FROM_HEIGHT = 1366, 860
"""A narrower window starts without the ladder; a lower one keeps it as a tab behind the chart."""
LADDER_LEAST_WIDTH, WATCHLIST_LEAST_WIDTH, LOG_LEAST_HEIGHT = 1200, 940, 660
"""Of a window, in pixels at 100 %: below them the ladder is closed, the watchlist goes behind the chart, the log is
closed."""
CHART_SHARE = 40
"""Of a hundred: how much of the right column the chart gets above the ladder."""
SIDES = (Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea)


class DockRoom:
    """Arranges the window's docks by their keys; what it puts away for a larger text comes back with a smaller one,
    unless the user has moved a dock in between."""

    def __init__(self, window: QMainWindow, look: Look, docks: dict[str, QDockWidget], state_version: int) -> None:
        self._window, self._look, self._docks = window, look, docks
        self._state_version = state_version
        self._scale = look.scale
        self._before: tuple[QByteArray, dict[str, int], float] | None = None
        """The layout that comes back, with its widths and the scale that they were chosen under."""
        self._after: object = None

    def first(self) -> None:
        """A narrow watchlist, a chart as wide as a third, the ladder below it, a low log."""
        docks = self._docks
        if "chart" in docks and "ladder" in docks:
            self._place_ladder(docks["chart"], docks["ladder"])
        self._put_away()
        self._share_width({"watchlist": self._look.px(WATCHLIST_WIDTH), "chart": self._look.px(CHART_WIDTH)})
        if "log" in docks:
            self._window.resizeDocks([docks["log"]], [self._look.px(LOG_HEIGHT)], Qt.Orientation.Vertical)

    def adopt_scale(self) -> None:
        """The docks grow with the text, and those that have no room then give way."""
        if self._look.scale == self._scale:
            return
        widths, scale = {key: dock.width() for key, dock in self._docks.items()}, self._scale
        if self._before is not None and self._after == self._places():
            state, widths, scale = self._before
            self._window.restoreState(state, self._state_version)
        self._scale = self._look.scale
        before, places = self._window.saveState(self._state_version), self._places()
        self._put_away()
        self._after = self._places()
        self._before = (before, widths, scale) if self._after != places else None
        ratio, beside = self._scale / scale, [key for key, dock in self._docks.items() if self._is_beside(dock)]
        self._share_width({key: round(widths[key] * ratio) for key in beside})

    def _put_away(self) -> None:
        window, px = self._window, self._look.px
        chart, ladder, watchlist, log = (self._docks.get(key) for key in ("chart", "ladder", "watchlist", "log"))
        if log is not None and not log.isFloating() and window.height() < px(LOG_LEAST_HEIGHT):
            log.close()
        if chart is None or not self._is_beside(chart):
            return
        if ladder is not None and self._is_beside(ladder):
            if window.width() < px(LADDER_LEAST_WIDTH):
                ladder.close()
            elif window.height() < px(LADDER_FROM_HEIGHT):
                window.tabifyDockWidget(chart, ladder)
        if watchlist is not None and self._is_beside(watchlist) and window.width() < px(WATCHLIST_LEAST_WIDTH):
            window.addDockWidget(window.dockWidgetArea(chart), watchlist)
            window.tabifyDockWidget(chart, watchlist)
        if window.tabifiedDockWidgets(chart):
            chart.raise_()  # nothing else: it would cover the palette

    def _place_ladder(self, chart: QDockWidget, ladder: QDockWidget) -> None:
        self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, ladder)
        ladder.setVisible(self._window.width() >= max(LADDER_FROM_WIDTH, self._look.px(LADDER_LEAST_WIDTH)))
        if self._window.height() < self._look.px(LADDER_FROM_HEIGHT):
            self._window.tabifyDockWidget(chart, ladder)
        else:
            self._window.splitDockWidget(chart, ladder, Qt.Orientation.Vertical)
            shares = [CHART_SHARE, 100 - CHART_SHARE]
            self._window.resizeDocks([chart, ladder], shares, Qt.Orientation.Vertical)

    def _share_width(self, widths: dict[str, int]) -> None:
        """The docks beside the tabs together take no more than their share of the window."""
        is_column = len({self._window.dockWidgetArea(self._docks[key]) for key in widths}) == 1
        most = self._window.width() * (COLUMN_SHARE if is_column else BESIDE_SHARE)
        wanted = max(widths.values(), default=1) if is_column else sum(widths.values())
        part = min(most / max(wanted, 1), 1.0)
        docks = [self._docks[key] for key in widths]
        self._window.resizeDocks(docks, [round(width * part) for width in widths.values()], Qt.Orientation.Horizontal)

    def _is_beside(self, dock: QDockWidget) -> bool:
        return self._window.dockWidgetArea(dock) in SIDES and not dock.isHidden() and not dock.isFloating()

    def _places(self) -> object:
        """What a user changes by moving a dock, without the sizes."""
        window = self._window
        return tuple(
            (
                key,
                window.dockWidgetArea(dock),
                dock.isHidden(),
                dock.isFloating(),
                tuple(sorted(other.objectName() for other in window.tabifiedDockWidgets(dock))),
            )
            for key, dock in self._docks.items()
        )
