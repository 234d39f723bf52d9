"""What exists on the server: bots, guilds, channels, threads and messages, and how each looks on the wire."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

EPOCH_MS = 1_420_070_400_000
VIEW_CHANNEL, READ_HISTORY = 1 << 10, 1 << 16
EVERYONE_MAY = VIEW_CHANNEL | READ_HISTORY
TEXT, ANNOUNCEMENT, PUBLIC_THREAD = 0, 5, 11
DEFAULT, REPLY = 0, 19
CROSSPOSTED = 1 << 1
CONTENT_FLAG, CONTENT_FLAG_LIMITED = 1 << 18, 1 << 19

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """Who posts: a member, a bot or a webhook."""

    id: int
    name: str
    bot: bool = False
    webhook: bool = False

    def payload(self) -> Payload:
        return {
            "id": str(self.id), "username": self.name, "discriminator": "0000", "avatar": None,
            "global_name": None, "bot": self.bot or self.webhook, "public_flags": 0, "avatar_decoration_data": None,
            "flags": 0,
        }  # fmt: skip


@dataclass(slots=True)
class Bot:
    """An application. `is_user` is a person's own account, whose token no program may use."""

    token: str
    me: Person
    application_id: int
    content_intent: bool = True
    is_user: bool = False

    def application(self) -> Payload:
        return {
            "id": str(self.application_id), "name": self.me.name, "icon": None, "description": "", "bot_public": True,
            "bot_require_code_grant": False, "verify_key": "00", "flags": self.flags, "summary": "", "team": None,
            "owner": Person(1, "owner").payload(),
        }  # fmt: skip

    @property
    def flags(self) -> int:
        return CONTENT_FLAG_LIMITED if self.content_intent else 0

    def payload(self) -> Payload:
        return {**self.me.payload(), "bot": not self.is_user, "mfa_enabled": False, "verified": True, "locale": "en-US"}


@dataclass(slots=True)
class Message:
    id: int
    channel: "Channel"
    author: Person
    content: str
    at: datetime
    type: int = DEFAULT
    embeds: tuple[Payload, ...] = ()
    reply_to: "Message | None" = None
    snapshots: tuple[str, ...] = ()
    flags: int = 0
    edited_at: datetime | None = None

    def payload(self, *, with_content: bool = True) -> Payload:
        shown: Payload = {
            "id": str(self.id), "channel_id": str(self.channel.id), "author": self.author.payload(),
            "content": self.content if with_content else "", "timestamp": self.at.isoformat(),
            "edited_timestamp": self.edited_at.isoformat() if self.edited_at else None, "tts": False,
            "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [],
            "embeds": list(self.embeds) if with_content else [], "pinned": False, "type": self.type,
            "flags": self.flags, "components": [],
        }  # fmt: skip
        if self.author.webhook:
            shown["webhook_id"] = str(self.author.id)
        if self.reply_to is not None:
            replied = self.reply_to
            shown["message_reference"] = self._reference(replied.channel, replied.id, 0)
            shown["referenced_message"] = replied.payload(with_content=with_content)
        if self.snapshots:
            shown["message_reference"] = self._reference(self.channel, self.id - 1, 1)
            shown["message_snapshots"] = [{"message": self._snapshot(words)} for words in self.snapshots]
        if self.flags & CROSSPOSTED:
            shown["message_reference"] = {"type": 0, "guild_id": "9", "channel_id": "8", "message_id": str(self.id - 1)}
        return shown

    def _reference(self, channel: "Channel", message_id: int, kind: int) -> Payload:
        return {
            "type": kind, "guild_id": str(channel.guild.id), "channel_id": str(channel.id),
            "message_id": str(message_id),
        }  # fmt: skip

    def _snapshot(self, words: str) -> Payload:
        return {
            "type": 0, "content": words, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
            "timestamp": self.at.isoformat(), "edited_timestamp": None, "flags": 0, "components": [],
        }  # fmt: skip


