"""What a bot is told to read, how patient it is, and why a log-in ended."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

SOURCE = "discord"
"""Source of every message from there, whichever bot brought it: two bots in one channel make no message twice."""
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, zlib.error)
"""What an answer that is not Discord's makes of discord.py's readers."""


@dataclass(frozen=True, slots=True)
class BotSetup:
    """One bot. `channels` are the ids listened to now; `guilds` are the servers it may read, none: any."""

    name: str
    channels: Callable[[], frozenset[str]]
    guilds: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Timing:
    ask_s: float = 5.0
    """Between two looks for a token that is not there, or for another one than was refused."""
    retry_s: float = 5.0
    retry_most_s: float = 120.0
    """Between two log-ins; it doubles up to the most. Discord allows a thousand a day."""
    retry_unreached_s: float = 15.0
    """The most while Discord is not reached at all, which costs none of them."""
    steady_s: float = 600.0
    """A log-in that lasted so long was a good one."""
    patience_s: float = 60.0
    """How long the library may try to get a lost line back before the log-in starts anew."""
    told_after_s: float = 3.0
    """A line that is back by then was never lost: Discord asks for a new one every few hours."""
    beat_s: float = 5.0
    """Between two signs of life that are asked for. A dead line is told after `silent_s` + two of these at most."""
    silent_s: float = 12.0
    """How long the gateway may answer none of them."""
    heartbeat_s: float = 60.0
    """Silence after which a line counts as dead; it must exceed Discord's 41 s between heartbeats."""
    guilds_s: float = 2.0
    """Silence after which no further server is expected at a log-in."""
    check_s: float = 60.0
    """Between two comparisons of what came with what stands in each channel."""
    grace_s: float = 10.0
    """How old a message must be before its absence is a fault."""
    history: timedelta = timedelta(hours=12)
    """How far back is read after a gap."""
    history_most: int = 200


class TokenRefused(Exception):
    """This token will not do, however often it is tried; says why and what to do."""


class LinkLost(Exception):
    """The log-in ended for a reason that may pass; says which, and whether it ever had a session."""

    def __init__(self, words: str, *, had_session: bool) -> None:
        super().__init__(words)
        self.had_session = had_session
