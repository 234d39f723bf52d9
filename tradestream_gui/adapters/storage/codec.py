"""Records to rows and back: exact, typed by the dataclass itself, so that a column is spelled like its field.

A Decimal is kept as canonical text, a moment as UTC text of fixed width (it sorts), an enum by its value, a nested
record flattened with its field's name before each column, and everything deeper as JSON of the same parts.
"""

import json
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from operator import attrgetter
from typing import Any, Generic, NewType, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints

RecordT = TypeVar("RecordT")
Scalar = str | int | None
MAX_EXPONENT = 40
"""No price, amount or ratio of this program is near 10^40; beyond it the text would only grow."""
_OFFSET = len("+00:00")
_Codec = tuple[Callable[[Any], Any], Callable[[Any], Any]]


def decimal_text(value: Decimal) -> str:
    """The shortest plain text of a finite number: 6326.50 and 6326.5 are stored the same; NaN is refused."""
    if not value.is_finite() or abs(value.adjusted()) > MAX_EXPONENT:
        raise ValueError(f"{value} is no number that can be stored")
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def time_text(value: datetime) -> str:
    """UTC with microseconds, always 27 characters long."""
    if value.tzinfo is None:
        raise ValueError(f"{value.isoformat()} has no time zone and cannot be stored")
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat(timespec="microseconds")[:-_OFFSET] + "Z"


def time_of(text: str) -> datetime:
    return datetime.fromisoformat(text)


class Codec(Protocol[RecordT]):
    """How one type of record becomes a row and comes back."""

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def kinds(self) -> tuple[tuple[type[str] | type[int], bool], ...]:
        """For each column what it holds, text or whole numbers, and whether it may be empty."""

    def encode(self, record: RecordT) -> tuple[Scalar, ...]: ...

    def decode(self, row: Sequence[Any]) -> RecordT: ...


class RecordCodec(Generic[RecordT]):
    """Turns one dataclass into column values and back; built once per record type."""

    def __init__(self, record_type: type[RecordT]) -> None:
        self._type = record_type
        self._fields = tuple(_field_codec(name, hint) for name, hint in _hints(record_type))
        self._decoded = tuple((at, part[2]) for at, part in enumerate(self._fields) if part[2] is not _same)
        self._is_flat = all(len(columns) == 1 for columns, _, _, _ in self._fields)
        leaves = _leaves(record_type)
        self._values_of = attrgetter(*(leaf.path for leaf in leaves))
        self._converted = tuple((at, leaf.encode) for at, leaf in enumerate(leaves) if leaf.encode and leaf.is_scalar)
        self._documents = tuple(
            (at, leaf.encode) for at, leaf in enumerate(leaves) if leaf.encode and not leaf.is_scalar
        )
        self.columns: tuple[str, ...] = tuple(column for part in self._fields for column in part[0])
        self.kinds: tuple[tuple[type[str] | type[int], bool], ...] = _kinds(record_type)

    def encode(self, record: RecordT) -> tuple[Scalar, ...]:
        """The values in the order of `columns`. Whole numbers and plain choices are taken as they are: every order
        waits for its row."""
        row = list(self._values_of(record))
        for at, encode in self._converted:
            value = row[at]
            if value is not None:
                row[at] = encode(value)
        for at, encode in self._documents:
            row[at] = encode(row[at])
        return tuple(row)

    def decode(self, row: Sequence[Any]) -> RecordT:
        """The record from values in the order of `columns`."""
        if self._is_flat:
            flat = list(row)
            for at, decode in self._decoded:
                flat[at] = decode(flat[at])
            return self._type(*flat)
        values, at = [], 0
        for columns, _, decode, _ in self._fields:
            width = len(columns)
            values.append(decode(row[at]) if width == 1 else decode(row[at : at + width]))
            at += width
        return self._type(*values)


class DocumentCodec(Generic[RecordT]):
    """Keeps a record as one JSON document beside a few of its fields as columns to look it up by.

    For records whose fields grow with the program: an older document is read with the defaults of newer fields.
    """

    def __init__(self, record_type: type[RecordT], look_up: Sequence[str]) -> None:
        hints = dict(_hints(record_type))
        codecs = [_field_codec(name, hints[name]) for name in look_up]
        self._fields = tuple((name, encode) for _, encode, _, name in codecs)
        self._encode, self._decode = _plain_record(record_type)
        self.columns: tuple[str, ...] = (*look_up, "document")
        self.kinds: tuple[tuple[type[str] | type[int], bool], ...] = ((str, False),) * len(self.columns)

    def encode(self, record: RecordT) -> tuple[Scalar, ...]:
        parts = tuple(encode(getattr(record, name)) for name, encode in self._fields)
        return (*parts, _json(self._encode(record)))

    def decode(self, row: Sequence[Any]) -> RecordT:
        found: RecordT = self._decode(json.loads(row[-1]))
        return found


@dataclass(frozen=True, slots=True)
class _Leaf:
    """One column: where its value stands in the record, and what makes the stored value of one that is not None; no
    encoder where it is stored as it is. What is no scalar is a document, which says None by itself."""

    path: str
    encode: Callable[[Any], Any] | None
    is_scalar: bool


