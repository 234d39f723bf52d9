"""Turns an opening action into a ticket: contract, size, marketable limit, stop and targets, each with its source."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from tradestream_gui.alerts.binding.intents import Hold, OpenIntent
from tradestream_gui.alerts.binding.plausibility import implausible, implausible_stop
from tradestream_gui.alerts.grammar.levels_by_distance import equal_shares, is_far_target, stop_unit
from tradestream_gui.domain.alert_profile import AlertProfile, DefaultExpiry
from tradestream_gui.domain.alerts import AlertAction, AlertSide, Level, LevelUnit, PriceRange, QuantityUnit
from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.exits import TrailRule
from tradestream_gui.domain.ids import InstrumentId, LotId
from tradestream_gui.domain.instruments import AssetClass, Instrument, Right, Toward
from tradestream_gui.domain.orders import OrdType, Origin, Side, TimeInForce
from tradestream_gui.domain.policies import ExecutionPolicy, ExitTemplate, OneContract, RiskLimits
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.domain.risk_rails import drift_allowance
from tradestream_gui.domain.routing import Route
from tradestream_gui.domain.tickets import EntryTicket, first_limit

MIN_STOP_TICKS = 2
MIN_PREMIUM_STOP_SHARE = Decimal("0.03")


@dataclass(frozen=True, slots=True)
class Contracts:
    """Questions to the reference data and the market; None where there is no answer."""

    resolve: Callable[[str, datetime], Instrument | None]
    """A future's root or code, or a stock's ticker, at a moment; exact, never by part of a word."""
    option: Callable[[str, date, Right, Decimal], Instrument | None]
    micro_of: Callable[[Instrument], Instrument | None]
    quote: Callable[[InstrumentId], Quote | None]
    daily_atr: Callable[[Instrument], Decimal | None]
    is_trading_day: Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class OpeningContext:
    """Everything that turns the action into numbers, besides the action itself."""

    route: Route
    profile: AlertProfile
    limits: RiskLimits
    execution: ExecutionPolicy
    origin: Origin
    contracts: Contracts
    at: datetime
    exchange_date: date
    """The date in New York, on which an option without expiry counts from."""
    by_hand: bool = False
    """A person has said yes to it."""


def contract_for(action: AlertAction, context: OpeningContext) -> Instrument | Hold:
    """The one contract that the action names; whatever is missing or doubtful holds it."""
    if action.symbol is None:
        return Hold("NO_SYMBOL", "the alert names no instrument")
    if action.asset is AssetClass.OPTION or action.strike is not None:
        return _option(action, context)
    instrument = context.contracts.resolve(action.symbol, context.at)
    if instrument is None:
        return Hold("UNKNOWN_SYMBOL", f"{action.symbol} is not a known symbol")
    if instrument.expiry is not None and instrument.expiry < context.exchange_date:
        return Hold("CONTRACT_EXPIRED", f"{contract_name(instrument)} has expired")
    if instrument.asset_class is AssetClass.FUTURE and context.route.use_micros:
        return context.contracts.micro_of(instrument) or instrument
    return instrument


def open_intent(
    action: AlertAction, instrument: Instrument, context: OpeningContext, lot_id: LotId | None = None
) -> OpenIntent | Hold:
    """The ticket for the risk gate, or why a person must look first."""
    quote = context.contracts.quote(instrument.instrument_id)
    side = entry_side(action, instrument)
    reference = _reference_price(action, quote, side)
    if reference is None:
        return Hold("QUOTE_MISSING", f"no two-sided quote for {contract_name(instrument)} yet")
    doubt = implausible(action, instrument, reference, side, context.contracts.quote)
    if doubt is not None:
        return doubt
    template = context.route.exit_template(instrument)
    stop, stop_layer = _stop(action, instrument, reference, side, context)
    if isinstance(stop, Hold):
        return stop
    qty = _wish(action, context)
    if isinstance(qty, Hold):
        return qty
    allocations, targets_layer = _targets(action, instrument, reference, stop, side, context)
    limit = _marketable_limit(action, instrument, reference, stop, side, context)
    ticket = EntryTicket(
        account_id=context.route.account_id,
        instrument_id=instrument.instrument_id,
        side=side,
        ord_type=OrdType.LIMIT,
        order_qty=qty,
        time_in_force=TimeInForce.DAY,
        origin=context.origin,
        limit_price=limit,
        protective_stop=stop,
        allocations=allocations,
        break_even_after=template.break_even_after if allocations else None,
        break_even_offset=template.break_even_offset,
        trail=_trail(template, instrument, reference, stop),
        reference_price=reference,
        lot_id=lot_id,
        expire_after_s=context.execution.entry_timeout.total_seconds(),
        close_at=context.at + template.close_after if template.close_after else None,
        hold_one_contract=template.one_contract is OneContract.HOLD,
        walk_from=_walk_from(instrument, quote, side, limit),
    )
    layers = (*context.route.layers, ("stop", stop_layer), ("targets", targets_layer))
    if instrument.asset_class is AssetClass.OPTION and action.expiry is None and lot_id is None:
        layers = (*layers, ("expiry", f"assumed: {context.profile.default_expiry.value}"))
    return OpenIntent(ticket, instrument, layers, said_price(action, side), _in_micro(ticket, instrument, context))


def _in_micro(ticket: EntryTicket, instrument: Instrument, context: OpeningContext) -> EntryTicket | None:
    """The same wish in the micro contract, for when risk leaves no whole one; None where the route does not want it."""
    if not context.route.micro_when_zero or instrument.asset_class is not AssetClass.FUTURE:
        return None
    micro = context.contracts.micro_of(instrument)
    return replace(ticket, instrument_id=micro.instrument_id) if micro is not None and micro != instrument else None


def _option(action: AlertAction, context: OpeningContext) -> Instrument | Hold:
    if action.right is None:
        return Hold("NO_RIGHT", f"{action.symbol} {action.strike}: call or put is not said")
    if action.strike is None:
        return Hold("NO_STRIKE", f"{action.symbol} option without a strike")
    expiry = action.expiry or default_expiry(context.profile.default_expiry, context)
    if expiry is None:
        return Hold("NO_EXPIRY", f"{action.symbol} {action.strike}{action.right.value}: no expiry is said")
    if expiry < context.exchange_date:
        return Hold("CONTRACT_EXPIRED", f"{action.symbol} {expiry:%m/%d/%y} has expired")
    if not context.contracts.is_trading_day(expiry):
        return Hold("EXPIRY_CLOSED", f"{expiry:%m/%d/%y} is no trading day")
    option = context.contracts.option(action.symbol or "", expiry, action.right, action.strike)
    return option or Hold("UNKNOWN_SYMBOL", f"{action.symbol} is not a known symbol")


def default_expiry(policy: DefaultExpiry, context: OpeningContext) -> date | None:
    """The channel's expiry for alerts that name none: today or the next Friday that trades; None: a person decides."""
    today = context.exchange_date
    if policy is DefaultExpiry.TODAY:
        return today if context.contracts.is_trading_day(today) else None
    if policy is DefaultExpiry.FRIDAY:
        friday = today + timedelta(days=(4 - today.weekday()) % 7)
        return friday if context.contracts.is_trading_day(friday) else friday - timedelta(days=1)
    return None


