"""Lays widgets side by side like words and wraps them at the width there is."""

from PyQt6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PyQt6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Rows of equal gaps; its height follows its width."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = 6) -> None:
        super().__init__(parent)
        self._gap = gap
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    # overridden Qt methods

    def addItem(self, item: QLayoutItem | None) -> None:
        if item is not None:
            self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), apply=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, apply=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        margins: QMargins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _arrange(self, rect: QRect, *, apply: bool) -> int:
        """Answers the height; what is lower than its row stands in the middle of it."""
        x, y = rect.x(), rect.y()
        row: list[tuple[QLayoutItem, int, QSize]] = []
        for item in self._items:
            if item.isEmpty():  # hidden: no room, and no gap either
                continue
            hint = item.sizeHint()
            if row and x + hint.width() > rect.right() + 1:
                x, y, row = rect.x(), y + _place(row, y, apply=apply) + self._gap, []
            row.append((item, x, hint))
            x += hint.width() + self._gap
        return y + _place(row, y, apply=apply) - rect.y()


def _place(row: list[tuple[QLayoutItem, int, QSize]], top: int, *, apply: bool) -> int:
    """Answers how high the row is."""
    tall = max((hint.height() for _, _, hint in row), default=0)
    if apply:
        for item, x, hint in row:
            item.setGeometry(QRect(QPoint(x, top + (tall - hint.height()) // 2), hint))
    return tall
