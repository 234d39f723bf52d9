"""Forks lives of the program: `python -m tests.sim.crash_host` reads one task a line and answers how each ended."""

import gc
import json
import os
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.sim import crash_child, small_lives
from tests.sim.disk import empty_database
from tests.sim.program import sim_profiles, sim_settings
from tests.trading.stage import reference_data


def main() -> None:
    """Loads everything once, so that a life begins in milliseconds; each life is a process of its own."""
    reference_data(), sim_settings(), sim_profiles(), empty_database()
    gc.freeze()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        task: dict[str, Any] = json.loads(line)
        child = os.fork()
        if child == 0:
            _live(task)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _live(task: dict[str, Any]) -> None:
    log = os.open(Path(task["folder"]) / "child.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    code = 1
    try:
        if "small" in task:
            small_lives.LIVES[task["small"]](task)
        else:
            task["start"] = datetime.fromisoformat(task["start"])
            task["prices"] = {root: Decimal(price) for root, price in task["prices"].items()}
            crash_child.live(task, task["port"])
        code = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
