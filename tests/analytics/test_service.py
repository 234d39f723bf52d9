"""The service as the terminal uses it: one alert from message to trade, its figures, its page and its CSV."""

import csv
import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tests.analytics.given import (
    JMONEY,
    PAPER,
    START,
    Tape,
    alert_by,
    calendar_date,
    future,
    instrument_of,
    option,
)
from tests.any_text import ANY_CHARACTER
from tradestream_gui.analytics.day_report import BackupState
from tradestream_gui.analytics.export import safe_text
from tradestream_gui.analytics.filters import Filter, Period
from tradestream_gui.analytics.grouping import GroupBy
from tradestream_gui.analytics.service import AnalyticsService
from tradestream_gui.domain.decisions import AlertQuote, Decision, Outcome
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId, MessageKey
from tradestream_gui.domain.instruments import AssetClass
from tradestream_gui.domain.messages import Arrival, MessageRevision
from tradestream_gui.domain.orders import MANUAL, Fill, Order, OrderRole, OrdStatus, OrdType, Side, TimeInForce
from tradestream_gui.domain.quotes import DataKind, Quote

ES = future("ES")
CARD = '{"actions": [{"action": "OPEN", "side": "long", "price": 6326.00, "pts": [6333, 6338], "sl": 6316}]}'
KEY = JMONEY.message_key or MessageKey("")


def service() -> AnalyticsService:
    made = AnalyticsService(
        instrument_of=instrument_of,
        trade_date_of=calendar_date,
        account_day=lambda at: at.date(),
        zone=ZoneInfo("America/New_York"),
    )
    made.set_start_equity(PAPER, Decimal(50_000))
    return made


def message(key: MessageKey, author: str = "JMoney", at: datetime = START) -> MessageRevision:
    return MessageRevision(
        key, 0, "recorded", "c1", "futures-room", author.lower(), author, "ES long 6326", at,
        at + timedelta(milliseconds=200), 1, Arrival.LIVE,
    )


def decision(key: MessageKey, outcome: Outcome, code: str = "", reading: str = CARD) -> Decision:
    return Decision(
        key, 0, PAPER, START + timedelta(milliseconds=210), outcome, code, f"{outcome.value}: {code}", reading,
        ES.instrument_id,
    )


def alert_quote(key: MessageKey, moment: str, bid: str, ask: str, seconds: int = 0) -> AlertQuote:
    at = START + timedelta(seconds=seconds)
    return AlertQuote(key, ES.instrument_id, at, moment, Decimal(bid), Decimal(ask), None, "DEMO")


def quote(bid: str, seconds: int) -> Quote:
    price = Decimal(bid)
    at = START + timedelta(seconds=seconds)
    return Quote(ES.instrument_id, at, price, 9, price + Decimal("0.25"), 9, None, DataKind.DEMO)


def entry_order(tape: Tape, qty: int, status: OrdStatus, seconds: float) -> Order:
    return Order(
        ClOrdId("entry"), PAPER, ES.instrument_id, tape.lot_id, JMONEY, OrderRole.ENTRY, Side.BUY, OrdType.LIMIT,
        qty, TimeInForce.DAY, START + timedelta(milliseconds=215), START + timedelta(seconds=seconds),
        ord_status=status, cum_qty=qty if status is OrdStatus.FILLED else 0,
    )


def seven_points(analytics: AnalyticsService) -> None:
    """The headline day: one ES bought at the alert's price, sold seven points higher, $2.50 in fees."""
    tape = Tape(ES)
    analytics.on_message(message(KEY))
    analytics.on_decision(decision(KEY, Outcome.TRADED))
    analytics.on_alert_quote(alert_quote(KEY, "received", "6325.75", "6326.00"))
    analytics.on_quote(quote("6325.75", 0))
    analytics.on_plan(tape.plan("6316"))
    for status, seconds in ((OrdStatus.PENDING_NEW, 0.215), (OrdStatus.SENT, 0.22), (OrdStatus.NEW, 0.26)):
        analytics.on_order(entry_order(tape, 1, status, seconds))
    analytics.on_fill(tape.buy(1, "6326.00", "1.25", "entry"), JMONEY)
    analytics.on_order(entry_order(tape, 1, OrdStatus.FILLED, 60))
    for bid, seconds in (("6321", 70), ("6335", 80)):
        analytics.on_quote(quote(bid, seconds))
        assert analytics.sample(START + timedelta(seconds=seconds))
    analytics.on_fill(tape.sell(1, "6333.00", "1.25"), JMONEY)


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8"))))


