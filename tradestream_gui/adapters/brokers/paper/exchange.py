"""The simulated exchange: takes orders, matches them by the one fill model, expires and settles; synchronous."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from tradestream_gui.adapters.brokers.paper import groups
from tradestream_gui.adapters.brokers.paper.checks import bad_terms, fee_unknown, not_now, opens_naked_call
from tradestream_gui.adapters.brokers.paper.floor import TradingFloor
from tradestream_gui.adapters.brokers.paper.state import PaperOrder
from tradestream_gui.adapters.brokers.paper.timetable import Timetable
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.errors import BrokerRejected
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.matching import Match, RestingOrder, match_print, match_quote
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import Order, OrderRole, OrdStatus, OrdType, Side, TimeInForce
from tradestream_gui.domain.quotes import Quote, TradePrint


@dataclass(frozen=True, slots=True)
class Amendment:
    """The terms that a working order is to have; `order_qty` includes what is filled, None keeps it."""

    order_qty: int | None
    limit_price: Decimal | None
    stop_price: Decimal | None
    ord_type: OrdType


class Exchange:
    """Works on the floor's state; each call leaves its changes there."""

    def __init__(self, floor: TradingFloor, timetable: Timetable) -> None:
        self._floor = floor
        self._rules = floor.rules
        self._timetable = timetable

    def enter(self, order: Order, at: datetime) -> None:
        """Takes or rejects an order and matches it against the market of this moment."""
        self._enter(
            PaperOrder(
                account_id=order.account_id,
                order_id=self._floor.next_order_id(),
                cl_ord_id=order.cl_ord_id,
                instrument_id=order.instrument_id,
                role=order.role,
                time_in_force=order.time_in_force,
                resting=RestingOrder(
                    order.side, order.ord_type, order.order_qty, 0, order.limit_price, order.stop_price, order.trail
                ),
                oca_group=order.oca_group,
                expire_at=order.expire_at,
                ord_status=OrdStatus.NEW,
                placed_at=at,
                updated_at=at,
            )
        )

    def cancel(self, account_id: AccountId, cl_ord_id: ClOrdId, at: datetime) -> None:
        """Cancels a working order; any other is reported as it stands, with the refusal."""
        order = self._floor.orders.by_client_id(account_id, cl_ord_id)
        if order is None:
            return
        if not order.is_working:
            self._floor.refuse(order, f"cancel refused: the order is {order.ord_status.value}", at)
            return
        self._cancel(order, at, "canceled on request")

    def replace(self, account_id: AccountId, cl_ord_id: ClOrdId, amendment: Amendment, at: datetime) -> None:
        """Gives a working order new terms, or reports it as it stands with the refusal."""
        order = self._floor.orders.by_client_id(account_id, cl_ord_id)
        if order is None:
            return
        amended = self._cut_to_position(order, replace(order, resting=_amended(order.resting, amendment)))
        refusal = self._amend_refusal(order, amended, at)
        if refusal is not None:
            self._floor.refuse(order, f"replace refused: {refusal}", at)
            return
        status = OrdStatus.PARTIALLY_FILLED if amended.resting.cum_qty else OrdStatus.NEW
        cut = amendment.order_qty is not None and amended.resting.order_qty < amendment.order_qty
        text = f"replaced, cut to {amended.resting.order_qty}: linked exits filled meanwhile" if cut else "replaced"
        self._floor.move(amended, status, at, text)
        groups.trim_targets(self._floor, amended, at)
        self._match(amended, at)

    def waits_for(self, instrument_id: InstrumentId, now: Callable[[], datetime]) -> bool:
        """Whether a price of the instrument, or the time of it, can change anything here; each tick is asked about."""
        return self._floor.orders.has_live(instrument_id) or self._timetable.waits(now)

    def on_quote(self, quote: Quote, at: datetime) -> None:
        """Matches the instrument's working orders; a crossed quote is a fault of the feed and is ignored."""
        self._timetable.run_until(at)
        if quote.is_crossed:
            return
        self._floor.see(quote)
        self._timetable.price_seen(quote.instrument_id, at)
        if self._is_idle(quote.instrument_id, at):
            return
        instrument = self._floor.instrument(quote.instrument_id)
        for listed in self._floor.orders.live(quote.instrument_id):
            order = self._floor.orders.get(listed.order_id)
            if order.is_working:
                self._match_open(order, instrument, at)

    def on_print(self, trade: TradePrint, at: datetime) -> None:
        self._timetable.run_until(at)
        if self._is_idle(trade.instrument_id, at):
            return
        instrument = self._floor.instrument(trade.instrument_id)
        print_left: dict[AccountId, int] = {}
        for listed in self._floor.orders.live(trade.instrument_id):
            order = self._floor.orders.get(listed.order_id)
            if not order.is_working:
                continue
            view = self._floor.view(order.account_id, order.instrument_id)
            left = print_left.get(order.account_id, trade.size)
            match = match_print(order.resting, trade, view, instrument, self._rules.fills, left)
            print_left[order.account_id] = match.print_left
            self._apply(order, match, instrument, at)

    def flatten(self, account_id: AccountId, at: datetime) -> None:
        """Cancels all orders and closes all positions at market; refused whole when one cannot be closed now."""
        book = self._floor.books[account_id]
        closing = [(held, book.signed_qty(held.instrument_id)) for held in book.held()]
        orders = [self._own_order(account_id, held.instrument_id, -qty, at) for held, qty in closing]
        for order, (held, _) in zip(orders, closing, strict=True):
            view = self._floor.view(account_id, held.instrument_id)
            refusal = not_now(order.resting, order.time_in_force, held, view, self._rules, at)
            if refusal is not None:
                raise BrokerRejected(f"{account_id} cannot be flattened now, nothing was changed: {refusal}")
        self.cancel_all(account_id, at, "canceled to flatten the account")
        for order in orders:
            self._enter(replace(order, order_id=self._floor.next_order_id()))

    def cancel_all(self, account_id: AccountId, at: datetime, text: str) -> None:
        for listed in self._floor.orders.live_of_account(account_id):
            order = self._floor.orders.get(listed.order_id)
            if order.is_working:
                self._cancel(order, at, text)

    def _enter(self, order: PaperOrder) -> None:
        at = order.placed_at
        refusal = self._refusal(order, at)
        if refusal is not None:
            self._floor.move(order, OrdStatus.REJECTED, at, refusal)
            return
        instrument = self._floor.instrument(order.instrument_id)
        order = replace(order, expire_at=self._timetable.expiry_of(order, instrument, at))
        self._floor.tell(order)
        self._timetable.expect(order)
        self._match(order, at)
        order = self._floor.orders.get(order.order_id)
        if order.is_working and order.time_in_force is TimeInForce.IOC:
            self._cancel(order, at, f"IOC: nobody took the remaining {order.leaves_qty}")

    def _cancel(self, order: PaperOrder, at: datetime, text: str) -> None:
        self._floor.move(order, OrdStatus.CANCELED, at, text)
        groups.trim_targets(self._floor, order, at)

    def _own_order(
        self, account_id: AccountId, instrument_id: InstrumentId, signed_qty: int, at: datetime
    ) -> PaperOrder:
        """A market order that the broker itself makes."""
        return PaperOrder(
            account_id=account_id,
            order_id=self._floor.next_order_id(),
            cl_ord_id=None,
            instrument_id=instrument_id,
            role=OrderRole.CLOSE,
            time_in_force=TimeInForce.DAY,
            resting=RestingOrder(Side.BUY if signed_qty > 0 else Side.SELL, OrdType.MARKET, abs(signed_qty)),
            oca_group=None,
            expire_at=None,
            ord_status=OrdStatus.NEW,
            placed_at=at,
            updated_at=at,
            text="flatten",
        )

    def _refusal(self, order: PaperOrder, at: datetime) -> str | None:
        instrument = self._rules.instrument_of(order.instrument_id)
        if instrument is None:
            return f"UNKNOWN_INSTRUMENT: {named(order.instrument_id)} is not in the instrument table"
        view = self._floor.view(order.account_id, order.instrument_id)
        return (
            bad_terms(order.resting, instrument)
            or not_now(order.resting, order.time_in_force, instrument, view, self._rules, at)
            or groups.refusal(self._floor, order)
            or self._money_refusal(order, instrument, at)
        )

    def _money_refusal(self, order: PaperOrder, instrument: Instrument, at: datetime) -> str | None:
        book = self._floor.books[order.account_id]
        unknown = fee_unknown(order, instrument, book.signed_qty(order.instrument_id), self._rules)
        if unknown is not None:
            return unknown
        if opens_naked_call(order.resting, instrument, book.signed_qty(order.instrument_id)):
            return f"UNCOVERED_CALL: {order.account_id} does not hold the {order.resting.leaves_qty} calls to be sold"
        need = self._floor.needed(order)
        reserved = self._floor.reserved(order.account_id, without=order.order_id)
        room = self._floor.balance(order.account_id, at).buying_power
        if not need or room is None or reserved is None:
            return None
        held_back = self._floor.reserved(order.account_id) or ZERO
        free = room + held_back - reserved
        if need <= free:
            return None
        return f"INSUFFICIENT_FUNDS: the order needs ${need:,.2f}, {order.account_id} has ${free:,.2f} free"

    def _amend_refusal(self, order: PaperOrder, amended: PaperOrder, at: datetime) -> str | None:
        if not order.is_working:
            return f"the order is {order.ord_status.value}"
        if amended.resting.leaves_qty == 0:
            return f"{order.resting.cum_qty} are filled, so {amended.resting.order_qty} in all would leave nothing"
        return self._refusal(amended, at)

    def _cut_to_position(self, order: PaperOrder, amended: PaperOrder) -> PaperOrder:
        """A linked stop that a target has just reduced does not grow back over the position by a late amendment."""
        if order.oca_group is None or order.role is not OrderRole.STOP or amended.leaves_qty <= order.leaves_qty:
            return amended
        signed_qty = self._floor.books[order.account_id].signed_qty(order.instrument_id)
        room = max(-signed_qty * order.resting.side.sign, order.leaves_qty)
        if amended.leaves_qty <= room:
            return amended
        return replace(amended, resting=replace(amended.resting, order_qty=amended.resting.cum_qty + room))

    def _is_idle(self, instrument_id: InstrumentId, at: datetime) -> bool:
        if not self._floor.orders.has_live(instrument_id):
            return True
        return not self._rules.trades_at(self._floor.instrument(instrument_id), at)

    def _match(self, order: PaperOrder, at: datetime) -> None:
        instrument = self._floor.instrument(order.instrument_id)
        if order.is_working and self._rules.trades_at(instrument, at):
            self._match_open(order, instrument, at)

    def _match_open(self, order: PaperOrder, instrument: Instrument, at: datetime) -> None:
        """Matches a working order in a market that is open."""
        view = self._floor.view(order.account_id, order.instrument_id)
        self._apply(order, match_quote(order.resting, view, instrument, self._rules.fills), instrument, at)

    def _apply(self, order: PaperOrder, match: Match, instrument: Instrument, at: datetime) -> None:
        self._floor.keep_view(order.account_id, order.instrument_id, match.market)
        matched = replace(order, resting=match.order)
        if not match.executions:
            self._note_move(order, matched, at)
            return
        done = order.resting.cum_qty
        for execution in match.executions:
            fee = self._rules.commission(
                instrument, qty_before=done, qty=execution.qty, price=execution.price, at=at
            )
            # Only a reduction comes here without a fee on record: `fee_unknown` refused the opening.
            self._floor.execute(order, execution.qty, execution.price, fee or ZERO, at)
            done += execution.qty
        status = OrdStatus.PARTIALLY_FILLED if matched.leaves_qty else OrdStatus.FILLED
        self._floor.move(matched, status, at)
        self._timetable.position_changed(order.account_id, instrument)
        groups.after_fill(self._floor, matched, match.order.cum_qty - order.resting.cum_qty, at)

    def _note_move(self, before: PaperOrder, after: PaperOrder, at: datetime) -> None:
        """A trailed stop is reported, an election or a place in the queue only kept."""
        if after.resting.stop_price != before.resting.stop_price:
            self._floor.tell(replace(after, updated_at=at, text="trailed"))
        elif after.resting.is_triggered and not before.resting.is_triggered:
            self._floor.tell(replace(after, updated_at=at, text="triggered"))
        elif after.resting != replace(before.resting, queue_ahead=after.resting.queue_ahead):
            self._floor.keep(after)
        elif after.resting != before.resting:
            self._floor.orders.put(after)


def _amended(resting: RestingOrder, amendment: Amendment) -> RestingOrder:
    """New terms; a place in the queue is kept only by an order that did not grow and kept its price."""
    is_trailing = amendment.ord_type is OrdType.TRAILING_STOP
    stop_price = resting.stop_price if is_trailing and amendment.stop_price is None else amendment.stop_price
    same_price = amendment.ord_type is resting.ord_type and amendment.limit_price == resting.limit_price
    order_qty = resting.order_qty if amendment.order_qty is None else amendment.order_qty
    keeps_place = same_price and order_qty <= resting.order_qty
    same_stop = amendment.ord_type is resting.ord_type and stop_price == resting.stop_price
    return replace(
        resting,
        ord_type=amendment.ord_type,
        order_qty=order_qty,
        limit_price=amendment.limit_price,
        stop_price=stop_price,
        is_triggered=resting.is_triggered and same_stop,
        is_passive=resting.is_passive and keeps_place,
        queue_ahead=resting.queue_ahead if keeps_place else None,
    )
