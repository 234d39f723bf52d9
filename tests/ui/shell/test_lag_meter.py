"""The loop's lateness, told in shares of its beats."""

import time

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tradestream_gui.ui.shell.lag_meter import BEAT_MS, LagMeter

HELD_S = 0.08


def test_a_held_loop_is_the_longest_lag_and_no_more_than_that(qapp: QApplication, qtbot: QtBot) -> None:
    meter = LagMeter()
    assert meter.percentile(0.5) is None
    seen: list[float] = []
    meter.start(5)
    for _ in range(3):
        qtbot.waitUntil(lambda: meter.latest() is not None and [meter.latest()] != seen[-1:], timeout=10_000)
        seen.append(meter.latest() or 0.0)
    time.sleep(HELD_S)
    qtbot.waitUntil(lambda: (meter.percentile(1.0) or 0.0) >= HELD_S * 1000 - 5, timeout=10_000)
    shares = [meter.percentile(share / 10) or 0.0 for share in range(11)]
    assert shares == sorted(shares)


def test_a_new_start_forgets_what_was_before(qapp: QApplication, qtbot: QtBot) -> None:
    meter = LagMeter()
    meter.start(5)
    qtbot.waitUntil(lambda: meter.latest() is not None, timeout=10_000)
    meter.start(60_000)
    assert meter.percentile(1.0) is None
    assert meter.latest() is None


class Beats(QObject):
    late = pyqtSignal(float)


def test_a_calm_loop_is_measured_by_the_beats_that_come_anyway(qapp: QApplication, qtbot: QtBot) -> None:
    meter, beats = LagMeter(), Beats()
    meter.follow(beats.late)
    meter.start()
    qtbot.wait(3 * BEAT_MS)
    assert meter.latest() is None, "it has no beats of its own"
    beats.late.emit(0.25)
    assert meter.latest() == 0.25
    beats.late.emit(40.0)
    qtbot.waitUntil(lambda: meter.latest() not in (0.25, 40.0), timeout=10_000)
    assert meter.percentile(1.0) is not None
    assert (meter.percentile(1.0) or 0.0) >= 40.0, "one that was late is looked at more closely, and kept"
