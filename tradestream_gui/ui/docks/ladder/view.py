"""The ladder's table: turns clicks, drags and keys into wishes; it sends nothing and never scrolls by itself."""

from __future__ import annotations

from decimal import Decimal

from PyQt6.QtCore import QEvent, QModelIndex, QPoint, QPointF, Qt, pyqtBoundSignal, pyqtSignal
from PyQt6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from tradestream_gui.domain.orders import OrdType, Side
from tradestream_gui.ui.docks.ladder.delegate import LadderDelegate
from tradestream_gui.ui.docks.ladder.keys import JOINS, MARKETS, QTY_STEPS, LadderKeys
from tradestream_gui.ui.docks.ladder.orders import Intent
from tradestream_gui.ui.models.ladder_model import LadderColumn, LadderModel
from tradestream_gui.ui.models.ladder_rows import OwnMark
from tradestream_gui.ui.shell.look import Look

WIDTHS = {
    LadderColumn.BUYS: 54,
    LadderColumn.BID: 46,
    LadderColumn.PRICE: 84,
    LadderColumn.ASK: 46,
    LadderColumn.SELLS: 54,
    LadderColumn.VOLUME: 48,
}
ROW_PX = 20
LEAST_ROWS = 4
_SHIFT, _CTRL, _ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


class LadderView(QTableView):
    """While the mouse is inside, or an order is dragged, `is_held` asks its owner to leave the rows where they are."""

    place_wanted = pyqtSignal(object)  # Intent
    move_wanted = pyqtSignal(object, object)  # OwnMark and price
    bracket_wanted = pyqtSignal(object, object)  # OwnMark and price: its whole bracket goes with it
    action_wanted = pyqtSignal(str)  # what a key of the ladder asks for, by its name in the key map
    cancel_wanted = pyqtSignal(object)  # marks
    hovered = pyqtSignal(object, object, object)  # Intent or None; OwnMark and price while one is dragged
    join_wanted = pyqtSignal(object)  # Side
    scroll_wanted = pyqtSignal(int)
    centre_wanted = pyqtSignal()
    qty_stepped = pyqtSignal(int)
    room_changed = pyqtSignal()
    used = pyqtSignal()

    def __init__(self, look: Look, model: LadderModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.ladder = model
        self.cells = LadderDelegate(look, model, self)
        self.keys = LadderKeys()
        self.qty = 1
        self._is_inside = self._is_reading = False
        self._pressed: tuple[Decimal, LadderColumn] | None = None
        self._dragged: OwnMark | None = None
        self._dragged_to: Decimal | None = None
        self.setModel(model)
        self.setItemDelegate(self.cells)
        self.setAccessibleName("Price ladder")
        self.setAccessibleDescription(
            "Arrows move the cursor, Enter places a limit at it, Ctrl+Enter a stop, Alt+Enter a bracket, "
            "Shift and arrows move an order, Alt and arrows its bracket; F1 lists the other keys."
        )
        self.setMouseTracking(True)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._adopt_look()
        look.changed.connect(self._adopt_look)

    @property
    def is_held(self) -> bool:
        """The mouse is here, an order is dragged, or the keyboard's cursor has gone beyond the edge."""
        return self._is_inside or self._is_reading or self._dragged is not None

    @property
    def room(self) -> int:
        """How many rows fit."""
        viewport = self.viewport()
        tall = 0 if viewport is None else viewport.height()
        return max(tall // self._look.px(ROW_PX), LEAST_ROWS)

    @property
    def cursor_price(self) -> Decimal | None:
        row = self.ladder.row(self.currentIndex().row())
        return None if row is None else row.price

    def put_cursor(self, price: Decimal | None, column: int) -> None:
        """The cursor stays with its price when the rows move."""
        number = self.ladder.number_of(price)
        self.setCurrentIndex(self.ladder.index(number, max(column, 0)) if number >= 0 else QModelIndex())

    # -- mouse ---------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.used.emit()
        index = self.indexAt(event.position().toPoint())
        row = self.ladder.row(index.row())
        if row is None:
            return
        column = LadderColumn(index.column())
        self.setCurrentIndex(index)
        if event.button() == Qt.MouseButton.RightButton:
            self.cancel_wanted.emit(row.marks(column.side))
        elif event.button() == Qt.MouseButton.LeftButton:
            own = row.marks(column.side) if column in (LadderColumn.BUYS, LadderColumn.SELLS) else ()
            self._dragged, self._dragged_to = (own[0], row.price) if own else (None, None)
            self._pressed = None if own else (row.price, column)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        self._is_inside = True
        self._hover(event.position(), event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if event is None or event.button() != Qt.MouseButton.LeftButton:
            return
        row = self.ladder.row(self.indexAt(event.position().toPoint()).row())
        dragged, self._dragged = self._dragged, None
        pressed, self._pressed = self._pressed, None
        self.cells.show_ghost(None, "")
        if dragged is not None:
            if row is not None and row.price != dragged.price and self._dragged_to != dragged.price:
                self.move_wanted.emit(dragged, row.price)
            return
        column = self.columnAt(event.position().toPoint().x())
        if row is not None and pressed == (row.price, column):
            intent = intent_at(row.price, LadderColumn(column), event.modifiers())
            if intent is not None:
                self.place_wanted.emit(intent)

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """The second press of a double click is no second order."""

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is not None and self._dragged is None and event.angleDelta().y():
            self.used.emit()
            self.scroll_wanted.emit(3 if event.angleDelta().y() > 0 else -3)
            event.accept()

    def enterEvent(self, event: QEnterEvent | None) -> None:
        super().enterEvent(event)
        self._is_inside = True

    def leaveEvent(self, event: QEvent | None) -> None:
        super().leaveEvent(event)
        self._is_inside = self._is_reading = False
        if self._dragged is None:
            self.cells.show_ghost(None, "")
            self.hovered.emit(None, None, None)

    def _hover(self, at: QPointF | QPoint, modifiers: Qt.KeyboardModifier) -> None:
        index = self.indexAt(at.toPoint() if isinstance(at, QPointF) else at)
        row = self.ladder.row(index.row())
        if row is None:
            self.cells.show_ghost(None, "")
            self.hovered.emit(None, None, None)
        elif self._dragged is not None:
            self._dragged_to = row.price
            own = LadderColumn.BUYS if self._dragged.side is Side.BUY else LadderColumn.SELLS
            self.cells.show_ghost((row.price, own), self._dragged.text)
            self.hovered.emit(None, self._dragged, row.price)
        else:
            intent = intent_at(row.price, LadderColumn(index.column()), modifiers)
            own = LadderColumn.BUYS if intent is not None and intent.side is Side.BUY else LadderColumn.SELLS
            self.cells.show_ghost(None if intent is None else (row.price, own), ghost_words(intent, self.qty))
            self.hovered.emit(intent, None, None)

    # -- keys ----------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None:
            return
        self.used.emit()
        name = self.keys.action_of(event)
        if not (self._act(name, event) if name else self._fixed_key(event)):
            super().keyPressEvent(event)

    def _act(self, name: str, event: QKeyEvent) -> bool:
        """A key that is held down does not repeat what it does, but for the quantity."""
        if name in QTY_STEPS:
            self.qty_stepped.emit(QTY_STEPS[name])
        elif event.isAutoRepeat():
            return True
        elif name in JOINS:
            self.join_wanted.emit(JOINS[name])
        elif name in MARKETS:
            self.place_wanted.emit(Intent(MARKETS[name], OrdType.MARKET))
        elif name == "ladder_centre":
            self._is_reading = False
            self.centre_wanted.emit()
        elif name == "ladder_cancel":
            row = self.ladder.row(self.currentIndex().row())
            self.cancel_wanted.emit(row.marks(LadderColumn(self.currentIndex().column()).side) if row else ())
        else:
            self.action_wanted.emit(name)
        return True

    def _fixed_key(self, event: QKeyEvent) -> bool:
        key, held = event.key(), event.modifiers()
        rows = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(key), 0)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            row = self.ladder.row(self.currentIndex().row())
            column = LadderColumn(max(self.currentIndex().column(), 0))
            intent = None if row is None or event.isAutoRepeat() else intent_at(row.price, column, held)
            if intent is not None:
                self.place_wanted.emit(intent)
        elif key == Qt.Key.Key_Escape and self._dragged is not None:
            self._dragged = None
            self.cells.show_ghost(None, "")
            self.hovered.emit(None, None, None)
        elif rows and held & (_SHIFT | _ALT):
            self._move_by_key(rows, self.bracket_wanted if held & _ALT else self.move_wanted)
        elif rows:
            self._step_cursor(rows)
        else:
            return False
        return True

    def _step_cursor(self, rows: int) -> None:
        """At the edge the rows move instead of the cursor: the person asked for it."""
        at = self.currentIndex()
        column = at.column() if at.isValid() else LadderColumn.BID
        number = (at.row() if at.isValid() else len(self.ladder.rows) // 2) - rows
        if not 0 <= number < len(self.ladder.rows):
            self._is_reading = True
            self.scroll_wanted.emit(rows)
            number = min(max(number, 0), len(self.ladder.rows) - 1)
        self.setCurrentIndex(self.ladder.index(number, column))

    def _move_by_key(self, rows: int, wanted: pyqtBoundSignal) -> None:
        """The orders under the cursor, or their whole brackets, and the cursor with them."""
        at = self.currentIndex()
        row, to = self.ladder.row(at.row()), self.ladder.row(at.row() - rows)
        if row is None or to is None:
            return
        marks = row.marks(LadderColumn(at.column()).side)
        for mark in marks:
            wanted.emit(mark, to.price)
        if marks:
            self.setCurrentIndex(self.ladder.index(at.row() - rows, at.column()))

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.ladder.rows:
            self.setCurrentIndex(self.ladder.index(len(self.ladder.rows) // 2, LadderColumn.BID))
        self._repaint()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        super().focusOutEvent(event)
        self._is_reading = False
        self._repaint()

    # -- size ----------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        share_width(self)
        self.room_changed.emit()

    def _adopt_look(self) -> None:
        _set_up_headers(self, self._look)
        self.setMinimumSize(self._look.px(280), _titles_px(self) + self._look.px(ROW_PX) * LEAST_ROWS)
        share_width(self)
        self.room_changed.emit()
        self._repaint()

    def _repaint(self) -> None:
        viewport = self.viewport()
        if viewport is not None:
            viewport.update()


def share_width(view: QTableView) -> None:
    """The columns fill the table in fixed shares."""
    header, viewport = view.horizontalHeader(), view.viewport()
    if header is None or viewport is None:
        return
    whole, left = sum(WIDTHS.values()), viewport.width()
    for column in LadderColumn:
        wide = viewport.width() * WIDTHS[column] // whole if column != LadderColumn.VOLUME else left
        header.resizeSection(column, wide)
        left -= wide


def _titles_px(view: QTableView) -> int:
    titles = view.horizontalHeader()
    return 0 if titles is None else titles.sizeHint().height()


def _set_up_headers(view: QTableView, look: Look) -> None:
    across, down = view.horizontalHeader(), view.verticalHeader()
    if across is not None:
        across.setMinimumSectionSize(look.px(24))
        across.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        across.setSectionsClickable(False)
        across.setHighlightSections(False)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
    if down is not None:
        down.hide()
        down.setMinimumSectionSize(look.px(ROW_PX))
        down.setDefaultSectionSize(look.px(ROW_PX))


def intent_at(price: Decimal, column: LadderColumn, held: Qt.KeyboardModifier) -> Intent | None:
    """What a click or Enter in a cell asks for: a limit, with Ctrl a stop, with Alt its bracket too."""
    side = column.side
    if side is None:
        return None
    return Intent(side, OrdType.STOP if held & _CTRL else OrdType.LIMIT, price, bool(held & _ALT))


def ghost_words(intent: Intent | None, qty: int) -> str:
    """`2 LMT`, with a plus when the bracket goes with it."""
    if intent is None:
        return ""
    word = "STP" if intent.ord_type is OrdType.STOP else "LMT"
    return f"{qty} {word}{'+' if intent.with_bracket else ''}"
