"""Throws mutated alerts at the parser: `python -m tests.alerts.fuzz [COUNT] [SEED] [CORPUS.jsonl]`.

Two things must never happen: an exception, and a price, quantity, strike or symbol that the text lacks.
"""

import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from tests.alerts.reading import FRIDAY_MORNING, profile_named
from tests.alerts.reading_cases import (
    FUTURE_OPENS,
    HELD,
    NOT_ALERTS,
    OPEN_IFS,
    OPTION_OPENS,
    POSITIONS,
    STOCKS,
)
from tradestream_gui.alerts.grammar.trading_days import is_us_trading_day
from tradestream_gui.alerts.parser import parse
from tradestream_gui.alerts.words.lexicon import words_of
from tradestream_gui.domain.alerts import AlertAction, AlertText, FieldEvidence, PriceRange, QuantityUnit

SEEDS = [text for rows in (OPTION_OPENS, FUTURE_OPENS, POSITIONS, OPEN_IFS, STOCKS) for text, _ in rows]
SEEDS += [*NOT_ALERTS, *HELD]
SEEDS += [
    json.loads(line)["text"]
    for line in Path(__file__).with_name("dialects.jsonl").read_text(encoding="utf-8").splitlines()
]
_SIGNS = (
    "0123456789.,:;/@$%&*_~|`<>()[]{}!?-+='\"\\ \n\t"
    + "\u200b\u202e\u00a0\u0415\u0660\uff11\u00bd\u00b2🚨🔥\x00\x01\x03"
)
_WORDS = words_of(
    """
    BTO STC SL PT TP stop BE long short ES NQ AAPL 315c 12/18 2.50 @ not if was would trim half all out closed
    cancel @everyone <@&123456789012345678> https://x.y/z?a=1 0dte next week 1e9 NaN 1_000 999999999999 .1.01 6'16
    20% leave 1
    """
)
_WORDS_IN_ORDER = sorted(_WORDS)


def mutations(seeds: list[str], source: random.Random) -> Iterator[str]:
    """Endless messages made of the seeds by swaps, cuts, joins, repeats and foreign signs."""
    makers: list[Callable[[str], str]] = [
        lambda text: _with_insert(text, source.choice(_SIGNS), source),
        lambda text: _with_insert(text, f" {source.choice(_WORDS_IN_ORDER)} ", source),
        lambda text: text[source.randrange(len(text) + 1) :],
        lambda text: text[: source.randrange(len(text) + 1)],
        lambda text: f"{text}{source.choice([' ', chr(10), ' & ', ', '])}{source.choice(seeds)}",
        lambda text: "".join(source.sample(text, len(text))) if len(text) < 60 else text[::-1],
        lambda text: " ".join(source.sample(text.split(), len(text.split()))),
        lambda text: text.upper() if source.random() < 0.5 else text.lower(),
        lambda text: text * source.randrange(1, 4),
        lambda text: source.choice(_SIGNS) * source.randrange(1, 80) + text,
    ]
    while True:
        text = source.choice(seeds)
        for _ in range(source.randrange(1, 4)):
            text = source.choice(makers)(text)[:600]
        yield text


def _with_insert(text: str, piece: str, source: random.Random) -> str:
    at = source.randrange(len(text) + 1)
    return text[:at] + piece + text[at:]


def faults_of(text: str) -> list[str]:
    """What is wrong with the reading of a message; an exception passes through."""
    reading = parse(AlertText(text, (), None, FRIDAY_MORNING, "", ""), profile_named("default"), is_us_trading_day)
    faults = []
    if reading.held and reading.actions:
        faults.append("held and acting at once")
    for action in reading.actions:
        faults += _unfounded(action, text)
    return faults


def _unfounded(action: AlertAction, text: str) -> list[str]:
    """Fields of an action that its own evidence does not carry."""
    spans: dict[str, list[FieldEvidence]] = {}
    for evidence in action.evidence:
        if text[evidence.start : evidence.end] != evidence.words:
            return [f"{evidence.field}: the span is not the words"]
        spans.setdefault(evidence.field, []).append(evidence)
    faults = []
    numbers: list[tuple[str, Decimal]] = []
    if isinstance(action.price, PriceRange):
        numbers += [("price", action.price.low), ("price", action.price.high)]
    elif action.price is not None:
        numbers.append(("price", action.price))
    if action.strike is not None:
        numbers.append(("strike", action.strike))
    if action.quantity is not None and action.quantity.unit is QuantityUnit.COUNT and action.quantity.value is not None:
        numbers.append(("qty", Decimal(int(action.quantity.value))))
    for name, value in numbers:
        if not any(_carries(evidence.words, value) for evidence in spans.get(name, [])):
            faults.append(f"{name} {value} is not in the words it claims")
        if value <= 0 or value >= 1_000_000:
            faults.append(f"{name} {value} is out of all range")
    if action.symbol is not None and not spans.get("symbol"):
        faults.append(f"symbol {action.symbol} has no words")
    return faults


def _carries(words: str, value: Decimal) -> bool:
    """Whether the digits of the value stand in the words (OCC strikes are written times 1000)."""
    plain = "".join(_ascii_digit(char) for char in words)
    digits = f"{value:f}".replace(".", "").strip("0")
    if digits and digits not in plain.replace(".", "").replace(",", ""):
        return bool(_IN_WORDS.get(str(value))) or value in _thirty_seconds(plain)
    return True


_IN_WORDS = {"1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "8": "eight"}


def _thirty_seconds(words: str) -> list[Decimal]:
    """What the points and 32nds in the words are worth."""
    found = re.findall(r"([0-9]+)'([0-9]+(?:\.[0-9])?)(\+?)", words)
    return [Decimal(points) + (Decimal(parts) + (Decimal("0.5") if half else 0)) / 32 for points, parts, half in found]


def _ascii_digit(char: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFKC", char)


def run(count: int, seed: int, corpus: Path | None = None) -> int:
    """Runs `count` messages; returns how many had a fault, and prints the first ten."""
    seeds = list(SEEDS)
    if corpus is not None:
        seeds += [json.loads(line)["text"] for line in corpus.read_text(encoding="utf-8").splitlines() if line.strip()]
    bad = 0
    for done, text in enumerate(mutations(seeds, random.Random(seed)), 1):
        found = faults_of(text)
        if found:
            bad += 1
            if bad <= 10:
                print(repr(text), found)
        if done >= count:
            return bad
    return bad


if __name__ == "__main__":
    arguments = sys.argv[1:]
    total = int(arguments[0]) if arguments else 1_000_000
    start = int(arguments[1]) if len(arguments) > 1 else 1
    wrong = run(total, start, Path(arguments[2]) if len(arguments) > 2 else None)
    print(f"{total} messages, seed {start}: {wrong} with a fault")
    raise SystemExit(1 if wrong else 0)
