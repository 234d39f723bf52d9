"""Rules on single files: sizes, docstrings, and calls that this stack or this house does not bear."""

import ast
import re
from collections.abc import Iterator

from tests.house.sources import Source, call_name, calls, dotted

MAX_FILE_LINES, MAX_FUNCTION_LINES, MAX_CLASS_LINES = 400, 50, 250
CORE = ("domain", "ports", "market", "trading", "alerts", "analytics", "replay", "upkeep")
CLOCK_HOLDERS = ("adapters/runtime/", "bench/", "doctor.py")
LOOP_RUNNERS = ("ui/shell/event_loop.py", "bench/")
"""They run the application's one outer loop."""
BLANKET_HOLDERS = ("bus.py", "adapters/runtime/tasks.py", "upkeep/supervisor.py", "ui/shell/excepthook.py")


def ceilings(source: Source) -> Iterator[str]:
    """A file of 400 lines, a function of 50 and a class of 250 at most."""
    if source.is_test:
        return
    lines = source.text.count("\n")
    if lines > MAX_FILE_LINES:
        yield f"{source.place}:1 has {lines} lines, at most {MAX_FILE_LINES}"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from _too_long(source, node, MAX_FUNCTION_LINES)
        elif isinstance(node, ast.ClassDef):
            yield from _too_long(source, node, MAX_CLASS_LINES)


def first_docstring(source: Source) -> Iterator[str]:
    """A file's first docstring line says what it is for."""
    first = (ast.get_docstring(source.tree) or "").partition("\n")[0]
    if len(first.split()) < 2 and source.text.strip():
        yield f"{source.place}:1 its first docstring line does not say what it is for"


def banned_calls(source: Source) -> Iterator[str]:
    """Calls that hang the loop, open a hole, or bring in a second clock."""
    if source.is_test:
        return
    for node in calls(source):
        name = call_name(node)
        last = name.rpartition(".")[2] or getattr(node.func, "attr", "")
        receiver = name.rpartition(".")[0].rpartition(".")[2]
        reason = BANNED_ANYWHERE.get(last) if source.is_product else None
        runs_the_loop = "/".join(source.parts[1:]).startswith(LOOP_RUNNERS)
        if runs_the_loop and name.lower().endswith(("app.exec", "app.processevents")):
            reason = None
        reason = reason or BANNED_FULL.get(name)
        if last in ("connect", "sleep") and receiver.lstrip("_") in ("ib", "ib_client"):
            reason = "a blocking ib_insync call breaks qasync; use the ...Async method"
        if last.startswith("get") and receiver in ("QFileDialog", "QInputDialog", "QColorDialog", "QFontDialog"):
            reason = "it runs a nested event loop; use dialogs.ask()"
        if reason:
            yield f"{source.at(node)} {name or last}(): {reason}"
        for keyword in node.keywords:
            value = getattr(keyword.value, "value", None)
            if (keyword.arg, value) in BANNED_KEYWORDS:
                yield f"{source.at(node)} {keyword.arg}={value}: {BANNED_KEYWORDS[(keyword.arg, value)]}"


NESTED = "it runs a nested event loop, in which every other task hangs; use dialogs.ask() or popup()"
BANNED_ANYWHERE = {
    "exec": NESTED, "exec_": NESTED, "processEvents": NESTED,
    "patchAsyncio": "it patches asyncio under qasync", "startLoop": "it runs a second loop",
    "showGrid": "it redraws the grid at each change; our own grid item does not",
    "utcnow": "it is naive; take the time from the Clock port",
}  # fmt: skip
BANNED_FULL = {
    "eval": "it runs text as code", "exec": "it runs text as code",
    "pickle.load": "it runs code from a file", "pickle.loads": "it runs code from a text",
    "os.system": "it runs a shell",
    "nest_asyncio.apply": "it patches asyncio under qasync",
    "QMessageBox.question": NESTED, "QMessageBox.information": NESTED, "QMessageBox.warning": NESTED,
    "QMessageBox.critical": NESTED, "QMessageBox.about": NESTED,
}  # fmt: skip
BANNED_KEYWORDS = {
    ("shell", True): "a shell reads its arguments as code",
    ("verify", False): "it accepts any certificate",
    ("ssl", False): "it accepts any certificate",
}


