"""The league: shrinkage as published, luck over few trades does not rank, claimed beside obtainable."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.analytics.given import START, alert_by, future, trade_with
from tradestream_gui.alerts.alert_json import reading_json
from tradestream_gui.analytics.alert_call import call_of
from tradestream_gui.analytics.league import Prior, james_stein, league, posterior, prior_of
from tradestream_gui.analytics.obtainable import AlertPath, AlertWorth, PathEnd, accuracy
from tradestream_gui.analytics.trades import Trade
from tradestream_gui.domain.alerts import ActionKind, AlertAction, AlertSide, Level, LevelUnit, PriceRange, Reading
from tradestream_gui.domain.decisions import AlertQuote
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.instruments import AssetClass
from tradestream_gui.domain.orders import MANUAL, Side

BATTERS = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]
"""Hits of 18 batters in their first 45 at-bats (Efron and Morris)."""


def with_r(analyst: str, multiples: list[str]) -> list[Trade]:
    origin = alert_by(analyst)
    return [
        replace(trade_with(str(Decimal(r) * 500), number=number, origin=origin), initial_risk=Decimal(500))
        for number, r in enumerate(multiples)
    ]


def worth(card: str, quotes: list[tuple[str, str]]) -> AlertWorth:
    call = call_of(card)
    assert call is not None
    path = AlertPath(call)
    es = future("ES")
    for bid, ask in quotes:
        path = path.with_quote(
            AlertQuote(
                MessageKey("m"), es.instrument_id, START, "sample", Decimal(bid), Decimal(ask), None, "DEMO"
            )
        )
    return path.worth(es)


CARD = '[{"action": "OPEN", "side": "long", "price": 6326.00, "pts": [6333, 6338], "sl": 6316}]'


def test_the_batters_shrink_as_published() -> None:
    rates = [round(hits / 45, 3) for hits in BATTERS]
    mean = sum(rates) / len(rates)
    centre, factor, shrunk = james_stein(rates, mean * (1 - mean) / 45)
    assert centre == pytest.approx(0.26539, abs=5e-6)
    assert factor == pytest.approx(0.21239, abs=5e-6)
    assert shrunk[0] == pytest.approx(0.29398, abs=5e-6)


def test_a_posterior_lies_between_the_field_and_the_own_mean() -> None:
    seen = posterior([1.0, 0.0, 1.0, 0.0], Prior(0.0, 0.25, ""), 1.0)
    assert seen.mean.value == pytest.approx(0.25)
    assert seen.sd.value == pytest.approx((0.25 * 0.25 / 0.5) ** 0.5)
    assert seen.probability.value == pytest.approx(0.760250, abs=1e-6)
    assert seen.mean.n == 4


def test_the_field_tells_how_much_analysts_differ() -> None:
    apart = prior_of([[2.0, 2.2, 1.8] * 2, [0.0, 0.2, -0.2] * 2, [-2.0, -2.2, -1.8] * 2])
    assert apart.variance == pytest.approx(4.0, abs=0.1)
    alike = prior_of([[1.0, -1.0, 0.1] * 2, [1.0, -1.0, 0.0] * 2, [1.0, -1.0, -0.1] * 2])
    assert alike.variance == 0
    assert "2 analysts of 3 needed" in prior_of([[1.0, -1.0], [1.0, 0.0]]).words


def test_two_alike_results_are_no_certainty_of_an_edge() -> None:
    (row,) = league(with_r("Lucky", ["0.79", "0.80"]))
    assert row.posterior.probability.value is None
    assert row.posterior.probability.reason == "too few results to know how they vary"


def test_few_lucky_trades_do_not_rank_above_many_good_ones() -> None:
    rows = league(
        [*with_r("Lucky", ["1"] * 6), *with_r("Steady", ["1", "-0.5"] * 15), *with_r("Loser", ["-1", "0.5"] * 12)]
    )
    assert [(row.analyst, row.rank) for row in rows] == [("Steady", 1), ("Loser", 2), ("Lucky", None)]
    assert rows[2].is_greyed
    assert rows[2].words == "Based on 6 trades: too few to rank."
    steady = rows[0].posterior.mean.value
    assert steady is not None
    assert 0 < steady < 0.25


def test_the_users_own_hand_is_no_analyst() -> None:
    assert [row.analyst for row in league([trade_with("100", origin=MANUAL), *with_r("JMoney", ["1"])])] == ["JMoney"]


def test_an_alert_as_claimed_and_as_a_follower_could_have_had_it() -> None:
    seen = worth(CARD, [("6326.75", "6327.00"), ("6330", "6330.25"), ("6333.00", "6333.25"), ("6300", "6300.25")])
    assert (seen.end, seen.claimed, seen.obtainable) == (PathEnd.TARGET, Decimal(350), Decimal(300))
    assert (seen.claimed_r, seen.obtainable_r) == (Decimal("0.7"), Decimal("0.6"))
    assert seen.baseline == Decimal(10) / 17


def test_a_stop_that_is_jumped_over_costs_what_the_quote_says() -> None:
    seen = worth(CARD, [("6325.75", "6326.00"), ("6312", "6312.25")])
    assert (seen.end, seen.claimed, seen.obtainable) == (PathEnd.STOP, Decimal(-500), Decimal(-700))


def test_without_quotes_there_is_no_worth_but_a_reason() -> None:
    seen = worth(CARD, [])
    assert (seen.obtainable, seen.claimed, seen.is_measured) == (None, None, False)
    assert seen.reason == "no quote was recorded on the side to enter"


def test_accuracy_stands_beside_chance() -> None:
    hit = worth(CARD, [("6325.75", "6326.00"), ("6333", "6333.25")])
    miss = worth(CARD, [("6325.75", "6326.00"), ("6316", "6316.25")])
    open_end = worth(CARD, [("6325.75", "6326.00"), ("6330", "6330.25")])
    seen = accuracy([hit, miss, miss, open_end])
    assert (seen.share.value, seen.share.n) == (Decimal(1) / 3, 3)
    assert float(seen.baseline.value or 0) == pytest.approx(10 / 17)


@pytest.mark.parametrize(
    ("stored", "price", "stop", "target"),
    [
        ('{"actions": [], "candidate": [{"action": "OPEN", "price": "2.50", "pts": ["20%"], "sl": "1.80"}]}',
         "2.50", "1.80", "3.00"),
        ('[{"action": "OPEN", "side": "short", "price": [6326, 6328], "pts": ["u97", 6320], "sl": "BE"}]',
         "6327", None, "6320"),
        ('[{"action": "OPEN", "side": "long", "price": 6326, "pts": ["+7", "+12"], "sl": "+10"}]',
         "6326", "6316", "6333"),
        ('[{"action": "OPEN", "side": "short", "price": 6326, "pts": ["2R"], "sl": 6336}]', "6326", "6336", "6306"),
        ('[{"action": "OPEN", "side": "short", "price": 6326, "pts": ["2R"], "sl": null}]', "6326", None, None),
        ('[{"action": "OPEN", "side": null, "price": null, "pts": ["20%"], "sl": null}]', None, None, None),
    ],
)
def test_stored_readings_are_read_back(
    stored: str, price: str | None, stop: str | None, target: str | None
) -> None:
    call = call_of(stored)
    assert call is not None
    assert (call.price, call.stop, call.first_target) == tuple(
        None if text is None else Decimal(text) for text in (price, stop, target)
    )


@pytest.mark.parametrize("stored", ["", "null", "[]", '[{"action": "TRIM"}]', '{"actions": [1, null]}', "{"])
def test_a_reading_without_an_entry_calls_nothing(stored: str) -> None:
    assert call_of(stored) is None


def test_what_the_parser_stores_is_read_back() -> None:
    """The JSON that the alert side writes is the JSON that the analytics read."""
    action = AlertAction(
        ActionKind.OPEN, AssetClass.FUTURE, AlertSide.SHORT, "ES",
        price=PriceRange(Decimal("6326"), Decimal("6326.50")),
        targets=(Level(LevelUnit.POINTS, Decimal(7)), Level(LevelUnit.PRICE, Decimal("6314.25"))),
        stop=Level(LevelUnit.PRICE, Decimal("6336.25")),
    )
    reading = Reading((), (action,), True, (), Decimal(1), "jmoney", ())
    call = call_of(json.dumps(reading_json(reading)))
    assert call is not None
    assert (call.side, call.price, call.stop) == (Side.SELL, Decimal("6326.25"), Decimal("6336.25"))
    assert call.targets == (Decimal("6319.25"), Decimal("6314.25"))
