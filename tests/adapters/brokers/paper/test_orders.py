"""Orders at the paper broker: answers come later, in order, and say why."""

from decimal import Decimal

import pytest

from tests.adapters.brokers.paper.rig import CALL_ID, ES_ID, FRIDAY, QQQ_ID, SIM, D, Rig, rules
from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId
from tradestream_gui.domain.orders import OrderRole, OrdStatus, OrdType, Side, TimeInForce
from tradestream_gui.ports.broker import ExecutionReport, OrderReport

NEW, PARTIAL, FILLED = OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED, OrdStatus.FILLED
CANCELED, REJECTED = OrdStatus.CANCELED, OrdStatus.REJECTED


async def test_market_order_is_acknowledged_then_filled_one_tick_beyond_the_offer() -> None:
    rig = await Rig().connect()
    rig.quote("6326.00", "6326.25")
    cl_ord_id = await rig.place(rig.order(Side.BUY, OrdType.MARKET, 2))
    assert rig.journal.states(cl_ord_id) == [NEW, FILLED]
    assert rig.journal.fills(cl_ord_id) == [(2, D("6326.50"))]
    assert await rig.position() == 2
    assert await rig.cash() == Decimal(50_000) - 2 * D("1.25")


async def test_answers_take_between_15_and_40_ms() -> None:
    rig = await Rig().connect()
    rig.quote("6326.00", "6326.25")
    await rig.broker.place(rig.order(Side.BUY, OrdType.MARKET, 1, cl_ord_id="A"))
    await rig.run(0.0149)
    assert rig.journal.states("A") == []
    await rig.run(0.0252)
    assert rig.journal.states("A") == [NEW, FILLED]


async def test_same_seed_gives_the_same_journal() -> None:
    heard = []
    for _ in range(2):
        rig = await Rig(seed=7).connect()
        await rig.enter_long(3)
        await rig.protect(3, ("6333", 1), ("6338", 1))
        rig.trade("6334")
        await rig.run(1)
        heard.append(rig.journal.heard)
    assert heard[0] == heard[1]
    assert len(heard[0]) > 10


async def test_second_order_with_the_same_client_id_is_refused_and_never_doubled() -> None:
    rig = await Rig().connect()
    rig.quote("6326.00", "6326.25")
    await rig.broker.place(rig.order(Side.BUY, OrdType.MARKET, 1, cl_ord_id="A"))
    with pytest.raises(BrokerRejected, match="was sent before"):
        await rig.broker.place(rig.order(Side.BUY, OrdType.MARKET, 1, cl_ord_id="A"))
    await rig.run()
    with pytest.raises(BrokerRejected, match="was sent before"):
        await rig.broker.place(rig.order(Side.BUY, OrdType.MARKET, 1, cl_ord_id="A"))
    await rig.run()
    assert await rig.position() == 1


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"ord_type": OrdType.LIMIT, "limit": "6325.10"}, "OFF_TICK"),
        ({"ord_type": OrdType.STOP, "stop": "6325.10"}, "OFF_TICK"),
        ({"ord_type": OrdType.LIMIT}, "PRICE_MISSING"),
        ({"ord_type": OrdType.STOP}, "PRICE_MISSING"),
        ({"ord_type": OrdType.TRAILING_STOP}, "PRICE_MISSING"),
        ({"ord_type": OrdType.MARKET, "qty": 0}, "BAD_QTY"),
        ({"ord_type": OrdType.MARKET, "instrument_id": InstrumentId("NOPE")}, "UNKNOWN_INSTRUMENT"),
        ({"ord_type": OrdType.LIMIT, "limit": "-1", "instrument_id": QQQ_ID}, "BAD_PRICE"),
        ({"ord_type": OrdType.MARKET}, "NO_QUOTE"),
        ({"ord_type": OrdType.LIMIT, "limit": "1.00", "side": Side.SELL, "instrument_id": CALL_ID}, "UNCOVERED_CALL"),
        ({"ord_type": OrdType.LIMIT, "limit": "500", "qty": 101, "instrument_id": QQQ_ID}, "INSUFFICIENT_FUNDS"),
    ],
)
async def test_refusal_comes_as_a_report_with_code_and_words(terms: dict[str, object], code: str) -> None:
    rig = await Rig().connect()
    given = {"side": Side.BUY, "qty": 1, **terms}
    side, ord_type, qty = given.pop("side"), given.pop("ord_type"), given.pop("qty")
    order = rig.order(side, ord_type, qty, cl_ord_id="A", **given)  # type: ignore[arg-type]  # a table of keywords
    await rig.place(order)
    report = rig.journal.last("A")
    assert report.ord_status is REJECTED
    assert report.text.startswith(f"{code}: ")
    assert await rig.position(order.instrument_id) == 0


