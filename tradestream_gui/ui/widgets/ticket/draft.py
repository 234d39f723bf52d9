"""What stands in the ticket, as one value: its problems field by field, the entry it asks for, and its sentence."""

from dataclasses import dataclass
from decimal import Decimal

from tradestream_gui.domain.brackets import Bracket
from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.money import ZERO
from tradestream_gui.domain.orders import MANUAL, OrdType, Side, TimeInForce
from tradestream_gui.domain.policies import ExitTemplate
from tradestream_gui.domain.positions import Lot
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.domain.tickets import EntryTicket, RiskDecision
from tradestream_gui.ui.format import money_text, price_text
from tradestream_gui.ui.shell.plain import one_line
from tradestream_gui.ui.typed_numbers import unread

NEEDS_LIMIT = (OrdType.LIMIT, OrdType.STOP_LIMIT)
NEEDS_TRIGGER = (OrdType.STOP, OrdType.STOP_LIMIT)


@dataclass(frozen=True, slots=True)
class Typed:
    """A field for a price or a sum: what was typed, and what it names; None for an empty or unreadable field."""

    text: str = ""
    price: Decimal | None = None

    @property
    def is_empty(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class TicketDraft:
    account_id: AccountId | None
    account_name: str
    instrument: Instrument | None
    side: Side | None
    ord_type: OrdType
    qty: int
    time_in_force: TimeInForce
    limit: Typed = Typed()
    trigger: Typed = Typed()
    stop: Typed = Typed()
    no_stop: bool = False
    targets: tuple[Typed, ...] = ()
    plan: ExitTemplate | None = None
    """The named exit plan that laid the targets; None for targets by hand."""
    risk: Typed = Typed()
    """Dollars that the stop may cost; the quantity follows."""
    walks: bool = False
    """The limit is a cap to which the order walks from the middle of the market."""

    @property
    def limit_price(self) -> Decimal | None:
        return self.limit.price if self.ord_type in NEEDS_LIMIT else None

    @property
    def trigger_price(self) -> Decimal | None:
        return self.trigger.price if self.ord_type in NEEDS_TRIGGER else None

    @property
    def target_prices(self) -> tuple[Decimal, ...]:
        return tuple(typed.price for typed in self.targets if typed.price is not None)

    def entry_price(self, quote: Quote | None) -> Decimal | None:
        """Where the entry is expected to fill: its limit or trigger, else the side of the quote that it takes."""
        stated = self.limit_price if self.limit_price is not None else self.trigger_price
        if stated is not None or quote is None or self.side is None:
            return stated
        return quote.ask if self.side is Side.BUY else quote.bid

    def bracket(self, quote: Quote | None) -> Bracket | None:
        """The chosen plan on the expected entry; None without one of them."""
        entry = self.entry_price(quote)
        if self.plan is None or entry is None or self.instrument is None or self.side is None:
            return None
        return Bracket(self.plan, self.instrument, self.side, entry)


def problems(draft: TicketDraft, quote: Quote | None) -> dict[str, str]:
    """What is wrong, by field; empty when the ticket can be judged."""
    found: dict[str, str] = {}
    if draft.account_id is None:
        found["account"] = "No account is open."
    if draft.instrument is None:
        found["symbol"] = "Choose what to trade."
        return found
    if draft.side is None:
        found["side"] = "Choose BUY or SELL."
    if draft.qty < 1:
        found["qty"] = "The quantity must be at least 1."
    for field, typed, needed in (
        ("limit", draft.limit, draft.ord_type in NEEDS_LIMIT),
        ("trigger", draft.trigger, draft.ord_type in NEEDS_TRIGGER),
    ):
        if needed:
            words = "This order type needs a price." if typed.is_empty else _price_problem(typed, draft.instrument)
            if words:
                found[field] = words
    if not draft.risk.is_empty and draft.risk.price is None:
        found["risk"] = unread(draft.risk.text, "sum")
    words = _price_problem(draft.stop, draft.instrument)
    if draft.stop.is_empty and not draft.no_stop:
        words = "Give a stop, or tick “no stop”."
    if words and not draft.no_stop:
        found["stop"] = words
    words = next((words for typed in draft.targets if (words := _price_problem(typed, draft.instrument))), "")
    if words:
        found["targets"] = words
    _wrong_sides(draft, draft.entry_price(quote), found)
    return found


def _price_problem(typed: Typed, instrument: Instrument) -> str:
    if typed.is_empty:
        return ""
    if typed.price is None:
        return unread(typed.text, "price")
    if not instrument.is_on_tick(typed.price):
        below = instrument.round_to_tick(typed.price)
        return f"Not on the tick of {instrument.tick_at(typed.price)}; nearest is {price_text(below, instrument)}."
    return ""


def _wrong_sides(draft: TicketDraft, entry: Decimal | None, found: dict[str, str]) -> None:
    """A stop must lie behind the entry and targets before it."""
    if entry is None or draft.side is None or draft.instrument is None:
        return
    sign = draft.side.sign
    shown = price_text(entry, draft.instrument)
    stop = draft.stop.price
    if "stop" not in found and not draft.no_stop and stop is not None and (entry - stop) * sign <= 0:
        found["stop"] = f"The stop must be {'below' if sign > 0 else 'above'} the entry of {shown}."
    if "targets" not in found and any((price - entry) * sign <= 0 for price in draft.target_prices):
        found["targets"] = f"Targets must be {'above' if sign > 0 else 'below'} the entry of {shown}."


def entry_ticket(draft: TicketDraft) -> EntryTicket | None:
    """The wish that risk judges; None while account, contract or side is missing."""
    if draft.account_id is None or draft.instrument is None or draft.side is None:
        return None
    return EntryTicket(
        account_id=draft.account_id,
        instrument_id=draft.instrument.instrument_id,
        side=draft.side,
        ord_type=draft.ord_type,
        order_qty=draft.qty,
        time_in_force=draft.time_in_force,
        origin=MANUAL,
        limit_price=draft.limit_price,
        stop_price=draft.trigger_price,
        protective_stop=None if draft.no_stop else draft.stop.price,
        no_stop_wanted=draft.no_stop,
        allocations=_allocations(draft.target_prices),
    )


def _allocations(prices: tuple[Decimal, ...]) -> tuple[tuple[Decimal, Decimal], ...]:
    """Equal shares; the last takes what rounding leaves."""
    if not prices:
        return ()
    share = Decimal(1) / len(prices)
    return (*((price, share) for price in prices[:-1]), (prices[-1], 1 - share * (len(prices) - 1)))


def loss_at_stop(draft: TicketDraft, quote: Quote | None, qty: int) -> Decimal | None:
    """US dollars lost between entry and stop, before fees; a bought option without stop can lose its premium.

    None when it cannot be told.
    """
    entry = draft.entry_price(quote)
    if draft.no_stop and entry is not None and draft.instrument is not None and draft.side is Side.BUY:
        is_limited = draft.instrument.asset_class is AssetClass.OPTION
        return draft.instrument.notional(entry, qty) if is_limited else None
    if draft.no_stop or entry is None or draft.stop.price is None or draft.instrument is None or draft.side is None:
        return None
    return max(draft.instrument.money((entry - draft.stop.price) * draft.side.sign, qty), ZERO)


def reward_in_r(draft: TicketDraft, quote: Quote | None) -> Decimal | None:
    """How many times the risk the last target would bring."""
    entry, prices = draft.entry_price(quote), draft.target_prices
    if entry is None or draft.stop.price is None or draft.no_stop or not prices or draft.side is None:
        return None
    risk = (entry - draft.stop.price) * draft.side.sign
    return (prices[-1] - entry) * draft.side.sign / risk if risk > 0 else None


def sentence(draft: TicketDraft, quote: Quote | None, decision: RiskDecision | None) -> str:
    """The whole order in words: `Buy 2 ES Dec26 limit 6,326.00, stop 6,316.00 (risk $1,000.00), Demo 50K`."""
    if draft.instrument is None or draft.side is None:
        return "Choose a contract and a side"
    qty = decision.order_qty if decision is not None and decision.order_qty else draft.qty
    instrument = draft.instrument
    words = f"{draft.side.value.capitalize()} {qty} {contract_name(instrument)} {_price_words(draft)}"
    if draft.time_in_force is not TimeInForce.DAY:
        words += f" {draft.time_in_force.value}"
    if draft.no_stop:
        words += ", NO STOP"
    elif draft.stop.price is not None:
        words += f", stop {price_text(draft.stop.price, instrument)}"
        loss = loss_at_stop(draft, quote, qty)
        words += f" (risk {money_text(loss)})" if loss is not None else ""
    if draft.target_prices:
        prices = " / ".join(price_text(price, instrument) for price in draft.target_prices)
        words += f", target {prices}"
    if draft.plan is not None:
        words += f" by {one_line(draft.plan.name, 24)}"
    return f"{words}, {one_line(draft.account_name, 30)}"


def reducing_sentence(draft: TicketDraft, lot: Lot) -> str:
    """What the ticket does when it meets the hand's own lot of the other side."""
    if draft.instrument is None or draft.side is None:
        return ""
    held = "long" if lot.side is Side.BUY else "short"
    words = f"{draft.side.value.capitalize()} {draft.qty} {contract_name(draft.instrument)} {_price_words(draft)}"
    left = lot.open_qty - draft.qty
    return f"{words}: leaves {left} of your {lot.open_qty} {held}, {one_line(draft.account_name, 30)}"


def _price_words(draft: TicketDraft) -> str:
    assert draft.instrument is not None, "a sentence names a contract"
    limit = price_text(draft.limit_price, draft.instrument)
    trigger = price_text(draft.trigger_price, draft.instrument)
    match draft.ord_type:
        case OrdType.LIMIT:
            return f"walked to limit {limit}" if draft.walks else f"limit {limit}"
        case OrdType.STOP:
            return f"triggered at {trigger}"
        case OrdType.STOP_LIMIT:
            return f"triggered at {trigger} limit {limit}"
        case _:
            return "at market"
