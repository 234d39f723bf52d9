"""Working orders, the order history, and closed lots: their columns, and what may be done to a working order."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from tradestream_gui.domain.contract_names import contract_name, spoken_name
from tradestream_gui.domain.ids import ClOrdId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import IN_FLIGHT, Order, OrderRole, OrdStatus, OrdType, Side
from tradestream_gui.domain.positions import Lot
from tradestream_gui.trading.change_requests import OrderChange
from tradestream_gui.ui.format import (
    NOTHING,
    money_text,
    number_text,
    price_text,
    profit_text,
    time_text,
    times_tooltip,
)
from tradestream_gui.ui.models.columns import Align, Column
from tradestream_gui.ui.order_words import STATUS_TEXT
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.shell.tone import Tone, profit_tone
from tradestream_gui.ui.tabs.portfolio.columns import Zone, side_tone

if TYPE_CHECKING:
    from tradestream_gui.core import Core

TYPE_TEXT = {
    OrdType.MARKET: "MKT",
    OrdType.LIMIT: "LMT",
    OrdType.STOP: "STP",
    OrdType.STOP_LIMIT: "STP LMT",
    OrdType.TRAILING_STOP: "TRAIL",
}
_BAD = (OrdStatus.DENIED, OrdStatus.REJECTED, OrdStatus.NOT_FOUND)
ROLE_TEXT = {
    OrderRole.ENTRY: "Entry",
    OrderRole.STOP: "Stop",
    OrderRole.TARGET: "Target",
    OrderRole.CLOSE: "Close",
}


@dataclass(frozen=True, slots=True)
class OrderRow:
    order: Order
    instrument: Instrument
    account: str
    is_external: bool = False
    """Others placed it: what it is for is not known, and nothing can be done to it."""


@dataclass(frozen=True, slots=True)
class ClosedRow:
    lot: Lot
    instrument: Instrument
    account: str


def order_row(core: "Core", order: Order) -> OrderRow:
    return OrderRow(order, core.market.instrument(order.instrument_id), core.accounts.account(order.account_id).name)


def closed_row(core: "Core", lot: Lot) -> ClosedRow:
    return ClosedRow(lot, core.market.instrument(lot.instrument_id), core.accounts.account(lot.account_id).name)


def working_columns(zone: Zone) -> list[Column[OrderRow]]:
    return [
        _instrument(),
        _role(),
        _side(),
        _qty(),
        _filled(3),
        _type(3),
        _price("limit_price", "Limit", 1),
        _price("stop_price", "Stop", 1),
        waits_for_column(1),
        _status(),
        _tif(),
        _created(zone, 2),
        _analyst(),
        _account(),
    ]


def history_columns(zone: Zone) -> list[Column[OrderRow]]:
    return [
        _created(zone, 1),
        _instrument(),
        _role(),
        _side(),
        _qty(),
        _filled(3),
        Column(
            key="avg_px", title="Avg price", text=lambda row: price_text(row.order.avg_px, row.instrument),
            width=82, align=Align.RIGHT, sort_key=lambda row: row.order.avg_px,
        ),
        _status(),
        Column(
            key="reason", title="Reason", text=lambda row: one_line(row.order.reason) or NOTHING, width=150,
            spare=2, elastic=6, tooltip=lambda row: row.order.reason,
            tone=_reason_tone,
        ),
        _type(4),
        _price("limit_price", "Limit", 4),
        _price("stop_price", "Stop", 4),
        _analyst(),
        _account(),
        _tif(),
        Column(
            key="cl_ord_id", title="Our id", text=lambda row: row.order.cl_ord_id, width=150, mono=True, hidden=True,
        ),
        Column(
            key="order_id", title="Broker's id", text=lambda row: row.order.order_id or NOTHING, width=110, mono=True,
            hidden=True,
        ),
    ]  # fmt: skip


def closed_columns(zone: Zone) -> list[Column[ClosedRow]]:
    return [
        Column(
            key="closed", title="Closed", text=lambda row: time_text(row.lot.closed_at, zone()), width=80,
            align=Align.RIGHT, sort_key=lambda row: row.lot.closed_at,
            tooltip=lambda row: times_tooltip(row.lot.closed_at, zone()),
        ),
        Column(
            key="instrument", title="Instrument", text=lambda row: contract_name(row.instrument), width=168,
            elastic=1, whole=True, strong=True,
        ),
        Column(
            key="side", title="Side", text=lambda row: "Long" if row.lot.side is Side.BUY else "Short", width=56,
            tone=lambda row: side_tone(row.lot.side),
        ),
        Column(
            key="qty", title="Qty", text=lambda row: number_text(row.lot.max_qty), width=44, align=Align.RIGHT,
            sort_key=lambda row: row.lot.max_qty,
        ),
        Column(
            key="entry", title="Avg entry", text=lambda row: price_text(row.lot.avg_entry_of_all, row.instrument),
            width=90, align=Align.RIGHT, sort_key=lambda row: row.lot.avg_entry_of_all, spare=1,
        ),
        Column(
            key="exit", title="Avg exit", text=lambda row: price_text(row.lot.avg_exit, row.instrument), width=90,
            align=Align.RIGHT, sort_key=lambda row: row.lot.avg_exit, spare=1,
        ),
        Column(
            key="net", title="Net P&L $", text=lambda row: profit_text(row.lot.net_pnl), width=112, align=Align.RIGHT,
            sort_key=lambda row: row.lot.net_pnl, tone=lambda row: profit_tone(row.lot.net_pnl), strong=True,
            header_tooltip="After fees.",
        ),
        Column(
            key="fees", title="Fees", text=lambda row: money_text(row.lot.commission), width=70, spare=2,
            align=Align.RIGHT, sort_key=lambda row: row.lot.commission,
        ),
        Column(
            key="analyst", title="Analyst", text=lambda row: origin_text(row.lot.origin.label), width=88, spare=3,
        ),
        Column(key="account", title="Account", text=lambda row: one_line(row.account), width=92, spare=5),
        Column(
            key="opened", title="Opened", text=lambda row: time_text(row.lot.opened_at, zone()), width=80, spare=4,
            align=Align.RIGHT, sort_key=lambda row: row.lot.opened_at,
        ),
    ]  # fmt: skip


def origin_text(label: str) -> str:
    name = one_line(label)
    return name.capitalize() if name in ("manual", "adopted") else name


def price_that_moves(order: Order) -> Decimal | None:
    """The price that a change of the order would move: the stop of a stop, else the limit."""
    return order.stop_price if order.ord_type in (OrdType.STOP, OrdType.TRAILING_STOP) else order.limit_price


def change_price(core: "Core", cl_ord_id: ClOrdId, price: Decimal) -> str:
    """Moves a working order's price through whoever owns the order; answers in words what was asked for."""
    order = core.blotter.order(cl_ord_id)
    if order is None or order.is_terminal:
        return "The order does not work any more, so its price stays."
    plan = core.exits.plan(order.lot_id)
    name = contract_name(core.market.instrument(order.instrument_id))
    if order.role is OrderRole.STOP and plan is not None:
        return _sentence(core.exits.move_stop(order.lot_id, price))
    if order.role is OrderRole.TARGET and plan is not None:
        for index, step in enumerate(plan.targets):
            if not step.is_done and step.price == order.limit_price:
                core.exits.move_target(order.lot_id, index, price)
                return f"Target of {name} moved to {price:,}."
    if order.role is OrderRole.ENTRY:
        return core.hand.entry_moves.move(order, price)
    moves_stop = price_that_moves(order) == order.stop_price and order.ord_type is not OrdType.STOP_LIMIT
    change = OrderChange(
        order_qty=order.order_qty,
        limit_price=order.limit_price if moves_stop else price,
        stop_price=price if moves_stop else order.stop_price,
        ord_type=order.ord_type,
    )
    if core.order_desk.request_replace(order, change):
        return f"{name}: the broker is asked to change the price to {price:,}."
    return f"{name}: a request for this order is under way, so it was not changed. Try again when it is answered."


