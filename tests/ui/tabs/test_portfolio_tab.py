"""The Portfolio tab on a real demo core: what it shows is what the owners hold, and its buttons reach the broker."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFont, QFontMetrics
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QAbstractButton, QLineEdit, QMenu, QTableView, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.support import hold_elsewhere
from tests.ui.tabs.rig import DEMO_ACCOUNT, Rig, demo_rig
from tests.ui.tabs.tickets import long_by_hand
from tradestream_gui.domain.ids import ClOrdId, LotId
from tradestream_gui.domain.orders import MANUAL, Order, OrderRole, OrdStatus, OrdType, Side, TimeInForce
from tradestream_gui.domain.positions import Lot
from tradestream_gui.ui.format import NOTHING, ProfitUnit, price_text, profit_text
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.tabs.portfolio.commands import closing, stop_refusal
from tradestream_gui.ui.tabs.portfolio.order_panes import NO_WORKING
from tradestream_gui.ui.tabs.portfolio.positions import EMPTY_TEXT
from tradestream_gui.ui.tabs.portfolio.tab import PortfolioTab
from tradestream_gui.ui.widgets.cell_delegate import PADDING_PX

AFTER_THE_FIRST_TARGET_S = 395.0
"""Two of three futures have been sold at a profit by then, and an option is open beside the third."""


def shown(look: Look, rig: Rig | None, qtbot: QtBot) -> PortfolioTab:
    tab = PortfolioTab(look)
    qtbot.addWidget(tab)
    tab.resize(700, 520)
    tab.show()
    if rig is not None:
        tab.attach(rig.core, rig.hub)
        tab.flush()
    return tab


async def bought(rig: Rig, qty: int = 3) -> Lot:
    """A long by hand in MES with its stop at the broker."""
    await rig.advance(3)
    ticket = long_by_hand(rig, "MES", qty, stop_below=8)
    result = await rig.core.entries.enter(ticket)
    assert result.is_sent, result.words
    await rig.advance(4)
    (lot,) = rig.core.lots.open_lots(DEMO_ACCOUNT, ticket.instrument_id)
    return lot


def cell(table: QTableView, row: int, title: str) -> str:
    model = table.model()
    assert model is not None
    titles = [str(model.headerData(column, Qt.Orientation.Horizontal)) for column in range(model.columnCount())]
    return str(model.index(row, titles.index(title)).data())


async def test_without_a_core_every_table_says_in_words_why_it_is_empty(look: Look, qtbot: QtBot) -> None:
    tab = shown(look, None, qtbot)
    assert tab.positions.model.total == 0
    assert EMPTY_TEXT == "No open positions. Alerts that pass the risk check appear here."
    assert NO_WORKING.startswith("No working orders.")


async def test_a_lot_shows_the_figures_of_its_owners(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        lot = await bought(rig)
        tab.flush()
        table = tab.positions.table
        quote = rig.core.board.quote(lot.instrument_id)
        money = lot.unrealized_pnl(quote, rig.core.market.instrument(lot.instrument_id))
        assert cell(table, 0, "Instrument") == "MES Dec26"
        assert cell(table, 0, "Side") == "Long"
        assert cell(table, 0, "Qty") == "3"
        assert cell(table, 0, "P&L $") == profit_text(money)
        assert cell(table, 0, "Analyst") == "Manual"
        running = rig.core.analytics.running(lot)
        assert running is not None
        assert running.measured is not None
        assert cell(table, 0, "MAE").replace(",", "").endswith(f"{abs(running.measured.mae):.2f}")


@pytest.mark.parametrize(("seconds", "longest"), [(70, "+1"), (300, "AAPL 275C 18 Dec 26")])
async def test_no_cell_of_the_positions_is_cut_in_the_width_of_the_first_layout(
    look: Look, qtbot: QtBot, tmp_path: Path, seconds: float, longest: str
) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        tab.resize(796, 520)
        await rig.advance(seconds)
        tab.flush()
        table = tab.positions.table
        table.viewport().repaint()  # type: ignore[union-attr]  # a shown table has one
        strong, plain = (QFontMetrics(look.font(13, weight)) for weight in (QFont.Weight.DemiBold, QFont.Weight.Normal))
        seen, columns = "", tab.positions.model.columns
        for row, texts in enumerate(tab.positions.model.texts):
            for at, column in enumerate(columns):
                if not table.isColumnHidden(at):
                    width = (strong if column.strong else plain).horizontalAdvance(texts[at])
                    assert width <= table.columnWidth(at) - 2 * look.px(PADDING_PX), (row, column.title, texts[at])
                    seen += texts[at]
        assert longest in seen
        if longest.startswith("AAPL"):
            working = tab.orders.working_table
            assert working.columnWidth(0) >= strong.horizontalAdvance(longest) + 2 * look.px(PADDING_PX)
        shown_keys = [key for at, key in enumerate(each.key for each in columns) if not table.isColumnHidden(at)]
        assert shown_keys == ["instrument", "side", "qty", "avg", "last", "pnl", "stop", "target", "r"]


async def test_clicking_the_profit_walks_through_the_units_and_the_header_says_which(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await bought(rig)
        tab.flush()
        column = next(number for number, each in enumerate(tab.positions.model.columns) if each.key == "pnl")
        seen = []
        for _ in ProfitUnit:
            seen.append(tab.positions.model.columns[column].title)
            tab.positions.table.clicked.emit(tab.positions.model.index(0, column))
        assert seen == ["P&L $", "P&L pts", "P&L ticks", "P&L %", "P&L R"]
        assert tab.positions.model.columns[column].title == "P&L $"


async def test_closing_half_of_three_sells_two_and_keeps_one(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        lot = await bought(rig)
        tab.flush()
        tab.positions.select_lot(lot.lot_id)
        said: list[str] = []
        tab.said.connect(said.append)
        button = tab.positions.lot_bar.closes[50]
        assert button.text() == "50 %: sell 2, keep 1"
        button.click()
        await rig.advance(4)
        left = rig.core.lots.lot(lot.lot_id)
        assert left is not None
        assert left.open_qty == 1
        assert said == ["MES Dec26, 50 % of 3: sell 2, keep 1"]


def test_a_share_of_one_contract_is_the_whole_contract() -> None:
    assert closing(Side.SELL, 1, 25).words == "25 % of 1: buy 1, keep 0"
    assert closing(Side.BUY, 5, 25).words == "25 % of 5: sell 2, keep 3"


async def test_a_stop_beyond_the_market_is_refused_with_both_prices(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        lot = await bought(rig)
        quote = rig.core.board.quote(lot.instrument_id)
        assert quote is not None
        assert quote.bid is not None
        refusal = stop_refusal(rig.core, lot.lot_id, quote.bid + 5)
        assert "a stop must be below it" in refusal
        assert stop_refusal(rig.core, lot.lot_id, quote.bid - 5) == ""


async def test_a_working_stop_can_be_moved_but_not_taken_away(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        lot = await bought(rig)
        (stop,) = rig.core.blotter.exits_of_lot(lot.lot_id, OrderRole.STOP)
        said: list[str] = []
        tab.said.connect(said.append)
        tab.orders.cancel(stop.cl_ord_id)
        assert said == ["The stop protects 3 MES Dec26 and stays: move it, or close the position."]
        assert stop.stop_price is not None
        tab.orders.change(stop.cl_ord_id, stop.stop_price + 1)
        await rig.advance(4)
        (moved,) = rig.core.blotter.exits_of_lot(lot.lot_id, OrderRole.STOP)
        assert moved.stop_price == stop.stop_price + 1


async def test_a_working_entry_is_changed_and_cancelled_from_its_table(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await rig.advance(3)
        ticket = long_by_hand(rig, "MES", limit_below=20, stop_below=26)
        assert ticket.limit_price is not None
        order = (await rig.core.entries.enter(ticket)).order
        await rig.advance(2)
        tab.orders.change(order.cl_ord_id, ticket.limit_price + 1)
        await rig.advance(2)
        changed = rig.core.blotter.order(order.cl_ord_id)
        assert changed is not None
        assert changed.limit_price == ticket.limit_price + 1
        tab.flush()
        tab.orders.working_table.select_key(order.cl_ord_id)
        tab.orders.working_table.actions()[-1].trigger()
        await rig.advance(2)
        tab.flush()
        gone = rig.core.blotter.order(order.cl_ord_id)
        assert gone is not None
        assert gone.ord_status is OrdStatus.CANCELED
        assert tab.orders.working.total == 0
        history = tab.orders.history.row(order.cl_ord_id)
        assert history is not None
        assert history.order.ord_status is OrdStatus.CANCELED


async def test_a_denied_order_stands_in_the_history_with_its_reason(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await rig.advance(3)
        ticket = replace(long_by_hand(rig, "MES", stop_below=8), protective_stop=None)
        result = await rig.core.entries.enter(ticket)
        tab.flush()
        row = tab.orders.history.row(result.order.cl_ord_id)
        assert row is not None
        assert row.order.ord_status is OrdStatus.DENIED
        position = tab.orders.history.position_of(result.order.cl_ord_id)
        assert position is not None
        assert tab.orders.history_page.made is None, "nobody has looked at it"
        tab.pages.setCurrentIndex(1)
        table = tab.orders.history_page.made
        assert table is not None
        assert table.isVisible()
        assert table.width() == tab.pages.currentWidget().width()
        assert "a protective stop is given" in cell(table, position, "Reason")


async def test_a_lot_leads_to_its_orders_its_fills_and_its_alert(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path, seconds=120) as rig:
        tab = shown(look, rig, qtbot)
        lot = next(lot for lot in rig.core.lots.lots() if lot.origin.message_key is not None)
        asked: list[object] = []
        tab.show_message.connect(asked.append)
        tab.positions.select_lot(lot.lot_id)
        assert tab.lot_page.made is None, "a lot was chosen, but nobody has looked at its orders and fills"
        tab.pages.setCurrentWidget(tab.lot_page)
        detail = tab.lot_page.made
        assert detail is not None
        assert detail.orders.total == len(rig.core.blotter.orders_of_lot(lot.lot_id)), "those of before the first look"
        tab.pages.setCurrentIndex(0)
        tab.reveal_lot(lot.lot_id)
        tab.flush()
        assert tab.pages.currentWidget() is tab.lot_page
        fills = [row.fill for row in (detail.fills.row(key) for key in detail.fills.keys) if row is not None]
        assert sum(fill.last_qty for fill in fills if fill.side is lot.side) == lot.entry_qty
        assert sum((fill.commission for fill in fills), Decimal(0)) == lot.commission
        entry = next(order for order in rig.core.blotter.orders_of_lot(lot.lot_id) if order.cum_qty)
        at = detail.orders.keys.index(entry.cl_ord_id)
        filled_at = price_text(entry.avg_px, rig.core.market.instrument(lot.instrument_id))
        assert [cell(detail.orders_table, at, title) for title in ("Avg price", "Fill or price")] == [filled_at] * 2
        detail.alert_button.click()
        assert asked == [lot.origin.message_key]


def test_tab_key_reaches_a_page_that_was_made_late_before_what_stands_behind_it(look: Look, qtbot: QtBot) -> None:
    whole = QWidget()
    qtbot.addWidget(whole)
    tab, behind = PortfolioTab(look), QLineEdit()
    column = QVBoxLayout(whole)
    column.addWidget(tab)
    column.addWidget(behind)
    whole.resize(900, 600)
    whole.show()
    bar = tab.pages.tabBar()
    assert bar is not None
    for page, name in ((1, "Order history"), (2, "Closed trades"), (3, "Orders of the lot")):
        tab.pages.setCurrentIndex(page)
        bar.setFocus()
        QTest.keyClick(bar, Qt.Key.Key_Tab)
        table = whole.focusWidget()
        assert table is not None
        assert table.accessibleName() == name
    QTest.keyClick(table, Qt.Key.Key_Tab)
    QTest.keyClick(whole.focusWidget(), Qt.Key.Key_Tab)
    assert whole.focusWidget() is behind


async def test_external_quantity_is_shown_and_cannot_be_touched(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await rig.advance(2)
        gold = rig.instrument("GC")
        hold_elsewhere(rig.core.lots, DEMO_ACCOUNT, gold.instrument_id, -2, rig.core.clock.now())
        tab.flush()
        table = tab.positions.table
        assert cell(table, 0, "Analyst") == "EXTERNAL"
        assert cell(table, 0, "P&L $") == NOTHING
        table.selectRow(0)
        assert all(button.isHidden() for button in tab.positions.lot_bar.closes.values())


async def test_orders_of_others_stand_among_the_working_ones_and_cannot_be_touched(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await bought(rig, qty=1)
        paper, now = rig.opened.running.outside.broker, rig.core.clock.now()
        phone = Order(
            cl_ord_id=ClOrdId("phone-1"), account_id=DEMO_ACCOUNT, instrument_id=rig.instrument("MES").instrument_id,
            lot_id=LotId(""), origin=MANUAL, role=OrderRole.ENTRY, side=Side.BUY, ord_type=OrdType.LIMIT, order_qty=2,
            time_in_force=TimeInForce.GTC, created_at=now, updated_at=now, limit_price=Decimal("5000"),
        )  # fmt: skip
        await paper.place(phone)
        await rig.advance(1)
        tab.flush()
        table, said = tab.orders.working_table, list[str]()
        tab.said.connect(said.append)
        rows = [cell(table, row, "Analyst") for row in range(tab.orders.working.total)]
        row = rows.index("EXTERNAL")
        titles = ("For", "Side", "Qty", "Status")
        assert [cell(table, row, title) for title in titles] == [NOTHING, "Buy", "2", "Working"]
        assert tab.pages.tabText(0) == "Working orders 2"
        table.selectRow(row)
        tab.orders._cancel.trigger()
        tab.orders._change.trigger()
        words = "The order in MES Dec26 was placed elsewhere and is never touched from here: change or cancel it there."
        assert said == [words, words]
        menu = QMenu(table)
        table.menu_opening.emit(table.current_key(), menu)
        assert [action.text() for action in menu.actions()] == ["Open chart"]
        await rig.advance(1)
        assert len(await paper.open_orders(DEMO_ACCOUNT)) == 2
        await paper.cancel(DEMO_ACCOUNT, ClOrdId("phone-1"))
        await rig.advance(1)
        tab.flush()
        assert "EXTERNAL" not in [cell(table, row, "Analyst") for row in range(tab.orders.working.total)]


async def test_totals_add_up_by_account_and_asset_class(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path, seconds=AFTER_THE_FIRST_TARGET_S) as rig:
        tab = shown(look, rig, qtbot)
        assert {lot.is_flat for lot in rig.core.lots.lots()} == {False}
        assert rig.core.ledger.realized(DEMO_ACCOUNT, rig.core.clock.now())
        pnl = rig.core.exposure.open_pnl(DEMO_ACCOUNT)
        (words,) = tab.positions.totals.texts()
        assert f"Demo 50K total {profit_text(pnl)}" in words
        texts = tab.accounts.texts(DEMO_ACCOUNT)
        assert texts["Open P&L"] == profit_text(pnl)
        assert texts["Realised today"] == profit_text(rig.core.ledger.realized(DEMO_ACCOUNT, rig.core.clock.now()))


async def test_a_price_that_has_grown_old_is_marked_and_then_not_shown(
    look: Look, qtbot: QtBot, tmp_path: Path
) -> None:
    async with demo_rig(tmp_path) as rig:
        tab = shown(look, rig, qtbot)
        await bought(rig)
        await rig.opened.running.outside.feed.close()
        await rig.advance(10)
        tab.flush()
        assert cell(tab.positions.table, 0, "P&L $").startswith("≈ ")
        await rig.advance(60)
        tab.flush()
        assert cell(tab.positions.table, 0, "Last") == "—"
        assert cell(tab.positions.table, 0, "P&L $") == NOTHING


async def test_every_control_of_the_tab_has_a_name(look: Look, qtbot: QtBot, tmp_path: Path) -> None:
    async with demo_rig(tmp_path, seconds=120) as rig:
        tab = shown(look, rig, qtbot)
        unnamed = [
            control
            for kind in (QAbstractButton, QTableView)
            for control in tab.findChildren(kind)
            if control.isVisible() and not (control.accessibleName() or getattr(control, "text", str)())
        ]
        assert not unnamed
