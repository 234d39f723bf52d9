"""The layouts that come with the program: which docks stand where, how wide, and which tab is in front."""

from dataclasses import dataclass
from functools import partial

from PyQt6.QtCore import Qt, QTimer

from tradestream_gui.ui.shell.dock_room import LOG_LEAST_HEIGHT, WATCHLIST_LEAST_WIDTH
from tradestream_gui.ui.shell.main_window import MainWindow

DOCKS = ("watchlist", "chart", "ladder", "log")


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """`shares` are parts of the window's width; a dock without one is closed. `log_share` is of its height."""

    name: str
    tab: str
    shares: tuple[tuple[str, int], ...]
    log_share: int = 0


BUILT_IN = (
    BuiltIn("Default", "", ()),
    BuiltIn("Futures scalp", "portfolio", (("watchlist", 14), ("chart", 32), ("ladder", 24))),
    BuiltIn("Options", "order_entry", (("watchlist", 19), ("chart", 26)), log_share=14),
    BuiltIn("Monitor", "messages", (("watchlist", 19), ("chart", 26)), log_share=26),
)
"""In the order of their keys. The first is the window as it begins."""
SIDE_BY_SIDE_FROM, LADDER_FROM = 1480, 1000
"""Pixels at 100 % of a window in which chart and ladder stand side by side, and in which there is room for the ladder
behind the chart at all."""


def put_in_place(window: MainWindow, layout: BuiltIn) -> None:
    """Every dock goes back into the window; those that the layout names are shown, the others closed."""
    shares = dict(layout.shares)
    for key in DOCKS:
        dock = window.dock(key)
        dock.setFloating(False)
        window.addDockWidget(_area(key), dock)
        dock.setVisible(not shares or key in shares)
    if not shares:
        window.default_layout()
        return
    px = window.look.px
    window.dock("log").setVisible(layout.log_share > 0 and window.height() >= px(LOG_LEAST_HEIGHT))
    if "ladder" in shares:
        _place_ladder(window, shares)
    if window.width() < px(WATCHLIST_LEAST_WIDTH):
        window.tabifyDockWidget(window.dock("chart"), window.dock("watchlist"))
        window.dock("chart").raise_()
        del shares["watchlist"]
    window.look_at(layout.tab)
    later = QTimer(window)
    later.setSingleShot(True)
    later.timeout.connect(partial(_share, window, shares, layout.log_share))
    later.timeout.connect(later.deleteLater)
    later.start(0)  # sizes count only among docks that have taken their places


def _share(window: MainWindow, shares: dict[str, int], log_share: int) -> None:
    wide = [window.width() * share // 100 for share in shares.values()]
    window.resizeDocks([window.dock(key) for key in shares], wide, Qt.Orientation.Horizontal)
    if window.dock("log").isVisibleTo(window):
        window.resizeDocks([window.dock("log")], [window.height() * log_share // 100], Qt.Orientation.Vertical)


def _place_ladder(window: MainWindow, shares: dict[str, int]) -> None:
    """Beside the chart; in front of it where the text is too large for both; closed where it is for either."""
    chart, ladder = window.dock("chart"), window.dock("ladder")
    if window.width() >= window.look.px(SIDE_BY_SIDE_FROM):
        window.splitDockWidget(chart, ladder, Qt.Orientation.Horizontal)
        return
    ladder.setVisible(window.width() >= window.look.px(LADDER_FROM))
    window.tabifyDockWidget(chart, ladder)
    ladder.raise_()
    del shares["ladder"]


def _area(key: str) -> Qt.DockWidgetArea:
    if key == "watchlist":
        return Qt.DockWidgetArea.LeftDockWidgetArea
    return Qt.DockWidgetArea.BottomDockWidgetArea if key == "log" else Qt.DockWidgetArea.RightDockWidgetArea
