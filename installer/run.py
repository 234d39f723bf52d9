"""Sets up TradeStream beside this checkout and starts its demo: `python3 installer/run.py [test|doctor|clean|...]`."""

import os
import shutil
import subprocess
import sys

# This file alone is written so that any Python from 3.6 on can read it and say what it lacks.
OLDEST_MINOR = 11
NEWEST_MINOR = 13


def main() -> int:
    if not (sys.version_info[0] == 3 and OLDEST_MINOR <= sys.version_info[1] <= NEWEST_MINOR):
        return run_with_another_python()
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    from installer.commands import main as run_command

    return run_command(sys.argv[1:])


def run_with_another_python() -> int:
    for minor in range(NEWEST_MINOR, OLDEST_MINOR - 1, -1):
        found = shutil.which(f"python3.{minor}")
        # A version manager leaves commands that answer only for the versions it holds.
        if found and subprocess.call([found, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return subprocess.call([found, os.path.abspath(__file__), *sys.argv[1:]])
    present = ".".join(str(part) for part in sys.version_info[:3])
    sys.stderr.write(
        f"TradeStream needs Python 3.{OLDEST_MINOR} to 3.{NEWEST_MINOR}; this is {present} ({sys.executable}). "
        "Install one of them and run this command with it.\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
