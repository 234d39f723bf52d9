"""Keys as they are bound: F1 lists what holds now, another choice holds at once, what only reduces needs no arming."""

from itertools import pairwise
from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLabel

from tests.support import eventually
from tests.ui.shell.test_window_settings import scene
from tests.ui.tabs.rig import DEMO_ACCOUNT
from tests.ui.tabs.tickets import long_by_hand
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.orders import OrderRole
from tradestream_gui.ui.shell.layout_store import LayoutStore
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.window_actions import WindowActions

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def lines(actions: WindowActions) -> dict[str, str]:
    """What the sheet shows: words and the keys that stand beside them."""
    actions.show_help()
    sheet = actions._help
    assert sheet is not None
    texts = [label.text() for label in sheet.findChildren(QLabel)]
    found = dict(pairwise(texts))
    sheet.close()
    return found


async def test_the_sheet_lists_the_keys_that_hold_now(look: Look, tmp_path: Path) -> None:
    async with scene(look, tmp_path) as here:
        actions = WindowActions(here.window, look, here.rig.core, here.rig.hub, LayoutStore(tmp_path))
        shown = lines(actions)
        assert shown["Join the bid, armed only"] == "B"
        assert shown["KILL: lock, cancel entries, keep stops"] == "Ctrl+Shift+K"
        await here.set(keyboard__shortcuts={"ladder_join_bid": "W", "kill": "Ctrl+Alt+K", "ladder_half": ""})
        shown = lines(actions)
        assert shown["Join the bid, armed only"] == "W"
        assert shown["KILL: lock, cancel entries, keep stops"] == "Ctrl+Alt+K"
        assert "Close half of the position" not in shown


async def test_a_key_given_anew_acts_at_once_and_the_old_one_no_more(look: Look, tmp_path: Path) -> None:
    async with scene(look, tmp_path) as here:
        actions = WindowActions(here.window, look, here.rig.core, here.rig.hub, LayoutStore(tmp_path))
        here.window.show()
        here.window.activateWindow()
        await eventually(here.window.isActiveWindow)
        await here.set(keyboard__shortcuts={"kill": "Ctrl+Alt+K"})
        QTest.keyClick(here.window, Qt.Key.Key_K, CTRL | SHIFT)
        assert here.rig.core.accounts.state(DEMO_ACCOUNT).trading_state is TradingState.ACTIVE
        QTest.keyClick(here.window, Qt.Key.Key_K, CTRL | ALT)
        assert here.rig.core.accounts.state(DEMO_ACCOUNT).trading_state is TradingState.LOCKED
        assert actions.keys.sheet
        await here.rig.advance(1)


async def test_pulling_every_entry_needs_no_arming(look: Look, tmp_path: Path) -> None:
    async with scene(look, tmp_path, seconds=3.0) as here:
        core = here.rig.core
        actions = WindowActions(here.window, look, core, here.rig.hub, LayoutStore(tmp_path))
        ticket = long_by_hand(here.rig, "MES", limit_below=20, stop_below=26)
        assert (await core.entries.enter(ticket)).is_sent
        await here.rig.advance(2)
        here.window.show()
        here.window.activateWindow()
        await eventually(here.window.isActiveWindow)
        assert not here.window.arming.is_armed
        QTest.keyClick(here.window, Qt.Key.Key_X, CTRL | SHIFT)
        await here.rig.advance(2)
        await eventually(lambda: not core.blotter.open_orders(DEMO_ACCOUNT, role=OrderRole.ENTRY))
        assert actions.keys.sheet
