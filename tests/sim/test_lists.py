"""Lists that lag behind one another, and requests that were lost with the life that sent them."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.sim.scene import LINKED, NAMELESS, PLAIN, Scene, scene
from tests.sim.venue import SIM
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.orders import OrderRole

LATE = timedelta(seconds=2.5)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


def lists_lag(on: Scene, by: timedelta = LATE) -> None:
    """From now on every list tells of so long ago."""
    broker: Any = on.day.program.broker  # type: ignore[union-attr]
    asked = broker._asked

    async def asked_late() -> Any:
        return await asked() - by

    broker._asked = asked_late


def every_third(ask: Any) -> Any:
    """The question that is answered each third time only."""
    count = 0

    async def asked(*arguments: Any) -> Any:
        nonlocal count
        count += 1
        if count % 3:
            raise BrokerUnreachable("the list did not come")
        return await ask(*arguments)

    return asked


async def test_a_stop_cut_by_its_link_does_not_grow_again_because_a_list_lacks_the_fill(tmp_path: Path) -> None:
    async with scene(tmp_path, LINKED) as on:
        await on.enter(3, targets=((5, "0.5"), (30, "0.5")))
        await on.day.clock.run(4)
        lose_reports_of_targets(on)
        lists_lag(on)
        on.day.market.move("MES", Decimal(6))
        for _ in range(100):
            await on.day.clock.run(0.1)
            assert on.leaves(OrderRole.STOP) == on.held() == 1
        assert on.ours() == 1


def lose_reports_of_targets(on: Scene) -> None:
    """From now on the program hears of no target of this moment by itself."""
    broker: Any = on.day.program.broker  # type: ignore[union-attr]
    targets, deliver = {order.cl_ord_id for order in on.live(OrderRole.TARGET)}, broker.deliver
    broker.deliver = lambda reports: deliver([one for one in reports if one.cl_ord_id not in targets])


def executions_lag(on: Scene, by: timedelta) -> None:
    """From now on the list of executions lacks what is younger; an order by itself is told as it stands."""
    broker: Any = on.day.program.broker  # type: ignore[union-attr]
    ask = broker.executions

    async def old(*arguments: Any) -> Any:
        return tuple(one for one in await ask(*arguments) if one.at <= on.day.clock.now() - by)

    broker.executions = old


@pytest.mark.parametrize(("lag", "by_s"), [(lists_lag, 1.5), (executions_lag, 4)])
async def test_no_stop_is_placed_over_nothing_because_a_list_lacks_the_fill_that_ended_it(
    tmp_path: Path, lag: Any, by_s: float
) -> None:
    async with scene(tmp_path, LINKED) as on:
        await on.enter(1, targets=((5, "1"),))
        await on.day.clock.run(4)
        lose_reports_of_targets(on)
        lag(on, timedelta(seconds=by_s))
        on.day.market.move("MES", Decimal(6))
        for _ in range(60):
            await on.day.clock.run(0.1)
            assert on.leaves(OrderRole.STOP) == on.held() == 0
        assert on.ours() == 0


@pytest.mark.parametrize("said", [(), ("nothing",), ("nothing", "unknown")])
async def test_a_linked_stop_that_somebody_cancelled_elsewhere_is_placed_again_while_its_target_works(
    tmp_path: Path, said: tuple[str, ...]
) -> None:
    async with scene(tmp_path, LINKED) as on:
        await on.enter(1, targets=((30, "1"),))
        await on.day.clock.run(4)
        broker: Any = on.day.program.broker  # type: ignore[union-attr]
        ask, answers = broker.find_order, list(said)

        async def find_order(*of: Any) -> Any:
            answer = answers.pop() if answers else "the truth"
            if answer == "nothing":
                raise BrokerUnreachable("the answer was lost")
            return None if answer == "unknown" else await ask(*of)

        broker.find_order = find_order
        (stop,) = on.live(OrderRole.STOP)
        stop.group = None  # so that the target stands
        on.day.venue.exchange.pull(stop, on.day.clock.now(), "cancelled by phone")
        on.day.venue.tell()
        await on.day.clock.run(2 + len(said))
        assert on.leaves(OrderRole.STOP) == on.held() == on.leaves(OrderRole.TARGET) == 1


async def test_a_list_that_is_older_than_what_was_told_since_is_not_taken_for_a_cut_of_the_stop(tmp_path: Path) -> None:
    async with scene(tmp_path, LINKED) as on:
        program: Any = on.day.program
        exchange, clock = on.day.venue.exchange, on.day.clock
        await on.enter(5, limit_below=10)
        await clock.run(1)
        (entry,) = on.live(OrderRole.ENTRY)

        async def fill_one() -> None:
            exchange.fill_one(entry, clock.now())
            on.day.venue.tell()
            await program.clock.sleep(1.0)

        await clock.do(fill_one())
        listed = program.broker.open_orders

        async def told_late(account_id: Any) -> Any:
            orders = await listed(account_id)
            await fill_one()
            return orders

        program.broker.open_orders = told_late
        await clock.do(program.running.reconciler.compare(SIM))
        program.broker.open_orders = listed
        assert on.leaves(OrderRole.STOP) == on.held() == 2
        await clock.do(fill_one())
        assert on.leaves(OrderRole.STOP) == on.held() == 3


async def test_positions_of_a_moment_ago_beside_our_own_fresh_fills_make_nothing_external(tmp_path: Path) -> None:
    async with scene(tmp_path, PLAIN) as on:
        core = on.day.program.core  # type: ignore[union-attr]
        on.day.venue.exchange.phone(SIM, on.mes.instrument_id, -1, on.day.clock.now())
        on.day.venue.tell()
        await on.enter(15)
        await on.day.clock.run(8)
        (lot,) = core.lots.open_lots()
        lists_lag(on)
        for left in range(14, 1, -1):
            core.exits.close(lot.lot_id, 1, "by hand")
            await on.day.clock.run(0.9)
            assert core.lots.external_qty(SIM, on.mes.instrument_id) == -1
            assert on.ours() == left
        await on.day.clock.run(60)
        assert core.lots.external_qty(SIM, on.mes.instrument_id) == -1
        assert not any(lot.assumed for lot in core.lots.lots())
        assert on.ours() == 2 == on.held() + 1


async def test_positions_of_a_moment_ago_do_not_take_back_what_an_execution_told_of_a_trade_elsewhere(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, PLAIN) as on:
        program: Any = on.day.program
        lists_lag(on)
        on.day.venue.exchange.phone(SIM, on.mes.instrument_id, -2, on.day.clock.now())
        on.day.venue.tell()
        await on.day.clock.run(0.5)
        await on.day.clock.do(program.running.reconciler.compare(SIM))
        assert program.core.lots.external_qty(SIM, on.mes.instrument_id) == -2
        await on.enter(2)
        await on.day.clock.run(60)
        assert program.core.lots.external_qty(SIM, on.mes.instrument_id) == -2
        assert (on.held(), on.ours(), on.leaves(OrderRole.STOP)) == (0, 2, 2)


async def test_a_target_that_rests_because_its_price_was_told_too_late_gives_the_stop_its_contracts_back(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, PLAIN) as on:
        await on.enter(2, targets=((5, "0.5"), (30, "0.5")))
        await on.day.clock.run(1)
        on.day.market.move("MES", Decimal(6))
        on.day.market.is_silent = True
        on.day.market.move("MES", Decimal(-6))
        await on.day.clock.run(1)
        assert (on.leaves(OrderRole.STOP), on.leaves(OrderRole.TARGET)) == (1, 1)
        await on.day.clock.run(4)
        assert (on.leaves(OrderRole.STOP), on.leaves(OrderRole.TARGET)) == (2, 0)
        on.day.market.is_silent = False
        on.day.market.move("MES", Decimal(6))
        await on.day.clock.run(3)
        assert (on.held(), on.leaves(OrderRole.STOP)) == (1, 1)
        assert on.day.venue.exchange.deals[-1].order.role is OrderRole.TARGET


async def test_a_cancel_that_was_lost_with_the_life_that_sent_it_is_asked_for_again(tmp_path: Path) -> None:
    async with scene(tmp_path, PLAIN) as on:
        await on.enter(1, targets=((5, "1"),))
        await on.day.clock.run(1)

        async def swallow(*_: object) -> None:
            """The request goes nowhere."""

        on.day.program.broker.cancel = swallow  # type: ignore[method-assign,union-attr]
        on.day.market.move("MES", Decimal(6))
        await on.day.clock.run(0.5)
        await on.day.crash(1.0)
        await on.day.clock.run(30)
        assert (on.held(), on.leaves(OrderRole.STOP)) == (0, 0)


async def test_a_stop_lost_at_a_broker_that_loses_two_answers_of_three_is_missed_within_a_minute(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, NAMELESS) as on:
        await on.enter(2)
        await on.day.clock.run(1)
        await on.day.crash(1.0)
        await on.day.clock.run(30)
        broker: Any = on.day.program.broker  # type: ignore[union-attr]
        for name in ("executions", "open_orders", "positions", "balance"):
            setattr(broker, name, every_third(getattr(broker, name)))
        deliver, broker.deliver = broker.deliver, lambda reports: None
        (stop,) = on.live(OrderRole.STOP)
        on.day.venue.exchange.pull(stop, on.day.clock.now(), "cancelled by the exchange")
        on.day.venue.tell()
        broker.deliver = deliver
        on.day.venue.troubled_s = on.day.clock.elapsed_s
        await on.day.clock.run(60)
        assert on.held() == on.leaves(OrderRole.STOP) == on.ours()
