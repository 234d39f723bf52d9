"""What a person sets right becomes a labelled message, kept in a file that the corpus command scores."""

import json
from pathlib import Path

import pytest

from tests.alerts.reading import read
from tests.trading.stage import THURSDAY, open_stage
from tradestream_gui.adapters.runtime.atomic_file import write_atomically
from tradestream_gui.alerts.labelled import LabelError, LabelledMessages, labelled
from tradestream_gui.corpus import run_corpus
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.messages import Arrival, MessageRevision
from tradestream_gui.domain.orders import OrderRole


async def test_a_held_alert_set_right_is_sent_and_becomes_a_labelled_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = await open_stage(tmp_path)
    key = MessageKey("test:futures:slip")
    held = await stage.say("ES long 6926: A\nStop: 6316", message_id="slip")
    assert held is not None
    assert held.outcome is Outcome.HELD
    right = read("ES long 6326: A\nStop: 6316").actions

    async def approve() -> None:
        await stage.core.alerts.approve(key, right)

    stage.tasks.spawn(approve(), "approve")
    await stage.run(2)
    assert [order.order_qty for order in stage.venue.sent(OrderRole.ENTRY)] == [3]
    said = stage.core.alerts.message(key)
    assert said is not None
    labels = LabelledMessages(tmp_path / "labelled.jsonl", write_atomically)
    assert labels.add(labelled(said, right)) == 1
    await stage.close()
    assert run_corpus(labels.path) == 0
    assert "messages exact 0/1" in capsys.readouterr().out


def test_a_message_is_labelled_once_and_the_last_word_counts(tmp_path: Path) -> None:
    labels = LabelledMessages(tmp_path / "own" / "labelled.jsonl", write_atomically)
    text = "BTO AAPL 150c 12/18 @ 2.50"
    said = _said(text, 0)
    assert labels.add(labelled(said, read(text).actions)) == 1
    assert labels.add(labelled(said, ())) == 1
    assert labels.add(labelled(_said(text, 1), read(text).actions)) == 2
    rows = [one.row for one in labels.rows()]
    assert [row["kind"] for row in rows] == ["none", "OPEN"]
    assert json.loads(json.dumps(rows[1]["expected"]))[0]["price"] == 2.5
    labels.remove(str(rows[0]["id"]))
    assert [one.row["edited"] for one in labels.rows()] == [True]


def test_a_file_that_is_none_of_ours_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "labelled.jsonl"
    file.write_text('{"id": "a", "text": "b"}\nnot json\n', encoding="utf-8")
    with pytest.raises(LabelError, match=r"labelled\.jsonl line 2"):
        LabelledMessages(file, write_atomically).rows()


def _said(text: str, revision: int) -> MessageRevision:
    return MessageRevision(
        MessageKey("test:futures:a"), revision, "test", "futures", "futures", "jm", "JM", text, THURSDAY, THURSDAY, 1,
        Arrival.LIVE,
    )  # fmt: skip