async def test_futures_margin_is_checked_where_it_is_known() -> None:
    rig = await Rig(given=rules(margins={"ES": D(20_000)})).connect()
    rig.quote("6326.00", "6326.25")
    await rig.place(rig.order(Side.BUY, OrdType.MARKET, 2, cl_ord_id="A"))
    balance = await rig.broker.balance(SIM)
    assert balance.margin_used == 40_000
    assert balance.buying_power == 50_000 - D("2.50") - 50 - 40_000
    await rig.place(rig.order(Side.BUY, OrdType.LIMIT, 1, limit="6300", cl_ord_id="B"))
    assert rig.journal.last("B").text.startswith("INSUFFICIENT_FUNDS")
    await rig.place(rig.order(Side.SELL, OrdType.MARKET, 2, cl_ord_id="C", role=OrderRole.CLOSE))
    assert rig.journal.last("C").ord_status is FILLED


async def test_unknown_margin_shows_no_buying_power_and_refuses_nothing() -> None:
    rig = await Rig().connect()
    await rig.enter_long(40)
    balance = await rig.broker.balance(SIM)
    assert (balance.margin_used, balance.buying_power) == (None, None)
    assert balance.net_liquidation == 50_000 - 40 * (D("1.25") + 25)


async def test_partial_fill_waits_for_the_next_quote_and_can_be_cancelled() -> None:
    rig = await Rig().connect()
    rig.quote("6326.00", "6326.25", size=3)
    await rig.place(rig.order(Side.BUY, OrdType.LIMIT, 5, limit="6326.25", cl_ord_id="A"))
    assert rig.journal.states("A") == [NEW, PARTIAL]
    await rig.broker.cancel(SIM, ClOrdId("A"))
    await rig.run()
    report = rig.journal.last("A")
    assert (report.ord_status, report.cum_qty, report.order_qty) == (CANCELED, 3, 5)
    assert await rig.position() == 3


async def test_ioc_cancels_what_nobody_took() -> None:
    rig = await Rig().connect()
    rig.quote("6326.00", "6326.25", size=3)
    order = rig.order(Side.BUY, OrdType.LIMIT, 5, limit="6326.25", tif=TimeInForce.IOC, cl_ord_id="A")
    await rig.place(order)
    assert rig.journal.states("A") == [NEW, PARTIAL, CANCELED]
    assert await rig.position() == 3


async def test_cancel_that_comes_too_late_is_refused_and_the_fill_stands() -> None:
    rig = await Rig().connect()
    rig.quote("6326.00", "6326.25")
    await rig.broker.place(rig.order(Side.BUY, OrdType.MARKET, 1, cl_ord_id="A"))
    await rig.broker.cancel(SIM, ClOrdId("A"))
    await rig.run()
    assert rig.journal.states("A") == [NEW, FILLED, FILLED]
    assert "cancel refused" in rig.journal.last("A").text
    assert await rig.position() == 1


async def test_replace_changes_price_and_quantity_or_leaves_the_order_as_it_is() -> None:
    rig = await Rig().connect()
    rig.quote("6326.00", "6326.25")
    await rig.place(rig.order(Side.BUY, OrdType.LIMIT, 2, limit="6320", cl_ord_id="A"))
    terms = {"order_qty": 3, "stop_price": None, "ord_type": OrdType.LIMIT}
    await rig.broker.replace(SIM, ClOrdId("A"), limit_price=D("6321.10"), **terms)  # type: ignore[arg-type]  # shared terms
    await rig.run()
    refused = rig.journal.last("A")
    assert (refused.ord_status, refused.limit_price, refused.order_qty) == (NEW, D(6320), 2)
    assert refused.text.startswith("replace refused: OFF_TICK")
    await rig.broker.replace(SIM, ClOrdId("A"), limit_price=D("6321.10"), **terms)  # type: ignore[arg-type]  # shared terms
    await rig.run()
    assert rig.journal.last("A").at > refused.at, "a second refusal is not the first one told again"
    await rig.broker.replace(SIM, ClOrdId("A"), limit_price=D(6327), **terms)  # type: ignore[arg-type]  # shared terms
    await rig.run()
    assert rig.journal.last("A").ord_status is FILLED
    assert rig.journal.fills("A") == [(3, D("6326.25"))]


async def test_stop_amended_to_market_closes_the_position() -> None:
    rig = await Rig().connect()
    await rig.enter_long(2)
    await rig.protect(2, ("6333", 1))
    await rig.broker.replace(
        SIM, ClOrdId("STOP"), order_qty=2, limit_price=None, stop_price=None, ord_type=OrdType.MARKET
    )
    await rig.run()
    assert rig.journal.last("STOP").ord_status is FILLED
    assert rig.journal.last("T1").ord_status is CANCELED
    assert await rig.position() == 0


