"""The ladder dock: the book by price with own orders in it, one-click entries when armed, and time and sales."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.market.volume_profile import VolumeProfile
from tradestream_gui.ui.docks.ladder.actions import LadderActions
from tradestream_gui.ui.docks.ladder.bar import LadderControls, LadderHead
from tradestream_gui.ui.docks.ladder.moves import LadderMoves
from tradestream_gui.ui.docks.ladder.orders import Answer, Intent, LadderOrders
from tradestream_gui.ui.docks.ladder.panes import TurningSplitter, low_page
from tradestream_gui.ui.docks.ladder.scene import holding, holding_words, ladder_scene
from tradestream_gui.ui.docks.ladder.scroll import LadderScroll
from tradestream_gui.ui.docks.ladder.tape import TapeView
from tradestream_gui.ui.docks.ladder.view import LadderView
from tradestream_gui.ui.docks.ladder.wiring import join_wishes
from tradestream_gui.ui.freshness import Freshness, Seen, seen
from tradestream_gui.ui.models.ladder_model import LadderModel
from tradestream_gui.ui.models.ladder_rows import OwnMark
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.ink import ink
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import plain_label
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.widgets.armed_frame import FRAME_PX, ArmedFrame
from tradestream_gui.ui.widgets.ticket.market import NO_DEPTH, OLD_DEPTH

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.ids import AccountId, InstrumentId
    from tradestream_gui.ui.shell.signal_hub import SignalHub

LOW_PX = 460
"""At 100 %: a lower dock has its controls closer together."""
WAITING = "Waiting for the first price…"
CLICKS = "A click places a limit, Ctrl+click a stop, Alt+click its bracket too."
NO_CLICKS = "Disarmed: a click shows its order and places nothing. The lock above arms."
"""What stands below the rows while there is nothing else to say; the room is kept, so that no row moves."""


class LadderDock(QWidget):
    """Rows never move under the mouse; a price that leaves the middle half brings them back when it has gone."""

    show_instrument = pyqtSignal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._instrument: Instrument | None = None
        self._account_id: AccountId | None = None
        self._profile: VolumeProfile | None = None
        self._intent: Intent | None = None
        self._is_stale_view = True
        self.arming = Arming(self)
        self.orders: LadderOrders | None = None
        self.moves: LadderMoves | None = None
        self.acts: LadderActions | None = None
        self.model = LadderModel(self)
        self.head = LadderHead(look, self.arming)
        self.view = LadderView(look, self.model)
        self._scroll = LadderScroll(self.model, self.view)
        self.tape = TapeView(look)
        self.controls = LadderControls(look)
        self.note, self.words = plain_label(NO_DEPTH, role="caption"), plain_label(WAITING, role="help")
        self._lay_out()
        self._connect()
        self._adopt_look()

    def use_arming(self, arming: Arming) -> None:
        """Shares the window's one arming, in place of the dock's own; called before the core is attached."""
        self.arming.changed.disconnect(self._on_armed)
        self.arming = arming
        arming.changed.connect(self._on_armed)
        self.head.lock.watch(arming)
        self.frame.watch(arming)

    # -- the core ------------------------------------------------------------------------------------------

    def attach(self, core: Core, hub: SignalHub) -> None:
        self._core = core
        self._profile = VolumeProfile(core.bus)
        self.orders = LadderOrders(core, self.arming, self)
        self.moves = LadderMoves(core, self.arming, self)
        self.moves.said.connect(self._on_said)
        self.orders.said.connect(self._on_said)
        self.orders.changed.connect(self._show_preview)
        self.acts = LadderActions(core, self.arming, self.orders, self)
        self.acts.said.connect(self._on_said)
        join_wishes(self.view, self.controls, self.orders, self.moves, self.acts)
        accounts = core.accounts.accounts()
        self.show_account(self._account_id or (accounts[0].account_id if accounts else None))
        self.arming.watch_hub(hub)
        self.view.keys.follow(core, self.controls.show_keys)
        hub.frame.connect(self._on_frame)
        hub.second.connect(self.refresh)
        for signal in (hub.order_changed, hub.lot_changed, hub.plan_changed, hub.account_state_changed):
            signal.connect(self.refresh)
        known = [lot.instrument_id for lot in core.lots.open_lots()[-1:]]
        known += [one.instrument_id for one in core.subscriptions.instruments()]
        if known:
            self.show_instrument_id(known[0])

    def show_account(self, account_id: AccountId | None) -> None:
        """Orders go to this account, the one of the window's bar; a change of it disarms, the first one does not."""
        if self._account_id not in (None, account_id):
            self.arming.on_account(account_id)
        self._account_id = account_id
        if self._core is not None and account_id is not None:
            self.frame.show_kind(self._core.accounts.account(account_id).kind)
        for service in (self.orders, self.moves):
            if service is not None:
                service.account_id = account_id
        self.refresh()

    def show_instrument_id(self, instrument_id: InstrumentId) -> None:
        """Another part shows this contract: the ladder follows, unless it is armed for the one that it has."""
        if not self.arming.is_armed or self._instrument is None:
            self.open_instrument(instrument_id)

    def open_instrument(self, instrument_id: InstrumentId) -> None:
        """Shows this contract and makes sure that its prices come."""
        core = self._core
        found = None if core is None else core.reference.instrument(instrument_id)
        if core is None or found is None or self.orders is None or self.moves is None:
            return
        if found != self._instrument:
            self._instrument = self.moves.instrument = found
            self._scroll.forget()
            self.orders.instrument = found
            self.tape.show_instrument(core, found)
            self.controls.show_start(self.orders.start(), self.orders.plan_names())
            self._on_terms()
            self.view.put_cursor(None, 0)
        core.tasks.spawn(core.subscriptions.hold("ladder", (found,)), f"ladder {instrument_id}")
        self.head.list_instruments(core, self._instrument)
        self.refresh()

    # -- showing -------------------------------------------------------------------------------------------

    def refresh(self, _: object = None) -> None:
        """Shows everything as it is now; the rows stay where they are while the mouse is on them."""
        core, instrument = self._core, self._instrument
        if core is None or instrument is None or self._profile is None or self._account_id is None:
            return
        if not self.isVisible():
            self._is_stale_view = True
            return
        self._is_stale_view = False
        market, held = seen(core, instrument), holding(core, self._account_id, instrument)
        grid, volumes = self._scroll.grid(instrument), self._profile.at_price(instrument.instrument_id)
        scene = ladder_scene(core, self._account_id, instrument, grid, market, held, volumes)
        self._show_freshness(market)
        self.controls.show_holding(holding_words(held, instrument))
        self.note.setText(OLD_DEPTH if market.freshness is Freshness.GONE else NO_DEPTH)
        self.note.setVisible(not scene.has_depth)
        if self.words.text() == WAITING and market.freshness is not Freshness.NONE:
            self._rest()
        self._scroll.show(scene)
        self.tape.follow(self._profile)
        self._show_preview()

    def centre(self) -> None:
        """Brings the last price to the middle, because it was asked for."""
        self._scroll.forget()
        self.refresh()

    def _show_freshness(self, market: Seen) -> None:
        self.head.show_market(market)
        cells, watermark = self.view.cells, "DEMO" if market.is_demo else ""
        if (cells.is_stale, cells.watermark) != (market.is_stale, watermark):
            cells.is_stale, cells.watermark = market.is_stale, watermark
            self.model.repaint_all()

    def _rest(self) -> None:
        _say(self._look, self.words, CLICKS if self.arming.is_armed else NO_CLICKS, Tone.MUTED)

    def _tell(self, answer: Answer) -> None:
        _say(self._look, self.words, answer.words, answer.tone)

    def _show_preview(self) -> None:
        if self._intent is not None and self.orders is not None and not self._is_stale_view:
            self._tell(self.orders.preview(self._intent))

    # -- wishes --------------------------------------------------------------------------------------------

    def _on_hover(self, intent: Intent | None, mark: OwnMark | None, price: Decimal | None) -> None:
        self._intent = intent
        if self.moves is None:
            return
        if mark is not None and price is not None:
            self._tell(self.moves.preview(mark, price))
        elif intent is None:
            self._rest()
        else:
            self._show_preview()

    def _on_scroll(self, rows: int) -> None:
        if self._instrument is not None:
            self._scroll.scroll(self._instrument, rows)
            self.refresh()

    def _on_group(self, ticks: int) -> None:
        self._scroll.regroup(ticks)
        self.refresh()

    def _on_terms(self) -> None:
        if self.orders is not None:
            self.orders.terms = self.controls.terms
            self.view.qty = self.orders.terms.qty
            self.controls.show_unit(self.orders.plan())
            self._show_preview()

    def _on_keep(self) -> None:
        if self._core is not None and self.orders is not None:
            self._core.tasks.spawn(self._keep(self.orders), "keep the ladder's start")

    async def _keep(self, orders: LadderOrders) -> None:
        self._on_said(await orders.keep_start(), Tone.TEXT)

    def _on_said(self, words: str, tone: Tone) -> None:
        _say(self._look, self.words, words, tone)
        self.refresh()

    def _on_room(self) -> None:
        if len(self.model.rows) != self.view.room:
            self.refresh()

    def _on_armed(self, is_armed: bool) -> None:
        _say(self._look, self.words, self.arming.why, Tone.WARN if is_armed else Tone.MUTED)

    def _on_frame(self, changed: set[InstrumentId]) -> None:
        if self._instrument is not None and self._instrument.instrument_id in changed:
            self.refresh()

    # -- looks ---------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.head.instrument_chosen.connect(self.open_instrument)
        self.arming.changed.connect(self._on_armed)
        self.view.hovered.connect(self._on_hover)
        self.view.scroll_wanted.connect(self._on_scroll)
        self.view.centre_wanted.connect(self.centre)
        self.view.qty_stepped.connect(self.controls.step_qty)
        self.view.room_changed.connect(self._on_room)
        self.view.used.connect(self.arming.note_use)
        self.controls.changed.connect(self._on_terms)
        self.controls.keep_wanted.connect(self._on_keep)
        self.controls.group_chosen.connect(self._on_group)
        self.controls.centre_wanted.connect(self.centre)
        self._look.changed.connect(self._adopt_look)

    def _lay_out(self) -> None:
        self.frame = frame = ArmedFrame(self._look, self.arming)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(frame)
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(FRAME_PX, FRAME_PX, FRAME_PX, FRAME_PX)
        for label in (self.note, self.words):
            label.setContentsMargins(8, 3, 8, 3)
            label.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        panes, below = TurningSplitter(self._look, self.view, self.tape), (self.words, self.controls)
        inside.addWidget(low_page(self._look, above=(self.head, self.note), panes=panes, below=below))

    def _draw_together(self) -> None:
        is_low = self.height() < self._look.px(LOW_PX)
        self.head.set_low(is_low)
        self.controls.set_low(is_low)

    def _adopt_look(self) -> None:
        self._draw_together()
        self.words.setFixedHeight(self.words.fontMetrics().lineSpacing() * 3 + 8)
        self.model.repaint_all()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._draw_together()

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        if self._core is not None:
            self.head.list_instruments(self._core, self._instrument)
            if self._instrument is None and self._core.subscriptions.instruments():
                self.show_instrument_id(self._core.subscriptions.instruments()[0].instrument_id)
            self.refresh()


def _say(look: Look, label: QLabel, words: str, tone: Tone) -> None:
    label.setText(words)
    label.setAccessibleName(words)
    ink(label, look.tone(tone))
