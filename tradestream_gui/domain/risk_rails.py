"""The pre-trade rails: each judges one fact against one limit and says both numbers in words."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from tradestream_gui.domain.accounts import AccountKind, TradingState
from tradestream_gui.domain.decisions import CheckResult
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.money import percent_words, plain_text
from tradestream_gui.domain.orders import OrdType
from tradestream_gui.domain.policies import DriftRule, RiskLimits
from tradestream_gui.domain.quotes import DataKind, Quote
from tradestream_gui.domain.tickets import EntryTicket


@dataclass(frozen=True, slots=True)
class OriginLimits:
    """What holds for this one analyst, or for the hand: kept apart from all others. Money is US dollars."""

    who: str
    daily_loss_limit: Decimal
    risk_per_trade: Decimal | None
    max_entries_per_day: int
    max_open_trades: int | None
    loss_streak: int


@dataclass(frozen=True, slots=True)
class RiskFacts:
    """Everything that the rails look at, gathered at one instant. None means: not known."""

    at: datetime
    ticket: EntryTicket
    instrument: Instrument
    trading_state: TradingState
    state_reason: str
    quote: Quote | None
    stream_age_s: float | None
    frozen: str
    """Why the prices are no live ones although they came; empty while nothing is known against them."""
    session_open: bool
    until_close: timedelta | None
    until_expiry: timedelta | None
    until_leave: timedelta | None
    """Until a position would be closed because it is not to be settled in shares; None where it never is."""
    entries_are_off: bool
    entry_price: Decimal | None
    daily_atr: Decimal | None
    clock_offset: timedelta | None
    fee_per_side: Decimal | None
    day_pnl: Decimal | None
    drawdown_fraction: Decimal | None
    origin_limits: OriginLimits
    origin_day_pnl: Decimal
    origin_entries_today: int
    origin_open_trades: int
    origin_losses_in_row: int
    origin_paused_until: datetime | None
    entries_today: int
    entries_last_minute: int
    same_side_entries: int
    conflicting_lot: str | None


Rail = Callable[[RiskFacts, RiskLimits], CheckResult]


def _check(code: str, passed: bool, words: str, value: object, limit: object) -> CheckResult:
    return CheckResult(code, passed, words, _text(value), _text(limit))


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return plain_text(value)
    if isinstance(value, timedelta):
        return _span(value)
    return "unknown" if value is None else str(value)


def _span(value: timedelta) -> str:
    """`2 s`, `10 min`, `6 h 55 min` or `29 days`, cut to what matters."""
    seconds = abs(value.total_seconds())
    sign = "-" if value < timedelta(0) else ""
    minutes = int(seconds // 60)
    if minutes < 2:
        return f"{sign}{round(seconds, 1):g} s"
    if minutes < 120:
        return f"{sign}{minutes} min"
    return f"{sign}{minutes // 60} h {minutes % 60} min" if minutes < 2880 else f"{sign}{minutes // 1440} days"


def _are_numbers(*values: Decimal | None) -> bool:
    """False when a known value is NaN or infinite: comparing it would raise instead of refusing."""
    return all(value is None or value.is_finite() for value in values)


def trading_state(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    code = {
        TradingState.REDUCING: "REDUCE_ONLY",
        TradingState.RECONCILING: "RECONCILING",
        TradingState.STARTING: "RECONCILING",
    }.get(facts.trading_state, "TRADING_HALTED")
    passed = facts.trading_state is TradingState.ACTIVE
    words = (
        "the account takes entries" if passed else f"the account is {facts.trading_state.value}: {facts.state_reason}"
    )
    return _check(code, passed, words, facts.trading_state.value, "ACTIVE")


def symbol_allowed(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    root = facts.instrument.root
    return _check(
        "SYMBOL_NOT_ALLOWED", limits.allows(root), f"{root} may be entered in this account", root, "the allowlist"
    )


def market_open(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    if not facts.session_open:
        return _check("MARKET_CLOSED", False, f"the market for {facts.instrument.root} is closed", "closed", "open")
    if facts.entries_are_off:
        return _check("MARKET_CLOSED", False, "the account takes no entries so late in its day", "off", "on")
    left = facts.until_close
    passed = left is not None and left >= limits.no_entry_before_close
    return _check("MARKET_CLOSED", passed, "time left until the close", left, limits.no_entry_before_close)


def expiry_far_enough(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    if facts.until_leave is not None and facts.until_leave < limits.no_entry_before_expiry:
        what = "time left until it is closed, before it settles in shares"
        return _check("EXPIRY_TOO_CLOSE", False, what, facts.until_leave, limits.no_entry_before_expiry)
    left = facts.until_expiry
    never_expires = left is None and facts.instrument.asset_class is AssetClass.STOCK
    passed = never_expires or (left is not None and left >= limits.no_entry_before_expiry)
    return _check("EXPIRY_TOO_CLOSE", passed, "time left until expiry", left, limits.no_entry_before_expiry)


def clock_trusted(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    offset = facts.clock_offset
    passed = offset is not None and abs(offset) <= limits.max_clock_offset
    return _check("CLOCK_UNTRUSTED", passed, "this machine's clock is right", offset, limits.max_clock_offset)


def quote_present(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    quote = facts.quote
    if quote is None or not quote.is_two_sided:
        return _check("QUOTE_MISSING", False, "a bid and an ask are known", None, "two sides")
    if not _are_numbers(quote.bid, quote.ask):
        words = f"{quote.bid} and {quote.ask}"
        return _check("QUOTE_INVALID", False, "bid and ask are numbers", words, "numbers")
    if quote.is_crossed:
        return _check("QUOTE_INVALID", False, "the quote is crossed", f"{quote.bid} over {quote.ask}", "bid under ask")
    simulated = limits.kind is AccountKind.SIMULATOR
    takes_any = simulated or not limits.needs_realtime_quotes
    wanted = "any" if takes_any else DataKind.REALTIME.value
    trusted = takes_any or quote.kind is DataKind.REALTIME
    return _check("QUOTE_INVALID", trusted, "the kind of prices", quote.kind.value, wanted)


def quote_fresh(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    limit_s = limits.quote_max_age.of(facts.instrument.asset_class).total_seconds()
    age = facts.stream_age_s
    passed = age is not None and age <= limit_s
    value = None if age is None else f"{age:.1f} s"
    return _check("QUOTE_STALE", passed, "age of the price stream", value, f"{limit_s:g} s")


def prices_flow(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    passed = not facts.frozen
    words = "prices flow" if passed else f"prices are frozen: {facts.frozen}"
    return _check("STREAM_FROZEN", passed, words, "flowing" if passed else "frozen", "flowing")


def spread_narrow(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    quote, instrument = facts.quote, facts.instrument
    usable = quote is not None and _are_numbers(quote.bid, quote.ask)
    spread, mid = (quote.spread, quote.mid) if quote is not None and usable else (None, None)
    if spread is None or not mid:
        return _check("SPREAD_TOO_WIDE", False, "spread", None, "known")
    if instrument.asset_class is AssetClass.OPTION:
        share = spread / mid
        limit = limits.max_spread_option_fraction
        return _check(
            "SPREAD_TOO_WIDE",
            share <= limit,
            "spread as a share of the middle",
            percent_words(share, 1),
            percent_words(limit),
        )
    ticks = spread / instrument.tick_at(mid)
    passed = instrument.asset_class is AssetClass.STOCK or ticks <= limits.max_spread_future_ticks
    return _check("SPREAD_TOO_WIDE", passed, "spread in ticks", ticks, limits.max_spread_future_ticks)


def drift_allowance(
    rule: DriftRule, instrument: Instrument, reference: Decimal, stop: Decimal | None, daily_atr: Decimal | None
) -> Decimal:
    """How far the price may run away from the alert's before the trade is another one; in price units."""
    if instrument.asset_class is AssetClass.OPTION:
        return max(reference * rule.option_fraction, rule.option_floor)
    if instrument.asset_class is AssetClass.STOCK:
        return reference * rule.stock_fraction
    by_stop = abs(reference - stop) * rule.future_stop_fraction if stop is not None else None
    by_range = daily_atr * rule.future_atr_fraction if daily_atr is not None else None
    known = [value for value in (by_stop, by_range) if value is not None]
    return min(known) if known else instrument.tick_size


