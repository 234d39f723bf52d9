"""An alert's film: what it claimed, the market at that moment, our fills, and how far each trade went meanwhile."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tradestream_gui.analytics.alert_book import AlertBook
from tradestream_gui.analytics.excursion import ExcursionTracker, RunningExcursion
from tradestream_gui.analytics.trades import OpenRun, Trade, TradeLedger
from tradestream_gui.domain.ids import InstrumentId, LotId, MessageKey
from tradestream_gui.domain.orders import Fill, Side

FillsOf = Callable[[LotId], tuple[Fill, ...]]


@dataclass(frozen=True, slots=True)
class FilmStep:
    at: datetime
    price: Decimal
    qty: int


@dataclass(frozen=True, slots=True)
class FilmTrade:
    """One trade on the alert. `best` and `worst` are prices, `mfe` and `mae` US dollars; None where nobody watched."""

    lot_id: LotId
    side: Side
    entry: FilmStep
    exits: tuple[FilmStep, ...]
    closed_at: datetime | None
    """None while it is open."""
    best: Decimal | None
    worst: Decimal | None
    mfe: Decimal | None
    mae: Decimal | None


@dataclass(frozen=True, slots=True)
class AlertFilm:
    """`at` is when the alert came in; `bid` and `ask` are the market then, None where it was not recorded."""

    message_key: MessageKey
    instrument_id: InstrumentId
    at: datetime
    side: Side
    claimed: Decimal | None
    bid: Decimal | None
    ask: Decimal | None
    trades: tuple[FilmTrade, ...]


class AlertFilms:
    """Reads the books of the analytics service; keeps nothing itself."""

    def __init__(self, alerts: AlertBook, ledger: TradeLedger, excursions: ExcursionTracker, fills_of: FillsOf) -> None:
        self._alerts = alerts
        self._ledger = ledger
        self._excursions = excursions
        self._fills_of = fills_of

    def of(self, instrument_id: InstrumentId) -> tuple[AlertFilm, ...]:
        """The alerts that called an entry into this instrument, each with its market then and our trades on it."""
        trades = self._trades(instrument_id)
        films = []
        for record in self._alerts.records():
            at = record.revision.received_at if record.revision is not None else record.decided_at
            if record.instrument_id != instrument_id or record.call is None or at is None:
                continue
            found = tuple(trades.get(record.message_key, ()))
            claimed, bid, ask = record.call.price, record.bid_at_message, record.ask_at_message
            films.append(AlertFilm(record.message_key, instrument_id, at, record.call.side, claimed, bid, ask, found))
        return tuple(films)

    def _trades(self, instrument_id: InstrumentId) -> dict[MessageKey, list[FilmTrade]]:
        """By alert: those that are closed, then what is open."""
        found: dict[MessageKey, list[FilmTrade]] = {}
        for trade in self._ledger.trades:
            if trade.instrument_id == instrument_id and trade.origin.message_key is not None:
                found.setdefault(trade.origin.message_key, []).append(_closed(trade, self._fills_of))
        for run in self._ledger.open_runs():
            lot = run.lot
            if lot.instrument_id == instrument_id and lot.origin.message_key is not None and lot.opened_at is not None:
                seen = self._excursions.running(lot.lot_id, instrument_id)
                found.setdefault(lot.origin.message_key, []).append(_open(run, self._fills_of, seen))
        return found


def _closed(trade: Trade, fills_of: FillsOf) -> FilmTrade:
    seen = trade.excursion
    best, worst = (None, None) if seen is None else _ends(trade.side, seen.high, seen.low)
    return FilmTrade(
        lot_id=trade.lot_id,
        side=trade.side,
        entry=FilmStep(trade.opened_at, trade.avg_entry, trade.qty),
        exits=_exits(fills_of(trade.lot_id), trade.side, trade.opened_at, trade.closed_at),
        closed_at=trade.closed_at,
        best=best,
        worst=worst,
        mfe=None if seen is None else seen.mfe,
        mae=None if seen is None else seen.mae,
    )


def _open(run: OpenRun, fills_of: FillsOf, found: RunningExcursion | None) -> FilmTrade:
    lot = run.lot
    assert lot.opened_at is not None, "a run has been opened"
    assert lot.avg_entry_of_all is not None, "a run has an entry"
    seen = None if found is None else found.measured
    best, worst = (None, None) if seen is None else _ends(lot.side, seen.high, seen.low)
    return FilmTrade(
        lot_id=lot.lot_id,
        side=lot.side,
        entry=FilmStep(lot.opened_at, lot.avg_entry_of_all, lot.max_qty),
        exits=_exits(fills_of(lot.lot_id), lot.side, lot.opened_at, None),
        closed_at=None,
        best=best,
        worst=worst,
        mfe=None if seen is None else seen.mfe,
        mae=None if seen is None else seen.mae,
    )


def _ends(side: Side, high: Decimal, low: Decimal) -> tuple[Decimal, Decimal]:
    return (high, low) if side is Side.BUY else (low, high)


def _exits(fills: Iterable[Fill], side: Side, opened: datetime, closed: datetime | None) -> tuple[FilmStep, ...]:
    """The closing fills of this run; the lot may have had others before and after."""
    return tuple(
        FilmStep(fill.at, fill.last_px, fill.last_qty)
        for fill in fills
        if fill.side is not side and fill.at >= opened and (closed is None or fill.at <= closed)
    )
