"""Symbols are read in every house's spelling, and a word that merely resembles one is not."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.instruments import AssetClass, Right
from tradestream_gui.domain.options import (
    OptionTickClass,
    build_option,
    default_osi_root,
    is_root_ambiguous,
    option_symbol_of,
    osi_symbol,
    thinkorswim_symbol,
    underlying_of,
)
from tradestream_gui.domain.stocks import build_stock
from tradestream_gui.domain.symbols import FutureSymbol, OptionSymbol, TickerSymbol, parse_symbol

ROOTS = frozenset({"ES", "MES", "NQ", "MNQ", "M2K", "6E", "CL"})
APPLE_CALL = OptionSymbol("AAPL", date(2026, 12, 18), Right.CALL, Decimal("312.5"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ES", FutureSymbol("ES")),
        (" /es ", FutureSymbol("ES")),
        ("/ESZ6", FutureSymbol("ES", 1, "Z", "6")),
        ("ESZ26", FutureSymbol("ES", 1, "Z", "26")),
        ("ESZ2026", FutureSymbol("ES", 1, "Z", "2026")),
        ("MESZ6", FutureSymbol("MES", 1, "Z", "6")),
        ("6EZ6", FutureSymbol("6E", 1, "Z", "6")),
        ("M2KZ6", FutureSymbol("M2K", 1, "Z", "6")),
        ("MNQ1!", FutureSymbol("MNQ", 1)),
        ("CME_MINI:ES1!", FutureSymbol("ES", 1)),
        ("CME_MINI:ES2!", FutureSymbol("ES", 2)),
        ("NYMEX:CLF2027", FutureSymbol("CL", 1, "F", "2027")),
        (".AAPL261218C312.5", APPLE_CALL),
        ("AAPL  261218C00312500", APPLE_CALL),
        ("AAPL261218C00312500", APPLE_CALL),
        ("O:AAPL261218C00312500", APPLE_CALL),
        ("AAPL_121826C312.5", APPLE_CALL),
        ("AAPL 2026-12-18 312.5 C", APPLE_CALL),
        ("BRK.B", TickerSymbol("BRK.B")),
        ("BRK/B", TickerSymbol("BRK.B")),
        ("$spy", TickerSymbol("SPY")),
        ("NASDAQ:AAPL", TickerSymbol("AAPL")),
    ],
)
def test_each_houses_spelling(text: str, expected: object) -> None:
    assert parse_symbol(text, ROOTS) == expected


@pytest.mark.parametrize("name", ["ES Dec26", "es mar 27", "6E Sep26"])
def test_a_future_may_be_typed_as_the_screens_name_it(name: str) -> None:
    found = parse_symbol(name, ROOTS)
    assert isinstance(found, FutureSymbol)
    assert (found.root, found.month_letter, found.year_digits) == (
        name[:2].upper(), {"dec": "Z", "mar": "H", "sep": "U"}[name[3:6].lower()], name[-2:],
    )  # fmt: skip


def test_an_option_may_be_typed_as_the_screens_name_it() -> None:
    made = build_option("SPX", date(2026, 12, 4), Right.PUT, Decimal("6312.5"))
    assert parse_symbol(contract_name(made), ROOTS) == option_symbol_of(made)
    assert parse_symbol("aapl 312.5 c 18dec26", ROOTS) == APPLE_CALL


@pytest.mark.parametrize(
    "text", ["ABC Dec26", "ES Dez26", "AAPL 275C 31 Feb 26", "AAPL 0C 18 Dec 26", "AAPL 275X 18 Dec 26"]
)
def test_what_only_resembles_a_name_of_the_screens_names_nothing(text: str) -> None:
    assert parse_symbol(text, ROOTS) is None


@pytest.mark.parametrize("text", ["YES", "MESS", "ESX", "NQQ", "CLX"])
def test_a_word_that_contains_a_root_is_no_future(text: str) -> None:
    assert parse_symbol(text, ROOTS) == TickerSymbol(text)


@pytest.mark.parametrize("text", ["", "/YES", "/AAPL", "buy ES", "ESI6", "ESZ123", "AAPL261340C00312500", "6331.25"])
def test_words_that_name_nothing(text: str) -> None:
    assert parse_symbol(text, ROOTS) is None


def test_the_osi_symbol_has_21_characters() -> None:
    assert osi_symbol("AAPL", date(2026, 12, 18), Right.CALL, Decimal("312.5")) == "AAPL  261218C00312500"
    assert osi_symbol("SPXW", date(2026, 11, 20), Right.PUT, Decimal(6500)) == "SPXW  261120P06500000"
    assert thinkorswim_symbol("AAPL", date(2026, 12, 18), Right.CALL, Decimal("312.50")) == ".AAPL261218C312.5"


@pytest.mark.parametrize(
    ("root", "strike"), [("TOOLONG", "100"), ("AAPL", "0.0001"), ("AAPL", "100000"), ("AAPL", "0")]
)
def test_what_does_not_fit_an_osi_symbol_is_refused(root: str, strike: str) -> None:
    with pytest.raises(ValueError, match="no OSI symbol"):
        osi_symbol(root, date(2026, 12, 18), Right.CALL, Decimal(strike))


@given(
    st.from_regex(r"[A-Z]{1,6}", fullmatch=True),
    st.dates(date(2024, 1, 1), date(2060, 1, 1)),
    st.sampled_from(Right),
    st.integers(1, 99_999_999),
)
def test_option_symbols_survive_writing_and_reading(root: str, expiry: date, right: Right, thousandths: int) -> None:
    option = OptionSymbol(root, expiry, right, Decimal(thousandths) / 1000)
    padded = osi_symbol(root, expiry, right, option.strike)
    assert len(padded) == 21
    assert parse_symbol(padded, ROOTS) == option
    assert parse_symbol(padded.replace(" ", ""), ROOTS) == option
    assert parse_symbol(thinkorswim_symbol(root, expiry, right, option.strike), ROOTS) == option


def test_index_options_take_their_pm_settled_root_and_keep_their_underlying() -> None:
    option = build_option("SPX", date(2026, 11, 25), Right.CALL, Decimal(6500))
    assert option.instrument_id == "SPXW  261125C06500000"
    assert (option.root, option.family, option.cash_settled) == ("SPX", "SPX", True)
    assert option_symbol_of(option).root == "SPXW"
    assert (default_osi_root("NDX"), default_osi_root("RUT"), default_osi_root("AAPL")) == ("NDXP", "RUTW", "AAPL")
    assert (underlying_of("SPXW"), underlying_of("SPX"), underlying_of("AAPL")) == ("SPX", "SPX", "AAPL")
    assert (default_osi_root("BRK.B"), underlying_of("BRKB")) == ("BRKB", "BRK.B")


def test_only_a_third_friday_index_alert_can_mean_two_series() -> None:
    assert is_root_ambiguous("SPX", date(2026, 12, 18))
    assert not is_root_ambiguous("SPX", date(2026, 12, 11))
    assert not is_root_ambiguous("SPY", date(2026, 12, 18))


def test_a_stock_option_is_100_shares_delivered() -> None:
    option = build_option("AAPL", date(2026, 12, 18), Right.CALL, Decimal("312.5"), tick_class=OptionTickClass.PENNY)
    assert option.asset_class is AssetClass.OPTION
    assert not option.cash_settled
    assert option.money(Decimal("0.50"), 2) == 100
    assert option.round_to_tick(Decimal("2.507")) == Decimal("2.51")
    assert option.round_to_tick(Decimal("3.02")) == Decimal("3.00")
    assert option.description == "AAPL 312.5C 18 Dec 2026"


def test_only_an_option_has_the_parts_of_an_option() -> None:
    with pytest.raises(ValueError, match="AAPL is not an option"):
        option_symbol_of(build_stock("AAPL"))