def cancel_order(core: "Core", cl_ord_id: ClOrdId) -> str:
    """Cancels a working order; a protective stop stays, because a lot without it is not protected."""
    order = core.blotter.order(cl_ord_id)
    if order is None or order.is_terminal:
        return "The order does not work any more."
    name = contract_name(core.market.instrument(order.instrument_id))
    plan = core.exits.plan(order.lot_id)
    lot = core.lots.lot(order.lot_id)
    if order.role is OrderRole.STOP and plan is not None and lot is not None and not lot.is_flat:
        return f"The stop protects {lot.open_qty} {name} and stays: move it, or close the position."
    if order.role is OrderRole.TARGET and plan is not None:
        kept = tuple(step for step in plan.targets if step.is_done or step.price != order.limit_price)
        core.exits.take(replace(plan, targets=kept, allocations=()))
        price = price_text(order.limit_price, core.market.instrument(order.instrument_id))
        return f"Target {price} of {name} taken off."
    if core.order_desk.request_cancel(order, "canceled by hand"):
        return f"{name}: the broker is asked to cancel {order.side.value.lower()} {order.leaves_qty}."
    return f"{name}: the cancel is under way already."


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "."


def _instrument() -> Column[OrderRow]:
    return Column(
        key="instrument", title="Instrument", text=lambda row: contract_name(row.instrument), width=168, strong=True,
        elastic=3, whole=True,
        accessible=lambda row: spoken_name(row.instrument),
    )  # fmt: skip


def _role() -> Column[OrderRow]:
    return Column(
        key="role", title="For", width=58,
        text=lambda row: NOTHING if row.is_external else ROLE_TEXT[row.order.purpose],
    )  # fmt: skip


def _side() -> Column[OrderRow]:
    return Column(
        key="side", title="Side", text=lambda row: row.order.side.value.capitalize(), width=48,
        tone=lambda row: side_tone(row.order.side),
    )  # fmt: skip


