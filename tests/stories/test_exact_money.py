"""One winning trade of each contract, to the cent: in the lots, the day, the database, analytics and the CSV."""

import csv
import io
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from tests.trading.stage import SIM, D, Stage, open_stage, reference_data
from tradestream_gui.analytics.service import AnalyticsService
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument, Toward
from tradestream_gui.domain.orders import Side
from tradestream_gui.domain.positions import Lot
from tradestream_gui.stored_analytics import stored_analytics


@dataclass(frozen=True, slots=True)
class Trade:
    """Made by hand: `gross` is points x dollars a point x contracts, `fees` both sides of all contracts."""

    symbol: str
    side: Side
    qty: int
    entry: str
    leave: str
    gross: str
    fees: str
    net: str


B, S = Side.BUY, Side.SELL
OPTION = "AAPL  261218C00275000"
BOOK = (
    #     contract, side, qty, in, out            points x $ a point x qty    fees      net
    Trade("ES", B, 1, "6326.25", "6333.25", "350.00", "2.50", "347.50"),  # 7 x 50
    Trade("MES", B, 3, "6326.25", "6333.25", "105.00", "3.66", "101.34"),  # 7 x 5 x 3; 6 x 0.61
    Trade("NQ", S, 1, "22944.50", "22930.25", "285.00", "2.50", "282.50"),  # 14.25 x 20
    Trade("MNQ", S, 7, "22944.50", "22944.25", "3.50", "8.54", "-5.04"),  # 0.25 x 2 x 7; 14 x 0.61
    Trade("RTY", B, 2, "2401.10", "2401.40", "30.00", "5.00", "25.00"),  # 0.3 x 50 x 2
    Trade("M2K", S, 1, "2401.10", "2398.40", "13.50", "1.22", "12.28"),  # 2.7 x 5
    Trade("YM", B, 1, "45012", "45049", "185.00", "2.50", "182.50"),  # 37 x 5
    Trade("MYM", B, 3, "45012", "45013", "1.50", "3.66", "-2.16"),  # 1 x 0.50 x 3
    Trade("CL", S, 1, "58.07", "57.94", "130.00", "2.50", "127.50"),  # 0.13 x 1000
    Trade("GC", B, 1, "4083.50", "4083.80", "30.00", "2.50", "27.50"),  # 0.3 x 100
    Trade(OPTION, B, 3, "2.07", "2.36", "87.00", "3.90", "83.10"),  # 0.29 x 100 x 3; 6 x 0.65
)
TOTAL_GROSS, TOTAL_FEES, TOTAL_NET = D("1220.50"), D("38.48"), D("1182.02")


def contract(stage: Stage, symbol: str) -> Instrument:
    found = reference_data().instrument(InstrumentId(symbol)) or reference_data().resolve(symbol, stage.clock.now())
    assert found is not None, f"{symbol} names no instrument"
    return found


async def traded(stage: Stage, trade: Trade) -> Lot:
    """In by a limit at the market, out by a resting target that the market trades through."""
    instrument = contract(stage, trade.symbol)
    of, entry, leave = instrument.instrument_id, D(trade.entry), D(trade.leave)
    await stage.core.subscriptions.subscribe(instrument)

    async def market_at(price: Decimal) -> None:
        """A quote one tick wide whose side that the trade's side crosses stands at the price."""
        tick = instrument.tick_at(price)
        bid = instrument.round_to_tick(price - tick if trade.side is B else price, Toward.NEAREST)
        await stage.quote(str(bid), str(bid + tick), of=of)

    await market_at(entry)
    stop = entry - 2 * (leave - entry)
    order = await stage.enter(
        trade.side, trade.qty, limit=trade.entry, stop=str(stop), of=of, targets=((trade.leave, "1"),)
    )
    assert order.instrument_id == of, order
    await stage.until(lambda: stage.lot().instrument_id == of and stage.lot().open_qty == trade.qty)
    assert stage.lot().avg_entry == entry
    await stage.run(2)
    await market_at(leave + 3 * instrument.tick_at(leave) * trade.side.sign)
    await stage.until(lambda: stage.lot().is_flat)
    return stage.lot()


