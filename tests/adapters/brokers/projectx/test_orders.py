"""Orders at TopstepX on real sockets: what is certain, what nobody knows, and what is never sent again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.contract.cases import attempt, position
from tests.contract.projectx_venue import QUICK, ProjectXVenue
from tests.servers.projectx.orders import PENDING_CANCEL, SUSPENDED
from tests.support import eventually
from tradestream_gui.adapters.brokers.projectx import Timing
from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable
from tradestream_gui.domain.futures import ContractMonth
from tradestream_gui.domain.ids import ClOrdId
from tradestream_gui.domain.orders import Order, OrderRole, OrdStatus, OrdType, Side, TimeInForce
from tradestream_gui.ports.broker import LinkState

D = Decimal
A = ClOrdId("A")


@asynccontextmanager
async def opened(timing: Timing = QUICK) -> AsyncIterator[ProjectXVenue]:
    venue = ProjectXVenue(timing=timing)
    try:
        await venue.start()
        await venue.price("6326.00", "6326.25", last="6326.25")
        yield venue
    finally:
        await venue.stop()


def limit(venue: ProjectXVenue, price: str = "6320", qty: int = 2, name: str = "A") -> Order:
    return venue.order(name, Side.BUY, OrdType.LIMIT, qty, limit=price)


async def amend(venue: ProjectXVenue, qty: int | None, price: str) -> None:
    await venue.broker.replace(
        venue.account_id, A, order_qty=qty, limit_price=D(price), stop_price=None, ord_type=OrdType.LIMIT
    )


async def test_order_carries_our_id_as_its_tag_and_the_contract_of_the_exchanges_name() -> None:
    async with opened() as venue:
        await venue.broker.place(limit(venue))
        there = venue.server.order_of("A")
        assert (there.contract.id, there.side, there.size, there.limit) == ("CON.F.US.EP.Z26", 0, 2, D("6320"))


@pytest.mark.parametrize("wrapped", [False, True], ids=["bare", "wrapped"])
async def test_events_are_understood_bare_and_wrapped(*, wrapped: bool) -> None:
    async with opened() as venue:
        venue.server.faults.wrapped = wrapped
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 2))
        await eventually(lambda: venue.journal.states(A)[-1] is OrdStatus.FILLED)
        assert venue.journal.fills(A) == [(2, D("6326.25"))]
        assert [report.commission for report in venue.journal.executions()] == [D("2.8")]


async def test_placing_without_an_answer_is_unknown_sent_once_and_found_by_its_tag() -> None:
    async with opened() as venue:
        await venue.broker.place(limit(venue, name="FIRST"))
        venue.server.faults.mute = True
        assert await attempt(venue, limit(venue)) == "unknown"
        venue.server.faults.mute = False
        report = await venue.broker.find_order(venue.account_id, A)
        assert report is not None
        assert report.ord_status is OrdStatus.NEW
        assert venue.server.rest.requests.count("Order/place") == 2, "each of both once"


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_broken_answer_to_a_placing_is_unknown_and_its_order_is_told_by_the_hub(status: int) -> None:
    async with opened() as venue:
        venue.server.faults.http_status_after = status
        assert await attempt(venue, limit(venue)) == "unknown"
        await eventually(lambda: venue.journal.states(A)[-1:] == [OrdStatus.NEW])
        assert venue.server.rest.requests.count("Order/place") == 1


async def test_placing_that_the_gateway_never_took_is_certainly_unknown_there() -> None:
    async with opened() as venue:
        await venue.broker.place(limit(venue, name="FIRST"))
        venue.server.http_status_next(503)
        assert await attempt(venue, limit(venue)) == "unknown"
        assert await venue.broker.find_order(venue.account_id, A) is None


async def test_placing_in_flight_is_neither_there_nor_not_there() -> None:
    async with opened(replace(QUICK, answer_s=2.0)) as venue:
        await venue.broker.place(limit(venue, name="FIRST"))
        venue.server.freeze()
        placing = asyncio.create_task(venue.broker.place(limit(venue)))
        await asyncio.sleep(0.1)
        venue.server.faults.frozen = False
        venue.server.faults.mute = True
        with pytest.raises(BrokerUnreachable):
            await venue.broker.find_order(venue.account_id, A)
        venue.server.faults.mute = False
        await venue.server.heal()
        with suppress(BrokerUnreachable):
            await placing
        assert await venue.broker.find_order(venue.account_id, A) is not None
        assert venue.server.rest.requests.count("Order/place") == 2


async def test_expired_session_refuses_a_placing_for_certain_and_the_next_one_goes() -> None:
    async with opened() as venue:
        await venue.broker.place(limit(venue, name="FIRST"))
        venue.server.expire_tokens()
        assert await attempt(venue, limit(venue)) == "refused"
        assert venue.server.orders_taken() == 1
        assert await attempt(venue, limit(venue, name="B")) == "handed over"


async def test_expired_session_does_not_keep_a_cancel_from_getting_through() -> None:
    async with opened() as venue:
        await venue.broker.place(limit(venue))
        venue.server.expire_tokens()
        await venue.broker.cancel(venue.account_id, A)
        await eventually(lambda: venue.journal.last(A).ord_status is OrdStatus.CANCELED)


@pytest.mark.parametrize(
    ("code", "outcome"), [(2, "refused"), (4, "refused"), (5, "refused"), (6, "unknown"), (7, "unknown")]
)
async def test_error_codes_are_refusals_only_where_they_are_certain(code: int, outcome: str) -> None:
    async with opened() as venue:
        venue.server.reject_next(code)
        assert await attempt(venue, limit(venue)) == outcome


async def test_refusal_says_the_gateways_words() -> None:
    async with opened() as venue:
        venue.server.reject_next(5, "Outside of trading hours.")
        with pytest.raises(BrokerRejected, match=r"Outside of trading hours\. \(code 5\)"):
            await venue.broker.place(limit(venue))


async def test_used_tag_is_refused_by_the_gateway_too() -> None:
    async with opened() as venue:
        await venue.broker.place(limit(venue))
        order = venue.server.order_of("A")
        order.created = order.created.replace(year=2024)
        await venue.broker.cancel(venue.account_id, A)
        await venue.settle()
        await venue.reconnect()
        with pytest.raises(BrokerRejected, match="already in use"):
            await venue.broker.place(limit(venue))
        assert venue.server.orders_taken() == 1


async def test_month_that_is_not_traded_any_more_is_refused_with_what_to_do() -> None:
    async with opened() as venue:
        await venue.broker.place(limit(venue))
        venue.server.roll("ESZ6")
        with pytest.raises(BrokerRejected, match="next month"):
            await venue.broker.place(limit(venue, name="B"))


@pytest.mark.parametrize(
    ("ord_type", "tif"), [(OrdType.STOP_LIMIT, TimeInForce.DAY), (OrdType.TRAILING_STOP, TimeInForce.DAY),
                          (OrdType.LIMIT, TimeInForce.IOC)],
)  # fmt: skip
async def test_what_the_gateway_does_not_document_is_not_sent(ord_type: OrdType, tif: TimeInForce) -> None:
    async with opened() as venue:
        with pytest.raises(BrokerRejected):
            await venue.broker.place(venue.order("A", Side.BUY, ord_type, 1, limit="6320", stop="6321", tif=tif))
        assert "Order/place" not in venue.server.rest.requests


async def test_type_of_a_working_order_cannot_be_changed() -> None:
    async with opened() as venue:
        await venue.broker.place(limit(venue))
        assert not venue.broker.capabilities.amend_ord_type
        with pytest.raises(BrokerRejected, match="cancel it and send another one"):
            await venue.broker.replace(
                venue.account_id, A, order_qty=2, limit_price=None, stop_price=None, ord_type=OrdType.MARKET
            )


async def test_change_is_told_with_its_new_terms_and_a_quantity_is_kept_where_none_is_given() -> None:
    async with opened() as venue:
        await venue.broker.place(limit(venue))
        await amend(venue, 3, "6321")
        await eventually(lambda: (venue.journal.last(A).order_qty, venue.journal.last(A).limit_price) == (3, 6321))
        await amend(venue, None, "6322.5")
        await eventually(lambda: venue.journal.last(A).limit_price == D("6322.5"))
        assert venue.server.order_of("A").size == 3


async def test_refused_change_says_why_and_the_order_stays() -> None:
    async with opened() as venue:
        await venue.broker.place(limit(venue))
        venue.server.reject_next(3, "Not now.")
        with pytest.raises(BrokerRejected, match="Not now"):
            await amend(venue, 2, "6321")
        assert (await venue.broker.open_orders(venue.account_id))[0].limit_price == 6320


@pytest.mark.parametrize("lost", ["silent_orders", "silent_trades"])
async def test_event_that_never_came_is_read_from_the_lists(lost: str) -> None:
    async with opened() as venue:
        await venue.broker.place(limit(venue, "6326.25"))
        setattr(venue.server.faults, lost, True)
        await venue.broker.place(venue.order("B", Side.BUY, OrdType.MARKET, 1))
        await eventually(lambda: sum(qty for qty, _ in venue.journal.fills("B")) == 1)
        if lost == "silent_orders":
            await venue.broker.find_order(venue.account_id, ClOrdId("B"))
        await eventually(lambda: venue.journal.states("B")[-1] is OrdStatus.FILLED)


async def test_cancel_whose_event_never_came_is_confirmed_by_the_lists() -> None:
    async with opened() as venue:
        await venue.broker.place(limit(venue))
        await venue.settle()
        venue.server.faults.silent_orders = True
        await venue.broker.cancel(venue.account_id, A)
        await eventually(lambda: venue.journal.last(A).ord_status is OrdStatus.CANCELED)


async def test_record_that_cannot_be_read_loses_nothing() -> None:
    async with opened() as venue:
        await venue.broker.place(limit(venue, name="FIRST"))
        venue.server.faults.mute = True
        placing = asyncio.create_task(attempt(venue, limit(venue, "6326.25", 1)))
        await eventually(lambda: venue.server.exchange.trades)
        venue.server.faults.mute = False
        venue.server.garbage('{"type":1,"target":"GatewayUser\x1e')
        assert await placing in ("unknown", "handed over")
        await eventually(lambda: venue.journal.fills(A) == [(1, D("6326.25"))])


@pytest.mark.parametrize("status", [SUSPENDED, PENDING_CANCEL, 99])
async def test_rare_statuses_leave_an_order_working(status: int) -> None:
    async with opened() as venue:
        await venue.broker.place(limit(venue))
        order = venue.server.order_of("A")
        order.status = status
        venue.server.order_changed(order)
        await venue.settle()
        assert [one.cl_ord_id for one in await venue.broker.open_orders(venue.account_id)] == [A]


async def test_trade_that_the_exchange_voids_is_taken_back_once() -> None:
    async with opened() as venue:
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 2))
        await venue.settle()
        venue.server.faults.events_twice = True
        venue.server.void_trade(venue.server.exchange.trades[0])
        await venue.settle()
        told = venue.journal.executions()
        assert [(one.side, one.last_qty, one.text) for one in told] == [(Side.BUY, 2, ""), (Side.SELL, 2, "voided")]
        assert sum(one.commission for one in told) == 0
        assert await position(venue) == 0
        since = told[0].at
        assert len(await venue.broker.executions(venue.account_id, since)) == 2, "a restart finds the same"


async def test_venues_own_brackets_are_seen_as_orders_that_are_not_ours() -> None:
    async with opened() as venue:
        venue.server.account.position_brackets = (40, 20)
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 1))
        await venue.settle()
        working = await venue.broker.open_orders(venue.account_id)
        assert [one.cl_ord_id for one in working] == [None, None]
        assert sorted(one.ord_type.value for one in working) == ["LIMIT", "STOP"]
        assert "Position Brackets" in venue.journal.links[-1][1], "and the user is told"


async def test_exits_find_room_when_the_requests_of_a_minute_are_used_up() -> None:
    venue = ProjectXVenue()
    try:
        await venue.serve()
        await venue.build(venue.server.port, pace=30).connect(venue.journal)
        venue.server.price("ESZ6", "6326.00", "6326.25", "6326.25")
        outcomes = [await attempt(venue, limit(venue, name=f"E{number}", qty=1)) for number in range(25)]
        assert outcomes[0] == "handed over"
        assert outcomes[-1] == "refused", "nothing was sent, and it says so"
        stop = venue.order("STOP", Side.SELL, OrdType.STOP, 1, stop="6316", role=OrderRole.STOP)
        assert await attempt(venue, stop) == "handed over"
        await venue.broker.cancel(venue.account_id, ClOrdId("E0"))
        assert venue.server.orders_taken() == outcomes.count("handed over") + 1
    finally:
        await venue.stop()


async def test_limit_of_the_gateway_is_waited_out_by_reads_and_cancels() -> None:
    async with opened() as venue:
        await venue.broker.place(limit(venue))
        venue.server.http_status_next(429)
        assert len(await venue.broker.open_orders(venue.account_id)) == 1
        venue.server.http_status_next(429)
        await venue.broker.cancel(venue.account_id, A)
        await eventually(lambda: venue.journal.last(A).ord_status is OrdStatus.CANCELED)


async def test_order_that_rested_for_weeks_and_filled_meanwhile_is_found_with_its_fill() -> None:
    async with opened() as venue:
        await venue.broker.place(limit(venue, qty=1))
        venue.server.order_of("A").created -= timedelta(days=30)
        await venue.leave()
        venue.server.fill(venue.server.order_of("A").id, 1, "6320")
        await venue.start()
        report = await venue.broker.find_order(venue.account_id, A)
        assert report is not None
        assert report.ord_status is OrdStatus.FILLED
        told = await venue.broker.executions(venue.account_id, venue.clock.now() - timedelta(days=1))
        assert [one.cl_ord_id for one in told] == ["A"]


async def test_order_that_was_seen_and_is_listed_no_more_is_not_unknown() -> None:
    async with opened() as venue:
        await venue.broker.place(limit(venue))
        await venue.settle()
        venue.server.exchange.orders.clear()
        with pytest.raises(BrokerUnreachable, match="lists it no more"):
            await venue.broker.find_order(venue.account_id, A)


async def test_missing_list_is_no_empty_list() -> None:
    async with opened() as venue:
        accounts = venue.server.exchange.accounts
        accounts.clear()
        with pytest.raises(BrokerUnreachable):
            await venue.broker.open_orders(venue.account_id)
        with pytest.raises(BrokerUnreachable):
            await venue.broker.positions(venue.account_id)
        accounts[venue.server.account.id] = venue.server.account
        assert venue.journal.links[-1][0] is LinkState.UP


async def test_months_that_trade_there_are_those_of_the_very_root() -> None:
    async with opened() as venue:
        assert await venue.contracts.future_months("ES", "CME") == (ContractMonth(2026, 12), ContractMonth(2027, 3))
        venue.server.roll("ESZ6")
        assert await venue.contracts.future_months("ES", "CME") == (ContractMonth(2027, 3),)
        assert await venue.contracts.option_series("QQQ", is_index=False) == ()