def price_drift(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    ticket, quote = facts.ticket, facts.quote
    reference = ticket.reference_price
    price = None if quote is None else quote.ask if ticket.side.sign > 0 else quote.bid
    if reference is None:
        return _check("PRICE_DRIFT", True, "no alert price to compare with", None, None)
    if price is None:
        return _check("PRICE_DRIFT", False, "no market price to compare the alert's with", None, "a price")
    if not _are_numbers(reference, price, ticket.protective_stop, facts.daily_atr):
        return _check("PRICE_DRIFT", False, "a price to compare with is not a number", None, "numbers")
    allowed = drift_allowance(limits.drift, facts.instrument, reference, ticket.protective_stop, facts.daily_atr)
    adverse = (price - reference) * ticket.side.sign
    words = f"market {plain_text(price)} against the alert's {plain_text(reference)}"
    return _check("PRICE_DRIFT", adverse <= allowed, words, max(adverse, Decimal(0)), allowed)


def stop_sane(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    ticket, entry = facts.ticket, facts.entry_price
    stop = ticket.protective_stop
    if stop is None and ticket.allocations:
        return _check("STOP_MISSING", False, "targets are linked to a stop, and none is given", None, "required")
    if stop is None:
        passed = ticket.no_stop_wanted or not limits.stop_distance.required
        return _check("STOP_MISSING", passed, "a protective stop is given", None, "required")
    if entry is None:
        return _check("STOP_WRONG_SIDE", False, "no entry price to compare the stop with", stop, None)
    if not _are_numbers(entry, stop):
        return _check("STOP_WRONG_SIDE", False, "entry and stop are numbers", f"{entry} and {stop}", "numbers")
    distance = (entry - stop) * ticket.side.sign
    if distance <= 0:
        side = "below" if ticket.side.sign > 0 else "above"
        return _check("STOP_WRONG_SIDE", False, f"the stop must be {side} the entry", stop, entry)
    farthest = _farthest_stop(facts, limits, entry)
    passed = _are_numbers(farthest) and distance <= farthest
    return _check("STOP_TOO_FAR", passed, "distance of the stop", distance, farthest)


def _farthest_stop(facts: RiskFacts, limits: RiskLimits, entry: Decimal) -> Decimal:
    rule, asset_class = limits.stop_distance, facts.instrument.asset_class
    if asset_class is AssetClass.OPTION:
        return entry * rule.option_fraction
    if asset_class is AssetClass.STOCK:
        return entry * rule.stock_fraction
    if facts.daily_atr is not None:
        return facts.daily_atr * rule.future_atr_multiple
    return abs(entry) * rule.future_price_fraction


def fees_known(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    words = f"fees of {facts.instrument.root} are known"
    fee = facts.fee_per_side
    passed = fee is not None and _are_numbers(fee)
    return _check("FEES_UNKNOWN", passed, words, fee, "a row of the fee table")


def order_rate(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    rate = limits.rate
    if facts.entries_last_minute >= rate.entries_per_minute:
        return _check(
            "RATE_LIMIT", False, "entries in the last minute", facts.entries_last_minute, rate.entries_per_minute
        )
    passed = facts.same_side_entries < rate.same_side_entries
    window = f"entries of this side within {rate.same_side_window.total_seconds():g} s"
    return _check("RATE_LIMIT", passed, window, facts.same_side_entries, rate.same_side_entries)


def trade_count(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    own = facts.origin_limits
    if facts.origin_entries_today >= own.max_entries_per_day:
        return _check(
            "TRADE_COUNT", False, f"entries of {own.who} today", facts.origin_entries_today, own.max_entries_per_day
        )
    passed = facts.entries_today < limits.max_entries_per_day
    return _check(
        "TRADE_COUNT", passed, "entries of the account today", facts.entries_today, limits.max_entries_per_day
    )


def daily_loss(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    pnl = facts.day_pnl
    passed = pnl is not None and _are_numbers(pnl) and pnl > -limits.daily_loss_limit
    return _check("DAILY_LOSS_LIMIT", passed, "profit and loss of the day", pnl, -limits.daily_loss_limit)


def origin_daily_loss(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    own = facts.origin_limits
    passed = _are_numbers(facts.origin_day_pnl) and facts.origin_day_pnl > -own.daily_loss_limit
    return _check("ANALYST_LIMIT", passed, f"{own.who} today", facts.origin_day_pnl, -own.daily_loss_limit)


def origin_open_trades(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    own = facts.origin_limits
    passed = own.max_open_trades is None or facts.origin_open_trades < own.max_open_trades
    return _check("ANALYST_LIMIT", passed, f"open trades of {own.who}", facts.origin_open_trades, own.max_open_trades)


def loss_streak(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    until = facts.origin_paused_until
    passed = until is None or facts.at >= until
    words = f"losing trades of {facts.origin_limits.who} in a row"
    if not passed and until is not None:
        words += f"; paused until {until:%H:%M} UTC"
    return _check("LOSS_STREAK", passed, words, facts.origin_losses_in_row, facts.origin_limits.loss_streak)


def drawdown(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    share = facts.drawdown_fraction
    passed = share is not None and _are_numbers(share) and share < limits.max_drawdown_fraction
    value = None if share is None else percent_words(share, 1)
    limit = percent_words(limits.max_drawdown_fraction)
    return _check("DRAWDOWN_LIMIT", passed, "loss from the highest close", value, limit)


def no_conflict(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    other = facts.conflicting_lot
    words = "no open lot on the other side" if other is None else "open on the other side"
    return _check("CONFLICT", other is None, words, other or "none", "none")


def price_on_tick(facts: RiskFacts, limits: RiskLimits) -> CheckResult:
    ticket, instrument = facts.ticket, facts.instrument
    prices = [price for price in (ticket.limit_price, ticket.stop_price) if price is not None]
    missing = (ticket.ord_type in (OrdType.LIMIT, OrdType.STOP_LIMIT) and ticket.limit_price is None) or (
        ticket.ord_type in (OrdType.STOP, OrdType.STOP_LIMIT) and ticket.stop_price is None
    )
    if missing:
        return _check("PRICE_INVALID", False, f"a {ticket.ord_type.value} order needs its price", None, "a price")
    finite = all(price.is_finite() for price in prices)
    passed = finite and all(instrument.is_on_tick(price) for price in prices)
    value = ", ".join(str(price) for price in prices) or "market"
    return _check("PRICE_INVALID", passed, "prices stand on the tick", value, instrument.tick_size)


RAILS: tuple[Rail, ...] = (
    trading_state,
    symbol_allowed,
    clock_trusted,
    market_open,
    expiry_far_enough,
    quote_present,
    quote_fresh,
    prices_flow,
    spread_narrow,
    price_on_tick,
    price_drift,
    stop_sane,
    no_conflict,
    fees_known,
    order_rate,
    trade_count,
    loss_streak,
    origin_open_trades,
    origin_daily_loss,
    daily_loss,
    drawdown,
)
"""In the order in which they are told: the first that fails gives the refusal its code."""