def entry_side(action: AlertAction, instrument: Instrument) -> Side:
    """Options are bought, calls and puts alike; only a short of something else sells."""
    return Side.BUY if action.side is not AlertSide.SHORT or instrument.right is not None else Side.SELL


def said_price(action: AlertAction, side: Side) -> Decimal | None:
    """The price that the alert names, the better end of a range; None for an entry at the market."""
    if isinstance(action.price, PriceRange):
        return action.price.low if side is Side.BUY else action.price.high
    return action.price


def _reference_price(action: AlertAction, quote: Quote | None, side: Side) -> Decimal | None:
    said = said_price(action, side)
    if said is not None:
        return said
    if quote is None:
        return None
    return quote.ask if side is Side.BUY else quote.bid


def _stop(
    action: AlertAction, instrument: Instrument, reference: Decimal, side: Side, context: OpeningContext
) -> tuple[Decimal, str] | tuple[Hold, str]:
    template = context.route.exit_template(instrument)
    if action.stop is not None:
        price = level_price(action.stop, instrument, reference, -side.sign, None)
        on_underlying = (
            price is not None
            and action.stop.unit is LevelUnit.PRICE
            and instrument.asset_class is AssetClass.OPTION
            and stop_unit(price, reference, instrument, context.contracts.quote) is LevelUnit.UNDERLYING
        )
        if price is None or on_underlying:
            return Hold("STOP_UNIT", "the stop is a level of the underlying; confirm it by hand"), "alert"
        slip = implausible_stop(price, instrument, reference)
        if slip is not None:
            return slip, "alert"
        layer = "alert"
    elif template.stop_distance is not None:
        price = reference - side.sign * template.stop_unit.in_price(template.stop_distance, reference, None)
        layer = f"template {template.name}"
    else:
        return Hold("STOP_MISSING", "the alert has no stop and its exit template has none either"), "alert"
    price = instrument.round_to_tick(price, Toward.DOWN if side is Side.BUY else Toward.UP)
    distance = (reference - price) * side.sign
    if distance <= 0:
        words = f"stop {price} stands on the wrong side of the entry {reference}"
        return Hold("STOP_WRONG_SIDE", words), layer
    too_near = distance < instrument.tick_at(reference) * MIN_STOP_TICKS or (
        instrument.asset_class is AssetClass.OPTION and distance < reference * MIN_PREMIUM_STOP_SHARE
    )
    if too_near:
        return Hold("STOP_TOO_NEAR", f"stop {price} is closer to {reference} than the market's own noise"), layer
    return price, layer


