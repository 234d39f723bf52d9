"""The docks on a living demo day: prices, candles and the log follow what happens."""

import asyncio
from decimal import Decimal
from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.ui.tabs.rig import demo_rig
from tests.ui.waiting import until
from tradestream_gui.ui.docks.chart.dock import ChartDock
from tradestream_gui.ui.docks.log.dock import LogDock
from tradestream_gui.ui.docks.watchlist.dock import WatchlistDock
from tradestream_gui.ui.shell.look import Look

ONE_FRAME_S = 0.1
"""The hub gathers quotes for 33 ms."""


async def test_the_watchlist_shows_what_the_board_holds(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    dock = WatchlistDock(look)
    qtbot.addWidget(dock)
    dock.resize(270, 600)
    dock.show()
    async with demo_rig(tmp_path, 5) as rig:
        dock.attach(rig.core, rig.hub)
        await rig.advance(10)
        await asyncio.sleep(ONE_FRAME_S)
        dock.model.flush()
        es = rig.instrument("ES")
        row = dock.model.row(es.instrument_id)
        assert row is not None
        assert row.market.last == rig.core.board.last_price(es.instrument_id)
        assert row.market.is_demo
    dock.resize(1, 600)
    scroll = dock.table.horizontalScrollBar()
    assert scroll is not None
    assert dock.minimumSizeHint().width() <= dock.width()
    await until(lambda: scroll.maximum() == 0)  # the last price never goes out of sight


async def test_rows_out_of_sight_are_current_when_they_are_scrolled_to(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    dock = WatchlistDock(look)
    qtbot.addWidget(dock)
    dock.resize(270, 380)
    dock.show()
    async with demo_rig(tmp_path, 5) as rig:
        dock.attach(rig.core, rig.hub)
        await asyncio.sleep(ONE_FRAME_S)
        dock.grab()
        last = dock.model.keys[-1]
        assert isinstance(last, str)
        assert not dock.model.is_in_sight(last)
        await rig.advance(30)
        await asyncio.sleep(ONE_FRAME_S)
        bar = dock.table.verticalScrollBar()
        assert bar is not None
        bar.setValue(bar.maximum())
        dock.grab()
        bar.valueChanged.emit(bar.value())
        row = dock.model.row(last)
        assert row is not None
        assert row.market.last == rig.core.board.last_price(row.instrument.instrument_id)


async def test_the_chart_holds_the_bars_of_the_book(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    dock = ChartDock(look)
    qtbot.addWidget(dock)
    dock.resize(500, 500)
    dock.show()
    async with demo_rig(tmp_path, 5) as rig:
        dock.attach(rig.core, rig.hub)
        es = rig.instrument("ES")
        dock.show_instrument_id(es.instrument_id)
        (panel,) = dock.panels
        panel.bar.choose_interval(5)
        await rig.advance(120)
        view = panel.chart.view
        assert view is not None
        series = rig.core.bars.series(es.instrument_id, 5)
        assert view.store.count in (len(series), len(series) + 1)
        shown = view.store.bar(len(series) - 2)  # the newest one may wait for its frame
        assert Decimal(repr(shown.close)) == series[len(series) - 2].close
        assert panel.watermark.words == "DEMO"
        await asyncio.sleep(ONE_FRAME_S)
        await rig.advance(2)  # the room of the prices is known by now
        await asyncio.sleep(ONE_FRAME_S)
        assert abs(panel.watermark.geometry().center().x() - view.plot_width() / 2) <= 2


async def test_the_log_tells_the_way_of_an_alert(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    dock = LogDock(look)
    qtbot.addWidget(dock)
    dock.show()
    async with demo_rig(tmp_path) as rig:
        dock.attach(rig.core, rig.hub)
        await rig.advance(300)
        dock.model.flush()
        total = len(dock.model.keys)
        fills = [line.number for line in map(dock.model.row, dock.model.keys) if line and ": bought" in line.words]
        assert len(fills) > 1, "the way of one alert is found beside that of another"
        dock.follow(fills[0])
        assert 2 < len(dock.model.keys) < total
        dock.leave_path()
        assert len(dock.model.keys) == total


async def test_a_followed_symbol_is_kept_in_the_settings(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    dock = WatchlistDock(look)
    qtbot.addWidget(dock)
    dock.show()
    async with demo_rig(tmp_path) as rig:
        dock.attach(rig.core, rig.hub)
        before = rig.core.settings.current.market.watchlist
        dock.search.edit.setText("YM")
        dock.search.edit.textEdited.emit("YM")
        dock.search.edit.returnPressed.emit()
        await asyncio.sleep(ONE_FRAME_S)
        ym = rig.instrument("YM")
        assert dock.model.row(ym.instrument_id) is not None
        assert ym in rig.core.subscriptions.instruments()
        await until(lambda: rig.core.settings.current.market.watchlist == (*before, "YM"))
        dock.remove(ym.instrument_id)
        assert dock.model.row(ym.instrument_id) is None
        await until(lambda: rig.core.settings.current.market.watchlist == before)


async def test_no_number_is_cut_at_the_narrowest_dock(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    watchlist, chart = WatchlistDock(look), ChartDock(look)
    async with demo_rig(tmp_path, 30) as rig:
        for dock in (watchlist, chart):
            qtbot.addWidget(dock)
            dock.resize(260, 600)
            dock.show()
            dock.attach(rig.core, rig.hub)
        await rig.advance(5)
        await asyncio.sleep(ONE_FRAME_S)
        assert watchlist.width() == 260
        assert chart.width() == 260
        for button in chart.panels[0].bar.intervals.values():
            assert button.width() >= button.minimumWidth()
