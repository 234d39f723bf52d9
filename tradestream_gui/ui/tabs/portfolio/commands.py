"""What the Portfolio tab does to a lot: each command answers in words what was asked for, or why it was not."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.ids import LotId
from tradestream_gui.domain.orders import Side
from tradestream_gui.domain.positions import Lot, closing_price
from tradestream_gui.ui.format import money_text, price_text

if TYPE_CHECKING:
    from tradestream_gui.core import Core

SHARES = (25, 50, 100)


@dataclass(frozen=True, slots=True)
class Closing:
    """`percent` of a lot: how many contracts leave, and the sentence that says so."""

    percent: int
    qty: int
    words: str

    @property
    def button_text(self) -> str:
        return f"{self.percent} %: {self.words.split(': ')[1]}"


def closing(side: Side, open_qty: int, percent: int) -> Closing:
    """`50 % of 3: sell 2, keep 1`: shares of a contract are rounded up."""
    qty = -(-open_qty * percent // 100)
    verb = "sell" if side is Side.BUY else "buy"
    return Closing(percent, qty, f"{percent} % of {open_qty}: {verb} {qty}, keep {open_qty - qty}")


def close_share(core: "Core", lot_id: LotId, percent: int) -> str:
    """Closes a share of the lot at the market; never asked twice, never refused."""
    lot = core.lots.lot(lot_id)
    if lot is None or lot.is_flat:
        return "This lot is closed already."
    chosen = closing(lot.side, lot.open_qty, percent)
    ensure_plan(core, lot)
    core.exits.close(lot_id, chosen.qty, f"{percent} % closed by hand")
    return f"{_name(core, lot)}, {chosen.words}"


def break_even_refusal(core: "Core", lot_id: LotId) -> str:
    """Why the stop cannot go to break-even now; empty when it can."""
    lot = core.lots.lot(lot_id)
    if lot is None or lot.is_flat or lot.avg_entry is None:
        return "This lot is closed already."
    return stop_refusal(core, lot_id, lot.avg_entry)


def to_break_even(core: "Core", lot_id: LotId) -> str:
    refusal = break_even_refusal(core, lot_id)
    lot = core.lots.lot(lot_id)
    if refusal or lot is None:
        return refusal
    ensure_plan(core, lot)
    core.exits.move_to_break_even(lot_id)
    plan = core.exits.plan(lot_id)
    price = price_text(plan.stop_price if plan else None, core.market.instrument(lot.instrument_id))
    return f"{_name(core, lot)}: stop to break-even at {price}"


def stop_refusal(core: "Core", lot_id: LotId, price: Decimal) -> str:
    """Why a stop at this price is none; empty when it may stand there."""
    lot = core.lots.lot(lot_id)
    if lot is None or lot.is_flat:
        return "This lot is closed already."
    mark = closing_price(lot.side, core.board.quote(lot.instrument_id))
    if mark is None:
        return ""
    if (mark - price) * lot.side.sign <= 0:
        instrument = core.market.instrument(lot.instrument_id)
        side, where = ("bid", "below") if lot.side is Side.BUY else ("ask", "above")
        return (
            f"The {side} is {price_text(mark, instrument)}: a stop must be {where} it, or it closes at once. "
            "Close the position instead."
        )
    return ""


def move_stop(core: "Core", lot_id: LotId, price: Decimal) -> str:
    lot = core.lots.lot(lot_id)
    refusal = stop_refusal(core, lot_id, price)
    if refusal or lot is None:
        return refusal
    ensure_plan(core, lot)
    core.exits.move_stop(lot_id, price)
    return f"{_name(core, lot)}: stop moved to {price_text(price, core.market.instrument(lot.instrument_id))}"


def stop_words(core: "Core", lot_id: LotId, price: Decimal) -> str:
    """What a stop at this price would bring, in dollars, before slippage and fees."""
    lot = core.lots.lot(lot_id)
    if lot is None or lot.avg_entry is None:
        return ""
    instrument = core.market.instrument(lot.instrument_id)
    result = instrument.money((price - lot.avg_entry) * lot.side.sign, lot.open_qty)
    what = "keeps" if result >= 0 else "loses"
    return f"Hit there, {lot.open_qty} {contract_name(instrument)} {what} {money_text(abs(result))} before fees."


def ensure_plan(core: "Core", lot: Lot) -> None:
    """A lot that came without an exit plan gets one, so that it can be closed and stopped."""
    core.exits.ensure_plan(lot)


def _name(core: "Core", lot: Lot) -> str:
    return contract_name(core.market.instrument(lot.instrument_id))