def test_the_headline_trade_is_347_50_everywhere() -> None:
    analytics = service()
    seven_points(analytics)
    seen = analytics.summary()
    (trade,) = seen.trades
    assert trade.net == seen.metrics.net == Decimal("347.50")
    assert (trade.initial_risk, trade.r, trade.alert_price) == (Decimal(500), Decimal("0.695"), Decimal("6326.00"))
    assert (trade.mae, trade.mfe) == (Decimal(-250), Decimal(450))
    assert seen.points[-1].equity == Decimal("50347.50")
    assert seen.equity.max_drawdown_money.value == Decimal("251.25")
    (row,) = rows(analytics.trades_csv())
    assert (row["net"], row["gross"], row["commission"]) == ("347.50", "350.00", "2.50")
    assert (row["analyst"], row["r"], row["mae"]) == ("JMoney", "0.695", "-250.00")
    assert row["opened_at"] == "2026-09-15T13:46:00+00:00"
    fills = rows(analytics.fills_csv())
    assert [(fill["side"], fill["last_px"], fill["commission"]) for fill in fills] == [
        ("BUY", "6326", "1.25"),
        ("SELL", "6333", "1.25"),
    ]
    assert sum(Decimal(fill["commission"]) for fill in fills) == Decimal("2.50")


def test_the_headline_trade_was_executed_as_measured() -> None:
    analytics = service()
    seven_points(analytics)
    seen = analytics.execution()
    assert (seen.alert_slippage_ticks.value, seen.alert_slippage_ticks.n) == (Decimal(0), 1)
    assert seen.arrival_slippage_ticks.value == Decimal("0.5")
    assert seen.latency_cost_ticks.value == Decimal(0)
    assert (seen.fill_rate.value, seen.fill_rate.n) == (Decimal(1), 1)
    times = analytics.waterfall(ClOrdId("entry"))
    assert times is not None
    assert dict(times.stages())["sending to acknowledgement"] == 40
    assert dict(times.stages())["message to receipt"] == 200


def test_a_state_that_a_fill_brought_is_no_acknowledgement() -> None:
    analytics, tape = service(), Tape(ES)
    analytics.on_order(entry_order(tape, 2, OrdStatus.SENT, 0.22))
    analytics.on_fill(tape.buy(1, "6326.00", cl_ord_id="entry"), JMONEY)
    filled = replace(entry_order(tape, 2, OrdStatus.PARTIALLY_FILLED, 0.1), cum_qty=1)
    analytics.on_order(filled)
    analytics.on_order(replace(filled, updated_at=START + timedelta(seconds=0.3)))
    times = analytics.waterfall(ClOrdId("entry"))
    assert times is not None
    assert times.acknowledged == START + timedelta(seconds=0.3)


def test_the_same_fill_told_twice_counts_once() -> None:
    analytics, tape = service(), Tape(ES)
    bought, sold = tape.buy(1, "6326", "1.25"), tape.sell(1, "6333", "1.25")
    for fill in (bought, bought, sold, sold):
        analytics.on_fill(fill, JMONEY)
    assert analytics.summary().metrics.net == Decimal("347.50")


def test_filters_choose_and_an_empty_period_says_so() -> None:
    analytics = service()
    seven_points(analytics)
    aapl = Tape(option(), "O1")
    for fill in (aapl.buy(1, "2.50", "0.65"), aapl.sell(1, "2.00", "0.65")):
        analytics.on_fill(fill, alert_by("Tara", "options-room", "2"))
    assert analytics.summary(Filter(analyst="Tara")).metrics.net == Decimal("-51.30")
    assert analytics.summary(Filter(asset_class=AssetClass.FUTURE)).metrics.net == Decimal("347.50")
    assert analytics.summary(Filter(channel="options-room", symbol="AAPL")).metrics.trades == 1
    assert analytics.summary(Filter(account=AccountId("other"))).metrics.trades == 0
    assert analytics.summary().metrics.net == Decimal("296.20")
    empty = analytics.summary(Filter(period=Period(date(2026, 9, 16))))
    assert empty.words == "No closed trades in this period."
    assert (empty.metrics.win_rate.value, empty.equity.sharpe.value, empty.points) == (None, None, ())
    assert {group.label: group.metrics.net for group in analytics.groups(GroupBy.ANALYST)} == {
        "JMoney": Decimal("347.50"),
        "Tara": Decimal("-51.30"),
    }


