"""The Messages tab on a real demo core: what is listed, why, and what answering and sending do."""

import json
from datetime import timedelta
from pathlib import Path

from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QGuiApplication, QKeyEvent
from PyQt6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from tests.ui.tabs.rig import Rig, demo_rig
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.events import TalkForgotten
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.messages.facts import differences
from tradestream_gui.ui.tabs.messages.rows import Chip, MessageRow, Parse
from tradestream_gui.ui.tabs.messages.tab import EMPTY, MessagesTab

ES_LONG = MessageKey("demo:futures:es-long")
ALERT = "ES long 6322 B\nStop: 6316"


def shown(look: Look, rig: Rig, qtbot: QtBot) -> MessagesTab:
    tab = MessagesTab(look)
    qtbot.addWidget(tab)
    tab.resize(1100, 700)
    tab.show()
    tab.attach(rig.core, rig.hub)
    return tab


def keys_of(tab: MessagesTab) -> list[object]:
    tab.list.keyed_model.flush()
    return list(tab.list.keyed_model.keys)


def row_of(tab: MessagesTab, key: MessageKey) -> MessageRow:
    row = tab.list.keyed_model.row(key)
    assert isinstance(row, MessageRow)
    return row


def press(tab: MessagesTab, key: Qt.Key) -> None:
    QApplication.sendEvent(tab.list, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))


def typed_keys(rig: Rig) -> list[MessageKey]:
    return [message.message_key for message in rig.core.alerts.messages() if message.source == "typed"]


async def send_by_hand(tab: MessagesTab, rig: Rig, analyst: str, text: str) -> MessageKey:
    tab.manual.analyst.setCurrentText(analyst)
    tab.manual.text.setPlainText(text)
    tab.manual.send()
    await rig.advance(1)
    return typed_keys(rig)[-1]


def test_before_the_core_is_there_the_tab_says_how_messages_come(look: Look, qtbot: QtBot) -> None:
    tab = MessagesTab(look)
    qtbot.addWidget(tab)
    assert tab.list.keyed_model.total == 0
    assert EMPTY == "No messages yet. Connect Discord in Config, or paste an alert below."
    assert not tab.manual.button.isEnabled()


async def test_an_executed_alert_shows_why_and_what_came_of_it(look: Look, tmp_path: Path, qtbot: QtBot) -> None:
    async with demo_rig(tmp_path, seconds=75) as rig:
        tab = shown(look, rig, qtbot)
        assert tab.select_message(ES_LONG)
        row = row_of(tab, ES_LONG)
        assert row.parse is Parse.OK
        assert row.action.startswith("executed: BUY 3 MES")
        why = tab.why.tables
        told = {texts[0]: texts[1:3] for texts in why.fields.keyed_model.texts}
        assert told["Price"] == ["6326", "6326"]
        assert told["Size"] == ["A", "A"]
        marked = [mark.cursor.selectedText() for mark in tab.why.text.extraSelections()]
        assert sorted(marked) == ["6316", "6326", "A", "ES", "long"], "an emoji before them must not shift the marks"
        bar = tab.why.text.verticalScrollBar()
        assert bar is not None
        assert bar.maximum() == 0, "as high as its few lines"
        tools = [tab.why.tools.edit, tab.why.tools.parse, tab.why.tools.copy, tab.why.tools.keep]
        assert all(button.width() >= button.sizeHint().width() for button in tools), "no word is cut"
        (lot,) = why.lots.findChildren(QPushButton)
        assert lot.text().startswith("MES Dec26 +3 open: "), "short enough for large text"
        assert "fees" in lot.toolTip()
        decision = rig.core.alerts.decision(ES_LONG)
        assert decision is not None
        assert len(why.checks.keyed_model.texts) == len(decision.checks) > 20
        assert "alert" in {texts[1] for texts in why.layers.keyed_model.texts}
        opened: list[object] = []
        tab.show_order.connect(opened.append)
        why.orders.key_activated.emit(decision.cl_ord_ids[0])
        assert opened == [decision.cl_ord_ids[0]]


async def test_a_typed_alert_is_previewed_and_goes_the_way_of_all(look: Look, tmp_path: Path, qtbot: QtBot) -> None:
    async with demo_rig(tmp_path, seconds=5) as rig:
        tab = shown(look, rig, qtbot)
        tab.manual.text.setPlainText(ALERT)
        tab.manual.read_now()
        sentence = tab.manual.told.text()
        assert sentence.startswith("Sends at once: BUY 2 MES Dec26 limit ")
        assert "stop 6,316.00" in sentence
        assert not list(rig.core.blotter.orders()), "a preview sends nothing"
        assert not rig.core.alerts.messages(), "a preview stores nothing"
        tab.manual.send()
        assert tab.manual.text.toPlainText() == ""
        await rig.advance(2)
        key = typed_keys(rig)[0]
        decision = rig.core.alerts.decision(key)
        assert decision is not None
        assert decision.outcome is Outcome.TRADED
        assert rig.core.lots.open_lots()[0].origin.message_key == key


