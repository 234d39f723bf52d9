"""Historical bars of the practice market and the pacing rules that TWS holds requests to."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.servers.tws.contracts import TwsContract

IDENTICAL_S = 15.0
SAME_CONTRACT = (6, 2.0)
"""So many requests for one contract, exchange and data type within so many seconds are too many."""
SHORT_BARS = (60, 600.0)
SHORT_BAR_SIZES = ("1 secs", "5 secs", "10 secs", "15 secs", "30 secs")
STEP = {"5 secs": 5, "10 secs": 10, "15 secs": 15, "30 secs": 30, "1 min": 60, "2 mins": 120, "5 mins": 300,
        "15 mins": 900, "30 mins": 1800, "1 hour": 3600, "1 day": 86400}  # fmt: skip
SPAN = {"S": 1, "D": 86_400, "W": 604_800, "M": 2_592_000}
CENTRAL = ZoneInfo("America/Chicago")


@dataclass(slots=True)
class Pacing:
    """Remembers requests; says why one breaks the rules."""

    asked: deque[tuple[float, tuple[str, ...], tuple[str, ...], bool]] = field(default_factory=deque)

    def violation(self, now_s: float, request: tuple[str, ...], kind: tuple[str, ...], bar_size: str) -> str:
        """`request` is the whole of it, `kind` contract, exchange and data type. BID_ASK counts twice."""
        short = bar_size in SHORT_BAR_SIZES
        while self.asked and now_s - self.asked[0][0] > SHORT_BARS[1]:
            self.asked.popleft()
        same = [at for at, other, _, _ in self.asked if other == request and now_s - at < IDENTICAL_S]
        burst = [at for at, _, other, _ in self.asked if other == kind and now_s - at < SAME_CONTRACT[1]]
        shorts = [at for at, _, _, other in self.asked if other]
        for _ in range(2 if "BID_ASK" in kind else 1):
            self.asked.append((now_s, request, kind, short))
        broken = same or len(burst) >= SAME_CONTRACT[0] or (short and len(shorts) >= SHORT_BARS[0])
        return "Historical data request pacing violation" if broken else ""


def bars(
    contract: TwsContract, end: datetime, duration: str, bar_size: str, last: Decimal, fmt: str
) -> tuple[str, str, list[tuple[object, ...]]]:
    """Start, end and the bars of a quiet market around `last`; the same request always gives the same bars."""
    count_text, unit = duration.split(" ")
    step = STEP[bar_size]
    span = int(count_text) * SPAN[unit]
    end = end.replace(microsecond=0)
    first = int((end - timedelta(seconds=span)).timestamp()) // step * step
    found: list[tuple[object, ...]] = []
    tick = contract.min_tick
    for start in range(first, int(end.timestamp()), step):
        wave = (start // step) % 8 - 4
        open_ = last + wave * tick
        close = open_ + tick
        found.append((_when(start, step, fmt), open_, close + tick, open_ - tick, close, 100 + wave, close, 10))
    return _stamp(datetime.fromtimestamp(first, UTC)), _stamp(end), found


def _when(epoch: int, step: int, fmt: str) -> str:
    moment = datetime.fromtimestamp(epoch, UTC)
    if step >= STEP["1 day"]:
        return f"{moment:%Y%m%d}"
    return str(epoch) if fmt == "2" else _stamp(moment)


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(CENTRAL):%Y%m%d %H:%M:%S} US/Central"
