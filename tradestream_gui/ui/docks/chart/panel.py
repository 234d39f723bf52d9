"""One chart: live bars of one contract with its indicators, position, stop, targets, orders, fills and alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QPoint, pyqtSignal
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId, MessageKey
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.market.studies import Study
from tradestream_gui.ui.charts.candles import CandleChart
from tradestream_gui.ui.charts.chart_data import ChartStyle
from tradestream_gui.ui.docks.chart.bar import ChartBar
from tradestream_gui.ui.docks.chart.feed import ChartFeed
from tradestream_gui.ui.docks.chart.fills import ChartFills
from tradestream_gui.ui.docks.chart.films import alert_markers, films
from tradestream_gui.ui.docks.chart.menu import ChartMenu
from tradestream_gui.ui.docks.chart.moves import ChartMoves
from tradestream_gui.ui.docks.chart.overlays import LinedMark, chart_lines, newest
from tradestream_gui.ui.docks.chart.state import ChartState, LinkColour
from tradestream_gui.ui.docks.chart.studies import StudiesDialog
from tradestream_gui.ui.docks.ladder.orders import LadderOrders, Terms
from tradestream_gui.ui.docks.watermark import Watermark
from tradestream_gui.ui.freshness import Seen, seen
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.frame_clock import FrameClock
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.upkeep.settings.policies import hand_start

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.events_market import BarClosed
    from tradestream_gui.ui.docks.chart.bar_table import BarTable

TICK_MS = 50
"""The last bar moves twenty times a second at most: smooth to the eye, at two thirds of the cost of every frame."""
ALERTS_MS = 250
"""The marks of alerts change four times a second at most: each time the words of all messages are read anew."""


class ChartPanel(QWidget):
    """While hidden it only remembers that it is out of date. `arming` is the window's."""

    show_message = pyqtSignal(object)
    show_order = pyqtSignal(object)
    said = pyqtSignal(str)
    undoable = pyqtSignal(str, object)
    linked = pyqtSignal(object, object)  # (panel, instrument id): chosen here, for the charts of the same colour
    another_wanted = pyqtSignal(object)  # panel
    close_wanted = pyqtSignal(object)  # panel
    opened = pyqtSignal()  # another contract: its prices have to come

    def __init__(self, look: Look, state: ChartState, arming: Arming, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._arming = arming
        self._core: Core | None = None
        self._feed: ChartFeed | None = None
        self._fills: ChartFills | None = None
        self._orders: LadderOrders | None = None
        self.moves: ChartMoves | None = None
        self._instrument: Instrument | None = None
        self._lines: Sequence[LinedMark] = ()
        self._is_stale = True
        self._menu: ChartMenu | None = None
        self.state = state
        self.studies_dialog: StudiesDialog | None = None
        self.bar_table: BarTable | None = None
        self.bar = ChartBar(look)
        self.chart = CandleChart(look, name="Price chart")
        self.watermark = Watermark(look, self.chart, self.chart.plot_width)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.chart, 1)
        self._ticks = FrameClock(self._on_tick, TICK_MS, self)
        self.line_frames = FrameClock(self.draw_lines, parent=self)
        self.alert_frames = FrameClock(self.draw_markers, ALERTS_MS, self)
        self._connect()
        self._show_choice()

    def attach(self, core: Core, fills: ChartFills) -> None:
        self._core, self._fills = core, fills
        self._feed = ChartFeed(core, self.chart)
        self.moves = ChartMoves(core, self._arming, self)
        self._orders = LadderOrders(core, self._arming, self)
        for service in (self.moves, self._orders):
            service.said.connect(self._on_said)
        self.chart.set_answer(self.moves.preview)
        self.list_instruments()
        kept = self.state.instrument_id
        if kept is not None and not _is_expired(core, kept):
            self.open_instrument(kept)

    @property
    def instrument(self) -> Instrument | None:
        return self._instrument

    def show_account(self, account_id: AccountId | None) -> None:
        """New entries from this chart go to this account."""
        if self._orders is not None:
            self._orders.account_id = account_id

    def open_instrument(self, instrument_id: InstrumentId) -> None:
        """Charts this contract and says that its prices have to come."""
        core = self._core
        found = None if core is None else core.reference.instrument(instrument_id)
        if core is None or found is None or self._orders is None:
            return
        self._instrument = self._orders.instrument = found
        self.state = replace(self.state, instrument_id=instrument_id)
        start = hand_start(core.settings.current, found.root, found.family, found.asset_class)
        self._orders.terms = Terms(1, start.stop_distance)
        self.opened.emit()
        self.list_instruments()
        self.reload()

    # -- bars ----------------------------------------------------------------------------------------------

    def reload(self) -> None:
        self._is_stale = not self.isVisible()
        if self._feed is None or self._instrument is None or self._is_stale:
            return
        self._feed.load(self._instrument, self.state.seconds)
        self._lines = ()
        self.draw_lines()
        self.draw_markers()
        self._show_kind()

    def on_frame(self, changed: set[InstrumentId]) -> None:
        if self._instrument is None or self._instrument.instrument_id not in changed:
            return
        self._is_stale |= not self.isVisible()
        self._ticks.request()

    def _on_tick(self) -> None:
        if self._feed is not None and self.isVisible():
            self._feed.follow()
            self.draw_lines()
            self._show_kind()

    def on_bar_closed(self, fact: BarClosed) -> None:
        bar, instrument = fact.bar, self._instrument
        if instrument is None or (bar.instrument_id, bar.seconds) != (instrument.instrument_id, self.state.seconds):
            return
        if self.isVisible() and not self._is_stale and self._feed is not None:
            self._feed.take(bar)
        else:
            self._is_stale = True

    # -- around the bars -----------------------------------------------------------------------------------

    def draw_lines(self) -> None:
        core, instrument = self._core, self._instrument
        if core is None or instrument is None or self.moves is None or not self.isVisible():
            return
        lines = chart_lines(core, instrument)
        if lines != self._lines:
            self._lines = lines
            self.moves.show(instrument, lines)
            self.chart.set_lines([line.line for line in lines])

    def draw_markers(self) -> None:
        core, instrument = self._core, self._instrument
        if core is None or instrument is None or self._fills is None or not self.isVisible():
            return
        drawn = films(core, instrument)
        alerts = alert_markers(core, instrument.instrument_id, {film.key: film for film in drawn})
        self.chart.set_markers(newest([*self._fills.of(instrument), *alerts]), drawn)

    def list_instruments(self) -> None:
        core = self._core
        if core is not None:
            chosen = None if self._instrument is None else self._instrument.instrument_id
            known = {one.instrument_id: one for one in core.subscriptions.instruments()}
            if self._instrument is not None:
                known.setdefault(self._instrument.instrument_id, self._instrument)
            self.bar.show_instruments(tuple(known.values()), chosen)

    def _show_kind(self) -> None:
        core, instrument = self._core, self._instrument
        if core is None or instrument is None:
            return
        market = seen(core, instrument)
        self.bar.show_kind(market.kind_words, _kind_tone(market))
        self.chart.set_stale(market.is_stale)
        self.watermark.show_words("DEMO" if market.is_demo else "")

    def _show_choice(self) -> None:
        state = self.state
        self.bar.show_choice(state.seconds, state.style, state.link)
        self.chart.set_studies(state.studies, state.style, has_volume=state.has_volume)

    def on_second(self) -> None:
        """Ages, and the films of open trades, go on without a tick."""
        if not self.isVisible():
            return
        self._show_kind()
        core, instrument = self._core, self._instrument
        if core is not None and instrument is not None and core.lots.open_lots(instrument_id=instrument.instrument_id):
            self.draw_markers()

    # -- choices -------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        bar, chart = self.bar, self.chart
        bar.instrument_chosen.connect(self._on_instrument)
        bar.interval_chosen.connect(self._on_interval)
        bar.style_chosen.connect(self._on_style)
        bar.link_chosen.connect(self._on_link)
        bar.studies_wanted.connect(self.ask_studies)
        bar.latest_wanted.connect(chart.show_latest)
        bar.table_wanted.connect(self.show_table)
        bar.another_wanted.connect(partial(self.another_wanted.emit, self))
        bar.close_wanted.connect(partial(self.close_wanted.emit, self))
        chart.line_dropped.connect(self._on_line_dropped)
        chart.marker_clicked.connect(self._on_marker)
        chart.menu_wanted.connect(self._on_menu)

    def _on_instrument(self, instrument_id: InstrumentId) -> None:
        self.open_instrument(instrument_id)
        self.linked.emit(self, instrument_id)

    def _on_interval(self, seconds: int) -> None:
        self.state = replace(self.state, seconds=seconds)
        self.reload()

    def _on_style(self, style: ChartStyle) -> None:
        self.state = replace(self.state, style=style)
        self._show_choice()

    def _on_link(self, link: LinkColour) -> None:
        self.state = replace(self.state, link=link)
        self._show_choice()

    def ask_studies(self) -> None:
        self.studies_dialog = StudiesDialog(self.state.studies, has_volume=self.state.has_volume, parent=self)
        self.studies_dialog.changed.connect(self._on_studies)
        self.studies_dialog.open()

    def show_table(self) -> None:
        from tradestream_gui.ui.docks.chart.bar_table import BarTable  # numpy comes in with the chart, not before

        if self.chart.view is not None:
            self.bar_table = BarTable(self._look, self.chart, self.chart.view, self)
            self.bar_table.show()

    def _on_studies(self, studies: tuple[Study, ...], has_volume: bool) -> None:
        self.state = replace(self.state, studies=studies, has_volume=has_volume)
        self._show_choice()

    # -- orders --------------------------------------------------------------------------------------------

    def _on_line_dropped(self, line_id: str, price: float) -> None:
        if self.moves is not None:
            self.moves.drop(line_id, price)
            self.draw_lines()

    def _on_menu(self, price: float, where: QPoint) -> None:
        core, instrument = self._core, self._instrument
        if core is None or instrument is None or self._orders is None or self.moves is None:
            return
        self._menu = ChartMenu(core, self._orders, instrument, price, self._lines, self)
        self._menu.cancel_wanted.connect(self.moves.cancel)
        self._menu.said.connect(self.said)
        self._menu.undoable.connect(self.undoable)
        self._menu.fit_wanted.connect(self.chart.show_latest)
        self._menu.popup(where)

    def _on_said(self, words: str, *_: object) -> None:
        self.said.emit(words)
        self.draw_lines()

    def _on_marker(self, key: str) -> None:
        kind, _, name = key.partition(":")
        if kind == "alert":
            self.show_message.emit(MessageKey(name))
        else:
            self.show_order.emit(ClOrdId(name))

    # overridden Qt methods

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self.list_instruments()
        if self._is_stale:
            self.reload()


def _is_expired(core: Core, instrument_id: InstrumentId) -> bool:
    """A contract kept from an earlier run may be gone by now."""
    found = core.reference.instrument(instrument_id)
    return found is None or core.reference.is_expired(found, core.clock.now())


def _kind_tone(market: Seen) -> Tone:
    return Tone.STALE if market.is_stale else Tone.DEMO if market.is_demo else Tone.MUTED