@dataclass(slots=True)
class Channel:
    id: int
    name: str
    guild: "Guild"
    type: int = TEXT
    parent: "Channel | None" = None
    messages: dict[int, Message] = field(default_factory=dict)
    hidden_from: set[int] = field(default_factory=set)
    """Bots that may not see it, by their ids."""
    slow_s: float = 0.0
    """Between two posts of one author."""
    posted_at: dict[int, datetime] = field(default_factory=dict)
    """When each author last posted."""

    def payload(self) -> Payload:
        newest = str(max(self.messages)) if self.messages else None
        if self.parent is not None:
            return self._thread_payload(self.parent, newest)
        overwrites = [
            {"id": str(bot_id), "type": 1, "allow": "0", "deny": str(VIEW_CHANNEL)} for bot_id in self.hidden_from
        ]
        return {
            "id": str(self.id), "type": self.type, "guild_id": str(self.guild.id), "name": self.name, "position": 0,
            "permission_overwrites": overwrites, "nsfw": False, "parent_id": None, "topic": None, "flags": 0,
            "last_message_id": newest, "rate_limit_per_user": int(self.slow_s),
        }  # fmt: skip

    def _thread_payload(self, parent: "Channel", newest: str | None) -> Payload:
        stamp = "2026-01-01T00:00:00+00:00"
        return {
            "id": str(self.id), "type": self.type, "guild_id": str(self.guild.id), "name": self.name,
            "parent_id": str(parent.id), "owner_id": "1", "last_message_id": newest, "message_count": 0,
            "member_count": 1, "rate_limit_per_user": 0, "flags": 0,
            "thread_metadata": {
                "archived": False, "auto_archive_duration": 1440, "archive_timestamp": stamp, "locked": False,
                "create_timestamp": stamp,
            },
        }  # fmt: skip

    def sees(self, bot_id: int) -> bool:
        return bot_id not in (self.parent or self).hidden_from


@dataclass(slots=True)
class Webhook:
    """Whoever has its token posts in the channel."""

    me: Person
    token: str
    channel: Channel


@dataclass(slots=True)
class Guild:
    id: int
    name: str
    channels: dict[int, Channel] = field(default_factory=dict)
    bots: set[int] = field(default_factory=set)

    def payload(self, bot: Bot) -> Payload:
        everyone = {
            "id": str(self.id), "name": "@everyone", "permissions": str(EVERYONE_MAY), "position": 0, "color": 0,
            "hoist": False, "managed": False, "mentionable": False, "flags": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        }  # fmt: skip
        own = {
            "user": bot.payload(), "roles": [], "joined_at": "2026-01-01T00:00:00+00:00", "deaf": False, "mute": False,
            "flags": 0,
        }  # fmt: skip
        return {
            "id": str(self.id), "name": self.name, "owner_id": "1", "unavailable": False, "large": False,
            "member_count": 2, "roles": [everyone], "emojis": [], "stickers": [], "features": [], "members": [own],
            "channels": [each.payload() for each in self.channels.values() if each.parent is None],
            "threads": [each.payload() for each in self.channels.values() if each.parent is not None],
            "voice_states": [], "presences": [], "stage_instances": [], "guild_scheduled_events": [],
            "soundboard_sounds": [], "verification_level": 0, "default_message_notifications": 0,
            "explicit_content_filter": 0, "mfa_level": 0, "nsfw_level": 0, "premium_tier": 0,
            "preferred_locale": "en-US", "afk_timeout": 300, "system_channel_flags": 0,
            "premium_progress_bar_enabled": False, "joined_at": "2026-01-01T00:00:00+00:00",
        }  # fmt: skip


class World:
    """Everything that exists; ids are snowflakes of the given clock, never twice the same."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.bots: dict[str, Bot] = {}
        self.guilds: dict[int, Guild] = {}
        self.webhooks: dict[int, Webhook] = {}
        self._last_id = 0

    def snowflake(self, at: datetime | None = None) -> int:
        made = (int((at or self.now()).timestamp() * 1000) - EPOCH_MS) << 22
        if at is None:
            made = self._last_id = max(made, self._last_id + 1)
        return made

    def channel(self, channel_id: int) -> Channel | None:
        return next((each for each in self.channels() if each.id == channel_id), None)

    def channels(self) -> Iterator[Channel]:
        for guild in self.guilds.values():
            yield from guild.channels.values()

    def guilds_of(self, bot: Bot) -> list[Guild]:
        return [guild for guild in self.guilds.values() if bot.me.id in guild.bots]
