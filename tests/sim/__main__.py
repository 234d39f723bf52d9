"""`python -m tests.sim --quick | --nightly [--days N] [--from SEED] [--json FILE]`: many seeds, added up."""

import argparse
import logging
import multiprocessing
import os
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.sim.coverage import Totals, table
from tests.sim.crash import run_trials
from tests.sim.day import simulate
from tests.sim.kill_points import POINTS
from tests.sim.kills import kill_runs
from tests.sim.plans import plan_of

QUICK = {"days": 8, "kills": 2, "flattens": 50, "steps": 10_000}
NIGHTLY = {"days": 2_000, "kills": 200, "flattens": 500, "steps": 100_000}


def main() -> int:
    options = _options()
    logging.disable(logging.ERROR)
    wanted = NIGHTLY if options.nightly else QUICK
    for name in wanted:
        given = getattr(options, name)
        wanted = {**wanted, name: wanted[name] if given is None else given}
    totals = Totals.read(options.json)
    began = perf_counter()
    with multiprocessing.get_context("fork").Pool(options.workers, maxtasksperchild=5) as pool:
        _days(pool, totals, options, wanted["days"])
        _kills(pool, totals, options, wanted["kills"])
        _flattens(pool, totals, options, wanted["flattens"])
    _steps(totals, options, wanted["steps"])
    totals.wall_s += perf_counter() - began
    totals.write(options.json)
    sys.stdout.write(table(totals) + "\n")
    return 1 if totals.problems else 0


def _days(pool: Any, totals: Totals, options: argparse.Namespace, count: int) -> None:
    seeds = totals.missing("days", options.first, count)
    for result in pool.imap_unordered(_one_day, seeds):
        totals.add_day(result)
        totals.write(options.json)


def _kills(pool: Any, totals: Totals, options: argparse.Namespace, count: int) -> None:
    """`count` rounds over the 24 kill points."""
    seeds = totals.missing("kills", options.first, count)
    for seed, trials in pool.imap_unordered(_one_round, seeds):
        totals.add_kills(seed, trials)
        totals.write(options.json)


def _flattens(pool: Any, totals: Totals, options: argparse.Namespace, count: int) -> None:
    seeds = totals.missing("flattens", options.first, count)
    for result in pool.imap_unordered(_one_flatten, seeds):
        totals.add_flatten(result)
    totals.write(options.json)


def _steps(totals: Totals, options: argparse.Namespace, count: int) -> None:
    from tests.sim.machine import run_machine

    done = totals.steps
    if done < count:
        totals.steps += run_machine(count - done)
        totals.write(options.json)


def _one_day(seed: int) -> Any:
    return simulate(plan_of(seed))


def _one_round(seed: int) -> tuple[int, Any]:
    return seed, run_trials(range(seed, seed + 1), tuple(POINTS))


def _one_flatten(seed: int) -> Any:
    return kill_runs(range(seed, seed + 1))[0]


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
