"""A choice that does not fit ends with an ellipsis, and the pointer over it tells the whole."""

from PyQt6.QtCore import QPoint
from PyQt6.QtGui import QHelpEvent
from PyQt6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.widgets.choice_box import ChoiceBox

LONG = "Evaluation account of Wolfgang Featherstonehaugh"


def box_of_width(qtbot: QtBot, width: int) -> ChoiceBox:
    box = ChoiceBox()
    qtbot.addWidget(box)
    box.addItem(LONG)
    box.setMinimumWidth(0)
    box.resize(width, 32)
    box.show()
    return box


def asked(box: ChoiceBox) -> str:
    QToolTip.hideText()
    at = QPoint(10, 10)
    QApplication.sendEvent(box, QHelpEvent(QHelpEvent.Type.ToolTip, at, box.mapToGlobal(at)))
    return QToolTip.text()


def test_a_long_name_ends_with_an_ellipsis_and_fits(qtbot: QtBot) -> None:
    box = box_of_width(qtbot, 160)
    assert box.shown_text().endswith("…")
    assert LONG.startswith(box.shown_text()[:-1].rstrip())
    assert box.fontMetrics().horizontalAdvance(box.shown_text()) < 160
    assert box.currentText() == LONG


def test_the_pointer_tells_the_whole_name(qtbot: QtBot) -> None:
    assert asked(box_of_width(qtbot, 160)) == LONG


def test_a_name_that_fits_stays_as_it_is(qtbot: QtBot) -> None:
    box = box_of_width(qtbot, 900)
    assert box.shown_text() == LONG
    box.setToolTip("Orders go there")
    assert asked(box) == "Orders go there"


def test_at_the_size_that_it_asks_for_nothing_is_left_out(qtbot: QtBot, look: Look) -> None:
    for text in ("Dec26", "DAY", "flatten and lock", LONG):
        box = ChoiceBox()
        qtbot.addWidget(box)
        box.addItem(text)
        box.ensurePolished()
        box.resize(box.sizeHint())
        assert box.shown_text() == text
