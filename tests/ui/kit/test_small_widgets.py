"""Lamps, toasts and empty states say the same to the eye and to a screen reader."""

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QApplication,
    QDockWidget,
    QFrame,
    QLabel,
    QMainWindow,
    QPushButton,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tradestream_gui.ui.shell.kept_icon import KeptIcon
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.overlays import keep_free, place_in
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.widgets.empty_state import EmptyState
from tradestream_gui.ui.widgets.first_start import FirstStart
from tradestream_gui.ui.widgets.flow_layout import FlowLayout
from tradestream_gui.ui.widgets.lamp import Lamp, LampState
from tradestream_gui.ui.widgets.low_scroll import LowContent, LowScroll
from tradestream_gui.ui.widgets.toast import SHOWN_AT_ONCE, Toast, ToastLevel, ToastNote, ToastStack


@pytest.fixture
def window(look: Look, qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def test_every_state_of_a_lamp_has_its_own_shape(look: Look, qtbot: QtBot) -> None:
    shapes = set()
    for state in LampState:
        mask = look.icons.pixmap(state.icon, 16, look.color("text")).toImage()
        shapes.add(bytes(mask.constBits().asarray(mask.sizeInBytes())))
    assert len(shapes) == len(LampState)


def test_a_lamp_tells_name_state_and_detail(look: Look, qtbot: QtBot) -> None:
    lamp = Lamp(look, "IBKR")
    qtbot.addWidget(lamp)
    narrow = lamp.sizeHint().width()
    lamp.show_state(LampState.DOWN, "down 00:42, retry in 8 s", "The gateway closed the connection.")
    assert lamp.accessibleName() == "IBKR: down 00:42, retry in 8 s"
    assert lamp.accessibleDescription() == "The gateway closed the connection."
    assert lamp.sizeHint().width() > narrow
    assert lamp.sizeHint().height() >= 24


def test_foreign_text_in_a_lamp_is_no_html(look: Look, qtbot: QtBot) -> None:
    lamp = Lamp(look, "Discord")
    qtbot.addWidget(lamp)
    lamp.show_state(LampState.WARN, "ok", "<img src=x>")
    assert "<img" not in lamp.toolTip()


def test_three_toasts_at_most_and_errors_stay(look: Look, window: QWidget) -> None:
    stack = ToastStack(look, window)
    stack.show(ToastNote(ToastLevel.ERROR, "Rejected"))
    for number in range(5):
        stack.show(ToastNote(ToastLevel.INFO, f"Fill {number}"))
    assert [note.title for note in stack.notes] == ["Rejected", "Fill 3", "Fill 4"]
    assert len(stack.notes) == SHOWN_AT_ONCE


def test_an_error_waits_when_only_errors_are_shown(look: Look, window: QWidget) -> None:
    stack = ToastStack(look, window)
    for number in range(4):
        stack.show(ToastNote(ToastLevel.ERROR, f"Error {number}"))
    stack.show(ToastNote(ToastLevel.INFO, "Fill"))
    assert [note.title for note in stack.notes] == ["Error 0", "Error 1", "Error 2"]
    first = next(toast for toast in window.findChildren(Toast) if toast.note.title == "Error 0")
    QTest.mouseClick(first.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert [note.title for note in stack.notes] == ["Error 1", "Error 2", "Error 3"]


def test_a_toast_leaves_by_itself_and_an_error_does_not(look: Look, window: QWidget, qtbot: QtBot) -> None:
    QTest.mouseMove(window, QPoint(5, 5))  # a toast under the pointer stays
    stack = ToastStack(look, window, shown_ms=20)
    stack.show(ToastNote(ToastLevel.ERROR, "Rejected"))
    stack.show(ToastNote(ToastLevel.OK, "Filled"))
    qtbot.waitUntil(lambda: len(stack.notes) == 1)
    assert stack.notes[0].title == "Rejected"


def test_the_button_of_a_toast_acts_once_and_closes_it(look: Look, window: QWidget) -> None:
    undone: list[int] = []
    stack = ToastStack(look, window)
    stack.show(ToastNote(ToastLevel.WARN, "Cancelled", action="Undo", on_action=lambda: undone.append(1)))
    window.findChild(Toast).findChild(QPushButton).click()
    assert undone == [1]
    assert stack.notes == []


def test_toasts_stay_inside_the_window_when_it_shrinks(look: Look, window: QWidget) -> None:
    stack = ToastStack(look, window)
    stack.show(ToastNote(ToastLevel.INFO, "A long note", "with a text that needs more than one line in a toast " * 2))
    window.resize(500, 300)
    toast = window.findChild(Toast)
    assert window.rect().contains(toast.geometry())


def test_an_empty_state_offers_its_action(look: Look, qtbot: QtBot) -> None:
    state = EmptyState(look, "No messages yet.", icon="messages", action="Connect Discord")
    qtbot.addWidget(state)
    acted: list[int] = []
    state.acted.connect(lambda: acted.append(1))
    state.button.click()
    assert acted == [1]
    assert state.accessibleName() == "No messages yet."


def test_toasts_stand_over_the_tabs_and_leave_the_docks_free(look: Look, qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setCentralWidget(QWidget())
    dock = QDockWidget("Ladder")
    dock.setWidget(QWidget())
    dock.setMinimumWidth(300)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    window.resize(1200, 600)
    window.show()
    stack = ToastStack(look, window)
    stack.show(ToastNote(ToastLevel.ERROR, "MES order", "rejected"))
    (toast,) = window.findChildren(Toast)
    assert toast.geometry().right() < dock.geometry().left()
    assert toast.geometry().left() >= 0


def test_no_note_lies_over_a_way_out_of_risk_and_one_without_room_waits(
    look: Look, window: QWidget, qapp: QApplication
) -> None:
    ways_out = QFrame(window)
    keep_free(ways_out)
    ways_out.setGeometry(0, 480, 900, 120)
    ways_out.show()
    stack = ToastStack(look, window)
    for number in range(SHOWN_AT_ONCE):
        stack.show(ToastNote(ToastLevel.ERROR, f"Error {number}"))

    def covering() -> list[str]:
        shown = (toast for toast in window.findChildren(Toast) if toast.isVisible())
        return [toast.note.title for toast in shown if toast.geometry().intersects(ways_out.geometry())]

    def in_sight() -> int:
        return sum(toast.isVisible() for toast in window.findChildren(Toast))

    assert (in_sight(), covering()) == (SHOWN_AT_ONCE, [])
    ways_out.setGeometry(0, 300, 900, 120)  # what is below of it has room for some only
    assert (in_sight(), covering()) == (SHOWN_AT_ONCE, [])
    ways_out.setGeometry(0, 60, 900, 540)
    assert in_sight() < SHOWN_AT_ONCE
    assert covering() == []
    ways_out.hide()
    assert in_sight() == SHOWN_AT_ONCE


def test_an_icon_takes_the_colour_of_another_theme(look: Look, qtbot: QtBot) -> None:
    button = QPushButton("Remove")
    qtbot.addWidget(button)
    KeptIcon(look, button, "trash")

    def ink() -> set[str]:
        picture = button.icon().pixmap(20, 20).toImage()
        points = [(x, y) for x in range(picture.width()) for y in range(picture.height())]
        return {picture.pixelColor(x, y).name() for x, y in points if picture.pixelColor(x, y).alpha() == 255}

    assert ink() == {look.tone(Tone.SECONDARY).name()}
    look.set_theme("light")
    assert ink() == {look.tone(Tone.SECONDARY).name()}


def test_what_is_hidden_leaves_no_gap_in_a_flow(look: Look, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder)
    buttons = [QPushButton(word) for word in ("25 %", "50 %", "100 %")]
    for button in buttons:
        flow.addWidget(button)
    holder.resize(600, 60)
    holder.show()
    for button in buttons[:2]:
        button.hide()
    QTest.qWait(10)
    assert buttons[2].x() == 0
    tall = QWidget()
    tall.setFixedSize(40, 60)
    flow.addWidget(tall)
    QTest.qWait(10)
    assert abs(buttons[2].geometry().center().y() - tall.geometry().center().y()) <= 1, "one line has one middle"


def test_a_page_scrolls_only_when_its_parts_cannot_give_way(look: Look, qtbot: QtBot) -> None:
    content = LowContent()
    column = QVBoxLayout(content)
    words = QLabel("Wrapped words make Qt ask for the height that a page likes best. " * 2)
    words.setWordWrap(True)
    table = QTextEdit()
    table.setMinimumHeight(60)
    column.addWidget(words)
    column.addWidget(table)
    assert table.sizeHint().height() > 150, "it would like more than it needs"
    page = LowScroll(look, content, 100)
    qtbot.addWidget(page)
    bar = page.verticalScrollBar()
    assert bar is not None

    def reach(height: int) -> int:
        page.resize(300, height)
        page.show()
        QTest.qWait(10)
        return bar.maximum()

    assert reach(190) == 0
    assert reach(90) > 0


def test_no_note_lies_over_a_button_that_one_begins_with(look: Look, window: QWidget) -> None:
    start, stack = FirstStart(look, window), ToastStack(look, window)
    start.show()
    QApplication.processEvents()
    for number in range(SHOWN_AT_ONCE):
        stack.show(ToastNote(ToastLevel.ERROR, f"Error {number}", "words"))
    notes = [note.geometry() for note in window.findChildren(Toast) if note.isVisible()]
    assert notes
    for card in (start.demo, start.paper, start.paste):
        assert not any(note.intersects(place_in(window, card.button)) for note in notes)
