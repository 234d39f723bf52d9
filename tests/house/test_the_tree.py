"""The whole tree keeps the rules of the house."""

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house.code_rules import FILE_RULES
from tests.house.import_rules import adapter_docstrings, import_problems
from tests.house.inheritance import inheritance_problems
from tests.house.repo_rules import corpus_problems, corpus_windows, readable, text_problems, top_level_problems
from tests.house.sources import Source, python_sources, tracked_files


@pytest.mark.parametrize("rule", FILE_RULES, ids=lambda rule: rule.__name__)
def test_every_file_keeps(rule: Callable[[Source], Iterator[str]], root: Path) -> None:
    problems = [problem for source in python_sources(root) for problem in rule(source)]
    assert not problems, "\n".join(problems)


def test_folders_import_only_what_the_architecture_allows(root: Path) -> None:
    docstrings = adapter_docstrings(root)
    problems = [problem for source in python_sources(root) for problem in import_problems(source, docstrings)]
    assert not problems, "\n".join(problems)


def test_nothing_of_ours_is_inherited_but_qt_exceptions_and_protocols(root: Path) -> None:
    problems = list(inheritance_problems([source for source in python_sources(root) if source.is_product]))
    assert not problems, "\n".join(problems)


def test_the_top_of_the_repository_holds_only_what_belongs_there(root: Path) -> None:
    problems = list(top_level_problems(tracked_files(root)))
    assert not problems, "\n".join(problems)


def test_no_committed_text_holds_a_machine_path_an_index_or_a_secret(root: Path) -> None:
    files = readable(root, tracked_files(root))
    problems = [problem for place, text in files for problem in text_problems(place, text)]
    assert not problems, "\n".join(problems)


def test_no_text_of_the_recorded_alerts_is_in_the_repository(root: Path, shared: Path) -> None:
    windows = corpus_windows(shared / "alerts" / "dev.jsonl")
    files = [item for item in readable(root, tracked_files(root)) if item[0] not in ("requirements.lock", "LICENSE")]
    problems = [problem for place, text in files for problem in corpus_problems(place, text, windows)]
    assert windows
    assert not problems, "\n".join(problems[:50])


def test_the_ci_script_runs_the_readmes_test_command_and_is_executable(root: Path) -> None:
    script = root / ".ci" / "run"
    assert script.stat().st_mode & stat.S_IXUSR
    assert script.read_text(encoding="utf-8").rstrip().endswith("exec python3 installer/run.py test")
