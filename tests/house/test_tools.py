"""The linters are silent, and starting the program loads no heavy library."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.import_rules import HEAVY

PROBE = "import json, sys, {module}; print(json.dumps(sorted({{name.partition('.')[0] for name in sys.modules}})))"


def run_tool(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *arguments], cwd=root, capture_output=True, text=True, check=False)


def test_ruff_finds_nothing(root: Path) -> None:
    result = run_tool(root, "ruff", "check", "--output-format=concise", ".")
    assert result.returncode == 0, result.stdout + result.stderr


def test_mypy_strict_finds_nothing(root: Path) -> None:
    result = run_tool(root, "mypy")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("name", ["cli", "app"])
def test_starting_loads_no_heavy_library(name: str, root: Path) -> None:
    code = PROBE.format(module=f"tradestream_gui.{name}")
    result = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert set(json.loads(result.stdout)) & set(HEAVY) == set()


def test_the_commands_that_need_no_window_load_no_qt(root: Path) -> None:
    code = PROBE.format(module="tradestream_gui.cli")
    result = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert "PyQt6" not in json.loads(result.stdout)
