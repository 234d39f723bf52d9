"""Binds an alert's actions to contracts and to that author's own positions in that channel; a pure function."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from tradestream_gui.alerts.intents import (
    CancelIntent,
    CloseIntent,
    ContractWanted,
    DoneIntent,
    Hold,
    Intent,
    OpenPosition,
    PendingEntry,
    StopIntent,
    TargetIntent,
)
from tradestream_gui.alerts.opening import OpeningContext, contract_for, level_price, open_intent
from tradestream_gui.domain.alert_profile import AddedMeans
from tradestream_gui.domain.alerts import ActionKind, AlertAction, Level, LevelUnit, QuantityUnit
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass
from tradestream_gui.domain.orders import Side
from tradestream_gui.domain.quotes import Quote

PREMIUM_STOP_LOW = Decimal("0.1")
PREMIUM_STOP_HIGH = Decimal(3)
UNDERLYING_STOP_SHARE = Decimal("0.10")


@dataclass(frozen=True, slots=True)
class Book:
    """What the author has open and pending in this channel; nobody else's, and never the whole account's."""

    positions: tuple[OpenPosition, ...]
    pending: tuple[PendingEntry, ...]
    replied_to: str | None = None
    """Message key that the alert replies to: it beats everything else that could be meant."""
    replied_is_closed: bool = False
    """The message replied to made a position that is flat by now."""


def resolve(actions: Sequence[AlertAction], book: Book, context: OpeningContext) -> tuple[Intent, ...] | Hold:
    """Every action as an intent, or one hold for the whole message: if a part fails, nothing of it is sent."""
    if sum(action.kind in (ActionKind.OPEN, ActionKind.ADD) for action in actions) > 1:
        return Hold("SEVERAL_ENTRIES", "one message makes at most one entry; place these by hand")
    intents: list[Intent] = []
    for action in actions:
        found = _resolve_one(action, book, context)
        if isinstance(found, Hold):
            return found
        intents.extend(found)
    return tuple(intents)


def _resolve_one(action: AlertAction, book: Book, context: OpeningContext) -> Sequence[Intent] | Hold:
    if action.kind is ActionKind.OPEN:
        return _open(action, context)
    if action.kind is ActionKind.ADD:
        return _add(action, book, context)
    if action.kind is ActionKind.OPEN_IF:
        return Hold("CONDITIONAL", "the alert waits for its own trigger; place it by hand when it comes")
    if action.kind is ActionKind.AMEND:
        return Hold("AMENDED", "the author corrected an earlier alert; check what stands")
    if action.kind is ActionKind.CANCEL:
        return _cancel(action, book)
    positions = _meant(action, book)
    if isinstance(positions, Hold):
        return positions
    if action.kind is ActionKind.TRIM:
        return _trim(action, positions, context)
    if action.kind is ActionKind.CLOSE:
        return _close(positions)
    if action.kind is ActionKind.SET_STOP:
        return _set_stop(action, positions, context)
    return _set_target(action, positions)


def _open(action: AlertAction, context: OpeningContext) -> Sequence[Intent] | Hold:
    instrument = contract_for(action, context)
    if isinstance(instrument, Hold):
        return instrument
    intent = open_intent(action, instrument, context)
    return intent if isinstance(intent, Hold) else (intent,)


def _add(action: AlertAction, book: Book, context: OpeningContext) -> Sequence[Intent] | Hold:
    positions = _meant(action, book)
    if isinstance(positions, Hold):
        if context.profile.added_means is AddedMeans.NEW and action.symbol is not None:
            return _open(action, context)
        return positions
    if len(positions) > 1:
        return Hold("WHICH_POSITION", _names(positions))
    held = positions[0]
    entries = sum(1 for pending in book.pending if pending.instrument == held.instrument)
    if entries or context.profile.adds_allowed < 1:
        return Hold("ADDS_LIMIT", f"no more adds to {named(held.instrument.instrument_id)} are allowed")
    intent = open_intent(action, held.instrument, context, held.lot.lot_id)
    return intent if isinstance(intent, Hold) else (intent,)


def _cancel(action: AlertAction, book: Book) -> Sequence[Intent] | Hold:
    wanted = _wanted(action)
    found = [
        pending
        for pending in book.pending
        if wanted.matches(pending.instrument) and book.replied_to in (None, pending.message_key)
    ]
    if len(found) == 1:
        return (CancelIntent(found[0].cl_ord_id),)
    if found:
        return Hold("WHICH_ORDER", ", ".join(pending.instrument.instrument_id for pending in found))
    if _matching(wanted, book.positions):
        return Hold("CANCEL_AFTER_FILL", "the entry has filled already; a cancel never flattens by itself")
    return Hold("NOTHING_TO_CANCEL", "no entry of this author is waiting")


def _meant(action: AlertAction, book: Book) -> tuple[OpenPosition, ...] | Hold:
    """Which position: the one replied to, else the contract named, else the symbol's, else the author's only one."""
    if book.replied_to is not None:
        replied = tuple(p for p in book.positions if p.lot.origin.message_key == book.replied_to)
        if replied:
            return replied
        if book.replied_is_closed and action.symbol is None:
            return Hold("NO_POSITION", "the position of the message that it replies to is closed already")
    if action.everything and action.symbol is None:
        return book.positions or Hold("NO_POSITION", "this author has no open position here")
    wanted = _wanted(action)
    found = _matching(wanted, book.positions)
    if not found:
        what = action.symbol or "this author"
        return Hold("NO_POSITION", f"no open position of {what} from this author in this channel")
    if len(found) > 1 and not (action.kind is ActionKind.CLOSE and action.symbol is not None):
        return Hold("WHICH_POSITION", _names(found))
    return found


def _trim(action: AlertAction, positions: Sequence[OpenPosition], context: OpeningContext) -> Sequence[Intent] | Hold:
    if len(positions) > 1:
        return Hold("WHICH_POSITION", _names(positions))
    held = positions[0]
    if held.plan is not None and held.plan.targets_done > 0 and _our_plan_was_first(action, held):
        sold = f"{held.lot.exit_qty} of {held.lot.entry_qty} {named(held.instrument.instrument_id)}"
        return (DoneIntent(f"our plan has already sold {sold}"),)
    wanted = _trim_qty(action, held.lot.open_qty, context)
    largest = held.lot.open_qty - 1
    if largest < 1:
        return Hold(
            "LAST_CONTRACT",
            f"only 1 {named(held.instrument.instrument_id)} is open; a trim never closes the last",
        )
    qty = max(min(wanted, largest), 1)
    return (CloseIntent(held.lot, qty, f"trim: {qty} of {held.lot.open_qty} {named(held.instrument.instrument_id)}"),)


def _our_plan_was_first(action: AlertAction, held: OpenPosition) -> bool:
    """True when the share that our targets have left already covers what the analyst sells now."""
    asked = action.quantity
    if asked is None or asked.value is None or asked.unit not in (QuantityUnit.FRACTION, QuantityUnit.PERCENT):
        return True
    share = Decimal(asked.value.numerator) / Decimal(asked.value.denominator)
    if asked.unit is QuantityUnit.PERCENT:
        share /= 100
    return held.lot.exit_qty >= share * held.lot.entry_qty


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


def _close(positions: Sequence[OpenPosition]) -> Sequence[Intent]:
    return [
        CloseIntent(held.lot, held.lot.open_qty, f"close {named(held.instrument.instrument_id)}") for held in positions
    ]


def _set_stop(
    action: AlertAction, positions: Sequence[OpenPosition], context: OpeningContext
) -> Sequence[Intent] | Hold:
    if action.stop is None:
        return Hold("NO_STOP_LEVEL", "the new stop is not said")
    intents: list[Intent] = []
    for held in positions:
        price = _stop_for(action.stop, held, context)
        if isinstance(price, Hold):
            return price
        intents.append(StopIntent(held.lot, price))
    return intents


def _stop_for(level: Level, held: OpenPosition, context: OpeningContext) -> Decimal | Hold | None:
    entry = held.lot.avg_entry
    quote = context.contracts.quote(held.instrument.instrument_id)
    if entry is None or quote is None or quote.mid is None:
        return Hold("QUOTE_MISSING", f"no quote for {named(held.instrument.instrument_id)} to compare the stop with")
    sign = held.lot.side.sign
    price = entry if level.unit is LevelUnit.BREAK_EVEN else level_price(level, entry, -sign, None)
    if price is None or level.candle_minutes is not None:
        return Hold("STOP_UNIT", "the stop is a level of the underlying or of a candle's close; confirm it by hand")
    if held.instrument.asset_class is AssetClass.OPTION and level.unit is LevelUnit.PRICE:
        unit = stop_unit(price, quote.mid, context.contracts.quote(InstrumentId(held.instrument.root)))
        if unit is not LevelUnit.PRICE:
            return Hold("STOP_UNIT", f"{price} is not clearly a premium; confirm it by hand")
    closing = quote.bid if held.lot.side is Side.BUY else quote.ask
    if closing is None or (closing - price) * sign <= 0:
        return Hold("STOP_THROUGH", f"the market {closing} is already through the new stop {price}")
    return None if level.unit is LevelUnit.BREAK_EVEN else price


def stop_unit(value: Decimal, premium: Decimal, underlying: Quote | None) -> LevelUnit | None:
    """Whether a number is a stop on the premium or on the underlying: by distance, None when both or neither fit."""
    as_premium = premium * PREMIUM_STOP_LOW <= value <= premium * PREMIUM_STOP_HIGH
    mid = underlying.mid if underlying else None
    as_underlying = mid is not None and abs(value - mid) <= mid * UNDERLYING_STOP_SHARE
    if as_premium == as_underlying:
        return None
    return LevelUnit.PRICE if as_premium else LevelUnit.UNDERLYING


def _set_target(action: AlertAction, positions: Sequence[OpenPosition]) -> Sequence[Intent] | Hold:
    if len(positions) > 1:
        return Hold("WHICH_POSITION", _names(positions))
    held = positions[0]
    entry = held.lot.avg_entry
    if entry is None:
        return Hold("NO_POSITION", "the position is flat")
    prices = [level_price(level, entry, held.lot.side.sign, None) for level in action.targets]
    good = [price for price in prices if price is not None and (price - entry) * held.lot.side.sign > 0]
    if not good or len(good) != len(prices):
        return Hold("TARGET_UNIT", "a target is no price of this contract beyond the entry; confirm it by hand")
    share = (Decimal(1) / len(good)).quantize(Decimal("0.0001"))
    shares = [share] * (len(good) - 1) + [1 - share * (len(good) - 1)]
    rounded = [held.instrument.round_to_tick(price) for price in good]
    return (TargetIntent(held.lot, tuple(zip(rounded, shares, strict=True))),)


def _wanted(action: AlertAction) -> ContractWanted:
    return ContractWanted(action.symbol, action.strike, action.right, action.expiry)


def _matching(wanted: ContractWanted, positions: Sequence[OpenPosition]) -> tuple[OpenPosition, ...]:
    return tuple(held for held in positions if wanted.matches(held.instrument))


def _names(positions: Sequence[OpenPosition]) -> str:
    listed = ", ".join(f"{held.lot.signed_qty:+d} {named(held.instrument.instrument_id)}" for held in positions)
    return f"several positions could be meant: {listed}"
