"""A changed cell is tinted shortly, seldom, and in the direction of its number."""

import pytest

from tradestream_gui.ui.widgets.cell_flash import BUSY_PER_S, FLASH_MS, REST_MS, CellFlashes, direction_of

UP = [("ES", 3, "6,326.25", "6,326.50")]


def test_a_flash_lasts_a_quarter_of_a_second() -> None:
    flashes = CellFlashes()
    flashes.start(UP, 1000)
    assert flashes.direction("ES", 3) == 1
    assert flashes.next_end_in(1000) == FLASH_MS
    assert flashes.take_ended(1000 + FLASH_MS - 1) == []
    assert flashes.take_ended(1000 + FLASH_MS) == [("ES", 3)]
    assert flashes.direction("ES", 3) is None
    assert not flashes


def test_one_cell_flashes_at_most_twice_a_second() -> None:
    flashes = CellFlashes()
    started = 0
    for now in range(0, 2000, 150):
        flashes.take_ended(now)
        before = flashes.direction("ES", 3)
        flashes.start(UP, now)
        started += before is None and flashes.direction("ES", 3) is not None
    assert started <= 2000 / REST_MS + 1


def test_a_cell_that_never_rests_is_not_tinted() -> None:
    flashes = CellFlashes()
    for number in range(BUSY_PER_S * 3):
        flashes.take_ended(number * 30)
        flashes.start(UP, number * 30)
    assert flashes.direction("ES", 3) is None


@pytest.mark.parametrize(
    ("before", "after", "direction"),
    [
        ("6,326.25", "6,326.50", 1),
        ("▲ +$25.00", "▼ \u2212$12.50", -1),
        ("–", "5", 0),
        ("OPEN", "FILLED", 0),
        ("1.5 R", "1.4 R", -1),
    ],
)
def test_the_direction_is_that_of_the_number(before: str, after: str, direction: int) -> None:
    assert direction_of(before, after) == direction
