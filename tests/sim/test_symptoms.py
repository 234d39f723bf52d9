"""What the simulation once found wrong, each told alone: one symptom, one short scene on the real core."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.sim.exchange import VenueOrder
from tests.sim.plans import GONE_BY
from tests.sim.scene import LINKED, NAMELESS, PLAIN, scene
from tests.sim.venue import CALM, SIM, FaultRates
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.events import Notice, NoticeKind
from tradestream_gui.domain.ids import AccountId, ClOrdId
from tradestream_gui.domain.orders import MANUAL, Order, OrderRole, OrdStatus, OrdType, Side, TimeInForce
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.ports.broker import ExecutionReport, OrderReport


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


async def test_a_stop_moved_to_break_even_does_not_grow_over_what_a_linked_target_left(tmp_path: Path) -> None:
    async with scene(tmp_path, LINKED) as on:
        await on.enter(3, targets=((5, "0.5"), (30, "0.5")))
        await on.day.clock.run(1)
        on.day.market.move("MES", Decimal(6))
        await on.day.clock.run(3)
        assert (on.held(), on.leaves(OrderRole.STOP)) == (1, 1)
        assert on.live(OrderRole.STOP)[0].stop_price > on.day.market.mid["MES"] - 50


async def test_a_cancel_that_fails_at_once_does_not_run_in_a_circle(tmp_path: Path) -> None:
    async with scene(tmp_path, PLAIN) as on:
        await on.enter(1, limit_below=50)
        await on.day.clock.run(1)
        on.day.venue.disconnect(8)
        core = on.day.program.core  # type: ignore[union-attr]
        for order in core.blotter.open_orders(role=OrderRole.ENTRY):
            core.order_desk.request_cancel(order, "cancelled by hand")
        await on.day.clock.run(30)
        assert on.live(OrderRole.ENTRY) == []


async def test_a_fill_whose_execution_got_lost_is_fetched_within_two_seconds(tmp_path: Path) -> None:
    async with scene(tmp_path, PLAIN) as on:
        on.lose_executions()
        await on.enter(2)
        await on.day.clock.run(2)
        assert (on.held(), on.ours(), on.leaves(OrderRole.STOP)) == (2, 2, 2)


async def test_no_new_stop_is_sent_for_one_that_filled_unheard(tmp_path: Path) -> None:
    async with scene(tmp_path, LINKED) as on:
        await on.enter(2, targets=((30, "0.5"), (60, "0.5")))
        await on.day.clock.run(2)
        on.lose_executions()
        on.day.market.move("MES", Decimal(-120))
        await on.day.clock.run(3)
        assert (on.held(), on.ours()) == (0, 0)
        assert list(on.day.venue.exchange.live_orders()) == []


async def test_a_broker_that_is_away_at_the_start_is_asked_again(tmp_path: Path) -> None:
    async with scene(tmp_path, PLAIN) as on:
        on.day.venue.disconnect(20)
        await on.day.crash(1.0)
        core = on.day.program.core  # type: ignore[union-attr]
        assert core.accounts.state(SIM).trading_state is TradingState.RECONCILING
        await on.day.clock.run(40)
        assert core.accounts.state(SIM).trading_state is TradingState.ACTIVE


async def test_an_entry_whose_cancel_got_lost_is_cancelled_again(tmp_path: Path) -> None:
    async with scene(tmp_path, PLAIN) as on:
        await on.enter(1, limit_below=50)
        await on.day.clock.run(1)
        exchange = on.day.venue.exchange
        cancel, lost = exchange.cancel, [True]

        def lossy(*arguments: Any) -> None:
            if lost:
                lost.pop()
            else:
                cancel(*arguments)

        exchange.cancel = lossy  # type: ignore[method-assign]
        core = on.day.program.core  # type: ignore[union-attr]
        core.kill.kill("the person pressed KILL")
        await on.day.clock.run(20)
        assert not lost
        assert on.live(OrderRole.ENTRY) == []


async def test_an_order_that_never_arrived_is_found_missing_though_its_cancel_is_wanted(tmp_path: Path) -> None:
    async with scene(tmp_path, PLAIN) as on:
        on.day.venue.exchange.enter = lambda *_: None  # type: ignore[method-assign, assignment]
        await on.enter(1, limit_below=50)
        core = on.day.program.core  # type: ignore[union-attr]
        for _ in range(8):
            for order in core.blotter.open_orders(role=OrderRole.ENTRY):
                core.order_desk.request_cancel(order, "cancelled by hand")
            await on.day.clock.run(3)
        assert [order.ord_status for order in core.blotter.orders()] == [OrdStatus.NOT_FOUND]


async def test_a_number_that_a_gateway_gives_again_does_not_name_our_old_order(tmp_path: Path) -> None:
    async with scene(tmp_path, LINKED) as on:
        await on.enter(1)
        await on.day.clock.run(1)
        exchange = on.day.venue.exchange
        exchange.roll_ids_back(2)
        exchange.phone(SIM, on.mes.instrument_id, 2, on.day.clock.now())
        on.day.venue.tell()
        await on.day.clock.run(3)
        core = on.day.program.core  # type: ignore[union-attr]
        assert (on.held(), on.ours(), core.lots.external_qty(SIM, on.mes.instrument_id)) == (3, 1, 2)


async def test_an_entry_sent_just_before_a_death_is_known_again_without_client_ids(tmp_path: Path) -> None:
    async with scene(tmp_path, NAMELESS) as on:
        await on.enter(2)
        assert on.ours() == 0
        await on.day.crash(2.0)
        await on.day.clock.run(15)
        assert (on.held(), on.ours(), on.leaves(OrderRole.STOP)) == (2, 2, 2)


@pytest.mark.parametrize("heard", ["all", "order", "execution"])
async def test_a_trade_by_phone_that_looks_like_an_order_that_never_arrived_is_not_taken_for_it(
    tmp_path: Path, heard: str
) -> None:
    async with scene(tmp_path, NAMELESS) as on:
        broker: Any = on.day.program.broker  # type: ignore[union-attr]
        place, deliver = broker.place, broker.deliver

        async def vanish(order: Order) -> None:
            """Nobody hears of it."""

        broker.place = vanish
        await on.enter(2, limit_below=-5)
        broker.place = place
        unheard = {"all": (), "order": ExecutionReport, "execution": OrderReport}[heard]
        broker.deliver = lambda reports: deliver([one for one in reports if not isinstance(one, unheard)])  # type: ignore[arg-type]  # no type at all is a tuple
        on.day.venue.exchange.phone(SIM, on.mes.instrument_id, 2, on.day.clock.now())
        on.day.venue.tell()
        await on.day.clock.run(25)
        core = on.day.program.core  # type: ignore[union-attr]
        theirs = core.lots.external_qty(SIM, on.mes.instrument_id)
        assert (on.held(), on.ours(), theirs) == ((2, 2, 0) if heard == "execution" else (2, 0, 2))
        assert on.leaves(OrderRole.STOP) == on.ours(), "what nothing tells apart is protected as ours"


async def test_nothing_is_closed_beside_a_stop_whose_new_size_is_not_known(tmp_path: Path) -> None:
    async with scene(tmp_path, PLAIN) as on:
        await on.enter(3)
        await on.day.clock.run(1)
        core = on.day.program.core  # type: ignore[union-attr]
        lot = core.lots.open_lots(SIM)[0]
        core.exits.move_stop(lot.lot_id, on.day.market.mid["MES"] - 90)
        core.exits.close(lot.lot_id, 1, "closed by hand")
        await on.day.clock.run(0.001)
        assert on.live(OrderRole.CLOSE) == []
        await on.day.clock.run(3)
        assert (on.held(), on.leaves(OrderRole.STOP)) == (2, 2)


async def test_a_position_of_others_is_still_theirs_after_a_restart(tmp_path: Path) -> None:
    async with scene(tmp_path, LINKED) as on:
        await on.enter(1)
        await on.day.clock.run(1)
        on.day.venue.exchange.phone(SIM, on.mes.instrument_id, 3, on.day.clock.now())
        on.day.venue.tell()
        await on.day.clock.run(3)
        await on.day.crash(1.0)
        await on.day.clock.run(60)
        core = on.day.program.core  # type: ignore[union-attr]
        assert (on.held(), on.ours(), core.lots.external_qty(SIM, on.mes.instrument_id)) == (4, 1, 3)


async def test_what_is_of_others_stays_theirs_when_the_broker_no_longer_tells_of_its_execution(tmp_path: Path) -> None:
    async with scene(tmp_path, PLAIN) as on:
        on.day.venue.exchange.phone(SIM, on.mes.instrument_id, -3, on.day.clock.now())
        on.day.venue.tell()
        await on.day.clock.run(3)
        await on.enter(2)
        await on.day.clock.run(10)
        on.day.venue.exchange.forget_executions(on.day.clock.now())
        await on.day.crash(1.0)
        await on.day.clock.run(90)
        core = on.day.program.core  # type: ignore[union-attr]
        assert (on.held(), on.ours(), core.lots.external_qty(SIM, on.mes.instrument_id)) == (-1, 2, -3)
        assert on.leaves(OrderRole.STOP) == 2


async def test_what_a_trade_by_phone_left_beyond_our_lot_is_still_of_others_after_a_restart(tmp_path: Path) -> None:
    async with scene(tmp_path, LINKED) as on:
        await on.enter(1)
        await on.day.clock.run(1)
        on.day.venue.exchange.phone(SIM, on.mes.instrument_id, -3, on.day.clock.now())
        on.day.venue.tell()
        await on.day.clock.run(3)
        await on.enter(4)
        for _ in range(2):
            await on.day.clock.run(60)
            core = on.day.program.core  # type: ignore[union-attr]
            assert (on.held(), on.ours(), core.lots.external_qty(SIM, on.mes.instrument_id)) == (2, 4, -2)
            assert on.leaves(OrderRole.STOP) == 4
            await on.day.crash(1.0)


async def test_a_close_in_two_pieces_is_not_ended_by_its_first_while_its_size_is_being_changed(tmp_path: Path) -> None:
    async with scene(tmp_path, LINKED) as on:
        await on.enter(4, targets=((30, "0.5"), (60, "0.5")))
        await on.day.clock.run(2)
        core, venue = on.day.program.core, on.day.venue  # type: ignore[union-attr]
        stop = on.live(OrderRole.STOP)[0]
        venue.exchange.amend(  # the stop was made smaller once, for a reason that is over
            stop.cl_ord_id, on.day.clock.now(), order_qty=2, limit_price=None, stop_price=stop.stop_price,
            ord_type=OrdType.STOP,
        )  # fmt: skip
        deliver = on.day.program.broker.deliver  # type: ignore[union-attr]
        on.day.program.broker.deliver = lambda reports: deliver(  # type: ignore[union-attr, method-assign]
            [report for report in reports if isinstance(report, ExecutionReport)]
        )
        touched: list[int] = []
        fill = venue.exchange._fill

        def in_pieces(order: VenueOrder, qty: int, *others: Any) -> None:
            touched.append(qty)
            fill(order, 2 if len(touched) == 1 else qty, *others)

        venue.exchange._fill = in_pieces  # type: ignore[method-assign]
        lot = core.lots.open_lots(SIM)[0]
        core.exits.close(lot.lot_id, 4, "closed by hand")
        await on.day.clock.run(0.5)
        on.day.market.say("MES")
        await on.day.clock.run(15)
        assert (on.held(), on.ours()) == (0, 0)


async def test_a_target_whose_cancel_got_lost_does_not_stand_in_for_the_stop(tmp_path: Path) -> None:
    async with scene(tmp_path, PLAIN) as on:
        await on.enter(2, targets=((5, "1"),))
        await on.day.clock.run(1)
        broker = on.day.program.broker  # type: ignore[union-attr]
        cancel, enter, lost = broker.cancel, on.day.venue.exchange.enter, []

        async def cancel_later(account_id: AccountId, cl_ord_id: ClOrdId) -> None:
            if cl_ord_id in {order.cl_ord_id for order in on.live(OrderRole.TARGET)} and not lost:
                lost.append(cl_ord_id)
                raise BrokerUnreachable("connection reset before the request was written")
            await cancel(account_id, cl_ord_id)

        def enter_too_late(order: Order, *arguments: Any) -> VenueOrder:
            if order.role is OrderRole.TARGET:
                on.day.market.move("MES", Decimal(-30))
            return enter(order, *arguments)

        broker.cancel, on.day.venue.exchange.enter = cancel_later, enter_too_late  # type: ignore[method-assign]
        on.day.market.move("MES", Decimal(5))
        await on.day.clock.run(4)
        assert lost
        assert (on.held(), on.leaves(OrderRole.STOP), on.leaves(OrderRole.TARGET)) == (2, 2, 0)


async def test_positions_that_no_list_confirms_are_told_of_once(tmp_path: Path) -> None:
    async with scene(tmp_path, PLAIN) as on:
        told: list[Notice] = []
        on.day.program.bus.subscribe(Notice, told.append)  # type: ignore[union-attr]
        await on.enter(1)
        await on.day.clock.run(40)
        assert [notice for notice in told if notice.kind is NoticeKind.UNPROTECTED] == []
        on.day.venue.rates = FaultRates(question=1.0)
        await on.day.clock.run(90)
        notices = [notice for notice in told if notice.kind is NoticeKind.UNPROTECTED]
        assert len(notices) == 1
        assert "open lots: 1" in notices[0].words
        on.day.venue.rates = CALM
        await on.day.clock.run(20)
        on.day.venue.rates = FaultRates(question=1.0)
        await on.day.clock.run(60)
        assert len([notice for notice in told if notice.kind is NoticeKind.UNPROTECTED]) == 2
        on.day.venue.rates = CALM
        await on.day.clock.run(30)


async def test_what_was_closed_elsewhere_is_known_though_no_other_list_than_that_of_executions_comes(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, LINKED) as on:
        await on.enter(4, targets=((30, "0.5"), (60, "0.5")))
        await on.day.clock.run(1)
        venue, broker = on.day.venue, on.day.program.broker  # type: ignore[union-attr]
        open_orders = broker.open_orders

        async def no_list(account_id: AccountId) -> tuple[OrderReport, ...]:
            raise BrokerUnreachable("the list did not come")

        broker.open_orders = no_list  # type: ignore[method-assign]
        venue.disconnect(5)
        venue.exchange.phone(SIM, on.mes.instrument_id, -4, on.day.clock.now())
        venue.tell()
        await on.day.clock.run(15)
        assert (on.held(), on.ours(), on.leaves(OrderRole.STOP), on.leaves(OrderRole.TARGET)) == (0, 0, 0, 0)
        broker.open_orders = open_orders  # type: ignore[method-assign]
        await on.day.clock.run(30)


async def test_a_fill_too_many_that_comes_in_pieces_is_closed_whole(tmp_path: Path) -> None:
    async with scene(tmp_path, LINKED) as on:
        await on.enter(2, targets=((5, "1"),))
        await on.day.clock.run(1)
        venue, now = on.day.venue, on.day.clock.now()
        (target,) = on.live(OrderRole.TARGET)
        venue.disconnect(5)
        venue.exchange.phone(SIM, on.mes.instrument_id, -2, now)
        venue.exchange.fill_one(target, now)
        venue.exchange.fill_one(target, now)
        venue.tell()
        await on.day.clock.run(20)
        assert (on.held(), on.ours()) == (0, 0)


async def test_what_is_left_where_a_trade_by_phone_and_our_own_close_crossed_is_not_ours(tmp_path: Path) -> None:
    async with scene(tmp_path, PLAIN) as on:
        await on.enter(2)
        await on.day.clock.run(1)
        core, venue = on.day.program.core, on.day.venue  # type: ignore[union-attr]
        venue.exchange.phone(SIM, on.mes.instrument_id, -1, on.day.clock.now())
        venue.exchange.take()  # its report gets lost
        core.exits.close(core.lots.open_lots(SIM)[0].lot_id, 2, "closed by hand")
        await on.day.clock.run(60)
        assert (on.held(), on.ours(), core.lots.external_qty(SIM, on.mes.instrument_id)) == (-1, 0, -1)


async def test_an_option_is_not_bought_in_the_minutes_in_which_it_would_be_closed_at_once(tmp_path: Path) -> None:
    async with scene(tmp_path, LINKED, GONE_BY - timedelta(minutes=12)) as on:
        call = "SPY 660c 11/19"
        held, refused = on.day.market.instruments[call].instrument_id, []
        core = on.day.program.core  # type: ignore[union-attr]
        on.day.market.stands_still = True
        on.day.market.start()
        for minutes in (0, 3, 10):
            await on.day.clock.run_until_s(minutes * 60 + 1)
            mid = on.day.market.mid[call]
            ticket = EntryTicket(
                account_id=SIM, instrument_id=held, side=Side.BUY, ord_type=OrdType.LIMIT, order_qty=2,
                time_in_force=TimeInForce.DAY, origin=MANUAL, limit_price=mid + Decimal("0.01"),
                protective_stop=mid - Decimal("0.50"),
            )  # fmt: skip
            refused.append((await on.day.clock.do(core.entries.enter(ticket))).decision.code)
        assert refused == ["", "EXPIRY_TOO_CLOSE", "EXPIRY_TOO_CLOSE"]
        assert core.lots.net_qty(SIM, held) == 2
        await on.day.clock.run_until_s(12 * 60 + 5)
        assert core.lots.net_qty(SIM, held) == 0
        assert on.day.venue.exchange.positions(on.day.clock.now())[held] == 0
