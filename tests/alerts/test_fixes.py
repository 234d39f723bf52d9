"""Fixes of held messages: each adds what was missing, and the text with it reads as the alert that was meant."""

from datetime import date

import pytest

from tests.alerts.reading import in_words, read
from tradestream_gui.alerts.desk.fixes import fixes_of

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "fixes"),
    [
        ("in SPY 670 12/4 @ 3.20", {
            "Call": "OPEN option long SPY 670 C 2026-12-04 price=3.20",
            "Put": "OPEN option long SPY 670 P 2026-12-04 price=3.20",
        }),
        ("SPY 670c 12/4 3.20", {"It opens": "OPEN option long SPY 670 C 2026-12-04 price=3.20"}),
        ("ES long stop 6300", {"At the market": "OPEN future long ES sl=6300"}),
        ("BTO SPY 670c 11/28 @ 3.20", {
            "Today": "OPEN option long SPY 670 C 2026-11-20 price=3.20",
            "Fri 11/20": "OPEN option long SPY 670 C 2026-11-20 price=3.20",
            "Fri 11/27": "OPEN option long SPY 670 C 2026-11-27 price=3.20",
        }),
    ],
)  # fmt: skip
def test_the_fixed_text_reads_as_what_was_meant(text: str, fixes: dict[str, str]) -> None:
    reading = read(text)
    assert reading.held
    found = fixes_of(text, reading.candidate[0], [reason.code for reason in reading.reasons], TODAY, ())
    assert {fix.label: in_words(read(fix.text)) for fix in found} == fixes


def test_a_trim_without_an_instrument_is_offered_what_is_open() -> None:
    found = fixes_of("trim half", None, ["WHICH_POSITION"], TODAY, ("ES", "NQ"))
    assert [(fix.label, in_words(read(fix.text))) for fix in found] == [
        ("ES", "TRIM ES qty=1/2"),
        ("NQ", "TRIM NQ qty=1/2"),
    ]


def test_what_only_a_person_can_word_has_no_fix() -> None:
    reading = read("ES long 6326 stop 6336")
    assert reading.held
    assert fixes_of("ES long 6326 stop 6336", reading.candidate[0], ["STOP_WRONG_SIDE"], TODAY, ()) == ()
