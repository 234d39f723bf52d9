"""What the window is told and what it draws waits while an order is on its way: a screen must not slow it."""

from collections import deque
from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PyQt6.QtWidgets import QWidget

from tradestream_gui.domain.events import OrderChanged
from tradestream_gui.domain.ids import ClOrdId
from tradestream_gui.domain.orders import OrdStatus

PATIENCE_MS = 20
"""From the first order on, and less than a frame: neither a slow disk nor a burst of orders holds the window up."""


class OrdersFirst(QObject):
    """Passes facts on in their order; from an order's reservation until it was sent they wait for that."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on_their_way: set[ClOrdId] = set()
        self._waiting: deque[tuple[Callable[[Any], None], object]] = deque()
        self._is_telling = False
        self._undrawn: QWidget | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self.release)

    def hold_drawing_of(self, window: QWidget) -> None:
        """For as long as an order is on its way, at most `PATIENCE_MS`."""
        window.installEventFilter(self)

    def pass_on(self, tell: Callable[[Any], None], fact: object) -> None:
        if type(fact) is OrderChanged:
            self._note(fact)
        if self._on_their_way or self._waiting or self._is_telling:
            self._waiting.append((tell, fact))
            self._tell()
        else:
            tell(fact)

    def release(self) -> None:
        """Waits no longer for the orders that are on their way now."""
        self._patience.stop()
        self._on_their_way.clear()
        self._tell()

    def _tell(self) -> None:
        if self._is_telling:
            return
        self._is_telling = True
        try:
            while self._waiting and not self._on_their_way:
                tell, fact = self._waiting.popleft()
                tell(fact)
        finally:
            self._is_telling = False
        if not self._on_their_way and self._undrawn is not None:
            window, self._undrawn = self._undrawn, None
            QCoreApplication.postEvent(window, QEvent(QEvent.Type.UpdateRequest))

    def _note(self, fact: OrderChanged) -> None:
        if fact.order.ord_status is OrdStatus.PENDING_NEW:
            self._on_their_way.add(fact.order.cl_ord_id)
            if not self._patience.isActive():
                self._patience.start()
        else:
            self._on_their_way.discard(fact.order.cl_ord_id)

    # overridden Qt methods

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if not self._on_their_way or event is None or event.type() is not QEvent.Type.UpdateRequest:
            return False
        assert isinstance(watched, QWidget), "only windows are watched"
        self._undrawn = watched
        return True
