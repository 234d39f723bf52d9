"""One log-in of one bot, from the token's proof to the end of its session; discord.py keeps the line in between."""

import asyncio
import logging
import sys
from typing import Any

import aiohttp
import discord

from tradestream_gui.adapters.sources.discord.catch_up import CatchUp, deleted
from tradestream_gui.adapters.sources.discord.channels import Channels, Tell
from tradestream_gui.adapters.sources.discord.memory import Memory
from tradestream_gui.adapters.sources.discord.pulse import Pulse, stop_hearts, stop_waiting
from tradestream_gui.adapters.sources.discord.reading import channel_name, incoming, listed_channel
from tradestream_gui.adapters.sources.discord.setup import (
    SOURCE,
    UNREADABLE,
    BotSetup,
    LinkLost,
    Timing,
    TokenRefused,
)
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.clock import Clock, Tasks, Timer
from tradestream_gui.ports.source import AlertSink, IncomingMessage

REFUSED = (
    "Discord does not know this bot token. Copy it anew: Developer Portal, your application, Bot, Reset Token. The "
    "token of a person's own account is never used: it breaks Discord's terms and puts the account at risk"
)
OF_A_PERSON = (
    "this is the token of the person's account {name}, not of a bot. It is refused: programs that use it break "
    "Discord's terms and put the account at risk. Make an application with a bot in the Developer Portal"
)
NO_CONTENT = (
    "the bot {name} gets messages without their words: turn on Message Content Intent in the Developer Portal, your "
    "application, Bot, Privileged Gateway Intents"
)
BAD_TOKEN_CODE = 4004
_log = logging.getLogger(__name__)


