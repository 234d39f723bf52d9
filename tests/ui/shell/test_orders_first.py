"""An order on its way is never kept waiting by the window: what it is told and what it draws come afterwards."""

import pytest
from PyQt6.QtGui import QPaintEvent
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.adapters.storage.records import order
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events import OrderChanged
from tradestream_gui.domain.orders import OrdStatus
from tradestream_gui.ui.shell.orders_first import OrdersFirst
from tradestream_gui.ui.shell.signal_hub import SignalHub


class Sheet(QWidget):
    """Counts how often it was drawn."""

    drawn = 0

    def paintEvent(self, event: QPaintEvent | None) -> None:
        self.drawn += 1


def changed(number: int, status: OrdStatus) -> OrderChanged:
    return OrderChanged(order(number, ord_status=status))


def test_what_the_window_is_told_waits_in_its_order_until_the_order_was_sent(qapp: QApplication) -> None:
    bus = EventBus(lambda fact, error: None)
    hub = SignalHub(bus)
    told: list[tuple[str, OrdStatus]] = []
    hub.order_changed.connect(lambda fact: told.append((fact.order.cl_ord_id, fact.order.ord_status)))
    first, second = (changed(number, OrdStatus.PENDING_NEW) for number in (1, 2))
    filled = changed(3, OrdStatus.FILLED)
    sent = [changed(number, OrdStatus.SENT) for number in (1, 2)]
    for fact in (first, filled, second, sent[0]):
        bus.publish(fact)
    assert told == [], "the second one is on its way"
    bus.publish(sent[1])
    facts = (first, filled, second, *sent)
    assert told == [(fact.order.cl_ord_id, fact.order.ord_status) for fact in facts]
    bus.publish(filled)
    assert told[-1] == told[1], "nothing is on its way any more"
    hub.detach()


@pytest.mark.parametrize("status", [OrdStatus.DENIED, OrdStatus.ABANDONED])
def test_an_order_that_is_never_sent_holds_nothing_up(qapp: QApplication, status: OrdStatus) -> None:
    first = OrdersFirst()
    told: list[object] = []
    for fact in (changed(1, OrdStatus.PENDING_NEW), changed(1, status)):
        first.pass_on(told.append, fact)
    assert len(told) == 2


def test_a_slow_disk_holds_the_window_up_for_less_than_a_frame(qapp: QApplication, qtbot: QtBot) -> None:
    first = OrdersFirst()
    told: list[object] = []
    first.pass_on(told.append, changed(1, OrdStatus.PENDING_NEW))
    assert told == []
    qtbot.waitUntil(lambda: len(told) == 1, timeout=5_000)
    first.pass_on(told.append, "a balance")
    assert told[-1] == "a balance", "the order that is still on its way has had its time"


def test_what_a_listener_makes_known_keeps_its_place(qapp: QApplication) -> None:
    first = OrdersFirst()
    told: list[object] = []

    def tell(fact: object) -> None:
        told.append(fact)
        if fact == "a fill":
            first.pass_on(tell, "its lot")

    pending, sent = changed(1, OrdStatus.PENDING_NEW), changed(1, OrdStatus.SENT)
    for fact in (pending, "a fill", "a balance", sent):
        first.pass_on(tell, fact)
    assert told == [pending, "a fill", "a balance", sent, "its lot"]


def test_an_order_that_begins_while_the_window_is_told_holds_the_rest_back(qapp: QApplication) -> None:
    first = OrdersFirst()
    told: list[object] = []

    def tell(fact: object) -> None:
        told.append(fact)
        if fact == "a fill":
            first.pass_on(tell, stop)

    stop = changed(2, OrdStatus.PENDING_NEW)
    for fact in (changed(1, OrdStatus.PENDING_NEW), "a fill", "a balance", changed(1, OrdStatus.SENT)):
        first.pass_on(tell, fact)
    assert told[-1] == "a fill"
    first.pass_on(tell, changed(2, OrdStatus.SENT))
    assert told[2] == "a balance"
    assert told[4] is stop


def test_a_window_is_drawn_after_the_order_was_sent(qapp: QApplication, qtbot: QtBot) -> None:
    first, sheet = OrdersFirst(), Sheet()
    qtbot.addWidget(sheet)
    first.hold_drawing_of(sheet)
    with qtbot.waitExposed(sheet):
        sheet.show()
    qtbot.waitUntil(lambda: sheet.drawn > 0)
    drawn = sheet.drawn
    first.pass_on(lambda fact: None, changed(1, OrdStatus.PENDING_NEW))
    sheet.update()
    qapp.sendPostedEvents()
    assert sheet.drawn == drawn, "the order is on its way"
    first.pass_on(lambda fact: None, changed(1, OrdStatus.SENT))
    qapp.sendPostedEvents()
    assert sheet.drawn == drawn + 1
    sheet.update()
    qapp.sendPostedEvents()
    assert sheet.drawn == drawn + 2, "and is drawn as ever"
