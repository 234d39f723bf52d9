"""Fills become trades: one trade is a lot's way from flat to flat, its partial exits included."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum

from tradestream_gui.domain.exits import ExitPlan
from tradestream_gui.domain.ids import AccountId, InstrumentId, LotId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.money import to_cents
from tradestream_gui.domain.orders import Fill, Origin, Side
from tradestream_gui.domain.positions import Lot

InstrumentLookup = Callable[[InstrumentId], Instrument]
TradeDateOf = Callable[[Instrument, datetime], date]
"""The trade date that a moment belongs to: futures roll at 17:00 CT, options and stocks by the US/Eastern date."""


class TradeOutcome(Enum):
    WIN = "win"
    LOSS = "loss"
    SCRATCH = "scratch"
    """Net result smaller than one tick of the whole quantity."""


@dataclass(frozen=True, slots=True)
class Excursion:
    """How far a trade went while it was open, as seen in the market; US dollars, `mae` <= 0 <= `mfe`.

    Both follow the trade's own gross profit at the price it could be closed at, what partial exits have realised
    included; `high` and `low` are the extreme prices, the fills included.
    """

    mae: Decimal
    mfe: Decimal
    high: Decimal
    low: Decimal


@dataclass(frozen=True, slots=True)
class Trade:
    """A closed trade; money is US dollars. `run` counts the flat-to-flat ways of one lot from 1.

    `initial_risk` is None where no stop was set on a future or stock, or where it was at the entry; then `r` is
    None too. Moving the stop later changes neither. `excursion` is None when the market was not watched from the
    first fill to the last.
    """

    lot_id: LotId
    run: int
    account_id: AccountId
    instrument_id: InstrumentId
    asset_class: AssetClass
    root: str
    origin: Origin
    side: Side
    qty: int
    opened_at: datetime
    closed_at: datetime
    avg_entry: Decimal
    avg_exit: Decimal
    gross: Decimal
    commission: Decimal
    outcome: TradeOutcome
    trade_date: date
    """Trade date of the last exit."""
    point_value: Decimal
    tick_size: Decimal
    initial_risk: Decimal | None = None
    alert_price: Decimal | None = None
    excursion: Excursion | None = None
    assumed: bool = False

    @property
    def net(self) -> Decimal:
        return self.gross - self.commission

    @property
    def r(self) -> Decimal | None:
        """Net result in multiples of the initial risk."""
        return self.net / self.initial_risk if self.initial_risk else None

    @property
    def held_for(self) -> timedelta:
        return self.closed_at - self.opened_at

    @property
    def analyst(self) -> str:
        return self.origin.label

    @property
    def channel(self) -> str:
        return self.origin.channel or self.origin.kind.value

    @property
    def mae(self) -> Decimal | None:
        return self.excursion.mae if self.excursion else None

    @property
    def mfe(self) -> Decimal | None:
        return self.excursion.mfe if self.excursion else None


@dataclass(frozen=True, slots=True)
class Booking:
    """What one fill changed. `net` and `gross` are what it realised in US dollars, its commission in `net`.

    `lots` are the runs after it: one, or two when the fill turned the lot round. `trade` is the one it closed.
    """

    fill: Fill
    origin: Origin
    net: Decimal
    gross: Decimal
    lots: tuple[Lot, ...]
    trade: Trade | None


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A lot's present way: its fills since it was last flat."""

    lot: Lot
    run: int
    initial_stop: Decimal | None = None


