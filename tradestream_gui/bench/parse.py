"""P7: the alert parser with spans and reasons against DiscordAlertsTrader's, on alerts, chatter and hostile text.

The peer is its wheel unpacked into a folder that the variable BENCH_ALERT_PEER names; without it the
alerts are judged by their microseconds and the other figures by nothing but linear growth.
"""

import gc
import os
import statistics
import sys
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from time import process_time

from tradestream_gui.bench.child import give_figures, run_child
from tradestream_gui.bench.report import BenchReport, Figure, medians, spread_of

MODULE = "tradestream_gui.bench.parse"
PEER_FOLDER = "BENCH_ALERT_PEER"
CALLS, SLICES = 400, 5
LIMIT_US = 150.0
"""An accepted alert with its spans and reasons may take this long."""
SHARED = {
    "option_entry": "BTO 2 AAPL 315c 12/18 @ 2.50 PT1 3.1 PT2 4 SL 1.80",
    "option_percent": "BTO SPY 601p 12/18 @ 1.25 PT 20% SL 0.80 lotto",
    "option_exit": "STC AAPL 315c 12/18 @ 3.05 sold half",
    "stock_entry": "BTO 10 NVDA @ 181.25 SL 175",
}
"""Alerts in the peer's own language."""
OURS_ONLY = {
    "future_card": "🚨 ES long 6326: A\nStop: 6316",
    "labelled_card": "Ticker: AMZN\nContract: 240C 12/4\nEntry: 1.50-1.60\nStop loss: 1.10\nTargets: 2, 2.6",
    "trim_and_stop": "trimmed half, stop to BE",
    "plain_words": "Bought the AAPL 285 calls expiring Dec 18th for 2.60, stop under 278",
}
CHATTER = {
    "chatter": "good morning everyone, watching the open, vix up a little, be patient and size down today",
    "long_chatter": "recap: " + "we took a small loss on the first one and then it ran, no worries, next. " * 8,
}
TALK = {
    "talk": "I was looking at the 670 calls but the volume is not there",
    "long_talk": "we took a small loss on the first one and then it ran without us, no worries, next. " * 8,
}
"""Talk that holds words of trading: it must be read whole before it is left alone."""
HOSTILE = (
    "1", "@@@@ ", "((((", "\"'", "**", "~~", "1.1.", "a:", "12/18 ", "AAPL 315c ", "stop ", "<@", "SL TP ", "BTO ",
    "long ES ", "if not ", "out of ", "1/2 ", "trim, ", "stop 5 ", "sold half ",
)  # fmt: skip
SHORT, FACTOR = 400, 10
"""The longest text that is read is 4,000 characters."""


def measure(rounds: int) -> BenchReport:
    """Interleaved fresh processes, ours and the peer's."""
    with_peer = bool(os.environ.get(PEER_FOLDER))
    found: dict[str, list[dict[str, float]]] = {"ours": [], "peer": []}
    for _ in range(rounds):
        for name in ("ours", "peer") if with_peer else ("ours",):
            found[name].append(run_child(MODULE, [name]))
    ours = medians(found["ours"])
    peer = medians(found["peer"]) if with_peer else {}
    floor_rounds = [figures["option_entry"] for figures in found["peer" if with_peer else "ours"]]
    figures = [
        Figure("P7a", f"accepted alert, mean of {len(SHARED)}", _mean(ours), "us", _mean(peer) if peer else None,
               5.0 if peer else LIMIT_US, 8.0 if peer else LIMIT_US),
        *(Figure("", name, ours[name], "us", peer.get(name)) for name in SHARED),
        Figure("P7a", "slowest accepted alert", max(ours[name] for name in (*SHARED, *OURS_ONLY)), "us", None,
               LIMIT_US, LIMIT_US),
        *(Figure("", name, ours[name], "us") for name in OURS_ONLY),
        *(Figure("P7b", name, ours[name], "us", peer.get(name), 2.0, 4.0 if peer else None) for name in CHATTER),
        *(Figure("", name, ours[name], "us", peer.get(name)) for name in TALK),
        Figure("P7c", f"hostile text, {FACTOR} times longer", ours["growth"], "x", None, 12.0, 20.0),
        Figure("", "slowest hostile text", ours["hostile_us"], "us"),
    ]  # fmt: skip
    remarks = () if with_peer else (f"{PEER_FOLDER} names no peer: the ratios to it were not measured",)
    return BenchReport("parse", tuple(figures), rounds, spread_of(floor_rounds), remarks)


def _mean(figures: dict[str, float]) -> float:
    return statistics.fmean(figures[name] for name in SHARED)


def _per_call_us(read: Callable[[str], object], text: str, calls: int = CALLS) -> float:
    """The median of several slices, by the processor's time, as other processes must not count."""
    slices = []
    for _ in range(SLICES):
        begun = process_time()
        for _ in range(calls):
            read(text)
        slices.append((process_time() - begun) / calls * 1e6)
    return statistics.median(slices)


def _ours() -> Callable[[str], object]:
    from tradestream_gui.alerts.grammar.trading_days import is_us_trading_day
    from tradestream_gui.alerts.parser import parse
    from tradestream_gui.alerts.profiles.profiles import load_profiles
    from tradestream_gui.domain.alerts import AlertText
    from tradestream_gui.paths import resource_path

    profile = next(each for each in load_profiles(resource_path("profiles")) if each.name == "default")
    at = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    return lambda text: parse(AlertText(text, (), None, at, "", ""), profile, is_us_trading_day)


def _peer() -> Callable[[str], object]:
    warnings.simplefilter("ignore")
    sys.path.insert(0, os.environ[PEER_FOLDER])
    read: Callable[[str], object] = import_module("DiscordAlertsTrader.message_parser").parse_trade_alert
    return read


def _growth(read: Callable[[str], object]) -> dict[str, float]:
    """The worst ratio of a text ten times as long, and the slowest of them."""
    worst = slowest = 0.0
    for unit in HOSTILE:
        short = _per_call_us(read, (unit * SHORT)[:SHORT], 20)
        long = _per_call_us(read, (unit * SHORT * FACTOR)[: SHORT * FACTOR], 4)
        worst, slowest = max(worst, long / short), max(slowest, long)
    return {"growth": worst, "hostile_us": slowest}


if __name__ == "__main__":
    from tradestream_gui.app import GC_THRESHOLDS

    reader = _ours() if sys.argv[1] == "ours" else _peer()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    texts = SHARED | CHATTER | TALK | (OURS_ONLY if sys.argv[1] == "ours" else {})
    told = {name: _per_call_us(reader, text) for name, text in texts.items()}
    give_figures(told | (_growth(reader) if sys.argv[1] == "ours" else {}))
