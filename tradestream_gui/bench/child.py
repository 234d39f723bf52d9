"""Runs one measurement in a fresh Python process and reads its figures back."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence

CHILD_TIMEOUT_S = 120


class BenchFailed(Exception):
    """A measuring process ended without figures; says which and what it printed."""


def run_child(module: str, arguments: Sequence[str], timeout_s: float = CHILD_TIMEOUT_S) -> dict[str, float]:
    """`python -m module arguments…` offscreen; its last printed line is a JSON object of figures."""
    environment = os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is not compiled at each start
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=timeout_s, check=False)
    lines = done.stdout.strip().splitlines()
    if done.returncode != 0 or not lines:
        raise BenchFailed(f"{module} {' '.join(arguments)} ended with {done.returncode}: {done.stderr[-600:]}")
    figures: dict[str, float] = json.loads(lines[-1])
    return figures


def give_figures(figures: dict[str, float]) -> None:
    """Prints what this process measured and leaves at once, without waiting for Qt's or Python's clean-up."""
    print(json.dumps(figures))
    sys.stdout.flush()
    os._exit(0)
