"""What a funded account's rules say of it now: asked by the risk gate before each entry, and by screens."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from tradestream_gui.domain.decisions import CheckResult
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.policies import SessionEndRule
from tradestream_gui.domain.risk_day_end import day_end
from tradestream_gui.domain.risk_rule_pack import Breach, PackFacts, breaches, pack_checks, pack_rooms
from tradestream_gui.domain.risk_size import Room
from tradestream_gui.domain.rule_packs import PackChoice
from tradestream_gui.ports.clock import Clock
from tradestream_gui.trading.day_ledger import DayLedger
from tradestream_gui.trading.exposure import ExposureMeter
from tradestream_gui.trading.high_water import HighWater
from tradestream_gui.trading.market_view import MarketView


class RulePackBook:
    """Holds no state: `choice_of` names the rules of an account at the moment of asking, None for one without."""

    def __init__(
        self,
        *,
        clock: Clock,
        market: MarketView,
        exposure: ExposureMeter,
        ledger: DayLedger,
        high_water: HighWater,
        choice_of: Callable[[AccountId], PackChoice | None],
    ) -> None:
        self._clock = clock
        self._market = market
        self._exposure = exposure
        self._ledger = ledger
        self._high_water = high_water
        self._choice_of = choice_of

    def choice(self, account_id: AccountId) -> PackChoice | None:
        return self._choice_of(account_id)

    def flat_by(self, account_id: AccountId) -> SessionEndRule | None:
        """The end of day that the rules demand."""
        choice = self._choice_of(account_id)
        return choice.pack.flat_by if choice is not None and choice.pack is not None else None

    def checks(self, account_id: AccountId, instrument: Instrument) -> tuple[CheckResult, ...]:
        choice = self._choice_of(account_id)
        return () if choice is None else pack_checks(choice, self.facts(account_id), instrument)

    def rooms(
        self, account_id: AccountId, instrument: Instrument, risk_per_unit: Decimal | None
    ) -> tuple[Room, ...]:
        choice = self._choice_of(account_id)
        return () if choice is None else pack_rooms(choice, self.facts(account_id), instrument, risk_per_unit)

    def breaches(self, account_id: AccountId) -> tuple[Breach, ...]:
        choice = self._choice_of(account_id)
        return () if choice is None else breaches(choice, self.facts(account_id))

    def facts(self, account_id: AccountId) -> PackFacts:
        """The account as its rules see it: profit since its start, today's, and the highest of both kinds."""
        now = self._clock.now()
        held = self._exposure.of(account_id)
        mark = self._high_water.mark(account_id, now)
        realized_today = self._ledger.realized(account_id, now)
        realized = mark.balance - mark.start if mark else None
        return PackFacts(
            at=now,
            equity=realized + held.open_pnl if realized is not None and held.open_pnl is not None else None,
            realized=realized,
            close=realized - realized_today if realized is not None else None,
            high_close=mark.high_close - mark.start if mark else None,
            high_ever=mark.high_ever - mark.start if mark else None,
            day=realized_today + held.open_pnl if held.open_pnl is not None else None,
            trades_today=self._ledger.entries(account_id, now),
            held_minis=held.minis,
            open_risk=held.open_risk,
            day_is_over=self._day_is_over(account_id, now),
        )

    def _day_is_over(self, account_id: AccountId, now: datetime) -> bool:
        rule = self.flat_by(account_id)
        if rule is None:
            return False
        early = self._market.early_close(AssetClass.FUTURE, now)
        return day_end(rule, self._market.day_of(now), early).entries_are_off(now)
