"""`tradestream doctor` and `--selftest`: what this computer and this build have, what they lack, and what to do."""

import json
import os
import platform
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from importlib import metadata
from pathlib import Path
from typing import TextIO

from tradestream_gui import __version__
from tradestream_gui.paths import HOME_VARIABLE, Paths, bundled_root, resource_path, theme_path

EXIT_OK, EXIT_FAILURE, EXIT_SELF_TEST = 0, 1, 5
OLDEST_SQLITE = (3, 35)
"""The first with RETURNING; our storage uses it."""
LITTLE_SPACE_BYTES = 1_000_000_000
NO_SPACE_BYTES = 100_000_000
PACKAGES = (
    "PyQt6", "PyQt6-Qt6", "qasync", "pyqtgraph", "ib_insync", "discord.py", "httpx", "sqlalchemy", "alembic",
    "pandas", "numpy", "pydantic", "pydantic-settings", "platformdirs", "ruamel.yaml", "keyring", "cryptography",
    "aiosmtplib", "websockets", "aiohttp", "jinja2", "aiolimiter", "stamina", "tzdata",
)  # fmt: skip
THEMES = ("dark.toml", "light.toml", "high-contrast.toml", "base.qss")
PLUGIN_GROUPS = tuple(f"tradestream.{kind}" for kind in ("brokers", "parsers", "feeds", "notifiers", "reports"))
NO_KEYRING = "No system keyring found. Secrets are kept in an encrypted vault that opens with your passphrase."


