"""The line at the foot: exchange time, time to the close, how late the loop is, memory, and where data is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QStatusBar, QWidget

from tradestream_gui.ui.format import countdown_text, time_text
from tradestream_gui.ui.shell.heartbeat import MinuteTurn
from tradestream_gui.ui.shell.lag_meter import LagMeter
from tradestream_gui.ui.widgets.steady_label import SteadyLabel

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.ui.shell.signal_hub import SignalHub

NEW_YORK = ZoneInfo("America/New_York")
AIR_PX = 12
"""What Qt leaves about each part, and the strip's own margins."""
FAR = timedelta(hours=1)
"""Longer than this before an open nobody waits for its seconds: the time is told by the minute."""


class StatusStrip(QStatusBar):
    """Figures measured here, looked at once a second; "–" until there is a core."""

    def __init__(self, lag: LagMeter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lag = lag
        self._core: Core | None = None
        self._turn: datetime | None = None
        self._is_open = self._is_far = False
        self._minute = MinuteTurn()
        self._counts: tuple[int, int] | None = None
        self._time, self._session, self._orders = (SteadyLabel("–", on_ground=True) for _ in range(3))
        self._loop = SteadyLabel(on_ground=True)
        self.setSizeGripEnabled(False)
        self.setContentsMargins(10, 0, 10, 0)
        for label in (self._time, self._session, self._orders):
            label.setContentsMargins(0, 0, 18, 0)
            self.addWidget(label)
        self.addPermanentWidget(self._loop)

    def attach(self, core: Core, hub: SignalHub) -> None:
        self._core = core
        hub.second.connect(self.refresh)
        self.refresh()

    def is_resting(self) -> bool:
        """Whether the market is shut for long and nothing is held or ordered: nobody needs the seconds."""
        return self._is_far and self._counts == (0, 0)

    def refresh(self) -> None:
        core = self._core
        if core is None:
            return
        now = core.clock.now()
        if self._turn is None or now >= self._turn:
            self._turn = self._next_turn(core, now)
        self._is_far = not self._is_open and self._turn - now > FAR
        if not self._is_far or self._minute.has_come(now):
            self._show_time(now, self._turn - now, seconds=not self._is_far)
        held, working = len(core.lots.open_lots()), len(core.blotter.open_orders())
        if (held, working) != self._counts:
            self._counts = held, working
            self._orders.setText(f"{_counted(held, 'position')}  ·  {_counted(working, 'working order')}")
        lag = self._lag.percentile(0.99)
        self._loop.setText(f"loop p99 {lag:.1f} ms" if lag is not None else "loop –")
        self._fit()

    def _fit(self) -> None:
        """In a small window under a large text the loop's figure leaves: half of it would be seen."""
        parts = (self._time, self._session, self._orders, self._loop)
        self._loop.setVisible(sum(part.sizeHint().width() + AIR_PX for part in parts) <= self.width())

    def _show_time(self, now: datetime, left: timedelta, *, seconds: bool) -> None:
        here = now.astimezone(NEW_YORK)
        self._time.setText(f"{time_text(here, NEW_YORK, seconds=seconds)} ET  ·  {here:%a %d %b %Y}")
        countdown = countdown_text(left, seconds=seconds)
        self._session.setText(f"Futures {'close' if self._is_open else 'open'} in {countdown}")

    def _next_turn(self, core: Core, now: datetime) -> datetime:
        """Asked of the calendar once for each turn: the countdown to it needs only the time."""
        from tradestream_gui.domain.instruments import AssetClass  # not needed to paint

        calendar = core.reference.calendar
        self._is_open = calendar.is_open(AssetClass.FUTURE, now)
        turn = calendar.next_close if self._is_open else calendar.next_open
        return turn(AssetClass.FUTURE, now)


    # overridden Qt methods

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
