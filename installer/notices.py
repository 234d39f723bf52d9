"""Writes the third-party notices from the installed packages' own metadata; run inside the environment."""

import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "resources" / "THIRD-PARTY-NOTICES.md"
LICENCE_FILES = re.compile(r"(^|/)(licen[cs]e|copying|notice|authors)[^/]*$", re.IGNORECASE)
MAX_TEXT = 60_000
"""Characters of one package's licence texts; numpy's, with all its bundled parts, is the longest."""
INTRODUCTION = """\
# Third-party notices

TradeStream is free software under the GNU General Public License, version 3 or later. It runs with the packages below,
each under its own licence. This file is written from their metadata by `python3 installer/run.py package-notices`.

The fonts Inter and JetBrains Mono are under the SIL Open Font License 1.1; their texts lie beside them in
`resources/fonts/`.
"""


def main() -> int:
    names = runtime_packages(declared(ROOT / "pyproject.toml"))
    TARGET.write_text(notices(names), encoding="utf-8")
    print(f"Wrote the notices of {len(names)} packages to {TARGET.relative_to(ROOT)}")
    return 0


def declared(pyproject: Path) -> list[str]:
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    return [_name_of(requirement) for requirement in project["dependencies"]]


def runtime_packages(roots: list[str]) -> list[str]:
    """The packages that the declared ones need on this system, by their own names, in order."""
    waiting, found = list(roots), dict[str, str]()
    while waiting:
        name = waiting.pop()
        key = re.sub(r"[-_.]+", "-", name).lower()
        if key in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # needed on other systems or Python versions only
        found[key] = distribution.name
        waiting += [_name_of(line) for line in distribution.requires or [] if "extra ==" not in line]
    return [found[key] for key in sorted(found)]


def notices(names: list[str]) -> str:
    parts = [INTRODUCTION, "| Package | Version | Licence |\n|---|---|---|"]
    parts += [f"| {name} | {metadata.version(name)} | {licence_of(name)} |" for name in names]
    text = "\n".join(parts) + "\n"
    for name in names:
        text += f"\n## {name}\n\n{licence_texts(name) or f'Licence: {licence_of(name)}.'}\n"
    return text


def licence_of(name: str) -> str:
    """The licence in few words: the expression, the classifier, or the first line of the free text."""
    fields = metadata.metadata(name)
    expression = (fields.get_all("License-Expression") or [""])[0]
    classifiers = [
        value.rpartition(" :: ")[2] for value in fields.get_all("Classifier") or [] if value.startswith("License ::")
    ]
    free_text = (fields.get_all("License") or [""])[0].strip().partition("\n")[0][:80]
    return (expression or ", ".join(classifiers) or free_text or "see its text").replace("|", "/")


def licence_texts(name: str) -> str:
    distribution = metadata.distribution(name)
    texts = []
    for file in distribution.files or []:
        in_metadata = ".dist-info/" in str(file)
        if in_metadata and LICENCE_FILES.search(file.as_posix()):
            texts.append(file.read_text(encoding="utf-8").strip())
    whole = "\n\n".join(texts)
    fenced = "\n".join("    " + line.rstrip() if line.strip() else "" for line in whole.splitlines())
    return fenced if len(fenced) <= MAX_TEXT else fenced[:MAX_TEXT] + "\n\n    (the rest is in the package)"


def _name_of(requirement: str) -> str:
    match = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert match is not None, f"{requirement!r} names no package"
    return match[0]


if __name__ == "__main__":
    sys.exit(main())
