"""The chart dock: one chart or up to four, side by side or below one another, linked by colours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from tradestream_gui.domain.ids import AccountId, InstrumentId
from tradestream_gui.ui.docks.chart.fills import ChartFills
from tradestream_gui.ui.docks.chart.panel import ChartPanel
from tradestream_gui.ui.docks.chart.state import ChartState, LinkColour, chart_state_of
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.look import Look

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.events import FillBooked
    from tradestream_gui.domain.events_market import BarClosed
    from tradestream_gui.ui.shell.signal_hub import SignalHub

MOST_CHARTS = 4
LEAST_WIDTH_PX = 360
"""Narrower than this each, charts stand below one another."""


class ChartDock(QWidget):
    """Gives each fact to every chart; a contract chosen in the window goes to the blue ones."""

    kept_as = "charts"
    show_message = pyqtSignal(object)
    show_order = pyqtSignal(object)
    said = pyqtSignal(str)
    undoable = pyqtSignal(str, object)
    symbol_linked = pyqtSignal(object)
    """Carries the contract that was chosen on a blue chart, for the ladder to follow."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._fills: ChartFills | None = None
        self._account_id: AccountId | None = None
        self._arming = Arming(self)
        self._split = QSplitter(Qt.Orientation.Vertical, self)
        self._split.setChildrenCollapsible(False)
        self.panels: list[ChartPanel] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._split)
        self._add(ChartState())

    def use_arming(self, arming: Arming) -> None:
        """Shares the window's one arming; called before the core is attached."""
        self._arming = arming
        self._show([panel.state for panel in self.panels])

    def attach(self, core: Core, hub: SignalHub) -> None:
        self._core = core
        self._fills = ChartFills(core)
        self._arming.watch_hub(hub)
        accounts = core.accounts.accounts()
        self._account_id = self._account_id or (accounts[0].account_id if accounts else None)
        for panel in self.panels:
            self._attach(panel)
        hub.frame.connect(self._on_frame)
        hub.second.connect(self._on_second)
        hub.bar_closed.connect(self._on_bar_closed)
        hub.fill_booked.connect(self._on_fill)
        for signal in (hub.lot_changed, hub.plan_changed, hub.order_changed):
            signal.connect(self._on_orders)
        hub.price_alerts_changed.connect(self._on_price_alerts)
        hub.alert_decided.connect(self._on_alert)
        self._open_first()

    def show_account(self, account_id: AccountId | None) -> None:
        """New entries go to this account, the one of the window's bar."""
        self._account_id = account_id
        for panel in self.panels:
            panel.show_account(account_id)

    def show_instrument_id(self, instrument_id: InstrumentId) -> None:
        """Another part of the window shows this contract: the blue charts follow."""
        self._follow(LinkColour.BLUE, instrument_id)

    # -- kept between runs ---------------------------------------------------------------------------------

    def keep_state(self) -> Mapping[str, object]:
        return {"charts": [panel.state.plain() for panel in self.panels]}

    def restore_state(self, stored: Mapping[str, object]) -> None:
        charts = stored.get("charts")
        if isinstance(charts, list) and charts:
            self._show([chart_state_of(one) for one in charts[:MOST_CHARTS]])
            self._open_first()

    # -- charts --------------------------------------------------------------------------------------------

    def add_chart(self, beside: ChartPanel) -> None:
        """One more, of the same contract and not linked, so that it can show another one."""
        if len(self.panels) < MOST_CHARTS:
            self._add(replace(beside.state, link=LinkColour.NONE))

    def close_chart(self, panel: ChartPanel) -> None:
        if len(self.panels) > 1:
            self.panels.remove(panel)
            panel.hide()
            panel.deleteLater()
            self._hold()
            self._show_neighbours()

    def _show(self, states: list[ChartState]) -> None:
        for panel in self.panels:
            panel.hide()
            panel.deleteLater()
        self.panels = []
        for state in states:
            self._add(state)

    def _add(self, state: ChartState) -> None:
        panel = ChartPanel(self._look, state, self._arming)
        self.panels.append(panel)
        self._split.addWidget(panel)
        panel.show_message.connect(self.show_message)
        panel.show_order.connect(self.show_order)
        panel.said.connect(self.said)
        panel.undoable.connect(self.undoable)
        panel.linked.connect(self._on_linked)
        panel.another_wanted.connect(self.add_chart)
        panel.close_wanted.connect(self.close_chart)
        panel.opened.connect(self._hold)
        self._attach(panel)
        self._show_neighbours()

    def _hold(self) -> None:
        core = self._core
        if core is not None:
            shown = [panel.instrument for panel in self.panels if panel.instrument is not None]
            core.tasks.spawn(core.subscriptions.hold("charts", shown), "prices of the charts")

    def _attach(self, panel: ChartPanel) -> None:
        if self._core is not None and self._fills is not None:
            panel.attach(self._core, self._fills)
            panel.show_account(self._account_id)

    def _show_neighbours(self) -> None:
        count = len(self.panels)
        for panel in self.panels:
            panel.bar.show_neighbours(may_add=count < MOST_CHARTS, may_close=count > 1)
        self._turn()

    def _turn(self) -> None:
        """Side by side where each is wide enough."""
        is_wide = self.width() >= len(self.panels) * self._look.px(LEAST_WIDTH_PX)
        self._split.setOrientation(Qt.Orientation.Horizontal if is_wide else Qt.Orientation.Vertical)

    def _open_first(self) -> None:
        """A chart without a contract begins with the newest position, else with the first contract followed."""
        core = self._core
        if core is None:
            return
        known = [lot.instrument_id for lot in core.lots.open_lots()[-1:]]
        known += [one.instrument_id for one in core.subscriptions.instruments()]
        for panel in self.panels:
            if panel.instrument is None and known:
                panel.open_instrument(known[0])

    def _follow(self, colour: LinkColour, instrument_id: InstrumentId, apart: ChartPanel | None = None) -> None:
        for panel in self.panels:
            if panel is not apart and panel.state.link is colour:
                panel.open_instrument(instrument_id)

    def _on_linked(self, panel: ChartPanel, instrument_id: InstrumentId) -> None:
        colour = panel.state.link
        if colour is not LinkColour.NONE:
            self._follow(colour, instrument_id, apart=panel)
        if colour is LinkColour.BLUE:
            self.symbol_linked.emit(instrument_id)

    # -- facts ---------------------------------------------------------------------------------------------

    def _on_frame(self, changed: set[InstrumentId]) -> None:
        for panel in self.panels:
            panel.on_frame(changed)

    def _on_second(self) -> None:
        for panel in self.panels:
            panel.on_second()

    def _on_bar_closed(self, fact: BarClosed) -> None:
        for panel in self.panels:
            panel.on_bar_closed(fact)

    def _on_fill(self, fact: FillBooked) -> None:
        if self._fills is not None:
            self._fills.add(fact.fill)
        for panel in self.panels:
            panel.list_instruments()
            if panel.instrument is not None and panel.instrument.instrument_id == fact.fill.instrument_id:
                panel.draw_markers()

    def _on_orders(self, _: object) -> None:
        """An order on its way does not wait for its line."""
        for panel in self.panels:
            panel.line_frames.request()

    def _on_price_alerts(self, _: object) -> None:
        for panel in self.panels:
            panel.draw_lines()

    def _on_alert(self, _: object) -> None:
        for panel in self.panels:
            panel.alert_frames.request()

    # overridden Qt methods

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._open_first()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._turn()
