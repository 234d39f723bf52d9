"""What a proposal would have done on the channel's history: hits, misses, and what would have fired wrongly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from zoneinfo import ZoneInfo

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QMenu, QTabWidget, QVBoxLayout, QWidget

from tradestream_gui.alerts.teaching.teach_history import Judged, Verdict
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.ui.format import date_time_text
from tradestream_gui.ui.models.columns import Column
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.widgets.table_view import TableView


@dataclass(frozen=True, slots=True)
class ResultRow:
    revision: MessageRevision
    judged: Judged


PANES: tuple[tuple[str, tuple[Verdict, ...], str], ...] = (
    ("Hits", (Verdict.HIT,), "Nothing in the history is read yet. Label messages above and press Propose."),
    ("Misses", (Verdict.MISS,), "No message comes near without being read."),
    (
        "Would have fired wrongly", (Verdict.WRONG, Verdict.DOUBTFUL),
        "Nothing acts on what you marked as no alert, nor beside words that usually take an order back.",
    ),
)  # fmt: skip
TONES = {Verdict.WRONG: Tone.DANGER, Verdict.DOUBTFUL: Tone.WARN, Verdict.MISS: Tone.MUTED}


class ResultPanes(QTabWidget):
    """N marks the chosen message as no alert; E takes it as another example."""

    no_alert = pyqtSignal(object)  # MessageRevision
    example_wanted = pyqtSignal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.models: list[KeyedTableModel[ResultRow]] = []
        self.tables: list[TableView] = []
        for title, _, empty in PANES:
            model: KeyedTableModel[ResultRow] = KeyedTableModel(_columns(ZoneInfo("UTC")))
            table = TableView(look, model, name=title, empty_text=empty)
            table.menu_opening.connect(self._on_menu)
            table.key_activated.connect(self._on_activated)
            table.installEventFilter(self)
            self.models.append(model)
            self.tables.append(table)
            page = QWidget()
            column = QVBoxLayout(page)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(table)
            self.addTab(page, title)

    def set_zone(self, zone: tzinfo) -> None:
        for model in self.models:
            model.columns = _columns(zone)

    def show_results(self, rows: Sequence[ResultRow]) -> None:
        """All results, newest first; the counts stand in the titles, and the wrong ones are looked at first."""
        for at, (title, verdicts, _) in enumerate(PANES):
            found = [row for row in rows if row.judged.verdict in verdicts]
            found.sort(key=lambda row: (row.judged.verdict is not Verdict.WRONG, -row.revision.sent_at.timestamp()))
            self.models[at].replace_all([(row.revision.message_key, row) for row in found])
            self.models[at].flush()
            alarm = "⚠ " if any(row.judged.verdict is Verdict.WRONG for row in found) else ""
            self.setTabText(at, f"{alarm}{title} {len(found)}")
        wrong = any(row.judged.verdict is Verdict.WRONG for row in rows)
        if wrong:
            self.setCurrentIndex(2)

    # inside

    def _current(self) -> MessageRevision | None:
        at = self.currentIndex()
        key = self.tables[at].current_key()
        row = self.models[at].row(key) if key is not None else None
        return row.revision if row is not None else None

    def _mark_no_alert(self) -> None:
        revision = self._current()
        if revision is not None:
            self.no_alert.emit(revision)

    def _take_example(self) -> None:
        revision = self._current()
        if revision is not None:
            self.example_wanted.emit(revision)

    def _on_activated(self, key: MessageKey) -> None:
        self._take_example()

    def _on_menu(self, key: MessageKey | None, menu: QMenu) -> None:
        if key is not None:
            menu.addAction("Not an alert\tN", self._mark_no_alert)
            menu.addAction("Teach this message\tE", self._take_example)

    # overridden Qt methods

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not event.modifiers():
            if event.key() == Qt.Key.Key_N:
                self._mark_no_alert()
                return True
            if event.key() == Qt.Key.Key_E:
                self._take_example()
                return True
        return super().eventFilter(watched, event)


def _columns(zone: tzinfo) -> tuple[Column[ResultRow], ...]:
    return (
        Column(
            key="time", title="Time", width=92,
            text=lambda row: f"{row.revision.sent_at.astimezone(zone):%m-%d %H:%M}",
            tooltip=lambda row: date_time_text(row.revision.sent_at, zone),
            sort_key=lambda row: row.revision.sent_at,
        ),
        Column(key="author", title="Author", width=80, spare=1,
               text=lambda row: one_line(row.revision.author_name, 40)),
        Column(key="text", title="Message", width=220, text=lambda row: one_line(row.revision.text, 200), mono=True,
               elastic=1, tooltip=lambda row: row.revision.text),
        Column(
            key="read", title="Read as, or why not", width=190, text=lambda row: one_line(row.judged.words, 200),
            elastic=1,
            tone=lambda row: TONES.get(row.judged.verdict),
            tooltip=lambda row: f"{row.judged.verdict.value}: {row.judged.words}",
        ),
    )  # fmt: skip
