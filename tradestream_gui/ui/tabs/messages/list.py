"""The list of messages: a table whose text and action share what the fixed columns leave."""

from PyQt6.QtWidgets import QWidget

from tradestream_gui.domain.events import TalkForgotten
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.messages.rows import MessageRow
from tradestream_gui.ui.widgets.table_view import TableView

TEXT_SHARE = 0.5
"""Of the width that the fixed columns leave, between text and action."""
LEAST_PX = 160


class MessageList(TableView):
    def __init__(
        self, look: Look, model: KeyedTableModel[MessageRow], *, empty_text: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(look, model, name="Messages", empty_text=empty_text, parent=parent)
        self._list_look = look

    def on_forgotten(self, fact: TalkForgotten) -> None:
        """What the desk holds no more goes, save what is being read."""
        if fact.message_key != self.current_key():
            self.keyed_model.remove(fact.message_key)

    def share_width(self) -> None:
        """To be called when the width is known."""
        columns, port = self.keyed_model.columns, self.viewport()
        fixed = sum(self.columnWidth(at) for at, each in enumerate(columns) if each.key not in ("text", "action"))
        left = (port.width() if port else 0) - fixed
        if left > self._list_look.px(LEAST_PX):
            at = next(at for at, each in enumerate(columns) if each.key == "text")
            self.setColumnWidth(at, round(left * TEXT_SHARE))
