"""A figure with its sample size: a missing value carries the reason instead of a neutral number."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Statistic:
    """`value` over `n` observations. None always has a `reason`; a value may carry one as a qualification."""

    value: Decimal | float | None
    n: int
    reason: str = ""

    @property
    def is_missing(self) -> bool:
        return self.value is None


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval over `n` observations; both ends None with the reason when there is none."""

    low: float | None
    high: float | None
    n: int
    reason: str = ""


def missing(n: int, reason: str) -> Statistic:
    return Statistic(None, n, reason)


def mean_of(values: Iterable[Decimal | None], what: str, noun: str = "trade") -> Statistic:
    """Mean of the values that were measured; n counts only those, the reason says how many were not."""
    every = list(values)
    known = [value for value in every if value is not None]
    if not known:
        return missing(0, f"no {what}" if not every else f"no {what} in {plural(len(every), noun)}")
    left_out = len(every) - len(known)
    return Statistic(sum(known, Decimal(0)) / len(known), len(known), f"{left_out} without {what}" if left_out else "")


def plural(count: int, noun: str) -> str:
    """ "1 trade", "2 trades"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
