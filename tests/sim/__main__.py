"""`python -m tests.sim --quick | --nightly [--days N] [--from SEED] [--json FILE]`: many seeds, added up."""

import argparse
import gc
import logging
import multiprocessing
import os
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.sim.checker import DayResult
from tests.sim.coverage import Totals, table
from tests.sim.crash import Trial, run_trials
from tests.sim.day import simulate
from tests.sim.kill_points import POINTS
from tests.sim.kills import KillRun, kill_runs
from tests.sim.plans import plan_of

QUICK = {"days": 100, "kills": 10, "flattens": 240, "steps": 10_000}
NIGHTLY = {"days": 2_000, "kills": 200, "flattens": 500, "steps": 100_000}
STEPS_OF_A_PART = 2_500


def main() -> int:
    options = _options()
    logging.disable(logging.ERROR)
    wanted = NIGHTLY if options.nightly else QUICK
    for name in wanted:
        given = getattr(options, name)
        wanted = {**wanted, name: wanted[name] if given is None else given}
    totals = Totals.read(options.json)
    clock = _Stopwatch(totals, options.json)
    gc.freeze()
    with multiprocessing.get_context("fork").Pool(options.workers, maxtasksperchild=5) as pool:
        _flattens(pool, totals, options, clock, wanted["flattens"])
        _steps(pool, totals, options, clock, wanted["steps"])
        _kills(pool, totals, options, clock, wanted["kills"])
        _days(pool, totals, options, clock, wanted["days"])
    sys.stdout.write(table(totals) + "\n")
    return 1 if totals.problems else 0


class _Stopwatch:
    """Writes the totals with the time they took so far: a run that is broken off goes on from there."""

    def __init__(self, totals: Totals, path: Path | None) -> None:
        self._totals = totals
        self._path = path
        self._since = perf_counter()

    def lap(self) -> None:
        now = perf_counter()
        self._totals.wall_s += now - self._since
        self._since = now
        self._totals.write(self._path)


def _days(pool: Any, totals: Totals, options: argparse.Namespace, clock: _Stopwatch, count: int) -> None:
    seeds = totals.missing("days", options.first, count)
    for result in pool.imap_unordered(_one_day, seeds):
        totals.add_day(result)
        clock.lap()


def _kills(pool: Any, totals: Totals, options: argparse.Namespace, clock: _Stopwatch, count: int) -> None:
    """`count` rounds over the 24 kill points."""
    seeds = totals.missing("kills", options.first, count)
    for seed, trials in pool.imap_unordered(_one_round, seeds):
        totals.add_kills(seed, trials)
        clock.lap()


def _flattens(pool: Any, totals: Totals, options: argparse.Namespace, clock: _Stopwatch, count: int) -> None:
    seeds = totals.missing("flattens", options.first, count)
    for result in pool.imap_unordered(_one_flatten, seeds):
        totals.add_flatten(result)
        clock.lap()


def _steps(pool: Any, totals: Totals, options: argparse.Namespace, clock: _Stopwatch, count: int) -> None:
    parts = totals.missing("parts", options.first, -(-count // STEPS_OF_A_PART))
    for part, steps, problems in pool.imap_unordered(_one_part, parts):
        totals.add_part(part, steps, problems)
        clock.lap()


def _one_day(seed: int) -> DayResult:
    """A core that stumbles is a day with a problem, not the end of all days."""
    plan = plan_of(seed)
    try:
        return simulate(plan)
    except Exception as error:
        return DayResult(seed, plan.character.name, [f"the day ended with {error!r}"], Counter())


def _one_round(seed: int) -> tuple[int, list[Trial]]:
    try:
        return seed, run_trials(range(seed, seed + 1), tuple(POINTS))
    except Exception as error:
        return seed, [Trial("all", seed, False, [f"round {seed} ended with {error!r}"])]


def _one_flatten(seed: int) -> KillRun:
    try:
        return kill_runs(range(seed, seed + 1))[0]
    except Exception as error:
        return KillRun(seed, "", 0, 0.0, [f"flatten {seed} ended with {error!r}"])


def _one_part(part: int) -> tuple[int, int, list[str]]:
    """Steps of the state machine from a seed of their own; what breaks a rule is told with the steps that did."""
    from tests.sim.machine import run_machine

    try:
        return part, run_machine(STEPS_OF_A_PART, first=part), []
    except Exception as error:
        steps = "\n".join(getattr(error, "__notes__", ()))
        return part, 0, [f"steps, part {part}: {error!r}\n{steps}"]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.sim", description=__doc__)
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--quick", action="store_true", help="what the test suite runs")
    kind.add_argument("--nightly", action="store_true", help="2,000 days, 4,800 kills, 500 flattens, 100,000 steps")
    for name, words in (
        ("days", "dense days"), ("kills", "rounds of the 24 kill points"), ("flattens", "held KILLs under load"),
        ("steps", "steps of the state machine"),
    ):  # fmt: skip
        parser.add_argument(f"--{name}", type=int, help=f"how many {words}")
    parser.add_argument("--from", dest="first", type=int, default=0, help="first seed")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--json", type=Path, default=None, help="results; runs of other seeds add up in it")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
