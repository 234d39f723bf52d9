"""The layouts that come with the program: which docks stand where, how wide, and which tab is in front."""

from dataclasses import dataclass

from PyQt6.QtCore import Qt

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
    BuiltIn("Futures scalp", "portfolio", (("watchlist", 13), ("chart", 35), ("ladder", 20))),
    BuiltIn("Options", "order_entry", (("watchlist", 16), ("chart", 28)), log_share=14),
    BuiltIn("Monitor", "messages", (("watchlist", 18), ("chart", 26)), log_share=28),
)
"""In the order of their keys. The first is the window as it begins."""


def put_in_place(window: MainWindow, layout: BuiltIn) -> None:
    """Every dock goes back into the window; those that the layout names are shown side by side, the others closed."""
    if not layout.shares:
        window.first_layout()
        return
    shares = dict(layout.shares)
    for key in DOCKS:
        dock = window.dock(key)
        dock.setFloating(False)
        window.addDockWidget(_area(key), dock)
        dock.setVisible(key in shares or (key == "log" and layout.log_share > 0))
    if "chart" in shares and "ladder" in shares:
        window.splitDockWidget(window.dock("chart"), window.dock("ladder"), Qt.Orientation.Horizontal)
    wide = [window.width() * share // 100 for share in shares.values()]
    window.resizeDocks([window.dock(key) for key in shares], wide, Qt.Orientation.Horizontal)
    if layout.log_share:
        tall = window.height() * layout.log_share // 100
        window.resizeDocks([window.dock("log")], [tall], Qt.Orientation.Vertical)
    window.show_tab(layout.tab)


def _area(key: str) -> Qt.DockWidgetArea:
    if key == "watchlist":
        return Qt.DockWidgetArea.LeftDockWidgetArea
    return Qt.DockWidgetArea.BottomDockWidgetArea if key == "log" else Qt.DockWidgetArea.RightDockWidgetArea
