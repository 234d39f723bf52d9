"""What a replay found: per message its decision and orders, per analyst and channel the trades, as plain values."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from tradestream_gui.analytics.trades import Trade
from tradestream_gui.domain.decisions import Decision, Outcome
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.domain.messages import MessageRevision
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import Fill, Order
from tradestream_gui.domain.positions import Lot


@dataclass(frozen=True, slots=True)
class MessageResult:
    """One message with the one decision about its last revision, and the orders and fills that came of it."""

    message: MessageRevision
    decision: Decision | None
    decision_count: int
    orders: tuple[Order, ...]
    fills: tuple[Fill, ...]


@dataclass(frozen=True, slots=True)
class DryRun:
    """What one channel, or one analyst, would have led to: the ground for letting it trade or not.

    `alerts` leaves out what is no alert. `uncalled` are entries that nobody called, None while no person has marked
    them. `net` and `commission` are US dollars of closed trades.
    """

    name: str
    messages: int
    alerts: int
    outcomes: Mapping[Outcome, int]
    trades: int
    wins: int
    net: Decimal
    commission: Decimal
    uncalled: int | None = None

    @property
    def held_pct(self) -> Decimal | None:
        """Held alerts in percent of all alerts; None without an alert."""
        return Decimal(100) * self.outcomes.get(Outcome.HELD, 0) / self.alerts if self.alerts else None


@dataclass(frozen=True, slots=True)
class OpenLot:
    """What the history left open; `unrealized` is None where no price was seen."""

    lot: Lot
    unrealized: Decimal | None


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """Everything that a replay found, in the order of the messages, orders, fills and trades."""

    messages: tuple[MessageResult, ...]
    orders: tuple[Order, ...]
    fills: tuple[Fill, ...]
    trades: tuple[Trade, ...]
    open_lots: tuple[OpenLot, ...]
    by_channel: tuple[DryRun, ...]
    by_analyst: tuple[DryRun, ...]
    total: DryRun
    notices: tuple[str, ...] = ()


def dry_runs(messages: Sequence[MessageResult], trades: Sequence[Trade], *, by_channel: bool) -> tuple[DryRun, ...]:
    """One row for each channel, or for each author, in the order of first appearance."""
    names = dict.fromkeys(_name(each.message, by_channel) for each in messages)
    return tuple(
        dry_run(
            name,
            [each for each in messages if _name(each.message, by_channel) == name],
            [trade for trade in trades if (trade.channel if by_channel else trade.analyst) == name],
        )
        for name in names
    )


def dry_run(name: str, messages: Sequence[MessageResult], trades: Sequence[Trade]) -> DryRun:
    outcomes: dict[Outcome, int] = {}
    for each in messages:
        if each.decision is not None:
            outcomes[each.decision.outcome] = outcomes.get(each.decision.outcome, 0) + 1
    return DryRun(
        name=name,
        messages=len(messages),
        alerts=sum(count for outcome, count in outcomes.items() if outcome is not Outcome.IGNORED),
        outcomes=outcomes,
        trades=len(trades),
        wins=sum(1 for trade in trades if trade.net > ZERO),
        net=_sum(trade.net for trade in trades),
        commission=_sum(trade.commission for trade in trades),
    )


def orders_by_message(orders: Iterable[Order]) -> dict[MessageKey, tuple[Order, ...]]:
    """Orders of each message, exits of the lot it opened included."""
    found: dict[MessageKey, list[Order]] = {}
    for order in orders:
        if order.origin.message_key is not None:
            found.setdefault(order.origin.message_key, []).append(order)
    return {key: tuple(group) for key, group in found.items()}


def _name(message: MessageRevision, by_channel: bool) -> str:
    return message.channel_name if by_channel else message.author_name


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
