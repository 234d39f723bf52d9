"""A room's messages as far back as they are stored: what the archive has, and what came in since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import attrgetter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.ports.history import RoomMessages

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.messages import MessageRevision

READING = "Reading the stored messages of this channel…"
NOTHING_STORED = "Nothing is stored of this channel yet."


@dataclass(frozen=True, slots=True)
class RoomHistory:
    """Newest first, without what was taken back. `problem` says why only memory could be read, else it is empty."""

    messages: tuple[MessageRevision, ...] = ()
    has_more: bool = False
    problem: str = ""

    def words(self, core: Core) -> str:
        """How many they are, and from when to when they reach by the clock of the display."""
        if not self.messages:
            return self.problem or NOTHING_STORED
        zone = ZoneInfo(core.settings.current.general.display_zone)
        ends = (self.messages[-1], self.messages[0])
        first, last = (f"{each.sent_at.astimezone(zone):%d %b %Y %H:%M}" for each in ends)
        count = len(self.messages)
        told = f"{'The newest ' if self.has_more else ''}{count:,} message{'s' * (count != 1)}, {first} to {last}."
        return f"{told} {self.problem}" if self.problem else told


def held_room(core: Core, channel_id: str, limit: int) -> RoomHistory:
    """What memory has of it: all alerts of today, and the newest talk."""
    return _with_held(core, channel_id, RoomMessages((), has_more=False), limit)


async def read_room(core: Core, channel_id: str, limit: int) -> RoomHistory:
    """The newest `limit` messages of a channel. No alert waits for it: the archive is read on a thread of its own."""
    if core.archive is None:
        return held_room(core, channel_id, limit)
    try:
        stored = await core.archive.room(channel_id, limit=limit)
    except StoreFailed as error:
        problem = f"Earlier ones could not be read: {error}."
        return replace(held_room(core, channel_id, limit), problem=problem)
    return _with_held(core, channel_id, stored, limit)


def _with_held(core: Core, channel_id: str, stored: RoomMessages, limit: int) -> RoomHistory:
    newest = {each.message_key: each for each in stored.messages}
    for each in core.alerts.messages():
        known = newest.get(each.message_key)
        if each.channel_id == channel_id and (known is None or each.revision >= known.revision):
            newest[each.message_key] = each
    found = sorted((each for each in newest.values() if not each.deleted), key=attrgetter("sent_at"), reverse=True)
    return RoomHistory(tuple(found[:limit]), stored.has_more or len(found) > limit)
