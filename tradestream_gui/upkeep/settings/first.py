"""The settings of a first run: every rail, one simulator account, three exit plans, nobody followed but the user."""

from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from tradestream_gui.upkeep.settings.exits import RoutingSettings
from tradestream_gui.upkeep.settings.fields import SettingSpec, describe, extra_of, plain
from tradestream_gui.upkeep.settings.model import AccountRow, Settings
from tradestream_gui.upkeep.settings.rails import KIND_FIRSTS, ExecutionSettings, RiskSettings

EXITS: tuple[dict[str, Any], ...] = (
    {
        "id": "futures",
        "asset_class": "future",
        "unit": "points",
        "stop_distance": None,
        "targets": [{"distance": "7", "share": "0.5"}, {"distance": "12", "share": "0.5"}],
        "break_even_after": 1,
        "one_contract": "close",
        "roots": ["ES", "MES"],
        "elsewhere": "futures in R",
    },
    {
        "id": "futures in R",
        "asset_class": "future",
        "unit": "R",
        "stop_distance": None,
        "targets": [{"distance": "1", "share": "0.5"}, {"distance": "2", "share": "0.5"}],
        "break_even_after": 1,
        "one_contract": "close",
    },
    {
        "id": "options",
        "asset_class": "option",
        "unit": "percent",
        "stop_distance": "30",
        "targets": [],
        "break_even_after": None,
        "one_contract": "close",
    },
    {
        "id": "stocks",
        "asset_class": "stock",
        "unit": "R",
        "stop_distance": None,
        "targets": [{"distance": "1", "share": "0.5"}, {"distance": "2", "share": "0.5"}],
        "break_even_after": 1,
        "one_contract": "close",
    },
)

OWN_TYPING: dict[str, Any] = {
    "channels": [{"id": "typed", "name": "typed here", "source": "typed", "speaks_for": "me"}],
    "analysts": [{"id": "me", "name": "Me", "authors": ["me"]}],
}
"""The foot of the Messages tab: what the user types or pastes goes the way of any alert, and asks first."""


def first_settings() -> Settings:
    """What the first run writes."""
    return Settings.model_validate(
        {
            "accounts": [_firsts(AccountRow)],
            "risk": {**_firsts(RiskSettings), **KIND_FIRSTS},
            "execution": _firsts(ExecutionSettings),
            "routing": {"defaults": _firsts(RoutingSettings)["defaults"], **OWN_TYPING},
            "exits": EXITS,
        }
    )


def describe_settings() -> tuple[SettingSpec, ...]:
    """Every setting with its help, unit, range and first value, in the order of the file."""
    first = plain(first_settings())
    found = []
    for spec in describe(Settings):
        value = first
        for part in spec.key.split("."):
            value = value[part]
        found.append(replace(spec, first=value))
    return tuple(found)


def _firsts(model: type[BaseModel]) -> dict[str, Any]:
    """The first values of a section and of the sections in it."""
    found: dict[str, Any] = {}
    for name, info in model.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found[name] = _firsts(kind)
        else:
            found[name] = plain(extra_of(info).get("first"))
    return found
