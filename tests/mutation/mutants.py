"""Makes the mutants of a module: one changed operator, comparison, call or answer in one function each."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """`line` and `words` say where and what; `tree` is the whole module with the fault in it."""

    line: int
    words: str
    tree: ast.Module


def mutants_of(source: str) -> Iterator[Mutant]:
    """Every mutant of the functions in a module's source; text, assertions and annotations are left alone."""
    tree = ast.parse(source)
    places = list(_places(tree))
    for number, node in enumerate(places):
        for index, words in enumerate(_changes(node)):
            changed = copy.deepcopy(tree)
            twin = list(_places(changed))[number]
            _change(twin, index)
            said = f"{ast.unparse(node)}  ->  {words}"
            yield Mutant(getattr(node, "lineno", 0), said, ast.fix_missing_locations(changed))


def codes_of(module: ModuleType) -> dict[str, FunctionType]:
    """Every function of a module by its qualified name, methods and properties included."""
    found: dict[str, FunctionType] = {}

    def look(owner: Any) -> None:
        for value in vars(owner).values():
            function = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
            if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                found[function.__qualname__] = function
            elif isinstance(value, type) and value.__module__ == module.__name__ and value is not owner:
                look(value)

    look(module)
    return found


def plant(module: ModuleType, tree: ast.Module) -> None:
    """Gives the module's living functions the code of the mutant: whoever imported them runs it from now on."""
    whole = compile(tree, module.__file__ or "", "exec")
    fresh = dict(_function_codes(whole))
    for name, function in codes_of(module).items():
        code = fresh.get(name)
        if code is not None and code.co_freevars == function.__code__.co_freevars:
            function.__code__ = code


def _function_codes(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant.co_qualname, constant
            yield from _function_codes(constant)


def _places(tree: ast.Module) -> Iterator[ast.AST]:
    """The nodes that can be changed, inside of functions only, in a stable order."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for statement in node.body:
                yield from _inside(statement)


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Assert | ast.JoinedStr | ast.FunctionDef):
        return
    if any(True for _ in _changes(node)):
        yield node
    for name, child in ast.iter_fields(node):
        if name in ("annotation", "returns"):
            continue
        for one in child if isinstance(child, list) else [child]:
            if isinstance(one, ast.AST):
                yield from _inside(one)


def _changes(node: ast.AST) -> Iterator[str]:
    """What each change of the node makes of it, in words."""
    if isinstance(node, ast.Compare):
        yield from (f"{other.__name__}{f' at {at + 1}' if at else ''}" for at, other in _flips(node))
    elif isinstance(node, ast.BoolOp):
        yield "or" if isinstance(node.op, ast.And) else "and"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        yield "without its sign"
    elif isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        yield OPERATORS[type(node.op)].__name__
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
        yield CALLS[node.func.id]
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield str(not node.value)
    elif isinstance(node, ast.IfExp):
        yield "branches swapped"


def _flips(node: ast.Compare) -> Iterator[tuple[int, type[ast.cmpop]]]:
    """Each comparison of a chain with each of its opposites."""
    for at, op in enumerate(node.ops):
        for other in COMPARISONS[type(op)]:
            yield at, other


def _change(node: ast.AST, index: int) -> None:
    if isinstance(node, ast.Compare):
        at, other = list(_flips(node))[index]
        node.ops[at] = other()
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.UnaryOp):
        node.op = ast.UAdd() if isinstance(node.op, ast.USub) else ast.Not()
        if isinstance(node.op, ast.Not):
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
    elif isinstance(node, ast.BinOp):
        node.op = OPERATORS[type(node.op)]()
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        node.func = ast.Name(CALLS[node.func.id], ast.Load())
    elif isinstance(node, ast.Constant):
        node.value = not node.value
    elif isinstance(node, ast.IfExp):
        node.body, node.orelse = node.orelse, node.body
