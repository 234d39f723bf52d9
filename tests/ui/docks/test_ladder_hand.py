"""The ladder's quick trade: halve, close, break-even, pull and reverse by key; whole brackets; what it begins with."""

from pathlib import Path

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.support import eventually
from tests.ui.docks.ladder_rig import FAR, Ladder
from tests.ui.tabs.rig import DEMO_ACCOUNT, demo_rig
from tradestream_gui.domain.orders import OrderRole, OrdStatus, OrdType, Side
from tradestream_gui.ui.models.ladder_model import LadderColumn
from tradestream_gui.ui.shell.dialogs import QuestionDialog
from tradestream_gui.ui.shell.look import Look

BID, ASK, SELLS = LadderColumn.BID, LadderColumn.ASK, LadderColumn.SELLS
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


async def test_disarmed_every_key_that_reduces_works_and_no_other_does(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        lot = await ladder.holds()
        ladder.dock.arming.disarm()
        for key in (Qt.Key.Key_B, Qt.Key.Key_T):
            ladder.key(key)
            assert ladder.words.startswith("Disarmed")
        ladder.key(Qt.Key.Key_B, SHIFT)
        ladder.key(Qt.Key.Key_H)
        assert ladder.words == "MES Dec26, 50 % of 2: sell 1, keep 1"
        await ladder.go_on(4)
        assert rig.core.lots.net_qty(DEMO_ACCOUNT, lot.instrument_id) == 1
        ladder.key(Qt.Key.Key_R)
        await ladder.go_on(4)
        assert rig.core.lots.net_qty(DEMO_ACCOUNT, lot.instrument_id) == 0
        assert len(ladder.by_hand()) == 1


async def test_armed_reverse_by_key_turns_two_long_into_two_short(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        await ladder.holds()
        ladder.key(Qt.Key.Key_T)
        await ladder.go_on(6)
        (lot,) = rig.core.lots.open_lots(DEMO_ACCOUNT)
        assert (lot.side, lot.open_qty) == (Side.SELL, 2)
        (stop,) = rig.core.blotter.exits_of_lot(lot.lot_id, OrderRole.STOP)
        assert (stop.side, stop.leaves_qty) == (Side.BUY, 2)


async def test_the_reverse_button_asks_while_disarmed(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        lot = await ladder.holds()
        ladder.dock.arming.disarm()
        ladder.dock.controls.reverse.click()
        dialog = await eventually(_question)
        assert dialog is not None
        dialog.cancel.click()
        await eventually(lambda: ladder.words == "Not turned round.")
        await ladder.go_on(2)
        assert [one.lot_id for one in rig.core.lots.open_lots(DEMO_ACCOUNT)] == [lot.lot_id]


async def test_pull_cancels_entries_and_break_even_moves_the_stop(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        lot = await ladder.holds()
        ladder.click(ladder.bid_row(below=FAR), BID)
        order = await ladder.working()
        ladder.dock.arming.disarm()
        ladder.key(Qt.Key.Key_E)
        await ladder.go_on(2)
        pulled = rig.core.blotter.order(order.cl_ord_id)
        assert pulled is not None
        assert pulled.ord_status is OrdStatus.CANCELED
        ladder.key(Qt.Key.Key_V)
        assert "MES Dec26" in ladder.words
        plan = rig.core.exits.plan(lot.lot_id)
        assert plan is not None
        moved = plan.stop_at_break_even
        assert moved or "or it closes at once" in ladder.words


async def test_alt_and_arrows_move_an_entry_with_its_whole_bracket(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        ladder.dock.arming.arm()
        row = ladder.bid_row(below=FAR)
        ladder.click(row, BID, ALT)
        order = await ladder.working()
        assert order.limit_price is not None
        before = rig.core.exits.plan(order.lot_id)
        assert before is not None
        assert before.stop_price is not None
        ladder.dock.view.put_cursor(order.limit_price, BID)
        ladder.key(Qt.Key.Key_Down, ALT)
        await ladder.go_on(3)
        moved, plan = rig.core.blotter.order(order.cl_ord_id), rig.core.exits.plan(order.lot_id)
        assert moved is not None
        assert moved.limit_price is not None
        assert plan is not None
        by = moved.limit_price - order.limit_price
        assert by < 0
        assert plan.stop_price == before.stop_price + by
        assert [price for price, _ in plan.allocations] == [price + by for price, _ in before.allocations]


async def test_size_keys_take_the_buttons_and_rebound_keys_hold_at_once(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        ladder.key(Qt.Key.Key_3)
        assert ladder.dock.controls.qty.value() == 5
        ladder.key(Qt.Key.Key_Plus)
        assert ladder.dock.controls.qty.value() == 6
        ladder.dock.controls.qty.setValue(1)
        settings = rig.core.settings
        await settings.apply(settings.propose({"keyboard.shortcuts": {"ladder_join_bid": "W"}}))
        ladder.dock.arming.arm()
        ladder.key(Qt.Key.Key_B)
        await ladder.go_on(1)
        assert ladder.by_hand() == []
        ladder.key(Qt.Key.Key_W)
        order = await ladder.working()
        assert (order.side, order.ord_type) == (Side.BUY, OrdType.LIMIT)


async def test_distance_and_plan_are_kept_for_the_contract(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        controls = ladder.dock.controls
        controls.stop.setText("6")
        controls.plan.setCurrentText("futures in R")
        controls.plan.activated.emit(controls.plan.currentIndex())
        controls.keep.click()
        await eventually(lambda: "begins with 6 to the stop" in ladder.words)
        ladder.dock.open_instrument(rig.instrument("ES").instrument_id)
        assert controls.stop.text() == ""
        ladder.dock.open_instrument(rig.instrument("MES").instrument_id)
        assert (controls.stop.text(), controls.plan.currentText()) == ("6", "futures in R")
        ladder.dock.arming.arm()
        await ladder.go_on(2)
        row = ladder.bid_row(below=FAR)
        price = ladder.prices[row]
        ladder.click(row, BID, ALT)
        order = await ladder.working()
        plan = rig.core.exits.plan(order.lot_id)
        assert plan is not None
        assert plan.stop_price == price - 6
        assert [target for target, _ in plan.allocations] == [price + 6, price + 12]


def _question() -> QuestionDialog | None:
    found = [one for one in QApplication.topLevelWidgets() if isinstance(one, QuestionDialog) and one.isVisible()]
    return found[0] if found else None
