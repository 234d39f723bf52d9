"""What an account holds and risks right now, working entries included."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.ids import AccountId, InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument, Right
from tradestream_gui.domain.money import ZERO, signed
from tradestream_gui.domain.orders import Order, OrderRole, Side
from tradestream_gui.domain.positions import Lot
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.external_orders import ExternalOrders, opening_qty
from tradestream_gui.trading.lot_book import LotBook
from tradestream_gui.trading.market_view import MarketView


@dataclass(frozen=True, slots=True)
class Exposure:
    """Contracts are absolute; money is US dollars. `open_pnl` is None when a position has no closing quote.

    `values` are market values, negative where the position gains from a fall; None where there is no price.
    """

    qty_by_instrument: dict[InstrumentId, int]
    minis: Decimal
    open_risk: Decimal
    open_pnl: Decimal | None
    values: dict[Instrument, Decimal | None]

    @property
    def instruments_held(self) -> int:
        return len(self.qty_by_instrument)

    @property
    def gross(self) -> Decimal | None:
        return self.gross_of(lambda instrument: True)

    @property
    def net(self) -> Decimal | None:
        known = [value for value in self.values.values() if value is not None]
        return sum(known, ZERO) if len(known) == len(self.values) else None

    def gross_of(self, belongs: Callable[[Instrument], bool]) -> Decimal | None:
        """The absolute values of what belongs to a group, added up; None when one of them has no price."""
        total = ZERO
        for instrument, value in self.values.items():
            if not belongs(instrument):
                continue
            if value is None:
                return None
            total += abs(value)
        return total


class ExposureMeter:
    """Adds up lots, external quantity and whatever may still open something, ours or not; holds no state of its own."""

    def __init__(
        self,
        *,
        lots: LotBook,
        blotter: Blotter,
        exits: ExitDesk,
        market: MarketView,
        external_orders: ExternalOrders,
    ) -> None:
        self._lots = lots
        self._blotter = blotter
        self._exits = exits
        self._market = market
        self._external_orders = external_orders

    def of(self, account_id: AccountId) -> Exposure:
        qty: dict[InstrumentId, int] = {}
        values: dict[Instrument, Decimal | None] = {}
        risk = ZERO

        def hold(instrument_id: InstrumentId, signed: int, price: Decimal | None) -> None:
            instrument = self._market.instrument(instrument_id)
            qty[instrument_id] = qty.get(instrument_id, 0) + abs(signed)
            before, more = values.get(instrument, ZERO), market_value(instrument, price, signed)
            values[instrument] = None if before is None or more is None else before + more

        for lot in self._lots.open_lots(account_id):
            hold(lot.instrument_id, lot.signed_qty, self._price(lot.instrument_id) or lot.avg_entry)
            risk += self.risk_of_lot(lot)
        for (owner, instrument_id), external in self._lots.external().items():
            if owner == account_id:
                hold(instrument_id, external, self._price(instrument_id))
        for order in self._blotter.open_orders(account_id, role=OrderRole.ENTRY):
            price = self._price(order.instrument_id) or order.limit_price or order.stop_price
            hold(order.instrument_id, order.leaves_qty * order.side.sign, price)
            risk += self._risk_of_entry(order)
        net = self._net(account_id)
        for report in self._external_orders.orders(account_id):
            opens = opening_qty(report, net)
            if opens:
                price = self._price(report.instrument_id) or report.limit_price or report.stop_price
                hold(report.instrument_id, opens * report.side.sign, price)
        minis = sum((one.mini_equivalents * qty[one.instrument_id] for one in values), ZERO)
        return Exposure(qty, minis, risk, self.open_pnl(account_id), values)

    def _net(self, account_id: AccountId) -> dict[InstrumentId, int]:
        """The account's signed quantities, lots and external ones together."""
        net = {key: qty for (owner, key), qty in self._lots.external().items() if owner == account_id}
        for lot in self._lots.open_lots(account_id):
            net[lot.instrument_id] = net.get(lot.instrument_id, 0) + lot.signed_qty
        return net

    def open_pnl(self, account_id: AccountId) -> Decimal | None:
        """Gross open profit of the account's lots at the closing side; None when one cannot be marked, or a price is
        no number."""
        total = ZERO
        for lot in self._lots.open_lots(account_id):
            pnl = lot.unrealized_pnl(self._market.quote(lot.instrument_id), self._market.instrument(lot.instrument_id))
            if pnl is None or not pnl.is_finite():
                return None
            total += pnl
        return total

    def risk_of_lot(self, lot: Lot) -> Decimal:
        """What is lost from the entry if the present stop is hit, never negative; without a stop a long option
        risks its premium, and anything else its whole value."""
        plan = self._exits.plan(lot.lot_id)
        entry = lot.avg_entry
        if entry is None:
            return ZERO
        instrument = self._market.instrument(lot.instrument_id)
        if plan is None or plan.stop_price is None:
            return instrument.notional(entry, lot.open_qty)
        return max(instrument.money((entry - plan.stop_price) * lot.side.sign, lot.open_qty), ZERO)

    def conflicting_lot(self, account_id: AccountId, instrument_id: InstrumentId, side: Side) -> str | None:
        """Words for an open lot, or entry, of the other side in the same contract family; None when there is none."""
        family = self._market.instrument(instrument_id)
        for lot in self._lots.open_lots(account_id):
            if lot.side is not side and self._same_market(lot.instrument_id, family.family, instrument_id):
                return f"{signed(lot.signed_qty)} {self._name(lot.instrument_id)} of {lot.origin.label}"
        for order in self._blotter.open_orders(account_id, role=OrderRole.ENTRY):
            if order.side is not side and self._same_market(order.instrument_id, family.family, instrument_id):
                return f"working entry {order.side.value} {order.leaves_qty} {self._name(order.instrument_id)}"
        return None

    def _name(self, instrument_id: InstrumentId) -> str:
        return contract_name(self._market.instrument(instrument_id))

    def _price(self, instrument_id: InstrumentId) -> Decimal | None:
        """The middle of the market; None without two sides that are numbers."""
        quote = self._market.quote(instrument_id)
        middle = quote.mid if quote is not None and quote.is_two_sided else None
        return middle if middle is not None and middle.is_finite() else None

    def _same_market(self, held: InstrumentId, family: str, wanted: InstrumentId) -> bool:
        instrument = self._market.instrument(held)
        if instrument.asset_class is AssetClass.FUTURE:
            return instrument.family == family
        return held == wanted

    def _risk_of_entry(self, order: Order) -> Decimal:
        plan = self._exits.plan(order.lot_id)
        price = order.limit_price or order.stop_price
        if price is None:
            quote = self._market.quote(order.instrument_id)
            price = (quote.ask if order.side is Side.BUY else quote.bid) if quote else None
        if plan is None or plan.stop_price is None or price is None:
            return ZERO
        instrument = self._market.instrument(order.instrument_id)
        return max(instrument.money((price - plan.stop_price) * order.side.sign, order.leaves_qty), ZERO)


def market_value(instrument: Instrument, price: Decimal | None, signed_qty: int) -> Decimal | None:
    """What a position is worth in the market, US dollars: negative when it gains from a fall, a long put included."""
    if price is None or not price.is_finite():
        return None
    sign = -1 if instrument.right is Right.PUT else 1
    return instrument.money(price, signed_qty * sign)
