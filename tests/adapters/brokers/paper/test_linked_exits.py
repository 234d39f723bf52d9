"""Linked exits: the stop and its targets never sell more than the position, whatever fills first."""

from tests.adapters.brokers.paper.rig import SIM, D, Rig, rules
from tradestream_gui.domain.ids import ClOrdId
from tradestream_gui.domain.matching import STANDARD_FILLS, FillSettings
from tradestream_gui.domain.orders import OrderRole, OrdStatus, OrdType, Side

EXACT = FillSettings(0, 0, 1, STANDARD_FILLS.participation, gap_improves_limit=False)


async def _two_lots_at_6326() -> Rig:
    """The reference trade: two ES long at 6326 with a stop at 6316 and one target each at +7 and +12."""
    rig = await Rig(given=rules(fills=EXACT, fee=D("1.89"))).connect()
    rig.quote("6325.75", "6326.00", last="6326.00")
    await rig.place(rig.order(Side.BUY, OrdType.MARKET, 2, cl_ord_id="ENTRY"))
    await rig.protect(2, ("6333", 1), ("6338", 1))
    return rig


async def test_both_targets_make_950_less_fees() -> None:
    rig = await _two_lots_at_6326()
    rig.trade("6333.25")
    await rig.run()
    assert rig.journal.last("STOP").order_qty == 1
    rig.trade("6338.25")
    await rig.run()
    assert rig.journal.last("STOP").ord_status is OrdStatus.CANCELED
    assert await rig.cash() == D(50_000) + D("942.44")
    assert await rig.position() == 0


async def test_first_target_then_break_even_makes_350_less_fees() -> None:
    rig = await _two_lots_at_6326()
    rig.trade("6333.25")
    await rig.run()
    await rig.broker.replace(
        SIM, ClOrdId("STOP"), order_qty=1, limit_price=None, stop_price=D(6326), ord_type=OrdType.STOP
    )
    rig.quote("6330.00", "6330.25", last="6330.25")
    await rig.run()
    rig.quote("6326.00", "6326.25", last="6326.00")
    await rig.run()
    assert await rig.cash() == D(50_000) + D("342.44")
    assert rig.journal.last("T2").ord_status is OrdStatus.CANCELED


async def test_stop_loses_1000_and_fees_and_cancels_both_targets() -> None:
    rig = await _two_lots_at_6326()
    rig.quote("6316.00", "6316.25", last="6316.00")
    await rig.run()
    assert await rig.cash() == D(50_000) - D("1007.56")
    assert [rig.journal.last(name).ord_status for name in ("T1", "T2")] == [OrdStatus.CANCELED] * 2
    assert await rig.broker.open_orders(SIM) == ()


async def test_partly_filled_stop_takes_the_farthest_target_off_first() -> None:
    rig = await Rig().connect()
    await rig.enter_long(3)
    await rig.protect(3, ("6333", 2), ("6338", 1))
    rig.quote("6315.75", "6316.00", last="6316.00", size=2)
    await rig.run()
    assert rig.journal.last("STOP").cum_qty == 2
    assert rig.journal.last("T2").ord_status is OrdStatus.CANCELED
    assert (rig.journal.last("T1").ord_status, rig.journal.last("T1").order_qty) == (OrdStatus.NEW, 1)


async def test_canceled_stop_takes_its_targets_with_it() -> None:
    rig = await Rig().connect()
    await rig.enter_long(2)
    await rig.protect(2, ("6333", 1))
    await rig.broker.cancel(SIM, ClOrdId("STOP"))
    await rig.run()
    assert rig.journal.last("T1").ord_status is OrdStatus.CANCELED
    assert "stop is gone" in rig.journal.last("T1").text


async def test_canceled_entry_takes_nothing_filled_with_it() -> None:
    rig = await Rig().connect()
    rig.quote("6326.00", "6326.25", last="6326.25", size=2)
    await rig.place(rig.order(Side.BUY, OrdType.LIMIT, 5, limit="6326.25", cl_ord_id="ENTRY"))
    await rig.protect(2, ("6333", 1))
    await rig.broker.cancel(SIM, ClOrdId("ENTRY"))
    await rig.run()
    assert rig.journal.last("ENTRY").cum_qty == 2
    assert {report.cl_ord_id for report in await rig.broker.open_orders(SIM)} == {"STOP", "T1"}


async def test_target_without_its_stop_or_beyond_it_is_refused() -> None:
    rig = await Rig().connect()
    await rig.enter_long(2)
    alone = rig.order(
        Side.SELL, OrdType.LIMIT, 1, limit="6333", role=OrderRole.TARGET, group="H", cl_ord_id="ALONE"
    )
    await rig.place(alone)
    assert rig.journal.last("ALONE").text.startswith("NO_LINKED_STOP")
    await rig.protect(2, ("6333", 2), ("6338", 1))
    assert rig.journal.last("T2").text.startswith("LINKED_EXIT_TOO_LARGE")
    await rig.place(
        rig.order(Side.SELL, OrdType.STOP, 1, stop="6310", role=OrderRole.STOP, group="G", cl_ord_id="S2")
    )
    assert rig.journal.last("S2").text.startswith("SECOND_STOP")


async def test_shrunk_stop_shrinks_its_targets() -> None:
    rig = await Rig().connect()
    await rig.enter_long(3)
    await rig.protect(3, ("6333", 2), ("6338", 1))
    await rig.broker.replace(
        SIM, ClOrdId("STOP"), order_qty=1, limit_price=None, stop_price=D(6316), ord_type=OrdType.STOP
    )
    await rig.run()
    assert rig.journal.last("T2").ord_status is OrdStatus.CANCELED
    assert rig.journal.last("T1").order_qty == 1


async def test_stop_and_target_in_reach_of_one_quote_count_as_the_stop() -> None:
    rig = await Rig().connect()
    await rig.enter_long(1)
    await rig.protect(1, ("6333", 1))
    rig.quote("6340.00", "6340.25", last="6316.00")
    await rig.run()
    assert rig.journal.last("STOP").ord_status is OrdStatus.FILLED
    assert await rig.position() == 0


async def test_linked_entries_replace_one_another() -> None:
    rig = await Rig().connect()
    rig.quote("6326.00", "6326.25", last="6326.25")
    await rig.place(rig.order(Side.BUY, OrdType.STOP, 2, stop="6330", group="E", cl_ord_id="UP"))
    await rig.place(rig.order(Side.SELL, OrdType.STOP, 2, stop="6320", group="E", cl_ord_id="DOWN"))
    rig.quote("6330.00", "6330.25", last="6330.00")
    await rig.run()
    assert rig.journal.last("UP").ord_status is OrdStatus.FILLED
    assert rig.journal.last("DOWN").ord_status is OrdStatus.CANCELED


async def test_amendment_that_crosses_a_target_fill_does_not_grow_the_stop_over_the_position() -> None:
    rig = await Rig().connect()
    await rig.enter_long(2)
    await rig.protect(2, ("6333", 1))
    await rig.broker.replace(
        SIM, ClOrdId("STOP"), order_qty=2, limit_price=None, stop_price=D(6320), ord_type=OrdType.STOP
    )
    rig.trade("6333.25")
    await rig.run()
    stop = rig.journal.last("STOP")
    assert (stop.order_qty, stop.stop_price, await rig.position()) == (1, D(6320), 1)
    assert stop.text.startswith("replaced, cut to 1")
