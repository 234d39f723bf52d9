"""What every broker adapter keeps to while its link or its venue fails: nothing lost, nothing doubled, all told."""

from contextlib import suppress
from datetime import timedelta

import pytest

from tests.contract.cases import (
    STOP,
    A,
    attempt,
    close_in_place_of_the_stop,
    flatten,
    found,
    open_bracket,
    orders_of_a_flattening,
    position,
    stop_qty,
)
from tests.contract.registry import VENUES, every_venue, opened, venues_that_play
from tests.contract.venues import Fault, Venue
from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable
from tradestream_gui.domain.orders import OrderRole, OrdStatus, OrdType, Side
from tradestream_gui.ports.broker import LinkState

OVER = (OrdStatus.FILLED, OrdStatus.CANCELED, OrdStatus.REJECTED, OrdStatus.EXPIRED)


@pytest.mark.parametrize("name", sorted(VENUES))
def test_fault_that_a_venue_leaves_out_has_its_reason(name: str) -> None:
    assert all(len(reason.split()) > 2 for reason in VENUES[name].left_out.values())
    assert {Fault.DUPLICATE_EVENTS, Fault.FILL_FIRST}.isdisjoint(VENUES[name].left_out)


@venues_that_play(Fault.WRONG_LOGIN)
async def test_refused_log_in_says_why_and_lets_nothing_through(venue_type: type[Venue]) -> None:
    venue = venue_type()
    try:
        await venue.inject(Fault.WRONG_LOGIN)
        with pytest.raises(BrokerUnreachable):
            await venue.start()
        state, words = venue.journal.links[-1]
        assert state in (LinkState.AUTH_FAILED, LinkState.DOWN)
        assert words
        assert await attempt(venue, venue.order("A", Side.BUY, OrdType.MARKET, 1)) == "unknown"
        await venue.heal()
        await venue.start()
        assert venue.journal.links[-1][0] is LinkState.UP
        assert await venue.orders_at_venue() == 0
    finally:
        await venue.stop()


@venues_that_play(Fault.LOGIN_NEEDS_USER)
async def test_log_in_that_needs_the_user_says_what_to_do(venue_type: type[Venue]) -> None:
    venue = venue_type()
    try:
        await venue.inject(Fault.LOGIN_NEEDS_USER)
        with pytest.raises(BrokerUnreachable):
            await venue.start()
        state, words = venue.journal.links[-1]
        assert state in (LinkState.AUTH_FAILED, LinkState.DOWN)
        assert len(words.split()) > 5
    finally:
        await venue.stop()


@venues_that_play(Fault.SESSION_ENDS)
async def test_ended_session_is_taken_up_again_with_its_orders(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.LIMIT, 1, limit="6320"))
        await venue.settle()
        await venue.inject(Fault.SESSION_ENDS)
        await venue.heal()
        await venue.link_is_back()
        assert [report.cl_ord_id for report in await venue.broker.open_orders(venue.account_id)] == [A]
        await venue.broker.cancel(venue.account_id, A)
        await venue.settle()
        assert (await found(venue, A)).ord_status is OrdStatus.CANCELED
        assert await venue.orders_at_venue() == 1


@venues_that_play(Fault.DUPLICATE_EVENTS)
async def test_repeated_events_are_one_fill_and_one_position(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        await venue.inject(Fault.DUPLICATE_EVENTS)
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 2))
        await venue.settle()
        told = {report.exec_id: report.last_qty for report in venue.journal.executions()}
        assert sum(told.values()) == await position(venue) == 2
        assert (await found(venue, A)).ord_status is OrdStatus.FILLED
        assert await venue.orders_at_venue() == 1


@venues_that_play(Fault.FILL_FIRST)
async def test_fill_that_overtakes_its_acknowledgement_is_told_once(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        await venue.inject(Fault.FILL_FIRST)
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 2))
        await venue.settle()
        assert sum(qty for qty, _ in venue.journal.fills(A)) == await position(venue) == 2
        assert (await found(venue, A)).ord_status is OrdStatus.FILLED


@venues_that_play(Fault.LATE_REJECT)
async def test_rejection_after_the_acknowledgement_ends_the_order(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        await venue.inject(Fault.LATE_REJECT)
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.LIMIT, 1, limit="6320"))
        await venue.settle()
        assert venue.journal.states(A)[-1] is OrdStatus.REJECTED
        assert venue.journal.last(A).text
        assert await venue.broker.open_orders(venue.account_id) == ()
        assert await position(venue) == 0


