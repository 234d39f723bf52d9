"""Orders that others placed at the broker, as read-only rows of the working orders."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.ids import ClOrdId, LotId
from tradestream_gui.domain.orders import Order, OrderRole, Origin, OriginKind
from tradestream_gui.ports.broker import OrderReport
from tradestream_gui.ui.tabs.portfolio.orders import OrderRow
from tradestream_gui.ui.tabs.portfolio.rows import EXTERNAL

if TYPE_CHECKING:
    from tradestream_gui.core import Core

KEY = "external:"
ELSEWHERE = Origin(OriginKind.ADOPTED, analyst_name=EXTERNAL)


def external_rows(core: Core) -> dict[Hashable, OrderRow]:
    """A row for each order that stands at a broker and is not ours, by row key."""
    return {_key(report): _row(core, report) for report in core.external_orders.orders()}


def is_external(key: Hashable) -> bool:
    return str(key).startswith(KEY)


def hands_off(row: OrderRow) -> str:
    """Why nothing is done to it, and what now."""
    name = contract_name(row.instrument)
    return f"The order in {name} was placed elsewhere and is never touched from here: change or cancel it there."


def _row(core: Core, report: OrderReport) -> OrderRow:
    account = core.accounts.account(report.account_id).name
    return OrderRow(_shown(report), core.market.instrument(report.instrument_id), account, is_external=True)


def _shown(report: OrderReport) -> Order:
    """What the table's columns read; it stands in no book of ours, and what it is for nobody has said."""
    return Order(
        cl_ord_id=ClOrdId(_key(report)),
        account_id=report.account_id,
        instrument_id=report.instrument_id,
        lot_id=LotId(""),
        origin=ELSEWHERE,
        role=OrderRole.ENTRY,
        side=report.side,
        ord_type=report.ord_type,
        order_qty=report.order_qty,
        time_in_force=report.time_in_force,
        created_at=report.at,
        updated_at=report.at,
        limit_price=report.limit_price,
        stop_price=report.stop_price,
        ord_status=report.ord_status,
        order_id=report.order_id,
        cum_qty=report.cum_qty,
        reason="placed elsewhere: shown and counted, never touched from here",
    )


def _key(report: OrderReport) -> str:
    return f"{KEY}{report.account_id}:{report.order_id}"
