"""The chart under a trader's hands: what a dragged line sends and must not send, and what the chart keeps."""

from pathlib import Path

from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.docks.chart_rig import TICK, Chart
from tests.ui.tabs.rig import demo_rig
from tradestream_gui.domain.orders import OrdType
from tradestream_gui.market.studies import Study, StudyKind
from tradestream_gui.ui.charts.chart_data import ChartStyle
from tradestream_gui.ui.docks.chart.dock import MOST_CHARTS, ChartDock
from tradestream_gui.ui.docks.chart.state import ChartState, LinkColour, chart_state_of
from tradestream_gui.ui.shell.layout_store import LayoutStore
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.part_keeper import PartKeeper

FIRST_ALERT_IS_FLAT_S = 680.0


async def test_a_dragged_stop_shows_the_new_risk_and_sends_one_change(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        chart = await Chart(look, qtbot, rig).open()
        lot = await chart.holds()
        before, nearer = chart.resting_stop(lot), chart.stop_of(lot) + TICK * 8
        assert chart.line("lot:").label.startswith("LONG 2 ")
        words = chart.drag(chart.line("stop:"), nearer)
        instrument = rig.instrument("MES")
        assert lot.avg_entry is not None
        loss = instrument.money(lot.avg_entry - nearer, 2)
        assert f"loses ${loss:,.2f}" in words
        assert chart.stop_of(lot) == nearer
        await chart.go_on(2)
        after = chart.resting_stop(lot)
        assert (after.cl_ord_id, after.stop_price, after.order_qty) == (before.cl_ord_id, nearer, 2)
        assert chart.line("stop:").price == float(nearer)


async def test_escape_puts_a_line_in_hand_back_and_sends_nothing(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        chart = await Chart(look, qtbot, rig).open()
        lot = await chart.holds()
        stop = chart.stop_of(lot)
        chart.take(chart.line("stop:"))
        assert chart.pull(stop + TICK * 8)
        chart.key(Qt.Key.Key_Escape)
        assert chart.view.lines.in_hand is None
        chart.let_go(stop + TICK * 8)
        await chart.go_on(2)
        assert chart.stop_of(lot) == stop
        assert chart.resting_stop(lot).stop_price == stop


async def test_disarmed_a_stop_comes_closer_but_goes_no_further(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        chart = await Chart(look, qtbot, rig).open()
        lot = await chart.holds()
        stop = chart.stop_of(lot)
        words = chart.drag(chart.line("stop:"), stop - TICK * 8)
        assert words.startswith("Disarmed")
        assert chart.stop_of(lot) == stop
        assert chart.said[-1].startswith("Disarmed")
        chart.drag(chart.line("stop:"), stop + TICK * 4)
        assert chart.stop_of(lot) == stop + TICK * 4
        chart.arming.arm()
        chart.drag(chart.line("stop:"), stop - TICK * 8)
        assert chart.stop_of(lot) == stop - TICK * 8


async def test_a_waiting_entry_moves_only_while_armed(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        chart = await Chart(look, qtbot, rig).open()
        quote = rig.core.board.quote(rig.instrument("MES").instrument_id)
        assert quote is not None
        assert quote.bid is not None
        waits_at = quote.bid - 4
        await chart.enter(OrdType.LIMIT, waits_at)
        await chart.entry_works()
        chart.drag(chart.line("order:"), waits_at - TICK * 4)
        assert chart.said[-1].startswith("Disarmed")
        chart.arming.arm()
        words = chart.drag(chart.line("order:"), waits_at - TICK * 4)
        assert "risk $" in words
        await chart.go_on(2)
        moved = chart.entry()
        assert moved is not None
        assert moved.limit_price == waits_at - TICK * 4


async def test_keys_choose_move_and_send_a_line(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        chart = await Chart(look, qtbot, rig).open()
        lot = await chart.holds()
        stop = chart.stop_of(lot)
        chart.key(Qt.Key.Key_PageUp)
        assert chart.view.lines.chosen.startswith("stop:")
        chart.key(Qt.Key.Key_Up)
        chart.key(Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
        assert chart.stop_of(lot) == stop
        QTest.mouseClick(chart.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, 60))
        assert chart.stop_of(lot) == stop
        chart.key(Qt.Key.Key_PageUp)
        for _ in range(3):
            chart.key(Qt.Key.Key_Up)
        chart.key(Qt.Key.Key_Return)
        assert chart.stop_of(lot) == stop + 3 * TICK


async def test_a_position_pulled_into_profit_gets_its_target_and_into_loss_its_stop(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        chart = await Chart(look, qtbot, rig).open()
        lot = await chart.holds()
        assert lot.avg_entry is not None
        average = rig.instrument("MES").round_to_tick(lot.avg_entry)
        words = chart.drag(chart.line("lot:"), average + 5)
        assert words.startswith("Target for 2 at")
        assert [(step.price, step.qty) for step in chart.plan(lot).targets] == [(average + 5, 2)]
        await chart.go_on(1)
        assert "has its target already" in chart.drag(chart.line("lot:"), average + 6)
        stop = chart.stop_of(lot)
        chart.drag(chart.line("lot:"), stop + 4)
        assert chart.stop_of(lot) == stop + 4


async def test_a_right_click_offers_whole_orders_and_places_one_only_while_armed(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        chart = await Chart(look, qtbot, rig).open()
        quote = rig.core.board.quote(rig.instrument("MES").instrument_id)
        assert quote is not None
        assert quote.bid is not None
        price = quote.bid - 3
        chart.view.menu_wanted.emit(float(price), QPoint(10, 10))
        menu = chart.panel._menu
        assert menu is not None
        assert menu.entries[0].text().startswith("Buy 1 MES")
        assert not any(action.isEnabled() for action in menu.entries)
        menu.close()
        chart.arming.arm()
        chart.view.menu_wanted.emit(float(price), QPoint(10, 10))
        menu = chart.panel._menu
        assert menu is not None
        assert "Give a stop" in menu.entries[0].toolTip()
        menu.qty.setValue(2)
        menu.stop.setText("1,5")
        assert not menu.entries[0].isEnabled()
        menu.stop.setText("10")
        assert menu.entries[0].text().startswith("Buy 2 MES")
        assert "stop" in menu.entries[0].text()
        assert menu.entries[0].isEnabled(), menu.entries[0].toolTip()
        menu.entries[0].trigger()
        order = await chart.entry_works()
        assert (order.order_qty, order.limit_price) == (2, price)
        assert chart.line("order:").price == float(price)


async def test_the_alert_stands_on_the_chart_with_its_claim_market_fill_and_reach(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        chart = Chart(look, qtbot, rig)
        await rig.advance(FIRST_ALERT_IS_FLAT_S)
        traded = [trade for trade in rig.core.analytics.trades() if trade.origin.message_key is not None]
        assert traded, "the demo day has traded an alert to its end by then"
        first = traded[0]
        chart.dock.show_instrument_id(first.instrument_id)
        await chart.go_on(2)
        films = {film.key: film for film in chart.view.markers.films}
        film = films[f"alert:{first.origin.message_key}"]
        assert film.entry is not None
        assert film.bid is not None
        assert film.ask is not None
        assert film.bid < film.ask
        assert film.best is not None
        assert film.worst is not None
        low, high = sorted((film.best, film.worst))
        assert low <= film.entry.price <= high
        for words in ("Market then", "MFE", "MAE"):
            assert words in film.words
        opened: list[object] = []
        chart.dock.show_message.connect(opened.append)
        marker = next(one for one in chart.view.markers.markers if one.key == film.key)
        assert film.words in marker.text
        chart.view.marker_clicked.emit(marker.key)
        assert opened == [first.origin.message_key]


async def test_charts_of_one_colour_show_one_contract(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        chart = await Chart(look, qtbot, rig).open("ES")
        linked: list[object] = []
        chart.dock.symbol_linked.connect(linked.append)
        chart.panel.bar.another.trigger()
        chart.panel.bar.another.trigger()
        first, second, third = chart.dock.panels
        assert second.state.link is LinkColour.NONE
        es, nq = rig.instrument("ES"), rig.instrument("NQ")
        for panel in (second, third):
            panel.bar.link_chosen.emit(LinkColour.ORANGE)
        second.bar.instrument_chosen.emit(nq.instrument_id)
        assert [panel.instrument for panel in chart.dock.panels] == [es, nq, nq]
        assert linked == []
        chart.dock.show_instrument_id(rig.instrument("MES").instrument_id)
        assert [panel.instrument for panel in chart.dock.panels] == [rig.instrument("MES"), nq, nq]
        first.bar.instrument_chosen.emit(es.instrument_id)
        assert linked == [es.instrument_id]
        second.bar.shut.trigger()
        assert chart.dock.panels == [first, third]
        for _ in range(MOST_CHARTS):
            first.bar.another.trigger()
        assert len(chart.dock.panels) == MOST_CHARTS


async def test_what_a_chart_was_set_to_is_kept(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "layouts").mkdir()
    async with demo_rig(tmp_path / "day") as rig:
        chart = await Chart(look, qtbot, rig).open("NQ")
        keeper = PartKeeper(LayoutStore(tmp_path / "layouts"))
        keeper.take(chart.dock)
        chart.panel.bar.choose_interval(300)
        chart.panel.bar.style_chosen.emit(ChartStyle.HEIKIN_ASHI)
        chart.panel.ask_studies()
        dialog = chart.panel.studies_dialog
        assert dialog is not None
        row = next(row for row in dialog.rows if row.study.kind is StudyKind.RSI)
        row.fields[0].setValue(21)
        row.box.setChecked(True)
        dialog.volume.setChecked(False)
        dialog.accept()
        assert Study(StudyKind.RSI, (21.0,)) in chart.panel.state.studies
        keeper.save()
        again = ChartDock(look)
        qtbot.addWidget(again)
        PartKeeper(LayoutStore(tmp_path / "layouts")).take(again)
        assert [panel.state for panel in again.panels] == [chart.panel.state]
        again.resize(500, 500)
        again.show()
        again.attach(rig.core, rig.hub)
        assert again.panels[0].instrument == rig.instrument("NQ")
        assert again.panels[0].bar.seconds == 300


def test_a_state_that_cannot_be_read_is_that_of_the_first_start() -> None:
    for stored in (None, 7, [], {"seconds": 7, "style": "?", "studies": ["x"], "link": 3}):
        found = chart_state_of(stored)
        assert (found.seconds, found.style, found.link) == (60, ChartStyle.CANDLES, LinkColour.BLUE)
    usual = ChartState()
    assert chart_state_of(usual.plain()) == usual


async def test_a_price_alert_is_set_dragged_and_taken_off_on_the_chart(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        chart = await Chart(look, qtbot, rig).open()
        last = rig.core.board.last_price(rig.instrument("MES").instrument_id)
        assert last is not None
        menu = chart.menu_at(last + 3)
        next(action for action in menu.actions() if action.text().startswith("Price alert at")).trigger()
        (alert,) = rig.core.price_alerts.alerts()
        assert (alert.is_above, alert.price) == (True, last + 3)
        assert chart.said[-1].startswith("Price alert set: ")
        words = chart.drag(chart.line("price-alert:"), last - 2)
        assert "at or below" in words
        (moved,) = rig.core.price_alerts.alerts()
        assert (moved.alert_id, moved.is_above, moved.price) == (alert.alert_id, False, last - 2)
        assert chart.line("price-alert:").label == "ALERT below"
        menu = chart.menu_at(last - 2)
        next(action for action in menu.actions() if action.text().startswith("Remove price alert")).trigger()
        assert rig.core.price_alerts.alerts() == ()
        assert not any(line.line_id.startswith("price-alert:") for line in chart.view.lines.lines)


async def test_the_bars_stand_in_a_table_with_their_indicators_and_can_be_saved(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        chart = await Chart(look, qtbot, rig).open()
        chart.panel.bar.studies_wanted.emit()
        assert chart.panel.studies_dialog is not None
        studies = (Study(StudyKind.EMA, (9.0,)), Study(StudyKind.MACD, (12.0, 26.0, 9.0)))
        chart.panel.studies_dialog.changed.emit(studies, True)
        chart.panel.studies_dialog.close()
        chart.panel.bar.table.trigger()
        shown = chart.panel.bar_table
        assert shown is not None
        shown.model.flush()
        store = chart.view.store
        assert shown.model.rowCount() == store.count
        titles, newest, *_ = shown.table.to_csv().splitlines()
        assert titles.startswith("Time,Open,High,Low,Close,Change,Volume,EMA 9,")
        assert f"{store.bar(store.count - 1).close:.2f}" in newest.replace(",", "").replace('"', "")
        spoken = shown.model.data(shown.model.index(0, 4), Qt.ItemDataRole.AccessibleTextRole)
        assert spoken.startswith("Close ")
        before = shown.model.rowCount()
        await chart.go_on(70)
        shown.follow()
        shown.model.flush()
        assert shown.model.rowCount() > before
        shown.close()
