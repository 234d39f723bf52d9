"""Machine alerts: each form gives its actions, what is left open is held, and a broken body trades nothing."""

import json

import pytest

from tests.alerts.reading import in_words, read
from tradestream_gui.domain.alerts import ActionKind

READ = [
    ({"ticker": "ES1!", "action": "buy", "price": 6801.25, "quantity": 1}, "OPEN future long ES qty=1 price=6801.25"),
    ({"ticker": "CME_MINI:NQ1!", "action": "buy", "sentiment": "long"}, "OPEN future long NQ"),
    ({"ticker": "ESZ2026", "action": "exit"}, "CLOSE ES"),
    ({"ticker": "AAPL", "action": "sell", "sentiment": "flat", "signalPrice": "271.5"}, "CLOSE AAPL price=271.5"),
    ({"ticker": "MNQ", "action": "sell", "sentiment": "short", "price": 25600},
     "CLOSE MNQ price=25600; OPEN future short MNQ price=25600"),
    ({"ticker": "AAPL", "action": "add", "quantity": 5}, "ADD AAPL qty=5"),
    ({"ticker": "AAPL", "action": "cancel"}, "CANCEL AAPL"),
    ({"ticker": "AAPL", "action": "buy", "price": 270, "takeProfit": {"percent": 10},
      "stopLoss": {"type": "stop", "percent": 5}}, "OPEN stock long AAPL price=270 pts=10% sl=5%"),
    ({"ticker": "AAPL", "action": "buy", "price": 2.5, "optionType": "call", "strikePrice": 315,
      "expiration": "2026-12-18"}, "OPEN option long AAPL 315 C 2026-12-18 price=2.5"),
    ({"ticker": "AAPL261218C00315000", "action": "buy"}, "OPEN option long AAPL 315 C 2026-12-18"),
    ({"stub": "main", "direction": "close", "symbol": "ES", "size": "50%"}, "TRIM ES qty=50%"),
    ({"stub": "main", "direction": "close", "symbol": "ES", "size": "100%"}, "CLOSE ES"),
    ({"stub": "main", "direction": "short", "symbol": "NQ", "size": 2}, "OPEN future short NQ qty=2"),
]  # fmt: skip

TEXTS = [
    ("main:long symbol=NQ size=1", "OPEN future long NQ qty=1"),
    ("main:close symbol=NQ size=25%", "TRIM NQ qty=25%"),
    ("signal=long,symbol=MES,qty=2,sl_price=6795,secret=abc", "OPEN future long MES qty=2 sl=6795"),
    ("60123456789,closelong,NQ,risk=1", "CLOSE NQ"),
    ("60123456789,buy,EURUSD,risk=1,sl=20,tp=40", "NONE"),
]

HELD = [
    ({"ticker": "AAPL", "action": "sell", "price": 271}, "SIDE_UNCLEAR"),
    ({"ticker": "AAPL", "action": "buy", "sentiment": "short"}, "SIDE_UNCLEAR"),
    ({"ticker": "AAPL", "action": "buy", "optionType": "both", "strikePrice": 315}, "RIGHT_MISSING"),
    ({"ticker": "AAPL", "action": "buy", "optionType": "call", "intrinsicValue": "otm", "strikesAway": 2},
     "STRIKE_MISSING"),
    ({"ticker": "AAPL", "action": "buy", "optionType": "call", "strikePrice": 315, "expiration": "+6 months"},
     "EXPIRY_UNCLEAR"),
    ({"ticker": "AAPL", "action": "buy", "Strike": 315}, "FIELD_UNKNOWN"),
    ({"ticker": "ES1!", "action": "buy", "quantity": "50%"}, "QUANTITY"),
    ({"ticker": "ES1!", "action": "buy", "quantity": 1.5}, "QUANTITY"),
    ({"ticker": "ES1!", "action": "buy", "quantity": -1}, "QUANTITY"),
    ({"ticker": "ES1!", "action": "buy", "price": 6800, "sl_price": 6810}, "STOP_WRONG_SIDE"),
    ({"ticker": "ES1!", "action": "buy", "price": 6800, "sl": 20}, "LEVEL_UNIT"),
    ({"ticker": "ES1!", "action": "buy", "price": "1e9"}, "PRICE_UNREADABLE"),
]  # fmt: skip

