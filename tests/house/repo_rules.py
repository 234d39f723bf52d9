"""Rules on the repository: what lies at the top, and what no committed text may hold."""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

TOP_LEVEL = {
    "pyproject.toml", "tradestream_gui", "resources", "themes", "tests", "installer", "README.md",
    "requirements.lock", "LICENSE", "CHANGELOG.md",
}  # fmt: skip
"""Beside these only dot files and dot folders."""

BINARY = (".png", ".otf", ".ttf", ".wav", ".ico", ".icns", ".gz", ".db", ".pdf", ".jpg", ".zip")
CORPUS_WINDOW = 26
"""Characters in a row that are no coincidence."""

_NEVER = {
    "a path of one machine": re.compile(
        "|".join(r"(?<![\w.$}])/" + name + r"/(?!\.X11)[\w.]" for name in ("work", "root", "tmp", "home"))
        + r"|[A-Z]:\\\\?Users\\\\?\w"
    ),
    "a package index": re.compile(r"https?://(?![^/\s]*127\.0\.0\.1)[^\s\"'<>]+/simple\b"),
    "a Discord token": re.compile(r"\b[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,45}\b"),
    "a private key": re.compile("-----BEGIN [A-Z ]*PRIVATE " + "KEY-----"),
    "a web token": re.compile(r"\beyJ[\w-]{16,}\.eyJ[\w-]{16,}\.[\w-]{20,}"),
    "a cloud key": re.compile(r"\b(AKIA[0-9A-Z]{16}|gh[pousr]_\w{36}|xox[abp]-\d{10,}|sk-[A-Za-z0-9]{32,})\b"),
}


def top_level_problems(places: Iterable[str]) -> Iterator[str]:
    for name in sorted({place.split("/")[0] for place in places}):
        if name not in TOP_LEVEL and not name.startswith("."):
            yield f"{name} does not belong at the top of the repository"


def text_problems(place: str, text: str) -> Iterator[str]:
    """Machine paths, package indexes and whatever looks like a secret."""
    for number, line in enumerate(text.splitlines(), 1):
        for what, pattern in _NEVER.items():
            if pattern.search(line):
                yield f"{place}:{number} holds {what}"
    if place == "requirements.lock" and "://" in text:
        yield f"{place} holds an address"


def corpus_windows(corpus: Path) -> set[str]:
    """The first characters of each longer line of the recorded alerts."""
    windows = set()
    for row in corpus.read_text(encoding="utf-8").splitlines():
        for text in _texts(json.loads(row)):
            for line in text.splitlines():
                if len(line.strip()) >= CORPUS_WINDOW:
                    windows.add(line.strip()[:CORPUS_WINDOW])
    return windows


def corpus_problems(place: str, text: str, windows: set[str]) -> Iterator[str]:
    for start in range(len(text) - CORPUS_WINDOW + 1):
        if text[start : start + CORPUS_WINDOW] in windows:
            yield f"{place}:{text.count(chr(10), 0, start) + 1} holds text of the recorded alerts"


def readable(root: Path, places: Iterable[str]) -> Iterator[tuple[str, str]]:
    for place in places:
        if not place.endswith(BINARY):
            yield place, (root / place).read_text(encoding="utf-8", errors="replace")


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
