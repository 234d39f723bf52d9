"""What a seed decides before a simulated day begins: its broker, its faults, its hour and what may be lost in it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from tests.sim.venue import PERSONALITIES, ROUGH, FaultRates, Personality

OPENING = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
AFTERNOON = datetime(2026, 11, 19, 19, 55, tzinfo=UTC)
"""From here the hour ends before the market does, and what expires today has to be gone before."""
GONE_BY = datetime(2026, 11, 19, 20, 45, tzinfo=UTC)
DAY_LOSS = Decimal(3000)
HOUR_S = 3600.0
MESSAGES = 400


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What the seed decides before the day begins."""

    seed: int
    character: Personality
    rates: FaultRates = ROUGH
    length_s: float = HOUR_S
    messages: int = MESSAGES
    incidents: int = 32
    permanent: bool = False
    """Liveness: one fault stays for the whole day until the quiet at its end."""
    opening: datetime = OPENING
    loss_limit: Decimal | None = None
    """The day may be lost: then nothing is opened any more."""
    beside: Personality | None = None
    """A live account at a broker of its own, beside the simulator, which half of the analysts trade."""


def plan_of(seed: int, *, length_s: float = HOUR_S, messages: int = MESSAGES) -> DayPlan:
    character = PERSONALITIES[seed % len(PERSONALITIES)]
    return DayPlan(
        seed, character, length_s=length_s, messages=messages, permanent=seed % 5 == 4,
        opening=AFTERNOON if seed % 3 == 2 else OPENING, loss_limit=DAY_LOSS if seed % 6 == 1 else None,
        beside=PERSONALITIES[seed // 7 % len(PERSONALITIES)] if seed % 7 == 3 else None,
    )  # fmt: skip
