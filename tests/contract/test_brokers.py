"""What every broker adapter keeps to, whatever its wire: reports, positions, and never a second order."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest

from tests.contract.cases import (
    STOP,
    TARGET,
    A,
    close_in_place_of_the_stop,
    found,
    open_bracket,
    position,
    stop_qty,
)
from tests.contract.registry import every_venue, opened
from tests.contract.venues import Venue
from tradestream_gui.domain.errors import BrokerRejected
from tradestream_gui.domain.ids import ClOrdId
from tradestream_gui.domain.orders import OrdStatus, OrdType, Side
from tradestream_gui.ports.broker import LinkState

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

pytestmark = every_venue()


async def test_connect_tells_the_link_and_the_accounts(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        assert [state for state, _ in venue.journal.links][-1] is LinkState.UP
        assert venue.account_id in [account.account_id for account in await venue.broker.accounts()]


async def test_order_is_acknowledged_filled_and_held(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 2))
        await venue.settle()
        assert venue.journal.states(A)[0] is OrdStatus.NEW
        assert venue.journal.last(A).ord_status is OrdStatus.FILLED
        assert sum(qty for qty, _ in venue.journal.fills(A)) == await position(venue) == 2


async def test_lost_answer_of_an_accepted_order_is_found_by_client_id(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        order = venue.order("A", Side.BUY, OrdType.LIMIT, 1, limit="6320")
        await venue.lose_link_after_acceptance(A, lambda: venue.broker.place(order))
        await venue.reconnect()
        assert (await found(venue, A)).ord_status is OrdStatus.NEW
        assert await venue.orders_at_venue() == 1


async def test_order_that_never_arrived_is_certainly_unknown_and_never_comes_back(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        order = venue.order("A", Side.BUY, OrdType.MARKET, 1)
        await venue.lose_link_before_acceptance(lambda: venue.broker.place(order))
        await venue.reconnect()
        await venue.price("6326.00", "6326.25", last="6326.25")
        assert await venue.broker.find_order(venue.account_id, A) is None
        assert await venue.orders_at_venue() == 0
        assert await position(venue) == 0


async def test_client_id_is_taken_once_also_after_a_reconnect(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        order = venue.order("A", Side.BUY, OrdType.MARKET, 1)
        await venue.broker.place(order)
        await venue.settle()
        await venue.reconnect()
        with pytest.raises(BrokerRejected):
            await venue.broker.place(order)
        await venue.settle()
        assert await venue.orders_at_venue() == 1
        assert await position(venue) == 1


async def test_partial_fill_then_cancel_keeps_the_filled_part(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        await venue.price("6326.00", "6326.25", last="6326.25", size=2)
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.LIMIT, 5, limit="6326.25"))
        await venue.settle()
        await venue.broker.cancel(venue.account_id, A)
        await venue.settle()
        report = await found(venue, A)
        assert (report.ord_status, report.cum_qty, report.order_qty) == (OrdStatus.CANCELED, 2, 5)
        assert OrdStatus.PARTIALLY_FILLED in venue.journal.states(A)
        assert await position(venue) == 2


async def test_cancel_that_loses_its_race_leaves_the_fill(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 1))
        with suppress(BrokerRejected):  # the fill may be known already
            await venue.broker.cancel(venue.account_id, A)
        await venue.settle()
        assert venue.journal.last(A).ord_status is OrdStatus.FILLED
        assert await position(venue) == 1


async def test_cancel_of_an_unknown_order_is_certainly_refused(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        with pytest.raises(BrokerRejected):
            await venue.broker.cancel(venue.account_id, ClOrdId("NEVER"))


async def test_rejected_order_says_why_and_holds_nothing(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        words = ""
        try:
            await venue.broker.place(venue.order("A", Side.BUY, OrdType.LIMIT, 1, limit="6320.10"))
        except BrokerRejected as error:
            words = str(error)
        await venue.settle()
        report = await venue.broker.find_order(venue.account_id, A)
        assert words or report is not None
        assert report is None or (report.ord_status is OrdStatus.REJECTED and report.text)
        assert await venue.broker.open_orders(venue.account_id) == ()


async def test_refused_amendment_leaves_the_order_working_as_it_was(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.LIMIT, 2, limit="6320"))
        await venue.settle()
        before = await found(venue, A)
        off_tick = before.limit_price and before.limit_price + before.limit_price / 10**5
        with suppress(BrokerRejected):  # at once, or by a report
            await venue.broker.replace(
                venue.account_id, A, order_qty=2, limit_price=off_tick, stop_price=None, ord_type=OrdType.LIMIT
            )
        await venue.settle()
        after = await found(venue, A)
        assert after.limit_price == before.limit_price
        assert [report.cl_ord_id for report in await venue.broker.open_orders(venue.account_id)] == [A]
        assert venue.journal.last(A).ord_status is OrdStatus.NEW


async def test_open_bracket_is_complete_after_a_reconnect_and_still_fits_the_position(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        await open_bracket(venue)
        await venue.reconnect()
        working = {report.cl_ord_id: report for report in await venue.broker.open_orders(venue.account_id)}
        assert set(working) == {STOP, TARGET}
        assert working[STOP].stop_price == 6316
        await venue.price("6333.25", "6333.50", last="6333.25")
        await venue.price("6333.25", "6333.50", last="6333.50")
        await venue.settle()
        stop = await found(venue, STOP)
        assert stop.order_qty - stop.cum_qty == await position(venue) == 1


async def test_fill_while_we_were_away_is_told_once_by_its_execution_id(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        order = venue.order("A", Side.BUY, OrdType.MARKET, 1)
        await venue.lose_link_after_acceptance(A, lambda: venue.broker.place(order))
        await venue.reconnect()
        await venue.settle()
        told = await venue.broker.executions(venue.account_id, LONG_AGO)
        again = await venue.broker.executions(venue.account_id, LONG_AGO)
        assert told == again
        assert [report.last_qty for report in told] == [1]
        assert await position(venue) == 1


async def test_order_that_is_not_ours_appears_without_a_client_id(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        await open_bracket(venue)
        await venue.trade_elsewhere()
        foreign = [report for report in venue.journal.executions() if report.cl_ord_id is None]
        assert [report.last_qty for report in foreign] == [2]
        assert await position(venue) == 0
        assert await venue.broker.open_orders(venue.account_id) == ()


async def test_flattening_by_amending_the_stop_closes_once_while_a_target_races(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        await open_bracket(venue)
        await close_in_place_of_the_stop(venue, stop_qty(venue))
        await venue.price("6333.25", "6333.50", last="6333.25")
        await venue.settle()
        assert await position(venue) == 0
        assert await venue.broker.open_orders(venue.account_id) == ()


async def test_balance_keeps_cash_and_the_open_profit_apart(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        before = await venue.broker.balance(venue.account_id)
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 1))
        await venue.settle()
        fees = sum(report.commission for report in venue.journal.executions())
        paid = venue.journal.fills(A)[0][1]
        await venue.price("6336.00", "6336.25", last="6336.25")
        after = await venue.broker.balance(venue.account_id)
        assert after.cash == before.cash - fees
        assert (after.net_liquidation is not None) == venue.tells_open_profit
        if after.net_liquidation is not None:
            assert after.net_liquidation - after.cash == (6336 - paid) * 50
