"""Settings as the domain's policies: the only place where one becomes the other."""

from collections.abc import Sequence
from datetime import time, timedelta
from decimal import Decimal
from typing import Any

from tradestream_gui.domain import policies as domain
from tradestream_gui.domain.accounts import AccountKind
from tradestream_gui.domain.go_live import GoLiveRule
from tradestream_gui.domain.ids import AccountId, AnalystId, ChannelId
from tradestream_gui.domain.instruments import AssetClass
from tradestream_gui.domain.routing import Analyst, Channel, RoutingRule, RoutingRules
from tradestream_gui.upkeep.settings.exits import AnalystRow, ExitTemplateRow, RuleRow
from tradestream_gui.upkeep.settings.model import AccountRow, Settings
from tradestream_gui.upkeep.settings.rails import AnalystRails, RiskSettings, effective_risk

HUNDRED = Decimal(100)
DENIALS_WINDOW = timedelta(seconds=1)
EDIT_WINDOW = timedelta(seconds=10)


def accounts(settings: Settings) -> tuple[domain.AccountSetup, ...]:
    return tuple(_account(row) for row in settings.accounts)


def risk_limits(settings: Settings, account_id: AccountId) -> domain.RiskLimits:
    """Every rail of one account: the general ones, those of its kind, then its own."""
    row = next(row for row in settings.accounts if row.id == account_id)
    risk, kind = effective_risk(settings.risk, row.kind, row.limits)
    return domain.RiskLimits(
        kind=row.kind,
        daily_loss_limit=risk.daily_loss_limit,
        daily_loss_action=risk.daily_loss_action,
        max_drawdown_fraction=risk.max_drawdown_pct / HUNDRED,
        risk_per_trade=kind.risk_per_trade,
        max_order_qty=domain.PerAsset(risk.max_order_qty_future, risk.max_order_qty_option, risk.max_order_qty_stock),
        max_notional=domain.PerAsset(None, risk.max_notional_option, risk.max_notional_stock),
        max_position_qty=domain.PerAsset(
            risk.max_position_qty_future, risk.max_position_qty_option, risk.max_position_qty_stock
        ),
        max_minis=risk.max_minis,
        max_open_positions=risk.max_open_positions,
        max_open_risk=risk.max_open_risk,
        max_heat_fraction=risk.max_heat_pct / HUNDRED,
        exposure=domain.ExposureRule(
            single_name=risk.max_exposure_name,
            sector=risk.max_exposure_sector,
            gross=risk.max_exposure_gross,
            net=risk.max_exposure_net,
        ),
        max_entries_per_day=risk.max_entries_per_day,
        rate=domain.RateRule(risk.entries_per_minute, risk.same_side_entries, _seconds(risk.same_side_window_s)),
        breaker=_breaker(risk),
        quote_max_age=domain.PerAsset(
            _seconds(risk.quote_max_age_future_s),
            _seconds(risk.quote_max_age_option_s),
            _seconds(risk.quote_max_age_stock_s),
        ),
        needs_realtime_quotes=kind.needs_realtime_quotes,
        max_clock_offset=_seconds(risk.max_clock_offset_s),
        drift=_drift(risk),
        stop_distance=_stop_distance(risk),
        max_spread_option_fraction=risk.spread_option_pct / HUNDRED,
        max_spread_future_ticks=risk.spread_future_ticks,
        no_entry_before_close=timedelta(minutes=risk.no_entry_before_close_min),
        no_entry_before_expiry=timedelta(minutes=risk.no_entry_before_expiry_min),
        session_end=_session_end(risk) if kind.ends_day_early else None,
        allowed_symbols=frozenset(risk.allowed_symbols),
    )


def manual_rules(settings: Settings) -> domain.ManualRules:
    manual = settings.risk.manual
    return domain.ManualRules(
        daily_loss_limit=manual.daily_loss_limit,
        risk_per_trade=manual.risk_per_trade,
        max_entries_per_day=manual.max_entries_per_day,
        loss_streak=manual.loss_streak,
        loss_pause=timedelta(minutes=manual.loss_pause_min),
        max_price_distance=domain.PerAsset(
            manual.max_distance_future_pct / HUNDRED,
            manual.max_distance_option_pct / HUNDRED,
            manual.max_distance_stock_pct / HUNDRED,
        ),
        duplicate_window=_seconds(manual.duplicate_window_s),
    )


