"""How well alerts were executed: slippage with its exact parts, fill rates, and where the time went."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from tradestream_gui.analytics.statistic import Statistic, mean_of, missing
from tradestream_gui.domain.ids import ClOrdId, MessageKey
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import Order, OrdStatus, Origin, Side

ACKNOWLEDGED_TO_FILL = "acknowledgement to first fill"
NOT_SENT = frozenset({OrdStatus.DENIED, OrdStatus.ABANDONED, OrdStatus.PENDING_NEW})


@dataclass(frozen=True, slots=True)
class Cost:
    """A price difference that was paid: positive is a cost, negative a gain. `dollars` is exact."""

    dollars: Decimal
    qty: int
    instrument: Instrument
    base_price: Decimal

    @property
    def points(self) -> Decimal:
        return self.dollars / (self.instrument.point_value * self.qty)

    @property
    def ticks(self) -> Decimal:
        return self.dollars / (self.instrument.tick_value * self.qty)

    @property
    def basis_points(self) -> Decimal | None:
        """Of the price that it is measured from; None where that is not positive."""
        return self.points / self.base_price * 10_000 if self.base_price > 0 else None


@dataclass(frozen=True, slots=True)
class EntryExecution:
    """One filled entry order beside what the alert said and what the market showed.

    `fill_value` is the sum of price times quantity of its fills. `mid_at_message` is the first recorded middle of
    the alert, on receipt; `mid_at_submit` that of the moment of sending. None where nobody recorded it.
    """

    cl_ord_id: ClOrdId
    message_key: MessageKey | None
    origin: Origin
    instrument: Instrument
    side: Side
    qty: int
    fill_value: Decimal
    alert_price: Decimal | None
    mid_at_message: Decimal | None
    mid_at_submit: Decimal | None

    @property
    def alert_slippage(self) -> Cost | None:
        """Our fills against the alert's price."""
        return self._filled_above(self.alert_price)

    @property
    def arrival_slippage(self) -> Cost | None:
        """Our fills against the middle at sending (implementation shortfall, Perold 1988)."""
        return self._filled_above(self.mid_at_submit)

    @property
    def latency_cost(self) -> Cost | None:
        """What the market moved between message and sending."""
        return self._moved(self.mid_at_message, self.mid_at_submit)

    @property
    def alert_gap(self) -> Cost | None:
        """How far the market stood from the alert's price when the message came.

        alert slippage = alert gap + latency cost + arrival slippage, exactly.
        """
        return self._moved(self.alert_price, self.mid_at_message)

    def _filled_above(self, base: Decimal | None) -> Cost | None:
        if base is None:
            return None
        dollars = self.instrument.money(self.fill_value - base * self.qty, self.side.sign)
        return Cost(dollars, self.qty, self.instrument, base)

    def _moved(self, start: Decimal | None, end: Decimal | None) -> Cost | None:
        if start is None or end is None:
            return None
        return Cost(self.instrument.money(end - start, self.qty * self.side.sign), self.qty, self.instrument, start)


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The moments of one alerted order from message to fill; None where a stage was not reached or not seen.

    `posted` stands on the source's clock and the fills on the broker's, which may be whole seconds; the rest is
    ours. A stage that would end before it began is not measured: those clocks disagree.
    """

    cl_ord_id: ClOrdId
    message_key: MessageKey | None
    posted: datetime | None
    received: datetime | None
    decided: datetime | None
    intended: datetime
    sent: datetime | None = None
    acknowledged: datetime | None = None
    first_fill: datetime | None = None
    last_fill: datetime | None = None

    def stages(self) -> tuple[tuple[str, float | None], ...]:
        """(stage, milliseconds) in order; a stage whose ends are not both known is None."""
        return (
            ("message to receipt", _ms(self.posted, self.received)),
            ("receipt to decision", _ms(self.received, self.decided)),
            ("decision to intent", _ms(self.decided, self.intended)),
            ("intent to sending", _ms(self.intended, self.sent)),
            ("sending to acknowledgement", _ms(self.sent, self.acknowledged)),
            (ACKNOWLEDGED_TO_FILL, self._waited_ms),
            ("first fill to last fill", _ms(self.first_fill, self.last_fill)),
        )

    @property
    def time_to_fill_ms(self) -> float | None:
        """From sending to the first fill."""
        return _ms(self.sent, self.first_fill)

    @property
    def is_filled_before_acknowledged(self) -> bool:
        """The broker had filled it before we heard the acknowledgement, which takes its time back to us."""
        if self.sent is None or self.acknowledged is None or self.first_fill is None:
            return False
        return self.sent <= self.first_fill < self.acknowledged

    @property
    def _waited_ms(self) -> float | None:
        """How long the acknowledged order stood unfilled: not at all when it was filled by then."""
        return 0.0 if self.is_filled_before_acknowledged else _ms(self.acknowledged, self.first_fill)

    @property
    def total_ms(self) -> float | None:
        """From the message to the first fill."""
        return _ms(self.posted, self.first_fill)


@dataclass(frozen=True, slots=True)
class ExecutionSummary:
    """Execution of a set of entries; n counts what each figure was measured on."""

    alert_slippage_ticks: Statistic
    alert_slippage_dollars: Statistic
    arrival_slippage_ticks: Statistic
    latency_cost_ticks: Statistic
    fill_rate: Statistic
    """Filled over ordered quantity of entries that were sent."""
    orders_filled: Statistic
    """Share of sent entries that filled at least one contract."""
    canceled: Statistic
    rejected: Statistic
    time_to_fill_p50_ms: Statistic
    time_to_fill_p95_ms: Statistic
    stages_p50_ms: tuple[tuple[str, Statistic], ...]


def execution_summary(
    entries: Sequence[EntryExecution], orders: Sequence[Order], waterfalls: Sequence[Waterfall]
) -> ExecutionSummary:
    """`orders` are the entry orders in their newest state."""
    sent = [order for order in orders if order.ord_status not in NOT_SENT]
    slips = [entry.alert_slippage for entry in entries]
    arrivals = [entry.arrival_slippage for entry in entries]
    delays = [entry.latency_cost for entry in entries]
    times = [waterfall.time_to_fill_ms for waterfall in waterfalls]
    return ExecutionSummary(
        alert_slippage_ticks=_mean_ticks(slips, "alert price"),
        alert_slippage_dollars=_total([slip.dollars for slip in slips if slip]),
        arrival_slippage_ticks=_mean_ticks(arrivals, "quote at sending"),
        latency_cost_ticks=_mean_ticks(delays, "quotes at receipt and sending"),
        fill_rate=_share(sum(min(o.cum_qty, o.order_qty) for o in sent), sum(o.order_qty for o in sent), len(sent)),
        orders_filled=_share_of(sent, [order.cum_qty > 0 for order in sent]),
        canceled=_share_of(sent, [o.ord_status in (OrdStatus.CANCELED, OrdStatus.EXPIRED) for o in sent]),
        rejected=_share_of(sent, [order.ord_status is OrdStatus.REJECTED for order in sent]),
        time_to_fill_p50_ms=percentile(times, 50),
        time_to_fill_p95_ms=percentile(times, 95),
        stages_p50_ms=tuple(_stages(waterfalls)),
    )


def percentile(values: Sequence[float | None], percent: int) -> Statistic:
    """Nearest rank: the smallest value that at least this share of the measured ones do not exceed."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return missing(0, "not measured")
    return Statistic(known[max(math.ceil(len(known) * percent / 100), 1) - 1], len(known))


