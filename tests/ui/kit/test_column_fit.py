"""Columns fit the table: the least needed leave together, texts give way, and the user's own choice stands."""

import pytest
from pytestqt.qtbot import QtBot

from tradestream_gui.ui.models.columns import Column
from tradestream_gui.ui.models.keyed_table import KeyedTableModel
from tradestream_gui.ui.shell.look import Look
from tradestream_gui.ui.widgets.columns_menu import ColumnsMenu
from tradestream_gui.ui.widgets.table_view import TableView

COLUMNS = [
    Column[str](key="name", title="Name", text=str, width=100, elastic=1),
    Column[str](key="price", title="Price", text=str, width=90),
    Column[str](key="bid", title="Bid", text=str, width=80, spare=1),
    Column[str](key="ask", title="Ask", text=str, width=80, spare=1),
    Column[str](key="note", title="P&L", text=str, width=120, spare=2),
    Column[str](key="id", title="Our id", text=str, width=90, hidden=True),
]


@pytest.fixture
def view(look: Look, qtbot: QtBot) -> TableView:
    made = TableView(look, KeyedTableModel(COLUMNS), name="Fitted")
    qtbot.addWidget(made)
    made.show()
    return made


def shown(view: TableView) -> list[str]:
    return [column.key for at, column in enumerate(COLUMNS) if not view.isColumnHidden(at)]


def filled(view: TableView) -> int:
    return sum(view.columnWidth(at) for at in range(len(COLUMNS)) if not view.isColumnHidden(at))


def test_widths_grow_with_the_text_also_those_chosen_by_hand(look: Look, qtbot: QtBot) -> None:
    plain = [Column[str](key="name", title="Name", text=str, width=100), Column[str](key="b", title="B", text=str)]
    view = TableView(look, KeyedTableModel(plain), name="Plain")
    qtbot.addWidget(view)
    view.setColumnWidth(0, 140)
    look.set_scale(1.5)
    assert view.columnWidth(0) == 210
    look.set_scale(1.0)
    assert view.columnWidth(0) == 140


def test_numbers_get_the_room_they_need_and_texts_give_way(view: TableView) -> None:
    view.resize(400, 200)
    view.fit.need({0: 300, 1: 140})
    port = view.viewport()
    assert port is not None
    assert view.columnWidth(1) == 140
    assert filled(view) <= port.width()


@pytest.mark.parametrize(
    ("width", "keys"),
    [
        (700, ["name", "price", "bid", "ask", "note"]),
        (400, ["name", "price", "bid", "ask"]),
        (250, ["name", "price"]),
    ],
)
def test_what_fits_is_shown_and_fills_the_width(view: TableView, width: int, keys: list[str]) -> None:
    view.resize(width, 200)
    port = view.viewport()
    assert port is not None
    assert shown(view) == keys
    assert filled(view) == port.width()


def test_a_number_keeps_its_width_where_a_text_gives_way(view: TableView) -> None:
    view.resize(185, 200)
    assert shown(view) == ["name", "price"]
    assert view.columnWidth(1) == 90
    assert 78 <= view.columnWidth(0) < 100


def test_columns_chosen_by_the_user_stay_until_he_lets_the_table_choose(view: TableView) -> None:
    view.resize(250, 200)
    header = view.horizontalHeader()
    assert header is not None
    view.open_columns_menu(header.rect().center())
    menu = header.findChild(ColumnsMenu)
    assert menu is not None
    assert "P&&L" in [action.text() for action in menu.actions()], "else Qt takes its sign for a key"
    next(action for action in menu.actions() if action.text() == "Our id").trigger()
    view.resize(700, 200)
    assert shown(view) == ["name", "price", "id"]
    next(action for action in menu.actions() if action.text() == "Fit columns to the width").trigger()
    assert shown(view) == ["name", "price", "bid", "ask", "note"]
    menu.close()