async def test_enter_approves_and_delete_rejects_in_needs_a_look(look: Look, tmp_path: Path, qtbot: QtBot) -> None:
    async with demo_rig(tmp_path, seconds=5) as rig:
        tab = shown(look, rig, qtbot)
        first = await send_by_hand(tab, rig, "Sal", ALERT)
        tab.select_message(first)
        row = row_of(tab, first)
        assert row.is_card
        assert row.action.startswith("awaiting approval 01:")
        press(tab, Qt.Key.Key_Return)
        await rig.advance(1)
        assert rig.core.alerts.cards() == (first,), "Enter in the whole list approves nothing"
        tab.bar.choose(Chip.NEEDS_A_LOOK)
        assert keys_of(tab) == [first]
        press(tab, Qt.Key.Key_Return)
        await rig.advance(2)
        decision = rig.core.alerts.decision(first)
        assert decision is not None
        assert decision.outcome is Outcome.TRADED
        second = await send_by_hand(tab, rig, "Sal", "GC long 4079 stop 4075")
        assert keys_of(tab) == [second]
        press(tab, Qt.Key.Key_Delete)
        answered = rig.core.alerts.decision(second)
        assert answered is not None
        assert (answered.outcome, answered.code) == (Outcome.SKIPPED, "REJECTED")
        assert rig.core.alerts.cards() == ()


async def test_an_edited_card_cannot_be_approved_beside_its_edit(look: Look, tmp_path: Path, qtbot: QtBot) -> None:
    async with demo_rig(tmp_path, seconds=5) as rig:
        tab = shown(look, rig, qtbot)
        card = await send_by_hand(tab, rig, "Sal", ALERT)
        tab.select_message(card)
        tab.why.edit_wanted.emit()
        assert tab.manual.text.toPlainText() == ALERT
        assert tab.manual.analyst.currentText() == "Sal"
        tab.manual.text.setPlainText(ALERT.replace("6316", "6317"))
        tab.manual.send()
        await rig.advance(1)
        assert card not in rig.core.alerts.cards()
        assert len(rig.core.alerts.cards()) == 1


async def test_a_card_whose_time_is_over_is_shown_as_missed(look: Look, tmp_path: Path, qtbot: QtBot) -> None:
    async with demo_rig(tmp_path, seconds=5) as rig:
        tab = shown(look, rig, qtbot)
        key = await send_by_hand(tab, rig, "Sal", ALERT)
        await rig.advance(100)
        keys_of(tab)
        row = row_of(tab, key)
        assert row.action.startswith("missed")
        assert not row.is_card
        assert row.stands_in(Chip.MISSED)


async def test_search_and_filters_narrow_the_list_together(look: Look, tmp_path: Path, qtbot: QtBot) -> None:
    async with demo_rig(tmp_path, seconds=140) as rig:
        tab = shown(look, rig, qtbot)
        assert len(keys_of(tab)) == 3
        tab.bar.search.setText("VWAP coffee")
        assert keys_of(tab) == ["demo:lounge:m1"]
        tab.bar.analyst.setCurrentText("JMoney")
        assert keys_of(tab) == []
        assert tab.select_message(ES_LONG), "a wanted message is found through any filter"
        tab.bar.choose(Chip.EXECUTED)
        assert keys_of(tab) == [ES_LONG]


async def test_forgotten_talk_leaves_the_list_unless_it_is_being_read(
    look: Look, tmp_path: Path, qtbot: QtBot
) -> None:
    async with demo_rig(tmp_path, seconds=75) as rig:
        tab = shown(look, rig, qtbot)
        gone, read = (message.message_key for message in rig.core.alerts.messages()[:2])
        assert tab.select_message(read)
        for key in (gone, read):
            rig.core.bus.publish(TalkForgotten(key))
        assert gone not in keys_of(tab)
        assert read in keys_of(tab)
        assert tab.list.current_key() == read


async def test_a_copied_test_case_is_one_json_line_with_the_reading(look: Look, tmp_path: Path, qtbot: QtBot) -> None:
    async with demo_rig(tmp_path, seconds=75) as rig:
        tab = shown(look, rig, qtbot)
        tab.select_message(ES_LONG)
        tab.why.tools.copy.click()
        clipboard = QGuiApplication.clipboard()
        assert clipboard is not None
        case = json.loads(clipboard.text())
        assert case["read"]["actions"][0]["price"] == 6326
        assert "evidence" not in case["read"]["actions"][0]
        assert case["author"] == "jmoney"


async def test_reading_again_changes_nothing(look: Look, tmp_path: Path, qtbot: QtBot) -> None:
    async with demo_rig(tmp_path, seconds=75) as rig:
        tab = shown(look, rig, qtbot)
        before = rig.core.alerts.decision(ES_LONG)
        orders = len(list(rig.core.blotter.orders()))
        tab.select_message(ES_LONG)
        tab.why.tools.parse.click()
        await rig.advance(timedelta(seconds=1).total_seconds())
        assert rig.core.alerts.decision(ES_LONG) is before
        assert len(list(rig.core.blotter.orders())) == orders


def test_an_edit_shows_the_words_that_went_and_came() -> None:
    assert differences("NQ looks heavy up here", "NQ SHORT 22990 up here") == ("looks heavy", "SHORT 22990")
    assert differences("same words", "same words") == ("", "")
