"""The list of messages: a table that lets go of the talk which the desk holds no more."""

from PyQt6.QtWidgets import QWidget

from tradestream_gui.domain.events import TalkForgotten
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.messages.rows import MessageRow
from tradestream_gui.ui.widgets.table_view import TableView


class MessageList(TableView):
    def __init__(
        self, look: Look, model: KeyedTableModel[MessageRow], *, empty_text: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, model, name="Messages", empty_text=empty_text, parent=parent)

    def on_forgotten(self, fact: TalkForgotten) -> None:
        """What the desk holds no more goes, save what is being read."""
        if fact.message_key != self.current_key():
            self.keyed_model.remove(fact.message_key)
