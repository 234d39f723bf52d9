"""Exits that the venue keeps: those that an order brings along, and those that an account lays round each position."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.servers.projectx.orders import (
    BUY,
    CANCELLED,
    FILLED,
    LIMIT,
    OPEN,
    SELL,
    STOP,
    PxAccount,
    PxOrder,
    PxPosition,
)

if TYPE_CHECKING:
    from tests.servers.projectx.exchange import Exchange


def lay_round(order: PxOrder, next_id: Callable[[], int]) -> list[PxOrder]:
    """The sleeping exits of an order that brings brackets; their prices are known when it has filled."""
    legs = []
    for bracket in (order.stop_loss, order.take_profit):
        if bracket is not None:
            side = SELL if order.side == BUY else BUY
            times = order.created, order.updated
            legs.append(PxOrder(next_id(), order.account_id, order.contract, *times, bracket.type, side, order.size))
    for leg in legs:
        leg.siblings = [other for other in legs if other is not leg]
    return legs


def after_fill(exchange: "Exchange", order: PxOrder, position: PxPosition, account: PxAccount) -> None:
    """Wakes the order's own exits, cancels what a filled exit leaves over, and fits the position's brackets."""
    if order.status == FILLED:
        for sibling in order.siblings:
            exchange.end(sibling, CANCELLED)
        for leg in order.legs:
            _wake(exchange, order, leg)
    if account.position_brackets is not None and not order.by_venue:
        _fit_position_brackets(exchange, position, account.position_brackets)
    elif order.by_venue and not position.qty:
        _cancel_venues(exchange, position)


def _wake(exchange: "Exchange", parent: PxOrder, leg: PxOrder) -> None:
    bracket = parent.stop_loss if leg.type == STOP else parent.take_profit
    assert bracket is not None, "the leg comes from it"
    away = parent.contract.tick_size * abs(bracket.ticks) * parent.sign
    entry = parent.paid / parent.filled
    leg.stop, leg.limit = (entry - away, None) if leg.type == STOP else (None, entry + away)
    leg.status, leg.updated = OPEN, exchange.now()
    exchange.tell(leg)
    exchange.match(leg)


def _fit_position_brackets(exchange: "Exchange", position: PxPosition, ticks: tuple[int, int]) -> None:
    _cancel_venues(exchange, position)
    if not position.qty:
        return
    sign = 1 if position.qty > 0 else -1
    tick = position.contract.tick_size
    made = []
    for type_, away in ((STOP, -ticks[0]), (LIMIT, ticks[1])):
        order = exchange.draft(
            position.account_id, position.contract, type_, SELL if sign > 0 else BUY, abs(position.qty)
        )
        order.by_venue = True
        price = position.avg // tick * tick + away * tick * sign
        order.stop, order.limit = (price, None) if type_ == STOP else (None, price)
        made.append(order)
    for order in made:
        order.siblings = [other for other in made if other is not order]
        exchange.orders.append(order)
        exchange.tell(order)


def _cancel_venues(exchange: "Exchange", position: PxPosition) -> None:
    for order in exchange.working(position.account_id):
        if order.by_venue and order.contract is position.contract:
            exchange.end(order, CANCELLED)
