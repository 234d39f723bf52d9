"""Which indicators a chart can be asked for, with their numbers. Needs no numpy: menus list them early."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class StudyForm:
    """The word for the screen, the names of the lines, the usual numbers, and whether it is drawn over the prices."""

    word: str
    lines: tuple[str, ...]
    usual: tuple[float, ...]
    is_over_prices: bool


class StudyKind(Enum):
    EMA = StudyForm("EMA", ("EMA",), (20.0,), is_over_prices=True)
    VWAP = StudyForm("VWAP", ("VWAP",), (), is_over_prices=True)
    BOLLINGER = StudyForm("BB", ("middle", "upper", "lower"), (20.0, 2.0), is_over_prices=True)
    RSI = StudyForm("RSI", ("RSI",), (14.0,), is_over_prices=False)
    MACD = StudyForm("MACD", ("line", "signal", "histogram"), (12.0, 26.0, 9.0), is_over_prices=False)
    ATR = StudyForm("ATR", ("ATR",), (14.0,), is_over_prices=False)


@dataclass(frozen=True, slots=True)
class Study:
    """One indicator with its numbers (periods; for Bollinger also the width in deviations)."""

    kind: StudyKind
    numbers: tuple[float, ...] = ()

    @property
    def title(self) -> str:
        return " ".join([self.kind.value.word, *(f"{number:g}" for number in self.numbers)])

    @property
    def code(self) -> str:
        """How it is written down: `ema:20`, `macd:12:26:9`."""
        return ":".join([self.kind.name.lower(), *(f"{number:g}" for number in self.numbers)])


def study_of(code: str) -> Study | None:
    """The study that was written down so; None where it cannot be read."""
    name, *numbers = code.split(":")
    kind = StudyKind.__members__.get(name.upper())
    try:
        found = tuple(float(number) for number in numbers)
    except ValueError:
        return None
    if kind is None or len(found) != len(kind.value.usual) or not all(1 <= number <= 10_000 for number in found):
        return None
    return Study(kind, found)
