"""Every invented alert of the table gives its reading, with evidence that points at the words it came from."""

import pytest

from tests.alerts.reading import FRIDAY_MORNING, in_words, read, same_words
from tests.alerts.reading_cases import (
    FUTURE_OPENS,
    HELD,
    NOT_ALERTS,
    OPEN_IFS,
    OPTION_OPENS,
    POSITIONS,
    STOCKS,
)

READINGS = [*OPTION_OPENS, *FUTURE_OPENS, *POSITIONS, *OPEN_IFS, *STOCKS]


@pytest.mark.parametrize(("text", "wanted"), READINGS)
def test_an_alert_gives_its_reading(text: str, wanted: str) -> None:
    assert same_words(in_words(read(text))) == same_words(wanted)


@pytest.mark.parametrize("text", NOT_ALERTS)
def test_talk_is_left_alone(text: str) -> None:
    assert in_words(read(text)) == "NONE"


@pytest.mark.parametrize("text", HELD)
def test_what_only_a_person_can_settle_is_held_with_a_reason(text: str) -> None:
    reading = read(text)
    assert in_words(reading) == "HELD"
    assert reading.actions == ()
    assert all(reason.code and reason.words for reason in reading.reasons)
    assert reading.reasons


@pytest.mark.parametrize(("text", "_"), READINGS)
def test_every_filled_field_shows_the_words_it_came_from(text: str, _: str) -> None:
    for action in read(text).actions:
        shown = {evidence.field for evidence in action.evidence}
        for evidence in action.evidence:
            assert text[evidence.start : evidence.end] == evidence.words
            assert evidence.rule
        filled = {
            "symbol": action.symbol, "strike": action.strike, "right": action.right, "expiry": action.expiry,
            "price": action.price, "sl": action.stop, "trigger": action.trigger, "pts": action.targets or None,
            "qty": action.quantity,
        }  # fmt: skip
        assert {name for name, value in filled.items() if value is not None} <= shown


def test_a_number_of_the_strike_is_never_a_quantity() -> None:
    reading = read("BTO AAPL 150c 12/20 @ 2.50 PT 20% SL 1.80", FRIDAY_MORNING.replace(day=25))
    actions = reading.actions or reading.candidate
    assert [action.quantity for action in actions] == [None]


@pytest.mark.parametrize("root", ["ES", "NQ", "MES", "MNQ", "RTY", "YM", "GC", "CL"])
@pytest.mark.parametrize("siren", ["🚨 ", ""])
@pytest.mark.parametrize("colon", [": ", " "])
@pytest.mark.parametrize("line_break", ["\n", " "])
@pytest.mark.parametrize("price", ["6326", "6326.25"])
@pytest.mark.parametrize("side", ["long", "short"])
def test_the_futures_headline_reads_in_all_its_spellings(
    root: str, siren: str, colon: str, line_break: str, price: str, side: str
) -> None:
    stop = "6316" if side == "long" else "6336"
    reading = read(f"{siren}{root} {side} {price}{colon}A{line_break}Stop{colon}{stop}")
    assert same_words(in_words(reading)) == same_words(f"OPEN future {side} {root} qty=A price={price} sl={stop}")
