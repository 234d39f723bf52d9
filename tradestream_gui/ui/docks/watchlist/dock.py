"""The watchlist dock: last price, change, bid, ask and age of the symbols that one follows."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut, QShowEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.ui.docks.price_alert_ask import ask_price_alert
from tradestream_gui.ui.docks.watchlist.list_files import ListFiles
from tradestream_gui.ui.docks.watchlist.list_keeper import ListKeeper
from tradestream_gui.ui.docks.watchlist.lists_bar import ListsBar
from tradestream_gui.ui.docks.watchlist.quote_card import QuoteCard
from tradestream_gui.ui.docks.watchlist.rows import WatchRow, watch_columns, watch_row
from tradestream_gui.ui.docks.watchlist.symbol_search import SymbolSearch
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.frame_clock import FrameClock
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.events import LotChanged
    from tradestream_gui.ui.shell.signal_hub import SignalHub

LEAST_PX = 192
"""At 100 %: symbol and last price, which never go out of sight."""
CARD_MS = 100
"""The card says in full what the row beside it says at every frame."""
NAMED = 8
"""So many unknown names are told."""
EMPTY_TEXT = "No symbols yet. Type one above to follow it."


class _PriceTable(TableView):
    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(LEAST_PX), super().minimumSizeHint().height())


class WatchlistDock(QWidget):
    """Its symbols are a setting; instruments with an open position join them until they are flat."""

    show_instrument = pyqtSignal(object)
    said = pyqtSignal(str)
    undoable = pyqtSignal(str, object)  # words and what takes it back

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._core: Core | None = None
        self._instruments: dict[InstrumentId, Instrument] = {}
        self._symbols: dict[InstrumentId, str] = {}
        self.lists = ListsBar(look)
        self._keeper = ListKeeper(self.lists, self)
        self._files = ListFiles(self, self.take, lambda: self._symbols.values())
        self.search = SymbolSearch(look)
        self.model: KeyedTableModel[WatchRow] = KeyedTableModel(watch_columns())
        self.table = _PriceTable(look, self.model, name="Watchlist", empty_text=EMPTY_TEXT)
        self.card = QuoteCard(look)
        self._card_frames = FrameClock(self._show_card, CARD_MS, self)
        self._lay_out()
        self.search.chosen.connect(self.add)
        self.lists.import_wanted.connect(self._files.ask_import)
        self.lists.export_wanted.connect(self._files.ask_export)
        self._files.said.connect(self.said)
        self._keeper.changed.connect(self._show_list)
        self._keeper.said.connect(self.said)
        self._keeper.undoable.connect(self.undoable)
        self.table.key_selected.connect(self._on_selected)
        self.table.key_activated.connect(self._on_activated)
        self.table.menu_opening.connect(self._fill_menu)
        bar = self.table.verticalScrollBar()
        assert bar is not None, "tables scroll"
        bar.valueChanged.connect(self._on_scrolled)
        delete = QShortcut(QKeySequence("Del"), self.table, self.remove_chosen)
        delete.setContext(delete.context().WidgetShortcut)

    def attach(self, core: Core, hub: SignalHub) -> None:
        self._core = core
        self.search.attach(core)
        self._keeper.attach(core)
        self._files.attach(core)
        hub.frame.connect(self._on_frame)
        hub.lot_changed.connect(self._on_lot)
        hub.second.connect(self._on_second)

    def instruments(self) -> tuple[Instrument, ...]:
        """What is followed, in the order of the list."""
        return tuple(self._instruments.values())

    def add(self, instrument: Instrument) -> None:
        """Follows the instrument, now and at the next start."""
        symbol = instrument.root if instrument.asset_class is AssetClass.FUTURE else instrument.instrument_id
        if self._core is not None and self._resolved(symbol) != instrument:
            symbol = instrument.instrument_id
        is_new = instrument.instrument_id not in self._symbols
        self._follow(instrument, symbol)
        self._show_all()
        self.table.select_key(instrument.instrument_id)
        if is_new:
            self._store()

    def remove(self, instrument_id: InstrumentId) -> None:
        """Takes it off the list. Its prices still come in for whoever else needs them."""
        core = self._core
        at, symbol = list(self._symbols).index(instrument_id), self._symbols.pop(instrument_id)
        if core is not None and not core.lots.open_lots(instrument_id=instrument_id):
            self._instruments.pop(instrument_id, None)
            self.model.remove(instrument_id)
        self._store()
        self._keeper.offer_back(symbol, at)

    def remove_chosen(self) -> None:
        """A held contract that is not on the list stays until it is flat."""
        key = self.table.current_key()
        if key in self._symbols:
            self.remove(InstrumentId(str(key)))

    # inside

    def _resolved(self, symbol: str) -> Instrument | None:
        core = self._core
        return None if core is None else core.reference.resolve(symbol, core.clock.now())

    def _follow(self, instrument: Instrument, symbol: str) -> None:
        self._symbols.setdefault(instrument.instrument_id, symbol)
        self._instruments.setdefault(instrument.instrument_id, instrument)

    def _hold(self) -> None:
        """The prices of the list in sight; what is held elsewhere has them without it."""
        if self._core is not None:
            wanted = [self._instruments[instrument_id] for instrument_id in self._symbols]
            self._core.tasks.spawn(self._core.subscriptions.hold("watchlist", wanted), "prices of the watchlist")

    def _join_held(self, instrument_id: InstrumentId) -> None:
        found = None if self._core is None else self._core.reference.instrument(instrument_id)
        if found is not None:
            self._instruments.setdefault(instrument_id, found)

    def _store(self) -> None:
        self._hold()
        self._keeper.keep(self._symbols.values())

    def _show_list(self) -> None:
        """The symbols of the list in sight, and what is held."""
        self._symbols.clear()
        self._instruments.clear()
        for symbol in self._keeper.lists.symbols:
            found = self._resolved(symbol)
            if found is not None:
                self._follow(found, symbol)
        self._hold()
        for lot in self._core.lots.open_lots() if self._core is not None else ():
            self._join_held(lot.instrument_id)
        self._show_all()

    def _show_all(self) -> None:
        core = self._core
        if core is not None:
            self.model.replace_all([(key, watch_row(core, one)) for key, one in self._instruments.items()])
            if self.table.current_key() is None and self._instruments:
                self.table.select_key(next(iter(self._instruments)))
            self._show_card()

    def _on_frame(self, changed: set[InstrumentId]) -> None:
        core = self._core
        if core is None or not self.isVisible():
            return
        known, in_sight = self._instruments, self.model.is_in_sight
        seen = [key for key in changed if key in known and in_sight(key)]
        rows: dict[Hashable, WatchRow] = {key: watch_row(core, known[key]) for key in seen}
        if rows:
            self.model.upsert_many(rows)
            self.model.flush()  # this is a frame already
        if self.table.current_key() in changed:
            self._card_frames.request()

    def _on_second(self) -> None:
        """Ages move, and rows out of sight catch up: a sort must not go by what was."""
        core = self._core
        if core is None or not self.isVisible():
            return
        quoted = {key: one for key, one in self._instruments.items() if core.board.quote(key) is not None}
        if quoted:
            self.model.upsert_many({key: watch_row(core, one) for key, one in quoted.items()})
        if self.table.current_key() in quoted:
            self._show_card()

    def _on_scrolled(self) -> None:
        self._on_frame(set(self._instruments))

    def _on_lot(self, fact: LotChanged) -> None:
        key = fact.lot.instrument_id
        if not fact.lot.is_flat:
            self._join_held(key)
        elif key not in self._symbols and self._core and not self._core.lots.open_lots(instrument_id=key):
            self._instruments.pop(key, None)
            self.model.remove(key)
        self._on_frame({key})

    def _show_card(self) -> None:
        key = self.table.current_key()
        one = self._instruments.get(InstrumentId(key)) if isinstance(key, str) else None
        self.card.show_row(None if one is None or self._core is None else watch_row(self._core, one))

    def _on_selected(self, key: Hashable | None) -> None:
        self._show_card()
        if key is not None and self.table.hasFocus():
            self.show_instrument.emit(key)

    def _on_activated(self, key: Hashable) -> None:
        self.show_instrument.emit(key)

    def take(self, names: Sequence[str]) -> str:
        """Follows what these names mean; answers with what came of it."""
        found = [(name, self._resolved(name)) for name in names]
        before = len(self._symbols)
        for name, one in found:
            if one is not None:
                self._follow(one, name)
        fresh = len(self._symbols) - before
        if fresh:
            self._show_all()
            self._store()
        unknown = [name for name, one in found if one is None]
        words = f"{fresh} of {len(names)} symbols are new on the watchlist"
        return f"{words}; not known: {', '.join(unknown[:NAMED])}" if unknown else words

    def _fill_menu(self, key: Hashable | None, menu: QMenu) -> None:
        row = None if key is None else self.model.row(key)
        menu.addAction("Import symbols…", self._files.ask_import)
        menu.addAction("Save symbols…", self._files.ask_export)
        if row is None:
            return
        menu.addSeparator()
        menu.addAction("Open chart", self._open_chosen)
        menu.addAction(self._look.icon("bell"), "Price alert…", self._ask_price_alert)
        remove = menu.addAction(self._look.icon("trash"), "Remove from watchlist", self.remove_chosen)
        if remove is not None:
            remove.setEnabled(row.instrument.instrument_id in self._symbols)

    def _ask_price_alert(self) -> None:
        core, key = self._core, self.table.current_key()
        row = None if key is None else self.model.row(key)
        if core is not None and row is not None:
            core.tasks.spawn(ask_price_alert(self, core, row.instrument), "ask for a price alert")

    def _open_chosen(self) -> None:
        key = self.table.current_key()
        if key is not None:
            self.show_instrument.emit(key)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QFrame()
        head.setProperty("role", "panel")
        rows = QVBoxLayout(head)
        rows.setContentsMargins(8, 6, 8, 6)
        rows.setSpacing(6)
        rows.addWidget(self.lists)
        find = QHBoxLayout()
        find.setSpacing(4)
        find.addWidget(self.search, 1)
        find.addWidget(self.lists.more, 0, Qt.AlignmentFlag.AlignTop)
        rows.addLayout(find)
        column.addWidget(head)
        column.addWidget(self.table, 1)
        column.addWidget(self.card)

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        if self._core is not None:
            self._show_all()
