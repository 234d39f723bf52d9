"""What the ladder shows of the core: own orders and exits, the average price, break-even and the result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import IN_FLIGHT, Order, OrderRole, OrdStatus, OrdType
from tradestream_gui.domain.positions import Lot, closing_price
from tradestream_gui.ui.format import number_text, price_text, profit_text
from tradestream_gui.ui.freshness import Seen
from tradestream_gui.ui.models.ladder_rows import LadderScene, MarkKind, OwnMark, PriceGrid
from tradestream_gui.ui.tabs.portfolio.orders import price_that_moves

if TYPE_CHECKING:
    from tradestream_gui.core import Core
    from tradestream_gui.domain.ids import AccountId

TYPE_WORDS = {
    OrdType.LIMIT: "LMT",
    OrdType.STOP: "STP",
    OrdType.STOP_LIMIT: "STL",
    OrdType.TRAILING_STOP: "TRL",
    OrdType.MARKET: "MKT",
}
_PENDING = IN_FLIGHT | {OrdStatus.PENDING_CANCEL, OrdStatus.PENDING_REPLACE}


@dataclass(frozen=True, slots=True)
class Holding:
    """The position of one account in one contract: signed quantity, average and break-even price, open result."""

    qty: int = 0
    average: Decimal | None = None
    break_even: Decimal | None = None
    result: Decimal | None = None


def ladder_scene(
    core: Core,
    account_id: AccountId,
    instrument: Instrument,
    grid: PriceGrid,
    market: Seen,
    held: Holding,
    volumes: Mapping[Decimal, int],
) -> LadderScene:
    """Everything that the rows are made of, as it is now; without a quote the depth is not shown either."""
    return LadderScene(
        grid=grid,
        quote=market.quote,
        depth=core.board.depth(instrument.instrument_id) if market.quote is not None else None,
        last=market.last,
        marks=own_marks(core, account_id, instrument),
        average=held.average,
        break_even=held.break_even,
        volumes=volumes,
    )


def own_marks(core: Core, account_id: AccountId, instrument: Instrument) -> list[OwnMark]:
    """Entries that work, and the stops and targets that the plans of open lots hold."""
    found = [
        mark
        for order in core.blotter.open_orders(account_id, role=OrderRole.ENTRY, instrument_id=instrument.instrument_id)
        if (mark := _entry_mark(order)) is not None
    ]
    for lot in core.lots.open_lots(account_id, instrument.instrument_id):
        found.extend(_exit_marks(core, lot))
    return found


def _entry_mark(order: Order) -> OwnMark | None:
    price = price_that_moves(order)
    if price is None or not order.leaves_qty:
        return None
    word, is_pending = TYPE_WORDS[order.ord_type], order.ord_status in _PENDING
    return OwnMark(order.cl_ord_id, MarkKind.ENTRY, order.side, order.leaves_qty, word, price, is_pending=is_pending)


def _exit_marks(core: Core, lot: Lot) -> list[OwnMark]:
    plan, side = core.exits.plan(lot.lot_id), lot.side.opposite
    if plan is None:
        return []
    found = []
    if plan.stop_price is not None:
        is_resting = any(order.is_working for order in core.blotter.exits_of_lot(lot.lot_id, OrderRole.STOP))
        found.append(
            OwnMark(lot.lot_id, MarkKind.STOP, side, lot.open_qty, "STOP", plan.stop_price, is_pending=not is_resting)
        )
    for number, target in enumerate(plan.targets):
        if target.left_qty:
            word = f"T{number + 1}"
            found.append(OwnMark(lot.lot_id, MarkKind.TARGET, side, target.left_qty, word, target.price, number))
    return found


def holding(core: Core, account_id: AccountId, instrument: Instrument) -> Holding:
    """Break-even counts the fees paid so far a contract, and as much again for the way out."""
    lots = [lot for lot in core.lots.open_lots(account_id, instrument.instrument_id) if not lot.is_flat]
    qty = sum(lot.signed_qty for lot in lots)
    if not qty or len({lot.side for lot in lots}) > 1:
        return Holding(qty)
    opened = sum(lot.open_qty for lot in lots)
    value = sum(((lot.avg_entry or ZERO) * lot.open_qty for lot in lots), ZERO)
    traded = sum(lot.entry_qty + lot.exit_qty for lot in lots)
    fee = sum((lot.commission for lot in lots), ZERO) / traded if traded else ZERO
    average, sign = value / opened, lots[0].side.sign
    mark = closing_price(lots[0].side, core.board.quote(instrument.instrument_id))
    return Holding(
        qty,
        average,
        average + sign * 2 * fee / instrument.point_value,
        None if mark is None else instrument.money((mark - average) * sign, opened),
    )


def holding_words(held: Holding, instrument: Instrument) -> tuple[str, ...]:
    """`Long 2 at 6,326.125   ▲ +$25.00`, the average as the portfolio has it; then the same with less room: the
    average, which the ladder's rows mark too, leaves before the profit."""
    if not held.qty:
        return ("No position",)
    side, average = f"{'Long' if held.qty > 0 else 'Short'} {abs(held.qty)}", held.average
    starts = [side, number_text(held.qty, sign=True)]
    if average is not None:
        starts.insert(0, f"{side} at {price_text(average, instrument)}")
    return tuple(f"{start}   {profit_text(held.result)}" for start in starts)
