"""After a gap: what stands in a channel that the stream did not bring, in order and marked as history."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import discord

from tradestream_gui.adapters.sources.discord.memory import Memory
from tradestream_gui.adapters.sources.discord.reading import incoming
from tradestream_gui.adapters.sources.discord.setup import Timing
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.ports.source import IncomingMessage

Readable = discord.abc.Messageable


class CatchUp:
    """Reads history over REST. A message from before is handed on as BACKFILL, which never opens; one that was known
    and reads otherwise now as an edit; one that was known and is gone as deleted."""

    def __init__(
        self, memory: Memory, timing: Timing, now: Callable[[], datetime], deliver: Callable[[IncomingMessage], None]
    ) -> None:
        self._memory = memory
        self._timing = timing
        self._now = now
        self._deliver = deliver

    async def read(self, channel: Readable, place: int, listed: str, until: int) -> None:
        """Everything up to the id `until`, as far back as the timing says. Raises discord.HTTPException."""
        since = self._now() - self._timing.history
        low = discord.utils.time_snowflake(since)
        most = self._timing.history_most
        before = discord.Object(until + 1)
        found = [each async for each in channel.history(limit=most, before=before) if each.id >= low]
        lowest = min((each.id for each in found), default=low) if len(found) == most else low
        self._take_back(place, lowest, until, {each.id for each in found})
        for message in sorted(found, key=lambda each: each.id):
            self._hand_on(message, place, listed)

    def _hand_on(self, message: discord.Message, place: int, listed: str) -> None:
        self._memory.heard(place, message.id, live=False)
        before = self._memory.known(place, message.id)
        arrival = Arrival.BACKFILL if before is None else Arrival.EDIT
        found = incoming(message, listed, arrival, self._memory.text_of)
        if found is None or (before is not None and (before.text, before.embeds) == (found.text, found.embeds)):
            return
        self._memory.keep(place, found)
        self._deliver(found)

    def _take_back(self, place: int, low: int, high: int, standing: set[int]) -> None:
        for message_id in self._memory.between(place, low, high):
            if message_id not in standing:
                gone = self._memory.forget(place, message_id)
                if gone is not None:
                    self._deliver(deleted(gone))


def deleted(message: IncomingMessage) -> IncomingMessage:
    """The same message as one that its author or a moderator took back."""
    return replace(message, deleted=True, arrival=Arrival.EDIT)
