"""Names and kinds on both sides: contracts to our ids and back, and what an account's code and port prove."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.trading.stage import reference_data
from tradestream_gui.adapters.brokers.ibkr.mapping import instrument_id_of, mode_mismatch, wanted
from tradestream_gui.adapters.brokers.ibkr.rows import ContractRow
from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.domain.ids import InstrumentId

NOON = datetime(2026, 11, 20, 17, tzinfo=UTC)
PAPER, LIVE = AccountKind.BROKER_PAPER, AccountKind.LIVE


def row(sec_type: str, symbol: str, local: str, trading_class: str, **more: object) -> ContractRow:
    values = {"con_id": 1, "expiry": "", "strike": Decimal(0), "right": "", "multiplier": ""} | more
    return ContractRow(
        symbol=symbol, sec_type=sec_type, local_symbol=local, trading_class=trading_class,
        **values,  # type: ignore[arg-type]  # the rows below name the fields
    )  # fmt: skip


@pytest.mark.parametrize(
    ("contract", "ours"),
    [
        (row("FUT", "ES", "ESZ6", "ES", expiry="20261218"), "ESZ6"),
        (row("FUT", "CL", "CLF7", "CL", expiry="20261221"), "CLF7"),
        (row("FUT", "YM", "YM   DEC 26", "YM", expiry="20261218"), "YMZ6"),
        (row("FUT", "EUR", "6EZ6", "6E", expiry="20261214"), "6EZ6"),
        (row("STK", "AAPL", "AAPL", "NMS"), "AAPL"),
        (row("STK", "BRK B", "BRK B", "BRK B"), "BRK.B"),
        (
            row("OPT", "QQQ", "", "QQQ", expiry="20261218", strike=Decimal("500.5"), right="C", multiplier="100"),
            "QQQ   261218C00500500",
        ),
        (row("OPT", "SPX", "", "SPXW", expiry="20261120", strike=Decimal(6300), right="P"), "SPXW  261120P06300000"),
    ],
)
def test_contract_of_tws_has_our_id(contract: ContractRow, ours: str) -> None:
    assert instrument_id_of(contract) == ours


@pytest.mark.parametrize(
    ("ours", "symbol", "trading_class", "exchange", "expiry"),
    [
        ("ESZ6", "ES", "ES", "CME", "202612"),
        ("ESH7", "ES", "ES", "CME", "202703"),
        ("CLF7", "CL", "CL", "NYMEX", "202701"),
        ("6EZ6", "EUR", "6E", "CME", "202612"),
        ("QQQ   261218C00500000", "QQQ", "QQQ", "SMART", "20261218"),
        ("SPXW  261120P06300000", "SPX", "SPXW", "SMART", "20261120"),
        ("BRKB  261218C00500000", "BRK B", "BRKB", "SMART", "20261218"),
        ("BRK.B", "BRK B", "", "SMART", ""),
    ],
)
def test_instrument_is_described_so_that_only_one_contract_fits(
    ours: str, symbol: str, trading_class: str, exchange: str, expiry: str
) -> None:
    instrument = reference_data().read_on(date(2026, 11, 20)).instrument(InstrumentId(ours))
    assert instrument is not None
    asked = wanted(instrument)
    assert (asked.symbol, asked.trading_class) == (symbol, trading_class)
    assert (asked.exchange, asked.expiry) == (exchange, expiry)


def test_every_future_of_the_tables_is_described_by_its_own_month() -> None:
    reference = reference_data()
    for root in reference.roots:
        instrument = reference.front(root, NOON)
        asked = wanted(instrument)
        assert asked.trading_class == root
        assert re.fullmatch(r"20\d\d(0[1-9]|1[0-2])", asked.expiry)


@pytest.mark.parametrize(
    ("code", "port", "kind", "problem"),
    [
        ("DU1234567", 7497, PAPER, ""),
        ("DU1234567", 4002, PAPER, ""),
        ("DF1234567", 17497, PAPER, ""),
        ("U1234567", 7496, LIVE, ""),
        ("U1234567", 4001, LIVE, ""),
        ("U1234567", 7497, PAPER, "is a LIVE account"),
        ("DU1234567", 7496, PAPER, "port 7496 is the LIVE port"),
        ("U1234567", 7497, LIVE, "port 7497 is the BROKER PAPER port"),
        ("DU1234567", 7496, LIVE, "is a BROKER PAPER account"),
        ("DU1234567", 7497, AccountKind.SIMULATOR, "is a BROKER PAPER account"),
        ("XY1", 7497, PAPER, "nobody can tell"),
        ("", 7497, PAPER, "nobody can tell"),
    ],
)
def test_code_and_port_must_both_say_what_the_account_was_set_up_as(
    code: str, port: int, kind: AccountKind, problem: str
) -> None:
    words = mode_mismatch(code, port, kind)
    assert bool(words) == bool(problem)
    assert problem in words
    assert not words or words.startswith("MODE_MISMATCH")
