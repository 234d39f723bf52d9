"""The examples of a profile with what each gives now: passed, or what it is read as instead."""

from collections.abc import Sequence

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from tradestream_gui.alerts.profiles.profile_check import ExampleResult
from tradestream_gui.domain.alert_profile import ProfileExample
from tradestream_gui.ui.models.columns import Column
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.kept_icon import KeptIcon
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.plain import one_line, plain_label
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.widgets.table_view import TableView

EMPTY = "This profile has no examples yet. Teach it some, or keep a fixed message as one in Messages."


class ExamplesPage(QWidget):
    """Delete takes the chosen example out of the user's copy."""

    remove_wanted = pyqtSignal(object)  # ProfileExample

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._results: tuple[ExampleResult, ...] = ()
        self.model: KeyedTableModel[ExampleResult] = KeyedTableModel((
            Column(
                key="passes", title="Now", width=84, text=lambda row: "✓ reads" if row.passes else "× differs",
                tone=lambda row: Tone.OK if row.passes else Tone.DANGER, strong=True,
            ),
            Column(
                key="text", title="Message", width=200, text=lambda row: one_line(row.example.text, 200), mono=True,
                elastic=1,
                tooltip=lambda row: row.example.text,
            ),
            Column(
                key="words", title="Read as, or what differs", width=200, text=lambda row: one_line(row.words, 200),
                elastic=1,
                tone=lambda row: None if row.passes else Tone.DANGER, tooltip=lambda row: row.words,
            ),
        ))  # fmt: skip
        self.table = TableView(look, self.model, name="Examples", empty_text=EMPTY)
        self.count = plain_label(role="help")
        self.remove = QPushButton("Remove example")
        KeptIcon(look, self.remove, "trash")
        head = QHBoxLayout()
        head.addWidget(self.count, 1)
        head.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        self.remove.clicked.connect(self._on_remove)
        self.table.installEventFilter(self)

    def show_results(self, results: Sequence[ExampleResult]) -> None:
        self._results = tuple(results)
        self.model.replace_all(list(enumerate(self._results)))
        self.model.flush()
        failed = sum(not result.passes for result in results)
        reads = f"{len(results) - failed} of {len(results)} read as they say."
        self.count.setText(reads if results else "")
        self.remove.setEnabled(bool(results))

    @property
    def chosen(self) -> ProfileExample | None:
        key = self.table.current_key()
        return self._results[key].example if isinstance(key, int) and key < len(self._results) else None

    def _on_remove(self) -> None:
        example = self.chosen
        if example is not None:
            self.remove_wanted.emit(example)

    # overridden Qt methods

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Delete:
            self._on_remove()
            return True
        return super().eventFilter(watched, event)
