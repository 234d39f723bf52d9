"""The measured hazards of TWS and its client library, each met on a real socket and survived."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.contract.ibkr_venue import QUICK, IbkrVenue
from tests.support import eventually
from tradestream_gui.adapters.brokers.ibkr import Timing
from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable
from tradestream_gui.domain.ids import ClOrdId
from tradestream_gui.domain.orders import OrderRole, OrdStatus, OrdType, Side
from tradestream_gui.ports.broker import LinkState

A, STOP = ClOrdId("A"), ClOrdId("STOP")


@asynccontextmanager
async def opened(timing: Timing = QUICK) -> AsyncIterator[IbkrVenue]:
    venue = IbkrVenue(timing=timing)
    try:
        await venue.start()
        await venue.price("6326.00", "6326.25", last="6326.25")
        yield venue
    finally:
        await venue.stop()


async def _limit(venue: IbkrVenue, price: str = "6320", qty: int = 2) -> None:
    await venue.broker.place(venue.order("A", Side.BUY, OrdType.LIMIT, qty, limit=price))
    await venue.settle()


async def _amend(venue: IbkrVenue, cl_ord_id: ClOrdId, qty: int, limit: str | None, stop: str | None) -> None:
    await venue.broker.replace(
        venue.account_id,
        cl_ord_id,
        order_qty=qty,
        limit_price=Decimal(limit) if limit else None,
        stop_price=Decimal(stop) if stop else None,
        ord_type=OrdType.LIMIT if limit else OrdType.STOP,
    )


@pytest.mark.parametrize("code", [110, 201, 321])
async def test_refused_amendment_of_a_live_order_does_not_count_as_its_cancel(code: int) -> None:
    async with opened() as venue:
        await _limit(venue)
        venue.server.reject_next(code, "not like this")
        await _amend(venue, A, 2, "6321", None)
        await venue.settle()
        last = venue.journal.last(A)
        assert (last.ord_status, last.limit_price) == (OrdStatus.NEW, Decimal(6320))
        assert "not like this" in last.text
        await _amend(venue, A, 2, "6322", None)
        await venue.settle()
        assert venue.journal.last(A).limit_price == Decimal(6322)


@pytest.mark.parametrize("code", [110, 200, 201, 321, 434])
async def test_refused_new_order_does_not_stay_pending_for_ever(code: int) -> None:
    async with opened() as venue:
        venue.server.reject_next(code, "never so")
        await _limit(venue)
        assert venue.journal.states(A) == [OrdStatus.REJECTED]
        assert f"never so (code {code})" in venue.journal.last(A).text


async def test_amendment_of_a_sleeping_stop_is_acknowledged() -> None:
    async with opened() as venue:
        await venue.broker.place(venue.order("STOP", Side.SELL, OrdType.STOP, 1, stop="6316", role=OrderRole.STOP))
        await venue.settle()
        assert venue.server.order_of("STOP").status == "PreSubmitted"
        await _amend(venue, STOP, 1, None, "6318")
        await venue.settle()
        assert venue.journal.last(STOP).stop_price == Decimal(6318)


async def test_amendment_to_the_same_terms_is_answered_too() -> None:
    async with opened() as venue:
        await _limit(venue)
        heard = len(venue.journal.states(A))
        await _amend(venue, A, 2, "6320", None)
        await venue.settle()
        assert len(venue.journal.states(A)) > heard


async def test_client_id_in_use_is_told_at_once_and_in_words() -> None:
    async with opened() as venue:
        other = IbkrVenue()
        other.server = venue.server
        broker = other.build(venue.server.port)
        with pytest.raises(BrokerUnreachable, match="client id 7: another program uses it"):
            await asyncio.wait_for(broker.connect(other.journal), 0.5)
        assert other.journal.links[-1][0] is LinkState.DOWN
        await other.tasks.close()


async def test_log_in_refused_in_silence_is_told_at_once_and_in_words() -> None:
    venue = IbkrVenue()
    try:
        venue.server.faults.login = "silent"
        with pytest.raises(BrokerUnreachable, match="hung up during the log-in"):
            await asyncio.wait_for(venue.start(), 0.5)
    finally:
        await venue.stop()


@pytest.mark.parametrize("set_up_as", [AccountKind.LIVE, AccountKind.FUNDED])
async def test_account_that_is_not_what_it_was_set_up_as_is_not_used(set_up_as: AccountKind) -> None:
    venue = IbkrVenue()
    try:
        await venue.serve()
        broker = venue.build(venue.server.port, kind=set_up_as)
        with pytest.raises(BrokerUnreachable, match="MODE_MISMATCH"):
            await broker.connect(venue.journal)
        assert venue.journal.links[-1][0] is LinkState.AUTH_FAILED
        with pytest.raises(BrokerUnreachable):
            await broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 1))
        assert venue.server.orders_taken() == 0
    finally:
        await venue.stop()


async def test_orders_are_still_known_after_a_loss_that_the_library_forgets_everything_in() -> None:
    async with opened() as venue:
        await _limit(venue)
        venue.server.drop()
        await venue.link_is_told_down()
        with pytest.raises(BrokerUnreachable):
            await venue.broker.find_order(venue.account_id, A)
        await venue.link_is_back()
        await venue.broker.cancel(venue.account_id, A)
        await venue.settle()
        assert venue.journal.last(A).ord_status is OrdStatus.CANCELED


async def test_fill_during_a_loss_is_no_news_before_the_books_are_compared() -> None:
    async with opened() as venue:
        await _limit(venue)
        venue.server.drop()
        await venue.link_is_told_down()
        heard = len(venue.journal.heard)
        venue.server.price("ESZ6", "6319.75", "6320.00", "6320.00")
        await venue.link_is_back()
        assert not [one for one in venue.journal.heard[heard:] if getattr(one, "cl_ord_id", None) == A]
        told = await venue.broker.executions(venue.account_id, venue.clock.now() - timedelta(minutes=1))
        assert [(one.cl_ord_id, one.last_qty) for one in told] == [(A, 2)]


async def test_fill_without_its_fees_is_told_before_its_stop_is_late() -> None:
    async with opened() as venue:
        venue.server.faults.no_fees = True
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 1))
        await eventually(lambda: venue.journal.fills(A))
        await venue.settle()
        assert venue.journal.last(A).ord_status is OrdStatus.FILLED
        assert venue.journal.executions()[0].commission == 0


async def test_fees_of_a_fill_are_told_with_it() -> None:
    async with opened() as venue:
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 2))
        await venue.settle()
        assert [one.commission for one in venue.journal.executions()] == [Decimal("4.50")]


async def test_fees_that_come_before_their_fill_are_told_with_it_all_the_same() -> None:
    async with opened() as venue:
        venue.server.faults.events_backwards = True
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 2))
        await venue.settle()
        assert [one.commission for one in venue.journal.executions()] == [Decimal("4.50")]


async def test_corrected_execution_is_not_a_second_fill() -> None:
    async with opened() as venue:
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 1))
        await venue.settle()
        venue.server.correct("A", 1, "6326.50")
        await venue.settle()
        assert [qty for qty, _ in venue.journal.fills(A)] == [1]


async def test_report_never_runs_ahead_of_its_fills() -> None:
    async with opened() as venue:
        await venue.price("6326.00", "6326.25", last="6326.25", size=2)
        await _limit(venue, "6326.25", 5)
        await venue.broker.cancel(venue.account_id, A)
        await venue.settle()
        about = [one for one in venue.journal.heard if getattr(one, "cl_ord_id", None) == A]
        ended = [getattr(one, "ord_status", None) for one in about].index(OrdStatus.CANCELED)
        assert sum(getattr(one, "last_qty", 0) for one in about[:ended]) == 2


async def test_order_of_another_client_is_shown_and_not_touched() -> None:
    async with opened() as venue:
        await _limit(venue)
        await venue.leave()
        broker = venue.build(venue.server.port, client_id=8)
        await broker.connect(venue.journal)
        assert [one.cl_ord_id for one in await broker.open_orders(venue.account_id)] == [A]
        with pytest.raises(BrokerRejected, match="API client 7"):
            await broker.cancel(venue.account_id, A)


async def test_order_that_tws_holds_inactive_cannot_wake_up_after_it_was_told_rejected() -> None:
    async with opened() as venue:
        venue.server.reject_next_late("No margin for this order")
        await _limit(venue)
        assert venue.journal.last(A).ord_status is OrdStatus.REJECTED
        assert venue.server.order_of("A").status == "Cancelled"
        assert venue.journal.states(A)[-1] is OrdStatus.REJECTED


async def test_read_only_api_is_told_as_the_cause() -> None:
    venue = IbkrVenue()
    try:
        venue.server.faults.read_only = True
        with pytest.raises(BrokerUnreachable, match="currently in Read-Only mode"):
            await venue.start()
        assert "Read-Only" in venue.journal.links[-1][1]
    finally:
        await venue.stop()


async def test_figures_in_another_currency_are_not_shown_as_dollars() -> None:
    async with opened() as venue:
        venue.server.base_currency = "EUR"
        await venue.reconnect()
        with pytest.raises(BrokerUnreachable, match="no US dollar cash"):
            await venue.broker.balance(venue.account_id)


async def test_number_in_use_is_not_given_to_another_order() -> None:
    async with opened() as venue:
        venue.server.faults.stale_ids = True
        for number in range(8):
            await venue.broker.place(venue.order(f"B{number}", Side.BUY, OrdType.LIMIT, 1, limit="6300"))
        await venue.settle()
        await venue.reconnect()
        await _limit(venue)
        prices = [order.terms.lmt for order in venue.server.exchange.working()]
        assert prices == [Decimal(6300)] * 8 + [Decimal(6320)]


async def test_orders_of_another_program_that_share_a_reference_stay_apart() -> None:
    async with opened() as venue:
        other = IbkrVenue()
        other.server = venue.server
        stranger = other.build(venue.server.port, client_id=9)
        await stranger.connect(other.journal)
        for number, limit in enumerate(("6300", "6301")):
            await stranger.place(other.order(f"SAME{number}", Side.BUY, OrdType.LIMIT, 1, limit=limit))
        await other.settle()
        for order in venue.server.exchange.working():
            order.terms = replace(order.terms, order_ref="SAME")
        shown = await venue.broker.open_orders(venue.account_id)
        assert sorted(report.limit_price or 0 for report in shown) == [Decimal(6300), Decimal(6301)]
        await other.leave()


async def test_order_filled_overnight_is_not_called_unknown() -> None:
    async with opened() as venue:
        await _limit(venue)
        await venue.server.stop()
        await venue.link_is_told_down()
        venue.server.price("ESZ6", "6319.75", "6320.00", "6320.00")
        venue.server.exchange.end_day()
        await venue.server.start()
        await venue.link_is_back()
        with pytest.raises(BrokerUnreachable, match="lists it no more"):
            await venue.broker.find_order(venue.account_id, A)


async def test_burst_of_orders_keeps_the_limit_of_messages_and_loses_none() -> None:
    async with opened(Timing()) as venue:
        for number in range(60):
            await venue.broker.place(venue.order(f"B{number}", Side.BUY, OrdType.LIMIT, 1, limit="6300"))
        await eventually(lambda: venue.server.orders_taken() == 60)
        (session,) = venue.server.sessions
        times = session.received_at
        busiest = max(sum(1 for other in times if at <= other < at + 0.95) for at in times)
        assert busiest <= 50


async def test_lost_backend_is_told_and_its_return_takes_everything_up() -> None:
    async with opened() as venue:
        await _limit(venue)
        venue.server.lose_backend()
        await venue.link_is_told_down()
        assert "Orders there stay" in venue.journal.links[-1][1]
        with pytest.raises(BrokerUnreachable):
            await venue.broker.place(venue.order("B", Side.BUY, OrdType.MARKET, 1))
        with pytest.raises(BrokerUnreachable):
            await venue.broker.connect(venue.journal)
        venue.server.restore_backend(data_lost=False)
        await eventually(lambda: venue.journal.links[-1][0] is LinkState.UP)
        assert [one.cl_ord_id for one in await venue.broker.open_orders(venue.account_id)] == [A]
        assert venue.server.orders_taken() == 1


@pytest.mark.qt_loop
async def test_orders_live_on_the_windows_own_loop() -> None:
    async with opened() as venue:
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 1))
        await venue.settle()
        venue.server.drop()
        await venue.link_is_told_down()
        await venue.link_is_back()
        assert venue.journal.last(A).ord_status is OrdStatus.FILLED
