"""The loop's lateness, told in shares of its beats."""

import time

from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tradestream_gui.ui.shell.lag_meter import LagMeter

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