class LogIn:
    """`run` once; it returns when closed, and raises TokenRefused or LinkLost otherwise."""

    def __init__(
        self,
        setup: BotSetup,
        sink: AlertSink,
        tell: Tell,
        *,
        clock: Clock,
        tasks: Tasks,
        timing: Timing,
        memory: Memory,
    ) -> None:
        self._setup = setup
        self._sink = sink
        self._tell = tell
        self._clock = clock
        self._tasks = tasks
        self._timing = timing
        self._memory = memory
        self._client = _client(timing)
        self._channels = Channels(
            self._client,
            setup,
            timing=timing,
            memory=memory,
            catch_up=CatchUp(memory, timing, clock.now, sink.on_message),
            clock=clock,
            tell=tell,
        )
        self._pulse = Pulse(
            self._client, clock=clock, timing=timing, is_up=lambda: self._is_up, tell_dead=self._tell_dead
        )
        self._patience: asyncio.Timeout | None = None
        self._late: Timer | None = None
        self._is_up = False
        self._had_session = False
        self._why = ""
        self._handlers = (
            self.on_connect, self.on_ready, self.on_resumed, self.on_disconnect, self.on_message, self.on_error,
            self.on_raw_message_edit, self.on_raw_message_delete, self.on_raw_bulk_message_delete,
        )  # fmt: skip
        for handler in self._handlers:
            self._client.event(handler)

    async def run(self, token: str) -> None:
        try:
            async with asyncio.timeout(None) as self._patience:
                await self._prove(token)
                self._set_patience(self._timing.patience_s)
                self._tasks.spawn(self._watch(), f"watch the channels of {self._setup.name}")
                self._tasks.spawn(self._pulse.watch(), f"watch the line of {self._setup.name}")
                await self._client.connect()
        except TimeoutError as error:
            raise self._lost(self._why or f"no line to Discord for {self._timing.patience_s:.0f} s") from error
        except discord.PrivilegedIntentsRequired as error:
            raise TokenRefused(NO_CONTENT.format(name=self._name)) from error
        except discord.ConnectionClosed as error:
            if error.code == BAD_TOKEN_CODE:
                raise TokenRefused(REFUSED) from error
            raise self._lost(f"Discord closed the line with code {error.code}") from error
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            raise self._lost(f"Discord cannot be reached: {error}") from error
        except UNREADABLE as error:
            raise self._lost(f"Discord sent what cannot be read: {error!r}") from error
        finally:
            self._patience, self._is_up = None, False
            self._stop_waiting()
            await self._client.close()
            await stop_waiting(self._client)
            for handler in self._handlers:
                delattr(self._client, handler.__name__)  # the library may still tell of a past log-in
            await asyncio.sleep(0)  # for what it has begun to tell
            stop_hearts(token)

    def _lost(self, words: str) -> LinkLost:
        return LinkLost(words, had_session=self._had_session)

    def end(self) -> None:
        """Wherever it is, `run` cleans up and comes back."""
        self._why = "closed"
        self._set_patience(0)

    # -- the token -----------------------------------------------------------------------------------------

    async def _prove(self, token: str) -> None:
        """A bot's, and one that may read words. Raises TokenRefused."""
        client = self._client
        try:
            await client.login(token)
        except discord.LoginFailure as error:
            raise TokenRefused(REFUSED) from error
        except discord.HTTPException:
            self._refuse_persons()
            raise
        self._refuse_persons()
        application = client.application
        flags = application.flags if application is not None else discord.ApplicationFlags()
        if not (flags.gateway_message_content or flags.gateway_message_content_limited):
            raise TokenRefused(NO_CONTENT.format(name=self._name))

    def _refuse_persons(self) -> None:
        user = self._client.user
        if user is not None and not user.bot:
            raise TokenRefused(OF_A_PERSON.format(name=user.name))

    @property
    def _name(self) -> str:
        return self._client.user.name if self._client.user is not None else self._setup.name

    # -- the line ------------------------------------------------------------------------------------------

    async def on_connect(self) -> None:
        """A session begins; what follows is streamed."""
        self._had_session = True
        self._memory.begin_stream()
        self._channels.start_over()

    async def on_ready(self) -> None:
        if self._is_over:
            return
        self._back()
        places = self._channels.look()
        self._tell_up()
        self._tasks.spawn(self._channels.read(places), f"catch up {self._setup.name}")

    async def on_resumed(self) -> None:
        """Nothing was missed: the gateway sends what came meanwhile."""
        if self._is_over:
            return
        self._back()
        self._tell_up()

    @property
    def _is_over(self) -> bool:
        """The library may still tell of a session that came up while `run` was already leaving."""
        return self._patience is None or self._patience.expired()

    def _tell_up(self) -> None:
        self._tell("", LinkState.UP, f"{self._name} {self._channels.words}")

    async def on_disconnect(self) -> None:
        if not self._is_up:
            return
        self._is_up = False
        self._set_patience(self._timing.patience_s)
        self._late = self._clock.call_later(self._timing.told_after_s, self._tell_lost)

    def _tell_dead(self, silent_s: float) -> None:
        words = f"Discord has answered nothing for {silent_s:.0f} s; the line is being called again"
        self._tell("", LinkState.DOWN, words)

    def _tell_lost(self) -> None:
        self._tell("", LinkState.DOWN, "the line to Discord is lost; it is being called again")

    def _back(self) -> None:
        self._is_up = True
        self._stop_waiting()
        self._set_patience(None)

    def _stop_waiting(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _set_patience(self, seconds: float | None) -> None:
        if self._patience is not None and not self._patience.expired():
            when = None if seconds is None else asyncio.get_running_loop().time() + seconds
            self._patience.reschedule(when)

    async def _watch(self) -> None:
        """Looks after the channels until the log-in ends; a stream that stands still is asked for anew."""
        while not self._client.is_closed():
            await self._clock.sleep(self._timing.check_s)
            if not self._is_up:
                continue
            places = self._channels.look()
            self._tell_up()
            if places:
                self._tasks.spawn(self._channels.read(places), f"catch up {self._setup.name}")
            still = await self._channels.standing_still()
            if still and self._is_up:
                self._why = f"{still} had messages that the stream did not bring"
                self._set_patience(0)
                return

    async def on_error(self, event: str, *_arguments: Any) -> None:
        """A post that could not be taken over must not go unseen."""
        _log.exception("%s: the event %s was not taken", self._setup.name, event)
        words = f"an event ({event}) could not be taken over: {sys.exc_info()[1]!r}. Look at the channel itself"
        self._tell("events", LinkState.DOWN, words)

    # -- messages ------------------------------------------------------------------------------------------

    async def on_message(self, message: discord.Message) -> None:
        listed = self._listed(message.channel, message.guild)
        if listed is None:
            return
        self._memory.heard(message.channel.id, message.id, live=True)
        self._take(message, listed, Arrival.LIVE)

    async def on_raw_message_edit(self, edit: discord.RawMessageUpdateEvent) -> None:
        """An update without words, as a poll's or a thread's count, changes nothing."""
        listed = self._listed(edit.message.channel, edit.message.guild)
        if listed is not None and set(edit.data) >= {"content", "author"}:
            self._take(edit.message, listed, Arrival.EDIT)

    async def on_raw_message_delete(self, gone: discord.RawMessageDeleteEvent) -> None:
        self._take_back(gone.channel_id, gone.message_id)

    async def on_raw_bulk_message_delete(self, gone: discord.RawBulkMessageDeleteEvent) -> None:
        for message_id in sorted(gone.message_ids):
            self._take_back(gone.channel_id, message_id)

    def _take(self, message: discord.Message, listed: str, arrival: Arrival) -> None:
        user = self._client.user
        if user is not None and message.author.id == user.id:
            return
        found = incoming(message, listed, arrival, self._memory.text_of)
        if found is not None:
            self._memory.keep(message.channel.id, found)
            self._sink.on_message(found)

    def _take_back(self, place: int, message_id: int) -> None:
        known = self._memory.forget(place, message_id)
        if known is not None:
            self._sink.on_message(deleted(known))
            return
        channel = self._client.get_channel(place)
        guild = channel.guild if isinstance(channel, discord.abc.GuildChannel | discord.Thread) else None
        listed = self._listed(channel, guild)
        if listed is not None:
            self._sink.on_message(self._unknown(message_id, listed, channel_name(channel, listed)))

    def _unknown(self, message_id: int, listed: str, shown: str) -> IncomingMessage:
        """A deleted message of an earlier start: whose it was stands in the inbox."""
        return IncomingMessage(
            source=SOURCE, channel_id=listed, channel_name=shown, message_id=str(message_id), author_id="",
            author_name="", text="", sent_at=discord.utils.snowflake_time(message_id), order_no=message_id,
            arrival=Arrival.EDIT, deleted=True,
        )  # fmt: skip

    def _listed(self, channel: object, guild: discord.Guild | None) -> str | None:
        """The listed channel that this place counts for; None for every other, for a private talk, and for a server
        that the bot's row leaves out."""
        if guild is None or (self._setup.guilds and str(guild.id) not in self._setup.guilds):
            return None
        return listed_channel(channel, self._setup.channels())


def _client(timing: Timing) -> discord.Client:
    intents = discord.Intents(guilds=True, guild_messages=True, message_content=True)
    return discord.Client(
        intents=intents,
        max_messages=None,
        chunk_guilds_at_startup=False,
        member_cache_flags=discord.MemberCacheFlags.none(),
        heartbeat_timeout=timing.heartbeat_s,
        guild_ready_timeout=timing.guilds_s,
    )
