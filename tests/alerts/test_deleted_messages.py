"""A message that was deleted stays its author's, also where the source no longer knows whose it was."""

from dataclasses import replace
from datetime import UTC, datetime

from tradestream_gui.alerts.desk.inbox import Inbox
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.ports.source import IncomingMessage

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
POST = IncomingMessage(
    source="discord", channel_id="55", channel_name="#alerts", message_id="9", author_id="7", author_name="JM",
    text="ES long 6326: A", sent_at=AT, order_no=9, arrival=Arrival.LIVE,
)  # fmt: skip
GONE = replace(POST, author_id="", author_name="", text="", arrival=Arrival.EDIT, deleted=True)


def test_deleted_message_keeps_author_and_words() -> None:
    inbox = Inbox()
    inbox.revise(POST, AT)
    gone = inbox.revise(GONE, AT)
    assert gone is not None
    assert (gone.author_id, gone.author_name, gone.text) == ("7", "JM", "ES long 6326: A")
    assert (gone.deleted, gone.arrival) == (True, Arrival.EDIT)


def test_message_that_was_never_seen_is_not_deleted() -> None:
    assert Inbox().revise(GONE, AT) is None
