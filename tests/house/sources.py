"""The project's files as the house rules read them: parsed once, by their place in the checkout."""

import ast
import functools
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PRODUCT = "tradestream_gui"


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file; `place` is its path from the top, with slashes."""

    place: str
    text: str
    tree: ast.Module

    @classmethod
    def of(cls, place: str, text: str) -> "Source":
        return cls(place, text, ast.parse(text))

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.place.split("/"))

    @property
    def is_product(self) -> bool:
        return self.parts[0] == PRODUCT

    @property
    def is_test(self) -> bool:
        return self.parts[0] == "tests"

    def at(self, node: ast.AST) -> str:
        return f"{self.place}:{getattr(node, 'lineno', 1)}"


@functools.cache
def tracked_files(root: Path) -> tuple[str, ...]:
    """What git keeps or would keep, so that a new file is judged before it is committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root, capture_output=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        names = listed.stdout.decode().split("\0")
        return tuple(name for name in sorted(set(names)) if name and (root / name).is_file())
    return tuple(sorted(_walk(root)))  # an unpacked source archive


def _walk(root: Path) -> Iterator[str]:
    for path in root.rglob("*"):
        place = path.relative_to(root)
        if path.is_file() and not any(part in (".venv", "__pycache__", ".git") for part in place.parts):
            yield place.as_posix()


@functools.cache
def python_sources(root: Path) -> tuple[Source, ...]:
    return tuple(
        Source.of(place, (root / place).read_text(encoding="utf-8"))
        for place in tracked_files(root)
        if place.endswith(".py")
    )


def call_name(node: ast.Call) -> str:
    """`a.b.c` for the call `a.b.c(...)`; the last name alone where the rest is no plain name."""
    return dotted(node.func)


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}".lstrip(".")
    return ""


def calls(source: Source) -> Iterator[ast.Call]:
    return (node for node in ast.walk(source.tree) if isinstance(node, ast.Call))
