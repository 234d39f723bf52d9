"""Whatever the tape and the order of events: money and contracts add up, and exits never turn the position round."""

import asyncio
from contextlib import suppress
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.adapters.brokers.paper.rig import ES_ID, FRIDAY, SIM, D, Rig
from tradestream_gui.domain.errors import BrokerRejected
from tradestream_gui.domain.ids import ClOrdId
from tradestream_gui.domain.orders import OrderRole, OrdType, Side, TimeInForce

TICK = D("0.25")
LEVELS = st.integers(-60, 60)
SMALL = st.integers(1, 5)

MARKET_EVENT = st.one_of(
    st.tuples(st.just("quote"), LEVELS, SMALL),
    st.tuples(st.just("print"), LEVELS, SMALL),
    st.tuples(st.just("wait"), st.integers(0, 50), st.just(0)),
)
TRADER_EVENT = st.one_of(
    st.tuples(st.just("market"), st.sampled_from([-1, 1]), SMALL),
    st.tuples(st.just("limit"), LEVELS, st.integers(-4, 4)),
    st.tuples(st.just("stop"), LEVELS, st.integers(-4, 4)),
    st.tuples(st.just("cancel"), st.integers(0, 9), st.just(0)),
    st.tuples(st.just("restart"), st.just(0), st.just(0)),
)
EXIT_EVENT = st.one_of(
    st.tuples(st.just("cancel"), st.sampled_from([0, 1, 2]), st.just(0)),
    st.tuples(st.just("amend"), st.integers(-40, 20), st.integers(1, 6)),
    st.tuples(st.just("restart"), st.just(0), st.just(0)),
)
EXITS = ("STOP", "T1", "T2")


def _price(level: int) -> str:
    return str(D(6326) + level * TICK)


async def _market(rig: Rig, kind: str, level: int, size: int) -> None:
    if kind == "quote":
        rig.quote(_price(level), _price(level + 1), last=_price(level), size=size)
    elif kind == "print":
        rig.trade(_price(level), size)
    else:
        await rig.run(level / 1000)


async def _books_agree(rig: Rig) -> tuple[Decimal, Decimal]:
    executions = await rig.broker.executions(SIM, FRIDAY)
    held = sum(report.side.sign * report.last_qty for report in executions)
    assert await rig.position() == held
    for cl_ord_id in {report.cl_ord_id for report in executions}:
        assert cl_ord_id is not None
        order = await rig.broker.find_order(SIM, cl_ord_id)
        assert order is not None
        assert order.cum_qty == sum(one.last_qty for one in executions if one.cl_ord_id == cl_ord_id)
        assert order.cum_qty <= order.order_qty
    paid = sum((one.side.sign * one.last_qty * one.last_px for one in executions), Decimal(0)) * 50
    fees = sum((one.commission for one in executions), Decimal(0))
    for position in await rig.broker.positions(SIM):
        assert position.avg_px is not None
        paid -= position.avg_px * position.signed_qty * 50
    cash = await rig.cash()
    assert abs(cash - (50_000 - paid - fees)) < D("1e-15")
    return cash, 50_000 - paid - fees


@given(st.lists(st.one_of(MARKET_EVENT, TRADER_EVENT), max_size=40))
@settings(max_examples=60, deadline=None)
def test_cash_fees_and_positions_add_up_at_every_moment(events: list[tuple[str, int, int]]) -> None:
    told, cash_says = asyncio.run(_any_trading(events))
    assert abs(told - cash_says) < D("1e-15")


