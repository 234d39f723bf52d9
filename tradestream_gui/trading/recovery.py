"""Takes over orders of ours that stand at the broker and not in our database: it was lost, or an older one restored."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.events import Notice, NoticeKind, Severity
from tradestream_gui.domain.exits import ExitPlan, PlanState, TargetStep
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId
from tradestream_gui.domain.orders import ADOPTED, WORKING, Order, OrderRole, OrdStatus, OrdType, TimeInForce
from tradestream_gui.domain.positions import Lot
from tradestream_gui.ports.broker import ExecutionReport, OrderReport
from tradestream_gui.ports.clock import Clock, Ids
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.lot_book import LotBook
from tradestream_gui.trading.order_desk import OrderDesk

RECOVERED = "recovered: it stands at the broker and not in our database"
_EXIT_ROLE = {OrdType.LIMIT: OrderRole.TARGET, OrdType.MARKET: OrderRole.CLOSE}
"""What an order that reduces was for; every kind of stop order was a stop."""

_log = logging.getLogger(__name__)


class Recovery:
    """An order with an epoch of this profile is recovered: its fills are booked, what reduces belongs to the lot that
    it reduces, an entry that still works is cancelled, a lot without a stop is closed, and the account only reduces
    until a person has looked. What protects a position whose fills the broker tells no more is left as it is. An
    order with a foreign epoch halts the account: another TradeStream trades it."""

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        ids: Ids,
        blotter: Blotter,
        lots: LotBook,
        accounts: AccountBook,
        desk: OrderDesk,
        exits: ExitDesk,
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._ids = ids
        self._blotter = blotter
        self._lots = lots
        self._accounts = accounts
        self._desk = desk
        self._exits = exits
        self._told: set[AccountId] = set()
        self._left_alone: set[ClOrdId] = set()

    async def take_over(
        self,
        account_id: AccountId,
        executions: Sequence[ExecutionReport],
        working: Sequence[OrderReport],
        held: Mapping[InstrumentId, int],
    ) -> None:
        """Called before executions are booked: afterwards they find their orders. `held`: the broker's net
        quantities. Raises BrokerUnreachable."""
        reports = {report.cl_ord_id: report for report in working if report.cl_ord_id is not None}
        recovered = []
        for cl_ord_id in dict.fromkeys([*_ids_of(executions), *reports]):
            if self._blotter.order(cl_ord_id) is not None or not self._is_ours(account_id, cl_ord_id):
                continue
            report = reports.get(cl_ord_id) or await self._desk.broker_of(account_id).find_order(account_id, cl_ord_id)
            report = report or _told_by(cl_ord_id, executions)
            if self._blotter.order(cl_ord_id) is not None:
                continue
            if self._protects_the_unknown(report, held):
                self._leave_alone(report)
            else:
                recovered.append(self._recover(report, executions))
        if recovered:
            self._say(account_id, recovered)
            for lot_id in dict.fromkeys(order.lot_id for order in recovered):
                self._protect(self._lots.lot(lot_id))

    def _is_ours(self, account_id: AccountId, cl_ord_id: ClOrdId) -> bool:
        """A foreign TradeStream's order halts the account; the phone's and the web page's are nobody's business."""
        is_ours = self._ids.are_ours(cl_ord_id)
        state = self._accounts.state(account_id).trading_state
        stands = state in (TradingState.HALTED, TradingState.LOCKED)
        if is_ours is False and not (stands and account_id in self._told):
            self._told.add(account_id)
            words = f"another TradeStream is trading this account: order {cl_ord_id} is not of this profile"
            self._accounts.set_state(account_id, TradingState.HALTED, words)
            self._tell("Another TradeStream", words)
        return is_ours is True

    def _recover(self, report: OrderReport, executions: Sequence[ExecutionReport]) -> Order:
        assert report.cl_ord_id is not None, "only an order with an id of ours is recovered"
        lot = self._reduced_lot(report)
        role = OrderRole.ENTRY if lot is None else _EXIT_ROLE.get(report.ord_type, OrderRole.STOP)
        now = self._clock.now()
        order = Order(
            cl_ord_id=report.cl_ord_id,
            account_id=report.account_id,
            instrument_id=report.instrument_id,
            lot_id=self._ids.next_lot_id(report.account_id) if lot is None else lot.lot_id,
            origin=ADOPTED if lot is None else lot.origin,
            role=role,
            side=report.side,
            ord_type=report.ord_type,
            order_qty=report.order_qty,
            time_in_force=report.time_in_force,
            created_at=report.at,
            updated_at=now,
            limit_price=report.limit_price,
            stop_price=report.stop_price,
            ord_status=OrdStatus.SENT,
            order_id=report.order_id,
            reason=RECOVERED,
        )
        self._blotter.add(order)
        self._desk.book(one for one in executions if one.cl_ord_id == order.cl_ord_id)
        self._desk.on_order(replace(report, text=report.text or RECOVERED))
        return order

    def _protects_the_unknown(self, report: OrderReport, held: Mapping[InstrumentId, int]) -> bool:
        """A working order that reduces what the broker holds, where none of our lots explains the position."""
        reduces = held.get(report.instrument_id, 0) * report.side.sign < 0
        return reduces and report.ord_status in WORKING and not report.cum_qty and self._reduced_lot(report) is None

    def _leave_alone(self, report: OrderReport) -> None:
        if report.cl_ord_id is None or report.cl_ord_id in self._left_alone:
            return
        self._left_alone.add(report.cl_ord_id)
        words = (
            f"{report.side.value} {report.order_qty} {named(report.instrument_id)} of ours protects a position whose "
            "fills nobody tells any more; it is left as it is"
        )
        self._accounts.set_state(report.account_id, TradingState.REDUCING, f"{words}: look at it, then resume")
        self._tell("Orders recovered", words)

    def _reduced_lot(self, report: OrderReport) -> Lot | None:
        """The lot that an order leaves: the newest open one of the other side; None for an order that opens."""
        against = [
            lot for lot in self._lots.open_lots(report.account_id, report.instrument_id) if lot.side is not report.side
        ]
        return against[-1] if against else None

    def _protect(self, lot: Lot | None) -> None:
        """Gives a recovered lot the plan that its orders show. Nobody knows where a stop should be that is not at the
        broker, so a lot without one is closed."""
        if lot is None or lot.is_flat:
            return
        for order in self._blotter.exits_of_lot(lot.lot_id, OrderRole.ENTRY):
            self._desk.request_cancel(order, "recovered: what it was to be protected by is not known")
        if self._exits.plan(lot.lot_id) is not None:
            return
        stops = self._blotter.exits_of_lot(lot.lot_id, OrderRole.STOP)
        targets = sorted(self._blotter.exits_of_lot(lot.lot_id, OrderRole.TARGET), key=lambda order: order.created_at)
        stop_price = stops[0].stop_price if stops else None
        self._exits.take(
            ExitPlan(
                lot_id=lot.lot_id,
                account_id=lot.account_id,
                instrument_id=lot.instrument_id,
                side=lot.side,
                state=PlanState.ACTIVE,
                stop_price=stop_price,
                initial_stop_price=stop_price,
                targets=tuple(
                    TargetStep(order.limit_price, order.order_qty, order.cum_qty)
                    for order in targets
                    if order.limit_price is not None
                ),
                close_qty=0 if stops else lot.open_qty,
                close_reason="" if stops else "recovered without a stop",
            )
        )

    def _say(self, account_id: AccountId, recovered: Sequence[Order]) -> None:
        for order in recovered:
            if order.role is OrderRole.ENTRY:
                current = self._blotter.order(order.cl_ord_id)
                if current is not None and current.is_working:
                    self._desk.request_cancel(current, "recovered: what it was to be protected by is not known")
        names = ", ".join(sorted({named(order.instrument_id) for order in recovered}))
        words = f"{len(recovered)} orders of ours in {names} were at the broker and not in our database"
        self._accounts.set_state(account_id, TradingState.REDUCING, f"{words}: look at them, then resume")
        self._tell("Orders recovered", f"{words}. Entries wait until you resume.")
        _log.warning("account %s: %s", account_id, words)

    def _tell(self, title: str, words: str) -> None:
        self._bus.publish(Notice(NoticeKind.SYSTEM, Severity.DANGER, title, words, self._clock.now()))


def _told_by(cl_ord_id: ClOrdId, executions: Sequence[ExecutionReport]) -> OrderReport:
    """A finished order as its executions tell of it, for a broker that finds only those that work."""
    own = [execution for execution in executions if execution.cl_ord_id == cl_ord_id]
    first, qty = own[0], sum(execution.last_qty for execution in own)
    return OrderReport(
        account_id=first.account_id,
        order_id=first.order_id,
        cl_ord_id=cl_ord_id,
        instrument_id=first.instrument_id,
        side=first.side,
        ord_type=OrdType.MARKET,
        time_in_force=TimeInForce.DAY,
        ord_status=OrdStatus.FILLED,
        order_qty=qty,
        cum_qty=qty,
        limit_price=None,
        stop_price=None,
        at=first.at,
    )


def _ids_of(executions: Sequence[ExecutionReport]) -> list[ClOrdId]:
    in_time = sorted(executions, key=lambda execution: execution.at)
    return [execution.cl_ord_id for execution in in_time if execution.cl_ord_id is not None]
