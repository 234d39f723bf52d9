"""When looks are due that are taken by the second: at each one while something is at stake, else seldom."""

import asyncio
from collections.abc import Callable, Iterable

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.beats import until_beat
from tradestream_gui.domain.events import AccountStateChanged, BalanceChanged, LotChanged, OrderChanged
from tradestream_gui.ports.clock import Clock
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.lot_book import LotBook

SELDOM = 5
"""With nothing at stake one look is taken of so many: a day turns without a fact, and the window rests as long."""
STIRRING = (OrderChanged, LotChanged, AccountStateChanged, BalanceChanged)
"""What puts something at stake, or changes what a look finds: after it the next one is not left out."""


class WatchBeat:
    """A processor that wakes each second for nothing costs more than all else that a resting program does."""

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        is_at_stake: Callable[[], bool],
        stirring: Iterable[type[object]],
    ) -> None:
        self._clock = clock
        self._is_at_stake = is_at_stake
        self._resting: set[asyncio.Future[bool]] = set()
        for fact_type in stirring:
            bus.subscribe(fact_type, self._on_fact)

    async def next(self, every_s: float) -> None:
        """Until the next look that is due of those taken so often."""
        if self._is_at_stake() or await self._is_stirred(until_beat(self._clock.monotonic(), every_s * SELDOM)):
            await self._clock.sleep(until_beat(self._clock.monotonic(), every_s))

    async def _is_stirred(self, within_s: float) -> bool:
        """True as soon as a fact has come, False when the time is over."""
        stirred: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._resting.add(stirred)
        timer = self._clock.call_later(within_s, lambda: _answer(stirred, is_stirred=False))
        try:
            return await stirred
        finally:
            self._resting.discard(stirred)
            timer.cancel()

    def _on_fact(self, fact: object) -> None:
        for stirred in self._resting:
            _answer(stirred, is_stirred=True)


def trading_beat(
    *, bus: EventBus, clock: Clock, lots: LotBook, blotter: Blotter, accounts: AccountBook,
    also: Iterable[type[object]] = (),
) -> WatchBeat:  # fmt: skip
    """At stake is what is held or ordered, and the account that is locked: its lock ends, and nothing opens there.
    `also` are facts of others after which a look is not left out."""

    def is_at_stake() -> bool:
        states = (accounts.state(account.account_id) for account in accounts.accounts())
        is_locked = (one.locked_until is not None or one.trading_state is TradingState.LOCKED for one in states)
        return bool(lots.open_lots() or blotter.open_orders() or any(is_locked))

    return WatchBeat(bus=bus, clock=clock, is_at_stake=is_at_stake, stirring=(*STIRRING, *also))


def _answer(stirred: "asyncio.Future[bool]", *, is_stirred: bool) -> None:
    if not stirred.done():
        stirred.set_result(is_stirred)
