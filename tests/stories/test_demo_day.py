"""The demo day through the real profile: equal to a ledger made by hand, and the same to the cent at any pace."""

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

from tradestream_gui.cli import Launch
from tradestream_gui.domain.orders import OrderRole
from tradestream_gui.paths import Paths
from tradestream_gui.startup import Opened, clear_demo, open_profile

D = Decimal
FEE = {"MESZ6": D("0.61"), "MNQZ6": D("0.61"), "MGCZ6": D("0.61"), "option": D("0.65")}
HAND_MADE = (
    # analyst, instrument, opened, at, exits in order (role, qty, price), points x value, fees a side x contracts
    ("JMoney", "MESZ6", 3, "6325.75", (("TARGET", 2, "6333.00"), ("TARGET", 1, "6338.00")), "133.75", "3.66"),
    ("Okafor", "AAPL  261218C00275000", 1, "2.50", (("STOP", 1, "2.79"),), "29.00", "1.30"),
    ("Rita", "MNQZ6", -1, "22944.50", (("STOP", 1, "22981.25"),), "-73.50", "1.22"),
    ("Dana", "SPY   261204C00635000", 1, "3.14", (), "0", "0.65"),
    ("Sal", "MGCZ6", 1, "4083.50", (), "0", "0.61"),
    ("JMoney", "MESZ6", -2, "6341.00", (("TARGET", 1, "6334.00"), ("STOP", 1, "6338.75")), "46.25", "2.44"),
)
"""Entries fill at the ask (longs) or bid (shorts) of the script's path, a tick of slippage on stops and closes; targets
at their limits: 6326 + 7 and + 12, 6341 - 7. The analysts' other posts make no trade."""


def launch(folder: Path, **more: object) -> Launch:
    given = {
        "profile": "demo", "data_dir": folder, "config": None, "theme": None, "safe_mode": False,
        "reset_layout": False, "log_level": "INFO", "demo": True, "resume": False, "speed": None, "seed": 7,
        "seconds": None, "offscreen_report": None, **more,
    }  # fmt: skip
    return Launch(**given)  # type: ignore[arg-type]  # by name


async def opened_demo(folder: Path, **more: object) -> Opened:
    wanted = launch(folder, **more)
    paths = Paths.for_profile(wanted.profile, data_dir=wanted.data_dir)
    paths.create()
    clear_demo(wanted, paths)
    return await open_profile(wanted, paths)


def fills_of(opened: Opened) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(opened.paths.paper_db)) as database:
        rows = database.execute(
            "SELECT at, instrument_id, side, last_qty, last_px, commission, lot_id FROM fills ORDER BY seq"
        )
        return [tuple(str(value) for value in row) for row in rows]


async def test_the_day_ends_in_the_hand_made_ledger_and_a_faster_run_in_the_same_fills(tmp_path: Path) -> None:
    opened = await opened_demo(tmp_path / "one")
    await opened.start()
    await opened.drive()
    core = opened.running.core
    lots = core.lots.lots()
    assert len(lots) == len(HAND_MADE)
    for lot, (analyst, instrument, opened_qty, price, exits, gross, fees) in zip(lots, HAND_MADE, strict=True):
        assert (lot.origin.label, lot.instrument_id) == (analyst, instrument)
        assert (lot.entry_qty * lot.side.sign, lot.avg_entry_of_all) == (opened_qty, D(price))
        orders = [order for order in core.blotter.orders_of_lot(lot.lot_id) if order.reduces and order.cum_qty]
        left = sorted((order.role.value, order.cum_qty, order.avg_px) for order in orders)
        assert left == sorted((role, qty, D(at)) for role, qty, at in exits)
        assert (lot.realized_pnl, lot.commission) == (D(gross), D(fees))
    expected = sum((D(gross) - D(fees) for *_, gross, fees in HAND_MADE), D(0))
    assert sum((lot.net_pnl for lot in lots), D(0)) == expected == D("125.62")
    assert core.ledger.realized("demo", core.clock.now()) == expected
    first = fills_of(opened)
    for lot in core.lots.open_lots():
        assert core.blotter.exits_of_lot(lot.lot_id, OrderRole.STOP)
    await opened.close()
    again = await opened_demo(tmp_path / "two", speed=900.0)
    core = again.running.core
    await again.start()
    for symbol in ("YM", "MYM", "M2K", "QQQ"):
        other = core.reference.resolve(symbol, core.clock.now())
        if other is not None:
            await core.subscriptions.subscribe(other)
    await again.drive()
    assert fills_of(again) == first
    await again.close()


async def test_a_demo_stopped_at_any_moment_goes_on_with_all_that_was_shown(tmp_path: Path) -> None:
    opened = await opened_demo(tmp_path)
    assert opened.day is not None
    await opened.start()
    core = opened.running.core
    await opened.drive(opened.day.start.replace(minute=32))
    shown = ({order.cl_ord_id: order for order in core.blotter.orders()}, core.lots.lots(), core.exits.plans())
    pnl = core.ledger.realized("demo", core.clock.now())
    await opened.close()
    later = await opened_demo(tmp_path, resume=True)
    await later.start()
    core = later.running.core
    found = ({order.cl_ord_id: order for order in core.blotter.orders()}, core.lots.lots(), core.exits.plans())
    assert found == shown
    assert core.ledger.realized("demo", core.clock.now()) == pnl
    await later.drive(opened.day.start.replace(minute=42))
    assert sum(1 for order in core.blotter.orders() if order.role is OrderRole.ENTRY) == 3
    assert core.lots.lots()[0].is_flat
    await later.close()


