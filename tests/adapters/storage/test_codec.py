"""Every record comes back from its row as it went in, exactly."""

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.adapters.storage.records import RECORD_TYPES, any_record, message
from tradestream_gui.adapters.storage import tables
from tradestream_gui.adapters.storage.codec import RecordCodec, decimal_text, time_of, time_text
from tradestream_gui.domain.exits import ExitPlan


@pytest.mark.parametrize("record_type", RECORD_TYPES, ids=lambda kind: kind.__name__)
def test_any_record_returns_from_a_real_sqlite_row_unchanged(record_type: type[Any]) -> None:
    codec = tables.EXIT_PLAN if record_type is ExitPlan else RecordCodec(record_type)
    connection = sqlite3.connect(":memory:")
    kinds = [
        f"{name} {'INTEGER' if kind is int else 'TEXT'}"
        for name, (kind, _) in zip(codec.columns, codec.kinds, strict=True)
    ]
    marks = ",".join("?" * len(codec.columns))
    connection.execute(f"CREATE TABLE kept ({', '.join(kinds)})")

    @given(any_record(record_type))
    def round_trip(record: Any) -> None:
        connection.execute("DELETE FROM kept")
        connection.execute(f"INSERT INTO kept VALUES ({marks})", codec.encode(record))  # noqa: S608  # question marks
        assert codec.decode(connection.execute("SELECT * FROM kept").fetchone()) == record

    round_trip()
    connection.close()


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15))
def test_a_decimal_keeps_its_value_and_equal_values_have_one_text(value: Decimal) -> None:
    text = decimal_text(value)
    assert Decimal(text) == value
    assert decimal_text(Decimal(f"{text}{'' if '.' in text else '.'}000")) == text
    assert "E" not in text


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "sNaN", "1E+400"])
def test_what_is_no_number_of_this_program_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="stored"):
        decimal_text(Decimal(value))


def test_a_time_of_another_zone_is_kept_as_the_same_moment_in_utc() -> None:
    chicago = timezone(timedelta(hours=-6))
    text = time_text(datetime(2026, 11, 20, 15, 5, tzinfo=chicago))
    assert text == "2026-11-20T21:05:00.000000Z"
    assert time_of(text) == datetime(2026, 11, 20, 21, 5, tzinfo=UTC)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        time_text(datetime(2026, 11, 20, 15, 5))  # noqa: DTZ001  # the very thing that must be refused


@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=2))
def test_times_sort_as_text_as_they_do_as_moments(moments: list[datetime]) -> None:
    assert [time_of(text) for text in sorted(map(time_text, moments))] == sorted(moments)


def test_half_a_surrogate_pair_does_not_lose_the_message() -> None:
    codec = RecordCodec(type(message(1)))
    stored = codec.encode(message(1, text="ES \ud83d long"))
    assert codec.decode(stored).text == "ES \ufffd long"
