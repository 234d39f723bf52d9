"""The exchange behind the server: takes orders, matches them against one price per contract, keeps the ledger."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from tests.servers.tws.contracts import TwsContract
from tests.servers.tws.orders import STOPS, ZERO, Terms, TwsOrder

COMMISSION = Decimal("2.25")
"""Each contract or hundred shares."""


@dataclass(frozen=True, slots=True)
class Prices:
    bid: Decimal
    ask: Decimal
    last: Decimal
    size: int


@dataclass(frozen=True, slots=True)
class Executed:
    exec_id: str
    order: TwsOrder
    qty: int
    px: Decimal
    at: datetime
    total: int
    avg_px: Decimal
    commission: Decimal
    realized: Decimal | None


@dataclass(slots=True)
class Holding:
    contract: TwsContract
    qty: int = 0
    avg_px: Decimal = ZERO


class Outlet(Protocol):
    """Who carries the exchange's news to the clients."""

    def order_changed(self, order: TwsOrder) -> None: ...

    def executed(self, fill: Executed) -> None: ...

    def position_changed(self, account: str, holding: Holding) -> None: ...

    def refused(self, client_id: int, order_id: int, code: int, words: str) -> None: ...


class Exchange:
    """`linked_by_share` makes reduce-type OCA groups shrink in proportion instead of by the filled quantity."""

    def __init__(self, account: str, cash: Decimal, outlet: Outlet, now: Callable[[], datetime]) -> None:
        self.account = account
        self.start_cash = cash
        self.cash = cash
        self.orders: list[TwsOrder] = []
        self.fills: list[Executed] = []
        self.prices: dict[int, Prices] = {}
        self.linked_by_share = False
        self._holdings: dict[int, Holding] = {}
        self._left: dict[tuple[int, int], int] = {}
        self._outlet = outlet
        self._now = now
        self._perm_ids = itertools.count(1_914_000_001)
        self._refusals: list[tuple[int, str]] = []
        self._late_refusals: list[str] = []

    # -- requests ------------------------------------------------------------------------------------------

    def place(self, client_id: int, order_id: int, contract: TwsContract | None, terms: Terms) -> None:
        known = self.find(client_id, order_id)
        if known is not None:
            self._modify(known, terms)
            return
        refusal = self._refusal(contract, terms)
        if contract is None or refusal is not None:
            code, words = refusal or (200, "No security definition has been found for the request")
            self._outlet.refused(client_id, order_id, code, words)
            return
        order = TwsOrder(next(self._perm_ids), client_id, order_id, contract, terms, "PreSubmitted")
        order.parent = self.find(client_id, terms.parent_id) if terms.parent_id else None
        order.stop = terms.trail_stop if terms.ord_type == "TRAIL" else terms.aux
        self.orders.append(order)
        if order.parent is not None:
            order.parent.children.append(order)
        if not terms.transmit:
            order.untransmitted = True
            order.status = "PendingSubmit"
            self._outlet.order_changed(order)
            return
        self._transmit(order)

    def cancel(self, client_id: int, order_id: int) -> None:
        order = self.find(client_id, order_id)
        if order is None:
            words = f"OrderId {order_id} that needs to be cancelled is not found"
            self._outlet.refused(client_id, order_id, 10147, words)
        elif order.is_done and order.status != "Inactive":
            words = f"OrderId {order_id} that needs to be cancelled cannot be cancelled, state: {order.status}"
            self._outlet.refused(client_id, order_id, 10148, words)
        else:
            self._end(order, "Cancelled", "Cancelled by Trader")
            self._outlet.refused(client_id, order_id, 202, "Order Canceled - reason:")

    def cancel_all(self) -> None:
        for order in self.working():
            self._end(order, "Cancelled", "Cancelled by Trader")

    def trade_by_hand(self, contract: TwsContract, action: str, qty: int) -> TwsOrder:
        """A market order made in the TWS window: no client, no reference."""
        terms = Terms(action, qty, "MKT", None, None, "DAY", "", 0, self.account, "", True, 0, False, None, None, False)
        order = TwsOrder(next(self._perm_ids), 0, 0, contract, terms, "PreSubmitted")
        self.orders.append(order)
        self._transmit(order)
        return order

    def refuse_next(self, code: int, words: str) -> None:
        self._refusals.append((code, words))

    def refuse_next_late(self, words: str) -> None:
        """The next order is acknowledged, then turns Inactive."""
        self._late_refusals.append(words)

    # -- the market ----------------------------------------------------------------------------------------

    def price(self, contract: TwsContract, bid: Decimal, ask: Decimal, last: Decimal, size: int) -> None:
        self.prices[contract.con_id] = Prices(bid, ask, last, size)
        self._left[contract.con_id, 1] = self._left[contract.con_id, -1] = size
        resting = [order for order in self.working() if order.contract.con_id == contract.con_id]
        for order in sorted(resting, key=lambda one: one.terms.ord_type not in STOPS):
            self._match(order)

    def fill(self, order: TwsOrder, qty: int, px: Decimal) -> None:
        """Executes by command, whatever the prices say."""
        self._execute(order, qty, px)

    def let_expire(self) -> None:
        """Cancels what is good till a moment that has passed."""
        for order in self.working():
            if order.terms.good_till is not None and order.terms.good_till <= self._now():
                self._end(order, "Cancelled", "Order expired")

    def end_day(self) -> None:
        """After midnight TWS has forgotten yesterday's completed orders and executions."""
        for order in self.working():
            if order.terms.tif == "DAY":
                self._end(order, "Cancelled", "Day order expired")
        self.orders = self.working()
        self.fills = []

    # -- the ledger ----------------------------------------------------------------------------------------

    def find(self, client_id: int, order_id: int) -> TwsOrder | None:
        return next((one for one in self.orders if (one.client_id, one.order_id) == (client_id, order_id)), None)

    def working(self) -> list[TwsOrder]:
        return [order for order in self.orders if not order.is_done]

    def holdings(self) -> list[Holding]:
        return [holding for holding in self._holdings.values() if holding.qty]

    def open_profit(self) -> Decimal:
        total = ZERO
        for holding in self.holdings():
            prices = self.prices.get(holding.contract.con_id)
            if prices is not None:
                mark = prices.bid if holding.qty > 0 else prices.ask
                total += (mark - holding.avg_px) * holding.contract.point_value * holding.qty
        return total

    def held_value(self) -> Decimal:
        """What is paid for and not settled daily: shares and options at cost."""
        held = [one for one in self.holdings() if not one.contract.settles_daily]
        return sum((one.avg_px * one.contract.point_value * one.qty for one in held), ZERO)

    # -- inside --------------------------------------------------------------------------------------------

    def _refusal(self, contract: TwsContract | None, terms: Terms) -> tuple[int, str] | None:
        if self._refusals:
            return self._refusals.pop(0)
        if terms.account not in ("", self.account):
            return 321, f"Error validating request: unknown account {terms.account}"
        if contract is None:
            return 200, "No security definition has been found for the request"
        if terms.qty <= 0:
            return 434, "The order size cannot be zero."
        for price in (terms.lmt, terms.aux if terms.ord_type != "TRAIL" else None):
            if price and price % contract.step_at(price):
                return 110, "The price does not conform to the minimum price variation for this contract."
        return None

    def _modify(self, order: TwsOrder, terms: Terms) -> None:
        client_id, order_id = order.client_id, order.order_id
        if order.is_done:
            self._outlet.refused(client_id, order_id, 104, "Cannot modify a filled order.")
            return
        refusal = self._refusal(order.contract, terms)
        if refusal is None and terms.qty <= order.filled:
            refusal = 321, f"Error validating request: {order.filled} are filled already"
        if refusal is not None:
            self._outlet.refused(client_id, order_id, *refusal)
            return
        order.terms = terms
        order.stop = terms.trail_stop if terms.ord_type == "TRAIL" else terms.aux
        order.triggered = order.triggered and terms.ord_type in STOPS
        if order.untransmitted and terms.transmit:
            self._transmit(order)
            return
        order.status = self._working_status(order)
        self._outlet.order_changed(order)
        self._match(order)

    def _transmit(self, order: TwsOrder) -> None:
        """Sends an order to the market, and with it the whole family that waited for it."""
        family = [order]
        if order.parent is not None:
            family = [order.parent, *order.parent.children]
        for member in [one for one in family if one.untransmitted or one is order]:
            member.untransmitted = False
            member.status = self._working_status(member)
            member.why_held = "child" if self._waits_for_parent(member) else ""
            self._outlet.order_changed(member)
        for member in family:
            if self._late_refusals:
                words = self._late_refusals.pop(0)
                self._end(member, "Inactive", words)
                self._outlet.refused(member.client_id, member.order_id, 201, f"Order rejected - reason:{words}")
                continue
            self._match(member)
            if member.terms.tif == "IOC" and not member.is_done:
                self._end(member, "Cancelled", "IOC remainder")

    def _working_status(self, order: TwsOrder) -> str:
        rests = order.terms.ord_type in STOPS and not order.triggered
        return "PreSubmitted" if rests or self._waits_for_parent(order) else "Submitted"

    @staticmethod
    def _waits_for_parent(order: TwsOrder) -> bool:
        return order.parent is not None and order.parent.filled == 0

    def _match(self, order: TwsOrder) -> None:
        prices = self.prices.get(order.contract.con_id)
        if prices is None or order.is_done or order.untransmitted or self._waits_for_parent(order):
            return
        if order.terms.ord_type in STOPS and not order.triggered and not self._triggers(order, prices):
            return
        sign = order.terms.sign
        px = prices.ask if sign > 0 else prices.bid
        limit = order.terms.lmt if order.terms.ord_type in ("LMT", "STP LMT") else None
        if limit is not None and (px - limit) * sign > 0:
            return
        side = (order.contract.con_id, sign)
        qty = min(order.remaining, self._left.get(side, 0))
        if qty > 0:
            self._left[side] -= qty
            self._execute(order, qty, px)

    def _triggers(self, order: TwsOrder, prices: Prices) -> bool:
        sign = order.terms.sign
        if order.terms.ord_type == "TRAIL":
            distance = order.terms.aux or ZERO
            wanted = prices.last + distance * sign
            if order.stop is None or (order.stop - wanted) * sign > 0:
                order.stop = wanted
                self._outlet.order_changed(order)
        if order.stop is None or (prices.last - order.stop) * sign < 0:
            return False
        order.triggered = True
        order.status = "Submitted"
        self._outlet.order_changed(order)
        return True

    def _execute(self, order: TwsOrder, qty: int, px: Decimal) -> None:
        order.filled += qty
        order.paid += px * qty
        order.last_px = px
        order.status = "Filled" if order.remaining == 0 else "Submitted"
        order.completed_status = f"Filled Size: {order.filled}"
        realized = self._book(order.contract, order.terms.sign * qty, px)
        commission = COMMISSION * qty
        self.cash -= commission
        number = sum(1 for fill in self.fills if fill.order is order) + 1
        fill = Executed(
            f"0000e0d5.{order.perm_id:x}.{number:02d}.01", order, qty, px, self._now(), order.filled, order.avg_px,
            commission, realized,
        )  # fmt: skip
        self.fills.append(fill)
        self._outlet.order_changed(order)
        self._outlet.executed(fill)
        self._outlet.position_changed(self.account, self._holdings[order.contract.con_id])
        self._shrink_linked(order, qty)
        if order.filled == qty:
            for child in order.children:
                child.why_held = ""
                child.status = self._working_status(child)
                self._outlet.order_changed(child)
                self._match(child)

    def _book(self, contract: TwsContract, signed: int, px: Decimal) -> Decimal | None:
        """The ledger's side of a fill: what it realizes, None when it only opens."""
        holding = self._holdings.setdefault(contract.con_id, Holding(contract))
        realized = None
        closing = min(abs(signed), abs(holding.qty)) if holding.qty * signed < 0 else 0
        if closing:
            sign = 1 if holding.qty > 0 else -1
            realized = (px - holding.avg_px) * closing * sign * contract.point_value
        if contract.settles_daily:
            self.cash += realized or ZERO
        else:
            self.cash -= px * signed * contract.point_value
        before, holding.qty = holding.qty, holding.qty + signed
        if closing < abs(signed):
            opened = abs(signed) - closing
            kept = abs(before) if not closing else 0
            holding.avg_px = (holding.avg_px * kept + px * opened) / (kept + opened)
        return realized

    def _shrink_linked(self, order: TwsOrder, qty: int) -> None:
        group = order.terms.oca_group
        if not group:
            return
        before = order.remaining + qty
        for peer in self.working():
            if peer is order or peer.terms.oca_group != group or peer.untransmitted:
                continue
            cut = peer.remaining * qty // before if self.linked_by_share else qty
            if order.terms.oca_type == 1 or cut >= peer.remaining:
                self._end(peer, "Cancelled", "OCA group filled")
            elif cut:
                peer.cut_to(peer.remaining - cut)
                self._outlet.order_changed(peer)

    def _end(self, order: TwsOrder, status: str, words: str) -> None:
        order.status = status
        order.completed_status = words
        self._outlet.order_changed(order)
        for child in order.children:
            if not child.is_done and order.filled == 0:
                self._end(child, "Cancelled", "parent ended")


