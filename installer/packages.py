"""Installs the locked packages with what the computer has: uv, pip, ensurepip, or one pip wheel checked by hash."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from installer.index import IndexSettings, PipNotFound, fetch_pip, read_settings

OLDEST_PIP = (22, 3)
"""The first that installs into another environment (`--python`)."""
APT_SECONDS = 120
ADVICE = "Check the network and the package index settings (PIP_INDEX_URL, PIP_CERT, HTTPS_PROXY), then run this again."

_MISLEADING = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PYTHONHOME", "PYTHONPATH")
"""Settings that would install somewhere else."""


class SetupFailed(Exception):
    """The environment could not be made; the text says what and what now."""


def install(python: Path, lock: Path, *, work: Path, report: TextIO) -> None:
    """Installs exactly the locked files into the environment of `python`; tries each installer that is there."""
    settings = read_settings(os.environ)
    ways: list[Callable[[Path, Path, IndexSettings], list[str] | None]] = [
        _uv, _pip_of_this_python, _pip_of_ensurepip, _pip_from_index, _pip_from_debian,
    ]  # fmt: skip
    failures = []
    for way in ways:
        command = way(python, work, settings)
        if command is None:
            continue
        code = subprocess.run(
            [*command, "--require-hashes", "--only-binary", ":all:", "--no-deps", "--quiet", "-r", str(lock)],
            env=_environment(settings), stdout=report, stdin=subprocess.DEVNULL, check=False,
        ).returncode  # fmt: skip
        if code == 0:
            return
        failures.append(f"{Path(command[0]).name} ended with {code}")
        if way is not _uv:
            break  # another pip would read the same settings and fail the same way
    if failures:
        raise SetupFailed(f"the packages could not be installed ({'; '.join(failures)}). {ADVICE}")
    raise SetupFailed(
        "this Python has neither pip nor ensurepip, and no package index is set to fetch pip from. "
        "Install with: sudo apt install python3-pip   or set PIP_INDEX_URL, then run this again."
    )


def _uv(python: Path, work: Path, settings: IndexSettings) -> list[str] | None:
    found = shutil.which("uv")
    if found is None:
        return None
    command = [found, "pip", "install", "--python", str(python)]
    if settings.index_url:
        command += ["--index-url", settings.index_url]
    for url in settings.extra_index_urls:
        command += ["--extra-index-url", url]
    for place in settings.find_links:
        command += ["--find-links", place]
    if settings.extra_index_urls:
        # Hashes decide which file is right, so any index may supply it.
        command += ["--index-strategy", "unsafe-best-match"]
    return command


def _pip_of_this_python(python: Path, work: Path, settings: IndexSettings) -> list[str] | None:
    answer = _ask([sys.executable, "-m", "pip", "--version"])
    match = re.match(r"pip (\d+)\.(\d+)", answer)
    if match is None or (int(match[1]), int(match[2])) < OLDEST_PIP:
        return None
    return [sys.executable, "-m", "pip", "--python", str(python), "install", *_PIP_OPTIONS]


def _pip_of_ensurepip(python: Path, work: Path, settings: IndexSettings) -> list[str] | None:
    if "pip" not in _ask([str(python), "-m", "ensurepip", "--default-pip"]).lower():
        return None
    return [str(python), "-m", "pip", "install", *_PIP_OPTIONS]


def _pip_from_index(python: Path, work: Path, settings: IndexSettings) -> list[str] | None:
    try:
        wheel = fetch_pip(settings, work)
    except PipNotFound as problem:
        if settings.all_index_urls:
            print(f"pip could not be fetched: {problem}", file=sys.stderr)
        return None
    return [str(python), str(wheel / "pip"), "install", *_PIP_OPTIONS]


def _pip_from_debian(python: Path, work: Path, settings: IndexSettings) -> list[str] | None:
    """The distribution's own pip wheel, fetched and unpacked without installing anything on the system."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return None
    with tempfile.TemporaryDirectory(dir=work) as name:
        folder = Path(name)
        _ask(["apt-get", "download", "python3-pip-whl"], folder=folder)
        for package in folder.glob("python3-pip-whl*.deb"):
            _ask(["dpkg-deb", "-x", str(package), str(folder / "tree")])
        for wheel in sorted((folder / "tree" / "usr/share/python-wheels").glob("pip-*.whl")):
            kept = work / wheel.name
            shutil.move(wheel, kept)
            return [str(python), str(kept / "pip"), "install", *_PIP_OPTIONS]
    return None


_PIP_OPTIONS = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off", "--no-warn-script-location"]


def _ask(command: list[str], folder: Path | None = None) -> str:
    """What the command prints, or nothing when it fails or is absent."""
    try:
        answer = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=APT_SECONDS, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return answer.stdout if answer.returncode == 0 else ""


def _environment(settings: IndexSettings) -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
    environment["PIP_USER"] = "0"
    if settings.cert and "SSL_CERT_FILE" not in environment:
        environment["SSL_CERT_FILE"] = settings.cert
    return environment
