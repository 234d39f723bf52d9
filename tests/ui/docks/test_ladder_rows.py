"""What the ladder shows: rows that stay under the mouse, grouping, spoken cells, depth, volume and the tape."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.docks.ladder_rig import Ladder
from tests.ui.tabs.rig import demo_rig
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument, TickBand
from tradestream_gui.domain.orders import Side
from tradestream_gui.domain.quotes import DataKind, Depth, DepthLevel, Quote
from tradestream_gui.ui.docks.ladder.dock import WAITING, LadderDock
from tradestream_gui.ui.models.ladder_model import LadderColumn, LadderModel
from tradestream_gui.ui.models.ladder_rows import LadderRow, LadderScene, MarkKind, OwnMark, PriceGrid, rows_of
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.widgets.ticket.market import NO_DEPTH

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)


def future(*bands: tuple[str, str]) -> Instrument:
    ticks = tuple(TickBand(Decimal(start), Decimal(tick)) for start, tick in bands or (("0", "0.25"),))
    return Instrument(InstrumentId("ES"), AssetClass.FUTURE, "ES", "CME", ticks, Decimal(50), "ES", Decimal(1))


def quoted(bid: str, ask: str) -> Quote:
    return Quote(InstrumentId("ES"), NOW, Decimal(bid), 7, Decimal(ask), 9, Decimal(bid), DataKind.REALTIME)


def level(price: str, size: int) -> DepthLevel:
    return DepthLevel(Decimal(price), size)


def row_at(rows: list[LadderRow], price: str) -> LadderRow:
    return next(row for row in rows if row.price == Decimal(price))


def test_grouped_rows_add_up_bids_below_and_asks_above() -> None:
    grid = PriceGrid(future(), group=4)
    depth = Depth(
        InstrumentId("ES"),
        NOW,
        (level("6325.75", 3), level("6325.25", 4), level("6324.75", 5)),
        (level("6326.00", 1), level("6326.25", 2)),
        DataKind.REALTIME,
    )
    volumes = {Decimal("6325.25"): 10, Decimal("6325.75"): 5}
    scene = LadderScene(grid, quoted("6325.75", "6326.00"), depth, Decimal("6325.75"), volumes=volumes)
    rows = rows_of(grid.window(Decimal(6328), 6), scene)
    assert [row.price for row in rows] == [Decimal(price) for price in (6328, 6327, 6326, 6325, 6324, 6323)]
    assert (row_at(rows, "6325").bid_size, row_at(rows, "6324").bid_size) == (7, 5)
    assert (row_at(rows, "6326").ask_size, row_at(rows, "6327").ask_size) == (1, 2)
    assert row_at(rows, "6325").volume == 15
    assert row_at(rows, "6325").is_last


def test_the_grid_follows_the_tick_across_its_bands() -> None:
    grid = PriceGrid(future(("0", "0.01"), ("3", "0.05")))
    assert grid.window(Decimal("3.10"), 5) == [Decimal(price) for price in ("3.10", "3.05", "3.00", "2.99", "2.98")]
    assert grid.above(Decimal("2.99")) == Decimal("3.00")


def test_without_depth_the_top_of_the_book_is_shown() -> None:
    grid = PriceGrid(future())
    scene = LadderScene(grid, quoted("6325.75", "6326.00"))
    rows = rows_of(grid.window(Decimal(6327), 8), scene)
    assert not scene.has_depth
    assert (row_at(rows, "6325.75").bid_size, row_at(rows, "6326.00").ask_size) == (7, 9)
    assert sum(row.bid_size for row in rows) == 7


def test_every_cell_is_spoken_whole(qtbot: QtBot) -> None:
    grid, model = PriceGrid(future()), LadderModel()
    mark = OwnMark("o1", MarkKind.ENTRY, Side.BUY, 2, "LMT", Decimal("6325.75"), is_pending=True)
    scene = LadderScene(
        grid, quoted("6325.75", "6326.00"), None, Decimal("6325.75"), (mark,), average=Decimal("6325.80")
    )
    model.show(grid.instrument, rows_of(grid.window(Decimal("6326.00"), 2), scene))

    def spoken(row: int, column: LadderColumn) -> object:
        return model.data(model.index(row, column), Qt.ItemDataRole.AccessibleTextRole)

    assert spoken(1, LadderColumn.BUYS) == "buy 2 LMT at 6,325.75, not confirmed yet"
    assert spoken(1, LadderColumn.PRICE) == "6,325.75, last price, best bid, your average price"
    assert spoken(1, LadderColumn.BID) == "bid 7 at 6,325.75"
    assert spoken(0, LadderColumn.ASK) == "ask 9 at 6,326.00"
    assert spoken(0, LadderColumn.SELLS) == "no own sell order at 6,326.00"
    assert spoken(0, LadderColumn.VOLUME) == "nothing traded at 6,326.00"


def test_only_changed_rows_are_told(qtbot: QtBot) -> None:
    grid, model = PriceGrid(future()), LadderModel()
    prices = grid.window(Decimal(6330), 30)
    model.show(grid.instrument, rows_of(prices, LadderScene(grid, quoted("6325.75", "6326.00"))))
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    assert model.show(grid.instrument, rows_of(prices, LadderScene(grid, quoted("6325.75", "6326.00")))) == 0
    assert told == []
    assert model.show(grid.instrument, rows_of(prices, LadderScene(grid, quoted("6325.50", "6326.00")))) == 2
    assert told == [(17, 17), (18, 18)]


def test_a_ladder_without_rows_tells_of_none(qtbot: QtBot) -> None:
    grid, model = PriceGrid(future()), LadderModel()
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    model.show(grid.instrument, [])
    model.repaint_all()
    assert told == []


async def test_rows_stay_under_the_mouse_and_come_back_when_it_has_gone(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        centred = ladder.prices
        ladder.hover(2, LadderColumn.BID)
        ladder.dock.view.scroll_wanted.emit(-60)  # a wheel turned far is a person's wish
        far = ladder.prices
        assert far != centred
        await ladder.go_on(20)
        assert ladder.prices == far, "prices came, the mouse is inside: nothing moves"
        ladder.leave()
        await ladder.go_on(1)
        count = len(ladder.prices)
        last = next(number for number, row in enumerate(ladder.rows) if row.is_last)
        assert count // 4 <= last <= count - 1 - count // 4


async def test_space_centres_even_under_the_mouse(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        ladder.hover(2, LadderColumn.BID)
        ladder.dock.view.scroll_wanted.emit(-60)
        ladder.key(Qt.Key.Key_Space)
        last = next(number for number, row in enumerate(ladder.rows) if row.is_last)
        assert abs(last - len(ladder.rows) // 2) <= 1


async def test_grouping_keeps_own_orders_in_sight(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        group = ladder.dock.controls.group
        group.setCurrentIndex(2)
        group.activated.emit(2)
        assert {above - below for above, below in zip(ladder.prices, ladder.prices[1:], strict=False)} == {Decimal(1)}


async def test_demo_prices_say_so_and_depth_needs_no_note(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        assert ladder.dock.view.cells.watermark == "DEMO"
        assert ladder.dock.note.text() == NO_DEPTH
        assert ladder.dock.note.isHidden()


async def test_the_first_price_ends_the_waiting(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = Ladder(look, qtbot, rig)
        assert ladder.words == WAITING
        await ladder.open()
        assert ladder.rows
        assert ladder.words != WAITING


async def test_prints_and_volume_follow_the_market(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        await ladder.go_on(120)
        prints = ladder.dock.tape.tape.prints
        newest = rig.core.board.last_print(rig.instrument("MES").instrument_id)
        assert prints[0] == newest
        assert len(prints) <= 200
        assert any(row.volume for row in ladder.rows)


async def test_an_armed_ladder_keeps_its_contract_and_another_account_disarms_it(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        ladder = await Ladder(look, qtbot, rig).open()
        mes, es = rig.instrument("MES"), rig.instrument("ES")
        ladder.dock.head.lock.click()
        assert ladder.dock.arming.is_armed
        assert ladder.dock.head.lock.text() == "ARMED"
        ladder.dock.show_instrument_id(es.instrument_id)
        assert ladder.dock.model.instrument == mes
        opened_late = LadderDock(look)
        qtbot.addWidget(opened_late)
        opened_late.use_arming(ladder.dock.arming)
        opened_late.attach(rig.core, rig.hub)
        assert ladder.dock.arming.is_armed, "the first account of a ladder is no change of it"
        ladder.dock.show_account(None)
        assert ladder.dock.head.lock.text() == "Disarmed"
        ladder.dock.show_instrument_id(es.instrument_id)
        assert ladder.dock.tape.tape.rowCount() >= 0
