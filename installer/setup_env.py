"""The environment in `.venv`: made from the hashed lock file, remade when the lock, the Python or the place changes."""

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from installer import packages
from installer.packages import SetupFailed

__all__ = ["LOCK", "ROOT", "Environment", "SetupFailed", "prepare"]

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
SETUP_VERSION = "1"
"""Raise it when this file lays the environment out differently."""

_OTHER_PYTHONS = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP", "__PYVENV_LAUNCHER__", "VIRTUAL_ENV")
"""Settings of the caller's Python that would make ours load the wrong packages."""


@dataclass(frozen=True, slots=True)
class Environment:
    """One folder with its own Python, packages and a `tradestream` command for the checkout at `root`."""

    folder: Path
    root: Path

    @classmethod
    def beside_checkout(cls) -> "Environment":
        return cls(ROOT / ".venv", ROOT)

    @property
    def scripts(self) -> Path:
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        return self.scripts / ("python.exe" if os.name == "nt" else "python")

    @property
    def command(self) -> Path:
        return self.scripts / ("tradestream.cmd" if os.name == "nt" else "tradestream")

    @property
    def stamp(self) -> Path:
        return self.folder / "tradestream-stamp"

    @property
    def site_packages(self) -> Path:
        if os.name == "nt":
            return self.folder / "Lib" / "site-packages"
        return self.folder / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"

    def tradestream(self, arguments: list[str]) -> int:
        return self.call([str(self.python), "-P", "-m", "tradestream_gui", *arguments], {}, folder=None)

    def call(self, command: list[str], extra: dict[str, str], *, folder: Path | None) -> int:
        """Runs to the end and returns the exit code; Ctrl-C is the child's to answer."""
        process = subprocess.Popen(command, env={**clean_environment(), **extra}, cwd=folder)
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue

    def remove(self) -> list[Path]:
        if not self.folder.exists():
            return []
        shutil.rmtree(self.folder)
        return [self.folder]


def prepare(*, quiet: bool = False) -> Environment:
    """The environment, made now unless its stamp says that it fits; raises SetupFailed with what to do."""
    environment = Environment.beside_checkout()
    wanted = stamp_text(environment)
    if environment.python.exists() and read_stamp(environment) == wanted:
        return environment
    stream = sys.stderr if quiet else sys.stdout
    print("Setting up TradeStream in .venv (once; about half a minute) ...", file=stream, flush=True)
    make_bare(environment)
    packages.install(environment.python, LOCK, work=environment.folder, report=stream)
    make_importable(environment)
    environment.stamp.write_text(wanted, encoding="utf-8")
    return environment


def stamp_text(environment: Environment) -> str:
    """What the environment was made from; any difference means making it anew."""
    try:
        lock_hash = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    except OSError as error:
        raise SetupFailed(f"cannot read {LOCK.name}: {error.strerror}. Get a complete copy of the project.") from error
    parts = (SETUP_VERSION, lock_hash, sys.version, os.path.realpath(sys.executable), str(environment.root))
    return "\n".join(parts) + "\n"


def read_stamp(environment: Environment) -> str:
    try:
        return environment.stamp.read_text(encoding="utf-8")
    except OSError:
        return ""


def make_bare(environment: Environment) -> None:
    """An environment without pip: the part of `venv` that every Python can do."""
    if environment.folder.is_dir():
        shutil.rmtree(environment.folder)
    try:
        import venv
    except ImportError:
        _make_by_hand(environment)
        return
    try:
        venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(environment.folder)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetupFailed(f"cannot make {environment.folder}: {error}. Check that the folder is writable.") from error


def make_importable(environment: Environment) -> None:
    """Puts the checkout on the environment's path and leaves its `tradestream` command there."""
    (environment.site_packages / "tradestream.pth").write_text(f"{environment.root}\n", encoding="utf-8")
    if os.name == "nt":
        text = f'@echo off\r\n"{environment.python}" -P -m tradestream_gui %*\r\n'
    else:
        # Through sh, because a "#!" line takes neither a space nor a long path.
        text = f'#!/bin/sh\nexec {shell_quoted(environment.python)} -P -m tradestream_gui "$@"\n'
    environment.command.write_text(text, encoding="utf-8", newline="")
    environment.command.chmod(0o755)


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _OTHER_PYTHONS}


def shell_quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "'\"'\"'") + "'"


def _make_by_hand(environment: Environment) -> None:
    """What `venv` would lay out; some distributions package that module apart."""
    if os.name == "nt":
        raise SetupFailed("this Python lacks the venv module. Install Python 3.11 or newer with its standard library.")
    environment.scripts.mkdir(parents=True)
    environment.site_packages.mkdir(parents=True)
    base = Path(os.path.realpath(sys.executable))
    environment.python.symlink_to(base)
    (environment.scripts / "python3").symlink_to("python")
    version = ".".join(str(part) for part in sys.version_info[:3])
    (environment.folder / "pyvenv.cfg").write_text(
        f"home = {base.parent}\ninclude-system-site-packages = false\nversion = {version}\n", encoding="utf-8"
    )
