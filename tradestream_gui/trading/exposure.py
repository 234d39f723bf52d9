"""What an account holds and risks right now, working entries included."""

from dataclasses import dataclass
from decimal import Decimal

from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.ids import AccountId, InstrumentId
from tradestream_gui.domain.instruments import AssetClass
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import Order, OrderRole, Side
from tradestream_gui.domain.positions import Lot
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.lot_book import LotBook
from tradestream_gui.trading.market_view import MarketView


@dataclass(frozen=True, slots=True)
class Exposure:
    """Contracts are absolute; money is US dollars. `open_pnl` is None when a position has no closing quote."""

    qty_by_instrument: dict[InstrumentId, int]
    minis: Decimal
    open_risk: Decimal
    open_pnl: Decimal | None

    @property
    def instruments_held(self) -> int:
        return len(self.qty_by_instrument)


class ExposureMeter:
    """Adds up lots, external quantity and entries that may still fill; holds no state of its own."""

    def __init__(self, *, lots: LotBook, blotter: Blotter, exits: ExitDesk, market: MarketView) -> None:
        self._lots = lots
        self._blotter = blotter
        self._exits = exits
        self._market = market

    def of(self, account_id: AccountId) -> Exposure:
        qty: dict[InstrumentId, int] = {}
        risk = ZERO
        for lot in self._lots.open_lots(account_id):
            qty[lot.instrument_id] = qty.get(lot.instrument_id, 0) + lot.open_qty
            risk += self.risk_of_lot(lot)
        for (owner, instrument_id), external in self._lots.external().items():
            if owner == account_id:
                qty[instrument_id] = qty.get(instrument_id, 0) + abs(external)
        for order in self._blotter.open_orders(account_id, role=OrderRole.ENTRY):
            qty[order.instrument_id] = qty.get(order.instrument_id, 0) + order.leaves_qty
            risk += self._risk_of_entry(order)
        minis = sum(
            (self._market.instrument(instrument_id).mini_equivalents * held for instrument_id, held in qty.items()),
            ZERO,
        )
        return Exposure(qty, minis, risk, self.open_pnl(account_id))

    def open_pnl(self, account_id: AccountId) -> Decimal | None:
        """Gross open profit of the account's lots at the closing side; None when one cannot be marked."""
        total = ZERO
        for lot in self._lots.open_lots(account_id):
            pnl = lot.unrealized_pnl(self._market.quote(lot.instrument_id), self._market.instrument(lot.instrument_id))
            if pnl is None:
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
                return f"{lot.signed_qty:+d} {named(lot.instrument_id)} of {lot.origin.label}"
        for order in self._blotter.open_orders(account_id, role=OrderRole.ENTRY):
            if order.side is not side and self._same_market(order.instrument_id, family.family, instrument_id):
                return f"working entry {order.side.value} {order.leaves_qty} {named(order.instrument_id)}"
        return None

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
