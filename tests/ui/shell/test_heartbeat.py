"""One timer for all that follows the time by the second, at the moments at which the core looks too."""

from datetime import UTC, datetime, timedelta
from time import monotonic

import pytest
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tradestream_gui.ui.shell.heartbeat import Heartbeat, MinuteTurn, ms_to_beat


def test_beats_come_after_whole_seconds_one_for_each_until_it_is_stopped(qapp: QApplication, qtbot: QtBot) -> None:
    seconds: list[int] = []
    heart = Heartbeat(lambda late_ms: seconds.append(int(monotonic())))
    heart.start()
    qtbot.waitUntil(lambda: len(seconds) >= 2, timeout=20_000)
    assert len(set(seconds)) == len(seconds)
    heart.stop()
    told = len(seconds)
    qtbot.wait(ms_to_beat(1) + 50)
    assert len(seconds) == told


def test_a_resting_window_beats_at_fives_until_something_moves(qapp: QApplication, qtbot: QtBot) -> None:
    beats: list[float] = []
    heart = Heartbeat(lambda late_ms: beats.append(monotonic() - late_ms / 1000))
    heart.rest_while(lambda: True)
    heart.start()
    qtbot.waitUntil(lambda: len(beats) >= 2, timeout=20_000)
    assert int(beats[1]) % 5 == 0
    heart.stir()
    qtbot.waitUntil(lambda: len(beats) >= 3, timeout=20_000)
    assert int(beats[2]) == int(beats[1]) + 1
    heart.stop()


@pytest.mark.parametrize("every_s", [1, 5])
def test_the_wait_for_the_next_beat_is_never_shorter_than_what_is_left(every_s: int) -> None:
    before = monotonic()
    wait_ms = ms_to_beat(every_s)
    due = (before // every_s + 1) * every_s
    assert 1 <= wait_ms <= every_s * 1000
    assert before + wait_ms / 1000 >= due or monotonic() >= due


def test_a_new_minute_is_told_once_and_again_where_the_clock_was_set_back() -> None:
    turn, noon = MinuteTurn(), datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
    told = [turn.has_come(noon + timedelta(seconds=each)) for each in (0, 1, 59.9, 60, 61, 30)]
    assert told == [True, False, False, True, False, True]
