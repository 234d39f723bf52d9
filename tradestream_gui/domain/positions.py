"""Lots: what one origin holds of one instrument in one account, and its exact profit and loss."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from tradestream_gui.domain.ids import AccountId, ExecId, InstrumentId, LotId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import Fill, Origin, Side
from tradestream_gui.domain.quotes import Quote


@dataclass(frozen=True, slots=True)
class OpenPart:
    """Contracts opened at one price and not yet closed, first in first out."""

    qty: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class ExternalChange:
    """Contracts beyond our lots that came (positive) or went (negative) elsewhere. `exec_id` is the execution that told
    of them, or an id of our own where none did."""

    account_id: AccountId
    instrument_id: InstrumentId
    exec_id: ExecId
    signed_qty: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Lot:
    """Everything that fills of one (account, instrument, origin) have made.

    `side` is that of the opening fills. `realized_pnl` is gross of `commission`, both US dollars; closing fills
    consume the opening ones first in, first out, so sums are exact. `max_qty` is the largest open quantity.
    """

    lot_id: LotId
    account_id: AccountId
    instrument_id: InstrumentId
    origin: Origin
    side: Side
    open_parts: tuple[OpenPart, ...] = ()
    realized_pnl: Decimal = ZERO
    commission: Decimal = ZERO
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    entry_qty: int = 0
    entry_value: Decimal = ZERO
    exit_qty: int = 0
    exit_value: Decimal = ZERO
    max_qty: int = 0
    assumed: bool = False
    """True when a reduction that nobody attributed was booked here."""

    @property
    def open_qty(self) -> int:
        parts = self.open_parts
        return parts[0].qty if len(parts) == 1 else sum(part.qty for part in parts)

    @property
    def signed_qty(self) -> int:
        return self.side.sign * self.open_qty

    @property
    def is_flat(self) -> bool:
        return not self.open_parts

    @property
    def avg_entry(self) -> Decimal | None:
        """Average price of the contracts still open; None when flat."""
        if len(self.open_parts) == 1:
            return self.open_parts[0].price
        qty = self.open_qty
        return sum((part.price * part.qty for part in self.open_parts), ZERO) / qty if qty else None

    @property
    def avg_entry_of_all(self) -> Decimal | None:
        return self.entry_value / self.entry_qty if self.entry_qty else None

    @property
    def avg_exit(self) -> Decimal | None:
        return self.exit_value / self.exit_qty if self.exit_qty else None

    @property
    def net_pnl(self) -> Decimal:
        return self.realized_pnl - self.commission

    def with_fill(self, fill: Fill, instrument: Instrument) -> "Lot":
        """The lot after one fill. A fill beyond flat turns the lot round: the surplus opens the other side."""
        booked = replace(self, commission=self.commission + fill.commission)
        if booked.is_flat and booked.exit_qty == booked.entry_qty:
            booked = replace(booked, side=fill.side)
        if fill.side is booked.side:
            return _opened(booked, fill.last_qty, fill.last_px, fill.at)
        closing = min(fill.last_qty, booked.open_qty)
        booked = _closed(booked, closing, fill.last_px, fill.at, instrument)
        surplus = fill.last_qty - closing
        if surplus:
            booked = _opened(replace(booked, side=fill.side), surplus, fill.last_px, fill.at)
        return booked

    def unrealized_pnl(self, quote: Quote | None, instrument: Instrument) -> Decimal | None:
        """Gross open profit in US dollars at the closing side of the quote; None without that side."""
        if self.is_flat:
            return ZERO
        mark = closing_price(self.side, quote)
        if mark is None:
            return None
        total = ZERO
        for part in self.open_parts:
            total += instrument.money(mark - part.price, part.qty * self.side.sign)
        return total


def new_lot(fill: Fill, origin: Origin) -> Lot:
    """The empty lot that a first fill is booked into."""
    return Lot(fill.lot_id, fill.account_id, fill.instrument_id, origin, fill.side)


def closing_price(side: Side, quote: Quote | None) -> Decimal | None:
    """What a position of this side could be closed at now: the bid for a long, the ask for a short."""
    if quote is None:
        return None
    return quote.bid if side is Side.BUY else quote.ask


def _opened(lot: Lot, qty: int, price: Decimal, at: datetime) -> Lot:
    return replace(
        lot,
        open_parts=(*lot.open_parts, OpenPart(qty, price)),
        entry_qty=lot.entry_qty + qty,
        entry_value=lot.entry_value + price * qty,
        opened_at=lot.opened_at or at,
        closed_at=None,
        max_qty=max(lot.max_qty, lot.open_qty + qty),
    )


def _closed(lot: Lot, qty: int, price: Decimal, at: datetime, instrument: Instrument) -> Lot:
    parts, left, gain = list(lot.open_parts), qty, ZERO
    while left:
        first = parts[0]
        taken = min(first.qty, left)
        gain += instrument.money(price - first.price, taken * lot.side.sign)
        left -= taken
        if taken == first.qty:
            parts.pop(0)
        else:
            parts[0] = OpenPart(first.qty - taken, first.price)
    return replace(
        lot,
        open_parts=tuple(parts),
        realized_pnl=lot.realized_pnl + gain,
        exit_qty=lot.exit_qty + qty,
        exit_value=lot.exit_value + price * qty,
        closed_at=at if not parts else None,
    )