def _leaves(record_type: type[Any], inside: str = "") -> list[_Leaf]:
    """The columns of a record, those of nested records in their place."""
    found: list[_Leaf] = []
    for name, hint in _hints(record_type):
        path = f"{inside}{name}"
        if isinstance(hint, type) and is_dataclass(hint):
            found.extend(_leaves(hint, f"{path}."))
            continue
        inner = _optional(hint)
        bare = hint if inner is None else inner
        scalar = _scalar(bare)
        if scalar is None:
            found.append(_Leaf(path, _field_codec(name, hint)[1], is_scalar=False))
        elif inner is None and isinstance(bare, type) and issubclass(bare, Enum):
            found.append(_Leaf(f"{path}._value_", None, is_scalar=True))
        else:
            found.append(_Leaf(path, None if scalar[0] is _same else scalar[0], is_scalar=True))
    return found


def _kinds(record_type: type[Any]) -> tuple[tuple[type[str] | type[int], bool], ...]:
    found: list[tuple[type[str] | type[int], bool]] = []
    for _, hint in _hints(record_type):
        if isinstance(hint, type) and is_dataclass(hint):
            found.extend(_kinds(hint))
            continue
        inner = _optional(hint)
        bare = hint if inner is None else inner
        found.append((int if bare in (int, bool) else str, inner is not None and _scalar(bare) is not None))
    return tuple(found)


def _hints(record_type: type[Any]) -> list[tuple[str, Any]]:
    hints = get_type_hints(record_type)
    return [(field.name, hints[field.name]) for field in fields(record_type)]


def _field_codec(name: str, hint: Any) -> tuple[tuple[str, ...], Callable[[Any], Any], Callable[[Any], Any], str]:
    if isinstance(hint, type) and is_dataclass(hint):
        inner: RecordCodec[Any] = RecordCodec(hint)
        return tuple(f"{name}_{column}" for column in inner.columns), inner.encode, inner.decode, name
    scalar = _scalar(hint)
    if scalar is not None:
        return (name,), *scalar, name
    encode, decode = _plain(hint)
    return (name,), lambda value: _json(encode(value)), lambda text: decode(json.loads(text)), name


_DOCUMENT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _json(value: Any) -> str:
    return _storable(_DOCUMENT.encode(value))


def _same(value: Any) -> Any:
    return value


def _storable(text: str) -> str:
    """Text as UTF-8 can carry it: half a surrogate pair, which no screen can show, becomes the replacement mark."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _scalar(hint: Any) -> _Codec | None:
    """Encoder and decoder of a single column; None when the type has more than one part."""
    if isinstance(hint, NewType):
        return _scalar(hint.__supertype__)
    inner = _optional(hint)
    if inner is not None:
        found = _scalar(inner)
        if found is None:
            return None
        return _maybe(found[0]), _maybe(found[1])
    if hint is bool:
        return int, bool
    if hint is str:
        return _storable, _same
    if hint is int:
        return _same, _same
    if hint is Decimal:
        return decimal_text, Decimal
    if hint is datetime:
        return time_text, time_of
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enum_value, hint
    return None


def _enum_value(value: Enum) -> Any:
    return value._value_


def _maybe(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return _same if convert is _same else lambda value: None if value is None else convert(value)


def _optional(hint: Any) -> Any | None:
    """X of `X | None`; None for anything else."""
    if get_origin(hint) in (Union, types.UnionType):
        parts = [part for part in get_args(hint) if part is not type(None)]
        if len(parts) == 1 and len(get_args(hint)) == 2:
            return parts[0]
        raise TypeError(f"{hint} cannot be stored: only X | None is a known union")
    return None


def _plain(hint: Any) -> _Codec:
    """Encoder and decoder between a value and what JSON can say."""
    if isinstance(hint, NewType):
        return _plain(hint.__supertype__)
    if hint is str:
        return _same, _same  # the whole document is made storable at once
    scalar = _scalar(hint)
    if scalar is not None:
        return scalar
    inner = _optional(hint)
    if inner is not None:
        encode, decode = _plain(inner)
        return _maybe(encode), _maybe(decode)
    if isinstance(hint, type) and is_dataclass(hint):
        return _plain_record(hint)
    if get_origin(hint) is tuple:
        return _plain_tuple(get_args(hint))
    raise TypeError(f"{hint} cannot be stored")


def _plain_record(record_type: type[Any]) -> _Codec:
    parts = [(name, *_plain(hint)) for name, hint in _hints(record_type)]
    names = tuple(name for name, _, _ in parts)
    converted = tuple((name, to) for name, to, _ in parts if to is not _same)
    values_of = attrgetter(*names) if len(names) > 1 else lambda record: (getattr(record, names[0]),)

    def encode(record: Any) -> dict[str, Any]:
        values = dict(zip(names, values_of(record), strict=True))
        for name, to in converted:
            values[name] = to(values[name])
        return values

    def decode(value: dict[str, Any]) -> Any:
        """A field that was not known when the text was written keeps its default."""
        return record_type(**{name: back(value[name]) for name, _, back in parts if name in value})

    return encode, decode


def _plain_tuple(args: tuple[Any, ...]) -> _Codec:
    if len(args) == 2 and args[1] is Ellipsis:
        encode, decode = _plain(args[0])
        return lambda value: [encode(item) for item in value], lambda value: tuple(decode(item) for item in value)
    parts = [_plain(arg) for arg in args]

    def encode_each(value: Any) -> list[Any]:
        return [part[0](item) for part, item in zip(parts, value, strict=True)]

    def decode_each(value: Any) -> tuple[Any, ...]:
        return tuple(part[1](item) for part, item in zip(parts, value, strict=True))

    return encode_each, decode_each
