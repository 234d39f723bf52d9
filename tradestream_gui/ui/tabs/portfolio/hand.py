"""More that a hand does to positions: close a share of several lots, break-even with fees, trail a stop."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.exits import TrailRule
from tradestream_gui.domain.ids import AccountId, InstrumentId, LotId
from tradestream_gui.domain.instruments import Instrument, Toward
from tradestream_gui.domain.orders import OriginKind
from tradestream_gui.domain.positions import Lot, closing_price
from tradestream_gui.trading import plan_changes
from tradestream_gui.ui.format import points_text, price_text
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.tabs.portfolio.commands import Closing, closing, ensure_plan, move_stop, stop_refusal

if TYPE_CHECKING:
    from tradestream_gui.core import Core


@dataclass(frozen=True, slots=True)
class Payer:
    """What one lot gives to a close of several."""

    lot: Lot
    qty: int

    @property
    def words(self) -> str:
        name = one_line(self.lot.origin.label, 20)
        return f"{name.capitalize() if self.lot.origin.message_key is None else name} {self.qty}"


def lots_of(core: "Core", account_id: AccountId, instrument_id: InstrumentId) -> list[Lot]:
    """Those of one contract that are on the same side; none where lots stand on both."""
    lots = core.lots.open_lots(account_id, instrument_id)
    return lots if len({lot.side for lot in lots}) == 1 else []


def payers(lots: list[Lot], qty: int) -> list[Payer]:
    """Lots by hand pay first, then the oldest: as for a reduction that nobody attributed."""
    found, left = [], qty
    for lot in sorted(lots, key=lambda lot: lot.origin.kind is not OriginKind.MANUAL):
        taken = min(lot.open_qty, left)
        if taken:
            found.append(Payer(lot, taken))
        left -= taken
    return found


def share_of(lots: list[Lot], percent: int) -> Closing:
    """`50 % of 3: sell 2, keep 1`, over all lots of one contract together."""
    return closing(lots[0].side, sum(lot.open_qty for lot in lots), percent)


def close_share_of(core: "Core", account_id: AccountId, instrument_id: InstrumentId, percent: int) -> str:
    """Closes a share of everything that is ours of one contract, and says which lots pay."""
    lots, instrument = lots_of(core, account_id, instrument_id), core.market.instrument(instrument_id)
    if not lots:
        both = core.lots.open_lots(account_id, instrument_id)
        why = "lots stand on both sides: close each by itself" if both else "nothing is open"
        return f"{contract_name(instrument)}: {why}."
    chosen = share_of(lots, percent)
    paying = payers(lots, chosen.qty)
    for payer in paying:
        ensure_plan(core, payer.lot)
        core.exits.close(payer.lot.lot_id, payer.qty, f"{percent} % closed by hand")
    return f"{contract_name(instrument)}, {chosen.words}{paid_by(lots, paying)}"


def paid_by(lots: list[Lot], paying: list[Payer]) -> str:
    """`; paid by Manual 1, JMoney 1`, where there is more than one lot."""
    return f"; paid by {', '.join(payer.words for payer in paying)}" if len(lots) > 1 else ""


def stops_to_break_even(core: "Core", account_id: AccountId, instrument_id: InstrumentId) -> str:
    """Every lot of the contract, each to its own entry; a stop that stands better stays."""
    lots, instrument = core.lots.open_lots(account_id, instrument_id), core.market.instrument(instrument_id)
    said = []
    for lot in lots:
        refusal = "" if lot.avg_entry is None else stop_refusal(core, lot.lot_id, lot.avg_entry)
        if not refusal:
            ensure_plan(core, lot)
        said.append(refusal or core.exits.move_to_break_even(lot.lot_id))
    return f"{contract_name(instrument)}: {'; '.join(said) or 'nothing is open.'}"


def break_even_with_fees(core: "Core", lot: Lot) -> Decimal | None:
    """The first tradable price at which the lot has earned the fees of both its ways; None without an entry."""
    instrument, entry = core.market.instrument(lot.instrument_id), lot.avg_entry
    if entry is None:
        return None
    per_side = core.market.fee_per_side(lot.account_id, instrument, core.clock.now())
    traded = lot.entry_qty + lot.exit_qty
    paid = lot.commission / traded if traded and lot.commission else per_side
    if paid is None or per_side is None:
        return None
    away = (paid + per_side) / instrument.point_value
    return instrument.round_to_tick(entry + away * lot.side.sign, Toward.UP if lot.side.sign > 0 else Toward.DOWN)


def to_break_even_with_fees(core: "Core", lot_id: LotId) -> str:
    lot = core.lots.lot(lot_id)
    price = None if lot is None or lot.is_flat else break_even_with_fees(core, lot)
    if price is None:
        return "Its fees are not known, so neither is this price." if lot is not None else "This lot is closed already."
    return move_stop(core, lot_id, price)


def trail_words(core: "Core", lot: Lot, distance: Decimal, after: Decimal) -> str:
    """Where the trail would put the stop, and from when."""
    instrument, mark = core.market.instrument(lot.instrument_id), _mark(core, lot)
    if lot.avg_entry is None or mark is None:
        return "There is no price now: it begins with the next one."
    if after and (mark - lot.avg_entry) * lot.side.sign < after:
        begins = lot.avg_entry + after * lot.side.sign
        return f"It begins at {price_text(instrument.round_to_tick(begins), instrument)}; until then the stop stays."
    at = instrument.round_to_tick(mark - distance * lot.side.sign)
    plan = core.exits.plan(lot.lot_id)
    stop = None if plan is None else plan.stop_price
    if stop is not None and (stop - at) * lot.side.sign > 0:
        return f"The stop at {price_text(stop, instrument)} stands closer and stays until the price has gone on."
    return f"The stop goes to {price_text(at, instrument)} at once and follows the best price."


def trail_refusal(core: "Core", lot_id: LotId, distance: Decimal | None) -> str:
    """Why a trail of this distance cannot be; empty when it can."""
    lot = core.lots.lot(lot_id)
    if lot is None or lot.is_flat:
        return "This lot is closed already."
    tick = core.market.instrument(lot.instrument_id).tick_size
    if distance is None or distance < tick:
        return f"Give a distance of at least one tick, {tick}."
    return ""


def set_trail(core: "Core", lot_id: LotId, distance: Decimal | None, after: Decimal = Decimal(0)) -> str:
    """Trails the lot's stop; without a distance the trail ends and the stop stays where it is."""
    lot = core.lots.lot(lot_id)
    if lot is None or lot.is_flat:
        return "This lot is closed already."
    instrument = core.market.instrument(lot.instrument_id)
    rule = None if distance is None else TrailRule(distance, after, instrument.tick_size)
    plan = plan_changes.trail(core.exits, lot, rule, _mark(core, lot), instrument)
    name = contract_name(instrument)
    if distance is None:
        return f"{name}: the stop trails no more and stays at {price_text(plan.stop_price, instrument)}"
    begins = f", once {points_text(after, instrument)} in profit" if after else ""
    behind = points_text(distance, instrument).removeprefix("+")
    return f"{name}: the stop trails {behind} behind the best price{begins}; now {_shown(plan.stop_price, instrument)}"


def _shown(price: Decimal | None, instrument: Instrument) -> str:
    return "none yet" if price is None else price_text(price, instrument)


def _mark(core: "Core", lot: Lot) -> Decimal | None:
    return closing_price(lot.side, core.board.quote(lot.instrument_id))
