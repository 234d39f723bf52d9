"""Real messages go through `tradestream parse` as one valid answer line each."""

import io
import json
from pathlib import Path

import pytest

from tradestream_gui.cli import main


def test_every_real_message_gets_one_answer_in_order(
    shared: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (shared / "alerts" / "dev.jsonl").read_text(encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert main(["parse"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["id"] for each in answers] == [json.loads(line)["id"] for line in text.splitlines()]
    assert len(answers) == 697
    for each in answers:
        assert set(each) == {"id", "actions", "held", "candidate", "reasons"}
        assert not (each["held"] and each["actions"])
    assert any(each["actions"] for each in answers)
