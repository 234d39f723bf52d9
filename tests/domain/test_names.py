"""Contracts, money and refusals in words, and the fees that hold for a day."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.domain.test_orders import MES, fill
from tradestream_gui.domain.accounts import Account, AccountKind
from tradestream_gui.domain.alert_forms import FormPart, FormRole, MessageForm
from tradestream_gui.domain.alerts import ActionKind, AlertText, Embed
from tradestream_gui.domain.contract_names import contract_name, named, spoken_name
from tradestream_gui.domain.decisions import CheckResult
from tradestream_gui.domain.errors import UnknownBrokerValue
from tradestream_gui.domain.fees import FeeRow, FeeTable, FeeTier
from tradestream_gui.domain.ids import AccountId, InstrumentId
from tradestream_gui.domain.instruments import Right
from tradestream_gui.domain.money import decimal_from_text
from tradestream_gui.domain.options import build_option
from tradestream_gui.domain.orders import Side
from tradestream_gui.domain.policies import DistanceUnit
from tradestream_gui.domain.refusals import refusal
from tradestream_gui.domain.stocks import build_stock

D = Decimal
DECEMBER = replace(MES, expiry=date(2026, 12, 18))
CALL = build_option("AAPL", date(2026, 12, 18), Right.CALL, D("312.5"))
INDEX_PUT = build_option("SPX", date(2026, 12, 18), Right.PUT, D(6300))
PUT = build_option("AAPL", date(2026, 12, 18), Right.PUT, D(300))


@pytest.mark.parametrize(
    ("instrument", "name", "spoken"),
    [
        (DECEMBER, "MES Dec26", "MES Dec26"),
        (replace(DECEMBER, instrument_id=InstrumentId("MESH7")), "MES Mar27", "MES Mar27"),
        (MES, "MES Z6", "MES Z6"),
        (replace(DECEMBER, instrument_id=InstrumentId("MESQX")), "MES QX", "MES QX"),
        (replace(DECEMBER, instrument_id=InstrumentId("MESA6")), "MES A6", "MES A6"),
        (CALL, "AAPL 312.5C 18 Dec 26", "AAPL 312.5 call 18 Dec 26"),
        (PUT, "AAPL 300P 18 Dec 26", "AAPL 300 put 18 Dec 26"),
        (INDEX_PUT, "SPXW 6300P 18 Dec 26", "SPXW 6300 put 18 Dec 26"),
        (build_option("ABC", date(2026, 12, 18), Right.CALL, D(5)), "ABC 5C 18 Dec 26", "ABC 5 call 18 Dec 26"),
        (build_stock("AAPL"), "AAPL", "AAPL"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_contract_is_named_short_and_spoken_whole(instrument: object, name: str, spoken: str) -> None:
    assert (contract_name(instrument), spoken_name(instrument)) == (name, spoken)  # type: ignore[arg-type]  # one table


@pytest.mark.parametrize(
    ("code", "name"),
    [("MESZ6", "MESZ6"), (CALL.instrument_id, "AAPL 312.5C 18 Dec 26"), ("ABCDEFGHIJKLMNOPQRSTU",) * 2],
)
def test_a_code_in_a_sentence(code: str, name: str) -> None:
    assert named(code) == name


@pytest.mark.parametrize(("text", "words"), [("1_0x", "is not a number"), ("NaN", "is not a finite number")])
def test_text_that_is_no_amount_is_refused_and_named(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=f"'{text}' {words}"):
        decimal_from_text(text)
    assert decimal_from_text("12.50") == D("12.5")


@pytest.mark.parametrize(
    ("code", "fitting", "words"),
    [
        ("RISK_EXCEEDS_MAX", 2, "MES: 3 denied: risk of 9 over 5; 2 would fit"),
        ("RISK_EXCEEDS_MAX", 0, "MES: 3 denied: risk of 9 over 5. A nearer stop or a smaller contract may fit."),
        ("RISK_EXCEEDS_MAX", 3, "MES: 3 denied: risk of 9 over 5. A nearer stop or a smaller contract may fit."),
        ("NOBODY_KNOWS", 0, "MES: 3 denied: risk of 9 over 5"),
    ],
)
def test_a_refusal_tells_what_would_fit_or_what_now(code: str, fitting: int, words: str) -> None:
    failed = CheckResult(code, False, "risk of 9 over 5", "", "")
    told = refusal("MES", 3, failed, fitting)
    assert told.replace(failed.sentence, "risk of 9 over 5") == words


def test_an_unknown_word_of_a_broker_is_named_with_its_field() -> None:
    assert str(UnknownBrokerValue("order status", "Odd")).startswith("the broker sent order status='Odd'")


def test_a_form_knows_the_roles_of_its_parts_in_order() -> None:
    parts = (FormPart(None, ("in",)), FormPart(FormRole.SYMBOL), FormPart(FormRole.ENTRY))
    assert MessageForm(ActionKind.OPEN, parts).roles == (FormRole.SYMBOL, FormRole.ENTRY)


OLD = FeeRow("s", ("MES",), D("0.50"), date(2025, 1, 1), "its page")
NEW = replace(OLD, per_side=D("0.61"), valid_from=date(2026, 1, 1))
TIERS = (FeeTier(D(1), D("0.002")), FeeTier(D(5), D("0.005")))
STOCKS = FeeRow("s", ("stock",), D("0.01"), date(2025, 6, 1), "its page", tiers=TIERS)
TABLE = FeeTable((OLD, NEW, STOCKS))


def test_only_the_first_row_of_a_name_reaches_back() -> None:
    reaching = TABLE.reaching_back_to(date(2020, 1, 1))
    assert [row.valid_from.year for row in reaching.rows] == [2020, 2026, 2020]
    assert TABLE.reaching_back_to(date(2025, 3, 1)).rows[0].valid_from == date(2025, 1, 1)
    assert reaching.fee_per_side(MES, "s", date(2021, 5, 5)) == D("0.50")
    assert TABLE.fee_per_side(MES, "s", date(2021, 5, 5)) is None


def test_a_price_takes_the_lowest_tier_above_it() -> None:
    stock, on = build_stock("ACME"), datetime(2026, 5, 5, tzinfo=UTC).date()
    fees = [TABLE.fee_per_side(stock, "s", on, price) for price in (D("0.99"), D(1), D("4.99"), D(5), None)]
    assert fees == [D("0.002"), D("0.005"), D("0.005"), D("0.01"), D("0.01")]


def test_a_fee_that_nobody_knows_is_none_in_every_sum() -> None:
    on = date(2026, 5, 5)
    assert TABLE.round_turn(MES, "s", on) == D("1.22")
    assert TABLE.round_turn(MES, "other", on) is None
    assert TABLE.order_fee(MES, "other", on, qty=2) is None
    assert TABLE.fill_fee(MES, "other", on, qty_before=1, qty=2) is None


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [(AccountKind.LIVE, "TRADE LIVE a1"), (AccountKind.FUNDED, "TRADE FUNDED a1"), (AccountKind.SIMULATOR, "")],
)
def test_only_where_money_is_at_stake_a_sentence_opens_the_account(kind: AccountKind, sentence: str) -> None:
    assert Account(AccountId("a1"), "One", kind, "paper").entry_sentence == sentence


@pytest.mark.parametrize(
    ("text", "fields", "raw"),
    [
        ("hello", (), "hello"),
        ("hello", (("Symbol", "MES"), ("", "long")), "hello\nSymbol: MES\nlong"),
        ("", (("Symbol", "MES"),), "Symbol: MES"),
    ],
)
def test_evidence_points_into_the_text_and_its_embeds(text: str, fields: tuple[tuple[str, str], ...], raw: str) -> None:
    embeds = (Embed(fields),) if fields else ()
    alert = AlertText(text, embeds, None, datetime(2026, 11, 19, tzinfo=UTC), "room", "ann")
    assert alert.raw == raw


def test_a_fill_counts_by_its_side() -> None:
    assert (fill(Side.BUY, 2, "6326").signed_qty, fill(Side.SELL, 2, "6326").signed_qty) == (2, -2)


@pytest.mark.parametrize(
    ("unit", "risk", "price"),
    [(DistanceUnit.POINTS, None, "7"), (DistanceUnit.PERCENT, None, "14"), (DistanceUnit.R, "3", "21")],
)
def test_a_distance_in_each_unit(unit: DistanceUnit, risk: str | None, price: str) -> None:
    assert unit.in_price(D(7), D(200), D(risk) if risk else None) == D(price)
