"""The 24 moments at which a process is killed, each put into the running program from outside by a wrapper."""

import os
import signal
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

from tests.sim import venue
from tradestream_gui.adapters.storage import store, watermark, writer
from tradestream_gui.adapters.storage.journal import SqliteJournal
from tradestream_gui.alerts.desk.desk import AlertDesk
from tradestream_gui.domain.orders import Fill, Order, OrderRole, OrdStatus, OrdType
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.exit_alignment import ExitAlignment
from tradestream_gui.trading.order_desk import OrderDesk

Hit = Callable[[], None]
When = Callable[..., bool]


class Bomb:
    """Goes off at the `count`-th call of `hit`: the process is killed at once, as by the system."""

    def __init__(self, count: int) -> None:
        self._left = count

    def hit(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def before(owner: Any, name: str, bomb: Bomb, when: When = lambda *arguments, **named: True) -> None:
    original = getattr(owner, name)

    def wrapped(*arguments: Any, **named: Any) -> Any:
        if when(*arguments, **named):
            bomb.hit()
        return original(*arguments, **named)

    setattr(owner, name, wrapped)


def after(owner: Any, name: str, bomb: Bomb, when: When = lambda *arguments, **named: True) -> None:
    original = getattr(owner, name)

    def wrapped(*arguments: Any, **named: Any) -> Any:
        answer = original(*arguments, **named)
        if when(*arguments, **named):
            bomb.hit()
        return answer

    setattr(owner, name, wrapped)


def after_await(owner: Any, name: str, bomb: Bomb, when: When = lambda *arguments, **named: True) -> None:
    original = getattr(owner, name)

    async def wrapped(*arguments: Any, **named: Any) -> Any:
        answer = await original(*arguments, **named)
        if when(*arguments, **named):
            bomb.hit()
        return answer

    setattr(owner, name, wrapped)


def _role(role: OrderRole) -> When:
    return lambda _self, order, *_, **__: order.role is role


def _put(role: OrderRole, status: OrdStatus) -> When:
    return lambda _self, order: order.role is role and order.ord_status is status


def _holds(kind: type, fits: Callable[[Any], bool] = lambda record: True) -> When:
    return lambda _self, records: any(isinstance(record, kind) and fits(record) for record in records)


def _is_entry(record: Any) -> bool:
    return bool(record.role is OrderRole.ENTRY and record.ord_status is OrdStatus.PENDING_NEW)


def _order_report(desk: OrderDesk, report: Any) -> bool:
    order = desk._blotter.order(report.cl_ord_id)
    return order is not None and order.role is OrderRole.ENTRY


def _fill_of(*roles: OrderRole) -> When:
    def when(desk: OrderDesk, report: Any, **how: Any) -> bool:
        order = desk._blotter.order(report.cl_ord_id)
        return order is not None and order.role in roles

    return when


def _closes(_self: Any, _account: Any, _order: Any, **terms: Any) -> bool:
    return terms["ord_type"] is OrdType.MARKET


def _flat(_self: Any, lot: Any, _plan: Any) -> bool:
    return bool(lot.is_flat)


def _k18(bomb: Bomb) -> None:
    after_await(venue.SimBroker, "replace", bomb, _closes)
    after_await(venue.SimBroker, "place", bomb, _role(OrderRole.CLOSE))


def _statements(bomb: Bomb) -> None:
    event.listen(Engine, "before_cursor_execute", lambda *_: bomb.hit())


POINTS: dict[str, Callable[[Bomb], None]] = {
    "K01 message received": lambda bomb: before(AlertDesk, "on_message", bomb),
    "K02 rows inserted, not committed": lambda bomb: after(writer.RecordWriter, "write", bomb, _holds(Order)),
    "K03 intent committed": lambda bomb: after_await(SqliteJournal, "commit", bomb, _holds(Order, _is_entry)),
    "K04 marked as sent": lambda bomb: after(Blotter, "put", bomb, _put(OrderRole.ENTRY, OrdStatus.SENT)),
    "K05 first byte out": lambda bomb: before(venue.SimBroker, "place", bomb, _role(OrderRole.ENTRY)),
    "K06 all sent, no answer": lambda bomb: after(venue.SimBroker, "_enter", bomb, _role(OrderRole.ENTRY)),
    "K07 answer read": lambda bomb: before(OrderDesk, "on_order", bomb, _order_report),
    "K08 answer saved": lambda bomb: after(
        store.Store, "write", bomb, _holds(Order, lambda order: order.ord_status is OrdStatus.NEW)
    ),
    "K09 fill read": lambda bomb: before(OrderDesk, "on_execution", bomb),
    "K10 fill saved, no stop": lambda bomb: after(store.Store, "write", bomb, _holds(Fill)),
    "K11 stop marked as sent": lambda bomb: after(Blotter, "put", bomb, _put(OrderRole.STOP, OrdStatus.SENT)),
    "K12 stop sent, no answer": lambda bomb: after(venue.SimBroker, "_enter", bomb, _role(OrderRole.STOP)),
    "K13 between two targets": lambda bomb: after(venue.SimBroker, "_enter", bomb, _role(OrderRole.TARGET)),
    "K14 target filled, stop not reduced": lambda bomb: after(
        OrderDesk, "on_execution", bomb, _fill_of(OrderRole.TARGET, OrderRole.CLOSE)
    ),
    "K15 cancel sent": lambda bomb: after_await(venue.SimBroker, "cancel", bomb),
    "K16 replace sent": lambda bomb: after_await(venue.SimBroker, "replace", bomb),
    "K17 lock saved": lambda bomb: after_await(AccountBook, "store_state", bomb),
    "K18 flatten sent": _k18,
    "K19 flat, exits still working": lambda bomb: before(ExitAlignment, "align", bomb, _flat),
    "K20 in the middle of a comparison": lambda bomb: before(venue.SimBroker, "positions", bomb),
    "K21 in the middle of a migration": _statements,
    "K22 backup not yet renamed": lambda bomb: before(os, "replace", bomb),
    "K23 config and vault not yet replaced": lambda bomb: before(os, "replace", bomb),
    "K24 watermark not yet written": lambda bomb: before(watermark, "_append", bomb),
}
"""By their names: what puts the bomb into the program."""
