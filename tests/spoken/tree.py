"""Prints the accessible tree of a running program, one object a line. Runs on the system's Python, which has `gi`."""

import sys
import time
from typing import Any

import gi  # type: ignore[import-not-found,unused-ignore]  # Debian's python3-gi, not one of the project's packages

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # type: ignore[import-not-found,unused-ignore]  # noqa: E402  # as gi demands

PATIENCE_S, MOST_CHILDREN = 60.0, 2_000


def main(name: str, wait_s: float) -> int:
    """Waits for the program, then `wait_s` more, and prints; 1 when it does not come."""
    Atspi.init()
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        program = _find(name)
        if program is not None:
            time.sleep(wait_s)
            _print(program, 0)
            return 0
        time.sleep(0.5)
    sys.stderr.write(f"no program called {name} came to the accessibility bus within {PATIENCE_S:g} s\n")
    return 1


def _find(name: str) -> Any:
    desktop = Atspi.get_desktop(0)
    for at in range(desktop.get_child_count()):
        program = desktop.get_child_at_index(at)
        if program is not None and program.get_name() == name:
            return program
    return None


def _print(what: Any, depth: int) -> None:
    """The program lives on while it is read: what has gone meanwhile is left out."""
    try:
        children = _print_one(what, depth)
    except GLib.GError:
        return
    for child in children:
        _print(child, depth + 1)


def _print_one(what: Any, depth: int) -> list[Any]:
    words = f"{what.get_role_name()}: {what.get_name()}"
    if what.get_description():
        words += f" | {what.get_description()}"
    sys.stdout.write("  " * depth + words.replace("\n", " / ") + "\n")
    children = [what.get_child_at_index(at) for at in range(min(what.get_child_count(), MOST_CHILDREN))]
    return [child for child in children if child is not None]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2])))
