"""Who inherits from whom: our own classes are bases only where Qt, exceptions, protocols or data models ask for it."""

import ast
from collections.abc import Iterator, Sequence

from tests.house.sources import Source, dotted

DATA_BASES = ("Protocol", "Enum", "StrEnum", "IntEnum", "Flag", "IntFlag", "BaseModel", "BaseSettings", "NamedTuple")
PLOT_BASES = ("PlotWidget", "PlotItem", "GraphicsObject", "AxisItem", "ViewBox", "GraphicsLayoutWidget")
"""pyqtgraph's classes, which are Qt's."""
EXCEPTION_ENDINGS = ("Error", "Exception", "Warning", "Interrupt")


def inheritance_problems(sources: Sequence[Source]) -> Iterator[str]:
    classes = {
        node.name: (source, node)
        for source in sources
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef)
    }
    bases = {name: [_last_name(base) for base in node.bases] for name, (_, node) in classes.items()}
    for name, (source, node) in classes.items():
        for base in bases[name]:
            if base in classes and not _may_be_inherited(base, bases, set()):
                yield f"{source.at(node)} {name} inherits from {base}; hold one instead"


def _may_be_inherited(name: str, bases: dict[str, list[str]], seen: set[str]) -> bool:
    if (
        name in (*DATA_BASES, *PLOT_BASES)
        or name.endswith(EXCEPTION_ENDINGS)
        or (name[:1] == "Q" and name[1:2].isupper())
    ):
        return True
    if name in seen:
        return False
    seen.add(name)
    return any(_may_be_inherited(base, bases, seen) for base in bases.get(name, []))


def _last_name(base: ast.expr) -> str:
    node = base.value if isinstance(base, ast.Subscript) else base
    return dotted(node).rpartition(".")[2]
