"""The cards of the first start and the sheet of keys."""

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.widgets.first_start import FirstStart
from tradestream_gui.ui.widgets.help_sheet import HelpSheet, grouped


def test_each_card_asks_for_its_own_beginning(look: Look, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    for name in ("demo", "paper", "paste"):
        cards = FirstStart(look, window)
        cards.show()
        with qtbot.waitSignal(getattr(cards, f"{name}_wanted")):
            getattr(cards, name).button.click()
        assert not cards.isVisible()


def test_escape_closes_the_cards(look: Look, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    cards = FirstStart(look, window)
    cards.show()
    QTest.keyClick(cards, Qt.Key.Key_Escape)
    assert not cards.isVisible()


def test_enter_presses_the_card_that_has_the_focus(look: Look, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    cards = FirstStart(look, window)
    cards.show()
    pressed: list[bool] = []
    cards.paste_wanted.connect(lambda: pressed.append(True))
    cards.paste.button.setFocus()
    QTest.keyClick(cards.paste.button, Qt.Key.Key_Return)
    assert pressed == [True]


def test_the_sheet_shows_each_action_once_with_all_its_keys(look: Look, qtbot: QtBot) -> None:
    keys = [("Ctrl+5", "Config"), ("Ctrl+,", "Config"), ("F1", "This sheet")]
    assert [action for _, action in grouped(keys)] == ["Config", "This sheet"]
    sheet = HelpSheet(look, keys, [("B", "Join the bid, armed only")])
    qtbot.addWidget(sheet)
    shown = [label.text() for label in sheet.findChildren(QLabel)]
    assert shown.count("Config") == 1
    assert "Ctrl+5  or  Ctrl+," in shown
    assert "Join the bid, armed only" in shown
