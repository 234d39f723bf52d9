"""The end of the accounts' day is told once for each trading day, also to a machine that slept over it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.sim.clock import SimClock
from tests.trading.stage import reference_data
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import Notice, SessionClosed
from tradestream_gui.upkeep.day_bell import ring

FRIDAY_END = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
"""17:00 in Chicago, in winter."""
MONDAY_END = FRIDAY_END + timedelta(days=3)


@pytest.fixture
def failures() -> list[str]:
    return []


async def test_each_trading_day_ends_at_five_in_chicago_and_weekends_end_none(failures: list[str]) -> None:
    clock, bus = SimClock(FRIDAY_END - timedelta(minutes=10)), EventBus(lambda *told: failures.append(str(told)))
    ends, notices = list[SessionClosed](), list[Notice]()
    bus.subscribe(SessionClosed, ends.append)
    bus.subscribe(Notice, notices.append)
    tasks = LoopTasks(lambda *told: failures.append(str(told)))
    tasks.spawn(ring(bus, clock, reference_data().calendar), "bell")
    await clock.run(599)
    assert ends == []
    await clock.run(1.5)
    assert [one.at for one in ends] == [FRIDAY_END]
    await clock.run(3 * 86_400)
    assert [one.at for one in ends] == [FRIDAY_END, MONDAY_END]
    assert len(notices) == 2
    assert failures == []
    await tasks.close()


class Sleeper(SimClock):
    """A machine whose lid is shut: its wall clock goes on by itself."""

    asleep = timedelta()

    def now(self) -> datetime:
        return super().now() + self.asleep


async def test_a_machine_that_slept_over_the_end_tells_it_within_a_minute_of_waking(failures: list[str]) -> None:
    clock, bus = Sleeper(FRIDAY_END - timedelta(hours=2)), EventBus(lambda *told: failures.append(str(told)))
    ends = list[SessionClosed]()
    bus.subscribe(SessionClosed, ends.append)
    tasks = LoopTasks(lambda *told: failures.append(str(told)))
    tasks.spawn(ring(bus, clock, reference_data().calendar), "bell")
    await clock.run(30)
    clock.asleep = timedelta(days=3, hours=-4)
    await clock.run(61)
    assert [one.at for one in ends] == [FRIDAY_END]
    assert failures == []
    await tasks.close()
