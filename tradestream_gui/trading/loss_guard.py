"""Watches the account's day live: at the loss limit it flattens and locks, or blocks entries only."""

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.events import Notice, NoticeKind, Severity
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.money import to_cents
from tradestream_gui.domain.policies import LossAction
from tradestream_gui.ports.clock import Clock
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.day_end_guard import DayEndGuard
from tradestream_gui.trading.kill_switch import KillSwitch
from tradestream_gui.trading.market_view import MarketView
from tradestream_gui.trading.risk_gate import RiskGate
from tradestream_gui.trading.rule_pack_watch import RulePackWatch
from tradestream_gui.trading.watch_beat import WatchBeat

LOOK_INTERVAL_S = 1.0


class LossGuard:
    """Once a second it compares each account's realised and open loss with the limit; a lock ends with the day."""

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        accounts: AccountBook,
        gate: RiskGate,
        kill: KillSwitch,
        market: MarketView,
        day_end: DayEndGuard,
        packs: RulePackWatch,
        beat: WatchBeat,
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._accounts = accounts
        self._gate = gate
        self._kill = kill
        self._market = market
        self._day_end = day_end
        self._packs = packs
        self._beat = beat

    async def watch(self) -> None:
        """Runs until cancelled."""
        while True:
            await self._beat.next(LOOK_INTERVAL_S)
            self.look()

    def look(self) -> None:
        now = self._clock.now()
        for account in self._accounts.accounts():
            self._day_end.look(account.account_id, now)
            self._packs.look(account.account_id, now)
            state = self._accounts.state(account.account_id)
            if state.locked_until is not None and now >= state.locked_until:
                self._accounts.release(account.account_id, "a new day has begun")
                continue
            if state.trading_state is TradingState.LOCKED:
                self._kill.enforce(account.account_id)
                if self._is_lost(account.account_id):
                    continue
            pnl = self._gate.day_pnl(account.account_id)
            limits = self._gate.limits(account.account_id)
            if pnl is None or not pnl.is_finite() or pnl > -limits.daily_loss_limit:
                continue
            blocked = state.trading_state in (TradingState.REDUCING, TradingState.HALTED, TradingState.LOCKED)
            if limits.daily_loss_action is LossAction.BLOCK_ENTRIES and blocked:
                continue
            self._act(account.account_id, f"daily loss {to_cents(pnl)} has reached the limit {limits.daily_loss_limit}")

    def _is_lost(self, account_id: AccountId) -> bool:
        timed = self._accounts.timed_lock(account_id)
        return timed is not None and timed.trading_state is TradingState.LOCKED

    def _act(self, account_id: AccountId, words: str) -> None:
        until = self._market.next_day(self._clock.now())
        if self._gate.limits(account_id).daily_loss_action is LossAction.BLOCK_ENTRIES:
            self._accounts.set_state(account_id, TradingState.REDUCING, words, locked_until=until)
        else:
            self._accounts.set_state(account_id, TradingState.LOCKED, words, locked_until=until)
            self._kill.flatten(words, (account_id,))
        self._bus.publish(Notice(NoticeKind.RISK, Severity.DANGER, "Daily loss limit", words, self._clock.now()))
