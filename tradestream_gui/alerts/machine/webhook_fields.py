"""The named values of a machine alert: JSON bodies, `key=value` lines and comma lists, each with its span."""

import json
import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, NoReturn

MAX_DEPTH = 6
MAX_FIELDS = 64
"""A body with more is no alert; the limits also bound the work on hostile text."""


class Value(NamedTuple):
    """One value as written, with the place where it stands in the body."""

    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        return self.text.strip().lower()

    @property
    def number(self) -> Decimal | None:
        """The plain decimal number that the value is, or None: no exponent, no NaN, no separators, ASCII only."""
        text = self.text.strip()
        if not _PLAIN_NUMBER.match(text):
            return None
        try:
            return Decimal(text)
        except InvalidOperation:
            return None


Fields = dict[str, Value]
_PLAIN_NUMBER = re.compile(r"-?(?:[0-9]{1,9}(?:\.[0-9]{1,8})?|\.[0-9]{1,8})\Z")
_PAIR = re.compile(r"([A-Za-z_][A-Za-z0-9_.]{0,30})=(\"[^\"\n]{0,80}\"|[^\s,;]{0,80})")
_STUB = re.compile(r"\s*([A-Za-z0-9_]{1,30}):([A-Za-z]{2,12})(?=\s|$)")
_LISTED = re.compile(r"\s*([A-Za-z0-9_]{0,30}),(?=[A-Za-z])([A-Za-z]{2,12}),([A-Za-z0-9_.:!]{1,24})(?=,|\s|$)")
_COMMANDS = frozenset((
    "buy", "sell", "long", "short", "close", "closelong", "closeshort", "closeall", "modify", "exit", "cancel", "add",
))  # fmt: skip


class UnreadableBody(ValueError):
    """The body looks like a machine's but cannot be read; the message says why."""


def fields_of(raw: str) -> Fields | None:
    """The fields of a body, keys as written with dots for nesting; None for a person's message."""
    head = raw.lstrip()[:1]
    if head == "{":
        return _json_fields(raw)
    if "=" not in raw and "," not in raw:
        return None
    text = raw.replace("\\n", "  ")
    stub = _STUB.match(text)
    if stub is not None and stub[2].lower() in _COMMANDS and "=" in text:
        found = {"stub": _value(stub, 1), "direction": _value(stub, 2)}
        return found | _pairs(text)
    listed = _LISTED.match(text)
    if listed is not None and listed[2].lower() in _COMMANDS:
        return {"action": _value(listed, 2), "symbol": _value(listed, 3)} | _pairs(text)
    pairs = _pairs(text) if "=" in text else {}
    return pairs if ("signal" in pairs or "action" in pairs or "direction" in pairs) and "symbol" in pairs else None


def _value(match: "re.Match[str]", group: int) -> Value:
    return Value(match[group], match.start(group), match.end(group))


def _pairs(text: str) -> Fields:
    found: Fields = {}
    for match in _PAIR.finditer(text):
        start, end = match.span(2)
        if match[2].startswith('"'):
            start, end = start + 1, end - 1
        found.setdefault(match[1], Value(text[start:end], start, end))
        if len(found) > MAX_FIELDS:
            raise UnreadableBody("the body has too many fields")
    return found


def _json_fields(raw: str) -> Fields:
    try:
        body = json.loads(raw, parse_float=str, parse_int=str, parse_constant=_refuse, object_pairs_hook=_no_twins)
    except (ValueError, RecursionError) as error:
        raise UnreadableBody(f"the JSON cannot be read: {error}") from error
    found: Fields = {}
    _flatten(body, "", found, raw, 0)
    return found


def _refuse(name: str) -> NoReturn:
    raise UnreadableBody(f"{name} is no number")


def _no_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise UnreadableBody("a key stands twice in the body")
    return table


def _flatten(node: object, path: str, found: Fields, raw: str, at: int) -> int:
    """Adds the scalar values below `node`; each is looked for behind its key, so that its span is its own."""
    if path.count(".") > MAX_DEPTH or len(found) > MAX_FIELDS:
        raise UnreadableBody("the body is nested too deeply or has too many fields")
    if isinstance(node, dict):
        for key, child in node.items():
            named = raw.find(json.dumps(key, ensure_ascii=False), at)
            start = named + len(key) + 2 if named >= 0 else at
            at = _flatten(child, f"{path}.{key}" if path else key, found, raw, start)
        return at
    if isinstance(node, str):
        start = raw.find(node, at) if node else -1
        if start < 0:
            start, end = at, at
        else:
            end = start + len(node)
        found[path] = Value(node, start, end)
        return end
    return at
