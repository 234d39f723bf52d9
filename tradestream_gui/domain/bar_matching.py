"""The fill model on bars, where the path inside is unknown: pessimistic, with the other bound kept beside it."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.matching import FillSettings, RestingOrder, slipped, through_price
from tradestream_gui.domain.orders import OrdType, Side
from tradestream_gui.domain.quotes import Bar


class BarLeg(Enum):
    STOP = "stop"
    TARGET = "target"


@dataclass(frozen=True, slots=True)
class BarExit:
    """How a position with a stop and a target left on a bar.

    `leg` None: it certainly did not leave by the pessimistic reading. `optimistic_px` is the price of the best
    reading; the two differ exactly where the bar is ambiguous.
    """

    leg: BarLeg | None
    price: Decimal | None
    optimistic_px: Decimal | None

    @property
    def is_ambiguous(self) -> bool:
        return self.price != self.optimistic_px


def fill_on_bar(order: RestingOrder, bar: Bar, instrument: Instrument, settings: FillSettings) -> Decimal | None:
    """The price at which a bar fills an order that rested before it; None when it certainly did not.

    A trailing stop is tested at its price before the bar; `trailed` moves it afterwards.
    """
    if order.ord_type is OrdType.MARKET:
        return slipped(bar.open, order.side, settings.market_slippage_ticks, instrument)
    if order.ord_type is OrdType.LIMIT or (order.is_triggered and order.limit_price is not None):
        return _limit_fill(order, bar, instrument, settings)
    market = _market_at_stop(order, bar)
    if market is None:
        return None
    filled = slipped(market, order.side, settings.stop_slippage_ticks, instrument)
    if order.limit_price is None:
        return filled
    sign = order.side.sign
    if (market - order.limit_price) * sign <= 0:
        return filled if (filled - order.limit_price) * sign <= 0 else order.limit_price
    return _limit_fill(order, bar, instrument, settings)


def leave_on_bar(
    stop: RestingOrder,
    target: RestingOrder,
    bar: Bar,
    instrument: Instrument,
    settings: FillSettings,
    entered_at: Decimal | None = None,
) -> BarExit | None:
    """How a linked stop and target leave on a bar: both in reach counts as the stop; None when neither was.

    `entered_at` is the entry price when the position was opened inside this very bar: its path begins there, and
    a target is certain only when the bar closes through it.
    """
    path = bar if entered_at is None else _from_entry(bar, entered_at)
    stop_px = fill_on_bar(stop, path, instrument, settings)
    target_px = fill_on_bar(target, path, instrument, settings)
    opened_beyond = (through_price(target, instrument, settings) - path.open) * target.side.sign >= 0
    if stop_px is not None and not opened_beyond:
        gapped = (path.open - (stop.stop_price or path.open)) * stop.side.sign >= 0
        best = stop_px if gapped or target_px is None else target_px
        return BarExit(BarLeg.STOP, stop_px, best)
    if target_px is None:
        return None
    beyond = (through_price(target, instrument, settings) - bar.close) * target.side.sign >= 0
    if entered_at is None or entered_at == bar.open or beyond or opened_beyond:
        return BarExit(BarLeg.TARGET, target_px, target_px)
    return BarExit(None, None, target_px)


def _limit_fill(order: RestingOrder, bar: Bar, instrument: Instrument, settings: FillSettings) -> Decimal | None:
    assert order.limit_price is not None, "a limit order has a limit price"
    sign = order.side.sign
    reached = bar.low if order.side is Side.BUY else bar.high
    if (through_price(order, instrument, settings) - reached) * sign < 0:
        return None
    if settings.gap_improves_limit and (order.limit_price - bar.open) * sign > 0:
        return bar.open
    return order.limit_price


def _market_at_stop(order: RestingOrder, bar: Bar) -> Decimal | None:
    """Where the market stands when the stop is elected: at its price, or at the open that gapped through it."""
    if order.stop_price is None:
        return None
    if order.side is Side.SELL:
        return min(bar.open, order.stop_price) if bar.low <= order.stop_price else None
    return max(bar.open, order.stop_price) if bar.high >= order.stop_price else None


def _from_entry(bar: Bar, entered_at: Decimal) -> Bar:
    return Bar(
        bar.instrument_id, bar.start, bar.seconds, entered_at, bar.high, bar.low, bar.close, bar.volume, bar.kind
    )
