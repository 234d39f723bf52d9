"""Contract codes, last trading days and the lead month, by the exchanges' published dates."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from tradestream_gui.domain.futures import (
    ContractMonth,
    FuturesRoot,
    build_future,
    contract_code,
    contract_month,
    front_month,
    last_trading_day,
    listed_months,
    long_code,
    projectx_contract_id,
    roll_date,
)
from tradestream_gui.domain.sessions import TradingCalendar
from tradestream_gui.market.reference_tables import load_calendar, load_roots

RESOURCES = Path(__file__).parents[2] / "resources"


@pytest.fixture(scope="module")
def roots() -> dict[str, FuturesRoot]:
    return load_roots(RESOURCES / "instruments.toml")


@pytest.fixture(scope="module")
def days(roots: dict[str, FuturesRoot]) -> TradingCalendar:
    return load_calendar(RESOURCES / "sessions.toml", roots)


def test_codes_in_each_houses_spelling(roots: dict[str, FuturesRoot]) -> None:
    december = ContractMonth(2026, 12)
    assert contract_code("ES", december) == "ESZ6"
    assert long_code("ES", december) == "ESZ26"
    assert projectx_contract_id(roots["ES"], december) == "CON.F.US.EP.Z26"
    assert projectx_contract_id(roots["MES"], ContractMonth(2027, 3)) == "CON.F.US.MES.H27"


@pytest.mark.parametrize(("digits", "year"), [("6", 2026), ("7", 2027), ("5", 2035), ("26", 2026), ("2031", 2031)])
def test_a_single_year_digit_is_its_next_occurrence(digits: str, year: int) -> None:
    assert contract_month("Z", digits, date(2026, 11, 20)) == ContractMonth(year, 12)


@pytest.mark.parametrize(
    ("root", "contract", "last_day"),
    [
        ("ES", ContractMonth(2026, 12), date(2026, 12, 18)),
        ("MES", ContractMonth(2027, 6), date(2027, 6, 17)),
        ("NQ", ContractMonth(2026, 6), date(2026, 6, 18)),
        ("CL", ContractMonth(2027, 1), date(2026, 12, 21)),
        ("CL", ContractMonth(2026, 12), date(2026, 11, 20)),
        ("MCL", ContractMonth(2026, 12), date(2026, 11, 19)),
        ("NG", ContractMonth(2026, 12), date(2026, 11, 25)),
        ("GC", ContractMonth(2026, 12), date(2026, 12, 29)),
        ("ZN", ContractMonth(2026, 12), date(2026, 12, 21)),
        ("ZF", ContractMonth(2026, 12), date(2026, 12, 31)),
        ("6E", ContractMonth(2026, 12), date(2026, 12, 14)),
        ("6C", ContractMonth(2026, 12), date(2026, 12, 15)),
        ("ZC", ContractMonth(2026, 12), date(2026, 12, 14)),
        ("MBT", ContractMonth(2026, 11), date(2026, 11, 27)),
    ],
)
def test_last_trading_days(
    roots: dict[str, FuturesRoot], days: TradingCalendar, root: str, contract: ContractMonth, last_day: date
) -> None:
    assert last_trading_day(roots[root], contract, days) == last_day
    assert build_future(roots[root], contract, days).expiry == last_day


@pytest.mark.parametrize(
    ("contract", "rolls"),
    [
        (ContractMonth(2026, 12), date(2026, 12, 14)),
        (ContractMonth(2027, 3), date(2027, 3, 15)),
        (ContractMonth(2027, 6), date(2027, 6, 14)),
    ],
)
def test_equity_index_futures_roll_on_the_monday_before_the_third_friday(
    roots: dict[str, FuturesRoot], days: TradingCalendar, contract: ContractMonth, rolls: date
) -> None:
    es = roots["ES"]
    assert roll_date(es, contract, days) == rolls
    assert front_month(es, rolls - timedelta(days=1), days) == contract
    assert front_month(es, rolls, days) > contract


def test_gold_leaves_october_out_and_december_before_first_notice(
    roots: dict[str, FuturesRoot], days: TradingCalendar
) -> None:
    gold = roots["GC"]
    assert front_month(gold, date(2026, 8, 3), days) == ContractMonth(2026, 12)
    assert front_month(gold, date(2026, 11, 24), days) == ContractMonth(2026, 12)
    assert front_month(gold, date(2026, 11, 30), days) == ContractMonth(2027, 2)


def test_every_root_has_a_tradable_lead_month_on_every_day_of_the_table(
    roots: dict[str, FuturesRoot], days: TradingCalendar
) -> None:
    for root in roots.values():
        before = ContractMonth(2000, 1)
        day = days.covers_from
        while day <= days.covers_until:
            lead = front_month(root, day, days)
            assert lead >= before, f"{root.root} rolled backwards on {day}"
            assert last_trading_day(root, lead, days) >= day, f"{root.root} leads with an expired month on {day}"
            before = lead
            day += timedelta(days=7)


def test_the_listed_months_end(roots: dict[str, FuturesRoot]) -> None:
    months = list(listed_months(roots["ES"], date(2026, 11, 20)))
    assert months[:2] == [ContractMonth(2026, 12), ContractMonth(2027, 3)]
    assert months == sorted(months)


def test_the_second_month_follows_the_lead_month(roots: dict[str, FuturesRoot], days: TradingCalendar) -> None:
    assert front_month(roots["ES"], date(2026, 11, 20), days, position=2) == ContractMonth(2027, 3)
