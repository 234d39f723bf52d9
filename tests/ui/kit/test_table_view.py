"""The table widget keeps tones, selection and header, and gives its rows away safely."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QGuiApplication
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.ui.kit.rows import Row, table
from tradestream_gui.ui.models.csv_text import inert
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.widgets.table_view import TableView

EMPTY = "No open positions. Alerts that pass the risk check appear here."


@pytest.fixture
def model(qapp: QApplication) -> KeyedTableModel[Row]:
    made = table()
    made.replace_all(
        [("ES", Row("ES", profit=25)), ("NQ", Row("NQ", side="SELL", qty=2, profit=-5)), ("CL", Row("=1+1", qty=3))]
    )
    return made


@pytest.fixture
def view(look: Look, model: KeyedTableModel[Row], qtbot: QtBot) -> TableView:
    made = TableView(look, model, name="Positions", empty_text=EMPTY)
    qtbot.addWidget(made)
    made.resize(640, 240)
    made.show()
    qtbot.waitExposed(made)
    return made


def _inks(view: TableView, row: int, column: int) -> set[str]:
    """The colours painted into one cell."""
    rect = view.visualRect(view.keyed_model.index(row, column))
    image = view.viewport().grab(rect).toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def _nearest(inks: set[str], color: QColor) -> int:
    return min(
        abs(QColor(ink).red() - color.red())
        + abs(QColor(ink).green() - color.green())
        + abs(QColor(ink).blue() - color.blue())
        for ink in inks
    )


@pytest.mark.parametrize("theme", ["dark", "light", "high-contrast"])
def test_the_ground_below_the_rows_is_the_themes(look: Look, view: TableView, theme: str) -> None:
    look.set_theme(theme)
    image = view.viewport().grab().toImage()
    assert image.pixelColor(image.width() - 3, image.height() - 3) == look.color("panel")


@pytest.mark.parametrize("theme", ["dark", "light", "high-contrast"])
def test_a_selected_row_keeps_the_colours_of_side_and_profit(look: Look, view: TableView, theme: str) -> None:
    look.set_theme(theme)
    view.selectRow(1)
    side, profit = _inks(view, 1, 1), _inks(view, 1, 4)
    assert look.color("selected").name() in side
    assert _nearest(side, look.color("sell")) < 24
    assert _nearest(profit, look.color("down")) < 24


def test_the_empty_table_says_why(look: Look, view: TableView, model: KeyedTableModel[Row]) -> None:
    model.replace_all([])
    with_text = view.viewport().grab().toImage()
    view.set_empty_text("")
    assert with_text != view.viewport().grab().toImage()


def test_selection_survives_a_rebuild_by_key(view: TableView, model: KeyedTableModel[Row]) -> None:
    assert view.select_key("NQ")
    model.replace_all([("NQ", Row("NQ")), ("ES", Row("ES"))])
    assert view.selected_keys() == ["NQ"]
    assert view.current_key() == "NQ"
    assert not view.select_key("CL")


def test_enter_and_double_click_open_the_row(view: TableView) -> None:
    opened: list[object] = []
    view.key_activated.connect(opened.append)
    view.select_key("ES")
    QTest.keyClick(view, Qt.Key.Key_Return)
    spot = view.visualRect(view.keyed_model.index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert opened == ["ES", "NQ"]


def test_selecting_tells_the_key(view: TableView) -> None:
    told: list[object] = []
    view.key_selected.connect(told.append)
    view.select_key("CL")
    assert told == ["CL"]


def test_copied_rows_are_tab_separated_in_screen_order(view: TableView) -> None:
    view.horizontalHeader().moveSection(1, 0)
    view.setColumnHidden(3, True)
    view.fit.take_over()  # as the menu of columns does
    view.select_key("NQ")
    view.copy_rows()
    assert QGuiApplication.clipboard().text() == "SELL\tNQ\t2\t\u22125.00"


def test_csv_has_titles_and_never_a_formula(view: TableView) -> None:
    lines = view.to_csv().splitlines()
    assert lines[0] == "Instrument,Side,Qty,Last,P&L"
    assert lines[2] == "NQ,SELL,2,100.00,-5.00"
    assert lines[3].startswith("'=1+1,")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("+$25.00", "+$25.00"),
        ("\u2212$1,250.00", "-$1,250.00"),
        ("-cmd|x", "'-cmd|x"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_spreadsheets_get_numbers_and_text_but_no_commands(text: str, safe: str) -> None:
    assert inert(text) == safe


def test_header_state_comes_back(look: Look, view: TableView, qtbot: QtBot) -> None:
    view.horizontalHeader().moveSection(0, 2)
    view.setColumnHidden(3, True)
    view.setColumnWidth(1, 133)
    other = TableView(look, table(), name="Other")
    qtbot.addWidget(other)
    assert other.fit.restore(view.fit.state())
    assert other.horizontalHeader().visualIndex(0) == 2
    assert other.isColumnHidden(3)
    assert other.columnWidth(1) == 133


def test_a_foreign_header_state_changes_nothing(view: TableView) -> None:
    before = view.fit.state()
    assert not view.fit.restore(b"not a state")
    assert view.fit.state() == before


def test_the_owner_adds_actions_to_the_menu_of_a_row(view: TableView) -> None:
    asked: list[object] = []

    def add(key: object, menu: QMenu) -> None:
        asked.append(key)
        menu.addAction("Close 50 %")

    view.menu_opening.connect(add)
    view.customContextMenuRequested.emit(view.visualRect(view.keyed_model.index(1, 0)).center())
    menu = view.findChild(QMenu)
    assert menu is not None
    titles = [action.text() for action in menu.actions() if action.text()]
    assert asked == ["NQ"]
    assert titles == ["Close 50 %", "Copy cell", "Copy rows", "Export as CSV…"]
    menu.close()


def test_tab_leaves_the_table(view: TableView) -> None:
    assert not view.tabKeyNavigation()


def test_a_hidden_view_makes_its_model_wait(view: TableView, model: KeyedTableModel[Row]) -> None:
    view.hide()
    model.upsert("ES", Row("ES", last=1.0))
    assert model.is_stale
    view.show()
    assert not model.is_stale


def test_a_change_tints_the_cell_and_reduced_motion_does_not(
    look: Look, view: TableView, model: KeyedTableModel[Row]
) -> None:
    calm = _inks(view, 0, 3)
    model.upsert("ES", Row("ES", profit=25, last=101.0))
    model.flush()
    assert len(_inks(view, 0, 3) - calm) > 3
    look.set_reduce_motion(True)
    quiet = _inks(view, 2, 3)
    model.upsert("CL", Row("=1+1", qty=3, last=101.0))
    model.flush()
    grounds = {look.color("panel").name(), look.color("hairline").name()}
    assert grounds <= _inks(view, 2, 3)
    assert grounds <= quiet
