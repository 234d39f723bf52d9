"""Reads the dated rules of funded accounts and the releases round which entries may stop; names what is wrong."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tradestream_gui.domain.errors import BadRecord
from tradestream_gui.domain.money import decimal_from_text
from tradestream_gui.domain.policies import SessionEndRule
from tradestream_gui.domain.rule_packs import NewsWindow, PackLossAction, RulePack, ScalingStep, TrailMode
from tradestream_gui.domain.sessions import NEW_YORK

NEWS_FILE = "news.toml"
CHICAGO_ZONE = "America/Chicago"


def load_rule_packs(folder: Path) -> dict[str, RulePack]:
    """Every pack of the folder by its id; raises BadRecord naming file and row."""
    packs: dict[str, RulePack] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name == NEWS_FILE:
            continue
        rows = _read(path).get("pack", {})
        for pack_id, row in rows.items():
            try:
                packs[pack_id] = _pack(pack_id, _whole(row, rows))
            except (KeyError, ValueError, TypeError, RecursionError) as error:
                where = f"{path.name}, pack {pack_id}"
                raise BadRecord(f"{where}: {error!r}. Restore the file or correct the row.") from error
    return packs


def load_news(folder: Path) -> tuple[NewsWindow, ...]:
    """The scheduled releases with their windows, earliest first."""
    path = folder / NEWS_FILE
    try:
        windows = [window for row in _read(path).get("release", ()) for window in _windows(row)]
    except (KeyError, ValueError, TypeError) as error:
        raise BadRecord(f"{path.name}: {error!r}. Restore the file or correct the row.") from error
    return tuple(sorted(windows, key=lambda window: window.begins))


def _whole(row: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The row laid over the one that it is based on."""
    base = row.get("based_on")
    return {**(_whole(rows[base], rows) if base else {}), **row}


def _pack(pack_id: str, row: Mapping[str, Any]) -> RulePack:
    pack = RulePack(
        pack_id=pack_id,
        firm=row["firm"],
        name=row["name"],
        valid_from=_date(row["valid_from"]),
        verified_on=_date(row["verified_on"]),
        source=row["source"],
        max_loss=_money(row["max_loss"]),
        trail=TrailMode(row["trail"]),
        locks_at=decimal_from_text(row["locks_at"]),
        daily_loss=_optional(row.get("daily_loss", "")),
        daily_loss_action=PackLossAction(row["daily_loss_action"]),
        max_minis=_money(row["max_minis"]),
        scaling=tuple(ScalingStep(decimal_from_text(at), _money(minis)) for at, minis in row["scaling"]),
        max_trades_per_day=row.get("max_trades_per_day"),
        profit_target=_optional(row.get("profit_target", "")),
        consistency=_optional(row.get("consistency", "")),
        winning_day=_optional(row.get("winning_day", "")),
        flat_by=SessionEndRule(
            zone=CHICAGO_ZONE,
            entries_off=time.fromisoformat(row["entries_off"]),
            flatten_at=time.fromisoformat(row["flatten_at"]),
            verified_by=time.fromisoformat(row["verified_by"]),
        ),
        futures_only=bool(row["futures_only"]),
    )
    thresholds = [step.profit_from for step in pack.scaling]
    if thresholds != sorted(thresholds):
        raise ValueError("the scaling steps must stand from the lowest profit to the highest")
    end = pack.flat_by
    if not end.entries_off <= end.flatten_at <= end.verified_by:
        raise ValueError("entries_off, flatten_at and verified_by must follow one another")
    return pack


def _windows(row: Mapping[str, Any]) -> Iterator[NewsWindow]:
    at = time.fromisoformat(row["at"])
    for day in row["days"]:
        moment = datetime.combine(_date(day), at, tzinfo=NEW_YORK).astimezone(UTC)
        before, after = timedelta(minutes=row["before_min"]), timedelta(minutes=row["after_min"])
        yield NewsWindow(row["title"], moment - before, moment + after)


def _money(text: str) -> Decimal:
    amount = decimal_from_text(text)
    if amount <= 0:
        raise ValueError(f"{text} must be more than 0")
    return amount


def _optional(text: str) -> Decimal | None:
    return _money(text) if text else None


def _date(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError(f"{value!r} is no date")
    return value


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadRecord(f"{path.name} cannot be read: {error}") from error
