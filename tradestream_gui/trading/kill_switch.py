"""One press stops all entries; holding it also flattens: stored first, exits cancelled only when flat."""

from collections.abc import Iterable
from dataclasses import dataclass

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.events import Notice, NoticeKind, Severity
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.money import signed
from tradestream_gui.domain.orders import OrderRole
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.change_requests import CHANGEABLE
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.external_orders import ExternalOrders, standing_elsewhere
from tradestream_gui.trading.lot_book import LotBook
from tradestream_gui.trading.order_desk import OrderDesk
from tradestream_gui.trading.requests_first import RequestsFirst

VERIFY_ATTEMPTS = 10
VERIFY_FIRST_WAIT_S = 0.5
VERIFY_LONGEST_WAIT_S = 5.0


@dataclass(frozen=True, slots=True)
class KillReport:
    """What became of one account."""

    account_id: AccountId
    entries_cancelled: int
    open_qty: int
    is_flat: bool
    words: str


class KillSwitch:
    """Locks in memory at once, so that nothing is sent from this instant on; works offline and needs no dialog."""

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        tasks: Tasks,
        blotter: Blotter,
        lots: LotBook,
        accounts: AccountBook,
        desk: OrderDesk,
        exits: ExitDesk,
        external_orders: ExternalOrders,
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._tasks = tasks
        self._blotter = blotter
        self._lots = lots
        self._accounts = accounts
        self._desk = desk
        self._exits = exits
        self._external_orders = external_orders
        self._requests_first = RequestsFirst(bus, tasks)
        """Screen and journal would take longer than all requests of a kill."""

    def kill(self, reason: str, account_ids: Iterable[AccountId] = ()) -> int:
        """Locks the accounts (all when none is named) and cancels their entries; protective stops stay.

        Answers how many entries were asked to be cancelled.
        """
        chosen = tuple(account_ids) or tuple(account.account_id for account in self._accounts.accounts())
        with self._requests_first():
            for account_id in chosen:
                self._accounts.set_state(account_id, TradingState.LOCKED, reason)
                self._tasks.spawn(self._store(account_id), f"store lock {account_id}")
            count = sum(self._cancel_entries(account_id, reason) for account_id in chosen)
            words = f"{count} entries cancelled, {len(self._lots.open_lots())} positions keep their stops"
            words += self._elsewhere(*chosen)
            self._bus.publish(Notice(NoticeKind.RISK, Severity.DANGER, "KILL", words, self._clock.now()))
        return count

    def flatten(self, reason: str, account_ids: Iterable[AccountId] = ()) -> None:
        """Closes every open lot of the accounts and reports each when it is flat or when nothing more helps."""
        chosen = tuple(account_ids) or tuple(account.account_id for account in self._accounts.accounts())
        with self._requests_first():
            for account_id in chosen:
                self._cancel_entries(account_id, reason)
                self._close_lots(account_id, reason)
                self._tasks.spawn(self._verify(account_id, reason), f"verify flat {account_id}")

    def enforce(self, account_id: AccountId) -> None:
        """Cancels entries of a locked account that still work: a cancel may have been refused or lost."""
        for order in self._blotter.open_orders(account_id, role=OrderRole.ENTRY):
            if order.ord_status in CHANGEABLE:
                self._desk.request_cancel(order, "the account is locked")

    def report(self, account_id: AccountId) -> KillReport:
        lots = self._lots.open_lots(account_id)
        entries = self._blotter.open_orders(account_id, role=OrderRole.ENTRY)
        open_qty = sum(lot.open_qty for lot in lots)
        name = self._accounts.account(account_id).name
        if not open_qty and not entries:
            return KillReport(account_id, 0, 0, True, f"{name}: flat")
        if not open_qty:
            return KillReport(account_id, 0, 0, False, f"{name}: flat, {len(entries)} entries not cancelled yet")
        held = ", ".join(f"{signed(lot.signed_qty)} {named(lot.instrument_id)}" for lot in lots)
        linked = self._desk.is_linked(account_id)
        advice = "still open" if linked else "broker unreachable, call your broker"
        return KillReport(account_id, 0, open_qty, False, f"{name}: {held} {advice}")

    def _cancel_entries(self, account_id: AccountId, reason: str) -> int:
        entries = self._blotter.open_orders(account_id, role=OrderRole.ENTRY)
        return sum(self._desk.request_cancel(order, reason) for order in entries)

    def _close_lots(self, account_id: AccountId, reason: str) -> None:
        for lot in self._lots.open_lots(account_id):
            self._exits.leave(lot, lot.open_qty, reason)

    async def _store(self, account_id: AccountId) -> None:
        try:
            await self._accounts.store_state(account_id)
        except StoreFailed as error:
            words = f"the lock holds, but could not be stored and will not survive a restart: {error}"
            self._bus.publish(Notice(NoticeKind.RISK, Severity.DANGER, "KILL", words, self._clock.now()))

    async def _verify(self, account_id: AccountId, reason: str) -> None:
        wait_s = VERIFY_FIRST_WAIT_S
        for _ in range(VERIFY_ATTEMPTS):
            await self._clock.sleep(wait_s)
            report = self.report(account_id)
            if report.is_flat:
                break
            self._close_lots(account_id, reason)
            wait_s = min(wait_s * 2, VERIFY_LONGEST_WAIT_S)
        report = self.report(account_id)
        severity = Severity.SUCCESS if report.is_flat else Severity.DANGER
        words = report.words + self._elsewhere(account_id)
        self._bus.publish(Notice(NoticeKind.RISK, severity, "Flatten", words, self._clock.now()))

    def _elsewhere(self, *account_ids: AccountId) -> str:
        """Words for what others placed in the accounts: no order of theirs is cancelled from here."""
        words = standing_elsewhere(sum(len(self._external_orders.orders(account_id)) for account_id in account_ids))
        return f"; {words}" if words else ""
