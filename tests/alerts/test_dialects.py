"""Invented messages in the dialects of many rooms: each gives one of the readings that a careful person would give."""

import json
from pathlib import Path

import pytest

from tests.alerts.reading import in_words, read, same_words

ROWS = [
    json.loads(line)
    for line in Path(__file__).with_name("dialects.jsonl").read_text(encoding="utf-8").splitlines()
    if line.strip()
]


@pytest.mark.parametrize("row", ROWS, ids=[row["text"][:60] for row in ROWS])
def test_a_dialect_is_read_as_a_person_would(row: dict[str, object]) -> None:
    """Where a row names several readings, each is right; `HELD` leaves it to a person."""
    text, reply, wanted = row["text"], row.get("reply_to"), row["reading"]
    assert isinstance(text, str)
    assert isinstance(wanted, list)
    given = in_words(read(text, reply=reply if isinstance(reply, str) else None))
    assert same_words(given) in [same_words(words) for words in wanted]
