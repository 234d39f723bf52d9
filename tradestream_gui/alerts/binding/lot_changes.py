"""Trims, closes, stops and targets of positions that are known to be meant; pure functions to intents or a hold."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal

from tradestream_gui.alerts.binding.binding import Meant, names
from tradestream_gui.alerts.binding.intents import (
    CloseIntent,
    DoneIntent,
    Hold,
    Intent,
    OpenPosition,
    StopIntent,
    TargetIntent,
)
from tradestream_gui.alerts.binding.opening import OpeningContext, level_price
from tradestream_gui.alerts.binding.plausibility import implausible_stop
from tradestream_gui.alerts.grammar.levels_by_distance import equal_shares, is_far_target, stop_unit
from tradestream_gui.domain.alerts import AlertAction, Level, LevelUnit, QuantityUnit
from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.instruments import AssetClass
from tradestream_gui.domain.orders import Side

NEAR_STOP_SHARE = Decimal("0.25")
NEAR_STOP_TICKS = 4
"""Our stop is as good as hit within a quarter of its distance from the entry, or within these ticks."""


def trim(action: AlertAction, bound: Meant, context: OpeningContext) -> Sequence[Intent] | Hold:
    """Sells a part, oldest lot first, never the last contract: a trim is no close."""
    positions = bound.positions
    if len({held.instrument for held in positions}) > 1:
        return Hold("WHICH_POSITION", f"several positions could be meant: {names(positions)}")
    name = contract_name(positions[0].instrument)
    ahead = _sold_ahead(action, positions)
    if ahead is not None:
        return (DoneIntent(ahead, bound_by=bound.bound_by.value),)
    open_qty = sum(held.lot.open_qty for held in positions)
    if open_qty < 2:
        return Hold("LAST_CONTRACT", f"only {open_qty} {name} is open; a trim never closes the last")
    left = max(min(_trim_qty(action, open_qty, context), open_qty - 1), 1)
    intents: list[Intent] = []
    for held in positions:
        qty = min(left, held.lot.open_qty)
        left -= qty
        if qty:
            words = f"trim: {qty} of {held.lot.open_qty} {name}"
            intents.append(CloseIntent(held.lot, qty, words, bound.bound_by.value))
    return intents


def _sold_ahead(action: AlertAction, positions: Sequence[OpenPosition]) -> str | None:
    """Words when the targets of our own plan have sold already what the analyst sells now."""
    if not any(held.plan is not None and held.plan.targets_done > 0 for held in positions):
        return None
    entered = sum(held.lot.entry_qty for held in positions)
    sold = sum(held.lot.exit_qty for held in positions)
    asked = action.quantity
    if asked is not None and asked.value is not None:
        value = Decimal(asked.value.numerator) / Decimal(asked.value.denominator)
        if asked.unit is QuantityUnit.LEAVE and entered - sold > value:
            return None
        if asked.unit is QuantityUnit.PERCENT:
            value /= 100
        if asked.unit in (QuantityUnit.FRACTION, QuantityUnit.PERCENT) and sold < value * entered:
            return None
    return f"our plan has already sold {sold} of {entered} {contract_name(positions[0].instrument)}"


def _trim_qty(action: AlertAction, open_qty: int, context: OpeningContext) -> int:
    quantity = action.quantity
    fraction = Decimal(context.profile.trim_fraction.numerator) / Decimal(context.profile.trim_fraction.denominator)
    default = _whole(fraction * open_qty)
    if quantity is None or quantity.value is None:
        return default
    value = Decimal(quantity.value.numerator) / Decimal(quantity.value.denominator)
    if quantity.unit is QuantityUnit.LEAVE:
        return open_qty - int(value)
    if quantity.unit is QuantityUnit.COUNT:
        return min(int(value), max(default, 1))
    if quantity.unit is QuantityUnit.PERCENT:
        value /= 100
    return _whole(value * open_qty)


def _whole(contracts: Decimal) -> int:
    """Rounded up: half of three is two."""
    return int(contracts.to_integral_value(rounding=ROUND_CEILING))


def close(action: AlertAction, bound: Meant, context: OpeningContext) -> list[Intent] | Hold:
    """All of what is meant. Somebody else's stop is no order to sell at the market while our own stop stands apart."""
    was_stopped = any(note.field == "action" and note.rule.startswith("stopped") for note in action.evidence)
    intents: list[Intent] = []
    for held in bound.positions:
        far = _stop_is_far(held, context) if was_stopped and not context.by_hand else None
        if far is not None:
            return far
        words = f"close {contract_name(held.instrument)}"
        intents.append(CloseIntent(held.lot, held.lot.open_qty, words, bound.bound_by.value))
    return intents