def banned_imports(source: Source) -> Iterator[str]:
    names = {"nest_asyncio": "it patches asyncio under qasync", "pickle": "it runs code from a file",
             "marshal": "it runs code from a file", "yaml": "it builds any object; ruamel is at hand",
             "abc": "inheritance is for Qt, exceptions and protocols"}  # fmt: skip
    if source.is_test:
        names = {"unittest.mock": "a fake is a small real class, not a mock"}
    for node in ast.walk(source.tree):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            modules = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for module in modules:
            if module in names:
                yield f"{source.at(node)} imports {module}: {names[module]}"


def one_clock(source: Source) -> Iterator[str]:
    """Time enters through the Clock port; chance and ids come in as arguments."""
    if not source.is_product or "/".join(source.parts[1:]).startswith(CLOCK_HOLDERS):
        return
    for node in calls(source):
        name = call_name(node)
        if name.rpartition(".")[2] in ("now", "today") and name.split(".")[-2:-1] in (["datetime"], ["date"]):
            yield f"{source.at(node)} {name}(): take the time from the Clock port"
        if source.parts[1] in CORE and name in _CORE_CLOCKS:
            yield f"{source.at(node)} {name}(): the core takes time, chance and ids as arguments"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr == "seconds" and _is_duration(node.value):
            yield f"{source.at(node)} .seconds of a timedelta loses the days; use total_seconds()"


_CORE_CLOCKS = {
    "time.time", "time.monotonic", "time.perf_counter", "time.time_ns", "time.sleep", "monotonic", "perf_counter",
    "random.random", "random.randint", "random.choice", "random.shuffle", "random.gauss", "random.uniform",
    "uuid.uuid4", "uuid4", "uuid.uuid1", "secrets.token_hex",
}  # fmt: skip


def no_sql_from_text(source: Source) -> Iterator[str]:
    """SQL never holds a formatted value."""
    for node in calls(source):
        last = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if source.is_test or last not in ("execute", "executemany", "executescript", "exec_driver_sql", "text"):
            continue
        excused = "noqa: S608" in source.text.splitlines()[node.lineno - 1]  # with its reason, as another rule asks
        if node.args and _is_formatted(node.args[0]) and not excused:
            yield f"{source.at(node)} {last}() gets a formatted text; bind the value"


def no_lambda_slots(source: Source) -> Iterator[str]:
    """A lambda connected to a signal outlives its widget."""
    for node in calls(source):
        if source.is_product and getattr(node.func, "attr", "") == "connect":
            for argument in node.args:
                if isinstance(argument, ast.Lambda):
                    yield f"{source.at(node)} connects a lambda; connect a bound method"


def no_blanket_except(source: Source) -> Iterator[str]:
    """Only the bus, the supervisor and the excepthook catch everything; cleaning up and raising again is no catch."""
    if source.is_test or "/".join(source.parts[1:]) in BLANKET_HOLDERS:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler) and _is_blanket(node.type) and not _raises_again(node):
            yield f"{source.at(node)} catches everything; name what can fail"


def foreign_text_is_plain(source: Source) -> Iterator[str]:
    """Qt reads HTML in labels and tool tips: labels come from plain_label(), tool tips are constant or made plain."""
    if source.parts[:2] != ("tradestream_gui", "ui") or source.place.endswith("ui/shell/plain.py"):
        return
    for node in calls(source):
        name = call_name(node).rpartition(".")[2] or getattr(node.func, "attr", "")
        if name == "QLabel" and any(not isinstance(argument, ast.Name) for argument in node.args):
            yield f"{source.at(node)} QLabel with a text; use plain_label()"
        if name == "QMessageBox" and not source.place.endswith("ui/shell/dialogs.py"):
            yield f"{source.at(node)} QMessageBox; use dialogs.ask()"
        if name in ("setToolTip", "setWhatsThis") and node.args and not _is_plain(node.args[-1]):
            yield f"{source.at(node)} {name}() with a text that is neither constant nor made plain; use tooltip()"


def ignores_carry_reasons(source: Source) -> Iterator[str]:
    if source.is_test:
        return
    for number, line in enumerate(source.text.splitlines(), 1):
        for pattern in _IGNORES:
            match = pattern.search(line)
            if match and len(line[match.end() :].strip(" #-:()")) < 6:
                yield f"{source.place}:{number} ignores a check without its reason beside it"


