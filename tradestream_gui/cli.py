"""The `tradestream` command: reads the arguments and starts the window, the console or a tool, loading only that."""

import argparse
import gc
import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from tradestream_gui import __version__

EXIT_OK = 0
EXIT_FAILURE = 1
EXIT_USAGE = 2
EXIT_BAD_CONFIG = 3
EXIT_ALREADY_RUNNING = 4
EXIT_SELF_TEST = 5

SPEEDS = ("1", "10", "60")
DEMO_SEED = 7
DEMO_PROFILE, MESSAGES_PROFILE = "demo", "demo-messages"
"""The demo's own, which it clears at each start."""


@dataclass(frozen=True, slots=True)
class Launch:
    """What the command line asks the program to be; paths are as given, None where the defaults hold."""

    profile: str
    data_dir: Path | None
    config: Path | None
    theme: str | None
    safe_mode: bool
    reset_layout: bool
    log_level: str | None
    demo: bool
    resume: bool
    speed: float
    seed: int
    seconds: float | None
    offscreen_report: Path | None
    messages: Path | None = None


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command and answers its exit code: 0 ok, 1 failure, 2 usage, 3 bad config, 4 running, 5 self-test."""
    parser = build_parser()
    options = parser.parse_args(sys.argv[1:] if argv is None else argv)
    if options.selftest:
        from tradestream_gui.doctor import run_selftest

        return run_selftest()
    command = getattr(options, "run", None)
    if command is not None:
        return int(command(options))
    launch = launch_from(options)
    if launch.profile in (DEMO_PROFILE, MESSAGES_PROFILE) and not launch.demo:
        parser.error(
            f"the profile {launch.profile} is the demo's own and is cleared at each of its starts; "
            "give yours another name"
        )
    if options.headless:
        from tradestream_gui.console import run_headless

        return run_headless(launch)
    return int(load_window().run_window(launch))


def load_window() -> ModuleType:
    """The module of the window, loaded with garbage collection off: a collection among thousands of new classes would
    hold up the first paint. The window turns it on again when all its parts stand, and when it ends."""
    gc.disable()
    return importlib.import_module("tradestream_gui.app")


def launch_from(options: argparse.Namespace) -> Launch:
    return Launch(
        profile=_profile(options),
        data_dir=options.data_dir,
        config=options.config,
        theme=options.theme,
        safe_mode=options.safe_mode,
        reset_layout=options.reset_layout,
        log_level=options.log_level,
        demo=options.demo or options.messages is not None,
        resume=options.resume,
        speed=float(options.speed),
        seed=options.seed,
        seconds=options.seconds,
        offscreen_report=options.offscreen_report,
        messages=options.messages,
    )


def _profile(options: argparse.Namespace) -> str:
    """Invented prices have profiles of their own, apart from everything that is traded."""
    if options.messages is not None:
        return MESSAGES_PROFILE
    return DEMO_PROFILE if options.demo else str(options.profile)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tradestream", description="Desktop trading terminal for Discord alerts.")
    parser.add_argument("--version", action="version", version=f"TradeStream {__version__}")
    parser.add_argument("--selftest", action="store_true", help="check that every part of this build works")
    _add_common(parser)
    _add_demo(parser)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_reading(commands)
    _add_history(commands)
    _add_upkeep(commands)
    _add_secrets(commands)
    _add_relaunch(commands)
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    words = "settings and data of their own"
    parser.add_argument("--profile", default="default", type=_profile_name, metavar="NAME", help=words)
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="where everything is kept")
    parser.add_argument("--config", type=Path, metavar="FILE", help="another config.yaml")
    parser.add_argument("--theme", metavar="NAME", help="dark, light, high-contrast or system")
    parser.add_argument("--safe-mode", action="store_true", help="default layout, nothing acts by itself")
    parser.add_argument("--reset-layout", action="store_true", help="forget the window's layout")
    parser.add_argument("--log-level", choices=("DEBUG", "INFO", "WARNING", "ERROR"))


def _add_demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demo", action="store_true", help="a trading day with invented prices, no keys needed")
    parser.add_argument("--resume", action="store_true", help="go on with the last demo day instead of a new one")
    parser.add_argument("--speed", default="1", type=_speed, metavar="X", help="1, 10 or 60 times (default 1)")
    parser.add_argument("--seed", default=DEMO_SEED, type=int, help="the demo market's seed")
    parser.add_argument("--seconds", "--duration", dest="seconds", type=float, metavar="S", help="stop after S seconds")
    parser.add_argument("--headless", action="store_true", help="no window: the status on the console")
    parser.add_argument("--offscreen-report", type=Path, metavar="DIR", help="run unseen, write report and pictures")
    parser.add_argument("--messages", type=Path, metavar="FILE", help="play these messages against a DEMO market")


def _add_reading(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parse = commands.add_parser("parse", help="JSON lines of messages to JSON lines of actions")
    parse.add_argument("--profiles", type=Path, metavar="FILE", help="which profile reads which channel or author")
    parse.set_defaults(run=_run_parse)
    corpus = commands.add_parser("corpus", help="score the parser on labelled messages")
    corpus.add_argument("file", type=Path)
    corpus.add_argument("--profiles", type=Path, metavar="FILE")
    corpus.set_defaults(run=_run_corpus)


def _add_history(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    replay = commands.add_parser("replay", help="history through the same desks and the paper broker")
    replay.add_argument("--messages", type=Path, required=True, metavar="FILE")
    replay.add_argument("--quotes", type=Path, required=True, metavar="FILE")
    replay.add_argument("--report", type=Path, required=True, metavar="FILE")
    replay.set_defaults(run=_run_replay)
    bench = commands.add_parser("bench", help="measure this build")
    bench.add_argument("name")
    bench.add_argument("--json", type=Path, metavar="FILE")
    bench.set_defaults(run=_run_bench)


def _add_upkeep(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    doctor = commands.add_parser("doctor", help="what this machine has and lacks")
    doctor.add_argument("--json", action="store_true")
    doctor.set_defaults(run=_run_doctor)
    for name, words in (("backup", "write a verified backup"), ("restore", "restore one, the old data kept aside")):
        command = commands.add_parser(name, help=words)
        command.add_argument("file", type=Path)
        command.set_defaults(run=_run_upkeep, upkeep=name)
    audit = commands.add_parser("verify-audit", help="check the audit chain")
    audit.set_defaults(run=_run_upkeep, upkeep="verify-audit", file=None)
    export = commands.add_parser("export", help="fills, trades, orders or messages as CSV")
    export.add_argument("what", choices=("fills", "trades", "orders", "messages"))
    export.add_argument("file", type=Path)
    export.add_argument("--words", default="", help="only messages that hold these words")
    export.set_defaults(run=_run_upkeep, upkeep="export")


def _add_secrets(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    secret = commands.add_parser("secret", help="keep keys and tokens: values are asked for, never given as arguments")
    secret.add_argument("do", choices=("list", "set", "delete"))
    secret.add_argument("name", nargs="?", metavar="NAME", help="such as discord/main/bot_token")
    secret.set_defaults(run=_run_secret)


def _add_relaunch(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """The program's own way back after an outage drill has killed it; not among the commands that are listed."""
    relaunch = commands.add_parser("relaunch")
    relaunch.add_argument("--lock", type=Path, required=True, metavar="FILE")
    relaunch.add_argument("command", nargs="+")
    relaunch.set_defaults(run=_run_relaunch)