async def _any_trading(events: list[tuple[str, int, int]]) -> tuple[Decimal, Decimal]:
    """The cash as told at the end and as the executions make it; both are also compared after each event."""
    rig = await Rig().connect()
    sent: list[ClOrdId] = []
    for number, (kind, first, second) in enumerate(events):
        if kind in ("quote", "print", "wait"):
            await _market(rig, kind, first, second)
        elif kind == "restart":
            rig = await rig.restart()
        elif kind == "cancel":
            if sent:
                with suppress(BrokerRejected):  # an order still on the wire was lost by the restart
                    await rig.broker.cancel(SIM, sent[first % len(sent)])
        elif second:
            qty = second * first if kind == "market" else second
            order = rig.order(
                Side.BUY if qty > 0 else Side.SELL,
                OrdType[kind.upper()],
                abs(qty),
                limit=_price(first) if kind == "limit" else None,
                stop=_price(first) if kind == "stop" else None,
                tif=TimeInForce.DAY,
                cl_ord_id=f"N{number}",
            )
            await rig.broker.place(order)
            sent.append(order.cl_ord_id)
        await _books_agree(rig)
    await rig.run(1)
    ends = await _books_agree(rig)
    await rig.broker.close()
    return ends


@given(
    qty=st.integers(1, 6),
    first=st.integers(0, 6),
    events=st.lists(st.one_of(MARKET_EVENT, MARKET_EVENT, EXIT_EVENT), max_size=40),
)
@settings(max_examples=100, deadline=None)
def test_linked_exits_never_exceed_the_position(qty: int, first: int, events: list[tuple[str, int, int]]) -> None:
    over = asyncio.run(_any_exit(qty, min(first, qty), events))
    assert not over, f"after {over} exits could exceed the position"


async def _any_exit(qty: int, first: int, events: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """The events after which more could be sold than was held."""
    over = []
    rig = await Rig().connect()
    await rig.enter_long(qty)
    shares = [(price, share) for price, share in (("6333", first), ("6338", qty - first)) if share]
    await rig.protect(qty, *shares)
    for event in [*events, ("wait", 50, 0)]:
        kind, first_arg, second_arg = event
        if kind == "restart":
            rig = await rig.restart()
        elif kind == "cancel":
            with suppress(BrokerRejected):  # not every exit was placed
                await rig.broker.cancel(SIM, ClOrdId(EXITS[first_arg]))
        elif kind == "amend":
            stop_price = D(_price(first_arg))
            await rig.broker.replace(
                SIM, ClOrdId("STOP"), order_qty=second_arg, limit_price=None, stop_price=stop_price,
                ord_type=OrdType.STOP,
            )
        else:
            await _market(rig, kind, first_arg, second_arg)
        held = await rig.position(ES_ID)
        working = await rig.broker.open_orders(SIM)
        left = {one.cl_ord_id: one.order_qty - one.cum_qty for one in working}
        stop = left.pop(ClOrdId("STOP"), 0)
        if not 0 <= sum(left.values()) <= stop <= held <= qty:
            over.append(event)
    await _books_agree(rig)
    await rig.broker.close()
    return over


@given(st.lists(MARKET_EVENT, min_size=1, max_size=25), st.integers(0, 24))
@settings(max_examples=60, deadline=None)
def test_restart_at_any_point_leaves_the_same_ledger(events: list[tuple[str, int, int]], stop_at: int) -> None:
    before, after = asyncio.run(_restarted(events[: stop_at + 1]))
    assert after == before


async def _restarted(events: list[tuple[str, int, int]]) -> tuple[object, object]:
    rig = await Rig().connect()
    await rig.enter_long(3)
    await rig.protect(3, ("6333", 1), ("6338", 1))
    await rig.place(rig.order(Side.BUY, OrdType.LIMIT, 2, limit="6325", cl_ord_id="ADD", role=OrderRole.ENTRY))
    for kind, level, size in events:
        await _market(rig, kind, level, size)
    before = await _all_told(rig)
    later = await rig.restart()
    after = await _all_told(later)
    await later.broker.close()
    return before, after


async def _all_told(rig: Rig) -> object:
    return (
        await rig.broker.open_orders(SIM),
        await rig.broker.executions(SIM, FRIDAY),
        await rig.broker.positions(SIM),
        await rig.cash(),
    )