def _stages(waterfalls: Sequence[Waterfall]) -> Iterator[tuple[str, Statistic]]:
    """The median of each stage; that of the wait for a fill says how many did not wait."""
    early = sum(waterfall.is_filled_before_acknowledged for waterfall in waterfalls)
    for each in zip(*(waterfall.stages() for waterfall in waterfalls), strict=True):
        name, median = each[0][0], percentile([value for _, value in each], 50)
        if name == ACKNOWLEDGED_TO_FILL and early:
            median = replace(median, reason=f"{early} filled before the acknowledgement came back: no wait")
        yield name, median


def _ms(start: datetime | None, end: datetime | None) -> float | None:
    return None if start is None or end is None or end < start else (end - start).total_seconds() * 1000


def _mean_ticks(costs: Sequence[Cost | None], what: str) -> Statistic:
    return mean_of((cost.ticks if cost else None for cost in costs), what, "entry order")


def _total(costs: Sequence[Decimal]) -> Statistic:
    return Statistic(sum(costs, ZERO), len(costs)) if costs else missing(0, "no alert price")


def _share_of(orders: Sequence[Order], hits: Sequence[bool]) -> Statistic:
    return _share(sum(hits), len(orders), len(orders))


def _share(part: int, whole: int, n: int) -> Statistic:
    return Statistic(Decimal(part) / whole, n) if whole else missing(n, "no entry was sent")
