"""`tradestream corpus FILE`: scores the parser on labelled messages and counts what would have been wrong trades."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tradestream_gui.alerts.grammar.trading_days import is_us_trading_day
from tradestream_gui.alerts.profiles.profiles import ProfileError
from tradestream_gui.commands.parse import answer, profiles_for
from tradestream_gui.paths import resource_path

Row = Mapping[str, object]

CORE_FIELDS = ("asset", "side", "symbol", "strike", "right", "expiry")
ALL_FIELDS = (*CORE_FIELDS, "qty", "price", "pts", "sl", "trigger")
KINDS = ("OPEN", "OPEN_IF", "ADD", "TRIM", "CLOSE", "SET_STOP", "SET_TARGET", "CANCEL", "AMEND")
OPENING = ("OPEN", "OPEN_IF", "ADD")


@dataclass(slots=True)
class Score:
    """Counts over a labelled file: per kind [right, false, missed], and the dangers by name."""

    messages: int = 0
    exact: int = 0
    quiet: int = 0
    quiet_left_alone: int = 0
    alerts_held: int = 0
    quiet_held: int = 0
    by_kind: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0, 0]))
    dangers: Counter[str] = field(default_factory=Counter)

    @property
    def totals(self) -> tuple[int, int, int]:
        rows = list(self.by_kind.values())
        return sum(r[0] for r in rows), sum(r[1] for r in rows), sum(r[2] for r in rows)

    @property
    def f1(self) -> float:
        right, false, missed = self.totals
        return 2 * right / (2 * right + false + missed) if right else 0.0


def run_corpus(file: Path, profiles: Path | None = None) -> int:
    """Prints both scores of a labelled JSON-lines file; 2 when it cannot be read, 3 for a bad profile file."""
    try:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        print(f"tradestream corpus: {file}: {error}")
        return 2
    try:
        known = profiles_for(resource_path("profiles"), profiles)
    except (ProfileError, OSError) as error:
        print(f"tradestream corpus: {error}")
        return 3
    answers = [answer(json.dumps(row), known, is_us_trading_day) for row in rows]
    for title, fields in (("all fields", ALL_FIELDS), ("contract only", CORE_FIELDS)):
        print("\n".join(report(title, score_rows(rows, answers, fields))))
    return 0


def score_rows(rows: Sequence[Row], answers: Sequence[Row], fields: Sequence[str] = ALL_FIELDS) -> Score:
    """Scores each answer against the labelled row at the same place; `also_ok` readings count as right too."""
    score = Score()
    for row, given in zip(rows, answers, strict=True):
        _score_message(score, row, given, fields)
    return score


def report(title: str, score: Score) -> list[str]:
    """The score as lines of text, each ratio with its n."""
    lines = [
        f"{title}: messages exact {score.exact}/{score.messages} = {_share(score.exact, score.messages)}; "
        f"non-alerts left alone {score.quiet_left_alone}/{score.quiet} = {_share(score.quiet_left_alone, score.quiet)}",
        f"  held: alerts {score.alerts_held}/{score.messages - score.quiet}, "
        f"non-alerts {score.quiet_held}/{score.quiet}",
    ]
    for kind in KINDS:
        if kind in score.by_kind:
            right, false, missed = score.by_kind[kind]
            lines.append(f"  {kind:10s} right {right:4d} false {false:4d} missed {missed:4d}")
    right, false, missed = score.totals
    lines.append(f"  all        right {right:4d} false {false:4d} missed {missed:4d} F1 {score.f1:.3f}")
    lines.append("  danger: " + (", ".join(f"{name} {count}" for name, count in score.dangers.items()) or "none"))
    return lines


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%} (n={whole})" if whole else "– (n=0)"


def _score_message(score: Score, row: Row, given: Row, fields: Sequence[str]) -> None:
    predicted = _actions(given.get("actions"))
    expected = _actions(row.get("expected"))
    also = row.get("also_ok")
    readings = [expected, *([_actions(other) for other in also] if isinstance(also, list) else [])]
    matches = [_match(reading, predicted, fields) for reading in readings]
    best = min(range(len(readings)), key=lambda i: len(readings[i]) + len(predicted) - 2 * len(matches[i].right))
    gold, match = readings[best], matches[best]
    exact = len(gold) == len(predicted) == len(match.right)
    score.messages += 1
    score.exact += exact
    held = given.get("held") is True
    if expected:
        score.alerts_held += held
    else:
        score.quiet += 1
        score.quiet_left_alone += exact
        score.quiet_held += held
    for index, action in enumerate(gold):
        score.by_kind[str(action["action"])][0 if index in match.right else 2] += 1
    good = set(match.right.values())
    for index, action in enumerate(predicted):
        if index not in good:
            score.by_kind[str(action["action"])][1] += 1
            danger = _danger(gold, match, index, action)
            if danger:
                score.dangers[danger] += 1


@dataclass(slots=True)
class _Match:
    """Gold index to predicted index, for the pairs that agree in every field and for those that do not."""

    right: dict[int, int] = field(default_factory=dict)
    near: dict[int, int] = field(default_factory=dict)


def _match(gold: Sequence[Row], predicted: Sequence[Row], fields: Sequence[str]) -> _Match:
    match, taken = _Match(), set[int]()
    for index, wanted in enumerate(gold):
        same_kind = [i for i, row in enumerate(predicted) if i not in taken and row["action"] == wanted["action"]]
        if same_kind:
            chosen = min(same_kind, key=lambda i: (len(_differences(wanted, predicted[i], fields)), i))
            taken.add(chosen)
            (match.near if _differences(wanted, predicted[chosen], fields) else match.right)[index] = chosen
    return match


def _danger(gold: Sequence[Row], match: _Match, index: int, action: Row) -> str:
    kind = action["action"]
    if kind in OPENING:
        partner = next((gold[g] for g, p in match.near.items() if p == index), None)
        if partner is None:
            return "order opened that was not called"
        return "order opened on wrong contract, side or expiry" if _differences(partner, action, CORE_FIELDS) else ""
    if kind == "CLOSE":
        if any(row["action"] == "TRIM" for row in gold):
            return "full close where a trim was called"
        if not any(row["action"] == "CLOSE" for row in gold):
            return "close not called"
    return ""


def _differences(gold: Row, given: Row, fields: Sequence[str]) -> list[str]:
    """The fields that disagree; which fields count depends on the kind, as the labels leave some of them open."""
    kind = gold["action"]
    found = []
    for name in fields:
        a, b = _plain(gold.get(name)), _plain(given.get(name))
        if name == "pts":
            a, b = a or (), b or ()
        if name == "asset" and kind not in ("OPEN", "OPEN_IF") and gold.get("strike") is None:
            continue
        if (name == "side" and kind not in ("OPEN", "OPEN_IF")) or (name == "qty" and kind == "CLOSE"):
            continue
        if name == "price" and isinstance(a, tuple) and (a == b or b in a):
            continue
        if name == "qty" and a in _HALVES and b in _HALVES:
            continue
        if a != b:
            found.append(name)
    return found


_HALVES = ("1/2", 0.5, "50%")


def _plain(value: object) -> object:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, (int, float)):
        return round(float(value), 6)
    if isinstance(value, str):
        try:
            return round(float(value), 6)
        except ValueError:
            return value.strip().upper()
    if isinstance(value, (list, tuple)):
        return tuple(_plain(item) for item in value)
    return value


def _actions(value: object) -> list[Row]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
