"""The window's event loop, closed after the test."""

from collections.abc import Iterator

import pytest
from PyQt6.QtWidgets import QApplication

from tradestream_gui.ui.shell.event_loop import PreciseEventLoop, make_event_loop


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[PreciseEventLoop]:
    made = make_event_loop(qapp)
    yield made
    made.close()