class TradeLedger:
    """Folds fills into trades, one open run per lot; the only writer of runs and closed trades."""

    def __init__(self, instrument_of: InstrumentLookup, trade_date_of: TradeDateOf) -> None:
        self._instrument_of = instrument_of
        self._trade_date_of = trade_date_of
        self._runs: dict[LotId, OpenRun] = {}
        self._runs_done: dict[LotId, int] = {}
        self._stops: dict[LotId, Decimal] = {}
        self._trades: list[Trade] = []

    @property
    def trades(self) -> tuple[Trade, ...]:
        """All closed trades in the order of closing."""
        return tuple(self._trades)

    def open_run(self, lot_id: LotId) -> OpenRun | None:
        return self._runs.get(lot_id)

    def open_runs(self) -> tuple[OpenRun, ...]:
        return tuple(self._runs.values())

    def note_plan(self, plan: ExitPlan) -> None:
        """Remembers the stop that the risk was taken with: the last one before the entry, then never another."""
        stop = plan.initial_stop_price
        if stop is None:
            return
        run = self._runs.get(plan.lot_id)
        if run is None:
            self._stops[plan.lot_id] = stop
        elif run.initial_stop is None:
            self._runs[plan.lot_id] = replace(run, initial_stop=stop)

    def mark_assumed(self, lot_id: LotId) -> None:
        """Marks the lot's present run and its trades as holding a reduction that nobody attributed."""
        run = self._runs.get(lot_id)
        if run is not None:
            self._runs[lot_id] = replace(run, lot=replace(run.lot, assumed=True))
        self._trades = [replace(t, assumed=True) if t.lot_id == lot_id else t for t in self._trades]

    def amend(self, trade: Trade) -> None:
        """Replaces the trade of the same lot and run by one that knows more (excursion, alert price)."""
        for index in range(len(self._trades) - 1, -1, -1):
            known = self._trades[index]
            if known.lot_id == trade.lot_id and known.run == trade.run:
                self._trades[index] = trade
                return

    def book(self, fill: Fill, origin: Origin) -> Booking:
        """Books one fill: one beyond flat closes a trade and opens the next run with what is left of it."""
        run = self._runs.get(fill.lot_id)
        instrument = self._instrument_of(fill.instrument_id)
        net = gross = Decimal(0)
        lots: list[Lot] = []
        trade = None
        for part in _split_at_flat(fill, run.lot if run else None):
            run = self._runs.get(fill.lot_id) or self._new_run(part, origin)
            lot = run.lot.with_fill(part, instrument)
            net += lot.net_pnl - run.lot.net_pnl
            gross += lot.realized_pnl - run.lot.realized_pnl
            lots.append(lot)
            if lot.is_flat:
                trade = self._close(replace(run, lot=lot), instrument)
            else:
                self._runs[fill.lot_id] = replace(run, lot=lot)
        return Booking(fill, origin, net, gross, tuple(lots), trade)

    def _new_run(self, fill: Fill, origin: Origin) -> OpenRun:
        lot = Lot(fill.lot_id, fill.account_id, fill.instrument_id, origin, fill.side)
        return OpenRun(lot, self._runs_done.get(fill.lot_id, 0) + 1, self._stops.pop(fill.lot_id, None))

    def _close(self, run: OpenRun, instrument: Instrument) -> Trade:
        trade = trade_of(run, instrument, self._trade_date_of)
        self._runs.pop(run.lot.lot_id, None)
        self._runs_done[run.lot.lot_id] = run.run
        self._trades.append(trade)
        return trade


def trade_of(run: OpenRun, instrument: Instrument, trade_date_of: TradeDateOf) -> Trade:
    """The trade that a run which is flat again has made."""
    lot = run.lot
    entry, leave = lot.avg_entry_of_all, lot.avg_exit
    assert entry is not None, "a run without an entry cannot be flat again"
    assert leave is not None, "a run without an exit is still open"
    assert lot.opened_at is not None
    assert lot.closed_at is not None
    return Trade(
        lot_id=lot.lot_id,
        run=run.run,
        account_id=lot.account_id,
        instrument_id=lot.instrument_id,
        asset_class=instrument.asset_class,
        root=instrument.root,
        origin=lot.origin,
        side=lot.side,
        qty=lot.max_qty,
        opened_at=lot.opened_at,
        closed_at=lot.closed_at,
        avg_entry=entry,
        avg_exit=leave,
        gross=lot.realized_pnl,
        commission=lot.commission,
        outcome=outcome_of(lot.net_pnl, lot.max_qty, instrument),
        trade_date=trade_date_of(instrument, lot.closed_at),
        point_value=instrument.point_value,
        tick_size=instrument.tick_size,
        initial_risk=initial_risk(lot.side, entry, run.initial_stop, lot.max_qty, instrument),
        assumed=lot.assumed,
    )


def outcome_of(net: Decimal, qty: int, instrument: Instrument) -> TradeOutcome:
    if abs(net) < instrument.tick_value * qty:
        return TradeOutcome.SCRATCH
    return TradeOutcome.WIN if net > 0 else TradeOutcome.LOSS


def initial_risk(side: Side, entry: Decimal, stop: Decimal | None, qty: int, instrument: Instrument) -> Decimal | None:
    """US dollars between entry and first stop; an option bought without one risks its premium. None if unknown."""
    if stop is None:
        if instrument.asset_class is not AssetClass.OPTION or side is not Side.BUY:
            return None
        stop = Decimal(0)
    return abs(instrument.money(entry - stop, qty)) or None


def _split_at_flat(fill: Fill, lot: Lot | None) -> tuple[Fill, ...]:
    """The fill, or the part that closes and the part that opens; their commissions add up to the cent."""
    if lot is None or fill.side is lot.side or fill.last_qty <= lot.open_qty:
        return (fill,)
    share = to_cents(fill.commission * lot.open_qty / fill.last_qty)
    return (
        replace(fill, last_qty=lot.open_qty, commission=share),
        replace(fill, last_qty=fill.last_qty - lot.open_qty, commission=fill.commission - share),
    )
