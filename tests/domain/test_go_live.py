"""What is asked of an analyst before real money: each demand at its limit, and the words of what is missing."""

from datetime import UTC, datetime, timedelta

import pytest

from tradestream_gui.domain.go_live import GoLiveRule, PaperRecord, check, missing

THURSDAY = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
RULE = GoLiveRule(20, 5, timedelta(days=30))
GOOD = PaperRecord(20, 5, THURSDAY - timedelta(days=30))


@pytest.mark.parametrize(
    ("record", "lacking"),
    [
        (GOOD, 0),
        (PaperRecord(21, 6, THURSDAY), 0),
        (PaperRecord(19, 5, THURSDAY), 1),
        (PaperRecord(20, 4, THURSDAY), 1),
        (PaperRecord(20, 5, THURSDAY - timedelta(days=30, microseconds=1)), 1),
        (PaperRecord(20, 5, None), 1),
        (PaperRecord(0, 0, None), 3),
    ],
)
def test_each_demand_holds_at_its_limit_and_fails_below_it(record: PaperRecord, lacking: int) -> None:
    assert len(missing(RULE, record, THURSDAY)) == lacking


def test_nothing_is_asked_where_nothing_is_wanted() -> None:
    assert missing(GoLiveRule(0, 0, None), PaperRecord(0, 0, None), THURSDAY) == ()


def test_the_words_name_whom_and_what_is_missing() -> None:
    refused = check(RULE, PaperRecord(3, 1, None), "JM", THURSDAY)
    assert (refused.code, refused.passed, refused.sentence) == (
        "GO_LIVE", False,
        "JM is not proven on paper yet: 3 of 20 paper trades closed; 1 of 5 paper days in a row without a difference; "
        "no outage drill passed in 30 days",
    )  # fmt: skip
    passed = check(RULE, GOOD, "JM", THURSDAY)
    assert (passed.code, passed.passed, passed.sentence) == ("GO_LIVE", True, "JM is proven on paper")
