"""Reads invented messages for the parser's tests and prints readings in the notation of `reading_cases`."""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from tradestream_gui.alerts.alert_json import level_json, quantity_json
from tradestream_gui.alerts.grammar.dates import EASTERN
from tradestream_gui.alerts.grammar.trading_days import is_us_trading_day
from tradestream_gui.alerts.parser import parse
from tradestream_gui.alerts.profiles.profiles import load_profiles
from tradestream_gui.domain.alert_profile import AlertProfile
from tradestream_gui.domain.alerts import ActionKind, AlertAction, AlertText, Level, LevelUnit, PriceRange, Reading
from tradestream_gui.paths import resource_path

FRIDAY_MORNING = datetime(2026, 11, 20, 10, 0, tzinfo=EASTERN)


@lru_cache(maxsize=1)
def shipped_profiles() -> tuple[AlertProfile, ...]:
    return load_profiles(resource_path("profiles"))


def profile_named(name: str) -> AlertProfile:
    return next(profile for profile in shipped_profiles() if profile.name == name)


def read(text: str, at: datetime = FRIDAY_MORNING, profile: str = "default", reply: str | None = None) -> Reading:
    return parse(AlertText(text, (), reply, at, "room", "author"), profile_named(profile), is_us_trading_day)


def in_words(reading: Reading) -> str:
    """`HELD` or `NONE`, else the actions joined by `; `."""
    if reading.held:
        return "HELD"
    return "; ".join(action_words(action) for action in reading.actions) or "NONE"


def action_words(action: AlertAction) -> str:
    parts = [action.kind.value]
    if action.kind in (ActionKind.OPEN, ActionKind.OPEN_IF):
        parts += [action.asset.value if action.asset else "?", action.side.value if action.side else "?"]
    parts += [action.symbol or "", _text(action.strike), action.right.value if action.right else ""]
    parts.append(action.expiry.isoformat() if action.expiry else "")
    if action.quantity is not None and action.kind is not ActionKind.CLOSE:
        parts.append(f"qty={quantity_json(action.quantity)}")
    if isinstance(action.price, PriceRange):
        parts.append(f"price={_text(action.price.low)}-{_text(action.price.high)}")
    elif action.price is not None:
        parts.append(f"price={_text(action.price)}")
    if action.targets:
        parts.append("pts=" + ",".join(_level(level) for level in action.targets))
    if action.stop is not None:
        parts.append("sl=" + _level(action.stop))
    if action.trigger is not None:
        parts.append("trigger=" + _level(action.trigger))
    return " ".join(part for part in parts if part)


def _level(level: Level) -> str:
    return _text(level.value) if level.unit is LevelUnit.PRICE else str(level_json(level))


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


def same_words(words: str) -> list[str]:
    """The words with numbers in one spelling, as `2.5` and `2.50` are one price."""
    return [_plain(part) for part in words.replace(",", " , ").replace("=", " = ").replace("-", " - ").split()]


def _plain(part: str) -> str:
    try:
        return format(float(part), "g")
    except ValueError:
        return part
