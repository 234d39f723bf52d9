"""Fuzzy matching: what a person would expect on top stands there, noise is left out, and no text breaks it."""

from hypothesis import given
from hypothesis import strategies as st

from tests.any_text import ANY_CHARACTER
from tradestream_gui.ui.palette.fuzzy import fit

NAMES = ("Flatten all", "Daily loss limit", "Arm or disarm one-click entries", "Next theme", "Order entry")


def best(typed: str) -> list[str]:
    found = [(found.score, name) for name in NAMES if (found := fit(typed, name)) is not None]
    return [name for _, name in sorted(found, reverse=True)]


def test_beginnings_beat_middles_and_scattered_letters() -> None:
    assert best("or")[0] == "Order entry"
    assert best("loss")[0] == "Daily loss limit"
    assert best("dll") == ["Daily loss limit"]
    assert best("thm") == ["Next theme"]
    assert best("loss daily") == ["Daily loss limit"], "words may come in any order"


def test_noise_is_left_out() -> None:
    assert best("zq") == []
    assert best("") == []
    assert fit("ltl", "Daily loss limit") is None, "letters far apart are no match"


def test_only_whole_beginnings_are_close() -> None:
    close, scattered = fit("fla", "Flatten all"), fit("fal", "Flatten all")
    assert close is not None
    assert close.is_close
    assert scattered is not None
    assert not scattered.is_close


@given(st.text(ANY_CHARACTER, max_size=12), st.text(ANY_CHARACTER, max_size=40))
def test_no_text_breaks_it_and_a_name_fits_itself(typed: str, name: str) -> None:
    fit(typed, name)
    if name.split():
        assert fit(name, name) is not None
