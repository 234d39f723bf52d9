"""What a test run took of each file: its statements, its branches, and the places that it never came to."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import coverage


@dataclass(frozen=True, slots=True)
class Counted:
    """`missing` names statements as `12` and branches as `12->15`, `12->end` where it leaves the function."""

    name: str
    lines: int
    branches: int
    missing: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        return not self.missing

    @property
    def line(self) -> str:
        missing_branches = sum("->" in place for place in self.missing)
        missing_lines = len(self.missing) - missing_branches
        taken = f"{self.branches - missing_branches:5} of {self.branches:5} branches"
        run = f"{self.lines - missing_lines:5} of {self.lines:5} statements"
        return f"{self.name:52}{taken}{run:>26}  {', '.join(self.missing)}".rstrip()


def counted(watch: coverage.Coverage, root: Path) -> list[Counted]:
    """Every watched file, those that no test imported too, in the order of their names."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        watch.json_report(outfile=str(report))
        files: dict[str, Any] = json.loads(report.read_text("utf-8"))["files"]
    found = [_of_file(Path(name), told, root) for name, told in files.items()]
    return sorted((one for one in found if one.lines), key=lambda one: one.name)


def whole(files: Sequence[Counted]) -> Counted:
    """All files as one."""
    return Counted(
        f"{len(files)} files",
        sum(one.lines for one in files),
        sum(one.branches for one in files),
        tuple(place for one in files for place in one.missing),
    )


def _of_file(path: Path, told: dict[str, Any], root: Path) -> Counted:
    places = [str(line) for line in told["missing_lines"]]
    places += [f"{start}->{target if target > 0 else 'end'}" for start, target in told["missing_branches"]]
    name = path.resolve().relative_to(root).as_posix() if path.is_absolute() else path.as_posix()
    return Counted(name, told["summary"]["num_statements"], told["summary"]["num_branches"], tuple(places))
