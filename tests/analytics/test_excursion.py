"""MAE, MFE, give-back and efficiency from the prices that were seen while a trade was open."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.analytics.given import JMONEY, Tape, future, ledger
from tradestream_gui.analytics.excursion import ExcursionTracker, capture, efficiency, give_back
from tradestream_gui.analytics.trades import Trade
from tradestream_gui.domain.orders import Fill
from tradestream_gui.domain.quotes import Aggressor, DataKind, Quote, TradePrint

ES = future("ES")
AT = datetime(2026, 9, 15, 14, 0, tzinfo=UTC)


def quote(bid: str | None, ask: str | None = None) -> Quote:
    ask = ask or (str(Decimal(bid) + Decimal("0.25")) if bid else None)
    return Quote(
        ES.instrument_id, AT, Decimal(bid) if bid else None, 5, Decimal(ask) if ask else None, 5, None, DataKind.DEMO
    )


def trade_print(price: str) -> TradePrint:
    return TradePrint(ES.instrument_id, AT, Decimal(price), 1, Aggressor.UNKNOWN, DataKind.DEMO)


def played(steps: list[Fill | Quote | TradePrint], watched: bool = True) -> Trade:
    """The one trade that comes of fills and market events in this order."""
    book, tracker, trade = ledger(), ExcursionTracker(), None
    for step in steps:
        if isinstance(step, Quote):
            tracker.on_quote(step)
        elif isinstance(step, TradePrint):
            tracker.on_print(step)
        else:
            booking = book.book(step, JMONEY)
            for lot in booking.lots:
                seen = tracker.on_lot(lot, ES, step.last_px, watched=watched)
            if booking.trade is not None:
                trade = replace(booking.trade, excursion=seen)
    assert trade is not None
    return trade


def test_one_contract_from_entry_to_exit() -> None:
    tape = Tape(ES)
    trade = played([tape.buy(1, "6326"), quote("6321"), quote("6335"), quote("6330"), tape.sell(1, "6333")])
    assert (trade.mae, trade.mfe) == (Decimal(-250), Decimal(450))
    assert give_back(trade) == Decimal(100)
    seen = efficiency(trade)
    assert seen is not None
    assert float(seen.entry) == pytest.approx(0.642857, abs=1e-6)
    assert float(seen.exit) == pytest.approx(0.857143, abs=1e-6)
    assert float(seen.total) == pytest.approx(0.5, abs=1e-6)
    assert float(capture(trade) or 0) == pytest.approx(0.777778, abs=1e-6)


def test_a_short_is_mirrored_and_marked_at_the_ask() -> None:
    tape = Tape(ES)
    trade = played([tape.sell(1, "6326"), quote("6330.75", "6331"), quote("6316.75", "6317"), tape.buy(1, "6319")])
    assert (trade.mae, trade.mfe) == (Decimal(-250), Decimal(450))
    seen = efficiency(trade)
    assert seen is not None
    assert float(seen.entry) == pytest.approx(0.642857, abs=1e-6)
    assert float(seen.total) == pytest.approx(0.5, abs=1e-6)


def test_after_a_partial_exit_only_the_open_quantity_moves_the_excursion() -> None:
    tape = Tape(ES)
    trade = played(
        [tape.buy(2, "6326"), quote("6333"), tape.sell(1, "6333"), quote("6340"), quote("6320"), tape.sell(1, "6326")]
    )
    assert trade.mfe == Decimal(350 + 700)
    assert trade.mae == Decimal(0)
    assert give_back(trade) == Decimal(700)


def test_a_trade_that_no_price_was_seen_of_has_no_excursion() -> None:
    tape = Tape(ES)
    trade = played([tape.buy(1, "6326"), tape.sell(1, "6333")])
    assert (trade.mae, trade.mfe, efficiency(trade), capture(trade), give_back(trade)) == (None,) * 5


def test_a_trade_restored_while_open_has_no_excursion() -> None:
    tape = Tape(ES)
    trade = played([tape.buy(1, "6326"), quote("6321"), tape.sell(1, "6333")], watched=False)
    assert trade.excursion is None


def test_a_trade_that_never_was_in_profit_captures_nothing() -> None:
    tape = Tape(ES)
    trade = played([tape.buy(1, "6326"), quote("6320"), tape.sell(1, "6319")])
    assert (trade.mfe, capture(trade)) == (Decimal(0), None)


def test_prints_count_only_where_there_are_no_quotes() -> None:
    bare, quoted = Tape(ES), Tape(ES)
    alone = played([bare.buy(1, "6326"), trade_print("6340"), bare.sell(1, "6333")])
    assert alone.mfe == Decimal(700)
    beside = played([quoted.buy(1, "6326"), quote("6330"), trade_print("6340"), quoted.sell(1, "6333")])
    assert beside.mfe == Decimal(350)
