"""Reads the lists when the hub owes us something, and tells the difference."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from tradestream_gui.adapters.brokers.projectx.accounts import AccountList
from tradestream_gui.adapters.brokers.projectx.ledger import Ledger
from tradestream_gui.adapters.brokers.projectx.order_flow import OrderFlow
from tradestream_gui.adapters.brokers.projectx.requests import Requests
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.ports.clock import Clock, Tasks

RECENT = timedelta(days=2)
_log = logging.getLogger(__name__)


class CatchUp:
    """One reading at a time; however often it is asked for meanwhile, one more follows."""

    def __init__(
        self, *, accounts: AccountList, flow: OrderFlow, ledger: Ledger, requests: Requests, clock: Clock,
        tasks: Tasks, after_s: float, is_up: Callable[[], bool],
    ) -> None:  # fmt: skip
        self._accounts = accounts
        self._flow = flow
        self._ledger = ledger
        self._requests = requests
        self._clock = clock
        self._tasks = tasks
        self._after_s = after_s
        self._is_up = is_up
        self._reading = asyncio.Lock()
        self._is_due = False

    def soon(self) -> None:
        if not self._is_due and self._is_up():
            self._is_due = True
            self._tasks.spawn(self._read(), "TopstepX catch-up")

    def if_in_doubt(self) -> None:
        """A report or a trade has waited for what the hub has not told."""
        if self._flow.has_doubts:
            self.soon()

    def after_a_request(self) -> None:
        """The hub should tell what a change or a cancel did; where it does not, the lists are asked."""
        self._clock.call_later(self._after_s, self._confirm)

    def _confirm(self) -> None:
        if self._requests.has_unanswered:
            self.soon()

    async def _read(self) -> None:
        async with self._reading:
            self._is_due = False
            try:
                for account_id in self._accounts.ids:
                    await self._ledger.orders(account_id, RECENT)
                    await self._ledger.trades(account_id, self._clock.now() - RECENT)
            except BrokerUnreachable as error:
                _log.warning("TopstepX was not read: %s", error)  # reconciliation asks again
                return
            self._flow.release()
            self._requests.settled()
