"""How far trades went while open: MAE, MFE, give-back, efficiency and capture, from the prices that were seen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from tradestream_gui.analytics.trades import Excursion, Trade
from tradestream_gui.domain.ids import InstrumentId, LotId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import Side
from tradestream_gui.domain.positions import Lot, closing_price
from tradestream_gui.domain.quotes import Quote, TradePrint


@dataclass(frozen=True, slots=True)
class RunningExcursion:
    """The extremes of one open lot so far. `observations` counts market prices, not our own fills."""

    lot: Lot
    instrument: Instrument
    mae: Decimal = ZERO
    mfe: Decimal = ZERO
    high: Decimal | None = None
    low: Decimal | None = None
    observations: int = 0
    complete: bool = True
    """False when the lot was already open before it was watched."""

    @property
    def measured(self) -> Excursion | None:
        """The excursion, or None when the market was not seen all the while."""
        if not self.complete or not self.observations or self.high is None or self.low is None:
            return None
        return Excursion(self.mae, self.mfe, self.high, self.low)

    def at_price(self, price: Decimal, *, observed: bool = True) -> "RunningExcursion":
        """After a price at which the lot could be closed; `observed` is False for our own fills."""
        profit = self.lot.realized_pnl
        for part in self.lot.open_parts:
            profit += self.instrument.money(price - part.price, part.qty * self.lot.side.sign)
        return RunningExcursion(
            self.lot,
            self.instrument,
            mae=min(self.mae, profit),
            mfe=max(self.mfe, profit),
            high=price if self.high is None else max(self.high, price),
            low=price if self.low is None else min(self.low, price),
            observations=self.observations + observed,
            complete=self.complete,
        )


class ExcursionTracker:
    """Follows every open lot through quotes and prints; the only writer of running excursions.

    A quote counts at the side the lot could be closed at; prints count only for instruments without quotes.
    """

    def __init__(self) -> None:
        self._running: dict[InstrumentId, dict[LotId, RunningExcursion]] = {}
        self._quoted: set[InstrumentId] = set()

    def running(self, lot_id: LotId, instrument_id: InstrumentId) -> RunningExcursion | None:
        return self._running.get(instrument_id, {}).get(lot_id)

    def of_instrument(self, instrument_id: InstrumentId) -> Mapping[LotId, RunningExcursion]:
        return self._running.get(instrument_id, {})

    def on_lot(self, lot: Lot, instrument: Instrument, last_px: Decimal, *, watched: bool = True) -> Excursion | None:
        """After a fill at `last_px`; answers the final excursion when the lot is flat now.

        `lot` is the present flat-to-flat run. `watched` False: the fill is restored history that nobody watched.
        """
        lots = self._running.setdefault(lot.instrument_id, {})
        known = lots.get(lot.lot_id) or RunningExcursion(lot, instrument, complete=watched)
        known = replace(known, lot=lot, complete=known.complete and watched).at_price(last_px, observed=False)
        if not lot.is_flat:
            lots[lot.lot_id] = known
            return None
        lots.pop(lot.lot_id, None)
        if not lots:
            del self._running[lot.instrument_id]
        return known.measured

    def on_quote(self, quote: Quote) -> None:
        lots = self._running.get(quote.instrument_id)
        if quote.bid is not None or quote.ask is not None:
            self._quoted.add(quote.instrument_id)
        if not lots or quote.is_crossed:
            return
        for lot_id, known in lots.items():
            price = closing_price(known.lot.side, quote)
            if price is None and quote.instrument_id not in self._quoted:
                price = quote.last
            if price is not None:
                lots[lot_id] = known.at_price(price)

    def on_print(self, trade_print: TradePrint) -> None:
        lots = self._running.get(trade_print.instrument_id)
        if not lots or trade_print.instrument_id in self._quoted:
            return
        for lot_id, known in lots.items():
            lots[lot_id] = known.at_price(trade_print.price)


@dataclass(frozen=True, slots=True)
class Efficiency:
    """Shares of the price range between entry and exit (Zamansky and Stendahl): total = entry + exit - 1."""

    entry: Decimal
    exit: Decimal
    total: Decimal


def efficiency(trade: Trade) -> Efficiency | None:
    """None when the range was not measured or is empty."""
    seen = trade.excursion
    if seen is None or seen.high == seen.low:
        return None
    width = seen.high - seen.low
    if trade.side is Side.BUY:
        entry, leave = (seen.high - trade.avg_entry) / width, (trade.avg_exit - seen.low) / width
    else:
        entry, leave = (trade.avg_entry - seen.low) / width, (seen.high - trade.avg_exit) / width
    return Efficiency(entry, leave, entry + leave - 1)


def give_back(trade: Trade) -> Decimal | None:
    """End trade drawdown in US dollars: the best open profit less the gross result; never negative."""
    return trade.excursion.mfe - trade.gross if trade.excursion else None


def capture(trade: Trade) -> Decimal | None:
    """Gross result as a share of the best open profit; None when there never was one."""
    if trade.excursion is None or trade.excursion.mfe <= 0:
        return None
    return trade.gross / trade.excursion.mfe
