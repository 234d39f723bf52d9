"""The Order entry tab: the ticket, its market, its cost and risk, and the button that says the whole order."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut, QShowEvent
from PyQt6.QtWidgets import QFrame, QVBoxLayout, QWidget

from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.orders import Side
from tradestream_gui.market.option_choice import day_of
from tradestream_gui.ui.freshness import seen
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.frame_clock import FrameClock
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.tabs.order_entry.exits import all_problems, fee_of, show_exits, sized
from tradestream_gui.ui.tabs.order_entry.figures import CallMemory, figures
from tradestream_gui.ui.tabs.order_entry.submit import Submitter, cancel_symbol, flatten_symbol
from tradestream_gui.ui.widgets.armed_frame import FRAME_PX, ArmedFrame
from tradestream_gui.ui.widgets.beside_or_above import BesideOrAbove
from tradestream_gui.ui.widgets.option_chain import OptionChain
from tradestream_gui.ui.widgets.ticket.bar import TicketBar
from tradestream_gui.ui.widgets.ticket.check import CostCard, Costs, RailList
from tradestream_gui.ui.widgets.ticket.draft import TicketDraft, reducing_sentence, sentence
from tradestream_gui.ui.widgets.ticket.form import TicketForm
from tradestream_gui.ui.widgets.ticket.market import DepthTable, QuoteStrip
from tradestream_gui.ui.widgets.ticket.plan import whole_ticket

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.ids import AccountId, InstrumentId
    from tradestream_gui.domain.positions import Lot
    from tradestream_gui.domain.quotes import Quote
    from tradestream_gui.domain.tickets import RiskDecision
    from tradestream_gui.ui.shell.signal_hub import SignalHub

JUDGE_MS = 250
"""Figures and rails are asked for at most four times a second while prices move."""
FORM_PX, MARKET_PX, MARKET_HEIGHT_PX = 352, 290, 420


class OrderEntryTab(QWidget):
    """Nothing is sent but by its button or Ctrl+Enter; Esc empties the ticket and never sends."""

    show_instrument = pyqtSignal(object)
    show_order = pyqtSignal(object)
    show_lot = pyqtSignal(object)
    show_message = pyqtSignal(object)
    said = pyqtSignal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._submitter: Submitter | None = None
        self.arming = Arming(self)
        self.frame = ArmedFrame(look, self.arming)
        self.form = TicketForm(look)
        self.quote = QuoteStrip(look)
        self.book = DepthTable(look)
        self.chain = OptionChain(look)
        self.costs = CostCard(look)
        self.rails = RailList(look)
        self.bar = TicketBar(look, self.arming)
        self._calls = CallMemory()
        self._judging = FrameClock(self.judge, JUDGE_MS, self)
        self._market_frames = FrameClock(self._show_market, parent=self)
        self._lay_out()
        self._connect_parts()
        self.judge()

    def use_arming(self, arming: Arming) -> None:
        """Shares the window's one arming, in place of the tab's own; called before the core is attached."""
        self.arming = arming
        self.frame.watch(arming)
        self.bar.lock.watch(arming)

    def attach(self, core: Core, hub: SignalHub) -> None:
        self._core = core
        self._submitter = Submitter(core, self.arming, self)
        self._submitter.said.connect(self._on_said)
        self._submitter.changed.connect(self._judging.request)
        self.form.attach(core)
        self.chain.attach(core, self.form.symbol)
        hub.frame.connect(self._on_frame)
        for signal in (hub.order_changed, hub.lot_changed, hub.account_state_changed, hub.balance_changed):
            signal.connect(self._on_fact)
        hub.broker_costs_changed.connect(self._on_fact)
        hub.listings_changed.connect(self.form.follow_listing)
        hub.listings_changed.connect(self.chain.relist)
        hub.second.connect(self._on_second)
        self.judge()

    def show_instrument_id(self, instrument_id: InstrumentId) -> None:
        """Another part shows this contract: the ticket follows, unless an order is being written in it."""
        is_busy = self.form.side is not None and self.form.symbol.instrument is not None
        if self._core is not None and not (is_busy and self.isVisible()):
            self.form.symbol.set_instrument(self._core.market.instrument(instrument_id))

    def open_instrument(self, instrument: Instrument, side: Side | None = None) -> None:
        """Puts a contract into the ticket, as the watchlist or the chart ask for it."""
        self.form.symbol.set_instrument(instrument)
        if side is not None:
            self.form.set_side(side)

    def flush(self) -> None:
        """Shows everything that waits for its frame, for tests and before a picture is taken."""
        self.judge()
        self._show_market()
        self.rails.model.flush()

    def judge(self) -> None:
        """Looks at the ticket as it is now: its exits laid anew, problems by field, figures, rails and the sentence."""
        core, draft = self._core, self.form.draft()
        quote = self._quote(draft)
        self.form.exits.lay(draft.bracket(quote))
        draft, fee = self.form.draft(), fee_of(core, draft)
        draft = sized(self.form, draft, quote, fee)
        found = all_problems(draft, quote, fee)
        ticket = whole_ticket(draft, quote, core.clock.now()) if core is not None else None
        lot = core.entries.opposite_manual_lot(ticket) if core is not None and ticket is not None else None
        found = {} if lot is not None and found.keys() <= {"stop", "targets"} else found
        decision = core.entries.judge(ticket) if core is not None and ticket is not None and lot is None else None
        self.form.show_problems(found if self._is_begun(draft) else {})
        show_exits(self.form, draft, quote, ticket, decision, fee)
        self.costs.show_costs(self._figures(draft, quote, decision))
        self.rails.show_checks(decision.checks if decision else (), decision.cuts if decision else ())
        self._show_button(draft, quote, decision, lot, found)

    def submit(self) -> None:
        """Sends what the button says, if it may be sent now. What has changed since it was judged is judged first."""
        self._judging.flush_now()
        draft = self.form.draft()
        quote = self._quote(draft)
        ticket = whole_ticket(draft, quote, self._core.clock.now()) if self._core is not None else None
        if self._submitter is not None and ticket is not None and self.bar.submit.isEnabled():
            self._submitter.submit(draft, ticket, quote, self.bar.sentence)

    # -- showing -------------------------------------------------------------------------------------------

    def _show_button(
        self,
        draft: TicketDraft,
        quote: Quote | None,
        decision: RiskDecision | None,
        lot: Lot | None,
        found: dict[str, str],
    ) -> None:
        words = reducing_sentence(draft, lot) if lot is not None else sentence(draft, quote, decision)
        refusal = next(iter(found.values()), "")
        if lot is not None and draft.qty > lot.open_qty:
            refusal = f"You hold {lot.open_qty}: selling or buying more would turn the position round. Close it first."
        elif not refusal and decision is not None and not decision.is_allowed:
            refusal = decision.words
        is_under_way = self._submitter is not None and self._submitter.is_under_way and lot is None
        may_go = self._core is not None and draft.instrument is not None and not refusal and not is_under_way
        self.bar.show_sentence(words, draft.side, is_enabled=may_go)
        if is_under_way:
            self.bar.show_words("Waiting for the broker's answer…", Tone.INFO)
        elif self._is_begun(draft):
            cut = decision.cuts[0] if decision is not None and decision.cuts and not refusal else ""
            self.bar.show_words(refusal or cut, Tone.DANGER if refusal else Tone.WARN)
        self.bar.show_instrument(draft.instrument)

    def _figures(self, draft: TicketDraft, quote: Quote | None, decision: RiskDecision | None) -> Costs:
        core = self._core
        if core is None or draft.account_id is None:
            return Costs(why="No account is open yet.")
        self.frame.show_kind(core.accounts.account(draft.account_id).kind)
        newest = self._calls.newest(core, draft.instrument) if draft.instrument is not None else None
        return figures(core, draft, quote, decision, newest)

    def _show_market(self) -> None:
        core, instrument = self._core, self.form.symbol.instrument
        if core is not None and instrument is not None and self.isVisible():
            market = seen(core, instrument)
            self.quote.show_market(instrument, market)
            self.book.show_depth(instrument, core.board.depth(instrument.instrument_id), market.freshness)

    def _quote(self, draft: TicketDraft) -> Quote | None:
        if self._core is None or draft.instrument is None:
            return None
        return self._core.board.quote(draft.instrument.instrument_id)

    @staticmethod
    def _is_begun(draft: TicketDraft) -> bool:
        """Nobody is told what is missing before he has begun."""
        return draft.instrument is not None and draft.side is not None

    # -- layout --------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        around = QVBoxLayout(self)  # from the outside in: Qt restyles all that gets a new parent
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.frame)
        column = QVBoxLayout(self.frame)
        column.setContentsMargins(FRAME_PX, FRAME_PX, FRAME_PX, FRAME_PX)
        column.setSpacing(1)
        ticket, market = QFrame(), QFrame()
        sizes = {"form_px": FORM_PX, "rest_px": MARKET_PX, "rest_height_px": MARKET_HEIGHT_PX}
        column.addWidget(BesideOrAbove(self._look, ticket, market, **sizes), 1)
        column.addWidget(self.bar)
        ticket.setProperty("role", "panel")
        inner = QVBoxLayout(ticket)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.form)
        market.setProperty("role", "panel")
        right = QVBoxLayout(market)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(2)
        for widget in (self.quote, self.book, self.chain, self.costs):
            right.addWidget(widget)
        right.addWidget(self.rails, 1)

    def _connect_parts(self) -> None:
        self.form.changed.connect(self._judging.request)
        self.form.instrument_changed.connect(self._on_instrument)
        self.book.price_clicked.connect(self._on_price)
        self.chain.picked.connect(self._on_picked)
        self.bar.submit.clicked.connect(self.submit)
        self.bar.flatten.clicked.connect(partial(self._act_on_symbol, flatten_symbol))
        self.bar.cancel_all.clicked.connect(partial(self._act_on_symbol, cancel_symbol))
        for keys, act in (("Ctrl+Return", self.submit), ("Ctrl+Enter", self.submit), ("Esc", self.form.clear)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # -- facts ---------------------------------------------------------------------------------------------

    def _on_instrument(self, instrument: Instrument | None) -> None:
        if self._core is not None:
            wanted = () if instrument is None else (instrument,)
            self._core.tasks.spawn(self._core.subscriptions.hold("ticket", wanted), "prices of the ticket's contract")
            self._show_market()
        self._show_chain(instrument)
        self.bar.show_words("", Tone.MUTED)

    def _show_chain(self, instrument: Instrument | None) -> None:
        """An option has no book here; its strip stands in that place."""
        is_option = instrument is not None and instrument.asset_class is AssetClass.OPTION
        if instrument is not None and is_option:
            self.chain.show_underlying(instrument.root, day_of(instrument))
        self.book.setVisible(not is_option)
        self.chain.setVisible(is_option)

    def _on_picked(self, instrument: Instrument, side: Side, price: Decimal | None) -> None:
        """The cell that was clicked is the cap; the limit walks to it from the middle."""
        self.open_instrument(instrument, side)
        if price is not None:
            self.form.set_limit(price)

    def _on_price(self, price: Decimal) -> None:
        self.form.set_limit(price)

    def _on_frame(self, instrument_ids: set[InstrumentId]) -> None:
        self.chain.refresh(instrument_ids)
        instrument = self.form.symbol.instrument
        if instrument is not None and instrument.instrument_id in instrument_ids and self.isVisible():
            self._market_frames.request()
            self._judging.request()

    def _on_fact(self, fact: object) -> None:
        if self.isVisible():
            self._judging.request()

    def _on_second(self) -> None:
        if not self.isVisible():
            return
        self.form.follow_listing()
        self._show_market()
        self._judging.request()

    def _on_said(self, words: str, tone: Tone) -> None:
        self.bar.show_result(words, tone)
        self.said.emit(words)

    def _act_on_symbol(self, act: Callable[[Core, AccountId, Instrument], str]) -> None:
        draft = self.form.draft()
        if self._core is not None and draft.instrument is not None and draft.account_id is not None:
            self._on_said(act(self._core, draft.account_id, draft.instrument), Tone.TEXT)

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        if self._core is not None:
            self._on_second()
