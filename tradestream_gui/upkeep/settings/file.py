"""config.yaml: read with the line of every key, written with its comments kept, overridden by the environment."""

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from tradestream_gui.domain.errors import ConfigInvalid
from tradestream_gui.upkeep.settings.fields import describe, plain, row_model
from tradestream_gui.upkeep.settings.model import Settings
from tradestream_gui.upkeep.settings.upgrade import VERSION, VERSION_KEY, upgraded

MAX_BYTES = 1_000_000
ENV_PREFIX = "TRADESTREAM_"
ENV_NESTING = "__"
INTRO = (
    "TradeStream settings. Edit them here or on the Config tab; a wrong value is refused with its line.\n"
    "Secrets never stand here: they are kept in the system's keyring or in the vault.\n"
)


def parse(text: str, name: str, environment: Mapping[str, str]) -> Settings:
    """The settings of a file's text and the environment; raises ConfigInvalid with file, line and key.

    Takes some 50 ms for a full file, so the window calls it in a thread.
    """
    document = _document(text, name)
    values = upgraded(_values(document), _first_values(), name)
    return _validated(values, document, name, environment)


def overlaid(stored: Settings, name: str, environment: Mapping[str, str]) -> Settings:
    """The settings that hold when the file has these: the environment's values laid over; raises ConfigInvalid."""
    return _validated(plain(stored), CommentedMap(), name, environment)


def checked(values: dict[str, Any]) -> Settings:
    """Settings from plain values of the form; raises ConfigInvalid with the key."""
    return _validated(values, CommentedMap(), "", {})


def _validated(values: Any, document: CommentedMap, name: str, environment: Mapping[str, str]) -> Settings:
    sources = _override(values, environment)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigInvalid(_explained(error, document, name, sources)) from error


def read(path: Path) -> str:
    """The text of a settings file; raises ConfigInvalid when it cannot be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigInvalid(f"{path.name}: larger than {MAX_BYTES // 1_000_000} MB; this is no settings file")
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigInvalid(f"{path.name}: cannot be read ({error})") from error


def render(settings: Settings, previous: str | None = None) -> str:
    """The text of a file with these settings: a new one commented, an older one changed only where values differ."""
    yaml = _yaml()
    if previous is None:
        document = _commented(Settings, settings)
    else:
        document = yaml.load(previous)
        _merge(document, {VERSION_KEY: VERSION, **_dumpable(plain(settings))}, Settings)
    if VERSION_KEY not in document:
        document.insert(0, VERSION_KEY, VERSION)
    if previous is None:
        document.yaml_set_start_comment(INTRO)
    out = io.StringIO()
    yaml.dump(document, out)
    return out.getvalue()


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.preserve_quotes = True
    return yaml


def _first_values() -> dict[str, Any]:
    return {spec.key: spec.first for spec in describe(Settings)}


def _document(text: str, name: str) -> CommentedMap:
    try:
        document = _yaml().load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise ConfigInvalid(f"{name}, line {line}: this is not valid YAML: {error.problem or error.context}") from error
    except (YAMLError, ValueError) as error:
        raise ConfigInvalid(f"{name}: this is not valid YAML: {error}") from error
    if not isinstance(document, CommentedMap):
        raise ConfigInvalid(f"{name}, line 1: the file must hold settings as `section:` and `key: value` lines")
    return document


def _values(node: Any) -> Any:
    """Plain values of a document; a number with a point becomes an exact Decimal."""
    if isinstance(node, Mapping):
        return {str(key): _values(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_values(value) for value in node]
    if isinstance(node, float):
        return Decimal(str(float(node)))
    return node


def _override(values: dict[str, Any], environment: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    """Lays `TRADESTREAM_RISK__DAILY_LOSS_LIMIT=500` over the values; answers which variable set which key."""
    sources: dict[tuple[str, ...], str] = {}
    for variable in sorted(environment):
        if not variable.startswith(ENV_PREFIX) or ENV_NESTING not in variable:
            continue
        path = tuple(part.lower() for part in variable[len(ENV_PREFIX) :].split(ENV_NESTING))
        node = values
        for part in path[:-1]:
            inner = node.setdefault(part, {})
            if not isinstance(inner, dict):
                raise ConfigInvalid(f"environment variable {variable}: {part} is no section of settings")
            node = inner
        node[path[-1]] = _scalar_of(environment[variable])
        sources[path] = variable
    return sources


def _scalar_of(text: str) -> Any:
    """A variable's text: a list or map is written as YAML, anything else stands for itself."""
    if not text.lstrip().startswith(("[", "{")):
        return None if text in ("", "null") else text
    try:
        return _values(_yaml().load(text))
    except (YAMLError, ValueError):
        return text


def _explained(
    error: ValidationError, document: CommentedMap, name: str, sources: Mapping[tuple[str, ...], str]
) -> str:
    """Every problem on its own line: where, which key, what is wrong, what is allowed."""
    lines = []
    for problem in error.errors(include_url=False, include_context=False)[:20]:
        path = tuple(problem["loc"])
        key = ".".join(str(part) for part in path)
        variable = sources.get(tuple(str(part) for part in path))
        line = f", line {_line(document, path)}" if document else ""
        where = f"environment variable {variable}" if variable else f"{name}{line}"
        lines.append(": ".join(part for part in (where, key, _words(problem, path)) if part))
    return "\n".join(lines)


