"""Messages as an earlier run of the program stored them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from tests.ui.tabs.rig import Rig
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.messages import Arrival, MessageRevision


def stored_message(rig: Rig, channel_id: str, days: int, text: str) -> MessageRevision:
    """The first version of a message of so many days ago, yet to be written."""
    at = rig.core.clock.now() - timedelta(days=days)
    return MessageRevision(
        message_key=MessageKey(f"demo:{channel_id}:{days}"), revision=0, source="demo", channel_id=channel_id,
        channel_name="futures", author_id="nobody", author_name="Nobody", text=text, sent_at=at, received_at=at,
        sequence=1, arrival=Arrival.LIVE,
    )  # fmt: skip


def shown_at(rig: Rig, message: MessageRevision) -> str:
    """When it was sent, as the screen tells it."""
    zone = ZoneInfo(rig.core.settings.current.general.display_zone)
    return f"{message.sent_at.astimezone(zone):%d %b %Y %H:%M}"
