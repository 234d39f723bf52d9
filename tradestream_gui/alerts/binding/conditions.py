"""Entries that wait for a level: never an order by themselves; a person's yes counts once the level has come."""

from dataclasses import replace
from decimal import Decimal

from tradestream_gui.alerts.binding.intents import Hold
from tradestream_gui.alerts.binding.opening import OpeningContext, contract_for
from tradestream_gui.domain.alerts import ActionKind, AlertAction, AlertSide, LevelUnit
from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument, Right


def as_entry(action: AlertAction, context: OpeningContext) -> AlertAction | Hold:
    """The plain entry at its level when a person says yes and the market stands there; else why it waits."""
    trigger = action.trigger
    if trigger is None or trigger.value is None or trigger.candle_minutes is not None:
        return Hold("CONDITIONAL", "the alert waits for something that cannot be watched here; place it by hand")
    instrument = contract_for(action, context)
    if isinstance(instrument, Hold):
        return instrument
    on_underlying = trigger.unit is LevelUnit.UNDERLYING
    watched = InstrumentId(instrument.root) if on_underlying else instrument.instrument_id
    quote = context.contracts.quote(watched)
    market = quote.mid if quote else None
    name = instrument.root if on_underlying else contract_name(instrument)
    if market is None:
        return Hold("CONDITIONAL", f"waits for {name} at {trigger.value}, which has no quote here")
    sign = _direction(action, instrument)
    if (market - trigger.value) * sign < 0:
        return Hold("CONDITIONAL", f"waits for {name} at {trigger.value}, now {market}; approve it when it comes")
    if not context.by_hand:
        return Hold("CONDITIONAL", f"{name} is at {market}, its level was {trigger.value}; approve it to enter now")
    price: Decimal | None = None if on_underlying else trigger.value
    entered = replace(action, kind=ActionKind.OPEN, trigger=None)
    return entered if action.price is not None else replace(entered, price=price, at_market=price is None)


def _direction(action: AlertAction, instrument: Instrument) -> int:
    """+1 where the level lies above: longs and calls break up, shorts and puts down."""
    if instrument.right is not None:
        return 1 if instrument.right is Right.CALL else -1
    return -1 if action.side is AlertSide.SHORT else 1
