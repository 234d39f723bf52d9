"""Who may import whom: the table of the architecture, for our own folders and for libraries."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.house.sources import PRODUCT, Source

SERVICES = ("market", "trading", "alerts", "analytics", "replay", "upkeep")
OWN: dict[str, tuple[str, ...]] = {
    "domain": ("domain",),
    "ports": ("domain", "ports"),
    "market": ("domain", "ports", "bus", "market"),
    "trading": ("domain", "ports", "bus", "market", "trading"),
    "alerts": ("domain", "ports", "bus", "market", "trading", "alerts"),
    "analytics": ("domain", "ports", "bus", "analytics"),
    "replay": ("domain", "ports", "bus", "market", "trading", "alerts", "analytics", "core", "replay"),
    "upkeep": ("domain", "ports", "bus", "upkeep"),
    "adapters": ("domain", "ports", "adapters"),
    "ui": ("domain", "ports", "bus", "core", "paths", "ui", *SERVICES),
    "core": ("domain", "ports", "bus", *SERVICES),
    "bus": (),
    "paths": (),
    "logs": (),
}
"""For each folder or module of the package, what it may import of the package."""

LIBRARIES: dict[str, tuple[str, ...]] = {
    "market": ("numpy", "pandas"),
    "analytics": ("numpy", "pandas", "jinja2"),
    "replay": ("numpy", "pandas"),
    "upkeep": ("pydantic", "pydantic_core", "pydantic_settings", "ruamel"),
    "ui": ("PyQt6", "qasync", "pyqtgraph", "numpy", "pandas"),
    "paths": ("platformdirs",),
    "domain": (), "ports": (), "trading": (), "alerts": (), "core": (), "bus": (), "logs": (),
}  # fmt: skip
"""Third-party packages by folder; an adapter folder names its own in its docstring."""

QT = ("PyQt6", "qasync", "pyqtgraph")
MAY_USE_QT = ("ui", "app", "bench", "doctor", "selftest")
ADAPTERS_ONLY = ("sqlalchemy", "alembic", "httpx", "websockets", "discord", "ib_insync", "aiohttp", "keyring")
CHARTS = "ui/charts"
HEAVY = (
    "numpy", "pandas", "pyqtgraph", "discord", "aiohttp", "httpx", "sqlalchemy", "ib_insync",
    "pydantic", "ruamel", "alembic", "keyring", "cryptography",
)  # fmt: skip
"""Not loaded before the first paint."""


def import_problems(source: Source, docstrings: dict[str, str]) -> Iterator[str]:
    """Breaches of the table in one file of the package; `docstrings` maps adapter folders to theirs."""
    if not source.is_product:
        return
    home = source.parts[1].removesuffix(".py")
    for node, module in imported_modules(source):
        top = module.split(".")[0]
        if top in sys.stdlib_module_names:
            continue
        if top == PRODUCT:
            problem = _own_problem(home, source, module)
        else:
            problem = _library_problem(home, source, top, docstrings)
        if problem:
            yield f"{source.at(node)} {problem}"


def imported_modules(source: Source) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield node, f"{PRODUCT}.relative"
            elif node.module == PRODUCT:
                for alias in node.names:
                    yield node, f"{PRODUCT}.{alias.name}"
            else:
                yield node, node.module or ""


def adapter_docstrings(root: Path) -> dict[str, str]:
    """Each adapter folder's docstring, joined with those of the folders above it."""
    base = root / PRODUCT / "adapters"
    found: dict[str, str] = {}
    for init in sorted(base.rglob("__init__.py")):
        folder = init.parent.relative_to(root).as_posix()
        above = found.get(init.parent.parent.relative_to(root).as_posix(), "")
        found[folder] = above + " " + (ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))) or "")
    return found


def _own_problem(home: str, source: Source, module: str) -> str:
    names = module.split(".")
    target = names[1] if len(names) > 1 else ""
    if target == "relative":
        return "imports relatively; write the whole name"
    if target in ("__version__", ""):
        return ""
    if home == "assembly" and target == "ui":
        return "assembly may import everything but ui"
    if home not in OWN:
        return ""  # app, cli and the command-line helpers may import everything
    if target not in OWN[home]:
        return f"{home} may not import {module}"
    if home == "adapters" and source.parts[2:3] == ("brokers",) and names[2:3] == ["brokers"] and len(names) > 3:
        mine, theirs = source.parts[3], names[3]
        if not mine.endswith(".py") and theirs != mine and theirs in BROKERS:
            return f"the broker {mine} may not import the broker {theirs}"
    return ""


BROKERS = ("paper", "ibkr", "projectx", "schwab", "webull", "tradovate")


def _library_problem(home: str, source: Source, top: str, docstrings: dict[str, str]) -> str:
    if top in QT and home not in MAY_USE_QT:
        return f"{top} lives in ui and app only"
    if top in ADAPTERS_ONLY and home not in ("adapters", "bench", "doctor", "selftest"):
        return f"{top} lives in adapters only"
    if home == "ui" and top in ("numpy", "pandas", "pyqtgraph") and not source.place.startswith(f"{PRODUCT}/{CHARTS}"):
        return f"{top} lives in {CHARTS} only"
    if home == "adapters":
        folder = source.place.rpartition("/")[0]
        while folder and folder not in docstrings:
            folder = folder.rpartition("/")[0]
        if top.lower() not in docstrings.get(folder, "").lower():
            return f"{top} is not named in the docstring of {folder}/__init__.py"
        return ""
    if home in LIBRARIES and top not in LIBRARIES[home]:
        return f"{home} may not use {top}"
    return ""
