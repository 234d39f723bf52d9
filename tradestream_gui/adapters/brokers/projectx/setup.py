"""Where the gateway is, who logs in, and how patient we are."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

Credentials = Callable[[], Awaitable[tuple[str, str, str]]]
"""User name and API key; or, instead of a key, the words why there is none."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    api: str
    user_hub: str
    market_hub: str


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. A link that says nothing is told down after `probe_s` + `probe_answer_s` at the latest."""

    answer_s: float = 8.0
    probe_s: float = 2.0
    """Between two probes of a hub's line; each answer proves that prices which stand still are prices of now."""
    probe_answer_s: float = 8.0
    silence_s: float = 40.0
    """How long a hub whose line answers may bring no record at all; its own pings come every fifteen seconds."""
    renew_share: float = 0.8
    """Part of a token's life after which it is exchanged for a new one: 19 of 24 hours."""
    refused_pause_s: float = 60.0
    """After a refused log-in the same credentials are not tried again so soon: keys get blocked that way."""
    backoff_s: tuple[float, ...] = (1.0, 2.0, 4.0)
    """Before a read that met a limit or a broken server is tried again."""
    confirm_s: float = 1.0
    """How long the hub may take to tell what a request did, before the lists are asked."""
    retry_s: float = 2.0
    """Between two attempts of the feed to reach its hub; it doubles up to the most."""
    retry_most_s: float = 20.0
