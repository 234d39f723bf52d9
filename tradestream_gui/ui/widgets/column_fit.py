"""Makes a table's columns fit its width: the least needed leave first, texts give way, numbers are never cut."""

from collections.abc import Sequence

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtWidgets import QApplication, QHeaderView

from tradestream_gui.ui.models.columns import Column
from tradestream_gui.ui.shell.look import Look

LEAST_SHARE = 0.78
"""An elastic column gives way down to this share of its width; its tool tip has the whole text."""


class ColumnFit(QObject):
    """Works for tables that declare which columns may leave (`spare`) or stretch (`elastic`), until the user takes
    a column's edge or picks columns himself: from then on his widths stand and the table scrolls."""

    def __init__(self, look: Look, header: QHeaderView, columns: Sequence[Column[object]]) -> None:
        super().__init__(header)
        self._look = look
        self._header = header
        self._columns = columns
        self._is_fitting = False
        self.is_by_hand = False
        self._declares = any(column.spare or column.elastic for column in columns)
        if any(column.elastic for column in columns):
            header.setStretchLastSection(False)
        header.sectionResized.connect(self._on_resized)

    def take_over(self) -> None:
        """The user chose columns himself."""
        self.is_by_hand = True

    def start_again(self, room: int) -> None:
        """Back to the columns that fit."""
        self.is_by_hand = False
        self.fit(room)

    def fit(self, room: int) -> None:
        """Shows what fits into `room` pixels; columns of one rank leave together."""
        if self.is_by_hand or not self._declares or room <= 0:
            return
        self._is_fitting = True
        widths = {at: self._look.px(column.width) for at, column in enumerate(self._columns) if not column.hidden}
        for rank in sorted({column.spare for column in self._columns if column.spare}, reverse=True):
            if sum(self._least(at, width) for at, width in widths.items()) <= room:
                break
            widths = {at: width for at, width in widths.items() if self._columns[at].spare != rank}
        self._share(widths, room - sum(widths.values()))
        for at in range(len(self._columns)):
            self._header.setSectionHidden(at, at not in widths)
            if at in widths:
                self._header.resizeSection(at, widths[at])
        self._is_fitting = False

    def _share(self, widths: dict[int, int], extra: int) -> None:
        """Elastic columns take what is left, or give up what is missing."""
        elastic = [at for at in widths if self._columns[at].elastic]
        whole = sum(self._columns[at].elastic for at in elastic)
        for at in elastic:
            part = extra * self._columns[at].elastic // whole
            widths[at] = max(widths[at] + part, self._least(at, widths[at]))

    def _least(self, at: int, width: int) -> int:
        return round(width * LEAST_SHARE) if self._columns[at].elastic else width

    def _on_resized(self, section: int, before: int, after: int) -> None:
        is_dragged = QApplication.mouseButtons() & Qt.MouseButton.LeftButton and self._header.underMouse()
        if not self._is_fitting and is_dragged:
            self.is_by_hand = True
