"""Keeps the order, widths and sorting of tables that the user arranged, from one run to the next."""

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QWidget

from tradestream_gui.ui.shell.layout_store import KeptColumns, LayoutStore
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.widgets.table_view import TableView


class ColumnKeeper(QObject):
    """A table that nobody arranged is not kept: it goes on to fit its columns itself."""

    def __init__(self, look: Look, layouts: LayoutStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._layouts = layouts
        self._kept = layouts.columns()
        self._tables: dict[str, TableView] = {}

    def take(self, part: QWidget) -> None:
        """Arranges the tables of a tab or dock as they were left, and those that it makes later as soon as it does."""
        grown = getattr(part, "grown", None)
        if grown is not None:
            grown.connect(self._arrange)
        self._arrange(part)

    def _arrange(self, part: QWidget) -> None:
        for table in part.findChildren(TableView):
            name = table.accessibleName()
            self._tables[name] = table
            kept = self._kept.get(name)
            if kept is not None and kept.keys == _keys(table) and table.fit.restore(kept.state):
                table.fit.stretch(self._look.scale / kept.scale)

    def save(self) -> None:
        for name, table in self._tables.items():
            if table.fit.is_arranged:
                self._kept[name] = KeptColumns(_keys(table), table.fit.state(), self._look.scale)
            else:
                self._kept.pop(name, None)
        self._layouts.save_columns(self._kept)


def _keys(table: TableView) -> tuple[str, ...]:
    return tuple(column.key for column in table.keyed_model.columns)
