"""The sub-commands of `installer/run.py`: run, test, doctor, clean, package-notices."""

import argparse
import os
import sys
from pathlib import Path

from installer import launcher, preflight
from installer.setup_env import ROOT, Environment, SetupFailed, prepare

EXIT_OK, EXIT_FAILURE, EXIT_USAGE = 0, 1, 2
CONSOLE_DEMO_SECONDS = 60
PYTEST_USAGE_ERROR = 4
TEST_WORKERS = "3"
"""Sized for two cores: two workers compute while a third waits for a timer. `run.py test -n 8` overrides it."""

CONSOLE_SPEED = ("--speed", "60")  # a minute shows the whole demo day
NO_DISPLAY = "No display found. Running the demo headless for {seconds:g} s; use --display to force a window."
USAGE = """\
python3 installer/run.py [COMMAND] [OPTIONS]

  run               set up, then start the demo in a window (the default; on the console where there is no display)
                      --display       open a window even if no display was found
                      --duration S    seconds that the console demo lasts (60)
                      anything else is passed on to `tradestream --demo`
  test              set up, then run the whole test suite; further arguments are pytest's
  doctor            set up, then say what this computer has and lacks (`--json`)
  package-notices   write the third-party notices from the installed packages' own metadata
  clean             remove the environment and the launcher that this script made; your data stays
"""


def main(argv: list[str]) -> int:
    if argv and argv[0] in ("-h", "--help", "help"):
        print(USAGE, end="")
        return EXIT_OK
    command, rest = (argv[0], argv[1:]) if argv and not argv[0].startswith("-") else ("run", argv)
    commands = {"run": run, "test": test, "doctor": doctor, "package-notices": package_notices, "clean": clean}
    if command not in commands:
        print(f"Unknown command {command!r}: it is one of {', '.join(commands)}.", file=sys.stderr)
        return EXIT_USAGE
    try:
        return commands[command](rest)
    except SetupFailed as problem:
        print(f"Set-up failed: {problem}", file=sys.stderr)
        return EXIT_FAILURE


def run(arguments: list[str]) -> int:
    """Starts the demo: in a window where there is a display, else for a minute on the console."""
    parser = argparse.ArgumentParser(prog="run.py run", allow_abbrev=False)
    parser.add_argument("--display", action="store_true", help="open a window even if no display was found")
    parser.add_argument("--duration", type=_seconds, metavar="S", help="seconds that the console demo lasts (60)")
    options, passed_on = parser.parse_known_args(arguments)
    display = preflight.find_display(os.environ)
    if options.display and display is preflight.Display.NONE:
        display = preflight.Display.XCB
    missing = preflight.missing_libraries(display)
    for library in missing:
        print(library.message(), file=sys.stderr)
    if missing and display is not preflight.Display.NONE:
        print(preflight.install_all_line(missing), file=sys.stderr)
        return EXIT_FAILURE
    environment = prepare()
    entry = launcher.install(environment)
    if display is preflight.Display.NONE:
        seconds = CONSOLE_DEMO_SECONDS if options.duration is None else options.duration
        print(NO_DISPLAY.format(seconds=seconds), flush=True)
        console = ["--demo", "--headless", *CONSOLE_SPEED, "--duration", f"{seconds:g}"]
        return environment.tradestream([*console, *passed_on])
    print(f"Opening the demo. Next time, double-click {entry}.", flush=True)
    if options.duration is not None:
        print("--duration holds for the console demo only; the window stays open until you close it.", flush=True)
    return environment.tradestream(["--demo", *passed_on])


def test(arguments: list[str]) -> int:
    """Runs the suite offscreen; pytest's own closing line is the last one."""
    missing = preflight.missing_libraries(preflight.Display.NONE)
    for library in missing:
        print(library.message(), file=sys.stderr)
    if missing:
        print(preflight.install_all_line(missing), file=sys.stderr)
        return EXIT_FAILURE
    environment = prepare()
    command = [str(environment.python), "-m", "pytest", "-n", TEST_WORKERS, "--dist", "worksteal", *arguments]
    code = environment.call(command, {"QT_QPA_PLATFORM": "offscreen"}, folder=ROOT)
    if code == PYTEST_USAGE_ERROR:
        return EXIT_USAGE
    return EXIT_OK if code == 0 else EXIT_FAILURE


def doctor(arguments: list[str]) -> int:
    for library in preflight.missing_libraries(preflight.find_display(os.environ)):
        print(library.message(), file=sys.stderr)
    return prepare(quiet=True).tradestream(["doctor", *arguments])


def package_notices(arguments: list[str]) -> int:
    environment = prepare()
    script = Path(__file__).with_name("notices.py")
    return environment.call([str(environment.python), str(script), *arguments], {}, folder=ROOT)


def clean(arguments: list[str]) -> int:
    if arguments:
        print("clean takes no arguments.", file=sys.stderr)
        return EXIT_USAGE
    environment = Environment.beside_checkout()
    removed = [*launcher.remove(environment), *environment.remove()]
    for path in removed:
        print(f"Removed {path}")
    if not removed:
        print("Nothing to remove.")
    return EXIT_OK


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 86400 seconds")
    return value
