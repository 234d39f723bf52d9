"""`python -m tests.spoken FILE`: the demo on a display and accessibility bus of its own, and what AT-SPI tells of it.

Needs Debian's xvfb, dbus, at-spi2-core, gir1.2-atspi-2.0 and python3-gi. Ends with 1 when the kill switch, a position's
profit in words or the rows of the ladder are not told, or when a text is told with marks of a tool tip.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
SYSTEM_PYTHON = "/usr/bin/python3"
SPEED, WAIT_S, LIMIT_S = "60", 28, 180
"""At this speed the day's first positions stand by then."""
WANTED = {
    "the kill switch": re.compile(r"push button: Kill switch \| \S"),
    "a position's profit in words": re.compile(r"table cell: (profit|loss) [\d,.]+ dollars"),
    "the ladder": re.compile(r"table: Price ladder \| \S"),
    "a price of the ladder": re.compile(r"table cell: (bid|ask) [\d,]+ at [\d,.]+"),
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.spoken", description=__doc__)
    parser.add_argument("file", type=Path, help="takes the tree, one object a line")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as home:
        told = _tree(Path(home))
    options.file.write_text(told, encoding="utf-8")
    missing = [name for name, pattern in WANTED.items() if not pattern.search(told)]
    marked = [line.strip() for line in told.splitlines() if "<qt>" in line]
    print(f"{len(told.splitlines())} objects in {options.file}")
    for name in missing:
        print(f"not told: {name}")
    for line in marked:
        print(f"told with marks: {line}")
    return 1 if missing or marked else 0


def _tree(home: Path) -> str:
    """What the system's Python reads on the bus while the demo runs beside it."""
    for needed in (LAUNCHER, Path(SYSTEM_PYTHON)):
        if not needed.exists():
            sys.exit(f"{needed} is missing: install xvfb, dbus, at-spi2-core, gir1.2-atspi-2.0 and python3-gi")
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    environment = {
        **os.environ, "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime), "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
    }  # fmt: skip
    inside = [sys.executable, "-m", "tests.spoken.inside", str(home / "data"), SPEED, str(WAIT_S)]
    display = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24", "dbus-run-session", "--"]
    done = subprocess.run([*display, *inside], env=environment, capture_output=True, text=True, timeout=LIMIT_S)
    if done.returncode:
        sys.exit(f"the tree was not read:\n{done.stderr[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
