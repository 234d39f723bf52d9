"""The film of an alert: its claim, the market at that moment, our fills, and how far each trade went."""

from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.analytics.given import JMONEY, PAPER, START, Tape, calendar_date, future, instrument_of
from tradestream_gui.analytics.alert_film import AlertFilm
from tradestream_gui.analytics.service import AnalyticsService
from tradestream_gui.domain.decisions import AlertQuote, Decision, Outcome
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.orders import Side
from tradestream_gui.domain.quotes import DataKind, Quote

ES = future("ES")
KEY = JMONEY.message_key or MessageKey("")
CARD = '{"actions": [{"action": "OPEN", "side": "%s", "price": 6326.00, "pts": [6333], "sl": 6316}]}'


def service() -> AnalyticsService:
    return AnalyticsService(
        instrument_of=instrument_of,
        trade_date_of=calendar_date,
        account_day=lambda at: at.date(),
        zone=ZoneInfo("America/New_York"),
    )


def called(analytics: AnalyticsService, side: str = "long") -> None:
    analytics.on_decision(
        Decision(KEY, 0, PAPER, START, Outcome.TRADED, "", "traded", CARD % side, ES.instrument_id)
    )  # fmt: skip


def market(analytics: AnalyticsService, bid: str, seconds: int) -> None:
    price = Decimal(bid)
    at = START + timedelta(seconds=seconds)
    analytics.on_quote(Quote(ES.instrument_id, at, price, 9, price + Decimal("0.25"), 9, None, DataKind.DEMO))


def only_film(analytics: AnalyticsService) -> AlertFilm:
    (film,) = analytics.films.of(ES.instrument_id)
    return film


def test_an_alert_that_was_not_traded_shows_claim_and_market() -> None:
    analytics = service()
    called(analytics)
    assert (only_film(analytics).claimed, only_film(analytics).bid, only_film(analytics).trades) == (
        Decimal("6326.00"),
        None,
        (),
    )
    analytics.on_alert_quote(
        AlertQuote(KEY, ES.instrument_id, START, "received", Decimal("6325.75"), Decimal("6326"), None, "DEMO")
    )
    film = only_film(analytics)
    assert (film.bid, film.ask, film.side, film.at) == (Decimal("6325.75"), Decimal("6326"), Side.BUY, START)
    assert analytics.films.of(future("NQ").instrument_id) == ()


def test_a_trade_runs_from_its_fill_through_its_exits_with_best_and_worst() -> None:
    analytics, tape = service(), Tape(ES)
    called(analytics)
    analytics.on_plan(tape.plan("6316"))
    analytics.on_fill(tape.buy(2, "6326.25", "1"), JMONEY)
    for bid, seconds in (("6320", 70), ("6335", 80)):
        market(analytics, bid, seconds)
    (trade,) = only_film(analytics).trades
    assert trade.closed_at is None
    assert (trade.entry.price, trade.entry.qty, trade.exits) == (Decimal("6326.25"), 2, ())
    assert (trade.best, trade.worst) == (Decimal("6335"), Decimal("6320"))
    assert (trade.mfe, trade.mae) == (Decimal(875), Decimal(-625))
    analytics.on_fill(tape.sell(1, "6333", "1"), JMONEY)
    analytics.on_fill(tape.sell(1, "6338", "1"), JMONEY)
    (trade,) = only_film(analytics).trades
    assert trade.closed_at == tape.at
    assert [(step.price, step.qty) for step in trade.exits] == [(Decimal("6333"), 1), (Decimal("6338"), 1)]
    assert trade.best == Decimal("6338")


def test_the_best_price_of_a_short_is_the_lowest() -> None:
    analytics, tape = service(), Tape(ES)
    called(analytics, "short")
    analytics.on_fill(tape.sell(1, "6326", "1"), JMONEY)
    for bid, seconds in (("6320", 70), ("6330", 80)):
        market(analytics, bid, seconds)
    (trade,) = only_film(analytics).trades
    assert (trade.side, trade.best, trade.worst) == (Side.SELL, Decimal("6320.25"), Decimal("6330.25"))
    assert only_film(analytics).side is Side.SELL