@venues_that_play(Fault.THROTTLED)
async def test_order_sent_into_a_limit_stands_once_or_not_at_all(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        await venue.inject(Fault.THROTTLED)
        outcome = await attempt(venue, venue.order("A", Side.BUY, OrdType.LIMIT, 1, limit="6320"))
        await venue.heal()
        await venue.link_is_back()
        orders = await venue.orders_at_venue()
        report = await venue.broker.find_order(venue.account_id, A)
        assert orders == (0 if report is None else 1)
        assert outcome != "refused" or orders == 0


@venues_that_play(Fault.NO_ANSWER)
async def test_silence_is_no_answer_and_never_an_empty_list(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        await venue.inject(Fault.NO_ANSWER)
        await attempt(venue, venue.order("A", Side.BUY, OrdType.LIMIT, 1, limit="6320"))
        with pytest.raises(BrokerUnreachable):
            await venue.broker.open_orders(venue.account_id)
        with pytest.raises(BrokerUnreachable):
            await venue.broker.find_order(venue.account_id, A)
        await venue.heal()
        await venue.link_is_back()
        report = await venue.broker.find_order(venue.account_id, A)
        orders = await venue.orders_at_venue()
        assert orders == (0 if report is None else 1)


@venues_that_play(Fault.SERVER_ERROR)
async def test_failing_read_is_tried_again_or_told_and_a_failing_order_is_never_sent_again(
    venue_type: type[Venue],
) -> None:
    async with opened(venue_type) as venue:
        await venue.inject(Fault.SERVER_ERROR)
        with suppress(BrokerUnreachable):
            assert await venue.broker.open_orders(venue.account_id) == ()
        await venue.heal()
        await venue.broker.positions(venue.account_id)
        await venue.broker.place(venue.order("KNOWN", Side.BUY, OrdType.LIMIT, 1, limit="6310"))
        await venue.settle()
        await venue.inject(Fault.SERVER_ERROR)
        assert await attempt(venue, venue.order("A", Side.BUY, OrdType.LIMIT, 1, limit="6320")) == "unknown"
        await venue.heal()
        await venue.settle()
        assert await venue.broker.find_order(venue.account_id, A) is None
        assert await venue.client_ids_there() == ["KNOWN"]


@venues_that_play(Fault.GARBAGE)
async def test_meaningless_frames_are_passed_over(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        await venue.inject(Fault.GARBAGE)
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 1))
        await venue.settle()
        assert sum(qty for qty, _ in venue.journal.fills(A)) == await position(venue) == 1
        assert venue.journal.links[-1][0] is LinkState.UP


@pytest.mark.parametrize("fault", [Fault.CLOCK_BEHIND, Fault.CLOCK_AHEAD])
@venues_that_play(Fault.CLOCK_BEHIND)
async def test_fill_is_found_by_our_time_although_the_venues_clock_is_off(
    venue_type: type[Venue], fault: Fault
) -> None:
    async with opened(venue_type) as venue:
        await venue.inject(fault)
        order = venue.order("A", Side.BUY, OrdType.MARKET, 1)
        await venue.broker.place(order)
        await venue.settle()
        since = order.created_at - timedelta(seconds=2)
        found_there = await venue.broker.executions(venue.account_id, since)
        assert [report.cl_ord_id for report in found_there] == [A]
        assert abs(found_there[0].at - order.created_at) < timedelta(minutes=1), "dated by our clock"
        assert await position(venue) == 1


@venues_that_play(Fault.HALF_OPEN)
async def test_link_that_carries_nothing_is_told_down_and_comes_back(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.LIMIT, 1, limit="6320"))
        await venue.settle()
        await venue.inject(Fault.HALF_OPEN)
        await venue.link_is_told_down()
        assert venue.journal.links[-1][1]
        await venue.heal()
        await venue.link_is_back()
        assert [report.cl_ord_id for report in await venue.broker.open_orders(venue.account_id)] == [A]


@venues_that_play(Fault.DUPLICATE_EVENTS)
async def test_flattening_among_repeated_events_ends_flat(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        await venue.inject(Fault.DUPLICATE_EVENTS)
        await open_bracket(venue)
        await flatten(venue)
        await venue.settle()
        assert await position(venue) == 0
        assert await venue.broker.open_orders(venue.account_id) == ()
        assert await venue.orders_at_venue() == orders_of_a_flattening(venue)


DURING = (
    Fault.DUPLICATE_EVENTS, Fault.FILL_FIRST, Fault.GARBAGE, Fault.CLOCK_BEHIND, Fault.SESSION_ENDS, Fault.THROTTLED,
    Fault.NO_ANSWER, Fault.HALF_OPEN,
)  # fmt: skip


@pytest.mark.parametrize(
    ("venue_type", "fault"),
    [
        pytest.param(VENUES[name], fault, id=f"{name}-{fault.name}")
        for name in sorted(VENUES)
        for fault in DURING
        if fault not in VENUES[name].left_out
    ],
)
async def test_flattening_during_a_fault_ends_flat_and_never_turns_the_position(
    venue_type: type[Venue], fault: Fault
) -> None:
    async with opened(venue_type) as venue:
        await open_bracket(venue)
        await venue.inject(fault)
        with suppress(BrokerUnreachable, BrokerRejected):  # the kill switch goes on; here the fault passes first
            await flatten(venue)
        await venue.heal()
        await venue.link_is_back()
        await venue.price("6326.00", "6326.25", last="6326.25")
        left = await position(venue)
        assert left in (0, 2), "closed once or not at all"
        for report in await venue.broker.open_orders(venue.account_id):
            assert report.cl_ord_id is not None
            await venue.broker.cancel(venue.account_id, report.cl_ord_id)
        await venue.settle()
        if left:
            await venue.broker.place(venue.order("LAST", Side.SELL, OrdType.MARKET, left, role=OrderRole.CLOSE))
            await venue.settle()
        assert await position(venue) == 0
        assert await venue.broker.open_orders(venue.account_id) == ()


@every_venue()
async def test_flattening_over_a_broken_link_never_turns_the_position(venue_type: type[Venue]) -> None:
    async with opened(venue_type) as venue:
        await open_bracket(venue)
        await venue.lose_link_before_acceptance(lambda: close_in_place_of_the_stop(venue, stop_qty(venue)))
        await venue.reconnect()
        await venue.price("6326.00", "6326.25", last="6326.25")
        await venue.settle()
        stop = await found(venue, STOP)
        left = await position(venue)
        assert left in (2 - stop_qty(venue), 2)
        if venue.broker.capabilities.amend_ord_type:
            assert (stop.ord_status in OVER) == (left < 2)
        if stop.ord_status not in OVER:
            assert stop.order_qty - stop.cum_qty == stop_qty(venue), "the position keeps the stop that it had"
