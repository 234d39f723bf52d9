"""The log is one JSON line per event, rotates, belongs to its owner alone and never holds a secret."""

import asyncio
import base64
import contextlib
import json
import logging
import os
import stat
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradestream_gui import logs
from tradestream_gui.logs import MASK, Redactor, correlated

SECRET = "s3cr3t/with+odd=chars"


@contextlib.contextmanager
def logging_to(folder: Path, *secrets: str, level: str = "DEBUG") -> Iterator[Path]:
    redactor = Redactor()
    redactor.learn(secrets)
    handler = logs.install(folder, redactor, level)
    try:
        yield folder / logs.FILE_NAME
    finally:
        logs.uninstall(handler)
        logging.getLogger().setLevel(logging.WARNING)


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_an_event_with_line_breaks_and_control_characters_stays_one_line(tmp_path: Path) -> None:
    with logging_to(tmp_path) as path:
        logging.getLogger("trading").info("first\nsecond\x1b[31m\u202ereversed")
    (line,) = lines(path)
    assert line["event"] == "first\\u000asecond\\u001b[31m\\u202ereversed"
    assert line["level"] == "info"
    assert str(line["time"]).endswith("+00:00")


def spellings_of(secret: str, lead: str) -> list[str]:
    raw = (lead + secret + "tail").encode()
    return [
        secret,
        urllib.parse.quote(secret, safe=""),
        urllib.parse.quote_plus(secret),
        secret.encode().hex(),
        base64.b64encode(raw).decode(),
        base64.urlsafe_b64encode(raw).decode(),
    ]


@given(
    st.text(st.characters(codec="ascii", min_codepoint=33), min_size=12, max_size=40), st.sampled_from(["", "a", "ab"])
)
def test_a_known_secret_is_masked_in_every_spelling(secret: str, lead: str) -> None:
    redactor = Redactor()
    redactor.learn([secret])
    for spelling in spellings_of(secret, lead):
        assert MASK in redactor.clean(f"call failed: ({spelling})")
        assert secret not in redactor.clean(f"call failed: ({spelling})")


def test_secrets_are_masked_in_arguments_extras_and_tracebacks(tmp_path: Path) -> None:
    with logging_to(tmp_path, SECRET) as path:
        log = logging.getLogger("adapters")
        log.warning("sent %s", SECRET, extra={"address": f"host?key={SECRET}"})
        try:
            raise ValueError(f"bad key {SECRET}")
        except ValueError:
            log.exception("failed")
    assert SECRET not in path.read_text()
    assert path.read_text().count(MASK) >= 3


@pytest.mark.parametrize(
    ("text", "leaked"),
    [
        ("login with " + "M" * 24 + "." + "G" * 6 + "." + "x" * 30, "G" * 6),
        ("jwt eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl", "c2lnbmF0dXJl"),
        ("header Authorization: Bearer abcdef123456", "abcdef123456"),
        ("password=hunter22&x=1", "hunter22"),
        ('{"refresh_token": "abcd-efgh"}', "abcd-efgh"),
        ("POST /api/webhooks/123456/AbC-dEf_9", "AbC-dEf_9"),
    ],
)
def test_what_looks_like_a_secret_is_masked_though_nobody_told(text: str, leaked: str) -> None:
    cleaned = Redactor().clean(text)
    assert leaked not in cleaned
    assert MASK in cleaned


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("account DU1234567 is up", "account …4567 is up"),
        ("order on U7654321 filled", "order on …4321 filled"),
        ('{"accountId": "98765432"}', '{"accountId": "…5432"}'),
    ],
)
def test_account_numbers_show_their_last_four_digits(text: str, shown: str) -> None:
    assert Redactor().clean(text) == shown


def test_an_account_number_in_a_field_of_that_name_is_shortened(tmp_path: Path) -> None:
    with logging_to(tmp_path) as path:
        logging.getLogger("trading").info("connected", extra={"account": "98765432"})
    assert lines(path)[0]["account"] == "…5432"


def test_ordinary_trading_words_are_left_alone() -> None:
    text = "NQZ6 order 5 contracts denied: the account limit is 3; ES 5321.25 stop 5311.00, 2026-11-20 14:30:05"
    assert Redactor().clean(text) == text


async def test_events_of_tasks_carry_the_id_of_the_work_that_started_them(tmp_path: Path) -> None:
    async def deeper() -> None:
        logging.getLogger("trading").info("inside")

    with logging_to(tmp_path) as path:
        with correlated("alert-7"):
            await asyncio.create_task(deeper())
        logging.getLogger("trading").info("outside")
    inside, outside = lines(path)
    assert inside["correlation_id"] == "alert-7"
    assert "correlation_id" not in outside


def test_talkative_libraries_are_heard_from_warnings_on(tmp_path: Path) -> None:
    with logging_to(tmp_path) as path:
        for name in ("httpx", "discord.http", "ib_insync.client"):
            logging.getLogger(name).info("each request")
            logging.getLogger(name).warning("trouble")
    assert [line["event"] for line in lines(path)] == ["trouble"] * 3


def test_the_file_rotates_and_every_piece_is_the_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MAX_FILE_BYTES", 2_000)
    with logging_to(tmp_path):
        for number in range(300):
            logging.getLogger("market").info("event %d of a long day", number)
    files = sorted(tmp_path.iterdir())
    assert len(files) == logs.FILE_COUNT
    for file in files:
        assert file.stat().st_size <= 2_000
        if os.name != "nt":
            assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_huge_event_is_cut_and_says_so(tmp_path: Path) -> None:
    with logging_to(tmp_path) as path:
        logging.getLogger("adapters").info("x" * 50_000)
    assert str(lines(path)[0]["event"]).endswith("… (42000 more)")


def test_arguments_that_do_not_fit_lose_no_event() -> None:
    record = logging.LogRecord("trading", logging.INFO, "", 0, "%d contracts", ("three",), None)
    assert "%d contracts (its arguments do not fit" in json.loads(logs.JsonLines(Redactor()).format(record))["event"]


def test_an_unknown_level_names_those_that_exist(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'loud' is not one of debug, info, warning, error"):
        logs.install(tmp_path, Redactor(), "loud")
