"""The channels that one log-in reads: which it can see, what they hold from before, and whether they stand still."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import aiohttp
import discord

from tradestream_gui.adapters.sources.discord.catch_up import CatchUp
from tradestream_gui.adapters.sources.discord.memory import Memory
from tradestream_gui.adapters.sources.discord.reading import channel_name
from tradestream_gui.adapters.sources.discord.setup import UNREADABLE, BotSetup, Timing
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.clock import Clock

Read = discord.TextChannel | discord.Thread
Tell = Callable[[str, LinkState, str], None]
"""Hears of one channel: its name, its state, why."""
OUT_OF_REACH = (
    "the bot is in no server that has this channel: open its invitation link and add it, or follow the announcement "
    "channel into a server where it is"
)
NOT_SEEN = "the bot may not see it: give it View Channel and Read Message History there"
FAILS = (discord.DiscordException, aiohttp.ClientError, OSError, RuntimeError, *UNREADABLE)
"""How a call over REST ends when it does not succeed; the runtime's own when the line is closed under it."""
NO_ID = "this is no channel id: in Discord turn on Developer Mode, right-click the channel and choose Copy Channel ID"


@dataclass(frozen=True, slots=True)
class Place:
    """A channel or thread to be read up to the id `until`, for the listed channel that it belongs to."""

    channel: Read
    listed: str
    until: int


class Channels:
    """`tell` hears of a channel when it cannot be read, and again when it can."""

    def __init__(
        self,
        client: discord.Client,
        setup: BotSetup,
        *,
        timing: Timing,
        memory: Memory,
        catch_up: CatchUp,
        clock: Clock,
        tell: Tell,
    ) -> None:
        self._client = client
        self._setup = setup
        self._timing = timing
        self._memory = memory
        self._catch_up = catch_up
        self._clock = clock
        self._tell = tell
        self._readable: dict[str, Read] = {}
        self._wrong: dict[str, str] = {}
        self._unread: set[Place] = set()
        self._sessions = 0

    @property
    def words(self) -> str:
        names = sorted(channel_name(each, name) for name, each in self._readable.items())
        if not names:
            return "reads no channel: list one with the source discord under Discord & channels"
        return f"reads {', '.join(names)}"

    def look(self) -> tuple[Place, ...]:
        """Sorts the listed channels anew; gives those that have become readable, with all that they hold."""
        wanted = self._setup.channels()
        self._readable = {name: each for name, each in self._readable.items() if name in wanted}
        fresh: list[Place] = []
        for name in sorted(wanted):
            channel = self._client.get_channel(int(name)) if name.isdecimal() else None
            problem = self._problem(name, channel)
            if problem or not isinstance(channel, Read):
                self._readable.pop(name, None)
                self._say(name, channel_name(channel, name), problem or "this kind of channel is not read")
                continue
            if name not in self._readable:
                fresh.extend(self._places(channel, name, was_shut=bool(self._wrong.get(name))))
            self._readable[name] = channel
            self._say(name, channel_name(channel, name), "")
        return tuple(fresh)

    def start_over(self) -> None:
        """After a new session everything has to be looked at again."""
        self._readable.clear()
        self._sessions += 1

    async def read(self, places: tuple[Place, ...]) -> None:
        """What they held before the stream; what cannot be read now is asked for again until it is, or until a new
        session looks at everything anew."""
        session, wait_s = self._sessions, self._timing.retry_s
        for place in places:
            while not self._client.is_closed() and session == self._sessions and not await self._is_read(place):
                await self._clock.sleep(wait_s)
                wait_s = min(2 * wait_s, self._timing.retry_most_s)

    async def _is_read(self, place: Place) -> bool:
        """Whether nothing more is to be asked of this place."""
        shown = channel_name(place.channel, place.listed)
        try:
            await self._catch_up.read(place.channel, place.channel.id, place.listed, place.until)
        except discord.Forbidden:
            self._say(place.listed, shown, NOT_SEEN)
        except FAILS as error:
            if not self._client.is_closed():
                self._unread.add(place)
                words = f"what was posted before could not be read, it is asked for again: {error}"
                self._tell(shown, LinkState.DOWN, words)
            return False
        if place in self._unread:
            self._unread.discard(place)
            self._tell(shown, LinkState.UP, "what was posted before has been read")
        return True

    async def standing_still(self) -> str:
        """The name of a channel in which something stands that the stream did not bring, however long one waits;
        empty when there is none."""
        for name, channel in list(self._readable.items()):
            newest = await self._newest(name, channel)
            if newest > self._memory.newest(channel.id):
                await self._clock.sleep(self._timing.grace_s)
                if newest > self._memory.newest(channel.id):
                    return channel_name(channel, name)
        return ""

    async def _newest(self, name: str, channel: Read) -> int:
        try:
            return max([each.id async for each in channel.history(limit=1)], default=0)
        except discord.Forbidden:
            self._readable.pop(name, None)
            self._say(name, channel_name(channel, name), NOT_SEEN)
        except FAILS:
            pass  # the line itself is watched elsewhere; the next look asks again
        return 0

    def _places(self, channel: Read, name: str, *, was_shut: bool) -> Iterator[Place]:
        """What a channel held that could not be read until now was not streamed either: it is read up to now."""
        threads = channel.threads if isinstance(channel, discord.TextChannel) else ()
        both: tuple[Read, ...] = (channel, *threads)
        now = discord.utils.time_snowflake(self._clock.now())
        for each in both:
            if was_shut:
                yield Place(each, name, now)
            elif each.last_message_id is not None:
                yield Place(each, name, self._memory.before_the_stream(each.id, each.last_message_id))
                self._memory.heard(each.id, each.last_message_id, live=False)

    def _problem(self, name: str, channel: object) -> str:
        if not name.isdecimal():
            return NO_ID
        if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            return OUT_OF_REACH
        if self._setup.guilds and str(channel.guild.id) not in self._setup.guilds:
            return f"it is in the server {channel.guild.name} ({channel.guild.id}), which this bot's row does not list"
        rights = channel.permissions_for(channel.guild.me)
        return "" if rights.view_channel and rights.read_message_history else NOT_SEEN

    def _say(self, name: str, shown: str, problem: str) -> None:
        if problem == self._wrong.get(name, ""):
            return
        self._wrong[name] = problem
        self._tell(shown, LinkState.DOWN if problem else LinkState.UP, problem or "can be read again")
