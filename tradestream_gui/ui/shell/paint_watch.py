"""Says when a window has been painted for the first time: until then nothing that is not needed for it may load."""

import asyncio
from collections.abc import Callable

from PyQt6.QtCore import QEvent, QObject
from PyQt6.QtWidgets import QWidget


class PaintWatch(QObject):
    """Tells once when a window has been painted for the first time."""

    def __init__(self, window: QWidget, on_paint: Callable[[], None]) -> None:
        super().__init__(window)
        self._window = window
        self._on_paint = on_paint
        self.painted = asyncio.Event()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        if event is not None and event.type() is QEvent.Type.Paint and not self.painted.is_set():
            self._window.removeEventFilter(self)
            self._on_paint()
            self.painted.set()
        return False
