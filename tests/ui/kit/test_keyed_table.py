"""The keyed table shows every row once, in order, and reports exactly the cells that changed."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PyQt6.QtCore import QAbstractItemModel, QPersistentModelIndex, Qt
from PyQt6.QtTest import QAbstractItemModelTester
from PyQt6.QtWidgets import QApplication

from tests.ui.kit.rows import Row, table
from tradestream_gui.ui.models.keyed_table import MANY_NEW_ROWS, KeyedTableModel
from tradestream_gui.ui.models.row_texts import KEPT_TEXTS

pytestmark = pytest.mark.usefixtures("qapp")


def _changes(model: QAbstractItemModel) -> list[tuple[int, int, int]]:
    """(row, first column, last column) of every report from now on."""
    seen: list[tuple[int, int, int]] = []
    model.dataChanged.connect(lambda top, bottom: seen.append((top.row(), top.column(), bottom.column())))
    return seen


def _names(model: KeyedTableModel[Row]) -> list[str]:
    return [str(model.data(model.index(row, 0))) for row in range(model.rowCount())]


def test_rows_come_at_the_flush_in_the_order_of_arrival() -> None:
    model = table()
    for name in ("ES", "NQ", "CL"):
        model.upsert(name, Row(name))
    assert model.rowCount() == 0
    model.flush()
    assert _names(model) == ["ES", "NQ", "CL"]


def test_only_changed_cells_are_reported() -> None:
    model = table()
    model.replace_all([("ES", Row("ES")), ("NQ", Row("NQ"))])
    seen = _changes(model)
    model.upsert("NQ", Row("NQ", last=101.0, profit=25.0))
    model.upsert("ES", Row("ES"))
    model.flush()
    assert seen == [(1, 3, 4)]


def test_cells_apart_are_reported_apart() -> None:
    model = table()
    model.replace_all([("ES", Row("ES"))])
    seen = _changes(model)
    model.upsert("ES", Row("ES", side="SELL", profit=5.0))
    model.flush()
    assert seen == [(0, 1, 1), (0, 4, 4)]


def test_many_changes_of_one_row_become_one_report() -> None:
    model = table()
    model.replace_all([("ES", Row("ES"))])
    seen = _changes(model)
    for number in range(500):
        model.upsert("ES", Row("ES", last=100.0 + number))
    model.flush()
    assert seen == [(0, 3, 3)]
    assert model.data(model.index(0, 3)) == "599.00"


def test_a_change_of_tone_alone_is_reported() -> None:
    model = table()
    model.replace_all([("ES", Row("ES", profit=0.001))])
    seen = _changes(model)
    model.upsert("ES", Row("ES", profit=-0.001))
    model.flush()
    assert (0, 4, 4) in seen


def test_a_hidden_table_stays_silent_and_catches_up() -> None:
    model = table()
    model.replace_all([("ES", Row("ES"))])
    seen = _changes(model)
    model.set_visible(False)
    model.upsert("ES", Row("ES", last=7.0))
    assert model.is_stale
    assert seen == []
    model.set_visible(True)
    assert seen == [(0, 3, 3)]
    assert not model.is_stale


def test_removed_rows_are_gone_and_positions_follow() -> None:
    model = table()
    model.replace_all([(name, Row(name)) for name in ("ES", "NQ", "CL")])
    model.remove("ES")
    model.remove("unknown")
    assert _names(model) == ["NQ", "CL"]
    assert model.position_of("CL") == 1
    assert model.position_of("ES") is None
    model.upsert("CL", Row("CL", last=5.0))
    model.flush()
    assert model.data(model.index(1, 3)) == "5.00"


def test_newest_first_puts_new_rows_on_top() -> None:
    model = table(newest_first=True)
    for name in ("one", "two", "three"):
        model.upsert(name, Row(name))
        model.flush()
    assert _names(model) == ["three", "two", "one"]


@pytest.mark.parametrize("descending", [False, True])
def test_sorting_is_by_value_and_rows_without_one_stay_last(descending: bool) -> None:
    model = table()
    model.replace_all([(str(last), Row(str(last), last=last)) for last in (100.0, 9.0, None, 20.0)])
    model.sort(3, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)
    expected = ["100.0", "20.0", "9.0"] if descending else ["9.0", "20.0", "100.0"]
    assert _names(model) == [*expected, "None"]


@pytest.mark.parametrize("descending", [False, True])
def test_a_new_row_goes_to_its_place_in_a_sorted_table(descending: bool) -> None:
    model = table()
    model.replace_all([(str(n), Row(str(n), qty=n)) for n in (1, 5, 9)])
    model.sort(2, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)
    for number in (0, 7, 12):
        model.upsert(str(number), Row(str(number), qty=number))
    model.flush()
    expected = ["0", "1", "5", "7", "9", "12"]
    assert _names(model) == (expected[::-1] if descending else expected)


def test_a_selected_row_keeps_its_index_when_the_order_changes() -> None:
    model = table()
    model.replace_all([(str(n), Row(str(n), qty=n)) for n in (1, 2, 3)])
    kept = QPersistentModelIndex(model.index(2, 0))
    model.sort(2, Qt.SortOrder.DescendingOrder)
    assert kept.row() == 0
    assert kept.data() == "3"


def test_a_filter_hides_and_shows_rows_as_they_change() -> None:
    model = table()
    model.replace_all([("ES", Row("ES", qty=1)), ("NQ", Row("NQ", qty=5))])
    model.set_filter(lambda row: row.qty > 2)
    assert _names(model) == ["NQ"]
    model.upsert("ES", Row("ES", qty=3))
    model.upsert("NQ", Row("NQ", qty=0))
    model.flush()
    assert _names(model) == ["ES"]
    model.set_filter(None)
    assert _names(model) == ["ES", "NQ"]
    assert model.total == 2


def test_a_screen_reader_hears_what_the_number_means() -> None:
    model = table()
    model.replace_all([("ES", Row("ES", profit=-25.0))])
    said = model.data(model.index(0, 4), Qt.ItemDataRole.AccessibleTextRole)
    assert said == "loss 25 dollars"
    assert model.data(model.index(0, 2), Qt.ItemDataRole.AccessibleTextRole) == "Qty 1"


def test_tool_tips_are_escaped() -> None:
    model = table()
    model.replace_all([("ES", Row("ES"))])
    assert model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole) == "<qt>&lt;ES&gt;</qt>"


def test_a_cell_that_flashes_tells_what_it_was_and_is() -> None:
    model = table()
    model.replace_all([("ES", Row("ES"))])
    told: list[object] = []
    model.cells_changed.connect(told.extend)
    model.upsert("ES", Row("ES", last=101.0, qty=2))
    model.flush()
    assert told == [("ES", 3, "100.00", "101.00")]


def test_rows_out_of_sight_are_read_when_they_come_into_view() -> None:
    model = table()
    model.replace_all([(n, Row(f"R{n}")) for n in range(50)])
    seen = _changes(model)
    model.set_window(0, 9)
    model.upsert(5, Row("R5", last=1.0))
    model.upsert(40, Row("R40", last=2.0))
    model.flush()
    assert seen == [(5, 3, 3)]
    model.set_window(35, 45)
    assert model.texts[40][3] == "2.00"
    model.set_window(0, 9)
    model.upsert(41, Row("R41", last=3.0))
    model.flush()
    assert model.data(model.index(41, 3)) == "3.00"


def test_rows_far_from_those_in_sight_are_made_again_when_they_are_shown() -> None:
    model = table(newest_first=True)
    model.set_window(0, 29)
    for number in range(5 * KEPT_TEXTS):
        model.upsert(number, Row(f"R{number}", last=float(number)))
        model.flush()
    held = sum(1 for texts in model.texts if texts)
    assert held < 3 * KEPT_TEXTS
    oldest = model.rowCount() - 1
    model.set_window(oldest - 29, oldest)
    assert [texts[0] for texts in model.texts[-2:]] == ["R1", "R0"]
    model.settle()
    assert [texts[0] for texts in model.texts] == [f"R{number}" for number in reversed(range(5 * KEPT_TEXTS))]


def test_many_rows_at_once_come_in_one_rebuild(qapp: QApplication) -> None:
    model = table()
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    model.upsert_many({n: Row(str(n)) for n in range(MANY_NEW_ROWS + 50)})
    model.flush()
    assert model.rowCount() == MANY_NEW_ROWS + 50
    assert resets == [1]


Step = st.tuples(st.sampled_from(["upsert", "remove", "sort", "filter", "flush", "hide", "show"]), st.integers(0, 12))


@settings(max_examples=60, deadline=None)
@given(st.lists(Step, max_size=60), st.booleans())
def test_any_sequence_of_changes_ends_in_the_same_rows(steps: list[tuple[str, int]], newest_first: bool) -> None:
    model = table(newest_first=newest_first)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    chance = random.Random(4)
    truth: dict[int, Row] = {}
    least = -1
    for step, number in steps:
        if step == "upsert":
            truth[number] = Row(f"R{number}", qty=chance.randrange(9), last=chance.choice([None, 1.0, 2.0]))
            model.upsert(number, truth[number])
        elif step == "remove":
            truth.pop(number, None)
            model.remove(number)
        elif step == "sort":
            model.sort(number % 6 - 1, Qt.SortOrder.AscendingOrder if number % 2 else Qt.SortOrder.DescendingOrder)
        elif step == "filter":
            least = number % 4 - 1
            bound = least
            model.set_filter(lambda row, bound=bound: row.qty > bound)
        elif step == "flush":
            model.flush()
        else:
            model.set_visible(step == "show")
    model.set_visible(True)
    model.flush()
    shown = {key: row for key, row in truth.items() if row.qty > least}
    assert set(model.keys) == set(shown)
    for position, key in enumerate(model.keys):
        assert model.position_of(key) == position
        assert model.data(model.index(position, 2)) == str(shown[key].qty)
    del tester
