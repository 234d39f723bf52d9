"""Which tabs and docks the window has; each is imported when it is first made, so that the first paint is quick."""

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.window_parts import DockPlan, TabPlan


def _portfolio(look: Look) -> QWidget:
    from tradestream_gui.ui.tabs.portfolio.tab import PortfolioTab

    return PortfolioTab(look)


def _messages(look: Look) -> QWidget:
    from tradestream_gui.ui.tabs.messages.tab import MessagesTab

    return MessagesTab(look)


def _order_entry(look: Look) -> QWidget:
    from tradestream_gui.ui.tabs.order_entry.tab import OrderEntryTab

    return OrderEntryTab(look)


def _analytics(look: Look) -> QWidget:
    from tradestream_gui.ui.tabs.analytics.tab import AnalyticsTab

    return AnalyticsTab(look)


def _config(look: Look) -> QWidget:
    from tradestream_gui.ui.tabs.config import ConfigTab

    return ConfigTab(look)


def _watchlist(look: Look) -> QWidget:
    from tradestream_gui.ui.docks.watchlist.dock import WatchlistDock

    return WatchlistDock(look)


def _chart(look: Look) -> QWidget:
    from tradestream_gui.ui.docks.chart.dock import ChartDock

    return ChartDock(look)


def _ladder(look: Look) -> QWidget:
    from tradestream_gui.ui.docks.ladder.dock import LadderDock

    return LadderDock(look)


def _log(look: Look) -> QWidget:
    from tradestream_gui.ui.docks.log.dock import LogDock

    return LogDock(look)


TABS = (
    TabPlan("portfolio", "Portfolio", "portfolio", _portfolio),
    TabPlan("messages", "Messages", "messages", _messages, waits=True),
    TabPlan("order_entry", "Order entry", "order", _order_entry, waits=True),
    TabPlan("analytics", "Analytics", "analytics", _analytics, waits=True),
    TabPlan("config", "Config", "config", _config, waits=True),
)
DOCKS = (
    DockPlan("watchlist", "Watchlist", Qt.DockWidgetArea.LeftDockWidgetArea, _watchlist),
    DockPlan("chart", "Chart", Qt.DockWidgetArea.RightDockWidgetArea, _chart),
    DockPlan("ladder", "Ladder", Qt.DockWidgetArea.RightDockWidgetArea, _ladder),
    DockPlan("log", "Log", Qt.DockWidgetArea.BottomDockWidgetArea, _log),
)
