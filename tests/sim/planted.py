"""Bugs of the kind that cost money, each patched in from outside: the simulation must see every one of them."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tradestream_gui.adapters.storage.ids import ProfileIds
from tradestream_gui.adapters.storage.journal import SqliteJournal
from tradestream_gui.adapters.storage.store import Store
from tradestream_gui.alerts.desk import desk as alert_desk
from tradestream_gui.alerts.desk.desk import AlertDesk
from tradestream_gui.alerts.desk.judgement import timeliness
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.messages import Arrival
from tradestream_gui.domain.orders import Order, OrderRole, OrdStatus, OrdType
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.day_ledger import DayLedger
from tradestream_gui.trading.entry_desk import EntryDesk
from tradestream_gui.trading.exit_alignment import ExitAlignment
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.failsafe import Failsafe
from tradestream_gui.trading.kill_switch import KillSwitch
from tradestream_gui.trading.loss_guard import LossGuard
from tradestream_gui.trading.order_desk import OrderDesk
from tradestream_gui.trading.reconciler import Reconciler
from tradestream_gui.trading.sentinel import Sentinel
from tradestream_gui.trading.uncertain_orders import UncertainOrders

Bug = Callable[[pytest.MonkeyPatch], None]


def resend_on_timeout(patch: pytest.MonkeyPatch) -> None:
    doubt = OrderDesk._doubt

    def again(self: OrderDesk, cl_ord_id: Any, reason: str) -> None:
        order = self._blotter.order(cl_ord_id)
        if order is not None and order.ord_status is OrdStatus.SENT:
            self._tasks.spawn(_place(self, order), "send again")
        doubt(self, cl_ord_id, reason)

    patch.setattr(OrderDesk, "_doubt", again)


async def _place(desk: OrderDesk, order: Any) -> None:
    try:
        await desk.broker_of(order.account_id).place(order)
    except BrokerUnreachable:
        await asyncio.sleep(0)


def age_by_seconds_of_the_day(patch: pytest.MonkeyPatch) -> None:
    def wrapped(revision: Any, *others: Any) -> Any:
        age = timedelta(seconds=(revision.received_at - revision.sent_at).seconds)
        return timeliness(replace(revision, sent_at=revision.received_at - age), *others)

    patch.setattr(alert_desk, "timeliness", wrapped)


def fills_dropped_while_disconnected(patch: pytest.MonkeyPatch) -> None:
    on_execution = OrderDesk.on_execution

    def deaf(self: OrderDesk, report: Any, **how: Any) -> None:
        if self._accounts.state(report.account_id).trading_state is TradingState.RECONCILING:
            self._blotter.mark_booked(report.account_id, report.exec_id)
            return
        on_execution(self, report, **how)

    patch.setattr(OrderDesk, "on_execution", deaf)


def stop_sized_from_the_order(patch: pytest.MonkeyPatch) -> None:
    align_stop = ExitAlignment._align_stop

    def wrong(self: ExitAlignment, lot: Any, plan: Any, resting: Any, qty: int, linked: bool) -> None:
        asked = sum(
            order.order_qty for order in self._blotter.orders_of_lot(lot.lot_id) if order.role is OrderRole.ENTRY
        )
        align_stop(self, lot, plan, resting, max(asked, qty), linked)

    patch.setattr(ExitAlignment, "_align_stop", wrong)


def exits_cancelled_before_flat(patch: pytest.MonkeyPatch) -> None:
    flatten = KillSwitch.flatten

    def eager(self: KillSwitch, reason: str, account_ids: Any = ()) -> None:
        patch.setattr(ExitAlignment, "align", lambda self, lot, plan: None)
        for order in self._blotter.open_orders():
            self._desk.request_cancel(order, reason)
        flatten(self, reason, account_ids)

    patch.setattr(KillSwitch, "flatten", eager)


def sent_before_stored(patch: pytest.MonkeyPatch) -> None:
    send = OrderDesk.send

    async def hasty(self: OrderDesk, order: Any, records: Any = (), **more: Any) -> Any:
        journal = self._journal

        class Later:
            async def commit(self, records: Any) -> None:
                journal.append(records)

        self._journal = Later()  # type: ignore[assignment]  # the bug
        try:
            return await send(self, order, records, **more)
        finally:
            self._journal = journal

    patch.setattr(OrderDesk, "send", hasty)


def one_not_found_believed(patch: pytest.MonkeyPatch) -> None:
    async def hasty(self: UncertainOrders, cl_ord_id: Any) -> None:
        order = self._uncertain(cl_ord_id)
        if order is None:
            return
        try:
            report = await self._broker_of(order.account_id).find_order(order.account_id, cl_ord_id)
        except BrokerUnreachable:
            report = None
        if report is None:
            self._not_found(cl_ord_id)
        else:
            await self._adopt(order, report)

    patch.setattr(UncertainOrders, "_ask", hasty)


def no_answer_taken_for_empty(patch: pytest.MonkeyPatch) -> None:
    from tests.sim.venue import SimBroker

    for name, empty in (("open_orders", ()), ("executions", ()), ("positions", ()), ("find_order", None)):
        patch.setattr(SimBroker, name, partial(_or_empty, getattr(SimBroker, name), empty)())


def _or_empty(ask: Any, empty: Any) -> Any:
    async def wrapped(self: Any, *arguments: Any) -> Any:
        try:
            return await ask(self, *arguments)
        except BrokerUnreachable:
            return empty

    return wrapped


def executions_booked_twice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Blotter, "is_booked", lambda self, account_id, exec_id: False)
    patch.setattr(Blotter, "unbooked", lambda self, executions: list(executions))


def late_fills_ignored(patch: pytest.MonkeyPatch) -> None:
    on_execution = OrderDesk.on_execution

    def strict(self: OrderDesk, report: Any, **how: Any) -> None:
        order = self.order_of(report)
        if order is None or not order.is_terminal:
            on_execution(self, report, **how)

    patch.setattr(OrderDesk, "on_execution", strict)


def entries_leave_in_any_state(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(OrderDesk, "_held_back", lambda self, order, *, is_test: "")


def history_taken_for_live(patch: pytest.MonkeyPatch) -> None:
    _arrive_as(patch, lambda message: replace(message, arrival=Arrival.LIVE))


def edits_taken_for_new_messages(patch: pytest.MonkeyPatch) -> None:
    def renamed(message: Any) -> Any:
        if message.arrival is not Arrival.EDIT:
            return message
        return replace(message, message_id=f"{message.message_id}-edited", arrival=Arrival.LIVE)

    _arrive_as(patch, renamed)


def _arrive_as(patch: pytest.MonkeyPatch, change: Callable[[Any], Any]) -> None:
    on_message = AlertDesk.on_message
    patch.setattr(AlertDesk, "on_message", lambda self, message: on_message(self, change(message)))


def lost_stop_not_replaced(patch: pytest.MonkeyPatch) -> None:
    on_order = ExitDesk._on_order

    def blind(self: ExitDesk, fact: Any) -> None:
        if fact.order.role is not OrderRole.STOP or fact.order.ord_status is not OrdStatus.CANCELED:
            on_order(self, fact)

    patch.setattr(ExitDesk, "_on_order", blind)
    patch.setattr(Sentinel, "look", lambda self: None)
    patch.setattr(Reconciler, "compare", partial(_compare_without_alignment, Reconciler.compare)())


def _compare_without_alignment(compare: Any) -> Any:
    async def wrapped(self: Reconciler, account_id: Any, **how: bool) -> Any:
        lots = self._lots
        self._lots = _NoLots()  # type: ignore[assignment]  # the bug
        try:
            return await compare(self, account_id, **how)
        finally:
            self._lots = lots

    return wrapped


class _NoLots:
    def open_lots(self, *_: Any) -> list[Any]:
        return []


def close_placed_beside_the_stop(patch: pytest.MonkeyPatch) -> None:
    def close_all(self: ExitAlignment, lot: Any, resting: Any, linked: bool) -> bool:
        if not resting.closes:
            self._place(lot, OrderRole.CLOSE, lot.open_qty, OrdType.MARKET, linked=False)
        return True

    patch.setattr(ExitAlignment, "_close_all", close_all)


def targets_rest_beside_an_unlinked_stop(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ExitAlignment, "targets_rest_at_broker", lambda self, account_id: True)


def plans_forgotten_at_the_start(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ExitDesk, "restore", lambda self, plans: None)


def order_ids_begin_anew(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Store, "reserve", lambda self, name, count: 1)


def replace_overtakes_the_link(patch: pytest.MonkeyPatch) -> None:
    align_stop = ExitAlignment._align_stop

    def wrong(self: ExitAlignment, lot: Any, plan: Any, resting: Any, qty: int, linked: bool) -> None:
        grown = max([qty, *(order.leaves_qty for order in resting.stops)]) if linked else qty
        align_stop(self, lot, plan, resting, grown, linked)

    patch.setattr(ExitAlignment, "_align_stop", wrong)


def a_part_taken_for_the_whole(patch: pytest.MonkeyPatch) -> None:
    on_execution = OrderDesk.on_execution

    def generous(self: OrderDesk, report: Any, **how: Any) -> None:
        order = self.order_of(report)
        left = order.leaves_qty if order is not None else 0
        on_execution(self, replace(report, last_qty=left or report.last_qty), **how)

    patch.setattr(OrderDesk, "on_execution", generous)


def live_orders_to_the_first_broker(patch: pytest.MonkeyPatch) -> None:
    attach = OrderDesk.attach

    def mixed(self: OrderDesk, account: Any, broker: Any) -> None:
        others = [one.account_id for one in self._accounts.accounts() if one.account_id != account.account_id]
        attach(self, account, self.broker_of(others[0]) if others else broker)

    patch.setattr(OrderDesk, "attach", mixed)


def live_orders_with_the_papers_ids(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ProfileIds, "_of", lambda self, account_id: self._paper)


def live_orders_stored_with_the_papers(patch: pytest.MonkeyPatch) -> None:
    append = SqliteJournal.append
    journals: list[SqliteJournal] = []

    def both(self: SqliteJournal, records: Any) -> None:
        journals[:] = [one for one in journals if one.path.parent == self.path.parent and one is not self] + [self]
        for one in journals:
            append(one, [record for record in records if one is self or isinstance(record, Order)])

    patch.setattr(SqliteJournal, "append", both)
    patch.setattr(SqliteJournal, "_refuse_wrong_accounts", lambda self, records: None)


def nobody_looks_at_the_loss(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(LossGuard, "look", lambda self: None)


def a_lost_day_forgotten_at_the_start(patch: pytest.MonkeyPatch) -> None:
    restore = AccountBook.restore

    def fresh(self: AccountBook, accounts: Any, states: Any, timed: Any) -> None:
        restore(self, accounts, [replace(state, trading_state=TradingState.ACTIVE) for state in states])

    patch.setattr(AccountBook, "restore", fresh)
    patch.setattr(DayLedger, "restore", lambda self, orders, booked: None)


def errors_kept_as_they_come(patch: pytest.MonkeyPatch) -> None:
    begin = Failsafe.__init__
    patch.setattr(Failsafe, "__init__", lambda self, clean=str: begin(self))


def expiry_not_looked_at(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(EntryDesk, "flat_by", lambda self, account_id, instrument, at: None)


BUGS: tuple[Bug, ...] = (
    resend_on_timeout, age_by_seconds_of_the_day, fills_dropped_while_disconnected, stop_sized_from_the_order,
    exits_cancelled_before_flat, sent_before_stored, one_not_found_believed, no_answer_taken_for_empty,
    executions_booked_twice, late_fills_ignored, entries_leave_in_any_state, history_taken_for_live,
    edits_taken_for_new_messages, lost_stop_not_replaced, close_placed_beside_the_stop,
    targets_rest_beside_an_unlinked_stop, plans_forgotten_at_the_start, order_ids_begin_anew,
    replace_overtakes_the_link, a_part_taken_for_the_whole,
)  # fmt: skip

NAMED: dict[Bug, str] = {
    live_orders_to_the_first_broker: "I6", live_orders_with_the_papers_ids: "I6",
    live_orders_stored_with_the_papers: "I6", nobody_looks_at_the_loss: "I9", a_lost_day_forgotten_at_the_start: "I9",
    errors_kept_as_they_come: "I11", expiry_not_looked_at: "had to be gone",
}  # fmt: skip
"""Bugs of one rule, and what the checker calls it: seen by anything else they would prove nothing of it."""