def _qty() -> Column[OrderRow]:
    return Column(
        key="order_qty", title="Qty", text=lambda row: number_text(row.order.order_qty), width=44, align=Align.RIGHT,
        sort_key=lambda row: row.order.order_qty,
    )  # fmt: skip


def _filled(spare: int) -> Column[OrderRow]:
    """May leave: an order's status says that a part or all of it has filled."""
    return Column(
        key="cum_qty", title="Filled", text=lambda row: number_text(row.order.cum_qty), width=54, align=Align.RIGHT,
        sort_key=lambda row: row.order.cum_qty, spare=spare,
    )  # fmt: skip


def _type(spare: int) -> Column[OrderRow]:
    return Column(key="ord_type", title="Type", text=lambda row: TYPE_TEXT[row.order.ord_type], width=66, spare=spare)


def waits_for_column(stands_for: int = 0) -> Column[OrderRow]:
    """The price at which an order rests: its stop, else its limit; for both where they have left."""

    return Column(
        key="price", title="Price", width=82, align=Align.RIGHT, sort_key=_rests_at, flash=True, stands_for=stands_for,
        text=lambda row: price_text(_rests_at(row), row.instrument),
    )  # fmt: skip


def fill_or_price_column(stands_for: int) -> Column[OrderRow]:
    """The average price of what has filled, else the price at which the order rests; for both where they have left."""

    def value(row: OrderRow) -> Decimal | None:
        return _rests_at(row) if row.order.avg_px is None else row.order.avg_px

    def words(row: OrderRow) -> str:
        price = price_text(value(row), row.instrument)
        return f"Rests at {price}" if row.order.avg_px is None else f"Filled at {price} on average"

    return Column(
        key="fill_or_price", title="Fill or price", width=92, align=Align.RIGHT, sort_key=value, stands_for=stands_for,
        text=lambda row: price_text(value(row), row.instrument), tooltip=words, accessible=words,
        tone=lambda row: Tone.SECONDARY if row.order.avg_px is None else None,
        header_tooltip="The average price of what has filled; before that, the price at which the order rests.",
    )  # fmt: skip


def _rests_at(row: OrderRow) -> Decimal | None:
    return row.order.stop_price if row.order.stop_price is not None else row.order.limit_price


def _price(key: str, title: str, spare: int) -> Column[OrderRow]:
    def value(row: OrderRow) -> Decimal | None:
        return row.order.limit_price if key == "limit_price" else row.order.stop_price

    return Column(
        key=key, title=title, text=lambda row: price_text(value(row), row.instrument), width=82, align=Align.RIGHT,
        sort_key=value, flash=True, spare=spare,
    )  # fmt: skip


def _status() -> Column[OrderRow]:
    return Column(
        key="ord_status", title="Status", text=lambda row: STATUS_TEXT[row.order.ord_status], width=92, elastic=1,
        tone=_status_tone, tooltip=lambda row: row.order.reason or STATUS_TEXT[row.order.ord_status],
    )  # fmt: skip


def _tif() -> Column[OrderRow]:
    return Column(key="time_in_force", title="TIF", text=lambda row: row.order.time_in_force.value, width=46, spare=6)


def _created(zone: Zone, spare: int) -> Column[OrderRow]:
    return Column(
        key="created_at", title="Time", text=lambda row: time_text(row.order.created_at, zone()), width=80,
        align=Align.RIGHT, sort_key=lambda row: row.order.created_at, spare=spare,
        tooltip=lambda row: times_tooltip(row.order.created_at, zone()),
    )  # fmt: skip


def _analyst() -> Column[OrderRow]:
    return Column(
        key="analyst", title="Analyst", text=lambda row: origin_text(row.order.origin.label), width=88, spare=5,
        tone=lambda row: Tone.WARN if row.is_external else None, tooltip=_analyst_tip,
    )  # fmt: skip


def _analyst_tip(row: OrderRow) -> str:
    return row.order.reason if row.is_external else origin_text(row.order.origin.label)


def _account() -> Column[OrderRow]:
    return Column(key="account", title="Account", text=lambda row: one_line(row.account), width=92, spare=7)


def _status_tone(row: OrderRow) -> Tone | None:
    status = row.order.ord_status
    if status in _BAD:
        return Tone.DANGER
    if status in IN_FLIGHT or status in (OrdStatus.PENDING_CANCEL, OrdStatus.PENDING_REPLACE):
        return Tone.WARN
    if status is OrdStatus.FILLED:
        return Tone.OK
    return Tone.INFO if row.order.is_working else Tone.MUTED


def _reason_tone(row: OrderRow) -> Tone | None:
    """A reason is coloured where it tells of trouble."""
    is_calm = row.order.ord_status is OrdStatus.FILLED or row.order.is_working
    return Tone.MUTED if not row.order.reason else Tone.SECONDARY if is_calm else _status_tone(row)
