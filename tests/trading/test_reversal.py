"""Turning round: never more than out, the other side only after flat, through the gate, and never twice."""

from collections.abc import Callable
from pathlib import Path

from tests.support import hold_elsewhere
from tests.trading.stage import MES, SIM, D, Stage, open_stage
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.orders import MANUAL, OrderRole, OrdType, Side, TimeInForce
from tradestream_gui.domain.tickets import EntryTicket


def ticket_of(stage: Stage, *, more: int = 0) -> Callable[[Side, int], EntryTicket | None]:
    """A market order with its stop at a distance, asked for `more` contracts than there were."""

    def make(side: Side, qty: int) -> EntryTicket | None:
        quote = stage.core.board.quote(MES)
        assert quote is not None
        assert quote.bid is not None
        return EntryTicket(
            account_id=SIM, instrument_id=MES, side=side, ord_type=OrdType.MARKET, order_qty=qty + more,
            time_in_force=TimeInForce.DAY, origin=MANUAL, protective_stop=quote.bid - side.sign * 10,
        )  # fmt: skip

    return make


def reverse(
    stage: Stage, said: list[str], *, may_enter: Callable[[], bool] = lambda: True, more: int = 0
) -> None:
    async def run() -> None:
        said.append(await stage.core.hand.reversal.reverse(SIM, MES, ticket_of(stage, more=more), may_enter))

    stage.tasks.spawn(run(), "reverse")


async def test_it_closes_then_enters_the_other_side_with_its_stop(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316", targets=(("6340", "1"),))
    said: list[str] = []
    reverse(stage, said)
    await stage.run(5)
    assert await stage.position() == -2
    (lot,) = stage.core.lots.open_lots(SIM, MES)
    assert (lot.side, lot.open_qty) == (Side.SELL, 2)
    assert [(stop.leaves_qty, stop.stop_price) for stop in stage.exits(OrderRole.STOP)] == [(2, D("6336.00"))]
    assert said == ["MES Dec26: sold 2 to close; SELL 2 MES Dec26 sent"]
    placed = stage.venue.sent(OrderRole.ENTRY)
    assert [order.order_qty for order in placed] == [2, 2]
    await stage.close()


async def test_it_never_enters_more_than_was_closed_whatever_the_ticket_says(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.SELL, 1, limit="6325", stop="6336")
    said: list[str] = []
    reverse(stage, said, more=7)
    await stage.run(5)
    assert await stage.position() == 1
    await stage.close()


async def test_two_presses_turn_it_round_once(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    said: list[str] = []
    reverse(stage, said)
    reverse(stage, said)
    await stage.run(5)
    assert await stage.position() == -1
    assert "MES Dec26: it is being turned round already" in said
    await stage.close()


async def test_a_close_that_is_not_filled_enters_nothing(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6316")
    stage.venue.is_deaf = True
    said: list[str] = []
    reverse(stage, said)
    await stage.run(20)
    assert len(stage.venue.sent(OrderRole.ENTRY)) == 1
    assert ["not flat after 15 s" in words for words in said] == [True]
    stage.venue.is_deaf = False
    await stage.run(60)
    assert len(stage.venue.sent(OrderRole.ENTRY)) == 1
    assert await stage.position() <= 2
    await stage.close()


async def test_a_kill_or_a_disarming_on_the_way_leaves_it_flat(tmp_path: Path) -> None:
    for number, stop in enumerate(("kill", "disarm")):
        folder = tmp_path / str(number)
        folder.mkdir()
        stage = await open_stage(folder)
        await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
        said: list[str] = []
        armed = [True]
        reverse(stage, said, may_enter=lambda armed=armed: armed[0])
        await stage.run(0)
        if stop == "kill":
            stage.core.kill.kill("pressed")
        else:
            armed.clear()
            armed.append(False)
        await stage.run(5)
        assert await stage.position() == 0
        assert len(stage.venue.sent(OrderRole.ENTRY)) == 1
        assert len(said) == 1
        await stage.close()


async def test_what_cannot_be_turned_round_is_said_and_left_as_it_is(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    reversal = stage.core.hand.reversal
    assert "no position" in reversal.refusal(SIM, MES, ticket_of(stage))
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    assert reversal.refusal(SIM, MES, ticket_of(stage)) == ""
    assert "give a stop distance" in reversal.refusal(SIM, MES, lambda side, qty: None)
    hold_elsewhere(stage.core.lots, SIM, MES, 1, stage.clock.now())
    assert "opened elsewhere" in reversal.refusal(SIM, MES, ticket_of(stage))
    hold_elsewhere(stage.core.lots, SIM, MES, 0, stage.clock.now())
    stage.core.accounts.set_state(SIM, TradingState.REDUCING, "looked at")
    said: list[str] = []
    reverse(stage, said)
    await stage.run(3)
    assert "would be denied" in said[0]
    assert await stage.position() == 1
    await stage.close()
