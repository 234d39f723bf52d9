"""The edges of the services around the desks: what is unknown counts as unknown, and is told once."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tests.domain.test_risk_codes import codes_of
from tests.domain.test_risk_table import NONE, TABLE, Row, answers
from tests.support import hold_elsewhere
from tests.trading.stage import ES, MES, SIM, THURSDAY, D, open_stage
from tests.trading.test_requests import waiting
from tests.trading.test_risk_gate import judged
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.events import AccountStateChanged
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId
from tradestream_gui.domain.instruments import Right
from tradestream_gui.domain.orders import OrderRole, OrdStatus, OrdType, Side
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.journal import AuditNote
from tradestream_gui.trading import risk_gate
from tradestream_gui.trading.failsafe import Failsafe
from tradestream_gui.trading.risk_reading import account_score
from tradestream_gui.trading.rule_pack_watch import BARRED, HIGH_MARK, VIOLATION


async def test_a_quantity_below_one_is_no_order(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    row: Row = (
        "QTY_INVALID order_qty", lambda qty: judged(stage, order_qty=qty).code != "QTY_INVALID", 2, 1, 0, NONE, NONE,
        "pass pass deny - -",
    )  # fmt: skip
    assert " ".join(answers(row)) == row[7]
    assert codes_of(risk_gate) - {rail[0].split()[0] for rail in TABLE} == {"QTY_INVALID"}
    for qty in (0, -1):
        decision = judged(stage, order_qty=qty)
        assert (decision.order_qty, decision.code) == (0, "QTY_INVALID")
    await stage.close()


async def test_a_stop_entry_is_measured_from_its_stop_and_a_market_order_from_the_quote(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    stop = judged(stage, ord_type=OrdType.STOP, limit_price=None, stop_price=D(6330), protective_stop=D(6320))
    assert stop.risk_at_stop == D("51.22")
    market = judged(stage, ord_type=OrdType.MARKET, limit_price=None, protective_stop=D("6316.25"))
    assert market.risk_at_stop == D("51.22")
    sold = judged(stage, ord_type=OrdType.MARKET, side=Side.SELL, limit_price=None, protective_stop=D("6336"))
    assert sold.risk_at_stop == D("51.22")
    unknown = judged(stage, instrument_id=InstrumentId("NQZ6"), ord_type=OrdType.MARKET, limit_price=None)
    assert (unknown.risk_at_stop, unknown.order_qty) == (None, 0)
    await stage.close()


async def test_a_long_option_without_a_stop_risks_its_premium(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    option = stage.core.reference.option("AAPL", THURSDAY.date().replace(month=12, day=18), Right.CALL, D(275))
    await stage.core.subscriptions.subscribe(option)
    await stage.quote("5.00", "5.10", of=option.instrument_id)
    bought = judged(
        stage, instrument_id=option.instrument_id, limit_price=D("5.10"), protective_stop=None, no_stop_wanted=True
    )
    assert bought.risk_at_stop is not None
    assert bought.risk_at_stop > D(510)
    sold = judged(
        stage, instrument_id=option.instrument_id, side=Side.SELL, limit_price=D("5.00"), protective_stop=None,
        no_stop_wanted=True,
    )  # fmt: skip
    assert sold.risk_at_stop is None
    await stage.close()


async def test_the_score_of_an_account_is_read_from_its_own_trades(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    core = stage.core

    def score() -> object:
        return account_score(SIM, gate=core.gate, high_water=core.high_water, lots=core.lots)

    before = score()
    for _ in range(3):
        await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
        core.exits.close(stage.lot().lot_id, 1, "by hand")
        await stage.run(1)
    assert score() != before
    await stage.close()


async def test_a_gain_told_in_an_open_position_is_a_mark_only_where_it_is_known(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    high, now = stage.core.high_water, stage.clock.now()
    for unknown in (None, D("NaN")):
        high.note(SIM, unknown, now)
    before = high.mark(SIM, now)
    assert before is not None
    assert before.high_ever == before.start
    high.note(SIM, D(25), now)
    after = high.mark(SIM, now)
    assert after is not None
    assert after.high_ever == before.start + 25
    assert high.mark(AccountId("nobody"), now) is None
    assert high.drawdown_fraction(AccountId("nobody"), D(0), now) is None
    await stage.close()


async def test_what_another_account_holds_outside_is_not_this_ones_exposure(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    hold_elsewhere(stage.core.lots, AccountId("other"), MES, 5, stage.clock.now())
    assert stage.core.exposure.of(SIM).qty_by_instrument == {}
    hold_elsewhere(stage.core.lots, SIM, InstrumentId("NQZ6"), 1, stage.clock.now())
    held = stage.core.exposure.of(SIM)
    assert held.qty_by_instrument == {"NQZ6": 1}
    assert (held.gross, held.net) == (None, None), "nobody knows what it is worth"
    hold_elsewhere(stage.core.lots, SIM, InstrumentId("NQZ6"), 0, stage.clock.now())
    hold_elsewhere(stage.core.lots, AccountId("other"), MES, 0, stage.clock.now())
    await stage.close()


async def test_entries_under_way_are_counted_by_side_price_and_stop(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    buy = await waiting(stage, 2)
    exposure = stage.core.exposure
    conflict = exposure.conflicting_lot(SIM, ES, Side.SELL)
    assert conflict == "working entry BUY 2 MES Dec26"
    assert exposure.conflicting_lot(SIM, ES, Side.BUY) is None
    assert exposure.of(SIM).open_risk == D(5) * 2 * 10
    stage.core.order_desk.request_cancel(buy, "by hand")
    await stage.run(1)
    await stage.close()


async def test_a_lot_that_is_flat_risks_nothing(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    stage.core.exits.close(stage.lot().lot_id, 1, "by hand")
    await stage.run(1)
    assert stage.core.exposure.risk_of_lot(stage.lot()) == 0
    await stage.close()


async def test_an_entry_of_another_day_is_not_todays(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    order = await waiting(stage)
    before = stage.core.ledger.entries(SIM, stage.clock.now())
    old = replace(
        order, cl_ord_id=ClOrdId("TSP-old"), ord_status=OrdStatus.PENDING_NEW,
        created_at=stage.clock.now() - timedelta(days=2),
    )  # fmt: skip
    stage.core.blotter.add(old)
    stage.core.blotter.put(old.moved_to(OrdStatus.DENIED, stage.clock.now()))
    assert stage.core.ledger.entries(SIM, stage.clock.now()) == before
    await stage.close()


async def test_the_same_state_for_the_same_reason_is_told_once(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    seen: list[AccountStateChanged] = []
    stage.bus.subscribe(AccountStateChanged, seen.append)
    stage.core.accounts.set_state(SIM, TradingState.HALTED, "once")
    stage.core.accounts.set_state(SIM, TradingState.HALTED, "once")
    stage.core.accounts.release(SIM, "resumed by hand")
    stage.core.accounts.release(SIM, "resumed by hand")
    assert len(seen) == 2
    await stage.close()


async def test_a_failure_before_the_accounts_are_known_halts_them_when_they_are(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    told: list[str] = []
    failsafe = Failsafe(lambda words: words.replace("secret", "…"))
    failsafe.trip("the secret leaked")
    failsafe.on_task_failure("the reader", ValueError("secret 7"))
    assert (told, stage.core.accounts.state(SIM).trading_state) == ([], TradingState.ACTIVE)
    failsafe.guard(stage.core.accounts, told.append)
    assert told == ["the … leaked", "the reader failed: … 7"]
    assert stage.core.accounts.state(SIM).trading_state is TradingState.HALTED
    failsafe.on_task_failure("the reader", ValueError("secret 7"))
    assert len(told) == 2, "the same again is not told again"
    await stage.close()


async def test_a_stock_never_expires_and_a_contract_does(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    now, market = stage.clock.now(), stage.core.market
    assert market.until_expiry(market.instrument(InstrumentId("AAPL")), now) is None
    left = market.until_expiry(market.instrument(MES), now)
    assert left is not None
    assert left > timedelta(days=20)
    await stage.close()


async def test_an_entry_at_the_market_risks_what_its_side_of_the_quote_says(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    exposure = stage.core.exposure
    for side, stop, risk in ((Side.BUY, "6316.25", 50), (Side.SELL, "6336", 50)):
        await stage.quote("6326.00", "6326.25", size=1)
        order = await stage.enter(side, 2, stop=stop)
        left = stage.order(order.cl_ord_id).leaves_qty
        assert left == 1
        plan = stage.core.exits.plan(order.lot_id)
        assert plan is not None
        held = sum((exposure.risk_of_lot(lot) for lot in stage.core.lots.open_lots()), D(0))
        assert exposure.of(SIM).open_risk - held == D(risk)
        stage.core.kill.flatten("by hand")
        await stage.quote("6326.00", "6326.25", size=50)
        await stage.run(2)
        assert not stage.core.lots.open_lots()
    await stage.close()


async def test_an_add_keeps_the_plan_of_the_lot_that_it_joins(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 1, limit="6328", stop="6316")
    lot = stage.lot()
    plan = stage.core.exits.plan(lot.lot_id)
    await stage.enter(Side.BUY, 2, limit="6328", stop="6300", lot_id=lot.lot_id)
    await stage.run(1)
    assert len(stage.core.lots.lots()) == 1
    assert stage.lot().open_qty == 3
    kept = stage.core.exits.plan(lot.lot_id)
    assert plan is not None
    assert kept is not None
    assert kept.stop_price == plan.stop_price == D(6316)
    (stop,) = stage.exits(OrderRole.STOP)
    assert (stop.leaves_qty, stop.stop_price) == (3, D(6316))
    await stage.close()


async def test_a_position_that_differs_only_while_an_answer_is_due_is_no_difference(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await stage.enter(Side.BUY, 4, limit="6328", stop="6316")
    await stage.run(6)
    real = stage.venue.positions

    async def short(account_id: AccountId) -> object:
        return [replace(one, signed_qty=3) for one in await real(account_id)]

    stage.venue.positions = short  # type: ignore[method-assign]
    for price in ("6317", "6318", "6317", "6318", "6317", "6318", "6317", "6318"):
        stage.core.exits.move_stop(stage.lot().lot_id, D(price))
        await stage.run(4)
    assert stage.lot().open_qty == 4, "its stop was being changed all the while"
    stage.venue.positions = real  # type: ignore[method-assign]
    await stage.run(30)
    assert stage.lot().open_qty == 4
    await stage.close()


async def test_a_broker_that_breaks_off_while_it_is_compared_leaves_the_account_reconciling(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    stage.core.order_desk.on_link(stage.venue.name, LinkState.DOWN, "the cable")
    stage.core.order_desk.on_link(stage.venue.name, LinkState.UP, "")
    stage.venue.is_deaf = True
    told = set()
    for _ in range(20):
        await stage.run(1)
        told.add(stage.core.accounts.state(SIM))
    assert stage.core.accounts.state(SIM).trading_state is TradingState.RECONCILING
    assert any(state.reason.startswith("the broker gave no answer") for state in told)
    stage.venue.is_deaf = False
    await stage.run(12)
    assert stage.core.accounts.state(SIM).trading_state is TradingState.ACTIVE
    await stage.close()


async def test_only_what_an_account_did_is_taken_over_of_old_notes(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    watch, at = stage.core.pack_watch, stage.clock.now()
    watch.restore(
        [
            AuditNote(at, "program", HIGH_MARK, "125.50", SIM),
            AuditNote(at, "program", "SOMETHING_ELSE", "nothing", SIM),
            AuditNote(at, "program", VIOLATION, "PACK_NEWS: nobody's", None),
            AuditNote(at, "program", VIOLATION, "PACK_NEWS: entered in the news: twice", SIM),
        ]
    )
    assert [(one.code, one.words) for one in watch.violations(SIM)] == [("PACK_NEWS", "entered in the news: twice")]
    mark = stage.core.high_water.mark(SIM, at)
    assert mark is not None
    assert mark.high_ever - mark.start == D("125.50")
    await stage.close()


async def test_an_account_that_the_firm_bars_is_locked_for_good_and_told_of_once_a_day(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    for _ in range(2):
        stage.core.order_desk.on_barred(SIM, "the firm lets it trade no more")
    state = stage.core.accounts.state(SIM)
    assert (state.trading_state, state.locked_until) == (TradingState.LOCKED, None)
    assert [one.code for one in stage.core.pack_watch.violations(SIM)] == [BARRED]
    await stage.run(12)
    assert stage.core.accounts.state(SIM) == state
    await stage.close()


async def test_an_entry_whose_plan_is_lost_counts_no_risk_that_nobody_knows(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    await waiting(stage, 2)
    assert stage.core.exposure.of(SIM).open_risk == D(100)
    stage.core.exits.restore([])
    assert stage.core.exposure.of(SIM).open_risk == 0
    await stage.close()


async def test_what_fails_for_guarded_accounts_alone_leaves_the_others_open(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    stage.failsafe.trip_guarded("the live database is away")
    assert stage.core.accounts.state(SIM).trading_state is TradingState.ACTIVE
    assert any("the live database is away" in notice.words for notice in stage.notices)
    await stage.close()