def level_price(
    level: Level, instrument: Instrument, reference: Decimal, sign: int, risk: Decimal | None
) -> Decimal | None:
    """A level as a price of the instrument; `sign` is +1 for above the reference. None for another unit's level."""
    if level.value is None:
        return None
    if level.unit is LevelUnit.PRICE:
        return level.value
    if level.unit is LevelUnit.PERCENT:
        return reference * (1 + sign * abs(level.value) / 100)
    if level.unit is LevelUnit.POINTS:
        return reference + sign * abs(level.value)
    if level.unit is LevelUnit.TICKS:
        return reference + sign * abs(level.value) * instrument.tick_at(reference)
    if level.unit is LevelUnit.R and risk is not None:
        return reference + sign * abs(level.value) * risk
    return None


def _targets(
    action: AlertAction,
    instrument: Instrument,
    reference: Decimal,
    stop: Decimal,
    side: Side,
    context: OpeningContext,
) -> tuple[tuple[tuple[Decimal, Decimal], ...], str]:
    """(price, share) of each target; an alert's own targets share alike. Those behind the entry, and levels of
    another unit, are dropped, and the layer says so."""
    template = context.route.exit_template(instrument)
    risk = abs(reference - stop)
    said = [level_price(level, instrument, reference, side.sign, risk) for level in action.targets]
    good = [
        price
        for price in said
        if price is not None
        and (price - reference) * side.sign > 0
        and not is_far_target(price, reference, instrument, context.contracts.quote)
    ]
    dropped = f"; {len(said) - len(good)} of the alert's own dropped" if len(good) < len(said) else ""
    if good:
        return equal_shares(good, instrument), f"alert{dropped}"
    found = [
        (
            instrument.round_to_tick(reference + side.sign * target.unit.in_price(target.distance, reference, risk)),
            target.share,
        )
        for target in template.targets
    ]
    real = tuple((price, share) for price, share in found if price > 0)
    return real, f"template {template.name}{dropped}"


def _walk_from(instrument: Instrument, quote: Quote | None, side: Side, cap: Decimal) -> Decimal | None:
    """An option's entry begins in the middle of its wide market and walks to the cap; None: it starts at the cap."""
    if instrument.asset_class is not AssetClass.OPTION:
        return None
    begins = first_limit(instrument, quote, side.sign, cap)
    return begins if begins != cap else None


def _trail(template: ExitTemplate, instrument: Instrument, reference: Decimal, stop: Decimal) -> TrailRule | None:
    trail = template.trail
    if trail is None:
        return None
    risk = abs(reference - stop)
    return TrailRule(
        instrument.round_to_tick(trail.unit.in_price(trail.distance, reference, risk)),
        trail.unit.in_price(trail.activate_after, reference, risk),
        trail.unit.in_price(trail.step, reference, risk),
    )


def _wish(action: AlertAction, context: OpeningContext) -> int | Hold:
    """The number of contracts asked for; the risk gate decides what may go."""
    sizes, quantity = context.route.sizes, action.quantity
    if quantity is not None and quantity.unit is QuantityUnit.COUNT and quantity.value is not None:
        return int(quantity.value) or Hold("SIZE_ZERO", "the alert's own size is 0: there is nothing to enter")
    units: int | None = sizes.base_units
    factor = Decimal(1)
    if quantity is not None and quantity.unit is QuantityUnit.LETTER:
        units = sizes.units(quantity.letter)
    elif quantity is not None and quantity.value is not None:
        factor = Decimal(quantity.value.numerator) / Decimal(quantity.value.denominator)
        if quantity.unit is QuantityUnit.PERCENT:
            factor /= 100
    if units is None:
        return Hold("SIZE_UNKNOWN", f"size {quantity.letter if quantity else ''} is not in this analyst's size table")
    if units == 0:
        what = f"size {quantity.letter}" if quantity is not None and quantity.letter else "an alert without a size"
        return Hold("SIZE_ZERO", f"{what} is set to 0 units for this analyst: it is not entered by itself")
    for word, share in context.profile.size_words:
        if word in action.size_words:
            factor *= Decimal(share.numerator) / Decimal(share.denominator)
    return max(int((units * factor).to_integral_value(rounding=ROUND_HALF_UP)), 1)


def _marketable_limit(
    action: AlertAction,
    instrument: Instrument,
    reference: Decimal,
    stop: Decimal,
    side: Side,
    context: OpeningContext,
) -> Decimal:
    """The alert's price plus what it may drift: fills now if the trade is still the one that was called."""
    atr = context.contracts.daily_atr(instrument)
    allowance = drift_allowance(context.limits.drift, instrument, reference, stop, atr)
    cap = reference + side.sign * allowance
    if isinstance(action.price, PriceRange):
        cap = action.price.high if side is Side.BUY else action.price.low
    return instrument.round_to_tick(cap, Toward.DOWN if side is Side.BUY else Toward.UP)
