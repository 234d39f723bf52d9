"""The line at the foot: exchange time, time to the close, how late the loop is, memory, and where data is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QStatusBar, QWidget

from tradestream_gui.ui.format import countdown_text
from tradestream_gui.ui.shell.lag_meter import LagMeter
from tradestream_gui.ui.widgets.steady_label import SteadyLabel

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ui.shell.signal_hub import SignalHub

REFRESH_MS = 1000
NEW_YORK = ZoneInfo("America/New_York")


class StatusStrip(QStatusBar):
    """Figures measured here, refreshed once a second; "–" until there is a core."""

    def __init__(self, lag: LagMeter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lag = lag
        self._core: Core | None = None
        self._time, self._session, self._orders = (SteadyLabel("–") for _ in range(3))
        self._loop = SteadyLabel()
        self.setSizeGripEnabled(False)
        self.setContentsMargins(10, 0, 10, 0)
        for label in (self._time, self._session, self._orders):
            label.setContentsMargins(0, 0, 18, 0)
            self.addWidget(label)
        self.addPermanentWidget(self._loop)
        self._timer = QTimer(self)
        self._timer.setInterval(REFRESH_MS)
        self._timer.timeout.connect(self.refresh)

    def attach(self, core: Core, hub: SignalHub) -> None:
        self._core = core
        self._timer.start()
        self.refresh()

    def refresh(self) -> None:
        core = self._core
        if core is None:
            return
        from tradestream_gui.domain.instruments import AssetClass  # not needed to paint

        now = core.clock.now()
        self._time.setText(f"{now.astimezone(NEW_YORK):%H:%M:%S} ET  ·  {now.astimezone(NEW_YORK):%a %d %b %Y}")
        calendar = core.reference.calendar
        if calendar.is_open(AssetClass.FUTURE, now):
            left: timedelta = calendar.next_close(AssetClass.FUTURE, now) - now
            self._session.setText(f"Futures close in {countdown_text(left)}")
        else:
            left = calendar.next_open(AssetClass.FUTURE, now) - now
            self._session.setText(f"Futures open in {countdown_text(left)}")
        held, working = len(core.lots.open_lots()), len(core.blotter.open_orders())
        self._orders.setText(f"{_counted(held, 'position')}  ·  {_counted(working, 'working order')}")
        lag = self._lag.percentile(0.99)
        self._loop.setText(f"loop p99 {lag:.1f} ms" if lag is not None else "loop –")


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
