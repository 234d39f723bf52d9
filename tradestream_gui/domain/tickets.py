"""What is asked for before risk has judged it: an entry ticket, by an alert or by hand."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tradestream_gui.domain.decisions import CheckResult
from tradestream_gui.domain.exits import TrailRule
from tradestream_gui.domain.ids import AccountId, InstrumentId, LotId
from tradestream_gui.domain.instruments import Instrument, Toward
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import OrdType, Origin, Side, TimeInForce
from tradestream_gui.domain.quotes import Quote


@dataclass(frozen=True, slots=True)
class EntryTicket:
    """A wish to open or add. `order_qty` is a wish: risk may cut it. Prices are in the instrument's unit.

    `protective_stop` is where the loss is taken; None is allowed only with `no_stop_wanted`. `reference_price` is
    the alert's own price, None when it named none. `allocations` are (target price, share of the quantity).
    """

    account_id: AccountId
    instrument_id: InstrumentId
    side: Side
    ord_type: OrdType
    order_qty: int
    time_in_force: TimeInForce
    origin: Origin
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    protective_stop: Decimal | None = None
    no_stop_wanted: bool = False
    allocations: tuple[tuple[Decimal, Decimal], ...] = ()
    break_even_after: int | None = None
    break_even_offset: Decimal = ZERO
    trail: TrailRule | None = None
    reference_price: Decimal | None = None
    lot_id: LotId | None = None
    """The open lot that an ADD joins."""
    expire_after_s: float | None = None
    close_at: datetime | None = None
    hold_one_contract: bool = False
    flat_by: datetime | None = None
    walk_from: Decimal | None = None
    """Where the limit begins to walk towards `limit_price`, its cap, by which it is judged; None: it starts there."""


@dataclass(frozen=True, slots=True)
class RiskDecision:
    """What risk says to a ticket: the quantity that may go, or 0 with the first reason.

    `cuts` are sentences such as "3 -> 1: risk $500 of $500". Money is US dollars; None where it cannot be known.
    """

    order_qty: int
    code: str
    words: str
    checks: tuple[CheckResult, ...]
    cuts: tuple[str, ...] = ()
    risk_at_stop: Decimal | None = None
    notional: Decimal | None = None
    fees: Decimal | None = None
    room_today: Decimal | None = None
    fitting_qty: int = 0
    """The largest quantity that the limits would let pass now, for the words of a refusal."""

    @property
    def is_allowed(self) -> bool:
        return self.order_qty > 0


def first_limit(instrument: Instrument, quote: Quote | None, sign: int, cap: Decimal) -> Decimal:
    """Where a walk begins: the middle of the market, on the patient side of the tick, never beyond the cap."""
    middle = None if quote is None or not quote.is_two_sided else quote.mid
    if middle is None or middle <= 0:
        return cap
    price = instrument.round_to_tick(middle, Toward.DOWN if sign > 0 else Toward.UP)
    return min(price, cap) if sign > 0 else max(price, cap)
