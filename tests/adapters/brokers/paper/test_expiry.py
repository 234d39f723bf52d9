"""What time does to orders and positions: the day's end, sleep, expiry, exercise, settlement."""

from datetime import UTC, datetime, timedelta

from tests.adapters.brokers.paper.rig import (
    CALL_ID,
    ES_ID,
    INDEX_CALL_ID,
    PUT_ID,
    QQQ_ID,
    SIM,
    D,
    Rig,
)
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.orders import OrdStatus, OrdType, Side, TimeInForce

FUTURES_CLOSE = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
OPTIONS_CLOSE = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
SPX = InstrumentId("SPX")


async def _hold(instrument_id: InstrumentId, qty: int, *, side: Side = Side.BUY) -> Rig:
    rig = await Rig().connect()
    rig.quote("2.00", "2.02", instrument_id=instrument_id)
    await rig.place(rig.order(side, OrdType.LIMIT, qty, limit="2.00" if side is Side.SELL else "2.02",
                              instrument_id=instrument_id, cl_ord_id="A"))
    return rig


async def test_day_order_expires_at_the_close_and_gtc_stays_while_the_program_runs_on() -> None:
    rig = await Rig().connect()
    rig.quote("6326.00", "6326.25", last="6326.25")
    await rig.place(rig.order(Side.BUY, OrdType.LIMIT, 1, limit="6300", tif=TimeInForce.DAY, cl_ord_id="DAY"))
    await rig.place(rig.order(Side.BUY, OrdType.LIMIT, 1, limit="6301", tif=TimeInForce.GTC, cl_ord_id="GTC"))
    await rig.run_to(FUTURES_CLOSE - timedelta(seconds=1))
    assert rig.journal.states("DAY") == [OrdStatus.NEW]
    await rig.run_to(FUTURES_CLOSE + timedelta(days=3))
    assert rig.journal.last("DAY").ord_status is OrdStatus.EXPIRED
    assert rig.journal.last("DAY").at == FUTURES_CLOSE
    assert [report.cl_ord_id for report in await rig.broker.open_orders(SIM)] == ["GTC"]


async def test_what_expired_while_the_program_was_off_is_reported_on_connect() -> None:
    rig = await Rig().connect()
    rig.quote("6326.00", "6326.25", last="6326.25")
    await rig.place(rig.order(Side.BUY, OrdType.LIMIT, 1, limit="6300", tif=TimeInForce.DAY, cl_ord_id="DAY"))
    await rig.place(rig.order(Side.BUY, OrdType.LIMIT, 1, limit="6301", tif=TimeInForce.GTC, cl_ord_id="GTC"))
    later = await rig.restart(after=timedelta(days=3))
    await later.run()
    report = later.journal.last("DAY")
    assert (report.ord_status, report.at) == (OrdStatus.EXPIRED, FUTURES_CLOSE)
    assert [report.cl_ord_id for report in await later.broker.open_orders(SIM)] == ["GTC"]


async def test_order_never_fills_after_the_machine_slept_through_its_close() -> None:
    rig = await Rig().connect()
    rig.quote("6326.00", "6326.25", last="6326.25")
    await rig.place(rig.order(Side.BUY, OrdType.LIMIT, 1, limit="6300", tif=TimeInForce.DAY, cl_ord_id="DAY"))
    rig.clock.asleep = timedelta(days=3)
    rig.quote("6290.00", "6290.25", last="6290.25")
    await rig.run()
    assert rig.journal.fills() == []
    assert rig.journal.last("DAY").ord_status is OrdStatus.EXPIRED


async def test_machine_that_slept_reports_expired_orders_soon_after_waking_without_any_quote() -> None:
    rig = await Rig().connect()
    await rig.place(rig.order(Side.BUY, OrdType.LIMIT, 1, limit="6300", tif=TimeInForce.DAY, cl_ord_id="DAY"))
    rig.clock.asleep = timedelta(days=3)
    await rig.clock.run_until(rig.clock.awake + timedelta(seconds=31))
    assert rig.journal.last("DAY").ord_status is OrdStatus.EXPIRED