def _profile_name(text: str) -> str:
    from tradestream_gui.paths import BadProfileName, checked_profile

    try:
        return checked_profile(text)
    except BadProfileName as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _speed(text: str) -> str:
    if text not in SPEEDS:
        raise argparse.ArgumentTypeError(f"{text} is not a speed: choose 1, 10 or 60")
    return text


def _run_parse(options: argparse.Namespace) -> int:
    from tradestream_gui.commands.parse import run_parse

    return run_parse(sys.stdin, sys.stdout, options.profiles)


def _run_corpus(options: argparse.Namespace) -> int:
    from tradestream_gui.corpus import run_corpus

    return run_corpus(options.file, options.profiles)


def _run_replay(options: argparse.Namespace) -> int:
    from tradestream_gui.commands.replay import run_replay

    return run_replay(options.messages, options.quotes, options.report)


def _run_bench(options: argparse.Namespace) -> int:
    from tradestream_gui.bench import run_bench

    return run_bench(options.name, options.json)


def _run_doctor(options: argparse.Namespace) -> int:
    from tradestream_gui.doctor import run_doctor

    return run_doctor(as_json=options.json, profile=options.profile, data_dir=options.data_dir)


def _run_upkeep(options: argparse.Namespace) -> int:
    from tradestream_gui.commands.upkeep import run_upkeep

    return run_upkeep(options.upkeep, launch_from(options), options)


def _run_relaunch(options: argparse.Namespace) -> int:
    from tradestream_gui.relaunch import run_relaunch

    return run_relaunch(options)


def _run_secret(options: argparse.Namespace) -> int:
    from tradestream_gui.commands.secret import run_secret

    return run_secret(options)
