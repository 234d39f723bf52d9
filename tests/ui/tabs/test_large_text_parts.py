"""Parts of the window under a text of 200 %, in the room that they have there: nothing is cut or scrolls aside."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QFont, QFontMetrics
from PyQt6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.analytics.given import instrument_of
from tradestream_gui.analytics.execution import execution_summary
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.quotes import DataKind, Quote
from tradestream_gui.ui.docks.chart.bar import ChartBar
from tradestream_gui.ui.docks.ladder.bar import LadderControls
from tradestream_gui.ui.docks.ladder.dock import LadderDock
from tradestream_gui.ui.docks.ladder.scene import Holding, holding_words
from tradestream_gui.ui.docks.ladder.view import LEAST_ROWS, ROW_PX
from tradestream_gui.ui.docks.log.dock import LogDock
from tradestream_gui.ui.format import ProfitUnit
from tradestream_gui.ui.freshness import Freshness, Seen
from tradestream_gui.ui.models.columns import Column
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.shell.tone import Tone
from tradestream_gui.ui.tabs.analytics.pages import ExecutionPage, OverviewPage
from tradestream_gui.ui.tabs.analytics.rule_pack import day_columns
from tradestream_gui.ui.tabs.analytics.tables import (
    figure_columns,
    group_columns,
    league_columns,
    missed_columns,
    trade_columns,
)
from tradestream_gui.ui.tabs.config.connect_steps import ConnectSteps
from tradestream_gui.ui.tabs.config.drill_card import DrillCard
from tradestream_gui.ui.tabs.config.health_card import COLUMNS as HEALTH_COLUMNS
from tradestream_gui.ui.tabs.messages.tab import MessagesTab
from tradestream_gui.ui.tabs.messages.tables import WhyTables
from tradestream_gui.ui.tabs.portfolio.columns import position_columns
from tradestream_gui.ui.tabs.portfolio.detail import LotDetail
from tradestream_gui.ui.tabs.portfolio.orders import closed_columns, history_columns, working_columns
from tradestream_gui.ui.tabs.portfolio.tab import PortfolioTab
from tradestream_gui.ui.widgets.cell_delegate import PADDING_PX
from tradestream_gui.ui.widgets.fit_columns import fit_columns
from tradestream_gui.ui.widgets.hint_field import HintField
from tradestream_gui.ui.widgets.icon_tabs import IconTabs
from tradestream_gui.ui.widgets.low_scroll import LowScroll
from tradestream_gui.ui.widgets.name_dialog import NameDialog
from tradestream_gui.ui.widgets.table_view import TableView

TAB_PX, PAGE_PX = 940, 780
"""Of a window of 1600: what a table in a tab has beside the chart, and what stands on a page of the settings."""
DOCK_TITLE_PX = 56
SMALL_TAB_PX = 796
"""Of a window of 1280: the tab beside the chart."""


@pytest.fixture
def large(look: Look) -> Iterator[Look]:
    look.set_scale(2.0)
    yield look
    look.set_scale(1.0)


def shown(widget: QWidget, qtbot: QtBot, width: int, height: int = 600) -> None:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    for _ in range(3):
        QApplication.processEvents()


def keys(table: TableView) -> list[str]:
    columns = enumerate(table.keyed_model.columns)
    return [column.key for at, column in columns if not table.isColumnHidden(at)]


def scrolls_aside(table: TableView) -> bool:
    bar = table.horizontalScrollBar()
    return bar is not None and bar.maximum() > 0


@pytest.mark.parametrize(
    ("columns", "width", "is_measured", "needed"),
    [
        (working_columns(lambda: UTC), TAB_PX, False, {"instrument", "side", "order_qty", "price", "ord_status"}),
        (history_columns(lambda: UTC), TAB_PX, False, {"instrument", "side", "order_qty", "avg_px", "ord_status"}),
        (closed_columns(lambda: UTC), TAB_PX, False, {"closed", "instrument", "side", "qty", "net"}),
        (group_columns("Group"), TAB_PX, True, {"label", "trades", "net", "win"}),
        (league_columns(), TAB_PX, True, {"rank", "analyst", "trades", "net", "edge"}),
        (trade_columns(UTC), TAB_PX, True, {"analyst", "contract", "side", "net"}),
        (figure_columns(), TAB_PX, True, {"title", "value"}),
        (missed_columns(UTC), TAB_PX, True, {"analyst", "made", "why"}),
        (day_columns(), TAB_PX, False, {"day", "net", "low", "line"}),
        (HEALTH_COLUMNS, PAGE_PX, True, {"what_state", "value"}),
    ],
    ids=["working", "history", "closed", "groups", "league", "trades", "figures", "missed", "rules", "health"],
)
def test_a_table_keeps_what_matters_and_does_not_scroll_aside(
    large: Look, qtbot: QtBot, columns: Sequence[Column[Any]], width: int, is_measured: bool, needed: set[str]
) -> None:
    table = TableView(large, KeyedTableModel(columns), name="Table", empty_text="")
    if is_measured:
        fit_columns(large, table)
    shown(table, qtbot, width)
    assert needed <= set(keys(table))
    assert not scrolls_aside(table)


def test_a_position_in_an_option_is_named_whole_beside_its_profit_and_stop(large: Look, qtbot: QtBot) -> None:
    table = TableView(large, KeyedTableModel(position_columns(lambda: UTC, lambda: ProfitUnit.DOLLARS)), name="Held")
    shown(table, qtbot, TAB_PX)
    name = QFontMetrics(large.font(13, QFont.Weight.DemiBold)).horizontalAdvance("AAPL 275C 18 Dec 26")
    table.fit.need({0: name + 2 * large.px(PADDING_PX)})
    for width in (TAB_PX + 110, TAB_PX):
        shown(table, qtbot, width)
        assert {"instrument", "side", "qty", "pnl", "stop"} <= set(keys(table))
        assert not scrolls_aside(table)
        assert table.columnWidth(0) >= name + 2 * large.px(PADDING_PX)
    assert "last" not in keys(table), "the last price leaves before the strike"


@pytest.mark.parametrize("columns", [working_columns(lambda: UTC), history_columns(lambda: UTC)], ids=["work", "past"])
def test_an_order_in_an_option_is_named_whole_beside_its_status(
    large: Look, qtbot: QtBot, columns: Sequence[Column[Any]]
) -> None:
    table = TableView(large, KeyedTableModel(columns), name="Orders")
    shown(table, qtbot, TAB_PX)
    at = [column.key for column in columns].index("instrument")
    strong = QFontMetrics(large.font(13, QFont.Weight.DemiBold))
    name = strong.horizontalAdvance("AAPL 275C 18 Dec 26") + 2 * large.px(PADDING_PX)
    table.fit.need({at: name})
    assert table.columnWidth(at) >= name
    assert {"instrument", "role", "side", "order_qty", "ord_status"} <= set(keys(table))
    assert not scrolls_aside(table)
    status = [column.key for column in columns].index("ord_status")
    room = QFontMetrics(large.font(13)).horizontalAdvance("Working") + 2 * large.px(PADDING_PX)
    assert table.columnWidth(status) >= room


def test_the_pages_below_give_way_before_a_position_goes_out_of_sight(large: Look, qtbot: QtBot) -> None:
    tab = PortfolioTab(large)
    tab.pages.setCurrentWidget(tab.lot_page)
    shown(tab, qtbot, TAB_PX, 400)
    assert tab.height() == 400, "with banners above it there is no more in a window of 900"
    port = tab.positions.table.viewport()
    assert port is not None
    assert port.height() >= large.row_height()
    shown(tab, qtbot, SMALL_TAB_PX, 330)
    scroll = tab.findChild(LowScroll)
    assert scroll is not None
    assert scroll.horizontalScrollBarPolicy() is Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    bar = scroll.verticalScrollBar()
    assert bar is not None
    assert bar.maximum() > 0, "two banners in a window of 774: the page scrolls before its parts cover each other"
    assert port.height() >= large.row_height()
    assert tab.pull.height() >= tab.pull.sizeHint().height()


def test_the_messages_are_not_wider_than_the_tab_of_the_smallest_window(large: Look, qtbot: QtBot) -> None:
    tab = MessagesTab(large)
    shown(tab, qtbot, SMALL_TAB_PX)
    assert tab.width() == SMALL_TAB_PX
    assert tab.minimumSizeHint().width() <= SMALL_TAB_PX
    assert not scrolls_aside(tab.list)


def test_one_price_stands_for_limit_and_stop_where_both_have_no_room(look: Look, qtbot: QtBot) -> None:
    table = TableView(look, KeyedTableModel(working_columns(lambda: UTC)), name="Working orders", empty_text="")
    shown(table, qtbot, 1100)
    assert {"limit_price", "stop_price"} <= set(keys(table))
    assert "price" not in keys(table)
    shown(table, qtbot, 470)
    assert "price" in keys(table)
    assert not {"limit_price", "stop_price"} & set(keys(table))
    saved = table.to_csv().splitlines()[0].split(",")
    assert {"Limit", "Stop", "Time", "Account"} <= set(saved), "what is saved does not hang on the width"
    assert "Price" not in saved


def test_a_lots_orders_and_fills_both_show_their_prices(large: Look, qtbot: QtBot) -> None:
    detail = LotDetail(large)
    shown(detail, qtbot, TAB_PX)
    for table, price in ((detail.orders_table, "fill_or_price"), (detail.fills_table, "last_px")):
        assert price in keys(table)
        assert not scrolls_aside(table)
    shown(detail, qtbot, 2 * TAB_PX)
    assert {"price", "avg_px"} <= set(keys(detail.orders_table))
    assert "fill_or_price" not in keys(detail.orders_table), "it stands for the two where they have no room"


def test_why_a_message_went_where_it_went_does_not_scroll_aside(large: Look, qtbot: QtBot) -> None:
    tables = WhyTables(large)
    for page, _ in tables.views():
        shown(page, qtbot, TAB_PX - 100)
    for table in (tables.fields, tables.checks, tables.orders, tables.layers, tables.edits):
        assert not scrolls_aside(table), table.accessibleName()


def test_the_ladders_line_of_its_position_keeps_the_profit(large: Look, qtbot: QtBot) -> None:
    controls = LadderControls(large)
    shown(controls, qtbot, 566)
    held = Holding(-12, Decimal("6341"), None, Decimal("-1234.5"))
    whole = "Short 12 at 6,341.00   \u25bc \u2212$1,234.50"
    controls.show_holding(holding_words(held, instrument_of(InstrumentId("ESZ6"))))
    assert controls.position.shown_text == "\u221212   \u25bc \u2212$1,234.50"
    assert controls.position.accessibleName() == whole
    shown(controls, qtbot, 1000)
    assert controls.position.shown_text == whole


def test_a_low_ladder_keeps_its_height_for_prices(large: Look, qtbot: QtBot) -> None:
    dock = LadderDock(large)
    dock.note.hide()  # said only where no depth comes
    shown(dock, qtbot, 566, 684)
    port, controls = dock.view.viewport(), dock.controls
    assert port is not None
    assert dock.height() == 684, "beside a chart in a window of 960"
    assert port.height() >= 5 * large.px(ROW_PX)
    assert controls.plan.isVisible()
    assert not controls.presets[1].isVisible()
    assert all(button.height() >= large.px(22) + 2 for button in (controls.buy, controls.flatten, controls.centre))
    scroll = dock.findChild(LowScroll)
    assert scroll is not None
    content, bar = scroll.widget(), scroll.verticalScrollBar()
    assert content is not None
    assert bar is not None
    around = dock.height() - content.height()
    least = content.minimumSizeHint().height()
    assert least + around <= 654 - DOCK_TITLE_PX, "above its tabs, in a window of 960 that is halted"
    for height, is_scrolled in ((least + around, False), (least // 2, True)):
        shown(dock, qtbot, 566, height)
        assert dock.height() == height, "it never stands over the tabs of its dock"
        assert port.height() >= LEAST_ROWS * large.px(ROW_PX)
        assert (bar.maximum() > 0) is is_scrolled
    shown(dock, qtbot, 566, 2 * least)
    assert controls.presets[1].isVisible()
    assert controls.plan.y() > controls.stop.y(), "with room the plan has a row of its own"


def test_old_prices_ask_a_narrow_chart_for_no_more_room_than_their_age(large: Look, qtbot: QtBot) -> None:
    bar = ChartBar(large)
    bar.show_kind(("54 s old",), Tone.STALE)
    shown(bar, qtbot, TAB_PX)
    least = bar.minimumSizeHint().width()
    bar.show_kind(("no price \u00b7 54 s old", "54 s old"), Tone.STALE)
    shown(bar, qtbot, least)
    assert bar.width() == least
    assert bar.kind.shown_text == "54 s old"
    shown(bar, qtbot, 2 * least)
    assert bar.kind.shown_text == "no price \u00b7 54 s old"


@pytest.mark.parametrize(
    ("kind", "shortest"), [(DataKind.DEMO, "DEMO 54 s"), (DataKind.DELAYED, "54 s old")], ids=["invented", "real"]
)
def test_invented_prices_say_so_in_the_fewest_words_too(kind: DataKind, shortest: str) -> None:
    quote = Quote(InstrumentId("ESZ6"), datetime(2026, 11, 19, tzinfo=UTC), Decimal(1), 1, Decimal(2), 1, None, kind)
    assert Seen(Freshness.STALE, 54.0, quote, None).kind_words == (f"{kind.value} · 54 s old", shortest)


def test_execution_scrolls_as_a_whole_and_its_figures_do_not_scroll_inside_of_it(large: Look, qtbot: QtBot) -> None:
    page = ExecutionPage(large)
    page.show_execution(execution_summary([], [], []))
    shown(page, qtbot, TAB_PX)
    inside, whole = page.view.verticalScrollBar(), page.findChild(LowScroll)
    assert page.view.keyed_model.total == 10
    assert inside is not None
    assert inside.maximum() == 0
    assert whole is not None
    outside = whole.verticalScrollBar()
    assert outside is not None
    assert outside.maximum() > 0


def test_days_of_the_calendar_have_room_for_their_result(large: Look, qtbot: QtBot) -> None:
    page = OverviewPage(large)
    shown(page, qtbot, TAB_PX)
    grid = page.days.grid
    line = QLabel("6").fontMetrics().height()
    assert grid.height() / 7 > line * 1.4


@pytest.mark.parametrize("part", ["drill", "steps"])
def test_a_card_of_the_settings_is_no_wider_than_its_page(large: Look, qtbot: QtBot, part: str) -> None:
    card = DrillCard(large) if part == "drill" else ConnectSteps(large)
    if isinstance(card, DrillCard):
        for last in card.lasts.values():
            last.setText("passed, 2026-11-19 10:03:50 ET")
    shown(card, qtbot, PAGE_PX, 900)
    assert card.minimumSizeHint().width() <= PAGE_PX


def test_a_field_says_what_it_is_for_in_words_that_fit(large: Look, qtbot: QtBot) -> None:
    field = HintField(large, ("Search text, analyst, reason", "Search messages", "Search"))
    shown(field, qtbot, 700, 60)
    assert field.placeholderText() == "Search text, analyst, reason"
    shown(field, qtbot, 280, 60)
    assert field.placeholderText() == "Search messages"


def test_tabs_give_up_air_before_a_title_is_cut(large: Look, qtbot: QtBot) -> None:
    tabs = IconTabs()
    titles = ("Overview", "Groups", "Analysts", "Trades", "Execution", "Missed", "Rules", "End of day")
    for title in titles:
        tabs.addTab(QWidget(), title)
    shown(tabs, qtbot, TAB_PX)
    bar = tabs.tabBar()
    assert bar is not None
    assert bar.sizeHint().width() <= tabs.width()
    wide = IconTabs()
    for title in titles:
        wide.addTab(QWidget(), title)
    shown(wide, qtbot, 1400)
    roomy = wide.tabBar()
    assert roomy is not None
    assert roomy.sizeHint().width() > bar.sizeHint().width()


def test_titles_without_room_are_said_in_fewer_words_before_anything_is_painted(look: Look, qtbot: QtBot) -> None:
    tab = PortfolioTab(look)
    shown(tab, qtbot, 700)

    def titles() -> list[str]:
        return [tab.pages.tabText(at) for at in range(tab.pages.count())]

    assert titles() == ["Working orders", "Order history", "Closed trades", "Orders and fills of a lot"]
    tab.resize(500, 600)
    assert titles() == ["Working", "History", "Closed", "Lot"], "before the air around them leaves"
    tab.resize(1000, 600)
    assert titles()[0] == "Working orders"
    tab.resize(700, 600)
    look.set_scale(2.0)
    assert titles()[0] == "Working", "the size is the same, the text has grown"
    look.set_scale(1.0)
    assert titles()[0] == "Working orders"


def test_the_lowest_log_still_shows_its_newest_line(large: Look, qtbot: QtBot) -> None:
    dock = LogDock(large)
    shown(dock, qtbot, TAB_PX, 1)
    port = dock.table.viewport()
    assert port is not None
    assert port.height() >= large.row_height()


def test_a_dialogs_long_title_takes_another_line(large: Look, qtbot: QtBot) -> None:
    title = "Change the price of sell 1 SPY 635C 4 Dec 26"
    dialog = NameDialog(None, title=title, confirm="Keep", refusal=lambda name: "")
    shown(dialog, qtbot, 533, 400)
    label = next(each for each in dialog.findChildren(QLabel) if each.text() == title)
    assert label.height() >= label.heightForWidth(label.width())
