"""Actions as the JSON of the `parse` command: the keys of the contract, numbers as numbers, levels as written.

What is stored with a decision holds more: the words behind each field, the profile and the rules that fired.
"""

from decimal import Decimal

from tradestream_gui.domain.alerts import (
    ActionKind,
    AlertAction,
    Level,
    LevelUnit,
    PriceRange,
    Quantity,
    QuantityUnit,
    Reading,
)  # fmt: skip

JsonValue = str | int | float | bool | None | list["JsonValue"] | dict[str, "JsonValue"]


def action_json(action: AlertAction) -> dict[str, JsonValue]:
    """One action with the keys `action asset side symbol strike right expiry qty price pts sl trigger`."""
    return {
        "action": action.kind.value,
        "asset": action.asset.value if action.asset else None,
        "side": action.side.value if action.side and action.kind.opens else None,
        "symbol": action.symbol,
        "strike": _number(action.strike),
        "right": action.right.value if action.right else None,
        "expiry": action.expiry.isoformat() if action.expiry else None,
        "qty": quantity_json(action.quantity) if action.kind is not ActionKind.CLOSE else None,
        "price": _price(action.price),
        "pts": [level_json(level) for level in action.targets],
        "sl": level_json(action.stop) if action.stop else None,
        "trigger": level_json(action.trigger) if action.trigger else None,
    }


def quantity_json(quantity: Quantity | None) -> JsonValue:
    if quantity is None:
        return None
    if quantity.value is None:
        return quantity.letter
    if quantity.unit is QuantityUnit.COUNT:
        return int(quantity.value)
    if quantity.unit is QuantityUnit.LEAVE:
        return f"leave:{quantity.value}"
    if quantity.unit is QuantityUnit.PERCENT:
        return f"{float(quantity.value):g}%"
    return str(quantity.value)


def level_json(level: Level) -> JsonValue:
    """A number is the instrument's own price, `+10` and `+40t` are points and ticks; also `20%`, `u97`, `BE`, `2R`."""
    if level.unit is LevelUnit.BREAK_EVEN or level.value is None:
        return "BE"
    if level.trail_percent is not None:
        mark = "%" if level.unit is LevelUnit.PERCENT else ""
        return f"{level.value:f}{mark}TS{level.trail_percent:f}%"
    if level.unit is LevelUnit.PRICE:
        return _number(level.value)
    text = format(level.value, "f")
    if level.unit is LevelUnit.PERCENT:
        return f"{text}%"
    if level.unit is LevelUnit.UNDERLYING:
        return f"u{text}"
    if level.unit is LevelUnit.R:
        return f"{text}R"
    return f"+{text}t" if level.unit is LevelUnit.TICKS else f"+{text}"


def reading_json(reading: Reading) -> dict[str, JsonValue]:
    """The `actions`, `held`, `candidate` and `reasons` of the `parse` command's answer."""
    return {
        "actions": [action_json(action) for action in reading.actions],
        "held": reading.held,
        "candidate": [action_json(action) for action in reading.candidate],
        "reasons": [f"{reason.code}: {reason.words}" for reason in reading.reasons],
    }


def stored_json(reading: Reading) -> dict[str, JsonValue]:
    """The answer of the `parse` command with what explains it: `evidence` per action, `profile`, `rules`,
    `confidence`."""
    told = reading_json(reading)
    return told | {
        "actions": [_explained(action) for action in reading.actions],
        "candidate": [_explained(action) for action in reading.candidate],
        "profile": reading.profile,
        "rules": list(reading.rules),
        "confidence": float(reading.confidence),
    }


def _explained(action: AlertAction) -> dict[str, JsonValue]:
    evidence: list[JsonValue] = [
        {"field": each.field, "start": each.start, "end": each.end, "words": each.words, "rule": each.rule}
        for each in action.evidence
    ]
    return action_json(action) | {"evidence": evidence}


def _price(price: Decimal | PriceRange | None) -> JsonValue:
    if isinstance(price, PriceRange):
        return [_number(price.low), _number(price.high)]
    return _number(price)


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
