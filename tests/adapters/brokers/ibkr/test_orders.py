"""Kinds of orders at TWS: brackets, linked groups, trails, options, and what stands on the wire for each."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.adapters.brokers.paper.rig import CALL_ID, INSTRUMENTS
from tests.contract.ibkr_venue import IbkrVenue
from tests.trading.stage import reference_data
from tradestream_gui.domain.errors import BrokerRejected
from tradestream_gui.domain.futures import ContractMonth
from tradestream_gui.domain.ids import ClOrdId, InstrumentId
from tradestream_gui.domain.orders import OrderRole, OrdStatus, OrdType, Side, TimeInForce

A, STOP, TARGET = ClOrdId("A"), ClOrdId("STOP"), ClOrdId("TARGET")


@asynccontextmanager
async def opened() -> AsyncIterator[IbkrVenue]:
    venue = IbkrVenue()
    try:
        await venue.start()
        await venue.price("6326.00", "6326.25", last="6326.25")
        yield venue
    finally:
        await venue.stop()


def _legs(venue: IbkrVenue) -> tuple[object, object]:
    return (
        venue.order("STOP", Side.SELL, OrdType.STOP, 2, stop="6316", role=OrderRole.STOP, group="G"),
        venue.order("TARGET", Side.SELL, OrdType.LIMIT, 2, limit="6333", role=OrderRole.TARGET, group="G"),
    )


async def test_bracket_works_as_a_whole_or_not_at_all() -> None:
    async with opened() as venue:
        await venue.contracts.details(INSTRUMENTS[InstrumentId("ESZ6")])
        venue.server.faults.frozen = True
        entry = venue.order("A", Side.BUY, OrdType.LIMIT, 2, limit="6320")
        await venue.broker.place_bracket(entry, _legs(venue))
        venue.server.thaw()
        await venue.settle()
        assert [venue.server.order_of(name).terms.transmit for name in ("A", "STOP", "TARGET")] == [False, False, True]
        assert venue.server.order_of("A").status == "Submitted"
        assert venue.server.order_of("STOP").why_held == "child"
        venue.server.price("ESZ6", "6319.75", "6320.00", "6320.00")
        await venue.settle()
        assert venue.server.order_of("STOP").why_held == ""
        assert venue.journal.last(A).ord_status is OrdStatus.FILLED
        await venue.price("6333.00", "6333.25", last="6333.00")
        assert venue.journal.last(TARGET).ord_status is OrdStatus.FILLED
        assert venue.journal.last(STOP).ord_status is OrdStatus.CANCELED
        assert await venue.broker.positions(venue.account_id) == ()


async def test_half_a_bracket_never_reaches_the_market() -> None:
    async with opened() as venue:
        venue.server.reject_next(201, "first leg")
        entry = venue.order("A", Side.BUY, OrdType.MARKET, 2)
        await venue.broker.place_bracket(entry, _legs(venue)[:1])
        await venue.settle()
        assert await venue.broker.positions(venue.account_id) == ()


async def test_entry_that_is_cancelled_takes_its_sleeping_exits_along() -> None:
    async with opened() as venue:
        await venue.broker.place_bracket(venue.order("A", Side.BUY, OrdType.LIMIT, 2, limit="6320"), _legs(venue))
        await venue.settle()
        await venue.broker.cancel(venue.account_id, A)
        await venue.settle()
        assert await venue.broker.open_orders(venue.account_id) == ()


async def test_linked_orders_reduce_one_another() -> None:
    async with opened() as venue:
        for name, limit in (("A", "6320"), ("B", "6318")):
            await venue.broker.place(venue.order(name, Side.BUY, OrdType.LIMIT, 3, limit=limit, group="ENTRIES"))
        await venue.settle()
        venue.server.price("ESZ6", "6319.75", "6320.00", "6320.00", size=2)
        await venue.settle()
        assert venue.server.order_of("A").terms.oca_type == 2
        assert venue.journal.last("B").order_qty == 1


async def test_group_survives_an_amendment_after_a_restart_of_ours() -> None:
    async with opened() as venue:
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.LIMIT, 3, limit="6320", group="ENTRIES"))
        await venue.settle()
        await venue.reconnect()
        await venue.broker.replace(
            venue.account_id, A, order_qty=3, limit_price=Decimal(6321), stop_price=None, ord_type=OrdType.LIMIT
        )
        await venue.settle()
        terms = venue.server.order_of("A").terms
        assert (terms.lmt, terms.oca_group, terms.tif) == (Decimal(6321), "ENTRIES", "GTC")


async def test_trailing_stop_is_told_where_it_stands() -> None:
    async with opened() as venue:
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 1))
        await venue.broker.place(
            venue.order("STOP", Side.SELL, OrdType.TRAILING_STOP, 1, trail="10", role=OrderRole.STOP)
        )
        await venue.settle()
        await venue.price("6340.00", "6340.25", last="6340.00")
        assert venue.journal.last(STOP).stop_price == Decimal(6330)
        await venue.price("6329.75", "6330.00", last="6330.00")
        assert venue.journal.last(STOP).ord_status is OrdStatus.FILLED


async def test_stop_of_a_future_is_awake_at_night_and_that_of_an_option_is_not() -> None:
    async with opened() as venue:
        venue.server.price(CALL_ID, "4.90", "5.00", "5.00")
        await venue.broker.place(venue.order("A", Side.SELL, OrdType.STOP, 1, stop="6316", role=OrderRole.STOP))
        await venue.broker.place(
            venue.order("B", Side.SELL, OrdType.STOP, 1, stop="2.00", role=OrderRole.STOP, instrument_id=CALL_ID)
        )
        await venue.settle()
        assert venue.server.order_of("A").terms.outside_rth
        assert not venue.server.order_of("B").terms.outside_rth


async def test_option_is_bought_to_open_and_sold_to_close() -> None:
    async with opened() as venue:
        venue.server.price(CALL_ID, "4.90", "5.00", "5.00")
        await venue.broker.place(
            venue.order("A", Side.BUY, OrdType.LIMIT, 2, limit="5.00", instrument_id=CALL_ID, tif=TimeInForce.DAY)
        )
        await venue.settle()
        (held,) = await venue.broker.positions(venue.account_id)
        assert (held.instrument_id, held.signed_qty, held.avg_px) == (CALL_ID, 2, Decimal(5))
        venue.server.price(CALL_ID, "6.00", "6.10", "6.00")
        await venue.broker.place(
            venue.order("B", Side.SELL, OrdType.LIMIT, 2, limit="5.90", instrument_id=CALL_ID, role=OrderRole.CLOSE)
        )
        await venue.settle()
        assert await venue.broker.positions(venue.account_id) == ()
        balance = await venue.broker.balance(venue.account_id)
        assert balance.cash == Decimal(50_000) + 200 - Decimal("2.25") * 4


async def test_share_is_bought() -> None:
    async with opened() as venue:
        venue.server.price("QQQ", "499.99", "500.00", "500.00", size=100)
        await venue.broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 10, instrument_id="QQQ"))
        await venue.settle()
        (held,) = await venue.broker.positions(venue.account_id)
        assert (held.instrument_id, held.signed_qty) == ("QQQ", 10)


async def test_entry_with_an_end_ends_at_the_broker_without_us() -> None:
    async with opened() as venue:
        order = venue.order("A", Side.BUY, OrdType.LIMIT, 1, limit="6320", tif=TimeInForce.DAY)
        await venue.broker.place(replace(order, expire_at=venue.clock.now() + timedelta(seconds=60)))
        await venue.settle()
        assert venue.server.order_of("A").terms.tif == "GTD"
        venue.server.set_clock(timedelta(seconds=61))
        await venue.settle()
        assert venue.journal.last(A).ord_status is OrdStatus.CANCELED


async def test_contract_of_another_size_is_refused_before_anything_is_sent() -> None:
    async with opened() as venue:
        other = replace(INSTRUMENTS[InstrumentId("ESZ6")], point_value=Decimal(5))
        venue.known = {**INSTRUMENTS, other.instrument_id: other}
        await venue.reconnect()
        with pytest.raises(BrokerRejected, match=r"CONTRACT_MISMATCH: one point of ESZ6 is worth \$50"):
            await venue.broker.place(venue.order("A", Side.BUY, OrdType.MARKET, 1))
        assert venue.server.orders_taken() == 0


async def test_contract_that_tws_does_not_list_is_refused() -> None:
    async with opened() as venue:
        with pytest.raises(BrokerRejected, match="CONTRACT_UNKNOWN"):
            await venue.broker.place(
                venue.order("A", Side.BUY, OrdType.MARKET, 1, instrument_id="SPXW  261120C06300000")
            )


async def test_future_with_another_symbol_there_is_found_by_its_local_name() -> None:
    async with opened() as venue:
        silver = reference_data().instrument(InstrumentId("SILZ6"))
        assert silver is not None
        details = await venue.contracts.details(silver)
        assert (details.contract.symbol, details.contract.local_symbol) == ("SI", "SILZ6")


async def test_chain_and_months_are_looked_up() -> None:
    async with opened() as venue:
        assert (await venue.contracts.future_months("ES", "CME"))[0] == ContractMonth(2026, 12)
        assert (await venue.contracts.future_months("SIL", "COMEX"))[0] == ContractMonth(2026, 12)
        (chain,) = await venue.contracts.option_series("QQQ", is_index=False)
        assert (chain.osi_root, chain.expiries[0]) == ("QQQ", date(2026, 11, 20))
        assert Decimal(500) in chain.strikes
        both = await venue.contracts.option_series("SPX", is_index=True)
        assert [series.osi_root for series in both] == ["SPX", "SPXW"], "an option of another size is left out"
        with pytest.raises(BrokerRejected, match="TWS does not know NVDA"):
            await venue.contracts.option_series("NVDA", is_index=False)
