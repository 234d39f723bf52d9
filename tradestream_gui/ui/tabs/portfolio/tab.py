"""The Portfolio tab: accounts, positions by lot, working orders, the history of all orders, each lot's trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QPushButton, QSizePolicy, QSplitter, QVBoxLayout, QWidget

from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.frame_clock import FrameClock
from tradestream_gui.ui.shell.heartbeat import MinuteTurn
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.overlays import keep_free
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.tabs.order_entry.submit import cancel_entries
from tradestream_gui.ui.tabs.portfolio.accounts import AccountsStrip
from tradestream_gui.ui.tabs.portfolio.order_panes import OrdersBook
from tradestream_gui.ui.tabs.portfolio.positions import PositionsPane
from tradestream_gui.ui.widgets.icon_tabs import IconTabs
from tradestream_gui.ui.widgets.late_page import LatePage
from tradestream_gui.ui.widgets.low_scroll import LowContent, LowScroll

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.events import LotChanged, OrderChanged
    from tradestream_gui.domain.ids import ClOrdId, InstrumentId, LotId
    from tradestream_gui.ui.shell.signal_hub import SignalHub
    from tradestream_gui.ui.tabs.portfolio.detail import LotDetail

PAGES = ("Working orders", "Order history", "Closed trades", "Orders and fills of a lot")
SHORT_PAGES = ("Working", "History", "Closed", "Lot")
"""Where the whole titles have no room."""
PAGES_PX = 64


class PortfolioTab(QWidget):
    """Shows what is held and what was ordered; a lot leads to its orders, its fills and its alert."""

    show_message = pyqtSignal(object)
    show_instrument = pyqtSignal(object)
    show_order = pyqtSignal(object)
    show_lot = pyqtSignal(object)
    said = pyqtSignal(str)  # what an action has led to, for a toast
    grown = pyqtSignal(QWidget)  # a page that was first looked at, with its tables

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self.accounts = AccountsStrip(look)
        self.positions = PositionsPane(look)
        self.orders = OrdersBook(look, self)
        self.lot_page = LatePage(self._made_detail)
        self._lot_id: LotId | None = None
        self.pages = IconTabs()
        self._sums = FrameClock(self._refresh_sums, 250, self)
        self._structure = FrameClock(self._refresh_structure, parent=self)
        self._minute = MinuteTurn()
        self._lay_out()
        self._connect_parts()
        self._counts = FrameClock(self._show_counts, 250, self)
        self.orders.counts_changed.connect(self._counts.request)

    def use_arming(self, arming: Arming) -> None:
        """Shares the window's one arming; called before the core is attached."""
        self.positions.lot_bar.use_arming(arming)

    def attach(self, core: Core, hub: SignalHub) -> None:
        self._core = core
        self.orders.attach(core)
        if self.lot_page.made is not None:
            self.lot_page.made.attach(core)
        self.positions.attach(core)
        self.accounts.refresh(core)
        hub.frame.connect(self._on_frame)
        hub.order_changed.connect(self._on_order)
        hub.external_orders_changed.connect(self.orders.show_external)
        hub.lot_changed.connect(self._on_lot)
        hub.plan_changed.connect(self._on_fact)
        hub.balance_changed.connect(self._on_fact)
        hub.account_state_changed.connect(self._on_fact)
        hub.second.connect(self._on_second)

    def reveal_lot(self, lot_id: LotId) -> None:
        """Selects the lot, open or closed, and shows its orders and fills."""
        self.positions.select_lot(lot_id)
        self._on_lot_chosen(lot_id)
        self.pages.setCurrentWidget(self.lot_page)

    def reveal_order(self, cl_ord_id: ClOrdId) -> None:
        """Selects the order in the history."""
        self.pages.setCurrentWidget(self.orders.history_page)
        self.orders.history_page.content().select_key(cl_ord_id)

    def flush(self) -> None:
        """Shows everything that waits for its frame, for tests and before a picture is taken."""
        self._refresh_structure()
        self._show_counts()
        for model in (self.positions.model, self.orders.working, self.orders.history, self.orders.closed):
            model.flush()

    def _lay_out(self) -> None:
        self.pages.setDocumentMode(True)
        self.pull = QPushButton("Cancel all entries")
        self.pull.setToolTip("Every working entry of every account; stops and targets stay")
        self.pull.clicked.connect(self._on_pull)
        keep_free(self.pull)
        self.positions.add_tool(self.pull)
        whole = QVBoxLayout(self)  # from the outside in: Qt restyles all that gets a new parent
        whole.setContentsMargins(0, 0, 0, 0)
        content = LowContent()
        whole.addWidget(LowScroll(self._look, content, parent=self))
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        self.accounts.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column.addWidget(self.accounts)
        split = QSplitter(Qt.Orientation.Vertical, content)
        column.addWidget(split, 1)
        split.addWidget(self.positions)
        split.addWidget(self.pages)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        late: tuple[LatePage[Any], ...] = (self.orders.history_page, self.orders.closed_page, self.lot_page)
        for page, name in zip((self.orders.working_table, *late), PAGES, strict=True):
            self.pages.addTab(page, name)
        for page in late:
            page.grown.connect(self.grown)
        self._show_counts()
        self._look.changed.connect(self._adopt_look)
        self._adopt_look()

    def _adopt_look(self) -> None:
        """In a low window the pages give way down to their titles, before a position does."""
        self.pages.setMinimumHeight(self._look.px(PAGES_PX))

    def _made_detail(self, page: QWidget) -> LotDetail:
        from tradestream_gui.ui.tabs.portfolio.detail import LotDetail

        detail = LotDetail(self._look, page)
        detail.show_message.connect(self.show_message)
        detail.show_instrument.connect(self.show_instrument)
        if self._core is not None:
            detail.attach(self._core)
        detail.show_lot(self._lot_id)
        return detail

    def _connect_parts(self) -> None:
        self.positions.lot_chosen.connect(self._on_lot_chosen)
        self.positions.lot_opened.connect(self.reveal_lot)
        self.positions.show_instrument.connect(self.show_instrument)
        self.positions.show_message.connect(self.show_message)
        self.positions.lot_bar.said.connect(self._say)
        self.orders.said.connect(self._say)
        self.orders.show_lot.connect(self.reveal_lot)
        self.orders.show_instrument.connect(self.show_instrument)
        self.orders.show_message.connect(self.show_message)

    def _show_counts(self) -> None:
        counts = (*self.orders.counts(), 0)
        whole, short = (
            tuple(f"{name} {count}" if count else name for name, count in zip(names, counts, strict=True))
            for names in (PAGES, SHORT_PAGES)
        )
        self.pages.show_titles(whole, short)

    def _on_frame(self, instrument_ids: set[InstrumentId]) -> None:
        if self.isVisible():
            self.positions.refresh(instrument_ids)
            self._sums.request()

    def _on_order(self, fact: OrderChanged) -> None:
        self.orders.on_order(fact.order)
        if fact.order.lot_id == self._lot_id:
            self._structure.request()

    def _on_lot(self, fact: LotChanged) -> None:
        self.orders.on_lot(fact.lot)
        self._structure.request()

    def _on_fact(self, fact: object) -> None:
        self._structure.request()

    def _on_lot_chosen(self, lot_id: LotId | None) -> None:
        if lot_id is None:
            return
        self._lot_id = lot_id
        if self.lot_page.made is not None:
            self.lot_page.made.show_lot(lot_id)

    def _on_second(self) -> None:
        """Ages and marks move while something is open; else only a new day changes what stands here."""
        core = self._core
        if core is None or not self.isVisible():
            return
        is_new_minute = self._minute.has_come(core.clock.now())
        if is_new_minute or self.positions.model.total:
            self._refresh_structure()

    def _refresh_structure(self) -> None:
        if self.isVisible():
            self.positions.rebuild()
            if self.lot_page.made is not None:
                self.lot_page.made.refresh()
            self._refresh_sums()

    def _refresh_sums(self) -> None:
        if self._core is not None and self.isVisible():
            self.accounts.refresh(self._core)

    def _on_pull(self) -> None:
        if self._core is not None:
            self._say(cancel_entries(self._core))

    def _say(self, words: str) -> None:
        self.positions.show_words(one_line(words))
        self.said.emit(words)

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        if self._core is not None:
            self._refresh_structure()
