"""Between the plain values of settings and the text of a form."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tradestream_gui.domain.money import plain_text, typed_decimal
from tradestream_gui.ui.format import decimals_of, number_text
from tradestream_gui.upkeep.settings.fields import SettingSpec

NOT_SET = "not set"
KEY_WORDS = {"id": "Id"}


def value_text(value: Any, spec: SettingSpec) -> str:
    """What stands in the field: lists with commas, maps as `A=3, B=2`, steps of a nested table as `7 × 0.5`."""
    if value is None:
        return ""
    if spec.kind == "list":
        return ", ".join(str(item) for item in value)
    if spec.kind == "map":
        return ", ".join(f"{key}={scalar_text(item)}" for key, item in value.items())
    if spec.kind == "table":
        return ", ".join(" × ".join(scalar_text(row[column.key]) for column in spec.columns) for row in value)
    return marked_text(value, spec.key)


def marked_text(value: Any, key: str) -> str:
    """A number with thousands marks, but for a port, which is a name; anything else as `scalar_text` has it."""
    if not isinstance(value, int | Decimal) or isinstance(value, bool) or key.endswith("port"):
        return scalar_text(value)
    return number_text(value, decimals_of(Decimal(value)))


def scalar_text(value: Any) -> str:
    """As it stands among others, where a comma parts two of them: without marks."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return plain_text(value) if isinstance(value, Decimal) else str(value)


def value_from_text(text: str, spec: SettingSpec) -> Any:
    """The plain value of what was typed; what cannot be read stays text, and the settings say why it is refused."""
    typed = text.strip()
    if spec.kind == "list":
        return [part for part in (piece.strip() for piece in typed.split(",")) if part]
    if spec.kind == "map":
        return _map_from(typed)
    if spec.kind == "table":
        return [_step_from(piece, spec) for piece in typed.split(",") if piece.strip()]
    if not typed and spec.may_be_empty:
        return None
    if spec.kind in ("int", "decimal"):
        return _number_from(typed, spec.kind)
    return typed


def shown_value(value: Any, key: str) -> str:
    """The value of this setting in a diff: empty ones are said, nothing is left blank."""
    if value is None or value == "":
        return NOT_SET
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={scalar_text(item)}" for key, item in value.items()) or "none"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(shown_value(item, key) for item in value) or "none"
    return marked_text(value, key)


def empty_row(spec: SettingSpec) -> dict[str, Any]:
    """A new row of a table with the first value of each column."""
    return {column.key: column.first for column in spec.columns}


def _number_from(text: str, kind: str) -> Any:
    number = typed_decimal(text)
    if number is None:
        return text
    return int(number) if kind == "int" and number == number.to_integral_value() else number


def _map_from(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for piece in text.split(","):
        key, _, value = piece.partition("=")
        if key.strip():
            found[key.strip()] = _scalar_from(value.strip())
    return found


def _scalar_from(text: str) -> Any:
    if text in ("on", "true", "yes"):
        return True
    if text in ("off", "false", "no"):
        return False
    return _number_from(text, "int")


def _step_from(text: str, spec: SettingSpec) -> dict[str, Any]:
    pieces = [piece.strip() for piece in text.replace("x", "×").split("×")]
    return {
        column.key: _number_from(pieces[at], column.kind) if at < len(pieces) else column.first
        for at, column in enumerate(spec.columns)
    }