def go_live_rule(settings: Settings) -> GoLiveRule:
    wanted = settings.risk.go_live
    max_age = timedelta(days=wanted.drill_days) if wanted.drill else None
    return GoLiveRule(wanted.paper_trades, wanted.clean_days, max_age)


def execution_policy(settings: Settings) -> domain.ExecutionPolicy:
    execution = settings.execution
    return domain.ExecutionPolicy(
        entry_timeout=_seconds(execution.entry_timeout_s),
        approval_life=_seconds(execution.approval_life_s),
        answer_timeout=_seconds(execution.answer_timeout_s),
        protection_timeout=_seconds(execution.protection_timeout_s),
        future_tolerance=_seconds(execution.future_tolerance_s),
        duplicate_window=timedelta(minutes=execution.duplicate_window_min),
        edit_may_trade_within=EDIT_WINDOW if execution.edit_may_trade else None,
        option_quote_wait=_seconds(execution.option_quote_wait_s),
        physical_close_at=time.fromisoformat(execution.physical_close_at),
        hold_physical=execution.hold_physical,
    )


def routing_rules(settings: Settings) -> RoutingRules:
    """The layers of routing; the defaults leave nothing open, the analysts' limits start from the general ones."""
    routing, rails = settings.routing, settings.risk.analyst
    templates = _templates(settings.exits)
    defaults = _rule(routing.defaults, routing.defaults, templates, _analyst_limits(rails, None))
    return RoutingRules(
        analysts={
            AnalystId(row.id): Analyst(
                analyst_id=AnalystId(row.id),
                name=row.name,
                author_ids=frozenset(row.authors),
                channel_ids=frozenset(ChannelId(name) for name in row.channels),
                rule=_rule(row, routing.defaults, templates, _analyst_limits(rails, row)),
            )
            for row in routing.analysts
        },
        channels={
            ChannelId(row.id): Channel(
                channel_id=ChannelId(row.id),
                name=row.name,
                source=row.source,
                speaks_for=AnalystId(row.speaks_for) if row.speaks_for else None,
                rule=_rule(row, routing.defaults, templates, None),
            )
            for row in routing.channels
        },
        accounts={},
        defaults=defaults,
    )


def exit_plans(settings: Settings) -> dict[str, domain.ExitTemplate]:
    """Every named exit plan."""
    return _templates(settings.exits)


def hand_start(settings: Settings, root: str, family: str, asset_class: AssetClass) -> domain.HandStart:
    """What an order by hand begins with: the contract's own row, else its family's, else the default plan."""
    rows = {row.id.upper(): row for row in settings.ticket.contracts}
    row = rows.get(root) or rows.get(family)
    plans, defaults = exit_plans(settings), routing_rules(settings).defaults.exits
    assert defaults is not None, "the defaults leave nothing open"
    plan = plans[row.exit_plan] if row is not None and row.exit_plan else defaults.of(asset_class).serving(root)
    distance = row.stop_distance if row is not None else None
    return domain.HandStart(plan, plan.stop_distance if distance is None else distance)


def _account(row: AccountRow) -> domain.AccountSetup:
    return domain.AccountSetup(
        account_id=AccountId(row.id),
        name=row.name,
        kind=AccountKind(row.kind),
        broker=row.broker,
        enabled=row.enabled,
        starting_cash=row.starting_cash,
        slippage_ticks=row.slippage_ticks,
        fee_schedule=row.fee_schedule,
        rule_pack=row.rule_pack,
        pack_share=row.pack_share_pct / HUNDRED,
        pack_paid_out=row.pack_paid_out,
        avoid_news=row.avoid_news,
    )


def _breaker(risk: RiskSettings) -> domain.BreakerRule:
    return domain.BreakerRule(
        rejects=risk.breaker_rejects,
        uncertain=risk.breaker_uncertain,
        window=_seconds(risk.breaker_window_s),
        denials=risk.breaker_denials,
        denials_window=DENIALS_WINDOW,
    )


