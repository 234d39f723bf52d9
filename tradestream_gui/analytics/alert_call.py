"""What an alert called, read back from the decision's stored reading: side, price, stop and targets as prices."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from tradestream_gui.domain.orders import Side

_OPENING = frozenset({"OPEN", "OPEN_IF", "ADD"})


@dataclass(frozen=True, slots=True)
class AlertCall:
    """An alerted entry. A price range stands as its middle; levels that are no price of the contract are left out."""

    side: Side
    price: Decimal | None
    stop: Decimal | None
    targets: tuple[Decimal, ...]

    @property
    def first_target(self) -> Decimal | None:
        return self.targets[0] if self.targets else None


def call_of(reading_json: str) -> AlertCall | None:
    """The first opening action of a stored reading, be it acted upon or only a candidate; None without one."""
    try:
        stored = json.loads(reading_json, parse_float=Decimal, parse_int=Decimal)
    except ValueError:
        return None
    for action in _actions(stored):
        if action.get("action") in _OPENING:
            return _call(action)
    return None


def _actions(stored: object) -> Iterable[Mapping[str, object]]:
    if isinstance(stored, Mapping):
        stored = [*_list(stored.get("actions")), *_list(stored.get("candidate"))]
    return [action for action in _list(stored) if isinstance(action, Mapping)]


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _call(action: Mapping[str, object]) -> AlertCall:
    side = Side.SELL if action.get("side") == "short" else Side.BUY
    price = _price(action.get("price"))
    stop = _level(action.get("sl"), price, -side.sign, None)
    risk = None if price is None or stop is None else abs(price - stop)
    levels = (_level(level, price, side.sign, risk) for level in _list(action.get("pts")))
    return AlertCall(side, price, stop, tuple(level for level in levels if level is not None))


def _price(value: object) -> Decimal | None:
    """A number, a number's text, or the middle of a [low, high] pair."""
    if isinstance(value, list):
        ends = [end for end in map(_price, value) if end is not None]
        return sum(ends, Decimal(0)) / len(ends) if ends else None
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _level(value: object, price: Decimal | None, direction: int, risk: Decimal | None) -> Decimal | None:
    """A level as a price: `20%`, `+10` (points) and `2R` count from the alert's price; others are no price of it."""
    if not isinstance(value, str):
        return _price(value)
    if value.endswith("%"):
        share = _price(value[:-1])
        return None if share is None or price is None else price * (100 + direction * share) / 100
    if value.startswith("+"):
        points = _price(value[1:])
        return None if points is None or price is None else price + direction * points
    if value.endswith("R"):
        multiple = _price(value[:-1])
        return None if multiple is None or price is None or risk is None else price + direction * multiple * risk
    return _price(value)
