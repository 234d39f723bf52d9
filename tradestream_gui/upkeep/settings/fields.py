"""How a setting is declared once: its help, unit, range and meaning, from which form, file and checks are made."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

Tighter = Literal["lower", "higher", "on", "off", "fewer", "earlier", "mode", ""]
"""Which way a rail gets stricter; empty for what is no rail."""


class Section(BaseModel):
    """A group of settings: unknown keys are refused, values never change in place."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """One setting as the form and the documentation show it.

    `kind` is one of bool, int, decimal, text, choice, list, map, table; a table has `columns` and rows named by
    their `id`. `first` is what the first run writes; `required` settings have no other default.
    """

    key: str
    section: str
    label: str
    help: str
    kind: str
    unit: str
    first: Any
    low: Decimal | None
    high: Decimal | None
    choices: tuple[str, ...]
    may_be_empty: bool
    restart: bool
    required: bool
    tighter: Tighter
    columns: tuple["SettingSpec", ...] = ()


def rail(
    first: Any,
    words: str,
    tighter: Tighter,
    *,
    unit: str = "",
    low: Any = None,
    high: Any = None,
    label: str = "",
    restart: bool = False,
    choices: tuple[str, ...] = (),
) -> Any:
    """A safety rail: it has no default, the first run writes it, and a file that lacks it is refused. `choices` are
    what the form offers of a text."""
    extra = _extra(first, unit, label, restart, tighter, choices)
    return Field(..., ge=low, le=high, description=words, json_schema_extra=extra)


def option(
    default: Any,
    words: str,
    *,
    unit: str = "",
    low: Any = None,
    high: Any = None,
    restart: bool = False,
    label: str = "",
    tighter: Tighter = "",
) -> Any:
    """An ordinary setting with a default."""
    extra = _extra(default, unit, label, restart, tighter)
    return Field(default, ge=low, le=high, description=words, json_schema_extra=extra)


def rows(words: str, label: str = "") -> Any:
    """A table of settings, empty unless filled."""
    return Field((), description=words, json_schema_extra=_extra((), "", label, False, ""))


def _extra(
    first: Any, unit: str, label: str, restart: bool, tighter: Tighter, choices: tuple[str, ...] = ()
) -> dict[str, Any]:
    told = {"first": first, "unit": unit, "label": label, "restart": restart, "tighter": tighter}
    return told | {"choices": choices}


def like(form: str, words: str) -> AfterValidator:
    """For a text that has this form as a whole; `words` say what to write instead of another. Not pydantic's own
    pattern: that tells the user an expression, and its machine holds a megabyte for the handful that we have."""
    wanted = re.compile(form)

    def check(text: str) -> str:
        if wanted.fullmatch(text) is None:
            raise ValueError(f"{text!r} is not allowed: {words}")
        return text

    return AfterValidator(check)


def name_text() -> AfterValidator:
    """For an id: letters, digits, dot, dash and underscore."""
    words = "write letters, digits, dots, dashes and underscores, 40 at most and none of the signs first"
    return like(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}", words)


def extra_of(info: FieldInfo) -> dict[str, Any]:
    found = info.json_schema_extra
    return found if isinstance(found, dict) else {}


def describe(model: type[BaseModel], prefix: str = "", section: str = "") -> tuple[SettingSpec, ...]:
    """Every setting of a model in the order of declaration, sections opened, tables with their columns."""
    specs: list[SettingSpec] = []
    for name, info in model.model_fields.items():
        key = f"{prefix}{name}"
        bare, may_be_empty = _bare(info.annotation)
        if isinstance(bare, type) and issubclass(bare, BaseModel):
            specs.extend(describe(bare, f"{key}.", section or name))
        else:
            specs.append(_spec(key, section or name, name, info, bare, may_be_empty))
    return tuple(specs)


def _spec(key: str, section: str, name: str, info: FieldInfo, bare: Any, may_be_empty: bool) -> SettingSpec:
    extra = extra_of(info)
    row = row_model(bare)
    limits = {type(part).__name__: part for part in info.metadata}
    offered: tuple[str, ...] = extra.get("choices", ())
    return SettingSpec(
        key=key,
        section=section,
        label=extra.get("label") or name.replace("_", " ").capitalize(),
        help=info.description or "",
        kind="table" if row else "choice" if offered else _kind(bare),
        unit=extra.get("unit", ""),
        first=plain(extra.get("first")),
        low=_limit(limits.get("Ge"), "ge"),
        high=_limit(limits.get("Le"), "le"),
        choices=tuple(str(item.value) for item in bare) if _is_enum(bare) else offered,
        may_be_empty=may_be_empty,
        restart=bool(extra.get("restart")),
        required=info.is_required(),
        tighter=extra.get("tighter", ""),
        columns=describe(row, section=section) if row else (),
    )


def row_model(annotation: Any) -> type[BaseModel] | None:
    """The model of a table's rows; None when the setting is no table."""
    args = get_args(annotation)
    if get_origin(annotation) is tuple and args and isinstance(args[0], type) and issubclass(args[0], BaseModel):
        return args[0]
    return None


def plain(value: Any) -> Any:
    """A value as a form or file knows it: no enum, no tuple, no model."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, BaseModel):
        return {name: plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [plain(item) for item in value]
    return value


def _bare(annotation: Any) -> tuple[Any, bool]:
    args = get_args(annotation)
    if type(None) in args:
        return next(arg for arg in args if arg is not type(None)), True
    return annotation, False


def _is_enum(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Enum)


def _kind(annotation: Any) -> str:
    if _is_enum(annotation):
        return "choice"
    origin = get_origin(annotation)
    if origin is tuple:
        return "list"
    if origin is dict:
        return "map"
    return {bool: "bool", int: "int", Decimal: "decimal"}.get(annotation, "text")


def _limit(part: Any, name: str) -> Decimal | None:
    return None if part is None else Decimal(str(getattr(part, name)))