NOT_OF_KIND = {
    "tuple_type": "write a list, such as [one, two]",
    "list_type": "write a list, such as [one, two]",
    "dict_type": "write a section of names and values",
    "model_type": "write a section of names and values",
    "dataclass_type": "write a section of names and values",
    "string_type": "write a text; put digits in quotes",
    "bool_type": "write true or false",
    "bool_parsing": "write true or false",
    "int_type": "write a whole number",
    "int_parsing": "write a whole number",
    "int_from_float": "write a whole number",
    "decimal_type": "write a number",
    "decimal_parsing": "write a number",
    "float_type": "write a number",
    "float_parsing": "write a number",
}
"""What belongs there, by what the check calls the mistake."""


def _words(problem: Any, path: Sequence[str | int]) -> str:
    kind, found = problem["type"], problem.get("input")
    if kind == "missing":
        return "is missing. Every safety limit must be set; write it or loosen it deliberately"
    if kind == "extra_forbidden":
        import difflib  # for the one who mistyped a key alone

        close = difflib.get_close_matches(str(path[-1]), _siblings(path), 1)
        return "is no known setting" + (f"; did you mean {close[0]}?" if close else "")
    if kind in NOT_OF_KIND:
        return f"{found!r} is not allowed: {NOT_OF_KIND[kind]}"
    message = str(problem["msg"]).removeprefix("Value error, ")
    return message if kind == "value_error" else f"{found!r} is not allowed: {message[:1].lower()}{message[1:]}"


def _siblings(path: Sequence[str | int]) -> list[str]:
    """The settings that stand beside a key."""
    model: type[BaseModel] | None = Settings
    for part in path[:-1]:
        if isinstance(part, int) or model is None:
            continue
        info = model.model_fields.get(part)
        kind = info.annotation if info else None
        model = kind if isinstance(kind, type) and issubclass(kind, BaseModel) else row_model(kind)
    return list(model.model_fields) if model else []


def _line(document: CommentedMap, path: Sequence[str | int]) -> int:
    """The line of a key, or of the nearest section above it that exists."""
    node: Any = document
    line = 1
    for part in path:
        try:
            position = node.lc.key(part) if isinstance(node, CommentedMap) else node.lc.item(part)
            node = node[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
        line = position[0] + 1
    return line


def _dumpable(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: _dumpable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_dumpable(item) for item in value]
    return value


def _commented(
    model: type[BaseModel], values: BaseModel, depth: int = 0, *, with_help: bool = True, in_row: bool = False
) -> CommentedMap:
    """The file's form of a section. The first row of a table explains its keys, save the one beside the dash."""
    node = CommentedMap()
    for name, info in model.model_fields.items():
        value = getattr(values, name)
        row = row_model(info.annotation)
        if isinstance(value, BaseModel):
            node[name] = _commented(type(value), value, depth + 1, with_help=with_help)
            words = (type(value).__doc__ or "").strip().split("\n")[0]
        elif row is not None:
            node[name] = CommentedSeq(
                _commented(row, item, depth + 2, with_help=with_help and at == 0, in_row=True)
                for at, item in enumerate(value)
            )
            words = info.description or ""
        else:
            node[name] = _dumpable(plain(value))
            words = _help(info.description or "", info.json_schema_extra)
        if words and with_help and not (in_row and len(node) == 1):
            before = f"\n{words}" if depth == 0 else words
            node.yaml_set_comment_before_after_key(name, before=before, indent=2 * depth)
    return node


def _help(words: str, extra: Any) -> str:
    unit = extra.get("unit", "") if isinstance(extra, dict) else ""
    return f"{words} [{unit}]" if unit else words


def _merge(node: CommentedMap, wanted: dict[str, Any], model: type[BaseModel] | None) -> None:
    """Changes a document to the wanted values and touches nothing else, so that comments stay."""
    for key in [key for key in node if str(key) not in wanted]:
        del node[key]
    for key, value in wanted.items():
        info = model.model_fields.get(key) if model else None
        if key not in node and key == VERSION_KEY:
            continue
        if key not in node:
            if info is None or value != _dumpable(plain(info.get_default())):
                node[key] = value
            continue
        kind = info.annotation if info else None
        inner = kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None
        if isinstance(value, dict) and isinstance(node[key], CommentedMap):
            _merge(node[key], value, inner)
        elif isinstance(value, list) and isinstance(node[key], CommentedSeq):
            _merge_rows(node[key], value, row_model(kind))
        elif _dumpable(_values(node[key])) != value:
            node[key] = value


def _merge_rows(rows: CommentedSeq, wanted: list[Any], model: type[BaseModel] | None) -> None:
    del rows[len(wanted) :]
    for at, value in enumerate(wanted):
        if at == len(rows):
            rows.append(value)
        elif isinstance(value, dict) and isinstance(rows[at], CommentedMap):
            _merge(rows[at], value, model)
        elif _dumpable(_values(rows[at])) != value:
            rows[at] = value
