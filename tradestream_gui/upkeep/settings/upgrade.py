"""Brings a settings file of an earlier version up to date: drops what is gone, gives what is new its first value."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from tradestream_gui.domain.errors import ConfigInvalid

VERSION = 2
"""Of the file's shape; raised whenever a setting goes or a rail comes."""
VERSION_KEY = "version"
FIRST_VERSION = 1
"""What a file without the key is."""

GONE_IN_2 = (
    "general.confirm_first_live_order",
    "market.feeds",
    "notifications.volume_pct",
    "notifications.email_to",
    "notifications.smtp_host",
    "notifications.smtp_port",
    "notifications.smtp_user",
    "advanced.webhook_port",
    "execution.option_walk_interval_s",
    "execution.option_walk_steps",
    "execution.option_exit_floor_pct",
    "execution.disaster_stop_pct",
    "risk.manual.disarm_after_min",
)
POINTS_PLAN = "futures"
POINTS_ROOTS = ("ES", "MES")
PLAN_OF_OTHERS_IN_2: dict[str, Any] = {
    "id": "futures in R",
    "asset_class": "future",
    "unit": "R",
    "stop_distance": None,
    "targets": [{"distance": "1", "share": "0.5"}, {"distance": "2", "share": "0.5"}],
    "break_even_after": 1,
    "one_contract": "close",
}
NEW_RAILS_IN_2 = (
    "risk.max_heat_pct",
    "risk.max_exposure_name",
    "risk.max_exposure_sector",
    "risk.max_exposure_gross",
    "risk.max_exposure_net",
)


def upgraded(values: dict[str, Any], firsts: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The values without their version, in the present shape; `firsts` are the first values by dotted key.

    Only a file of an earlier version gets rails that it lacks: in a present one each must stand. Raises
    ConfigInvalid for a version that this program does not know.
    """
    version = values.pop(VERSION_KEY, FIRST_VERSION)
    if version not in range(FIRST_VERSION, VERSION + 1):
        raise ConfigInvalid(f"{name}: version {version!r} is not known here; update TradeStream to read this file")
    if version < VERSION:
        for key in GONE_IN_2:
            _drop(values, key)
        for key in NEW_RAILS_IN_2:
            _fill(values, key, firsts[key])
        _no_empty_times(values)
        _points_for_their_own_roots(values)
    return values


def _points_for_their_own_roots(values: dict[str, Any]) -> None:
    """The shipped plan of seven and twelve points served every root once; now it serves its own, another the rest."""
    rows = values.get("exits")
    found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    by_id = {row.get("id"): row for row in found}
    shipped = by_id.get(POINTS_PLAN)
    if shipped is not None and shipped.get("unit") == "points" and PLAN_OF_OTHERS_IN_2["id"] not in by_id:
        assert isinstance(rows, list)
        shipped |= {"roots": list(POINTS_ROOTS), "elsewhere": PLAN_OF_OTHERS_IN_2["id"]}
        rows.insert(rows.index(shipped) + 1, deepcopy(PLAN_OF_OTHERS_IN_2))


def _no_empty_times(values: dict[str, Any]) -> None:
    """Quiet hours that were off were empty texts once."""
    notices = values.get("notifications")
    if isinstance(notices, dict):
        for key in ("quiet_from", "quiet_until"):
            if notices.get(key) == "":
                notices[key] = None


def _drop(values: dict[str, Any], key: str) -> None:
    node, name = _section(values, key)
    if node is not None:
        node.pop(name, None)


def _fill(values: dict[str, Any], key: str, first: Any) -> None:
    node, name = _section(values, key)
    if node is not None:
        node.setdefault(name, first)


def _section(values: dict[str, Any], key: str) -> tuple[dict[str, Any] | None, str]:
    """The mapping that holds a key's last part; None where the file has no such section."""
    *sections, name = key.split(".")
    node: Any = values
    for section in sections:
        node = node.get(section) if isinstance(node, dict) else None
    return (node, name) if isinstance(node, dict) else (None, name)
