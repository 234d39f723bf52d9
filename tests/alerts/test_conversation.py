"""What is kept of a long day's talk: the readings of the newest messages, and older ones read anew when asked for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tests.alerts.room_world import RoomWorld
from tradestream_gui.alerts.binding.conversation import MAX_READINGS, Conversation
from tradestream_gui.alerts.desk.inbox import Inbox
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.alerts import AlertText, Reading
from tradestream_gui.domain.ids import AnalystId, ChannelId
from tradestream_gui.domain.messages import Arrival, MessageRevision
from tradestream_gui.domain.orders import Origin, OriginKind
from tradestream_gui.ports.source import IncomingMessage

MORNING = datetime(2026, 11, 19, 5, 0, tzinfo=UTC)
ANN = Origin(OriginKind.ALERT, None, AnalystId("ann"), "room", "Ann")
NOTHING = Reading((), (), False, (), Decimal(0), "plain", ())


def test_a_day_of_more_talk_than_is_kept_reads_only_what_was_let_go_again() -> None:
    world, inbox = RoomWorld("room", ["ann"]), Inbox()
    texts: list[str] = []

    def read(alert: AlertText, profile: AlertProfile) -> Reading:
        texts.append(alert.text)
        return NOTHING

    def said(number: int) -> MessageRevision:
        at = MORNING + timedelta(seconds=3 * number)
        message = IncomingMessage(
            source="test", channel_id="room", channel_name="room", message_id=f"m{number}", author_id="ann",
            author_name="Ann", text=f"word {number}", sent_at=at, order_no=number, arrival=Arrival.LIVE,
        )  # fmt: skip
        revision = inbox.revise(message, at)
        assert revision is not None
        return revision

    every = [said(number) for number in range(MAX_READINGS + 2)]
    talk = Conversation(inbox, replace(world.ask, read=read), tuple, lambda key: None)
    route = world.rules.route(ChannelId("room"), "ann")
    assert route is not None
    talk.book(every[-1], route, ANN)
    assert len(texts) == len(set(texts)) == MAX_READINGS + 1
    talk.book(every[1], route, ANN)
    assert texts[MAX_READINGS + 1 :] == ["word 0"], "the oldest was let go"
    talk.book(every[1], route, ANN)
    assert len(texts) == MAX_READINGS + 2, "and is kept again"


def test_what_was_loaded_is_the_contract_of_the_entry_that_follows_and_nothing_stands_yet() -> None:
    world, inbox = RoomWorld("room", ["ann", "bob"]), Inbox()
    route = world.rules.route(ChannelId("room"), "ann")
    assert route is not None

    def said(number: int, text: str, author: str = "ann") -> MessageRevision:
        at = MORNING + timedelta(hours=10, seconds=30 * number)
        message = IncomingMessage(
            source="test", channel_id="room", channel_name="room", message_id=f"m{number}", author_id=author,
            author_name=author, text=text, sent_at=at, order_no=number, arrival=Arrival.LIVE,
        )  # fmt: skip
        revision = inbox.revise(message, at)
        assert revision is not None
        return revision

    talk = Conversation(inbox, world.ask, tuple, lambda key: None)
    loaded = said(1, "Loading AAPL 150c 12/18 at 5.00")
    said(2, "loading up on coffee")
    said(3, "Loading MSFT 400c 12/18 at 7.00", "bob")
    entry = said(4, "in at 5.05")
    prepared = talk.book(entry, route, ANN).prepared
    assert [(one.message_key, one.action.symbol, one.action.strike) for one in prepared] == [
        (loaded.message_key, "AAPL", Decimal(150))
    ]
    assert not talk.stands(loaded.message_key, entry, ANN)
