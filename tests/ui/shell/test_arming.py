"""One-click entries: off at the start, on by hand, and off again by everything that takes the person away."""

from datetime import UTC, datetime

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import BrokerLinkChanged
from tradestream_gui.domain.events_market import FeedLinkChanged
from tradestream_gui.ui.shell.arming import Arming
from tradestream_gui.ui.shell.signal_hub import SignalHub

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)


def reraise(fact: object, error: Exception) -> None:
    raise error



def test_it_is_off_at_the_start_and_toggles(qtbot: QtBot) -> None:
    arming = Arming()
    told: list[bool] = []
    arming.changed.connect(told.append)
    assert not arming.is_armed
    arming.toggle()
    assert arming.is_armed
    arming.toggle()
    assert not arming.is_armed
    assert told == [True, False]
    assert arming.why == "Disarmed by hand."


def test_arming_twice_tells_once(qtbot: QtBot) -> None:
    arming = Arming()
    told: list[bool] = []
    arming.changed.connect(told.append)
    arming.arm()
    arming.arm()
    assert told == [True]


def test_idle_time_disarms(qtbot: QtBot) -> None:
    arming = Arming(idle_ms=20)
    with qtbot.waitSignal(arming.changed):
        arming.arm()
    with qtbot.waitSignal(arming.changed, timeout=10_000):
        pass
    assert not arming.is_armed
    assert "15 minutes" in arming.why


def test_a_lost_broker_or_feed_disarms_and_says_which(qtbot: QtBot) -> None:
    bus = EventBus(reraise)
    hub, arming = SignalHub(bus), Arming()
    arming.watch_hub(hub)
    arming.arm()
    bus.publish(BrokerLinkChanged("TopstepX", "up", "", NOW))
    assert arming.is_armed
    bus.publish(BrokerLinkChanged("TopstepX", "down", "", NOW))
    assert not arming.is_armed
    assert arming.why == "Disarmed: TopstepX is down."
    arming.arm()
    bus.publish(FeedLinkChanged("quotes", "connecting", "", NOW))
    assert not arming.is_armed
    hub.detach()


def test_another_account_disarms(qtbot: QtBot) -> None:
    arming = Arming()
    arming.arm()
    arming.on_account("other")
    assert not arming.is_armed


def test_a_minimised_window_disarms(qtbot: QtBot) -> None:
    window, arming = QWidget(), Arming()
    qtbot.addWidget(window)
    window.show()
    arming.watch_window(window)
    arming.arm()
    window.setWindowState(Qt.WindowState.WindowMinimized)
    qtbot.waitUntil(lambda: not arming.is_armed)
    assert "minimised" in arming.why
    window.setWindowState(Qt.WindowState.WindowNoState)
    assert not arming.is_armed, "it never comes back by itself"