class State(Enum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `advice` says what to do where it is not OK."""

    subject: str
    state: State
    detail: str
    advice: str = ""


Check = Callable[[], Iterator[Finding]]


def run_doctor(*, as_json: bool = False, profile: str = "default", data_dir: Path | None = None) -> int:
    """Prints what this computer has and lacks; 1 when something fails, else 0."""
    findings = examine(Paths.for_profile(profile, data_dir=data_dir))
    report(findings, sys.stdout, as_json=as_json)
    return EXIT_FAILURE if has_failed(findings) else EXIT_OK


def run_selftest() -> int:
    """Tries each part of this build, in a folder of its own; 5 when one fails, else 0."""
    from tradestream_gui.selftest import try_parts

    findings = [*examine(Paths.for_profile("default")), *try_parts()]
    report(findings, sys.stdout)
    return EXIT_SELF_TEST if has_failed(findings) else EXIT_OK


def examine(paths: Paths) -> list[Finding]:
    """Looks without changing anything."""
    checks: Sequence[Iterator[Finding]] = (
        _program(), _packages(), _window_libraries(), _bundled_files(), _folders(paths), _space(paths), _sqlite(),
        _databases(paths), _time_zones(), _keyring(), _plugins(),
    )  # fmt: skip
    return [finding for check in checks for finding in check]


def has_failed(findings: Sequence[Finding]) -> bool:
    return any(finding.state is State.FAILED for finding in findings)


def report(findings: Sequence[Finding], out: TextIO, *, as_json: bool = False) -> None:
    if as_json:
        rows = [{**asdict(finding), "state": finding.state.value} for finding in findings]
        out.write(
            json.dumps({"version": __version__, "failed": has_failed(findings), "findings": rows}, indent=2) + "\n"
        )
        return
    width = max(len(finding.subject) for finding in findings)
    for finding in findings:
        out.write(f"{finding.state.value:<8} {finding.subject:<{width}}  {finding.detail}\n")
        if finding.advice:
            out.write(f"{'':<8} {'':<{width}}  {finding.advice}\n")
    failures = sum(finding.state is State.FAILED for finding in findings)
    warnings = sum(finding.state is State.WARNING for finding in findings)
    out.write(f"{len(findings)} looked at: {failures} failed, {warnings} to know about\n")


def _program() -> Iterator[Finding]:
    yield Finding("TradeStream", State.OK, f"{__version__}, {_layout()}")
    fits = (3, 11) <= sys.version_info[:2] < (3, 14)
    yield Finding(
        "Python",
        State.OK if fits else State.FAILED,
        f"{platform.python_version()} ({sys.executable})",
        "" if fits else "Use Python 3.11, 3.12 or 3.13.",
    )
    yield Finding("System", State.OK, f"{platform.system()} {platform.release()}, {platform.machine()}")


def _layout() -> str:
    if getattr(sys, "frozen", False):
        return "installed program"
    return "installed package" if bundled_root("resources").name == "_resources" else "checkout"


def _packages() -> Iterator[Finding]:
    if getattr(sys, "frozen", False):
        return  # a frozen build holds the modules without their metadata; the self-test imports them
    for name in PACKAGES:
        try:
            yield Finding(f"package {name}", State.OK, metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Finding(f"package {name}", State.FAILED, "not installed", "Run: python3 installer/run.py")


def _window_libraries() -> Iterator[Finding]:
    """The import error names the library that is truly missing; Qt itself often names another."""
    try:
        from PyQt6 import QtGui, QtNetwork, QtWidgets
        from PyQt6.QtCore import QT_VERSION_STR
    except ImportError as error:
        yield Finding("Qt", State.FAILED, str(error), "Run python3 installer/run.py: it names the package to install.")
        return
    modules = (QtGui, QtNetwork, QtWidgets)
    yield Finding("Qt", State.OK, f"{QT_VERSION_STR} with {', '.join(m.__name__.partition('.')[2] for m in modules)}")


def _bundled_files() -> Iterator[Finding]:
    reinstall = "This copy is incomplete: install TradeStream again."
    missing_themes = [name for name in THEMES if not theme_path(name).is_file()]
    yield _present("themes", len(THEMES), missing_themes, reinstall)
    fonts = sorted(path.name for path in resource_path("fonts").glob("*.[ot]tf"))
    missing_fonts = [
        family for family in ("Inter", "JetBrainsMono") if not any(font.startswith(family) for font in fonts)
    ]
    yield _present("font files", len(fonts), missing_fonts, reinstall)
    icons = list(resource_path("icons").glob("*.svg"))
    yield _present("icons", len(icons), [] if icons else ["all"], reinstall)


def _present(subject: str, count: int, missing: Sequence[str], advice: str) -> Finding:
    if missing:
        return Finding(subject, State.FAILED, f"missing: {', '.join(missing)}", advice)
    return Finding(subject, State.OK, f"{count} present")


def _folders(paths: Paths) -> Iterator[Finding]:
    places = (("config", paths.config_dir), ("data", paths.data_dir), ("state", paths.state_dir))
    for name, folder in (*places, ("cache", paths.cache_dir)):
        yield _folder(f"{name} folder", folder)


def _folder(subject: str, folder: Path) -> Finding:
    nearest = _nearest_existing(folder)
    if not os.access(nearest, os.W_OK | os.X_OK):
        return Finding(
            subject, State.FAILED, f"{folder} cannot be written", f"Choose another place with {HOME_VARIABLE}."
        )
    if nearest != folder:
        return Finding(subject, State.OK, f"{folder} (made at the first start)")
    mode = stat.S_IMODE(folder.stat().st_mode)
    if os.name != "nt" and mode & 0o077:
        advice = f"Close it: chmod 700 '{folder}'. TradeStream does so at its next start."
        return Finding(subject, State.WARNING, f"{folder} is open to other users (mode {mode:03o})", advice)
    return Finding(subject, State.OK, str(folder))


def _space(paths: Paths) -> Iterator[Finding]:
    free = shutil.disk_usage(_nearest_existing(paths.data_dir)).free
    state = State.OK if free >= LITTLE_SPACE_BYTES else State.WARNING if free >= NO_SPACE_BYTES else State.FAILED
    advice = "" if state is State.OK else "Free some space: orders are refused when they cannot be stored."
    yield Finding("disk space", state, f"{free / 1e9:.1f} GB free", advice)


def _sqlite() -> Iterator[Finding]:
    version = sqlite3.sqlite_version
    connection = sqlite3.connect(":memory:")
    try:
        options = {row[0] for row in connection.execute("PRAGMA compile_options")}
    finally:
        connection.close()
    lacks = [] if "ENABLE_FTS5" in options else ["full-text search (FTS5)"]
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        lacks.append(f"version {'.'.join(map(str, OLDEST_SQLITE))} or newer")
    advice = f"It lacks {' and '.join(lacks)}: use a Python with a newer SQLite." if lacks else ""
    yield Finding("SQLite", State.FAILED if lacks else State.OK, version, advice)


def _databases(paths: Paths) -> Iterator[Finding]:
    """Each database of the profile: whole, and of a version that this one can open."""
    from tradestream_gui.adapters.storage.offline import problem_of
    from tradestream_gui.domain.errors import StoreFailed
    from tradestream_gui.profile.live_database import lost_live_database

    restore = "Restore a backup: tradestream restore FILE. Only the accounts kept in it are affected."
    for path in (paths.paper_db, paths.live_db):
        if path.is_file():
            problem = problem_of(path)
            state = State.FAILED if problem else State.OK
            yield Finding(path.name, state, problem or "whole", restore if problem else "")
    try:
        lost = lost_live_database(paths)
    except StoreFailed as error:
        lost = str(error)
    if lost:
        yield Finding(paths.live_db.name, State.FAILED, lost, restore)


def _time_zones() -> Iterator[Finding]:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        zones = [ZoneInfo(name).key for name in ("America/Chicago", "America/New_York")]
    except ZoneInfoNotFoundError as error:
        yield Finding("time zones", State.FAILED, str(error), "Install the package tzdata.")
        return
    yield Finding("time zones", State.OK, ", ".join(zones))


def _keyring() -> Iterator[Finding]:
    try:
        import keyring
    except ImportError as error:
        yield Finding("keyring", State.FAILED, str(error), "Run: python3 installer/run.py")
        return
    backend = keyring.get_keyring()
    name = f"{type(backend).__module__}.{type(backend).__name__}"
    if backend.priority <= 0:
        yield Finding("keyring", State.WARNING, name, NO_KEYRING)
    else:
        yield Finding("keyring", State.OK, name)


def _plugins() -> Iterator[Finding]:
    found = [f"{entry.group}:{entry.name}" for group in PLUGIN_GROUPS for entry in metadata.entry_points(group=group)]
    yield Finding("plug-ins of others", State.OK, ", ".join(found) or "none")


def _nearest_existing(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
