"""Linked orders: targets reduce their stop, the stop reduces its targets, entries of one group replace one another."""

from datetime import datetime

from tradestream_gui.adapters.brokers.paper.floor import TradingFloor
from tradestream_gui.adapters.brokers.paper.orders import stop_of, targets_of
from tradestream_gui.adapters.brokers.paper.state import PaperOrder
from tradestream_gui.domain.orders import OrderRole


def refusal(floor: TradingFloor, order: PaperOrder) -> str | None:
    """Why an order may not join its group or grow in it: linked exits together never exceed their stop."""
    if order.oca_group is None or order.role not in (OrderRole.STOP, OrderRole.TARGET):
        return None
    members = floor.orders.group(order)
    stop = stop_of(members)
    if order.role is OrderRole.STOP:
        return f"SECOND_STOP: {stop.order_id} already protects the group {order.oca_group}" if stop else None
    if stop is None:
        return f"NO_LINKED_STOP: no stop works in the group {order.oca_group}, so its target would stand alone"
    wanted = order.resting.leaves_qty + sum(target.leaves_qty for target in targets_of(members))
    if wanted > stop.leaves_qty:
        return f"LINKED_EXIT_TOO_LARGE: targets for {wanted} exceed the {stop.leaves_qty} that their stop protects"
    return None


def after_fill(floor: TradingFloor, order: PaperOrder, qty: int, at: datetime) -> None:
    """What the fill of `qty` does to the orders linked with this one."""
    peers = floor.orders.group(order)
    if order.role is OrderRole.ENTRY:
        for peer in peers:
            if peer.role is OrderRole.ENTRY:
                floor.reduce(peer, qty, at, f"linked order {order.order_id} filled {qty}")
        return
    stop = stop_of(peers)
    if order.role is OrderRole.TARGET and stop is not None:
        floor.reduce(stop, qty, at, f"linked target {order.order_id} filled {qty}")
    trim_targets(floor, order, at)


def trim_targets(floor: TradingFloor, order: PaperOrder, at: datetime) -> None:
    """Takes off the group's targets, farthest first, what its stop no longer covers; without a stop all of it."""
    if order.oca_group is None or order.role is OrderRole.ENTRY:
        return
    now = floor.orders.get(order.order_id)
    members = [*floor.orders.group(order), *([now] if now.is_working else [])]
    stop, targets = stop_of(members), targets_of(members)
    room = stop.leaves_qty if stop else 0
    excess = sum(target.leaves_qty for target in targets) - room
    text = "the linked stop was reduced" if stop else "the linked stop is gone"
    for target in targets:
        cut = min(excess, target.leaves_qty)
        floor.reduce(target, cut, at, text)
        excess -= max(cut, 0)