def stored_money(database: Path, lot: Lot) -> tuple[Decimal, Decimal]:
    """What the fills of a lot say in the file: money taken less money given per point, and the fees."""
    with closing(sqlite3.connect(database)) as opened:
        rows = opened.execute(
            "SELECT side, last_qty, last_px, commission FROM fills WHERE lot_id = ?", (lot.lot_id,)
        ).fetchall()
    points = sum((D(px) * qty * (-1 if side == "BUY" else 1) for side, qty, px, _ in rows), D(0))
    return points, sum((D(fee) for *_, fee in rows), D(0))


def csv_rows(analytics: AnalyticsService) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(analytics.trades_csv().decode())))


def check_figures(analytics: AnalyticsService, lots: list[Lot]) -> None:
    """The summary and the trades' CSV hold the table to the cent, trade by trade and in sum."""
    summary, rows = analytics.summary(), csv_rows(analytics)
    assert len(summary.trades) == len(rows) == len(BOOK)
    for trade, lot, booked, row in zip(BOOK, lots, summary.trades, rows, strict=True):
        assert (booked.gross, booked.commission, booked.net) == (D(trade.gross), D(trade.fees), D(trade.net))
        assert (row["lot_id"], row["instrument_id"], row["qty"]) == (lot.lot_id, lot.instrument_id, str(trade.qty))
        assert (D(row["avg_entry"]), D(row["avg_exit"])) == (D(trade.entry), D(trade.leave))
        assert (row["gross"], row["commission"], row["net"]) == (trade.gross, trade.fees, trade.net)
    metrics = summary.metrics
    assert (metrics.gross, metrics.commission, metrics.net) == (TOTAL_GROSS, TOTAL_FEES, TOTAL_NET)
    assert sum((D(row["net"]) for row in rows), D(0)) == TOTAL_NET


def test_the_table_adds_up() -> None:
    assert all(D(trade.gross) - D(trade.fees) == D(trade.net) for trade in BOOK)
    assert sum(D(trade.gross) for trade in BOOK) == TOTAL_GROSS
    assert sum(D(trade.fees) for trade in BOOK) == TOTAL_FEES
    assert TOTAL_GROSS - TOTAL_FEES == TOTAL_NET


async def test_every_trade_is_exact_to_the_cent_from_the_fill_to_the_csv_and_after_a_restart(tmp_path: Path) -> None:
    stage = await open_stage(tmp_path)
    before = await stage.venue.balance(SIM)
    lots = [await traded(stage, trade) for trade in BOOK]
    for trade, lot in zip(BOOK, lots, strict=True):
        assert (lot.realized_pnl, lot.commission, lot.net_pnl) == (D(trade.gross), D(trade.fees), D(trade.net))
        assert (lot.entry_qty, lot.exit_qty, lot.open_qty) == (trade.qty, trade.qty, 0)
    assert stage.core.ledger.realized(SIM, stage.clock.now()) == TOTAL_NET
    assert (await stage.venue.balance(SIM)).cash - before.cash == TOTAL_NET
    await stage.journal.flush()
    for trade, lot in zip(BOOK, lots, strict=True):
        points, fees = stored_money(tmp_path / "paper.db", lot)
        assert points * contract(stage, trade.symbol).point_value == D(trade.gross)
        assert fees == D(trade.fees)
    check_figures(stage.core.analytics, lots)
    later = await stage.killed(after_s=5)
    assert [later.core.lots.lot(lot.lot_id) for lot in lots] == lots
    assert later.core.ledger.realized(SIM, later.clock.now()) == TOTAL_NET
    assert (await later.venue.balance(SIM)).cash - before.cash == TOTAL_NET
    check_figures(later.core.analytics, lots)
    await later.close()
    check_figures(stored_analytics([tmp_path / "paper.db"]), lots)


@pytest.mark.parametrize("root", ["ES", "MES", "NQ", "MNQ", "RTY", "M2K", "YM", "MYM", "CL", "GC"])
def test_every_future_has_a_row_of_the_table(root: str) -> None:
    assert root in {trade.symbol for trade in BOOK}
