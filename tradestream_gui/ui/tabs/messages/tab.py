"""The Messages tab: every message with its decision, why it was made, and the box for an alert by hand."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PyQt6.QtWidgets import QMenu, QSplitter, QVBoxLayout, QWidget

from tradestream_gui.domain.events import AlertDecided, AlertReceived
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.frame_clock import FrameClock
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.messages.bar import MessageBar
from tradestream_gui.ui.tabs.messages.clipboard import ClipboardCardBox
from tradestream_gui.ui.tabs.messages.commands import CardCommands
from tradestream_gui.ui.tabs.messages.detail import WhyPanel
from tradestream_gui.ui.tabs.messages.earlier import EarlierMessages
from tradestream_gui.ui.tabs.messages.keep import ExampleKeeper, answered_by_key
from tradestream_gui.ui.tabs.messages.keys import ListKeys
from tradestream_gui.ui.tabs.messages.manual import ManualAlertBox
from tradestream_gui.ui.tabs.messages.rows import Chip, MessageRow, message_columns, message_row
from tradestream_gui.ui.widgets.low_scroll import LowContent, LowScroll
from tradestream_gui.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from tradestream_gui.alerts.binding.corrections import AmendChoice
    from tradestream_gui.alerts.desk.answered import AnsweredOnArrival
    from tradestream_gui.core import Core
    from tradestream_gui.ui.shell.signal_hub import SignalHub

EMPTY = "No messages yet. Connect Discord in Config, or paste an alert below."
NONE_MATCH = "No message matches. Clear the search or choose All."
NOTHING_WAITS = "Nothing waits for you."
SIDE_BY_SIDE_PX, FLAT_LEAST_PX = 980, 560
"""At 100 %: from here on the reasons stand beside the list; below the second, text and tables stack below it."""
LEAST_PX, LIST_WIDTH_PX, LIST_HEIGHT_PX = 480, 360, 190
"""At 100 %: of the whole tab, and of its list with the bar above it."""
TICK_MS = 500
ORDERS_MS = 250


class _ListSide(QWidget):
    """The list under its bar; it keeps some rows in any text size."""

    def __init__(self, look: Look, bar: MessageBar, rows: TableView, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(rows, 1)
        look.changed.connect(self._adopt_look)
        self._adopt_look()

    def _adopt_look(self) -> None:
        self.setMinimumSize(LIST_WIDTH_PX, self._look.px(LIST_HEIGHT_PX))


class MessagesTab(QWidget):
    """Reads the alert desk; answers go through its approve and reject."""

    show_message = pyqtSignal(object)
    show_order = pyqtSignal(object)
    show_lot = pyqtSignal(object)
    show_instrument = pyqtSignal(object)
    undoable = pyqtSignal(str, object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._model: KeyedTableModel[MessageRow] = KeyedTableModel(message_columns(ZoneInfo("UTC")), newest_first=True)
        self._ticks = QTimer(self)
        self._ticks.setInterval(TICK_MS)
        self._ticks.timeout.connect(self._on_tick)
        self.bar = MessageBar(look)
        self.list = TableView(look, self._model, name="Messages", empty_text=EMPTY)
        self.earlier = EarlierMessages(self._model, self.list, self.bar, self)
        self.why = WhyPanel(look)
        self._orders = FrameClock(self.why.refresh_orders, ORDERS_MS, self)
        self.manual = ManualAlertBox(look)
        self.copied = ClipboardCardBox(look)
        self._cards: CardCommands | None = None
        self._keeper: ExampleKeeper | None = None
        self._answered: AnsweredOnArrival | None = None
        self._lay_out()
        self._connect()

    def attach(self, core: "Core", hub: "SignalHub") -> None:
        """Fills the tab from the desk and follows it from here on."""
        self._core = core
        zone = ZoneInfo(core.settings.current.general.display_zone)
        self._model.columns = message_columns(zone)
        self.why.attach(core, zone)
        self.manual.attach(core)
        self.copied.attach(core)
        self._cards = CardCommands(core, self.why.say, self.undoable.emit)
        self._keeper, self._answered = ExampleKeeper(core, self.why.say), answered_by_key(core)
        cards = frozenset(core.alerts.cards())
        rows = [message_row(core, revision, cards) for revision in core.alerts.messages()]
        self._model.replace_all([(row.key, row) for row in rows])
        self.bar.offer(rows)
        self.earlier.attach(core)
        self._count()
        hub.alert_received.connect(self._on_received)
        hub.alert_decided.connect(self._on_decided)
        hub.talk_forgotten.connect(self.earlier.on_forgotten)
        for signal in (hub.order_changed, hub.lot_changed, hub.fill_booked):
            signal.connect(self._on_trading)
        self._on_tick()

    def select_message(self, message_key: MessageKey) -> bool:
        """Shows one message, whatever the filters are; False when it is not known."""
        if self._model.row(message_key) is None:
            return False
        self._model.flush()
        if not self.list.select_key(message_key):
            self.bar.clear()
            return self.list.select_key(message_key)
        return True

    # -- making --------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)  # from the outside in: Qt restyles all that gets a new parent
        whole.setContentsMargins(0, 0, 0, 0)
        content = LowContent()
        whole.addWidget(LowScroll(self._look, content, LEAST_PX, self))
        outer = QVBoxLayout(content)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(5)
        self._split = QSplitter(Qt.Orientation.Vertical, content)
        outer.addWidget(self._split, 1)
        _ListSide(self._look, self.bar, self.list, self._split)
        self.why.set_flat(True, icons_only=True)
        self._split.addWidget(self.why)
        self._split.setStretchFactor(0, 5)
        self._split.setStretchFactor(1, 4)
        self._split.setChildrenCollapsible(False)
        self.why.setMinimumWidth(320)
        outer.addWidget(self.copied)
        outer.addWidget(self.manual)

    def _connect(self) -> None:
        self.bar.changed.connect(self._on_filter)
        self.list.key_selected.connect(self._on_selected)
        self.list.key_activated.connect(self._on_activated)
        self.list.menu_opening.connect(self._on_menu)
        self.why.answer.approve.connect(self.approve_selected)
        self.why.answer.reject.connect(self.reject_selected)
        self.why.answer.settle.connect(self.settle_selected)
        self.why.edit_wanted.connect(self._on_edit)
        self.why.keep_wanted.connect(self.keep_selected)
        self.why.fix.chosen.connect(self._on_fix)
        self.why.show_order.connect(self.show_order)
        self.why.tables.lots.chosen.connect(self.show_lot)
        self.manual.replaced.connect(self._on_replaced)
        self._keys = ListKeys(self.list, self.bar, self.why.fix, self)
        self._keys.reject.connect(self.reject_selected)
        self._keys.keep.connect(self.keep_selected)

    # -- answers -------------------------------------------------------------------------------------------

    def approve_selected(self) -> None:
        if self._cards is not None:
            self._cards.approve(self._selected())

    def settle_selected(self, choice: "AmendChoice") -> None:
        if self._cards is not None:
            self._cards.settle(self._selected(), choice)

    def reject_selected(self) -> None:
        if self._cards is not None:
            self._cards.reject(self._selected())

    def keep_selected(self) -> None:
        """Saves the answered message as an example of its room."""
        row = self._selected()
        if row is not None and self._keeper is not None:
            self._keeper.keep(row)

    def _on_fix(self, revision: MessageRevision, text: str) -> None:
        """The key was the answer: where the desk would ask about the fixed text, it is approved."""
        if self._answered is not None and self._keeper is not None:
            self._keeper.was_fixed(revision.message_key, text)
            self.manual.send_fixed(revision, text, self._answered.expect)

    def _on_activated(self, key: MessageKey) -> None:
        """Enter approves only where the list holds nothing but what waits for it."""
        if self.bar.chip is Chip.NEEDS_A_LOOK:
            self.approve_selected()

    def _on_edit(self) -> None:
        row = self._selected()
        if row is not None:
            self.manual.take_text(row.revision)

    def _on_replaced(self, key: MessageKey) -> None:
        """The card of a message that was edited by hand must not be approved beside its replacement."""
        if self._core is not None and key in self._core.alerts.cards():
            self._core.alerts.replace_card(key)

    def _on_menu(self, key: MessageKey | None, menu: QMenu) -> None:
        row = self._model.row(key) if key is not None else None
        if row is None:
            return
        if row.is_card:
            menu.addAction("Approve", self.approve_selected)
            menu.addAction("Reject", self.reject_selected)
        menu.addAction("Edit and send", self._on_edit)
        menu.addAction("Keep as example\tE", self.keep_selected)

    # -- facts ---------------------------------------------------------------------------------------------

    def _on_received(self, fact: AlertReceived) -> None:
        self._refresh_row(fact.revision.message_key)

    def _on_decided(self, fact: AlertDecided) -> None:
        self._refresh_row(fact.decision.message_key)
        self._count()
        if self.isVisible() and self.bar.chip is Chip.NEEDS_A_LOOK:
            self._model.flush()
            self._take_next()

    def _on_trading(self, fact: object) -> None:
        if self.isVisible():
            self._orders.request()

    def _refresh_row(self, key: MessageKey) -> None:
        core = self._core
        revision = core.alerts.message(key) if core else None
        if core is None or revision is None:
            return
        row = message_row(core, revision, frozenset(core.alerts.cards()))
        self._model.upsert(key, row)
        self.bar.offer([row])
        if self.isVisible() and self.list.current_key() == key:
            self.why.show_row(row)

    def _on_tick(self) -> None:
        """Cards run down; the panel beside them too."""
        core = self._core
        if core is None:
            return
        cards = frozenset(core.alerts.cards())
        for key in cards:
            before, revision = self._model.row(key), core.alerts.message(key)
            if before is not None and revision is not None and before.left_s is not None:
                self._model.upsert(key, message_row(core, revision, cards))
        row = self._selected()
        if row is not None:
            self.why.show_time_left(row)

    def _count(self) -> None:
        if self._core is not None:
            self.bar.count_cards(len(self._core.alerts.cards()))

    # -- selection -----------------------------------------------------------------------------------------

    def _selected(self) -> MessageRow | None:
        key = self.list.current_key()
        return self._model.row(key) if key is not None else None

    def _on_selected(self, key: MessageKey | None) -> None:
        self.why.show_row(self._model.row(key) if key is not None else None)

    def _take_next(self) -> None:
        """Where every row waits, one is always selected."""
        if self._selected() is None and self._model.keys:
            self.list.select_key(self._model.keys[0])

    def _on_filter(self) -> None:
        self._model.flush()
        self._model.set_filter(self.bar.accepts)
        waits = self.bar.chip is Chip.NEEDS_A_LOOK
        self.list.set_empty_text(EMPTY if not self._model.total else NOTHING_WAITS if waits else NONE_MATCH)
        if waits:
            self._take_next()

    # overridden Qt methods

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        wide = self.width() >= self._look.px(SIDE_BY_SIDE_PX)
        wanted = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        is_flat = not wide and self.width() >= self._look.px(FLAT_LEAST_PX)
        if self._split.orientation() != wanted or self.why.is_flat is not is_flat:
            self._split.setOrientation(wanted)
            self.why.set_flat(is_flat, icons_only=not wide)
            self.why.show_row(self._selected())

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self._ticks.start()
        self._on_tick()
        self.why.show_row(self._selected())

    def hideEvent(self, event: QHideEvent | None) -> None:
        super().hideEvent(event)
        self._ticks.stop()
