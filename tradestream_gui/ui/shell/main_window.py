"""The main window: mode band, risk bar, five tabs and the docks; painted before the core is loaded."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QByteArray, QEvent, Qt, pyqtSignal
from PyQt6.QtGui import QCloseEvent
from PyQt6.QtWidgets import QDockWidget, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.dock_room import DockRoom
from tradestream_gui.ui.shell.lag_meter import LagMeter
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.overlays import keep_free, raise_overlays
from tradestream_gui.ui.shell.risk_bar import RiskBar
from tradestream_gui.ui.shell.spare_prices import SparePrices
from tradestream_gui.ui.shell.status_strip import StatusStrip
from tradestream_gui.ui.shell.window_parts import DockPlan, TabPlan, WindowParts
from tradestream_gui.ui.widgets.arm_switch import ArmSwitch
from tradestream_gui.ui.widgets.dock_title import DockTitle
from tradestream_gui.ui.widgets.empty_state import EmptyState
from tradestream_gui.ui.widgets.failure_page import FailurePage
from tradestream_gui.ui.widgets.icon_tabs import IconTabs
from tradestream_gui.ui.widgets.mode_band import Band, ModeBand
from tradestream_gui.ui.widgets.state_banner import StateBanner
from tradestream_gui.ui.widgets.toast import ToastStack

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ui.shell.signal_hub import SignalHub
    from tradestream_gui.ui.shell.tray_icon import TrayIcon

MIN_WIDTH, MIN_HEIGHT = 1280, 720
STATE_VERSION = 2
"""Raised when docks change, so that an older layout is not restored onto them."""


class MainWindow(QMainWindow):
    """Makes a tab's content when it is first looked at, and gives it the core as soon as there is one."""

    closing = pyqtSignal()
    part_made = pyqtSignal(object)
    """Carries a tab's or dock's content when it has just been made."""
    table_export_wanted = pyqtSignal(object)
    """Carries the table, in whatever tab or dock, that the user wants as a file."""

    def __init__(self, look: Look, tabs: tuple[TabPlan, ...], docks: tuple[DockPlan, ...]) -> None:
        super().__init__()
        self._look = look
        self._tab_plans = tabs
        self._docks: dict[str, QDockWidget] = {}
        self._away: list[QDockWidget] = []
        """Floating docks that were put away with the window."""
        self.arming = Arming(self)
        self.arming.watch_window(self)
        self.contents = WindowParts(self, look, self.arming, (*tabs, *docks), self._place, self.part_made.emit)
        self.band = ModeBand(look)
        self.risk_bar = RiskBar(look)
        self.arm_switch = ArmSwitch(look, self.arming)
        self.banner = StateBanner(look)
        self.tabs = IconTabs()
        self.tabs.setDocumentMode(True)
        self.toasts = ToastStack(look, self)
        self.desktop: TrayIcon | None = None
        self.lag = LagMeter(self)
        self.status = StatusStrip(self.lag)
        self.setStatusBar(self.status)
        self.setWindowTitle("TradeStream")
        self.setMinimumSize(MIN_WIDTH, MIN_HEIGHT)
        self._lay_out()
        for plan in docks:
            self._add_dock(plan)
        self._room = DockRoom(self, look, self._docks, STATE_VERSION)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.tabs.currentChanged.connect(self._on_tab)
        self.part_made.connect(self.toasts.place)
        look.changed.connect(self._adopt_look)

    # -- parts ---------------------------------------------------------------------------------------------

    def part(self, key: str) -> QWidget:
        """The content of a tab or dock in its place, made now if it has to be."""
        return self.contents.part(key)

    def show_tab(self, key: str) -> QWidget:
        """The tab in front, with its content: made now if it has to be."""
        part = self.part(key)
        self.tabs.setCurrentIndex(self._index_of(key))
        return part

    def look_at(self, key: str, use: Callable[[QWidget], object] = lambda made: None) -> None:
        """Brings a tab to the front, and gives its content to `use` as soon as it is there."""
        self.tabs.setCurrentIndex(self._index_of(key))
        self.contents.use(key, use)

    def tab_keys(self) -> tuple[str, ...]:
        return tuple(plan.key for plan in self._tab_plans)

    def dock(self, key: str) -> QDockWidget:
        return self._docks[key]

    def dock_keys(self) -> tuple[str, ...]:
        return tuple(self._docks)

    def docks(self) -> tuple[QDockWidget, ...]:
        return tuple(self._docks.values())

    def unmade(self) -> tuple[str, ...]:
        """Keys of the tabs and docks that have no content yet, what is in sight first, without those that wait and
        without docks that are closed."""
        in_sight = self._tab_plans[self.tabs.currentIndex()].key
        docks = (key for key, dock in self._docks.items() if not dock.isHidden())
        others = (plan.key for plan in self._tab_plans if plan.key != in_sight and not plan.waits)
        placed = self.contents.placed()
        return tuple(key for key in (in_sight, *docks, *others) if key not in placed)

    def attach(self, core: Core, hub: SignalHub) -> None:
        self.risk_bar.attach(core, hub)
        self.risk_bar.account_changed.connect(self.arming.on_account)
        self.arming.watch_hub(hub)
        self.banner.attach(core, hub)
        self.status.attach(core, hub)
        self.lag.follow(hub.late)
        hub.orders_first.hold_drawing_of(self)
        hub.rest_while(lambda: self.status.is_resting() and not self.banner.tells_time())
        self.contents.attach(core, hub)
        SparePrices(core, hub, self)
        for key, dock in self._docks.items():
            dock.visibilityChanged.connect(partial(self._on_dock, key))

    def show_failure(self, words: str) -> None:
        """Says in the middle of the window why the profile did not open; there is nothing to trade with then."""
        self.tabs.hide()
        self.risk_bar.hide()
        self.status.hide()
        self.band.show_band(Band.FAILED)
        failed = FailurePage(self._look, words)
        failed.quit_wanted.connect(self.closing)
        failed.setObjectName("failure")
        middle = self.centralWidget()
        layout = middle.layout() if middle is not None else None
        if layout is not None:
            layout.addWidget(failed)
            failed.show()
        for dock in self._docks.values():
            dock.hide()

    def parts(self) -> dict[str, QWidget]:
        """The tabs' and docks' contents made so far, by key."""
        return self.contents.placed()

    @property
    def look(self) -> Look:
        return self._look

    def default_layout(self) -> None:
        """The places and sizes of the first start."""
        self._room.first()

    def put_away(self) -> None:
        """Off the screen and the task bar, floating docks too: the tray brings it back."""
        self._away = [dock for dock in self._docks.values() if dock.isFloating() and dock.isVisible()]
        for dock in self._away:
            dock.hide()
        self.hide()

    def bring_back(self) -> None:
        """In front of others, as large as it was."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self._show_away()
        self.raise_()
        self.activateWindow()

    def layout_state(self) -> tuple[QByteArray, QByteArray]:
        self._show_away()  # they were not closed by the user
        return self.saveGeometry(), self.saveState(STATE_VERSION)

    def restore_layout(self, geometry: QByteArray, state: QByteArray) -> bool:
        """False when the stored layout does not fit this version; the default stays then."""
        return self.restoreGeometry(geometry) and self.restoreState(state, STATE_VERSION)

    # -- making --------------------------------------------------------------------------------------------

    def _place(self, key: str, made: QWidget) -> None:
        """A dock's content into its dock; a tab's in place of what stood there while it was made."""
        if key in self._docks:
            old = self._docks[key].widget()
            self._docks[key].setWidget(made)
            _drop(old)
            return
        index, current = self._index_of(key), self.tabs.currentIndex()
        old = self.tabs.widget(index)
        self.tabs.blockSignals(True)
        self.tabs.removeTab(index)
        self.tabs.insertTab(index, made, self._tab_plans[index].title)
        self.tabs.setCurrentIndex(current)
        self.tabs.blockSignals(False)
        self._show_icons()
        _drop(old)

    def _show_away(self) -> None:
        for dock in self._away:
            dock.show()
        self._away = []

    def _show_icons(self) -> None:
        self.tabs.show_icons([self._look.icon(plan.icon) for plan in self._tab_plans])

    def _lay_out(self) -> None:
        for plan in self._tab_plans:
            self.tabs.addTab(QWidget(), plan.title)
        self._say_that_it_loads(self.tabs.currentIndex())
        self._show_icons()
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs, 1)
        self.setCentralWidget(middle)
        titles = self.tabs.tabBar()
        if titles is not None:
            keep_free(titles)
        bar = self.risk_bar.layout()
        if isinstance(bar, QHBoxLayout):
            bar.insertWidget(bar.indexOf(self.risk_bar.resume), self.arm_switch)
        top = QWidget()
        rows = QVBoxLayout(top)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.band)
        rows.addWidget(self.risk_bar)
        rows.addWidget(self.banner)
        self.setMenuWidget(top)

    def _add_dock(self, plan: DockPlan) -> None:
        dock = QDockWidget(plan.title, self)
        dock.setObjectName(plan.key)
        dock.setTitleBarWidget(DockTitle(self._look, dock))
        dock.setWidget(EmptyState(self._look, "Loading…", icon="more"))
        self.addDockWidget(plan.area, dock)
        self._docks[plan.key] = dock

    def _adopt_look(self) -> None:
        self._show_icons()
        self._room.follow_scale()

    def _on_tab(self, index: int) -> None:
        if 0 <= index < len(self._tab_plans):
            self._say_that_it_loads(index)
            self.contents.want(self._tab_plans[index].key)

    def _say_that_it_loads(self, index: int) -> None:
        """In a tab that is looked at before it is made; one that is made takes the place of this."""
        holder = self.tabs.widget(index)
        if holder is None:
            return  # a window without tabs
        plan = self._tab_plans[index]
        if plan.key not in self.contents.placed() and holder.layout() is None:
            room = QVBoxLayout(holder)
            room.setContentsMargins(0, 0, 0, 0)
            said = EmptyState(self._look, "Loading…", icon=plan.icon)
            room.addWidget(said)
            said.show()  # now: what is added to a window that stands is else shown a turn later

    def _on_dock(self, key: str, is_visible: bool) -> None:
        """A closed dock is opened: what stands in it is made now."""
        if is_visible:
            self.contents.want(key)

    def _index_of(self, key: str) -> int:
        return next(index for index, plan in enumerate(self._tab_plans) if plan.key == key)

    # overridden Qt methods

    def event(self, event: QEvent | None) -> bool:
        is_known = super().event(event)
        if event is not None and event.type() is QEvent.Type.LayoutRequest:
            raise_overlays(self)
        return is_known

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Closing asks the application to stop; the window goes when everything is at rest."""
        if event is not None:
            event.ignore()
        self.closing.emit()


def _drop(old: QWidget | None) -> None:
    """What stood in a place that another has taken."""
    if old is not None:
        old.deleteLater()
