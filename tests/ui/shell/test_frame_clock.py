"""The frame clock gathers requests and stands still without them."""

from pytestqt.qtbot import QtBot

from tradestream_gui.ui.shell.frame_clock import FrameClock


def test_many_requests_make_one_frame(qtbot: QtBot) -> None:
    frames: list[int] = []
    clock = FrameClock(lambda: frames.append(1))
    for _ in range(1000):
        clock.request()
    qtbot.waitUntil(lambda: bool(frames))
    assert frames == [1]
    assert not clock.is_running


def test_a_request_during_a_frame_makes_the_next_one(qtbot: QtBot) -> None:
    frames: list[int] = []

    def draw() -> None:
        frames.append(len(frames))
        if len(frames) < 3:
            clock.request()

    clock = FrameClock(draw, interval_ms=5)
    clock.request()
    qtbot.waitUntil(lambda: len(frames) == 3)
    assert not clock.is_running


def test_a_stopped_clock_draws_nothing(qtbot: QtBot) -> None:
    frames: list[int] = []
    clock = FrameClock(lambda: frames.append(1), interval_ms=5)
    clock.request()
    clock.stop()
    clock.flush_now()
    assert frames == []


def test_a_waiting_frame_can_be_drawn_at_once(qtbot: QtBot) -> None:
    frames: list[int] = []
    clock = FrameClock(lambda: frames.append(1))
    clock.request()
    clock.flush_now()
    assert frames == [1]
    assert not clock.is_running
