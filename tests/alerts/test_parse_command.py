"""The `parse` and `corpus` commands from outside: lines in, lines out, and the score of a labelled file."""

import io
import json
from pathlib import Path

import pytest

from tradestream_gui.commands.parse import run_parse
from tradestream_gui.corpus import run_corpus, score_rows

SHARED = Path(__file__).resolve().parents[3] / "shared" / "alerts" / "dev.jsonl"


def answers(*lines: str, profiles: Path | None = None) -> list[dict[str, object]]:
    out = io.StringIO()
    assert run_parse(io.StringIO("\n".join(lines) + "\n"), out, profiles) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


def message(text: str, **more: object) -> str:
    return json.dumps({"id": 1, "text": text, "ts": "2026-11-20 10:00:00", "channel": "", "author": "", **more})


def test_an_alert_is_answered_with_the_keys_of_the_contract() -> None:
    (row,) = answers(message("BTO 2 AAPL 315c 12/18 @ 2.50 PT 20% SL 1.80", extra="ignored"))
    assert set(row) == {"id", "actions", "held", "candidate", "reasons"}
    assert row["actions"] == [
        {
            "action": "OPEN", "asset": "option", "side": "long", "symbol": "AAPL", "strike": 315, "right": "C",
            "expiry": "2026-12-18", "qty": 2, "price": 2.5, "pts": ["20%"], "sl": 1.8, "trigger": None,
        }
    ]  # fmt: skip
    assert (row["held"], row["candidate"]) == (False, [])


def test_a_held_alert_acts_on_nothing_and_shows_its_candidate() -> None:
    (row,) = answers(message("BTO AAPL 315 12/18 @ 2.50"))
    assert (row["actions"], row["held"]) == ([], True)
    assert row["candidate"]
    assert row["reasons"]


def test_each_line_gets_one_answer_even_when_it_is_no_message() -> None:
    rows = answers(
        "not json", "[1, 2]", '{"id": 7, "text": 5, "ts": "2026-11-20"}', message("gm", ts="never"), message("gm")
    )
    assert len(rows) == 5
    assert all(row["actions"] == [] and not row["held"] for row in rows)
    assert [str(row["reasons"]).count("UNREADABLE") for row in rows] == [1, 1, 1, 1, 0]


def test_times_with_an_offset_are_turned_to_eastern_days() -> None:
    (row,) = answers(message("BTO SPY 670c 0dte @ 1.10", ts="2026-11-20T14:31:00+00:00"))
    assert [action["expiry"] for action in row["actions"]] == ["2026-11-20"]  # type: ignore[attr-defined, index]  # JSON


def test_a_profile_file_maps_an_author_to_his_habits(tmp_path: Path) -> None:
    file = tmp_path / "rooms.toml"
    file.write_text(
        'name = "his"\ntitle = "t"\nbare_contract_opens = true\nmatch = [{author = "9"}]\n', encoding="utf-8"
    )
    held, opened = answers(message("QQQ 612c 1.04"), message("QQQ 612c 1.04", author="9"), profiles=file)
    assert (held["held"], opened["held"]) == (True, False)


def test_an_unusable_profile_file_is_a_configuration_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "wrong.toml"
    file.write_text("name = ", encoding="utf-8")
    assert run_parse(io.StringIO(""), io.StringIO(), file) == 3
    assert "wrong.toml" in capsys.readouterr().err


def test_a_wrong_contract_and_an_uncalled_order_are_counted_as_danger() -> None:
    called = {"action": "OPEN", "asset": "option", "side": "long", "symbol": "AMD", "strike": 200, "right": "C"}
    rows = [{"expected": [called], "also_ok": []}, {"expected": [], "also_ok": []}]
    given = [{"actions": [{**called, "strike": 205}], "held": False}, {"actions": [called], "held": False}]
    score = score_rows(rows, given)
    assert (score.exact, score.quiet_left_alone) == (0, 0)
    assert dict(score.dangers) == {
        "order opened on wrong contract, side or expiry": 1,
        "order opened that was not called": 1,
    }


def test_a_labelled_file_is_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "labelled.jsonl"
    rows = [
        {
            "id": 1,
            "text": "all out NQ",
            "ts": "2026-11-20",
            "expected": [{"action": "CLOSE", "symbol": "NQ"}],
            "also_ok": [],
        },
        {"id": 2, "text": "gm", "ts": "2026-11-20", "expected": [], "also_ok": []},
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert run_corpus(file) == 0
    assert "messages exact 2/2 = 100.0% (n=2)" in capsys.readouterr().out


@pytest.mark.skipif(not SHARED.exists(), reason="the labelled messages are not beside this checkout")
def test_the_development_messages_reach_the_bar_without_a_wrong_trade() -> None:
    rows = [json.loads(line) for line in SHARED.read_text(encoding="utf-8").splitlines()]
    given = answers(*(json.dumps(row) for row in rows))
    score = score_rows(rows, given)
    assert len(given) == len(rows)
    assert score.exact >= 0.92 * score.messages
    assert score.quiet_left_alone >= 0.995 * score.quiet
    assert not score.dangers
    assert score.alerts_held <= 0.10 * (score.messages - score.quiet)
    assert score.quiet_held <= 0.02 * score.quiet
