"""Tells when the day of the accounts has ended: what was followed for its alerts ends, and its report can be made."""

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import Notice, NoticeKind, SessionClosed, Severity
from tradestream_gui.domain.sessions import TradingCalendar
from tradestream_gui.ports.clock import Clock

LOOK_S = 60.0
"""The longest sleep: a machine that was shut does not count it."""


async def ring(bus: EventBus, clock: Clock, calendar: TradingCalendar) -> None:
    """Publishes SessionClosed at 17:00 Chicago of each trading day, or as soon as the machine wakes after it. Runs
    until cancelled."""
    end = calendar.account_day_end(clock.now())
    while True:
        left_s = (end - clock.now()).total_seconds()
        if left_s > 0:
            await clock.sleep(min(left_s, LOOK_S))
            continue
        bus.publish(SessionClosed(end))
        words = "its report is in Analytics, End of day"
        bus.publish(Notice(NoticeKind.SYSTEM, Severity.INFO, "The day has ended", words, clock.now()))
        end = calendar.account_day_end(clock.now())
