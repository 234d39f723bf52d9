"""Quiet parts of a history are crossed, but nobody who holds something sleeps through a bell."""

from datetime import UTC, date, datetime, timedelta

from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.paths import resource_path
from tradestream_gui.replay.stretches import QUIET, Stretch, bells, busy_stretches

NOON = datetime(2026, 11, 18, 17, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_moments_close_together_are_one_stretch_that_ends_after_the_quiet() -> None:
    times = [NOON, NOON + 3 * MINUTE, NOON + 3 * MINUTE + QUIET]
    assert list(busy_stretches(times)) == [Stretch(NOON, times[-1], times[-1] + QUIET)]


def test_a_longer_silence_parts_two_stretches() -> None:
    later = NOON + QUIET + MINUTE
    assert list(busy_stretches([NOON, later])) == [
        Stretch(NOON, NOON, NOON + QUIET),
        Stretch(later, later, later + QUIET),
    ]


def test_no_moments_make_no_stretch() -> None:
    assert list(busy_stretches([])) == []


def test_a_usual_day_has_the_physical_close_the_close_and_the_futures_close() -> None:
    played = bells(ReferenceData.load(resource_path).calendar, date(2026, 11, 18))
    wanted = [datetime(2026, 11, 18, *at, tzinfo=UTC) for at in ((20, 45), (21, 0), (22, 0))]
    assert all(bell.start < at < bell.end for bell, at in zip(played, wanted, strict=True))


def test_a_saturday_has_no_bells() -> None:
    assert bells(ReferenceData.load(resource_path).calendar, date(2026, 11, 21)) == ()
