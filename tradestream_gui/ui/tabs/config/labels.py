"""What settings are called in the form: their keys in words, without the unit that stands beside the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradestream_gui.domain.broker_names import broker_name

if TYPE_CHECKING:
    from tradestream_gui.upkeep.settings.fields import SettingSpec


_UNITS = (" pct", " ms", " min", " s", " minutes")
_WORDS = {
    "qty": "quantity",
    "max": "largest",
    "api": "API",
    "atr": "ATR",
    "id": "Id",
    "pct": "percent",
    "url": "URL",
}
_OWN = {
    "risk.max_order_qty_future": "Futures order at most",
    "risk.max_order_qty_option": "Option order at most",
    "risk.max_order_qty_stock": "Stock order at most",
    "risk.max_notional_option": "Value of an option order at most",
    "risk.max_notional_stock": "Value of a stock order at most",
    "risk.max_position_qty_future": "Futures position at most",
    "risk.max_position_qty_option": "Option position at most",
    "risk.max_position_qty_stock": "Stock position at most",
    "risk.max_drawdown_pct": "Largest drawdown",
    "risk.max_minis": "Largest size in minis",
    "risk.max_open_positions": "Open positions at most",
    "risk.max_open_risk": "Open risk at most",
    "risk.max_entries_per_day": "Entries a day at most",
    "risk.entries_per_minute": "Entries a minute at most",
    "risk.max_clock_offset_s": "Largest clock error",
    "advanced.frame_ms": "Time between frames",
    "backups.every_hours": "Back up every",
}


def label_text(spec: SettingSpec) -> str:
    """`Quote max age future s` becomes `Quote largest age future`; a label that was written for a person stays."""
    if spec.key in _OWN:
        return _OWN[spec.key]
    text = spec.label
    if spec.unit:
        text = next((text.removesuffix(unit) for unit in _UNITS if text.endswith(unit)), text)
    words = [_WORDS.get(word.lower(), word) for word in text.split(" ")]
    joined = " ".join(words)
    return joined[:1].upper() + joined[1:]


def choice_text(spec: SettingSpec, value: str) -> str:
    """A choice as it is offered; brokers by their names."""
    return broker_name(value) if spec.key == "broker" else value


def finds(text: str, spec: SettingSpec) -> bool:
    """Whether a search for this lower-case text finds the setting, by its words, its help, its key or a column's."""
    words = [label_text(spec), spec.label, spec.help, spec.key]
    for column in spec.columns:
        words += [label_text(column), column.help]
    return text in " ".join(words).lower()
