"""The keys of the message list: E keeps an example; while the list shows what needs a look, digits fix and Delete
rejects."""

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent

from tradestream_gui.ui.tabs.messages.bar import MessageBar
from tradestream_gui.ui.tabs.messages.fix import KEYS, FixBar
from tradestream_gui.ui.tabs.messages.rows import Chip
from tradestream_gui.ui.widgets.table_view import TableView

REJECT_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class ListKeys(QObject):
    """Listens on the list only: elsewhere the same keys mean what they always do."""

    reject = pyqtSignal()
    keep = pyqtSignal()

    def __init__(self, table: TableView, bar: MessageBar, fix: FixBar, parent: QObject) -> None:
        super().__init__(parent)
        self._bar = bar
        self._fix = fix
        table.installEventFilter(self)

    # overridden Qt methods

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            waits = self._bar.chip is Chip.NEEDS_A_LOOK
            if waits and event.key() in REJECT_KEYS:
                self.reject.emit()
                return True
            if waits and event.text() and event.text() in KEYS and self._fix.choose(KEYS.index(event.text())):
                return True
            if event.key() == Qt.Key.Key_E and not event.modifiers():
                self.keep.emit()
                return True
        return super().eventFilter(watched, event)