def _stop_is_far(held: OpenPosition, context: OpeningContext) -> Hold | None:
    """Why a stop-out of the author's is not ours: our stop rests, and the market is not near it."""
    plan, entry = held.plan, held.lot.avg_entry
    quote = context.contracts.quote(held.instrument.instrument_id)
    market = (quote.bid if held.lot.side is Side.BUY else quote.ask) if quote is not None else None
    if plan is None or plan.stop_price is None or market is None or entry is None:
        return None
    first = plan.initial_stop_price if plan.initial_stop_price is not None else plan.stop_price
    near = max(abs(entry - first) * NEAR_STOP_SHARE, held.instrument.tick_at(market) * NEAR_STOP_TICKS)
    if (market - plan.stop_price) * held.lot.side.sign <= near:
        return None
    name = contract_name(held.instrument)
    words = f"the author was stopped out; our stop for {name} is {plan.stop_price} and the market {market}"
    return Hold("STOP_NOT_HIT", f"{words}: approve to close it now")


def set_stop(action: AlertAction, bound: Meant, context: OpeningContext) -> list[Intent] | Hold:
    """The same stop for every position meant; one that cannot take it holds all."""
    if action.stop is None:
        return Hold("NO_STOP_LEVEL", "the new stop is not said")
    if action.stop.unit is not LevelUnit.BREAK_EVEN and len({held.instrument for held in bound.positions}) > 1:
        return Hold("WHICH_POSITION", f"one stop level cannot hold for {names(bound.positions)}")
    intents: list[Intent] = []
    for held in bound.positions:
        price = _stop_for(action.stop, held, context)
        if isinstance(price, Hold):
            return price
        intents.append(StopIntent(held.lot, price, bound.bound_by.value))
    return intents


def _stop_for(level: Level, held: OpenPosition, context: OpeningContext) -> Decimal | Hold | None:
    """The price, or None for our own fill."""
    entry, name = held.lot.avg_entry, contract_name(held.instrument)
    quote = context.contracts.quote(held.instrument.instrument_id)
    if entry is None or quote is None or quote.mid is None:
        return Hold("QUOTE_MISSING", f"no quote for {name} to compare the stop with")
    sign = held.lot.side.sign
    price = entry if level.unit is LevelUnit.BREAK_EVEN else level_price(level, held.instrument, entry, -sign, None)
    if price is None or level.candle_minutes is not None:
        return Hold("STOP_UNIT", "the stop is a level of the underlying or of a candle's close; confirm it by hand")
    if held.instrument.asset_class is AssetClass.OPTION and level.unit is LevelUnit.PRICE:
        unit = stop_unit(price, quote.mid, held.instrument, context.contracts.quote)
        if unit is not LevelUnit.PRICE:
            what = "a level of the underlying" if unit is LevelUnit.UNDERLYING else "not clearly a premium"
            return Hold("STOP_UNIT", f"{price} is {what}; confirm it by hand")
    slip = implausible_stop(price, held.instrument, entry)
    if slip is not None:
        return slip
    closing = quote.bid if held.lot.side is Side.BUY else quote.ask
    if closing is None or (closing - price) * sign <= 0:
        return Hold("STOP_THROUGH", f"the market {closing} is already through the new stop {price}")
    if level.unit is LevelUnit.BREAK_EVEN:
        return None
    resting = held.plan.stop_price if held.plan is not None else None
    if resting is not None and (resting - price) * sign > 0 and not context.by_hand:
        return Hold("STOP_WIDER", f"the new stop {price} risks more than the one at {resting}; confirm it by hand")
    return price


def set_target(action: AlertAction, bound: Meant, context: OpeningContext) -> Sequence[Intent] | Hold:
    """New targets in equal shares; every one must be a price of the contract beyond our entry."""
    if len(bound.positions) > 1:
        return Hold("WHICH_POSITION", f"several positions could be meant: {names(bound.positions)}")
    held = bound.positions[0]
    entry, sign = held.lot.avg_entry, held.lot.side.sign
    assert entry is not None
    prices = [level_price(level, held.instrument, entry, sign, None) for level in action.targets]
    good = [
        price
        for price in prices
        if price is not None
        and (price - entry) * sign > 0
        and not is_far_target(price, entry, held.instrument, context.contracts.quote)
    ]
    if not good or len(good) != len(prices):
        return Hold("TARGET_UNIT", "a target is no price of this contract beyond the entry; confirm it by hand")
    return (TargetIntent(held.lot, equal_shares(good, held.instrument), bound.bound_by.value),)
