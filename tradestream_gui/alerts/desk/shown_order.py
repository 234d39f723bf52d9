"""What a person may change on an entry that waits, and the order that he said yes to: that one goes, or none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tradestream_gui.alerts.binding.intents import Hold, Intent, OpenIntent
from tradestream_gui.domain.instruments import Instrument, Toward
from tradestream_gui.domain.orders import Side
from tradestream_gui.domain.tickets import EntryTicket

MicroOf = Callable[[Instrument], Instrument | None]


@dataclass(frozen=True, slots=True)
class Wish:
    """What differs from the alert's own order; None and False leave it as it is."""

    order_qty: int | None = None
    is_micro: bool = False
    at_alert: bool = False
    """Limit at the price that the alert names, without the allowance for drift."""


@dataclass(frozen=True, slots=True)
class ShownOrder:
    """The entry as a person saw it, and which version of the message stood behind it."""

    ticket: EntryTicket
    revision: int


def wished(intent: OpenIntent, wish: Wish, micro_of: MicroOf) -> EntryTicket:
    """The alert's entry with the wishes that it can take: those of a contract without micro, or of an alert without
    price, leave it alone."""
    ticket = intent.ticket
    micro = micro_of(intent.instrument) if wish.is_micro else None
    if micro is not None:
        qty = int(ticket.order_qty * intent.instrument.point_value / micro.point_value)
        ticket = replace(ticket, instrument_id=micro.instrument_id, order_qty=qty)
    if wish.at_alert and intent.said_price is not None:
        toward = Toward.DOWN if ticket.side is Side.BUY else Toward.UP
        ticket = replace(ticket, limit_price=intent.instrument.round_to_tick(intent.said_price, toward), walk_from=None)
    return ticket if wish.order_qty is None else replace(ticket, order_qty=wish.order_qty)


def as_shown(
    intents: Sequence[Intent], shown: ShownOrder, revision: int, micro_of: MicroOf
) -> tuple[Intent, ...] | Hold:
    """The intents with the entry as it was shown, or a hold where the message by now means another one."""
    entry = next((intent for intent in intents if isinstance(intent, OpenIntent)), None)
    if entry is None or shown.revision != revision or not _is_same_trade(entry, shown.ticket, micro_of):
        return Hold("ORDER_CHANGED", "the message no longer means the order that was shown; look at it again")
    changed = _changed(entry.ticket, shown.ticket)
    layers = (*(layer for layer in entry.layers if layer[0] not in changed), *((name, "you") for name in changed))
    meant = replace(entry, ticket=shown.ticket, layers=layers, micro=None)
    return tuple(meant if intent is entry else intent for intent in intents)


def _is_same_trade(entry: OpenIntent, order: EntryTicket, micro_of: MicroOf) -> bool:
    """The same message, account, side and lot, in the contract that the alert means or in its micro."""
    ticket, micro = entry.ticket, micro_of(entry.instrument)
    contracts = {ticket.instrument_id, *((micro.instrument_id,) if micro else ())}
    return (
        order.order_qty > 0
        and order.instrument_id in contracts
        and (ticket.origin, ticket.account_id, ticket.side, ticket.lot_id)
        == (order.origin, order.account_id, order.side, order.lot_id)
    )


def _changed(ticket: EntryTicket, order: EntryTicket) -> tuple[str, ...]:
    """Names of the values that a person gave, as the layers of an order call them. Without a price of its own the
    alert's limit moves with the market by itself."""
    same_market = ticket.reference_price == order.reference_price
    pairs = (
        ("sizes", ticket.order_qty, order.order_qty),
        ("use_micros", ticket.instrument_id, order.instrument_id),
        ("limit", ticket.limit_price, order.limit_price if same_market else ticket.limit_price),
    )
    return tuple(name for name, alerts, own in pairs if alerts != own)
