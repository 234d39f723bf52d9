"""The count sees a branch that nobody took, a file that nobody imported, and nothing where all was taken."""

import importlib
import sys
from pathlib import Path

import coverage
import pytest

from tests.branches.counting import Counted, counted, whole

SOURCE = """
def sign(value):
    if value > 0:
        return 1
    return -1


def first(values):
    for value in values:
        return value
"""


def count(folder: Path, monkeypatch: pytest.MonkeyPatch, *values: int) -> list[Counted]:
    importlib.invalidate_caches()
    package = folder / "counted_here"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "used.py").write_text(SOURCE)
    (package / "unused.py").write_text("LIMIT = 3\n")
    monkeypatch.syspath_prepend(str(folder))
    watch = coverage.Coverage(data_file=None, branch=True, source=[str(package)], config_file=False)
    watch.start()
    module = importlib.import_module("counted_here.used")
    for value in values:
        module.sign(value)
    module.first([1])
    module.first([])
    watch.stop()
    for name in [name for name in sys.modules if name.startswith("counted_here")]:
        del sys.modules[name]
    return counted(watch, folder)


def test_a_branch_that_was_not_taken_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unused, used = count(tmp_path, monkeypatch, 1)
    assert (used.name, used.branches, used.missing) == ("counted_here/used.py", 4, ("5", "3->5"))
    assert (unused.lines, unused.missing) == (1, ("1",)), "nobody imported it"
    assert not whole([unused, used]).is_whole
    assert "3 of     4 branches" in used.line


def test_a_file_of_which_all_was_taken_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used = count(tmp_path, monkeypatch, 1, -1)[1]
    assert used.is_whole
    assert used.line.endswith("statements")
