"""Rows of the Portfolio tab: what each lot, net position and total shows, made from the owners' present state."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

from tradestream_gui.domain.exits import ExitPlan
from tradestream_gui.domain.ids import AccountId, InstrumentId, LotId, MessageKey
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import Side
from tradestream_gui.domain.positions import Lot
from tradestream_gui.ui.format import NOTHING, ProfitUnit, money_text, number_text, percent_text, points_text, r_text
from tradestream_gui.ui.freshness import Freshness, Seen, seen

if TYPE_CHECKING:
    from tradestream_gui.core import Core

EXTERNAL = "EXTERNAL"
NET = "net"


class RowKind(Enum):
    LOT = "lot"
    EXTERNAL = "external"
    NET = "net"


@dataclass(frozen=True, slots=True)
class PositionRow:
    """One line of the Positions table. Money is gross US dollars, `points` per contract; None: nobody measured it."""

    kind: RowKind
    instrument: Instrument
    account_id: AccountId
    account: str
    analyst: str
    side: Side
    qty: int
    avg: Decimal | None
    market: Seen
    mark: Decimal | None
    stop: Decimal | None = None
    stop_note: str = ""
    targets: tuple[Decimal, ...] = ()
    points: Decimal | None = None
    money: Decimal | None = None
    percent: Decimal | None = None
    r: Decimal | None = None
    r_note: str = ""
    mae: Decimal | None = None
    mfe: Decimal | None = None
    excursion_note: str = ""
    opened_at: datetime | None = None
    lot_id: LotId | None = None
    message_key: MessageKey | None = None
    assumed: bool = False

    def profit(self, unit: ProfitUnit) -> Decimal | None:
        """The open profit in a unit, for text and for sorting."""
        if unit is ProfitUnit.MONEY:
            return self.money
        if unit is ProfitUnit.PERCENT:
            return self.percent
        if unit is ProfitUnit.R:
            return self.r
        if self.points is None:
            return None
        return self.points if unit is ProfitUnit.POINTS else self.points / self.instrument.tick_size

    def profit_words(self, unit: ProfitUnit) -> str:
        value = self.profit(unit)
        if value is None:
            return NOTHING
        about = "≈ " if self.market.is_stale else ""
        mark = "▲ " if value > 0 else "▼ " if value < 0 else ""
        return about + mark + self._profit_number(unit, value)

    def _profit_number(self, unit: ProfitUnit, value: Decimal) -> str:
        if unit is ProfitUnit.MONEY:
            return money_text(value, sign=True)
        if unit is ProfitUnit.POINTS:
            return points_text(value, self.instrument)
        if unit is ProfitUnit.TICKS:
            return number_text(value, 1 if value % 1 else 0, sign=True)
        return percent_text(value, 2, sign=True) if unit is ProfitUnit.PERCENT else r_text(value)


@dataclass(frozen=True, slots=True)
class TotalRow:
    """Open profit of one account, in all or of one class; `money` is None while one position has no price."""

    account: str
    what: str
    positions: int
    contracts: int
    money: Decimal | None
    open_risk: Decimal | None


def lot_rows(core: "Core", only: Iterable[InstrumentId] | None = None) -> dict[str, PositionRow]:
    """A row for each open lot and each external quantity, of all instruments or of some, by row key."""
    wanted = None if only is None else set(only)
    rows = {
        f"lot:{lot.lot_id}": lot_row(core, lot)
        for lot in core.lots.open_lots()
        if wanted is None or lot.instrument_id in wanted
    }
    for (account_id, instrument_id), qty in core.lots.external().items():
        if wanted is None or instrument_id in wanted:
            rows[f"external:{account_id}:{instrument_id}"] = _external_row(core, account_id, instrument_id, qty)
    return rows


def net_rows(core: "Core") -> dict[str, PositionRow]:
    """One row for each account and instrument, lots and external quantity together."""
    groups: dict[tuple[AccountId, InstrumentId], list[Lot]] = {}
    for lot in core.lots.open_lots():
        groups.setdefault((lot.account_id, lot.instrument_id), []).append(lot)
    for key in core.lots.external():
        groups.setdefault(key, [])
    return {
        f"net:{account_id}:{instrument_id}": _net_row(core, account_id, instrument_id, lots)
        for (account_id, instrument_id), lots in groups.items()
    }


def lot_row(core: "Core", lot: Lot) -> PositionRow:
    instrument = core.market.instrument(lot.instrument_id)
    plan = core.exits.plan(lot.lot_id)
    market = seen(core, instrument)
    avg = lot.avg_entry
    mark = _closing_side(market, lot.side)
    money = None if market.quote is None else lot.unrealized_pnl(market.quote, instrument)
    risk, r_note = _risk_at_entry(instrument, plan, avg, lot.open_qty)
    excursion = core.analytics.running(lot)
    measured = excursion.measured if excursion else None
    return PositionRow(
        kind=RowKind.LOT,
        instrument=instrument,
        account_id=lot.account_id,
        account=core.accounts.account(lot.account_id).name,
        analyst=lot.origin.label,
        side=lot.side,
        qty=lot.open_qty,
        avg=avg,
        market=market,
        mark=mark,
        stop=plan.stop_price if plan else None,
        stop_note=_stop_note(plan),
        targets=tuple(step.price for step in plan.targets if not step.is_done) if plan else (),
        points=None if mark is None or avg is None else (mark - avg) * lot.side.sign,
        money=money,
        percent=None if money is None or not avg else money / instrument.notional(avg, lot.open_qty),
        r=None if money is None or not risk else money / risk,
        r_note=r_note,
        mae=measured.mae if measured else None,
        mfe=measured.mfe if measured else None,
        excursion_note="" if measured else "The lot was open before anybody watched its prices, so it is not measured.",
        opened_at=lot.opened_at,
        lot_id=lot.lot_id,
        message_key=lot.origin.message_key,
        assumed=lot.assumed,
    )


def total_rows(core: "Core", rows: Sequence[PositionRow]) -> list[TotalRow]:
    """All of an account first, then its asset classes when there is more than one."""
    totals = []
    for account in core.accounts.accounts():
        mine = [row for row in rows if row.account == account.name and row.kind is not RowKind.EXTERNAL]
        if not mine:
            continue
        risk = core.exposure.of(account.account_id).open_risk
        totals.append(_total(account.name, "all", mine, risk))
        classes = [kind for kind in AssetClass if any(row.instrument.asset_class is kind for row in mine)]
        for kind in classes if len(classes) > 1 else ():
            share = [row for row in mine if row.instrument.asset_class is kind]
            totals.append(_total(account.name, f"{kind.value}s", share, None))
    return totals


def _total(account: str, what: str, rows: Sequence[PositionRow], risk: Decimal | None) -> TotalRow:
    known = [row.money for row in rows if row.money is not None]
    money = sum(known, ZERO) if len(known) == len(rows) else None
    return TotalRow(account, what, len(rows), sum(row.qty for row in rows), money, risk)


def _external_row(core: "Core", account_id: AccountId, instrument_id: InstrumentId, qty: int) -> PositionRow:
    instrument = core.market.instrument(instrument_id)
    side = Side.BUY if qty > 0 else Side.SELL
    market = seen(core, instrument)
    return PositionRow(
        kind=RowKind.EXTERNAL,
        instrument=instrument,
        account_id=account_id,
        account=core.accounts.account(account_id).name,
        analyst=EXTERNAL,
        side=side,
        qty=abs(qty),
        avg=None,
        market=market,
        mark=_closing_side(market, side),
        stop_note="Opened elsewhere: shown and counted, never touched. Give it a stop to adopt it.",
        r_note="Opened elsewhere: its entry is not known here.",
        excursion_note="Opened elsewhere: nobody watched it from its start.",
    )


def _net_row(core: "Core", account_id: AccountId, instrument_id: InstrumentId, lots: Sequence[Lot]) -> PositionRow:
    external = core.lots.external_qty(account_id, instrument_id)
    if not lots:
        return _external_row(core, account_id, instrument_id, external)
    instrument = core.market.instrument(instrument_id)
    market = seen(core, instrument)
    qty = sum(lot.signed_qty for lot in lots) + external
    profits = [lot.unrealized_pnl(market.quote, instrument) if market.quote else None for lot in lots]
    known = [profit for profit in profits if profit is not None]
    money = sum(known, ZERO) if len(known) == len(lots) else None
    same_side = len({lot.side for lot in lots}) == 1 and not external
    avg = sum(((lot.avg_entry or ZERO) * lot.open_qty for lot in lots), ZERO) / abs(qty) if same_side and qty else None
    side = Side.BUY if qty >= 0 else Side.SELL
    mark = _closing_side(market, side)
    names = sorted({lot.origin.label for lot in lots} | ({EXTERNAL} if external else set()))
    return PositionRow(
        kind=RowKind.NET,
        instrument=instrument,
        account_id=account_id,
        account=core.accounts.account(account_id).name,
        analyst=", ".join(names),
        side=side,
        qty=abs(qty),
        avg=avg,
        market=market,
        mark=mark,
        stop_note="Stops belong to lots: switch to Lots to see them.",
        points=None if mark is None or avg is None else (mark - avg) * side.sign,
        money=money,
        percent=None if money is None or not avg else money / instrument.notional(avg, qty),
        r_note="R belongs to a lot: switch to Lots to see it.",
        excursion_note="MAE and MFE belong to a lot: switch to Lots to see them.",
        opened_at=min((lot.opened_at for lot in lots if lot.opened_at), default=None),
    )


def _closing_side(market: Seen, side: Side) -> Decimal | None:
    if market.quote is None:
        return None
    return market.quote.bid if side is Side.BUY else market.quote.ask


def _risk_at_entry(
    instrument: Instrument, plan: ExitPlan | None, avg: Decimal | None, qty: int
) -> tuple[Decimal | None, str]:
    """US dollars between the entry and the first stop of what is open, or why R cannot be told."""
    if plan is None or plan.initial_stop_price is None:
        return None, "The lot has never had a stop, so its R is not known."
    if avg is None:
        return None, "The lot has no entry price."
    risk = instrument.money((avg - plan.initial_stop_price) * plan.side.sign, qty)
    return (risk, "") if risk > 0 else (None, "The first stop stood beyond the entry, so there is no R.")


def _stop_note(plan: ExitPlan | None) -> str:
    if plan is None:
        return "This lot has no exit plan."
    if plan.stop_price is None:
        return "This lot deliberately has no stop."
    return "Stop at break-even." if plan.stop_at_break_even else "Stop at the broker for all that is open."


def is_priceless(row: PositionRow) -> bool:
    return row.market.freshness in (Freshness.GONE, Freshness.NONE)
