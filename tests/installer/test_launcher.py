"""The launcher opens this checkout's window, wherever the checkout lies."""

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installer import launcher
from installer.setup_env import Environment

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="desktop entries are for Linux")
AWKWARD = 'a b & c\'s "quoted" 100% $HOME `x` \\ folder'


def read_entry(path: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(delimiters=("=",), strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path, encoding="utf-8")
    return parser


def arguments_of(exec_value: str) -> list[str]:
    """An Exec value read as the Desktop Entry Specification says: a string value, then quoted arguments."""
    text = exec_value.replace("\\\\", "\0").replace("\0", "\\")
    arguments, current, quoted, index = [], "", False, 0
    while index < len(text):
        char = text[index]
        if quoted and char == "\\":
            index += 1
            current += text[index]
        elif char == '"':
            quoted = not quoted
        elif char == " " and not quoted:
            arguments.append(current)
            current = ""
        else:
            current += char
        index += 1
    return [argument.replace("%%", "%") for argument in [*arguments, current]]


@pytest.fixture
def environment(tmp_path: Path, empty_home: Path) -> Environment:
    root = tmp_path / AWKWARD
    (root / ".venv" / "bin").mkdir(parents=True)
    return Environment(root / ".venv", root)


def test_the_entry_names_our_command_and_icon_even_in_an_awkward_folder(environment: Environment) -> None:
    entry = read_entry(launcher.install(environment))
    assert arguments_of(entry["Desktop Entry"]["Exec"]) == [str(environment.command)]
    assert arguments_of(entry["Desktop Action demo"]["Exec"]) == [str(environment.command), "--demo"]
    assert entry["Desktop Entry"]["Icon"].replace("\\\\", "\\").endswith("/resources/app/tradestream.svg")


def test_the_icon_is_a_picture_that_is_there(root: Path) -> None:
    entry = launcher.desktop_entry(root / "tradestream", root / "resources" / "app" / "tradestream.svg")
    icon = next(line for line in entry.splitlines() if line.startswith("Icon=")).partition("=")[2]
    assert Path(icon).read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="desktop-file-utils is not installed")
def test_the_desktops_own_validator_accepts_the_entry(environment: Environment) -> None:
    path = launcher.install(environment)
    result = subprocess.run(["desktop-file-validate", str(path)], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (0, "")


def test_nothing_but_the_entry_is_left_in_the_home(environment: Environment, empty_home: Path) -> None:
    launcher.install(environment)
    launcher.install(environment)
    files = [path.relative_to(empty_home).as_posix() for path in empty_home.rglob("*") if path.is_file()]
    assert files == [".local/share/applications/tradestream.desktop"]


def test_removing_takes_our_entry_and_leaves_another_checkouts(environment: Environment, tmp_path: Path) -> None:
    path = launcher.install(environment)
    other = Environment(tmp_path / "other" / ".venv", tmp_path / "other")
    assert launcher.remove(other) == []
    assert path.exists()
    assert launcher.remove(environment) == [path]
    assert not path.exists()
