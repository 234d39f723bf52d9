"""One timer for all that follows the time by the second, at the moments at which the core looks too."""

from time import monotonic

from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tradestream_gui.ui.shell.heartbeat import Heartbeat, ms_to_second


def test_beats_come_after_whole_seconds_one_for_each_until_it_is_stopped(qapp: QApplication, qtbot: QtBot) -> None:
    seconds: list[int] = []
    heart = Heartbeat(lambda: seconds.append(int(monotonic())))
    heart.start()
    qtbot.waitUntil(lambda: len(seconds) >= 2, timeout=20_000)
    assert len(set(seconds)) == len(seconds)
    heart.stop()
    told = len(seconds)
    qtbot.wait(ms_to_second() + 50)
    assert len(seconds) == told


def test_the_wait_for_the_next_second_is_never_shorter_than_what_is_left() -> None:
    before = monotonic()
    wait_ms = ms_to_second()
    assert 1 <= wait_ms <= 1000
    assert before + wait_ms / 1000 >= int(before) + 1 or monotonic() >= int(before) + 1
