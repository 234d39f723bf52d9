"""The menu on a table's header: which columns are shown."""

from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QHeaderView, QMenu


class ColumnsMenu(QMenu):
    """One checkable line per column; the last column that is shown cannot be hidden."""

    def __init__(self, header: QHeaderView) -> None:
        super().__init__(header)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._header = header
        model = header.model()
        assert model is not None
        for number in range(header.count()):
            title = model.headerData(number, Qt.Orientation.Horizontal) or f"Column {number + 1}"
            action = QAction(str(title).replace("&", "&&"), self)  # "P&L" has no key
            action.setCheckable(True)
            action.setChecked(not header.isSectionHidden(number))
            action.setData(number)
            self.addAction(action)
        self.triggered.connect(self._toggle)

    def add_reset(self, on_reset: Callable[[], None]) -> None:
        """A last line that gives the choice of columns back to the table."""
        self.addSeparator()
        action = self.addAction("Fit columns to the width")
        assert action is not None
        action.triggered.connect(on_reset)

    def _toggle(self, action: QAction) -> None:
        if action.data() is None:
            return
        shown = [number for number in range(self._header.count()) if not self._header.isSectionHidden(number)]
        number = int(action.data())
        if shown != [number]:
            self._header.setSectionHidden(number, number in shown)
