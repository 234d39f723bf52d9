"""Those who look again and again look at the same moments, whenever they began."""

import pytest

from tradestream_gui.ports.beats import until_beat


@pytest.mark.parametrize(
    ("now_s", "every_s", "left_s"),
    [(0.0, 1.0, 1.0), (7.25, 1.0, 0.75), (7.25, 5.0, 2.75), (10.0, 5.0, 5.0), (3.9999999999, 1.0, 1.0)],
)
def test_the_next_look_is_at_the_next_whole_multiple_and_never_at_the_one_of_now(
    now_s: float, every_s: float, left_s: float
) -> None:
    assert until_beat(now_s, every_s) == pytest.approx(left_s)