async def test_market_order_outside_the_session_is_refused_and_a_limit_waits_for_the_open() -> None:
    rig = await Rig(start=FRIDAY.replace(day=21)).connect()
    rig.quote("6326.00", "6326.25")
    await rig.place(rig.order(Side.BUY, OrdType.MARKET, 1, cl_ord_id="A"))
    assert rig.journal.last("A").text.startswith("MARKET_CLOSED")
    await rig.place(rig.order(Side.BUY, OrdType.LIMIT, 1, limit="6330", tif=TimeInForce.DAY, cl_ord_id="B"))
    rig.quote("6325.00", "6325.25")
    await rig.run()
    assert rig.journal.states("B") == [NEW]
    await rig.run_to(FRIDAY.replace(day=22, hour=23, minute=30))
    rig.quote("6325.00", "6325.25")
    await rig.run()
    assert rig.journal.fills("B") == [(1, D("6325.25"))]


async def test_trailing_stop_is_moved_by_the_broker_and_reported() -> None:
    rig = await Rig().connect()
    await rig.enter_long(1)
    await rig.place(rig.order(Side.SELL, OrdType.TRAILING_STOP, 1, trail="5", role=OrderRole.STOP, cl_ord_id="S"))
    rig.quote("6329.75", "6330.00", last="6330.00")
    rig.quote("6326.75", "6327.00", last="6327.00")
    await rig.run()
    assert rig.journal.last("S").stop_price == D(6325)
    rig.quote("6324.75", "6325.00", last="6325.00")
    await rig.run()
    assert rig.journal.fills("S") == [(1, D("6324.50"))]


async def test_crossed_quote_fills_nothing() -> None:
    rig = await Rig().connect()
    rig.quote("6326.00", "6326.25")
    await rig.place(rig.order(Side.BUY, OrdType.LIMIT, 1, limit="6320", cl_ord_id="A"))
    rig.quote("6330.00", "6310.00")
    await rig.run()
    assert rig.journal.fills() == []


async def test_accounts_are_apart_can_be_reset_and_flattened() -> None:
    rig = await Rig().connect()
    other = AccountId("SIM-2")
    await rig.broker.create_account(other, "Second", D(10_000))
    with pytest.raises(BrokerRejected, match="exists already"):
        await rig.broker.create_account(other, "Second", D(10_000))
    await rig.enter_long(2)
    await rig.protect(2, ("6333", 1))
    assert [account.kind for account in await rig.broker.accounts()] == [AccountKind.SIMULATOR] * 2
    assert (await rig.broker.balance(other)).cash == 10_000
    with pytest.raises(BrokerRejected, match="still holds ESZ6"):
        await rig.broker.reset(SIM)
    await rig.broker.flatten(SIM)
    await rig.run()
    assert await rig.position() == 0
    assert await rig.broker.open_orders(SIM) == ()
    await rig.broker.reset(SIM, D(25_000))
    assert await rig.cash() == 25_000
    assert len(await rig.broker.executions(SIM, FRIDAY)) == 2


async def test_flatten_without_a_quote_changes_nothing_and_the_stop_stays() -> None:
    rig = await Rig().connect()
    await rig.enter_long(2)
    await rig.protect(2)
    rig.quote(None, "6326.25")
    with pytest.raises(BrokerRejected, match="NO_QUOTE"):
        await rig.broker.flatten(SIM)
    await rig.run()
    assert [report.cl_ord_id for report in await rig.broker.open_orders(SIM)] == ["STOP"]


async def test_position_and_balance_follow_each_fill() -> None:
    rig = await Rig().connect()
    await rig.enter_long(1)
    kinds = [type(report).__name__ for report in rig.journal.heard]
    assert kinds[-5:] == ["OrderReport", "ExecutionReport", "OrderReport", "BrokerPosition", "Balance"]


async def test_commands_without_a_link_have_no_certain_answer() -> None:
    rig = Rig()
    with pytest.raises(BrokerUnreachable):
        await rig.broker.place(rig.order(Side.BUY, OrdType.MARKET, 1))
    await rig.connect()
    await rig.broker.close()
    with pytest.raises(BrokerUnreachable):
        await rig.broker.open_orders(SIM)


async def test_history_is_found_by_client_id() -> None:
    rig = await Rig().connect()
    rig.quote("6326.00", "6326.25")
    await rig.place(rig.order(Side.BUY, OrdType.MARKET, 1, cl_ord_id="A"))
    found = await rig.broker.find_order(SIM, ClOrdId("A"))
    assert isinstance(found, OrderReport)
    assert found == rig.journal.last("A")
    assert await rig.broker.find_order(SIM, ClOrdId("B")) is None
    told = await rig.broker.executions(SIM, FRIDAY)
    assert [type(one) for one in told] == [ExecutionReport]
    assert told[0].instrument_id == ES_ID
