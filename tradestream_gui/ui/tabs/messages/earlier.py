"""What a search finds beyond the list: messages that only the archive has stand below the held ones, newest first."""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer

from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.events import TalkForgotten
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.tabs.messages.bar import MessageBar
from tradestream_gui.ui.tabs.messages.rows import MessageRow, stored_row
from tradestream_gui.ui.widgets.table_view import TableView

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ports.history import MessageArchive

PAUSE_MS = 200
"""After this pause in typing the archive is asked: the list itself follows every letter."""
MOST = 200
"""Messages from the archive in the list: whoever wants more narrows the search, or exports the history."""

LOOKING = "looking through earlier messages"
MORE = f"only the newest {MOST} from earlier are shown: add a word to find others"


class EarlierMessages(QObject):
    """The only one that brings archived rows into the list and takes them away; what talk the desk lets go of, too."""

    def __init__(
        self, model: KeyedTableModel[MessageRow], table: TableView, bar: MessageBar, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._table = table
        self._bar = bar
        self._core: Core | None = None
        self._archive: MessageArchive | None = None
        self._keys: set[MessageKey] = set()
        self._asked = 0
        self._note = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        bar.search.textChanged.connect(self._on_words)
        for moved in (model.modelReset, model.rowsInserted, model.rowsRemoved):
            moved.connect(self._tell)

    def attach(self, core: "Core") -> None:
        self._core, self._archive = core, core.archive

    def on_forgotten(self, fact: TalkForgotten) -> None:
        """What the desk holds no more goes, save what is being read, or found by the search that is on."""
        key = fact.message_key
        row = self._model.row(key)
        if row is None or key == self._table.current_key():
            return
        if self._bar.has_words and self._bar.finds(row) and len(self._keys) < MOST:
            self._keys.add(key)
            self._model.upsert(key, replace(row, versions=(row.revision,)))
            self._tell()
        else:
            self._model.remove(key)

    def _on_words(self) -> None:
        """An answer to the words before comes too late from now on."""
        self._asked += 1
        self._put({})
        asks = self._archive is not None and self._bar.has_words
        self._note = LOOKING if asks else ""
        if asks:
            self._pause.start()
        else:
            self._pause.stop()
        self._tell()

    def _ask(self) -> None:
        if self._core is not None:
            self._core.tasks.spawn(self._find(self._bar.search.text(), self._asked), "search earlier messages")

    async def _find(self, words: str, number: int) -> None:
        core, archive = self._core, self._archive
        assert core is not None
        assert archive is not None
        try:
            found = await archive.find(words, limit=MOST, leave_out=self._is_held)
        except StoreFailed as error:
            if number == self._asked:
                self._note = f"earlier messages could not be searched: {error}"
                self._tell()
            return
        if number != self._asked:
            return
        self._note = MORE if found.has_more else ""
        rows = [stored_row(core, each) for each in reversed(found.messages)]
        self._put({row.key: row for row in rows if not self._is_held(row.key)})
        self._bar.offer(rows)
        self._tell()

    def _put(self, rows: Mapping[MessageKey, MessageRow]) -> None:
        """Exactly these from the archive, oldest first; held rows stay as they are, and so does what is being read."""
        if self._core is None or not (rows or self._keys):
            return
        self._keys = set(rows)
        held: list[Hashable] = [message.message_key for message in self._core.alerts.messages()]
        current = self._table.current_key()
        if current not in held:
            held.insert(0, current)
        known = ((key, self._model.row(key)) for key in held)
        self._model.replace_all(
            [*rows.items(), *((key, row) for key, row in known if row is not None and not row.is_stored)]
        )

    def _is_held(self, key: MessageKey) -> bool:
        return self._core is not None and self._core.alerts.message(key) is not None

    def _tell(self) -> None:
        """How many rows are shown, and how many of them the archive gave."""
        if not self._bar.has_words:
            self._bar.say_found("")
            return
        earlier = sum(self._model.position_of(key) is not None and not self._is_held(key) for key in self._keys)
        told = f"{len(self._model.keys)} found" + (f", {earlier} of them from earlier" if earlier else "")
        self._bar.say_found(f"{told}; {self._note}" if self._note else told)
