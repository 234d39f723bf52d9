"""Adds up what many seeds showed, and says how often each fault came: what never came was never tested."""

import json
from collections import Counter
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from tests.sim.checker import DayResult

FLOORS = {
    "place: lost before": 2, "place: answer lost": 2, "place: arrives late": 2, "place: vanishes": 2,
    "place: refused at once": 2, "place: refused there": 2, "change: lost before": 1, "change: answer lost": 1,
    "change: arrives late": 1, "change: vanishes": 1, "change: refused at once": 1, "change: refused there": 1,
    "report: dropped": 5, "report: twice": 5, "report: overtaken": 10, "report while away": 3,
    "question: no answer": 20, "list lagged": 10, "link broke": 1, "connecting failed": 1, "exchange froze": 0.5,
    "program killed": 1, "executions forgotten": 0.3, "disk stalled": 0.5, "feed silent": 0.5, "price jumped": 1,
    "traded by phone": 0.5, "stop cancelled by the broker": 1, "KILL": 0.5, "KILL held": 0.5, "entry by hand": 2,
    "close by hand": 1, "wrong order id": 1, "ids reused": 0.2, "library quotes the token": 0.5,
}  # fmt: skip
"""How often each fault comes in a day at least, over many days."""
LIVED = {
    "entries in options": 15, "entries: LIVE": 5, "opened by hand: LIVE": 0.5, "days locked at their loss limit": 0.03,
}  # fmt: skip
"""How much of each a day brings at least: without it a rule was never asked."""
MESSAGES = ("open", "again", "copy", "edit", "delete", "late", "backfill", "stranger", "chatter", "exit")


@dataclass(slots=True)
class Totals:
    """Everything added up; written as JSON, so that runs of other seeds go on from it."""

    days: list[int] = field(default_factory=list)
    kills: list[int] = field(default_factory=list)
    flattens: list[int] = field(default_factory=list)
    parts: list[int] = field(default_factory=list)
    """Of the state machine's steps."""
    trials: Counter[str] = field(default_factory=Counter)
    fired: Counter[str] = field(default_factory=Counter)
    figures: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    steps: int = 0
    worst_bare_calm_s: float = 0.0
    worst_bare_s: float = 0.0
    worst_flat_s: float = 0.0
    wall_s: float = 0.0

    @classmethod
    def read(cls, path: Path | None) -> "Totals":
        if path is None or not path.exists():
            return cls()
        stored: dict[str, Any] = json.loads(path.read_text())
        counters = {name: Counter(stored.pop(name)) for name in ("trials", "fired", "figures")}
        return cls(**stored, **counters)

    def write(self, path: Path | None) -> None:
        if path is not None:
            names = [one.name for one in fields(self)]
            path.write_text(json.dumps({name: getattr(self, name) for name in names}, indent=1, sort_keys=True))

    def missing(self, name: str, first: int, count: int) -> list[int]:
        done = set(getattr(self, name))
        return [seed for seed in range(first, first + count) if seed not in done]

    def add_day(self, result: DayResult) -> None:
        self.days.append(result.seed)
        self.fired += result.fired
        self.figures += result.figures
        self.worst_bare_s = max(self.worst_bare_s, result.worst_bare_s)
        self.worst_bare_calm_s = max(self.worst_bare_calm_s, result.worst_bare_calm_s)
        self.problems += [f"day {result.seed} ({result.personality}) {words}" for words in result.problems]

    def add_kills(self, seed: int, trials: list[Any]) -> None:
        self.kills.append(seed)
        for trial in trials:
            self.trials[trial.point] += trial.was_killed
            self.problems += trial.problems

    def add_flatten(self, result: Any) -> None:
        self.flattens.append(result.seed)
        self.worst_flat_s = max(self.worst_flat_s, result.flat_s)
        self.problems += result.problems

    def add_part(self, part: int, steps: int, problems: list[str]) -> None:
        self.parts.append(part)
        self.steps += steps
        self.problems += problems

    def below_floor(self) -> list[str]:
        """Faults that came too seldom for the days that were lived."""
        lived = len(self.days)
        wanted = {**FLOORS, **LIVED, **{f"messages: {kind}": 2.0 for kind in MESSAGES}}
        came = self.fired + self.figures
        return [
            f"{name}: {came[name]} in {lived} days, wanted {floor * lived:g}"
            for name, floor in wanted.items()
            if came[name] < floor * lived
        ]


def table(totals: Totals) -> str:
    """What came how often, and what it showed."""
    lines = [f"{'fault':34}{'fired':>9}{'a day':>9}{'floor':>8}"]
    lived = max(len(totals.days), 1)
    for name in sorted(set(FLOORS) | set(totals.fired)):
        floor = f"{FLOORS[name]:g}" if name in FLOORS else ""
        lines.append(f"{name:34}{totals.fired[name]:>9}{totals.fired[name] / lived:>9.1f}{floor:>8}")
    lines += [f"{name:34}{count:>9}" for name, count in sorted(totals.figures.items())]
    lines += [f"{name:40}{count:>6} kills" for name, count in sorted(totals.trials.items())]
    lines.append(
        f"{len(totals.days)} days, {sum(totals.trials.values())} kills, {len(totals.flattens)} flattens, "
        f"{totals.steps} steps in {totals.wall_s:.0f} s; worst time without a stop {totals.worst_bare_calm_s:.1f} s "
        f"without a fault, {totals.worst_bare_s:.1f} s with one and an alarm; flat within {totals.worst_flat_s:.1f} s; "
        f"{len(totals.problems)} problems"
    )
    return "\n".join([*lines, *totals.problems[:40], *totals.below_floor()])
