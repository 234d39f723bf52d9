"""Builds what guards the accounts: the risk gate, the rules of funded accounts, the breaker and the loss guard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.orders import Origin
from tradestream_gui.domain.policies import AccountSetup, AnalystLimits, ExecutionPolicy, RiskLimits
from tradestream_gui.domain.routing import RoutingRules
from tradestream_gui.domain.rule_packs import PackChoice
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.trading.circuit_breaker import CircuitBreaker
from tradestream_gui.trading.day_end_guard import DayEndGuard
from tradestream_gui.trading.exposure import ExposureMeter
from tradestream_gui.trading.go_live import GoLive
from tradestream_gui.trading.kill_switch import KillSwitch
from tradestream_gui.trading.loss_guard import LossGuard
from tradestream_gui.trading.market_view import MarketView
from tradestream_gui.trading.order_desk import OrderDesk
from tradestream_gui.trading.risk_gate import RiskGate
from tradestream_gui.trading.rule_pack_book import RulePackBook
from tradestream_gui.trading.rule_pack_watch import RulePackWatch
from tradestream_gui.upkeep.settings import policies
from tradestream_gui.upkeep.settings.model import Settings
from tradestream_gui.upkeep.settings.service import SettingsService

if TYPE_CHECKING:
    from tradestream_gui.assembly.parts import Books, Outside, TradingParts


def limits_of(settings: Settings) -> dict[AccountId, RiskLimits]:
    """The rails of every account that is set up."""
    return {
        setup.account_id: policies.risk_limits(settings, setup.account_id) for setup in policies.accounts(settings)
    }


def rule_pack_book(outside: Outside, held: Books, view: MarketView, exposure: ExposureMeter) -> RulePackBook:
    return RulePackBook(
        clock=outside.clock,
        market=view,
        exposure=exposure,
        ledger=held.ledger,
        high_water=held.high_water,
        choice_of=pack_choice_of(outside.settings, outside.reference),
    )


def go_live(outside: Outside, held: Books) -> GoLive:
    return GoLive(
        bus=outside.bus,
        clock=outside.clock,
        journal=outside.journal,
        accounts=held.accounts,
        account_day=outside.reference.calendar.account_day,
        rule=lambda: policies.go_live_rule(outside.settings.current),
    )


def risk_gate(
    outside: Outside, held: Books, view: MarketView, exposure: ExposureMeter, packs: RulePackBook, live: GoLive
) -> RiskGate:
    settings = outside.settings
    current = _CurrentRules(settings)

    def analyst_limits(origin: Origin) -> AnalystLimits | None:
        rules = current.rules()
        analyst = rules.analysts.get(origin.analyst_id) if origin.analyst_id else None
        return analyst.rule.limits if analyst else rules.defaults.limits

    return RiskGate(
        clock=outside.clock,
        market=view,
        accounts=held.accounts,
        lots=held.lots,
        ledger=held.ledger,
        exposure=exposure,
        high_water=held.high_water,
        packs=packs,
        go_live=live,
        limits=limits_of(settings.current),
        manual=policies.manual_rules(settings.current),
        execution=current.execution,
        analyst_limits=analyst_limits,
    )


class _CurrentRules:
    """Rules of the settings in force, made anew when these are replaced: each alert asks several times."""

    def __init__(self, settings: SettingsService) -> None:
        self._settings = settings
        self._make()

    def rules(self) -> RoutingRules:
        self._keep_up()
        return self._rules

    def execution(self) -> ExecutionPolicy:
        self._keep_up()
        return self._execution

    def _keep_up(self) -> None:
        if self._made_of is not self._settings.current:
            self._make()

    def _make(self) -> None:
        self._made_of = self._settings.current
        self._rules = policies.routing_rules(self._made_of)
        self._execution = policies.execution_policy(self._made_of)


def circuit_breaker(outside: Outside, held: Books, desk: OrderDesk, gate: RiskGate) -> CircuitBreaker:
    return CircuitBreaker(
        bus=outside.bus,
        clock=outside.clock,
        accounts=held.accounts,
        blotter=held.blotter,
        desk=desk,
        rule=lambda account_id: gate.limits(account_id).breaker,
    )


def rule_pack_watch(
    outside: Outside, held: Books, view: MarketView, exposure: ExposureMeter, packs: RulePackBook, kill: KillSwitch
) -> RulePackWatch:
    return RulePackWatch(
        bus=outside.bus,
        journal=outside.journal,
        accounts=held.accounts,
        packs=packs,
        exposure=exposure,
        high_water=held.high_water,
        kill=kill,
        market=view,
    )


def loss_guard(outside: Outside, held: Books, trading: TradingParts, view: MarketView) -> LossGuard:
    day_end = DayEndGuard(
        bus=outside.bus, kill=trading.kill, lots=held.lots, blotter=held.blotter, day_end_of=trading.gate.day_end
    )
    return LossGuard(
        bus=outside.bus,
        clock=outside.clock,
        accounts=held.accounts,
        gate=trading.gate,
        kill=trading.kill,
        market=view,
        day_end=day_end,
        packs=trading.pack_watch,
        beat=trading.beat,
    )


def pack_choice_of(settings: SettingsService, reference: ReferenceData) -> Callable[[AccountId], PackChoice | None]:
    """The rules that an account goes by; a name that the reference data does not know refuses its entries.

    They are made anew when the settings are replaced: each account asks every second.
    """
    made_of: Settings | None = None
    choice_by_account: dict[AccountId, PackChoice] = {}

    def choice(account_id: AccountId) -> PackChoice | None:
        nonlocal made_of, choice_by_account
        if made_of is not settings.current:
            made_of = settings.current
            choice_by_account = {
                setup.account_id: _pack_choice(setup, reference)
                for setup in policies.accounts(made_of)
                if setup.rule_pack
            }
        return choice_by_account.get(account_id)

    return choice


def _pack_choice(setup: AccountSetup, reference: ReferenceData) -> PackChoice:
    return PackChoice(
        name=setup.rule_pack,
        pack=reference.rule_packs.get(setup.rule_pack),
        own_share=setup.pack_share,
        paid_out=setup.pack_paid_out,
        avoids_news=setup.avoid_news,
        news=reference.news,
    )