def _drift(risk: RiskSettings) -> domain.DriftRule:
    return domain.DriftRule(
        future_stop_fraction=risk.drift_future_stop_pct / HUNDRED,
        future_atr_fraction=risk.drift_future_atr_pct / HUNDRED,
        option_fraction=risk.drift_option_pct / HUNDRED,
        option_floor=risk.drift_option_floor,
        stock_fraction=risk.drift_stock_pct / HUNDRED,
    )


def _stop_distance(risk: RiskSettings) -> domain.StopDistanceRule:
    return domain.StopDistanceRule(
        required=risk.stop_required,
        future_atr_multiple=risk.stop_future_atr_multiple,
        future_price_fraction=risk.stop_future_price_pct / HUNDRED,
        option_fraction=risk.stop_option_pct / HUNDRED,
        stock_fraction=risk.stop_stock_pct / HUNDRED,
    )


def _session_end(risk: RiskSettings) -> domain.SessionEndRule:
    return domain.SessionEndRule(
        zone=risk.day_end_zone,
        entries_off=time.fromisoformat(risk.entries_off_at),
        flatten_at=time.fromisoformat(risk.flatten_at),
        verified_by=time.fromisoformat(risk.flat_verified_by),
    )


def _analyst_limits(rails: AnalystRails, row: AnalystRow | None) -> domain.AnalystLimits:
    def own(name: str) -> Any:
        value = getattr(row, name) if row is not None else None
        return getattr(rails, name) if value is None else value

    return domain.AnalystLimits(
        daily_loss_limit=own("daily_loss_limit"),
        risk_per_trade=own("risk_per_trade"),
        max_open_trades=own("max_open_trades"),
        max_entries_per_day=own("max_entries_per_day"),
        loss_streak=own("loss_streak"),
        loss_pause=timedelta(minutes=own("loss_pause_min")),
        alert_max_age=_seconds(own("alert_max_age_s")),
    )


def _rule(
    row: RuleRow, below: RuleRow, templates: dict[str, domain.ExitTemplate], limits: domain.AnalystLimits | None
) -> RoutingRule:
    """A layer's rule. Where it sets sizes or exits in part, the rest of them comes from the defaults."""
    sizes = exits = None
    if row.sizes is not None or row.base_units is not None:
        letters, base = _or(row.sizes, below.sizes), _or(row.base_units, below.base_units)
        sizes = domain.SizeMap(letters or {}, base or 0)
    if row.exit_future or row.exit_option or row.exit_stock:
        exits = domain.PerAsset(
            templates[_or(row.exit_future, below.exit_future)],
            templates[_or(row.exit_option, below.exit_option)],
            templates[_or(row.exit_stock, below.exit_stock)],
        )
    return RoutingRule(
        mode=row.mode,
        account_id=AccountId(row.account) if row.account else None,
        profile=row.profile,
        sizes=sizes,
        exits=exits,
        use_micros=row.use_micros,
        micro_when_zero=row.micro_when_zero,
        limits=limits,
    )


def _or(value: Any, other: Any) -> Any:
    return other if value is None else value


def _templates(rows: Sequence[ExitTemplateRow]) -> dict[str, domain.ExitTemplate]:
    """By name; a plan for other roots is made before the plans that refer to it."""
    made = {row.id: _template(row, None) for row in rows if row.elsewhere is None}
    return made | {row.id: _template(row, made[row.elsewhere]) for row in rows if row.elsewhere is not None}


def _template(row: ExitTemplateRow, elsewhere: domain.ExitTemplate | None) -> domain.ExitTemplate:
    trail = None
    if row.trail_distance is not None:
        trail = domain.TemplateTrail(row.trail_distance, row.trail_after, row.trail_step, row.unit)
    return domain.ExitTemplate(
        name=row.id,
        asset_class=row.asset_class,
        stop_distance=row.stop_distance,
        stop_unit=row.unit,
        targets=tuple(domain.TemplateTarget(target.distance, row.unit, target.share) for target in row.targets),
        break_even_after=row.break_even_after,
        break_even_offset=row.break_even_offset,
        trail=trail,
        close_after=None if row.close_after_min is None else timedelta(minutes=row.close_after_min),
        one_contract=row.one_contract,
        roots=frozenset(root.upper() for root in row.roots),
        elsewhere=elsewhere,
    )


def _seconds(value: Decimal | int) -> timedelta:
    return timedelta(seconds=float(value))
