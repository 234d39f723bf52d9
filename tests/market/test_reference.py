"""The shipped tables answer for instruments, symbols, fees and margins, and disagree with nothing agreed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tradestream_gui.domain.errors import BadRecord
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Right
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.market.reference_tables import load_roots

RESOURCES = Path(__file__).parents[2] / "resources"
NOVEMBER = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
AUTUMN = date(2026, 11, 20)


@pytest.fixture(scope="module")
def reference() -> ReferenceData:
    return ReferenceData.load(RESOURCES.joinpath)


def test_every_future_of_the_table_is_known_with_its_dollars_per_tick(reference: ReferenceData) -> None:
    assert len(reference.roots) == 37
    assert reference.roots["ES"].tick_value == Decimal("12.50")
    assert reference.roots["ZT"].tick_value == Decimal("7.8125")
    assert reference.roots["6J"].tick_value == Decimal("6.25")
    assert reference.roots["MET"].tick_value == Decimal("0.05")
    assert {root for root, row in reference.roots.items() if row.quoted_in_32nds} == {"ZB", "ZN", "ZF", "ZT"}


def test_a_row_whose_tick_and_point_value_disagree_is_refused(tmp_path: Path) -> None:
    text = (RESOURCES / "instruments.toml").read_text(encoding="utf-8")
    broken = tmp_path / "instruments.toml"
    broken.write_text(text.replace('tick = "0.00390625"', 'tick = "0.0078125"'), encoding="utf-8")
    with pytest.raises(BadRecord, match=r"instruments\.toml, ZT"):
        load_roots(broken)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ES", "ESZ6"),
        ("/ES", "ESZ6"),
        ("es", "ESZ6"),
        ("/ESZ6", "ESZ6"),
        ("ESZ26", "ESZ6"),
        ("ESZ2026", "ESZ6"),
        ("CME_MINI:ES1!", "ESZ6"),
        ("ES2!", "ESH7"),
        ("MNQ1!", "MNQZ6"),
        ("6E", "6EZ6"),
        ("M2KH7", "M2KH7"),
        ("CL", "CLF7"),
        ("GC", "GCZ6"),
        (".AAPL261218C312.5", "AAPL  261218C00312500"),
        ("AAPL  261218C00312500", "AAPL  261218C00312500"),
        ("AAPL261218C00312500", "AAPL  261218C00312500"),
        ("O:AAPL261218C00312500", "AAPL  261218C00312500"),
        ("AAPL_121826C312.5", "AAPL  261218C00312500"),
        ("SPXW  261120P06500000", "SPXW  261120P06500000"),
        ("AAPL", "AAPL"),
        ("$AAPL", "AAPL"),
        ("BRK.B", "BRK.B"),
        ("NASDAQ:AAPL", "AAPL"),
    ],
)
def test_a_symbol_in_any_spelling_resolves_to_its_contract(reference: ReferenceData, text: str, expected: str) -> None:
    found = reference.resolve(text, NOVEMBER)
    assert found is not None
    assert found.instrument_id == expected


@pytest.mark.parametrize("text", ["YES", "ESX", "FORES", "/AAPL", "ESF7", "SPX", "ZZZQ", "", "buy ES", "AAPL261340C5"])
def test_words_that_only_resemble_a_symbol_resolve_to_nothing(reference: ReferenceData, text: str) -> None:
    assert reference.resolve(text, NOVEMBER) is None


def test_a_word_that_is_root_and_ticker_follows_the_asked_asset_class(reference: ReferenceData) -> None:
    colgate = reference.resolve("CL", NOVEMBER, AssetClass.STOCK)
    crude = reference.resolve("CL", NOVEMBER, AssetClass.FUTURE)
    assert colgate is not None
    assert crude is not None
    assert (colgate.instrument_id, crude.instrument_id) == ("CL", "CLF7")
    assert reference.resolve("ES", NOVEMBER, AssetClass.OPTION) is None


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 12, 11, 21, 59, tzinfo=UTC), "ESZ6"),
        (datetime(2026, 12, 13, 23, 0, tzinfo=UTC), "ESH7"),
        (datetime(2027, 3, 15, 15, 0, tzinfo=UTC), "ESM7"),
        (datetime(2027, 6, 11, 15, 0, tzinfo=UTC), "ESM7"),
        (datetime(2027, 6, 14, 15, 0, tzinfo=UTC), "ESU7"),
    ],
)
def test_the_front_month_changes_with_the_trade_date_of_the_roll(
    reference: ReferenceData, at: datetime, expected: str
) -> None:
    assert reference.front("ES", at).instrument_id == expected


def test_an_instrument_keeps_its_year_whatever_the_day(reference: ReferenceData) -> None:
    future = reference.instrument(InstrumentId("ESZ6"))
    assert future is not None
    assert future.expiry == date(2026, 12, 18)
    assert reference.instrument(InstrumentId("ES")) is None
    past = reference.resolve("ESH6", NOVEMBER)
    assert past is not None
    assert past.expiry == date(2026, 3, 20)
    assert reference.is_expired(past, NOVEMBER)


def test_a_future_stops_on_the_morning_of_its_last_day(reference: ReferenceData) -> None:
    future = reference.instrument(InstrumentId("ESZ6"))
    assert future is not None
    assert not reference.is_expired(future, datetime(2026, 12, 18, 14, 29, tzinfo=UTC))
    assert reference.is_expired(future, datetime(2026, 12, 18, 14, 30, tzinfo=UTC))


def test_an_option_stops_with_the_stock_market_on_a_half_day(reference: ReferenceData) -> None:
    option = reference.option("SPY", date(2026, 11, 27), Right.CALL, Decimal(600))
    assert not reference.is_expired(option, datetime(2026, 11, 27, 17, 59, tzinfo=UTC))
    assert reference.is_expired(option, datetime(2026, 11, 27, 18, 0, tzinfo=UTC))


def test_options_quote_in_the_steps_of_their_class(reference: ReferenceData) -> None:
    def steps(underlying: str) -> tuple[Decimal, Decimal]:
        option = reference.option(underlying, date(2026, 12, 18), Right.CALL, Decimal(100))
        return option.tick_at(Decimal("2.99")), option.tick_at(Decimal(3))

    assert steps("AAPL") == (Decimal("0.01"), Decimal("0.05"))
    assert steps("SPY") == (Decimal("0.01"), Decimal("0.01"))
    assert steps("SPX") == (Decimal("0.05"), Decimal("0.10"))
    assert steps("UNKNOWN"[:5]) == (Decimal("0.05"), Decimal("0.10"))


def test_sectors_are_known_for_listed_names_and_unknown_for_others(reference: ReferenceData) -> None:
    option = reference.option("AAPL", date(2026, 12, 18), Right.CALL, Decimal(100))
    unlisted = reference.instrument(InstrumentId("ZZZQ"))
    assert unlisted is not None
    assert reference.sector(option) == "Technology"
    assert reference.sector(unlisted) is None
    assert len(reference.listings) > 600


def test_search_puts_the_exact_symbol_first_and_finds_names(reference: ReferenceData) -> None:
    assert reference.search("es", 3)[0].symbol == "ES"
    assert reference.search("nvid", 5)[0].symbol == "NVDA"
    assert reference.search("gold", 20)[0].symbol in {"GC", "GS", "GFI"}
    assert len(reference.search("a", 7)) == 7
    assert reference.search("  ", 5) == ()


def test_unknown_margins_are_none_and_assumed_ones_say_so(reference: ReferenceData) -> None:
    es = reference.front("ES", NOVEMBER)
    platinum = reference.front("PL", NOVEMBER)
    margin = reference.margin(es, AUTUMN)
    assert margin is not None
    assert margin.is_assumed
    assert margin.overnight is None
    assert reference.margin(platinum, AUTUMN) is None


def test_topstep_and_ibkr_fees_are_those_of_their_tables(reference: ReferenceData) -> None:
    fees, es, mes = reference.fees, reference.front("ES", NOVEMBER), reference.front("MES", NOVEMBER)
    option = reference.option("AAPL", date(2026, 12, 18), Right.CALL, Decimal(100))
    price = Decimal("2.50")
    assert fees.round_turn(mes, "topstepx", AUTUMN) == Decimal("1.22")
    assert fees.fee_per_side(es, "ibkr", AUTUMN) == Decimal("2.15")
    assert fees.fee_per_side(mes, "ibkr", AUTUMN) == Decimal("0.57")
    assert fees.order_fee(option, "ibkr", AUTUMN, qty=2, price=price) == Decimal("1.30")
    assert fees.order_fee(option, "ibkr", AUTUMN, qty=1, price=price) == Decimal("1.00")
    assert fees.fee_per_side(option, "ibkr", AUTUMN, Decimal("0.04")) == Decimal("0.25")
    assert fees.fee_per_side(option, "ibkr", AUTUMN, Decimal("0.05")) == Decimal("0.50")
    assert fees.fee_per_side(option, "ibkr", AUTUMN, Decimal("0.10")) == Decimal("0.65")


@pytest.mark.parametrize(
    ("exits", "net"), [((6333, 6338), "942.44"), ((6333, 6326), "342.44"), ((6316, 6316), "-1007.56")]
)
def test_two_es_contracts_net_of_topstep_fees(reference: ReferenceData, exits: tuple[int, int], net: str) -> None:
    es = reference.front("ES", NOVEMBER)
    gross = sum((es.money(Decimal(price - 6326), 1) for price in exits), Decimal(0))
    fees = reference.fees.round_turn(es, "topstepx", AUTUMN)
    assert fees is not None
    assert gross - 2 * fees == Decimal(net)


@pytest.mark.parametrize("schedule", ["flat-2.50", "simulator"])
def test_seven_points_on_one_es_contract_net_347_50(reference: ReferenceData, schedule: str) -> None:
    es = reference.front("ES", NOVEMBER)
    fees = reference.fees.round_turn(es, schedule, AUTUMN)
    assert fees is not None
    assert es.money(Decimal(7), 1) - fees == Decimal("347.50")


def test_partial_fills_cost_what_the_whole_order_costs(reference: ReferenceData) -> None:
    option = reference.option("AAPL", date(2026, 12, 18), Right.CALL, Decimal(100))

    def fill(before: int, qty: int) -> Decimal:
        fee = reference.fees.fill_fee(option, "ibkr", AUTUMN, qty_before=before, qty=qty, price=Decimal("2.50"))
        assert fee is not None
        return fee

    assert (fill(0, 1), fill(1, 1), fill(2, 1)) == (Decimal("1.00"), Decimal("0.30"), Decimal("0.65"))


def test_a_schedule_without_a_row_has_no_fee(reference: ReferenceData) -> None:
    gold = reference.front("GC", NOVEMBER)
    assert reference.fees.fee_per_side(gold, "topstepx", AUTUMN) is None
    assert reference.fees.fee_per_side(gold, "nobody", AUTUMN) is None
    assert reference.fees.fee_per_side(reference.front("ES", NOVEMBER), "topstepx", date(2020, 1, 1)) is None
