"""The log dock: what happened, in plain words, by level, text and the way of one alert."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QMenu, QVBoxLayout, QWidget

from tradestream_gui.domain.events import Severity
from tradestream_gui.ui.docks.log import lines
from tradestream_gui.ui.docks.log.bar import ALL, LogBar
from tradestream_gui.ui.docks.log.book import LogBook
from tradestream_gui.ui.docks.log.lines import LogLine, Told
from tradestream_gui.ui.format import time_text, times_tooltip
from tradestream_gui.ui.models.columns import Column
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain import events, events_market
    from tradestream_gui.ui.shell.signal_hub import SignalHub

EMPTY_TEXT = "Nothing logged at this level."
DEFAULT_ZONE = ZoneInfo("America/New_York")
_ICONS = {
    Severity.INFO: "info",
    Severity.SUCCESS: "check",
    Severity.WARNING: "alert",
    Severity.DANGER: "alert",
}
_TONES = {Severity.WARNING: Tone.WARN, Severity.DANGER: Tone.DANGER}


class LogDock(QWidget):
    """Listens to every fact that a person may ask about later; the newest line stands on top."""

    show_message = pyqtSignal(object)
    show_order = pyqtSignal(object)
    show_lot = pyqtSignal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._core: Core | None = None
        self._book = LogBook()
        self._kind = ALL
        self._text = ""
        self._path: frozenset[str] = frozenset()
        self._look = look
        self.bar = LogBar(look)
        self.model: KeyedTableModel[LogLine] = KeyedTableModel(_columns(self._zone), newest_first=True)
        self.table = TableView(look, self.model, name="Log", empty_text=EMPTY_TEXT)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.table, 1)
        self.bar.kind_chosen.connect(self._on_kind)
        self.bar.text_changed.connect(self._on_text)
        self.bar.path_left.connect(self.leave_path)
        self.bar.copy_wanted.connect(self.table.copy_rows)
        self.bar.export_wanted.connect(self.table.ask_export)
        self.table.key_activated.connect(self.follow)
        self.table.menu_opening.connect(self._fill_menu)
        look.changed.connect(self._adopt_look)
        self._adopt_look()
        escape = QShortcut(QKeySequence("Esc"), self, self.leave_path)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def attach(self, core: Core, hub: SignalHub) -> None:
        self._core = core
        for message in core.alerts.messages():
            self._tell(lines.of_message(message))
            decision = core.alerts.decision(message.message_key)
            if decision is not None:
                self._tell(lines.of_decision(decision, core.reference.instrument))
        for signal, slot in (
            (hub.alert_received, self._on_message),
            (hub.alert_decided, self._on_decision),
            (hub.order_changed, self._on_order),
            (hub.fill_booked, self._on_fill),
            (hub.notice, self._on_notice),
            (hub.broker_link_changed, self._on_link),
            (hub.feed_link_changed, self._on_link),
            (hub.stream_went_stale, self._on_stale),
            (hub.stream_revived, self._on_revival),
            (hub.account_state_changed, self._on_account),
            (hub.protection_lost, self._on_protection_lost),
            (hub.protection_restored, self._on_protection_restored),
        ):
            signal.connect(slot)

    def follow(self, key: Hashable) -> None:
        """Shows only the lines of the alert (or of the trade by hand) that this line belongs to."""
        line = self.model.row(key)
        path = frozenset() if line is None else self._book.path_of(line)
        if path:
            self._path = path
            self._filter()
            self.bar.show_path(line.words if line is not None else "")
            self.table.select_key(key)

    def leave_path(self) -> None:
        self._path = frozenset()
        self.bar.show_path("")
        self._filter()

    # inside

    def _adopt_look(self) -> None:
        """The newest line is always in sight, however low the dock is made."""
        head = self.table.horizontalHeader()
        if head is not None:
            self.table.setMinimumHeight(head.minimumHeight() + self._look.row_height() + 2)

    def _zone(self) -> tzinfo:
        return DEFAULT_ZONE if self._core is None else ZoneInfo(self._core.settings.current.general.display_zone)

    def _tell(self, told: Told | None) -> None:
        if told is None:
            return
        line, gone = self._book.add(told)
        if gone is not None:
            self.model.remove(gone.number)
        if line is not None:
            self.model.upsert(line.number, line)

    def _accepts(self, line: LogLine) -> bool:
        if self._path and not line.is_of_path(self._path):
            return False
        if self._kind != ALL and line.kind.value != self._kind:
            return False
        return not self._text or self._text in line.words.lower()

    def _filter(self) -> None:
        self.model.set_filter(self._accepts)

    def _on_kind(self, kind: str) -> None:
        self._kind = kind
        self._filter()

    def _on_text(self, text: str) -> None:
        self._text = text.strip().lower()
        self._filter()

    def _fill_menu(self, key: Hashable | None, menu: QMenu) -> None:
        line = None if key is None else self.model.row(key)
        if line is None:
            return
        if self._book.path_of(line):
            menu.addAction("Only this alert's way", self._follow_chosen)
        if line.message_key is not None:
            menu.addAction("Open message", self._open_message)
        if line.cl_ord_id is not None:
            menu.addAction("Open order", self._open_order)
        if line.lot_id is not None:
            menu.addAction("Open position", self._open_lot)

    def _chosen(self) -> LogLine | None:
        key = self.table.current_key()
        return None if key is None else self.model.row(key)

    def _follow_chosen(self) -> None:
        line = self._chosen()
        if line is not None:
            self.follow(line.number)

    def _open_message(self) -> None:
        line = self._chosen()
        if line is not None and line.message_key is not None:
            self.show_message.emit(line.message_key)

    def _open_order(self) -> None:
        line = self._chosen()
        if line is not None and line.cl_ord_id is not None:
            self.show_order.emit(line.cl_ord_id)

    def _open_lot(self) -> None:
        line = self._chosen()
        if line is not None and line.lot_id is not None:
            self.show_lot.emit(line.lot_id)

    # facts

    def _on_message(self, fact: events.AlertReceived) -> None:
        self._tell(lines.of_message(fact.revision))

    def _on_decision(self, fact: events.AlertDecided) -> None:
        if self._core is not None:
            self._tell(lines.of_decision(fact.decision, self._core.reference.instrument))

    def _on_order(self, fact: events.OrderChanged) -> None:
        if self._core is not None:
            self._tell(lines.of_order(fact.order, self._core.reference.instrument))

    def _on_fill(self, fact: events.FillBooked) -> None:
        if self._core is not None:
            order = self._core.blotter.order(fact.fill.cl_ord_id)
            role = None if order is None else order.purpose
            self._tell(lines.of_fill(fact, role, self._core.reference.instrument))

    def _on_notice(self, fact: events.Notice) -> None:
        self._tell(lines.of_notice(fact))

    def _on_link(self, fact: events.BrokerLinkChanged | events_market.FeedLinkChanged) -> None:
        self._tell(lines.of_link(fact))

    def _on_stale(self, fact: events_market.StreamWentStale) -> None:
        if self._core is not None:
            self._tell(lines.of_stale(fact, self._core.reference.instrument))

    def _on_revival(self, fact: events_market.StreamRevived) -> None:
        if self._core is not None:
            self._tell(lines.of_revival(fact, self._core.reference.instrument))

    def _on_account(self, fact: events.AccountStateChanged) -> None:
        self._tell(lines.of_account(fact))

    def _on_protection_lost(self, fact: events.ProtectionLost) -> None:
        self._tell(lines.of_lost_protection(fact))

    def _on_protection_restored(self, fact: events.ProtectionRestored) -> None:
        self._tell(lines.of_restored_protection(fact))


def _columns(zone: Callable[[], tzinfo]) -> list[Column[LogLine]]:
    return [
        Column(
            key="time", title="Time", width=84, text=lambda line: time_text(line.at, zone()),
            tone=lambda line: Tone.MUTED, sort_key=lambda line: line.number,
            tooltip=lambda line: times_tooltip(line.at, zone()),
        ),
        Column(
            key="kind", title="Kind", width=112, spare=1, text=lambda line: line.kind.value,
            tone=lambda line: _TONES.get(line.severity, Tone.SECONDARY), icon=lambda line: _ICONS[line.severity],
            accessible=lambda line: f"{line.kind.value}, {line.severity.value}",
        ),
        Column(
            key="words", title="What happened", width=320, elastic=1, text=lambda line: line.words,
            tone=lambda line: _TONES.get(line.severity), tooltip=lambda line: line.words,
        ),
    ]  # fmt: skip
