"""`python -m tests.mutation`: every rule about risk with every small fault in turn, and every cell of the table of
legal moves turned round; lists the faults nobody noticed."""

import argparse
import contextlib
import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from tests.mutation.equivalents import EQUIVALENT
from tests.mutation.mutants import mutants_of, plant
from tests.mutation.state_table import cells, flip

ROOT = Path(__file__).resolve().parents[2]
RAILS = ("tests/domain/test_risk_rails.py",)
WORDS = ("tests/domain/test_risk_words.py",)
PACKS = ("tests/domain/test_risk_rule_pack.py",)
STATE_TABLE = "state_table"
TESTS: dict[str, tuple[str, ...]] = {
    "risk_rails": RAILS + WORDS,
    "risk_size": RAILS,
    "risk_rule_pack": PACKS + WORDS,
    "risk_day_end": ("tests/domain/test_risk_day_end.py",),
    "go_live": ("tests/domain/test_go_live.py",),
    "risk_score": ("tests/domain/test_risk_score.py",),
    "rule_packs": PACKS,
    STATE_TABLE: ("tests/domain/test_orders.py",),
}
"""Modules of domain/, and the table of legal moves, with the tests that have to notice a fault in them."""
PATIENCE_S = 120
QUIET = ("-W", "ignore::pytest.PytestUnraisableExceptionWarning")
"""What a forked child leaves open is the parent's to close; it says nothing about the fault."""
SURVIVED, KILLED = 0, 1

Fault = tuple[str, str, Callable[[], None]]
"""Where it is, what it does in words, and the call that plants it into the running program."""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[[], *TESTS], help="modules of domain/, or state_table (all)")
    parser.add_argument("--json", type=Path, help="where the figures are written")
    options = parser.parse_args(arguments)
    os.chdir(ROOT)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    began, figures = time.monotonic(), {}
    for name in options.targets or TESTS:
        figures[name] = _figures_of(name)
    seconds = round(time.monotonic() - began)
    made = sum(one["mutants"] for one in figures.values())
    killed = sum(one["killed"] for one in figures.values())
    alive = sum(one["survived"] for one in figures.values())
    print(f"{killed} of {made} mutants killed, {alive} survived, {made - killed - alive} change nothing; {seconds} s")
    if options.json is not None:
        options.json.write_text(json.dumps({"seconds": seconds, "modules": figures}, indent=2), encoding="utf-8")
    return 0 if alive == 0 else 1


def _figures_of(name: str) -> dict[str, int]:
    tests = TESTS[name]
    if _run(tests) != 0:
        raise SystemExit(f"the tests of {name} do not pass without a fault; nothing can be said")
    counts = {"mutants": 0, "killed": 0, "survived": 0, "equivalent": 0}
    for place, words, put in _cells() if name == STATE_TABLE else _mutants(name):
        counts["mutants"] += 1
        if (name, words) in EQUIVALENT:
            counts["equivalent"] += 1
        elif _is_noticed(put, tests):
            counts["killed"] += 1
        else:
            counts["survived"] += 1
            print(f"  survived: {place}: {words}", flush=True)
    words = f"{counts['killed']} of {counts['mutants']} killed, {counts['equivalent']} change nothing"
    print(f"{name}: {words}", flush=True)
    return counts


def _mutants(name: str) -> Iterator[Fault]:
    module = importlib.import_module(f"tradestream_gui.domain.{name}")
    assert module.__file__ is not None
    for mutant in mutants_of(Path(module.__file__).read_text("utf-8")):
        yield f"{name}.py:{mutant.line}", mutant.words, partial(plant, module, mutant.tree)


def _cells() -> Iterator[Fault]:
    for cell in cells():
        yield "orders.py", cell.words, partial(flip, cell)


def _is_noticed(put: Callable[[], None], tests: Sequence[str]) -> bool:
    """Runs the tests in a child of this process that alone carries the fault; one that hangs has noticed it too."""
    child = os.fork()
    if child == 0:
        verdict = KILLED
        try:
            signal.alarm(PATIENCE_S)
            put()
            verdict = KILLED if _run(tests) != 0 else SURVIVED
        finally:
            os._exit(verdict)  # whatever happens, the child never goes on with the parent's work
    _, status = os.waitpid(child, 0)
    return not os.WIFEXITED(status) or os.WEXITSTATUS(status) != SURVIVED


def _run(tests: Sequence[str]) -> int:
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):
        return int(pytest.main(["-x", "-q", "--no-header", "-p", "no:cacheprovider", *QUIET, *tests]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
