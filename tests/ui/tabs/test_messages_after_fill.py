"""A correction to another contract after the fill: the position is kept, swapped or flattened by one click."""

from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.tabs.rig import Rig, demo_rig
from tests.ui.tabs.test_messages_tab import press, row_of, send_by_hand, shown
from tradestream_gui.alerts.binding.corrections import AmendChoice
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.messages.tab import MessagesTab

ALERT = "ES long 6322 B\nStop: 6312"
CORRECTION = "fixing alert: NQ long 22960 stop 22920"


async def corrected_after_fill(tab: MessagesTab, rig: Rig) -> MessageKey:
    first = await send_by_hand(tab, rig, "Sal", ALERT)
    await rig.core.alerts.approve(first)
    await rig.advance(3)
    assert open_roots(rig) == ["MES"]
    return await send_by_hand(tab, rig, "Sal", CORRECTION)


def open_roots(rig: Rig) -> list[str]:
    return sorted(lot.instrument_id[:-2] for lot in rig.core.lots.open_lots())


@pytest.mark.parametrize(
    ("choice", "left"), [(AmendChoice.KEEP, ["MES"]), (AmendChoice.SWAP, ["MNQ"]), (AmendChoice.FLAT, [])]
)
async def test_one_click_decides(
    choice: AmendChoice, left: list[str], look: Look, tmp_path: Path, qtbot: QtBot
) -> None:
    async with demo_rig(tmp_path, seconds=5) as rig:
        tab = shown(look, rig, qtbot)
        key = await corrected_after_fill(tab, rig)
        assert tab.select_message(key)
        assert row_of(tab, key).is_card
        bar = tab.why.answer
        assert [button.isVisible() for button in (bar.approve_button, bar.reject_button)] == [False, False]
        assert all(button.isVisible() for button in bar.choices.values())
        tab.resize(620, 700)  # text and tables side by side
        tab.grab()
        assert all(button.width() >= button.minimumSizeHint().width() for button in bar.choices.values())
        bar.choices[choice].click()
        await rig.advance(3)
        assert open_roots(rig) == left
        assert key not in rig.core.alerts.cards()


async def test_enter_alone_decides_nothing_and_says_what_to_choose(look: Look, tmp_path: Path, qtbot: QtBot) -> None:
    async with demo_rig(tmp_path, seconds=5) as rig:
        tab = shown(look, rig, qtbot)
        key = await corrected_after_fill(tab, rig)
        tab.select_message(key)
        tab.approve_selected()
        press(tab, Qt.Key.Key_Return)
        await rig.advance(1)
        assert open_roots(rig) == ["MES"]
        assert key in rig.core.alerts.cards()