def test_open_lots_are_marked_in_the_curve_and_left_out_of_the_metrics() -> None:
    analytics, tape = service(), Tape(ES)
    analytics.on_quote(quote("6326", 0))
    analytics.on_fill(tape.buy(2, "6326", "2.50"), JMONEY)
    analytics.on_quote(quote("6330", 1))
    assert analytics.sample(tape.at + timedelta(seconds=1))
    analytics.on_fill(tape.sell(1, "6330", "1.25"), JMONEY)
    seen = analytics.summary()
    assert (seen.metrics.trades, seen.open_lots) == (0, 1)
    assert [point.equity for point in seen.points] == [
        Decimal(50_000), Decimal("49997.50"), Decimal("50397.50"), Decimal("50396.25")
    ]
    assert seen.points[-1].open_pnl == Decimal(200)


def test_a_lot_without_a_price_is_not_sampled() -> None:
    analytics, tape = service(), Tape(ES)
    analytics.on_fill(tape.buy(1, "6326", "1.25"), JMONEY)
    assert not analytics.sample(tape.at)
    assert [point.equity for point in analytics.summary().points] == [Decimal(50_000), Decimal("49998.75")]


def test_a_restart_keeps_every_cent_and_invents_no_excursion() -> None:
    first, tape = service(), Tape(ES)
    seven_points(first)
    bought, sold = tape.buy(1, "6326.00", "1.25", "entry"), tape.sell(1, "6333.00", "1.25")
    again = service()
    again.restore(
        orders=[entry_order(tape, 1, OrdStatus.FILLED, 60), replace(entry_order(tape, 1, OrdStatus.FILLED, 61),
                cl_ord_id=sold.cl_ord_id, role=OrderRole.TARGET, side=Side.SELL)],
        fills=[bought, sold],
        plans=[tape.plan("6316")],
        messages=[message(KEY)],
        decisions=[decision(KEY, Outcome.TRADED)],
        alert_quotes=[alert_quote(KEY, "received", "6325.75", "6326.00")],
    )
    (before,), (after,) = first.trades(), again.trades()
    assert after == replace(before, excursion=None)
    assert again.summary().metrics.mean_mae.reason == "no measured excursion in 1 trade"
    assert again.fills_csv() == first.fills_csv()


def test_alerts_not_taken_show_what_they_would_have_made() -> None:
    analytics = service()
    held, refused, unseen = (MessageKey(f"recorded:c1:{number}") for number in (7, 8, 9))
    for key, author in ((held, "JMoney"), (refused, "Tara"), (unseen, "Tara")):
        analytics.on_message(message(key, author))
    analytics.on_decision(decision(held, Outcome.HELD, "STOP_SIDE"))
    analytics.on_decision(decision(refused, Outcome.REFUSED, "DAILY_LOSS"))
    analytics.on_decision(decision(unseen, Outcome.AWAITING, "ASK"))
    analytics.on_decision(decision(unseen, Outcome.SKIPPED, "ASK"))
    for bid, ask in (("6325.75", "6326.00"), ("6333.00", "6333.25")):
        analytics.on_alert_quote(alert_quote(refused, "sample", bid, ask))
    seen = {alert.message_key: alert for alert in analytics.missed()}
    assert seen[refused].would_have_made == Decimal(350)
    assert (seen[held].would_have_made, seen[held].worth.reason) == (None, "no quote was recorded on the side to enter")
    assert (seen[unseen].outcome, seen[unseen].analyst) == (Outcome.SKIPPED, "Tara")
    (row,) = [row for row in analytics.league() if row.analyst == "Tara"]
    assert (row.tracked.value, row.tracked.n, row.is_fairly_tracked) == (Decimal("0.5"), 2, False)
    assert row.is_greyed


def test_an_alert_that_was_approved_in_the_end_is_not_missed() -> None:
    analytics = service()
    analytics.on_decision(decision(KEY, Outcome.AWAITING, "ASK"))
    analytics.on_decision(decision(KEY, Outcome.TRADED))
    analytics.on_decision(decision(KEY, Outcome.HELD, "EDITED"))
    assert analytics.missed() == ()


