"""An action as alert text in the plainest form of its kind: what the parser reads back to the same action."""

from decimal import Decimal

from tradestream_gui.domain.alerts import ActionKind, AlertAction, Level, LevelUnit, PriceRange, Quantity, QuantityUnit
from tradestream_gui.domain.instruments import AssetClass


def alert_words(action: AlertAction) -> str:
    """One line such as `BTO 2 AAPL 315C 12/18/2026 @ 2.50 PT 3 SL 1.80`; sizes by letter stand at its end."""
    if action.kind in (ActionKind.OPEN, ActionKind.OPEN_IF):
        return _opening(action)
    verb = _VERBS[action.kind]
    parts = [verb, _part(action.quantity), instrument_words(action)]
    if action.price is not None:
        parts.append(f"@ {_price(action.price)}")
    if action.kind is ActionKind.SET_STOP and action.stop is not None:
        parts = ["move stop", instrument_words(action), "to", level_words(action.stop)]
    elif action.kind is ActionKind.SET_TARGET:
        parts = ["PT", instrument_words(action), ", ".join(level_words(level) for level in action.targets)]
    return " ".join(part for part in parts if part)


_VERBS = {
    ActionKind.ADD: "added to", ActionKind.TRIM: "trim", ActionKind.CLOSE: "closed", ActionKind.SET_STOP: "move stop",
    ActionKind.SET_TARGET: "PT", ActionKind.CANCEL: "cancel", ActionKind.AMEND: "correction:",
}  # fmt: skip


def instrument_words(action: AlertAction) -> str:
    """`AAPL 315C 12/18/2026`, `ES`, or "" where the alert names none."""
    parts = [action.symbol or ""]
    if action.strike is not None:
        parts.append(f"{action.strike:f}{action.right.value if action.right else ''}")
    if action.expiry is not None:
        parts.append(f"{action.expiry:%m/%d/%Y}")
    return " ".join(part for part in parts if part)


def level_words(level: Level) -> str:
    if level.unit is LevelUnit.BREAK_EVEN or level.value is None:
        return "BE"
    text = f"{level.value:f}"
    if level.unit is LevelUnit.PERCENT:
        return f"{text}%"
    if level.unit in (LevelUnit.POINTS, LevelUnit.TICKS):
        return f"{text} {level.unit.value}"
    return f"{text}R" if level.unit is LevelUnit.R else text


def _opening(action: AlertAction) -> str:
    count = _part(action.quantity) if action.quantity and action.quantity.unit is QuantityUnit.COUNT else ""
    if action.asset is AssetClass.FUTURE:
        parts = [action.side.value if action.side else "", count, action.symbol or ""]
    else:
        parts = ["BTO", count, instrument_words(action)]
    if action.trigger is not None and action.trigger.value is not None:
        parts.append(f"above {action.trigger.value:f}")
    if action.price is not None:
        parts.append(f"@ {_price(action.price)}")
    elif action.at_market:
        parts.append("market")
    if action.asset is AssetClass.STOCK:
        parts.append("shares")
    if action.targets:
        parts.append("PT " + ", ".join(level_words(level) for level in action.targets))
    if action.stop is not None:
        parts.append(f"SL {level_words(action.stop)}")
    if action.quantity is not None and action.quantity.unit is QuantityUnit.LETTER:
        parts.append(f"size {action.quantity.letter}")
    return " ".join(part for part in parts if part)


def _part(quantity: Quantity | None) -> str:
    if quantity is None or quantity.value is None:
        return ""
    if quantity.unit is QuantityUnit.LEAVE:
        return f"leaving {quantity.value}"
    if quantity.unit is QuantityUnit.PERCENT:
        return f"{float(quantity.value):g}% of position"
    return str(quantity.value)


def _price(price: Decimal | PriceRange) -> str:
    return f"{price.low:f}-{price.high:f}" if isinstance(price, PriceRange) else f"{price:f}"
