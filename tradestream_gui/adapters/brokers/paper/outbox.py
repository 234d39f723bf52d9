"""What is reported leaves here: first durable in the ledger, then on the wire, in order."""

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Protocol

from tradestream_gui.adapters.brokers.paper.floor import Report
from tradestream_gui.adapters.brokers.paper.state import LedgerState, PaperLedger
from tradestream_gui.adapters.runtime.clock import Work
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.ports.clock import Tasks


class PaperLink(Protocol):
    """Carries commands to the exchange and reports back, late or, when faults are simulated, worse."""

    def carry_command(self, action: Callable[[], None]) -> None: ...

    def carry_report(self, action: Callable[[], None]) -> None: ...

    def cut(self) -> None: ...


class Outbox:
    """The only one who writes the ledger; changes that wait for it are saved together.

    `deliver` is called by the link for each report; `on_failure` once when the ledger fails, after which what
    waited is dropped unreported.
    """

    def __init__(
        self,
        *,
        tasks: Tasks,
        work: Work,
        ledger: PaperLedger,
        link: PaperLink,
        deliver: Callable[[Report], None],
        on_failure: Callable[[StoreFailed], None],
    ) -> None:
        self._tasks = tasks
        self._work = work
        self._ledger = ledger
        self._link = link
        self._deliver = deliver
        self._on_failure = on_failure
        self._waiting: deque[tuple[LedgerState, tuple[Report, ...]]] = deque()
        self._all_durable = asyncio.Event()
        self._all_durable.set()

    def put(self, kept: LedgerState, reports: tuple[Report, ...]) -> None:
        self._waiting.append((kept, reports))
        self._work.begin()
        if self._all_durable.is_set():
            self._all_durable.clear()
            self._tasks.spawn(self._drain(), "paper ledger")

    async def durable(self) -> None:
        """Returns when everything put in before is kept or dropped."""
        await self._all_durable.wait()

    async def _drain(self) -> None:
        try:
            while self._waiting:
                batch = tuple(self._waiting)
                await self._ledger.save(_together([kept for kept, _ in batch]))
                for _, reports in batch:
                    for report in reports:
                        self._link.carry_report(partial(self._deliver, report))
                    self._done()
        except StoreFailed as error:
            self._on_failure(error)
        finally:
            while self._waiting:
                self._done()
            self._all_durable.set()

    def _done(self) -> None:
        self._waiting.popleft()
        self._work.end()


def _together(changes: list[LedgerState]) -> LedgerState:
    """Several changes as one, the newest state of each order and account."""
    accounts = {account.account_id: account for change in changes for account in change.accounts}
    orders = {order.order_id: order for change in changes for order in change.orders}
    executions = tuple(execution for change in changes for execution in change.executions)
    return LedgerState(tuple(accounts.values()), tuple(orders.values()), executions)