async def test_worthless_option_expires() -> None:
    rig = await _hold(CALL_ID, 2)
    rig.quote("499.00", "499.02", last="499.01", instrument_id=QQQ_ID)
    await rig.run_to(OPTIONS_CLOSE + timedelta(seconds=1))
    end = rig.journal.executions()[-1]
    assert (end.text, end.last_px, end.last_qty, end.side, end.cl_ord_id) == ("expiry", D(0), 2, Side.SELL, None)
    assert await rig.cash() == D(50_000) - 404 - D("2.50")
    assert await rig.position(CALL_ID) == 0


async def test_call_in_the_money_is_exercised_into_stock_at_the_strike() -> None:
    rig = await _hold(CALL_ID, 2)
    rig.quote("510.00", "510.02", last="510.01", instrument_id=QQQ_ID)
    await rig.run_to(OPTIONS_CLOSE + timedelta(seconds=1))
    option, stock = rig.journal.executions()[-2:]
    assert (option.instrument_id, option.last_px, option.text) == (CALL_ID, D(0), "exercise")
    assert (stock.instrument_id, stock.side, stock.last_qty, stock.last_px, stock.text) == (
        QQQ_ID, Side.BUY, 200, D(500), "exercise",
    )
    balance = await rig.broker.balance(SIM)
    assert balance.net_liquidation == D(50_000) - 404 - D("2.50") + 200 * 10


async def test_short_put_in_the_money_is_assigned() -> None:
    rig = await _hold(PUT_ID, 1, side=Side.SELL)
    rig.quote("490.00", "490.02", last="490.01", instrument_id=QQQ_ID)
    await rig.run_to(OPTIONS_CLOSE + timedelta(seconds=1))
    stock = rig.journal.executions()[-1]
    assert (stock.side, stock.last_qty, stock.last_px, stock.text) == (Side.BUY, 100, D(500), "assignment")


async def test_long_put_in_the_money_delivers_short_stock() -> None:
    rig = await _hold(PUT_ID, 1)
    rig.quote("490.00", "490.02", last="490.01", instrument_id=QQQ_ID)
    await rig.run_to(OPTIONS_CLOSE + timedelta(seconds=1))
    assert await rig.position(QQQ_ID) == -100


async def test_index_option_settles_in_cash_at_what_it_is_worth() -> None:
    rig = await _hold(INDEX_CALL_ID, 1)
    rig.quote("6310.00", "6310.00", last="6310.00", instrument_id=SPX)
    await rig.run_to(OPTIONS_CLOSE + timedelta(minutes=20))
    end = rig.journal.executions()[-1]
    assert (end.text, end.last_px) == ("expiry", D(10))
    assert await rig.cash() == D(50_000) + 1_000 - 202 - D("1.25")


async def test_option_whose_underlying_nobody_quoted_waits_for_its_first_price() -> None:
    rig = await _hold(CALL_ID, 1)
    later = await rig.restart(after=timedelta(days=3))
    await later.run()
    assert await later.position(CALL_ID) == 1
    later.quote("480.00", "480.02", last="480.00", instrument_id=QQQ_ID)
    await later.run()
    assert await later.position(CALL_ID) == 0


async def test_future_settles_in_cash_at_its_last_price_and_its_stop_expires() -> None:
    rig = await Rig(start=datetime(2026, 12, 18, 14, 0, tzinfo=UTC)).connect()
    await rig.enter_long(1)
    await rig.protect(1)
    rig.quote("6350.00", "6350.25", last="6350.25")
    await rig.run_to(datetime(2026, 12, 18, 14, 31, tzinfo=UTC))
    assert rig.journal.last("STOP").ord_status is OrdStatus.EXPIRED
    end = rig.journal.executions()[-1]
    assert (end.text, end.last_px, end.at) == ("expiry", D("6350.25"), datetime(2026, 12, 18, 14, 30, tzinfo=UTC))
    assert await rig.cash() == D(50_000) + D("23.75") * 50 - D("1.25")
    await rig.place(rig.order(Side.BUY, OrdType.LIMIT, 1, limit="6300", cl_ord_id="LATE"))
    assert rig.journal.last("LATE").text.startswith("EXPIRED_INSTRUMENT")


async def test_gap_over_the_weekend_fills_the_resting_stop_at_the_market() -> None:
    rig = await Rig().connect()
    await rig.enter_long(1)
    await rig.protect(1)
    later = await rig.restart(after=timedelta(days=3))
    later.quote("6290.00", "6290.25", last="6290.00")
    await later.run()
    assert later.journal.fills("STOP") == [(1, D("6289.75"))]
    assert await later.position(ES_ID) == 0