LEFT_ALONE = [
    ('{"ticker": "{{ticker}}", "action": "buy"}', "PLACEHOLDER"),
    ('{"ticker": "ES1!", "action": "{{strategy.order.action}}"}', "PLACEHOLDER"),
    ('{"ticker": "ES1!", "action": "dance"}', "ACTION_UNKNOWN"),
    ('{"ticker": "ES1!", "action": "buy", "sentiment": "sideways"}', "ACTION_UNKNOWN"),
    ('{"ticker": "BTCUSDT", "action": "buy"}', "NOT_TRADED"),
    ('{"Ticker": "ES1!", "action": "buy"}', "NOT_TRADED"),
    ('{"ticker": "ES1!", "action": "buy", "price": NaN}', "BODY_UNREADABLE"),
    ('{"ticker": "ES1!", "action": "buy", "action": "sell"}', "BODY_UNREADABLE"),
    ('{"ticker": "ES1!", "action": "buy",}', "BODY_UNREADABLE"),
    ('{"ticker": "ES1!" /* long */, "action": "buy"}', "BODY_UNREADABLE"),
    ("{" * 2000, "BODY_UNREADABLE"),
    ('{"a":' * 400 + "1" + "}" * 400, "BODY_UNREADABLE"),
]


@pytest.mark.parametrize(("body", "wanted"), READ)
def test_a_body_gives_its_actions(body: dict[str, object], wanted: str) -> None:
    assert in_words(read(json.dumps(body))) == wanted
    assert in_words(read(json.dumps(body, indent=2))) == wanted


@pytest.mark.parametrize(("text", "wanted"), TEXTS)
def test_a_line_of_keys_gives_its_actions(text: str, wanted: str) -> None:
    assert in_words(read(text)) == wanted
    assert in_words(read(text.replace(" ", "\\n"))) == wanted


@pytest.mark.parametrize(("body", "code"), HELD)
def test_what_a_body_leaves_open_is_held(body: dict[str, object], code: str) -> None:
    reading = read(json.dumps(body))
    assert (reading.held, reading.actions) == (True, ())
    assert code in [reason.code for reason in reading.reasons]


@pytest.mark.parametrize(("text", "code"), LEFT_ALONE)
def test_a_broken_foreign_or_unfilled_body_is_left_alone(text: str, code: str) -> None:
    reading = read(text)
    assert (reading.held, reading.actions, reading.reasons[0].code) == (False, (), code)


def test_a_partial_close_can_only_reduce() -> None:
    (action,) = read('{"direction": "close", "symbol": "ES", "size": "50%"}').actions
    assert action.kind is ActionKind.TRIM
    assert not action.kind.opens


def test_each_field_of_a_body_shows_where_it_stood() -> None:
    text = '{"price": 1, "action": "buy", "note": "MNQ 25", "ticker": "MNQ", "quantity": 25, "sl_price": 0.5}'
    (action,) = read(text).actions
    shown = {evidence.field: text[evidence.start : evidence.end] for evidence in action.evidence}
    assert shown == {"action": "buy", "symbol": "MNQ", "qty": "25", "price": "1", "sl": "0.5"}


def test_unknown_keys_are_passed_over_and_talk_with_an_equals_sign_is_no_body() -> None:
    assert in_words(read('{"ticker": "ES", "action": "buy", "interval": "5", "mood": 1}')) == "OPEN future long ES"
    assert in_words(read("patience = profits, no trades today")) == "NONE"


def test_a_reply_settles_the_units_of_a_level_and_nothing_else() -> None:
    assert in_words(read("stop 59.10", reply="Long CL 59.40 stop 58.90")) == "SET_STOP sl=59.10"
    assert in_words(read("stop 121", reply="Bought 100 shares HOOD 128.40")) == "SET_STOP sl=121"
    assert in_words(read("stop 186", reply="BTO NVDA 190c 12/4 @ 2.10")) == "SET_STOP sl=u186"
    assert in_words(read("stop 1.60", reply="BTO NVDA 190c 12/4 @ 2.10")) == "SET_STOP sl=1.60"
    assert in_words(read("gm", reply="BTO NVDA 190c 12/4 @ 2.10")) == "NONE"
