"""What changed between two sets of settings, and whether a rail got tighter or looser."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

from tradestream_gui.domain.policies import ANY, LossAction, Mode
from tradestream_gui.upkeep.settings.fields import SettingSpec, Tighter, plain
from tradestream_gui.upkeep.settings.first import describe_settings
from tradestream_gui.upkeep.settings.model import Settings

STRICTNESS = [LossAction.BLOCK_ENTRIES, LossAction.FLATTEN_AND_LOCK, Mode.AUTO, Mode.ASK, Mode.PAPER, Mode.WATCH]
"""Choices of a rail from the loosest to the strictest."""
TRUSTED_TABLES = ("routing.channels", "routing.analysts")
"""A new row here lets somebody new trade."""


class Direction(Enum):
    TIGHTER = "tighter"
    LOOSER = "looser"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Change:
    """One setting before and after; `key` of a table's row reads `accounts[sim].name`."""

    key: str
    label: str
    before: Any
    after: Any
    unit: str
    direction: Direction
    restart: bool


def changes_between(old: Settings, new: Settings) -> tuple[Change, ...]:
    """Every difference in the order of the settings."""
    found: list[Change] = []
    before, after = plain(old), plain(new)
    specs = describe_settings()
    for spec in specs:
        a, b = _at(before, spec.key), _at(after, spec.key)
        if a == b:
            continue
        if spec.kind == "table" and "id" in {column.key for column in spec.columns}:
            found.extend(_row_changes(spec, a, b, specs))
        else:
            found.append(_change(spec, spec.key, a, b))
    return tuple(found)


def _row_changes(
    spec: SettingSpec, before: list[Any], after: list[Any], specs: tuple[SettingSpec, ...]
) -> list[Change]:
    old, new = {row["id"]: row for row in before}, {row["id"]: row for row in after}
    found: list[Change] = []
    for name in [*old, *(name for name in new if name not in old)]:
        key = f"{spec.key}[{name}]"
        if name not in old or name not in new:
            found.append(_row_change(spec, key, name in new))
            continue
        for column in spec.columns:
            a, b = old[name][column.key], new[name][column.key]
            if column.key == "limits":
                found.extend(_limit_changes(f"{key}.limits", a, b, specs))
            elif a != b:
                found.append(_change(column, f"{key}.{column.key}", a, b))
    return found


def _row_change(spec: SettingSpec, key: str, added: bool) -> Change:
    direction = Direction.NEUTRAL
    if spec.key in TRUSTED_TABLES:
        direction = Direction.LOOSER if added else Direction.TIGHTER
    words = ("", "added") if added else ("there", "removed")
    return Change(key, spec.label, *words, "", direction, False)


def _limit_changes(
    key: str, before: Mapping[str, Any], after: Mapping[str, Any], specs: tuple[SettingSpec, ...]
) -> list[Change]:
    """An account's own rails; one that is taken away falls back to the general one, which is taken for looser."""
    by_name = {spec.key.rpartition(".")[2]: spec for spec in specs if spec.section == "risk"}
    found = []
    for name in sorted({*before, *after}):
        a, b = before.get(name), after.get(name)
        if a == b:
            continue
        change = _change(by_name[name], f"{key}.{name}", a, b)
        if a is None or b is None:
            change = Change(change.key, change.label, a, b, change.unit, Direction.LOOSER, False)
        found.append(change)
    return found


def _change(spec: SettingSpec, key: str, before: Any, after: Any) -> Change:
    return Change(key, spec.label, before, after, spec.unit, direction_of(spec.tighter, before, after), spec.restart)


def direction_of(tighter: Tighter, before: Any, after: Any) -> Direction:
    """Whether a rail got stricter. What cannot be compared counts as looser, so that a person confirms it."""
    if not tighter or before == after:
        return Direction.NEUTRAL
    stricter = _is_stricter(tighter, before, after)
    return Direction.TIGHTER if stricter else Direction.LOOSER


def _is_stricter(tighter: Tighter, before: Any, after: Any) -> bool:
    if tighter == "on":
        return after is True
    if tighter == "off":
        return after is False
    if tighter == "fewer":
        return ANY in before or (ANY not in after and set(after) < set(before))
    if after is None:
        return False
    if before is None:
        return tighter != "mode" or after == Mode.WATCH.value
    if tighter == "mode":
        order = [choice.value for choice in STRICTNESS]
        return order.index(after) > order.index(before)
    if tighter == "earlier":
        return bool(after < before)
    try:
        a, b = Decimal(str(before)), Decimal(str(after))
    except InvalidOperation:
        return False
    return b < a if tighter == "lower" else b > a


def _at(values: Any, key: str) -> Any:
    for part in key.split("."):
        values = values[part]
    return values
