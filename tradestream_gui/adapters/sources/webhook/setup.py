"""What the webhook's port is told: where it listens, which groups there are, and how patient it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

SOURCE = "webhook"
HOST = "127.0.0.1"
"""There is no other: a sender outside comes through a tunnel of the user's own."""
MAX_BODY = 16 * 1024


@dataclass(frozen=True, slots=True)
class Group:
    """Where the posts of a group count: `channel_id` is the row of the settings, which may serve many names."""

    channel_id: str
    name: str


@dataclass(frozen=True, slots=True)
class BodyNotes:
    """What the body says about itself besides its alert. `group` and `id` are empty where it names none; `time_fault`
    says in words why its time is none. `only_reduces` is True for what opens nothing."""

    group: str = ""
    id: str = ""
    sent_at: datetime | None = None
    time_fault: str = ""
    only_reduces: bool = False


@dataclass(frozen=True, slots=True)
class WebhookSetup:
    """Asked at each request: the settings may have changed. `group_of` answers None for a name that has no row;
    `is_signed` whether a signature is demanded of every sender."""

    port: int
    group_of: Callable[[str], Group | None]
    is_signed: Callable[[], bool]
    notes_of: Callable[[str], BodyNotes]


@dataclass(frozen=True, slots=True)
class Timing:
    ask_s: float = 5.0
    """Between two looks for a token that is not there yet."""
    retry_s: float = 5.0
    retry_most_s: float = 60.0
    """Between two tries of a port that is taken; it doubles up to the most."""
    read_s: float = 5.0
    """How long a body may take to come."""
    connection_s: float = 15.0
    """How long a connection may stand at all: each carries one request."""
    per_minute: int = 10
    """Posts that may open something."""
    reducing_per_minute: int = 120
    """Posts that only reduce wait for no such limit; this one keeps a sender that went mad off the desk."""
    skew_s: float = 30.0
    """How far a signed timestamp may be from this computer's clock."""
    repeat_s: float = 5.0
    """The same body again within this time is the same post."""
