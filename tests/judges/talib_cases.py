"""Runs inside a judge's environment: TA-Lib's C code against the chart's indicators, over the same random prices.

Called with the library's name and a port that nobody listens at; prints one JSON line per case. Where the two begin
differently (`WARM_UP_BARS`), they must agree from there on.
"""

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tradestream_gui.market import indicators  # only numpy is needed beside it

NEAR = 1e-7
CHANCE = np.random.default_rng(5)
CLOSES = 6000 + np.cumsum(CHANCE.normal(0, 2, 3 * indicators.ROW))
HIGHS, LOWS = CLOSES + np.abs(CHANCE.normal(0, 1.5, len(CLOSES))), CLOSES - np.abs(CHANCE.normal(0, 1.5, len(CLOSES)))


def agree(ours: Any, theirs: Any, first: int, begins: int) -> None:
    """From bar `first` on; ours has its first value at bar `begins`."""
    assert int(np.flatnonzero(~np.isnan(ours))[0]) == begins, f"begins at bar {np.flatnonzero(~np.isnan(ours))[0]}"
    worst = float(np.abs(ours[first:] - theirs[first:]).max())
    assert worst < NEAR, f"apart by {worst}"


def sma(judge: Any) -> None:
    agree(indicators.sma(CLOSES, 20), judge.SMA(CLOSES, 20), 19, 19)


def ema_from_its_first_value(judge: Any) -> None:
    agree(indicators.ema(CLOSES, 20), judge.EMA(CLOSES, 20), 19, 19)


def rsi_from_its_first_value(judge: Any) -> None:
    agree(indicators.rsi(CLOSES, 14), judge.RSI(CLOSES, 14), 14, 14)


def bollinger_from_its_first_value(judge: Any) -> None:
    ours, theirs = indicators.bollinger(CLOSES, 20, 2.0), judge.BBANDS(CLOSES, 20, 2.0, 2.0)
    for one, other in zip((ours.upper, ours.middle, ours.lower), theirs, strict=True):
        agree(one, other, 19, 19)


def atr_after_warming_up(judge: Any) -> None:
    agree(indicators.atr(HIGHS, LOWS, CLOSES, 14), judge.ATR(HIGHS, LOWS, CLOSES, 14), indicators.WARM_UP_BARS, 13)


def macd_after_warming_up(judge: Any) -> None:
    ours, (line, signal, _) = indicators.macd(CLOSES), judge.MACD(CLOSES)
    agree(ours.line, line, indicators.WARM_UP_BARS, 25)
    agree(ours.signal, signal, indicators.WARM_UP_BARS, 33)


CASES: tuple[Callable[[Any], None], ...] = (
    sma, ema_from_its_first_value, rsi_from_its_first_value, bollinger_from_its_first_value, atr_after_warming_up,
    macd_after_warming_up,
)  # fmt: skip


def main(name: str) -> int:
    judge, failed = importlib.import_module(name), 0
    for case in CASES:
        problem = ""
        try:
            case(judge)
        except AssertionError as error:
            problem, failed = str(error), failed + 1
        print(json.dumps({"case": case.__name__.replace("_", " "), "problem": problem}), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