def test_the_days_page_says_it_all_in_words() -> None:
    analytics = service()
    seven_points(analytics)
    runner = Tape(future("MES"), "L9", start=START + timedelta(hours=1))
    analytics.on_fill(runner.buy(2, "6330", "1.22"), MANUAL)
    held = MessageKey("recorded:c1:7")
    analytics.on_message(message(held, "Tara"))
    analytics.on_decision(decision(held, Outcome.HELD, "STOP_SIDE"))
    stop = replace(
        entry_order(runner, 2, OrdStatus.NEW, 61), cl_ord_id=ClOrdId("stop"), instrument_id=InstrumentId("MESZ6"),
        role=OrderRole.STOP, side=Side.SELL, ord_type=OrdType.STOP, time_in_force=TimeInForce.GTC,
    )
    analytics.on_order(stop)
    report = analytics.day_report(
        START + timedelta(hours=8), room_tomorrow={PAPER: Decimal(500), AccountId("TOPX-1"): None}, backup=None,
    )
    assert not report.is_flat
    assert report.net == Decimal("346.28")
    assert report.as_text() == (
        "End of day 2026-09-15\n"
        "\n"
        "Positions\n"
        "  SIM-1: +2 MESZ6 (manual) is still open\n"
        "\n"
        "Orders left\n"
        "  SIM-1: SELL 2 MESZ6 STOP GTC (NEW)\n"
        "\n"
        "Result\n"
        "  JMoney: +$347.50 (1 trade closed)\n"
        "  manual: -$1.22 (0 trades closed)\n"
        "  Total: +$346.28 (1 trade closed)\n"
        "\n"
        "Alerts not taken\n"
        "  Tara: ESZ6 held: held: STOP_SIDE (would have made –, no quote was recorded on the side to enter)\n"
        "\n"
        "Tomorrow\n"
        "  SIM-1: room +$500.00\n"
        "  TOPX-1: room –, the limit is not known\n"
        "\n"
        "Backup\n"
        "  – (nobody has said whether a backup was made)\n"
    )


def test_the_page_made_at_the_close_is_that_of_the_day_that_ends() -> None:
    analytics = service()
    seven_points(analytics)
    midnight = START.replace(hour=0, minute=0) + timedelta(days=1)
    report = analytics.day_report(midnight, room_tomorrow={}, backup=None)
    assert (report.day, report.net, report.is_flat) == (date(2026, 9, 15), Decimal("347.50"), True)


def test_a_quiet_day_is_flat_and_the_backup_is_named() -> None:
    report = service().day_report(
        START, room_tomorrow={}, backup=BackupState(True, "16:05, 1.2 MB"), external={(PAPER, "ESZ6"): -1}
    )
    text = report.as_text()
    assert report.is_flat
    assert "Flat.\n  SIM-1: \u22121 ESZ6 was opened elsewhere" in text
    assert "No fills." in text
    assert "Done: 16:05, 1.2 MB" in text


def test_names_cannot_become_formulas_in_a_spreadsheet() -> None:
    analytics, tape = service(), Tape(ES)
    hostile = alert_by('=HYPERLINK("http://x")', "@room")
    analytics.on_fill(tape.buy(1, "6326"), hostile)
    analytics.on_fill(tape.sell(1, "6316"), hostile)
    (row,) = rows(analytics.trades_csv())
    assert row["analyst"].startswith("'=HYPERLINK")
    assert row["channel"] == "'@room"
    assert row["net"] == "-500.00"


@given(st.text(ANY_CHARACTER))
def test_no_text_cell_starts_like_a_formula(text: str) -> None:
    cell = safe_text(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell.endswith(text)


@given(
    st.lists(
        st.tuples(st.sampled_from(["L1", "L2", "L3"]), st.booleans(), st.integers(1, 3), st.integers(-40, 40)),
        max_size=20,
    )
)
def test_the_curve_the_days_and_the_page_agree_with_the_fills(steps: list[tuple[str, bool, int, int]]) -> None:
    analytics = service()
    tapes = {lot: Tape(future("MES"), lot) for lot in ("L1", "L2", "L3")}
    fills: list[Fill] = []
    for lot, buys, qty, ticks in steps:
        price = str(6326 + Decimal(ticks) / 4)
        fills.append(tapes[lot].fill(Side.BUY if buys else Side.SELL, qty, price, "0.61"))
        analytics.on_fill(fills[-1], alert_by(f"analyst {lot}", message=lot))
    seen = analytics.summary()
    report = analytics.day_report(START, room_tomorrow={}, backup=None)
    realised = report.net
    if fills:
        assert seen.points[-1].equity == 50_000 + realised
        assert seen.equity.daily[0].net == realised
    open_net = sum((lot.net_pnl for lot in report.open_lots), Decimal(0))
    assert seen.metrics.net + open_net == realised
    assert report.trades == seen.metrics.trades
