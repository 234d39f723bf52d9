"""Reads the shipped tables (TOML) into the domain's words; a bad row raises BadRecord naming table and row."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from tradestream_gui.domain.errors import BadRecord
from tradestream_gui.domain.fees import FeeRow, FeeTable, FeeTier
from tradestream_gui.domain.futures import ExpiryRule, FuturesRoot
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.options import OptionTickClass
from tradestream_gui.domain.sessions import DayException, SessionHours, TradingCalendar
from tradestream_gui.domain.stocks import Listing

ResourcePath = Callable[[str], Path]
"""Where a shipped file lies: `resource_path("fees.toml")`."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Margin:
    """US dollars per contract; None where unknown. `is_assumed` figures are a setting, not anybody's quote."""

    roots: tuple[str, ...]
    day: Decimal | None
    overnight: Decimal | None
    valid_from: date
    source: str
    is_assumed: bool


def load_roots(path: Path) -> dict[str, FuturesRoot]:
    """The futures by root; a row whose tick times point value is not its tick value is refused."""
    return {name: _row(path, name, row, _futures_root) for name, row in _table(path, "future").items()}


def load_listings(path: Path) -> dict[str, Listing]:
    """The well-known stocks, funds and index roots by ticker."""
    table = _toml(path)
    penny, penny_all = frozenset(table["penny"].split()), frozenset(table["penny_all"].split())

    def ticks(ticker: str) -> OptionTickClass:
        if ticker in penny_all:
            return OptionTickClass.PENNY_ALL
        return OptionTickClass.PENNY if ticker in penny else OptionTickClass.STANDARD

    listings = {
        ticker: Listing(ticker, name, "Index", ticks(ticker), is_index=True) for ticker, name in table["index"].items()
    }
    for sector, lines in table["sector"].items():
        for line in lines.split("\n"):
            ticker, _, name = line.partition(" ")
            if ticker:
                listings[ticker] = Listing(ticker, name, sector, ticks(ticker))
    return listings


def load_fees(path: Path) -> FeeTable:
    rows = enumerate(_toml(path)["fee"], start=1)
    return FeeTable(tuple(_row(path, f"fee {number}", row, _fee) for number, row in rows))


def load_margins(path: Path) -> tuple[Margin, ...]:
    rows = enumerate(_toml(path)["margin"], start=1)
    return tuple(_row(path, f"margin {number}", row, _margin) for number, row in rows)


def load_calendar(path: Path, roots: Mapping[str, FuturesRoot]) -> TradingCalendar:
    table = _toml(path)
    groups = {name: _row(path, name, row, _hours) for name, row in table["group"].items()}
    group_by_root = {root.root: root.session_group for root in roots.values()}
    unknown = set(group_by_root.values()) - set(groups)
    if unknown:
        raise BadRecord(f"{path.name}: no hours for {', '.join(sorted(unknown))}, which instruments.toml names")
    late = frozenset(table["late_option_underlyings"])
    return TradingCalendar(groups, group_by_root, late, table["covers_from"], table["covers_until"])


def _futures_root(name: str, row: dict[str, Any]) -> FuturesRoot:
    root = FuturesRoot(
        root=name,
        exchange=row["exchange"],
        tick=Decimal(row["tick"]),
        point_value=Decimal(row["point_value"]),
        family=row["family"],
        mini_equivalents=Decimal(row["mini_equivalents"]),
        months=row["months"],
        projectx_root=row["projectx_root"],
        expiry_rule=ExpiryRule(row["expiry_rule"]),
        session_group=row["session_group"],
        quoted_in_32nds=row.get("quoted_in_32nds", False),
        cash_settled=row["cash_settled"],
        description=row["description"],
        thin_months=row.get("thin_months", ""),
    )
    if root.tick_value != Decimal(row["tick_value"]):
        raise ValueError(f"tick {root.tick} x {root.point_value} per point is not {row['tick_value']} per tick")
    return root


def _fee(_name: str, row: dict[str, Any]) -> FeeRow:
    return FeeRow(
        schedule=row["schedule"],
        applies_to=tuple(row["for"]),
        per_side=Decimal(row["per_side"]),
        valid_from=row["valid_from"],
        source=row["source"],
        order_minimum=Decimal(row["order_minimum"]) if "order_minimum" in row else ZERO,
        tiers=tuple(FeeTier(Decimal(below), Decimal(fee)) for below, fee in row.get("tiers", ())),
    )


def _margin(_name: str, row: dict[str, Any]) -> Margin:
    return Margin(
        roots=tuple(row["for"]),
        day=Decimal(row["day"]) if "day" in row else None,
        overnight=Decimal(row["overnight"]) if "overnight" in row else None,
        valid_from=row["valid_from"],
        source=row["source"],
        is_assumed=row["is_assumed"],
    )


def _hours(name: str, row: dict[str, Any]) -> SessionHours:
    return SessionHours(
        group=name,
        zone=ZoneInfo(row["zone"]),
        open=row["open"],
        close=row["close"],
        opens_day_before=row["opens_day_before"],
        confirmed=row.get("confirmed", True),
        regular_open=row.get("regular_open"),
        regular_close=row.get("regular_close"),
        breaks=tuple((start, end) for start, end in row.get("breaks", ())),
        exceptions={date.fromisoformat(day): _exception(cells) for day, cells in row.get("days", {}).items()},
    )


def _exception(cells: dict[str, Any]) -> DayException:
    return DayException(
        close=None if cells.get("closed") else cells["close"],
        open=cells.get("open"),
        opens_same_day=cells.get("opens_same_day", False),
        trade_date=cells.get("trade_date"),
    )


def _toml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except tomllib.TOMLDecodeError as error:
        raise BadRecord(f"{path.name} is not valid TOML: {error}") from error


def _table(path: Path, key: str) -> dict[str, Any]:
    table: dict[str, Any] = _toml(path)[key]
    return table


def _row(path: Path, name: str, row: dict[str, Any], read: Callable[[str, dict[str, Any]], T]) -> T:
    try:
        return read(name, row)
    except (KeyError, ValueError, ArithmeticError) as error:
        raise BadRecord(f"{path.name}, {name}: {error!r}. Restore the shipped table or correct the row.") from error
