"""Other programs measured in the same run, each from a virtual environment of its own; none is ever needed."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tradestream_gui.bench.child import BenchFailed

FOLDER_VARIABLE = "BENCH_VENVS"
"""Names the folder that holds the environments."""
PEER_TIMEOUT_S = 400


def peer_python(venv: str) -> Path | None:
    """The interpreter of one environment; None where it is not installed."""
    folder = os.environ.get(FOLDER_VARIABLE, "")
    found = Path(folder).resolve() / venv / "bin" / "python"
    return found if folder and found.exists() else None


def run_peer(python: Path, script: Path, arguments: Sequence[str]) -> dict[str, float]:
    """Runs a script of ours under the peer's interpreter; its last printed line is a JSON object of figures."""
    environment = os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
    environment.pop("PYTHONPATH", None)
    command = [str(python), str(script), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PEER_TIMEOUT_S, check=False)
    lines = [line for line in done.stdout.strip().splitlines() if line.startswith("{")]
    if done.returncode != 0 or not lines:
        raise BenchFailed(f"{script.name} {' '.join(arguments)} ended with {done.returncode}: {done.stderr[-600:]}")
    figures: dict[str, float] = json.loads(lines[-1])
    return figures
