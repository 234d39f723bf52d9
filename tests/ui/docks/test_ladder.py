"""The ladder under a trader's hands: what a click, a drag and a key send, and what they must not send."""

from pathlib import Path

from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.support import eventually
from tests.ui.docks.ladder_rig import FAR, Ladder
from tests.ui.tabs.rig import DEMO_ACCOUNT, demo_rig
from tradestream_gui.domain.orders import OrdStatus, OrdType, Side
from tradestream_gui.ui.format import price_text
from tradestream_gui.ui.models.ladder_model import LadderColumn
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.widgets.ticket.market import OLD_DEPTH

BUYS, BID, PRICE, ASK, SELLS, VOLUME = LadderColumn
SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


async def test_a_click_on_the_bid_side_buys_at_that_price_with_its_stop(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        ladder.dock.arming.arm()
        row = ladder.bid_row(below=FAR)
        price = ladder.prices[row]
        ladder.click(row, BID)
        order = await ladder.working()
        assert (order.side, order.ord_type, order.limit_price, order.order_qty) == (
            Side.BUY,
            OrdType.LIMIT,
            price,
            2,
        )
        plan = rig.core.exits.plan(order.lot_id)
        assert plan is not None
        assert plan.stop_price == price - 10
        shown = next(row for row in ladder.rows if row.price == price)
        assert [mark.text for mark in shown.buys] == ["2 LMT"]
        assert len(ladder.by_hand()) == 1


async def test_disarmed_no_click_and_no_key_opens_anything(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        ladder.click(ladder.bid_row(below=FAR), BID)
        assert ladder.words.startswith("Disarmed, nothing was sent: press “Disarmed” at the top")
        assert "Ctrl+Shift+A" in ladder.words
        ladder.click(ladder.ask_row(above=FAR), ASK, ALT)
        ladder.key(Qt.Key.Key_B, SHIFT)
        ladder.key(Qt.Key.Key_S)
        ladder.key(Qt.Key.Key_Return)
        ladder.dock.controls.buy.click()
        await ladder.go_on(2)
        assert ladder.by_hand() == []


async def test_control_click_is_a_stop_beyond_the_market_only(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        ladder.dock.arming.arm()
        ladder.click(ladder.bid_row(below=FAR), BID, CTRL)
        assert "A buy stop must be above the ask" in ladder.words
        row = ladder.ask_row(above=FAR)
        price = ladder.prices[row]
        ladder.click(row, BUYS, CTRL)
        order = await ladder.working()
        assert (order.side, order.ord_type, order.stop_price) == (Side.BUY, OrdType.STOP, price)
        assert len(ladder.by_hand()) == 1


async def test_alt_click_sends_the_bracket_of_the_exit_template(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        ladder.dock.arming.arm()
        row = ladder.ask_row(above=FAR)
        price = ladder.prices[row]
        ladder.click(row, ASK, ALT)
        order = await ladder.working()
        plan = rig.core.exits.plan(order.lot_id)
        assert order.side is Side.SELL
        assert plan is not None
        assert plan.stop_price == price + 10
        assert [target for target, _ in plan.allocations] == [price - 7, price - 12]
        assert plan.break_even_after == 1


async def test_a_dragged_order_moves_and_a_right_click_cancels_it(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        ladder.dock.arming.arm()
        row = ladder.bid_row(below=FAR)
        ladder.click(row, BID)
        order = await ladder.working()
        assert order.limit_price is not None
        row = ladder.prices.index(order.limit_price)
        to = ladder.prices[row + 2]
        ladder.drag(row, BUYS, row + 2)
        await ladder.go_on(2)
        moved = rig.core.blotter.order(order.cl_ord_id)
        assert moved is not None
        assert moved.limit_price == to
        ladder.dock.arming.disarm()
        ladder.click(ladder.prices.index(to), BUYS, button=Qt.MouseButton.RightButton)
        await ladder.go_on(2)
        gone = rig.core.blotter.order(order.cl_ord_id)
        assert gone is not None
        assert gone.ord_status is OrdStatus.CANCELED
        assert len(ladder.by_hand()) == 1


async def test_keys_join_move_and_cancel(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        ladder.dock.arming.arm()
        ladder.dock.view.put_cursor(ladder.prices[ladder.bid_row(below=FAR)], BID)
        ladder.key(Qt.Key.Key_Down)
        price = ladder.dock.view.cursor_price
        assert price == ladder.prices[ladder.bid_row(below=FAR + 1)]
        ladder.key(Qt.Key.Key_Return)
        order = await ladder.working()
        assert order.limit_price == price
        ladder.key(Qt.Key.Key_Down, SHIFT)
        await ladder.go_on(2)
        moved = rig.core.blotter.order(order.cl_ord_id)
        assert moved is not None
        assert price is not None
        assert moved.limit_price == price - rig.instrument("MES").tick_size
        assert ladder.dock.view.cursor_price == moved.limit_price, "the cursor goes with the order"
        ladder.key(Qt.Key.Key_Delete)
        await ladder.go_on(2)
        gone = rig.core.blotter.order(order.cl_ord_id)
        assert gone is not None
        assert gone.ord_status is OrdStatus.CANCELED
        ladder.key(Qt.Key.Key_Plus)
        assert ladder.dock.controls.qty.value() == 3


async def test_b_joins_the_bid(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        ladder.dock.arming.arm()
        quote = rig.core.board.quote(rig.instrument("MES").instrument_id)
        assert quote is not None
        ladder.key(Qt.Key.Key_B)
        order = await ladder.working()
        assert (order.side, order.ord_type, order.limit_price) == (Side.BUY, OrdType.LIMIT, quote.bid)


async def test_what_reduces_works_disarmed(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        lot = await ladder.holds()
        ladder.dock.arming.disarm()
        plan = rig.core.exits.plan(lot.lot_id)
        assert plan is not None
        assert plan.stop_price is not None
        assert lot.avg_entry is not None
        average = price_text(lot.avg_entry, rig.core.market.instrument(lot.instrument_id))
        assert ladder.dock.controls.position.text().startswith(f"Long 2 at {average}   "), "as the portfolio writes it"
        stop = plan.stop_price
        ladder.scroll_to(stop)
        row = ladder.prices.index(stop)
        assert [mark.word for mark in ladder.rows[row].sells] == ["STOP"]
        ladder.drag(row, SELLS, row - 2)
        moved = rig.core.exits.plan(lot.lot_id)
        assert moved is not None
        assert moved.stop_price == ladder.prices[row - 2]
        ladder.leave()
        ladder.dock.centre()
        target = ladder.ask_row(above=FAR)
        price = ladder.prices[target]
        ladder.click(target, ASK)
        plan = rig.core.exits.plan(lot.lot_id)
        assert plan is not None
        assert [step.price for step in plan.targets] == [price], "a sell against the long is its target"
        ladder.click(ladder.prices.index(price), SELLS, button=Qt.MouseButton.RightButton)
        plan = rig.core.exits.plan(lot.lot_id)
        assert plan is not None
        assert plan.targets == ()
        ladder.dock.controls.flatten.click()
        await ladder.go_on(3)
        await eventually(lambda: not rig.core.lots.open_lots(DEMO_ACCOUNT))


async def test_the_stop_of_a_position_cannot_be_cancelled(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        lot = await ladder.holds()
        plan = rig.core.exits.plan(lot.lot_id)
        assert plan is not None
        assert plan.stop_price is not None
        ladder.scroll_to(plan.stop_price)
        ladder.click(ladder.prices.index(plan.stop_price), SELLS, button=Qt.MouseButton.RightButton)
        assert "protects a position" in ladder.words
        after = rig.core.exits.plan(lot.lot_id)
        assert after is not None
        assert after.stop_price == plan.stop_price


async def test_the_hovered_cell_tells_the_whole_order(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        ladder.dock.arming.arm()
        row = ladder.bid_row(below=FAR)
        price = ladder.prices[row]
        words = ladder.hover(row, BID)
        assert words == f"Buy 2 MES Dec26 limit {price:,.2f}, stop {price - 10:,.2f} (risk $100.00), Demo 50K"
        assert ladder.dock.view.cells.ghost == "2 LMT"
        for not_a_distance in ("2,5", ""):  # no hand means twenty-five by 2,5
            ladder.dock.controls.stop.setText(not_a_distance)
            assert "Give a stop" in ladder.words
        ladder.click(row, BID)
        await ladder.go_on(1)
        assert ladder.by_hand() == []


async def test_a_double_click_is_one_order(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        ladder.dock.arming.arm()
        row = ladder.bid_row(below=FAR)
        ladder.click(row, BID)
        ladder.click(row, BID)
        await ladder.working()
        assert len(ladder.by_hand()) == 1


async def test_old_prices_are_grey_and_no_entry_goes(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        ladder.dock.arming.arm()
        await rig.core.subscriptions.unsubscribe(rig.instrument("MES"))
        row = ladder.bid_row(below=FAR)
        await ladder.go_on(40)
        assert ladder.dock.view.cells.is_stale
        assert "old" in ladder.dock.head.kind.text()
        assert ladder.dock.note.text() == OLD_DEPTH, "the feed has depth, only not now"
        ladder.click(row, BID)
        assert "entries wait until it is fresh" in ladder.words or "No price" in ladder.words
        await ladder.go_on(1)
        assert ladder.by_hand() == []