_IGNORES = (re.compile(r"#\s*type:\s*ignore(\[[\w, -]+\])?"), re.compile(r"#\s*noqa(:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)?"))
_UNFINISHED = re.compile(r"#.*\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")


def nothing_unfinished(source: Source) -> Iterator[str]:
    """No stub, no note to self, no global."""
    for number, line in enumerate(source.text.splitlines(), 1):
        if _UNFINISHED.search(line):
            yield f"{source.place}:{number} is unfinished; build it whole or leave it out"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name) and node.id == "NotImplementedError" and not source.is_test:
            yield f"{source.at(node)} is a stub"
        if isinstance(node, ast.Global) and source.is_product:
            yield f"{source.at(node)} changes a global"


def tests_prove_something(source: Source) -> Iterator[str]:
    """A test asserts, and a skip says why."""
    if not source.is_test:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            if not any(_proves(inner) for inner in ast.walk(node)):
                yield f"{source.at(node)} {node.name} asserts nothing"
        elif isinstance(node, ast.Call) and call_name(node) in _SKIPS:
            texts = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "reason")]
            if not any(isinstance(text, ast.Constant | ast.JoinedStr) for text in texts):
                yield f"{source.at(node)} skips without a reason"
        elif isinstance(node, ast.Attribute) and f"pytest.mark.{node.attr}" in _SKIPS:
            parent_called = any(isinstance(call, ast.Call) and call.func is node for call in ast.walk(source.tree))
            if not parent_called:
                yield f"{source.at(node)} skips without a reason"


_SKIPS = {"pytest.skip", "pytest.xfail", "pytest.mark.skip", "pytest.mark.xfail"}
FILE_RULES = (
    ceilings, first_docstring, banned_calls, banned_imports, one_clock, no_sql_from_text, no_lambda_slots,
    no_blanket_except, foreign_text_is_plain, ignores_carry_reasons, nothing_unfinished, tests_prove_something,
)  # fmt: skip


def _too_long(source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, limit: int) -> Iterator[str]:
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    if lines > limit:
        yield f"{source.at(node)} {node.name} has {lines} lines, at most {limit}"


def _is_duration(node: ast.AST) -> bool:
    """A difference, or a name that speaks of one; a bar's `interval.seconds` is a field of ours."""
    return isinstance(node, ast.BinOp) or dotted(node).endswith(("delta", "elapsed", "age", "gap", "ago", "duration"))


def _is_formatted(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr):
        first = node.values[0]
        if isinstance(first, ast.Constant) and str(first.value).startswith("PRAGMA "):
            return False  # SQLite binds no value there
        return any(isinstance(value, ast.FormattedValue) and not _is_our_name(value.value) for value in node.values)
    if isinstance(node, ast.Call):
        return getattr(node.func, "attr", "") == "format"
    if not isinstance(node, ast.BinOp):
        return False
    sides = (node.left, node.right)
    return any(_is_formatted(side) for side in sides) or not all(isinstance(side, ast.Constant) for side in sides)


def _is_our_name(node: ast.AST) -> bool:
    """A constant, a table's name, or a statement built by a function named for it."""
    if isinstance(node, ast.Call):
        return call_name(node).endswith(("_sql", ".join"))
    last = dotted(node).rpartition(".")[2]
    return last.isupper() or last in ("name", "columns", "tablename")


def _is_blanket(node: ast.expr | None) -> bool:
    if node is None:
        return True
    names = node.elts if isinstance(node, ast.Tuple) else [node]
    return any(isinstance(name, ast.Name) and name.id in ("Exception", "BaseException") for name in names)


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise)


def _is_plain(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Call):
        return call_name(node).rpartition(".")[2] in ("tooltip", "plain", "one_line", "translate", "tr")
    if isinstance(node, ast.IfExp):
        return _is_plain(node.body) and _is_plain(node.orelse)
    return False


def _proves(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return True
    if not isinstance(node, ast.Call):
        return False
    last = getattr(node.func, "attr", getattr(node.func, "id", ""))
    return last in ("raises", "warns", "fail", "eventually") or last.startswith(("assert_", "expect_", "check_"))
