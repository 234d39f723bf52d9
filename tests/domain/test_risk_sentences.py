"""Every sentence of every rail and room, word for word: what a refused person reads must name the true numbers."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.domain.test_risk_rails import (
    LIMITS,
    NAN,
    OF_OPTION,
    ON_OPTION,
    SIZE,
    STOCK,
    facts,
    quoted,
)
from tradestream_gui.domain import risk_rails as rails
from tradestream_gui.domain.orders import OrdType
from tradestream_gui.domain.quotes import DataKind
from tradestream_gui.domain.risk_rails import Rail
from tradestream_gui.domain.risk_size import cuts, rooms

D, MINUTE = Decimal, timedelta(minutes=1)
DEAD_QUOTE = replace(quoted("5999.75", "6000"), kind=DataKind.DELAYED)

SAID: tuple[tuple[Rail, dict[str, Any], str, bool, tuple[str, str, str]], ...] = (
    (rails.symbol_allowed, {}, "SYMBOL_NOT_ALLOWED", True,
     ("ES may be entered in this account", "ES", "the allowlist")),
    (rails.clock_trusted, {}, "CLOCK_UNTRUSTED", True, ("this machine's clock is right", "0 s", "1 s")),
    (rails.clock_trusted, {"clock_offset": None}, "CLOCK_UNTRUSTED", False,
     ("this machine's clock is right", "unknown", "1 s")),
    (rails.market_open, {}, "MARKET_CLOSED", True, ("time left until the close", "60 min", "5 min")),
    (rails.market_open, {"until_close": None}, "MARKET_CLOSED", False,
     ("time left until the close", "unknown", "5 min")),
    (rails.market_open, {"session_open": False}, "MARKET_CLOSED", False,
     ("the market for ES is closed", "closed", "open")),
    (rails.market_open, {"entries_are_off": True}, "MARKET_CLOSED", False,
     ("the account takes no entries so late in its day", "off", "on")),
    (rails.expiry_far_enough, {}, "EXPIRY_TOO_CLOSE", True, ("time left until expiry", "9 days", "15 min")),
    (rails.expiry_far_enough, {"until_leave": timedelta(minutes=9)}, "EXPIRY_TOO_CLOSE", False,
     ("time left until it is closed, before it settles in shares", "9 min", "15 min")),
    (rails.expiry_far_enough, {"until_expiry": None}, "EXPIRY_TOO_CLOSE", False,
     ("time left until expiry", "unknown", "15 min")),
    (rails.expiry_far_enough, {"until_expiry": None, "instrument": STOCK}, "EXPIRY_TOO_CLOSE", True,
     ("time left until expiry", "unknown", "15 min")),
    (rails.quote_present, {}, "QUOTE_INVALID", True, ("the kind of prices", "real-time", "real-time")),
    (rails.quote_present, {"quote": DEAD_QUOTE}, "QUOTE_INVALID", False,
     ("the kind of prices", "delayed", "real-time")),
    (rails.quote_present, {"quote": None}, "QUOTE_MISSING", False,
     ("a bid and an ask are known", "unknown", "two sides")),
    (rails.quote_present, {"quote": quoted("NaN", "6000")}, "QUOTE_INVALID", False,
     ("bid and ask are numbers", "NaN and 6000", "numbers")),
    (rails.quote_present, {"quote": quoted("6001", "6000")}, "QUOTE_INVALID", False,
     ("the quote is crossed", "6001 over 6000", "bid under ask")),
    (rails.spread_narrow, {}, "SPREAD_TOO_WIDE", True, ("spread in ticks", "1", "4")),
    (rails.spread_narrow, {"quote": None}, "SPREAD_TOO_WIDE", False, ("spread", "unknown", "known")),
    (rails.spread_narrow, {**ON_OPTION, "quote": quoted("1.90", "2.10")}, "SPREAD_TOO_WIDE", True,
     ("spread as a share of the middle", "10.0 %", "10 %")),
    (rails.price_drift, {"reference_price": None}, "PRICE_DRIFT", True,
     ("no alert price to compare with", "unknown", "unknown")),
    (rails.price_drift, {"quote": None}, "PRICE_DRIFT", False,
     ("no market price to compare the alert's with", "unknown", "a price")),
    (rails.price_drift, {"daily_atr": NAN}, "PRICE_DRIFT", False,
     ("a price to compare with is not a number", "unknown", "numbers")),
    (rails.price_drift, {}, "PRICE_DRIFT", True, ("market 6000 against the alert's 6000", "0", "2")),
    (rails.stop_sane, {"protective_stop": None, "allocations": ((D(6010), D(1)),)}, "STOP_MISSING", False,
     ("targets are linked to a stop, and none is given", "unknown", "required")),
    (rails.stop_sane, {"protective_stop": None}, "STOP_MISSING", False,
     ("a protective stop is given", "unknown", "required")),
    (rails.stop_sane, {"protective_stop": None, "no_stop_wanted": True}, "STOP_MISSING", True,
     ("a protective stop is given", "unknown", "required")),
    (rails.stop_sane, {"entry_price": None}, "STOP_WRONG_SIDE", False,
     ("no entry price to compare the stop with", "5990", "unknown")),
    (rails.stop_sane, {"entry_price": NAN}, "STOP_WRONG_SIDE", False,
     ("entry and stop are numbers", "NaN and 5990", "numbers")),
    (rails.fees_known, {}, "FEES_UNKNOWN", True, ("fees of ES are known", "1.25", "a row of the fee table")),
    (rails.fees_known, {"fee_per_side": None}, "FEES_UNKNOWN", False,
     ("fees of ES are known", "unknown", "a row of the fee table")),
    (rails.order_rate, {"entries_last_minute": 5}, "RATE_LIMIT", False, ("entries in the last minute", "5", "5")),
    (rails.order_rate, {"same_side_entries": 2}, "RATE_LIMIT", False, ("entries of this side within 60 s", "2", "2")),
    (rails.trade_count, {"origin_entries_today": 4}, "TRADE_COUNT", False, ("entries of JM today", "4", "4")),
    (rails.trade_count, {"entries_today": 10}, "TRADE_COUNT", False, ("entries of the account today", "10", "10")),
    (rails.price_on_tick, {"ord_type": OrdType.STOP, "stop_price": None}, "PRICE_INVALID", False,
     ("a STOP order needs its price", "unknown", "a price")),
    (rails.price_on_tick, {"ord_type": OrdType.STOP_LIMIT, "limit_price": None, "stop_price": D(6000)},
     "PRICE_INVALID", False, ("a STOP_LIMIT order needs its price", "unknown", "a price")),
)  # fmt: skip


@pytest.mark.parametrize(("rail", "changes", "code", "passed", "said"), SAID)
def test_a_rail_says_its_code_and_both_numbers(
    rail: Rail, changes: dict[str, Any], code: str, passed: bool, said: tuple[str, str, str]
) -> None:
    result = rail(facts(**changes), LIMITS)
    assert (result.code, result.passed, (result.words, result.value, result.limit)) == (code, passed, said)


EVERYTHING = {
    "origin_risk_per_trade": D(400), "buying_power": D(50000), "held_qty": 2, "held_minis": D("2.5"),
    "open_risk": D(200),
}  # fmt: skip
ROOMS = (
    ("QTY_EXCEEDS_MAX", 5, "contracts in one order: 5"),
    ("POSITION_LIMIT", 6, "position room: 6"),
    ("RISK_EXCEEDS_MAX", 5, "risk at the stop: one takes $100.00, room for $500.00"),
    ("RISK_EXCEEDS_MAX", 4, "own limit of risk at the stop: one takes $100.00, room for $400.00"),
    ("OPEN_RISK", 13, "open risk of all positions: one takes $100.00, room for $1,300.00"),
    ("PORTFOLIO_HEAT", 23, "risk of all positions as a part of the account: one takes $100.00, room for $2,300.00"),
    ("DAILY_LOSS_LIMIT", 10, "room left today: one takes $100.00, room for $1,000.00"),
    ("BUYING_POWER", 5, "buying power: one takes $10,000.00, room for $50,000.00"),
    ("GROSS_EXPOSURE", 6, "value of all positions: one takes $300,000.00, room for $2,000,000.00"),
    ("NET_EXPOSURE", 3, "value of longs against shorts: one takes $300,000.00, room for $1,000,000.00"),
    ("POSITION_LIMIT", 1, "2.5 of 4 minis held"),
)
OPTION_ROOMS = (
    ("NOTIONAL_EXCEEDS_MAX", 5, "cost of the order: one takes $200.00, room for $1,000.00"),
    ("NAME_EXPOSURE", 50, "value in ACME: one takes $200.00, room for $10,000.00"),
    ("SECTOR_EXPOSURE", 100, "value in Tools: one takes $200.00, room for $20,000.00"),
)


def test_every_room_says_what_one_takes_and_what_is_left() -> None:
    found = [(room.code, room.qty, room.words) for room in rooms(replace(SIZE, **EVERYTHING), LIMITS)]
    assert found == list(ROOMS)
    of_option = [(room.code, room.qty, room.words) for room in rooms(replace(SIZE, **OF_OPTION), LIMITS)]
    assert set(OPTION_ROOMS) <= set(of_option)
    full = rooms(replace(SIZE, held_instruments=3), LIMITS)[-1]
    assert (full.code, full.qty, full.words) == ("POSITION_LIMIT", 0, "3 positions of 3")


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"held_net": None}, "NET_EXPOSURE", "value of longs against shorts is not known"),
        ({"held_gross": None}, "GROSS_EXPOSURE", "value of all positions is not known"),
        ({"equity": None}, "PORTFOLIO_HEAT", "risk of all positions as a part of the account is not known"),
        ({"open_risk": D(2000)}, "OPEN_RISK", "open risk of all positions: one takes $100.00, room for $0.00"),
        ({"held_qty": 9}, "POSITION_LIMIT", "position room: 0"),
    ],
)
def test_a_room_that_nobody_knows_or_that_is_used_up_is_none(
    changes: dict[str, Any], code: str, words: str
) -> None:
    found = [(room.code, room.qty, room.words) for room in rooms(replace(SIZE, **changes), LIMITS)]
    assert (code, 0, words) in found


def test_cuts_are_told_tightest_first() -> None:
    found = rooms(replace(SIZE, **EVERYTHING), LIMITS)
    assert cuts(4, found) == ("4 → 1: 2.5 of 4 minis held", f"4 → 3: {ROOMS[9][2]}")
    assert cuts(1, found) == ()
