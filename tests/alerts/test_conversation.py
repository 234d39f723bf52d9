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
