"""A launcher to double-click: a desktop entry on Linux, a .cmd on Windows, a .command on macOS."""

import os
import sys
from pathlib import Path

from installer.setup_env import Environment, shell_quoted

ENTRY_NAME = "tradestream.desktop"
_RESERVED = '"`$\\'
"""Characters that a desktop entry's quoted argument escapes."""


def install(environment: Environment) -> Path:
    """Writes the launcher for this checkout and returns its place; one that is already right is left alone."""
    path = launcher_path(environment)
    text = launcher_text(environment)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8", newline="")
    path.chmod(0o755)
    return path


def remove(environment: Environment) -> list[Path]:
    """Removes the launcher if it starts this checkout; another checkout's stays."""
    path = launcher_path(environment)
    if not path.exists() or path.read_text(encoding="utf-8") != launcher_text(environment):
        return []
    path.unlink()
    return [path]


def launcher_path(environment: Environment) -> Path:
    if os.name == "nt":
        return environment.root / "TradeStream.cmd"
    if sys.platform == "darwin":
        return environment.root / "TradeStream.command"
    data_home = os.environ.get("XDG_DATA_HOME") or ""
    base = Path(data_home) if os.path.isabs(data_home) else Path.home() / ".local" / "share"
    return base / "applications" / ENTRY_NAME


def launcher_text(environment: Environment) -> str:
    if os.name == "nt":
        windowed = environment.scripts / "pythonw.exe"
        return f'@start "" "{windowed}" -P -m tradestream_gui\r\n'
    if sys.platform == "darwin":
        return f"#!/bin/sh\nexec {shell_quoted(environment.command)}\n"
    return desktop_entry(environment.command, environment.root / "resources" / "app" / "tradestream.svg")


def desktop_entry(command: Path, icon: Path) -> str:
    """A desktop entry with a second action that opens the demo."""
    quoted = exec_argument(str(command))
    return (
        "[Desktop Entry]\n"
        "Type=Application\n"
        "Name=TradeStream\n"
        "GenericName=Trading Terminal\n"
        "Comment=Follow Discord alerts and trade futures and options\n"
        f"Exec={quoted}\n"
        f"Icon={string_value(str(icon))}\n"
        "Terminal=false\n"
        "Categories=Office;Finance;\n"
        "Keywords=trading;futures;options;discord;\n"
        "StartupWMClass=tradestream\n"
        "Actions=demo;\n"
        "\n"
        "[Desktop Action demo]\n"
        "Name=Demo day (no keys needed)\n"
        f"Exec={quoted} --demo\n"
    )


def exec_argument(argument: str) -> str:
    """One argument of an Exec line: quoted, then escaped again as a string value; `%` is doubled."""
    escaped = "".join("\\" + char if char in _RESERVED else char for char in argument.replace("%", "%%"))
    return string_value(f'"{escaped}"')


def string_value(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
