"""European option values: Black-Scholes-Merton and Black-76 prices, Greeks and implied volatility, in floats.

One form serves both: the forward F and the discount factor D. A share's forward is S*exp((r-q)*t) (Merton 1973), a
future is its own forward (Black 1976). US equity options are American: within about 60 days the difference is inside
the quote, except deep in-the-money puts and calls over an ex-dividend day; label values "European".
"""

import math
from dataclasses import dataclass
from datetime import datetime

from tradestream_gui.domain.instruments import Right

DAYS_PER_YEAR = 365
MINUTES_PER_YEAR = DAYS_PER_YEAR * 24 * 60
_SHORTEST_T = 1 / MINUTES_PER_YEAR
_LOWEST_VOLATILITY, _HIGHEST_VOLATILITY = 1e-4, 10.0
"""0.01 % to 1,000 %: outside, a quote is an error rather than a volatility."""
_MOST_STEPS = 64
"""Bisection alone needs about 60 halvings for full precision: what this many steps found is the answer."""
_SQRT_2 = math.sqrt(2)
_SQRT_2PI = math.sqrt(2 * math.pi)


@dataclass(frozen=True, slots=True)
class Market:
    """What an option is priced on: the forward of its underlying, the rate and the time in years (act/365)."""

    forward: float
    rate: float
    t: float
    spot: float | None = None
    """The share's price; None when the underlying is the future itself."""
    dividend_yield: float = 0.0

    @property
    def discount(self) -> float:
        return math.exp(-self.rate * self.t)

    @property
    def delta_factor(self) -> float:
        """Change of the discounted forward per 1.0 of the underlying."""
        return self.discount if self.spot is None else math.exp(-self.dividend_yield * self.t)


@dataclass(frozen=True, slots=True)
class Greeks:
    """Sensitivities of one share's worth: theta per calendar day, vega and rho per one percentage point."""

    delta: float
    gamma: float
    theta_per_day: float
    vega_per_point: float
    rho_per_point: float


def on_share(*, spot: float, rate: float, dividend_yield: float, t: float) -> Market:
    """The market of an option on a share, fund or index (Black-Scholes-Merton)."""
    return Market(spot * math.exp((rate - dividend_yield) * t), rate, t, spot, dividend_yield)


def on_future(*, future: float, rate: float, t: float) -> Market:
    """The market of an option on a future (Black-76)."""
    return Market(future, rate, t)


def years_between(now: datetime, expires_at: datetime) -> float:
    """Time to expiry in years of 365 days, to the minute and below; zero once it is past."""
    return max(0.0, (expires_at - now).total_seconds() / 60 / MINUTES_PER_YEAR)


def option_price(market: Market, right: Right, strike: float, volatility: float) -> float:
    """The present value of one share's worth; at expiry or without volatility the discounted intrinsic value."""
    return market.discount * _undiscounted(right, market.forward, strike, volatility * math.sqrt(market.t))


def greeks(market: Market, right: Right, strike: float, volatility: float) -> Greeks | None:
    """The Greeks, or None with less than a minute left or no volatility: there they jump."""
    if market.t < _SHORTEST_T or volatility <= 0:
        return None
    root_t = math.sqrt(market.t)
    d1, d2 = _d1_d2(market.forward, strike, volatility * root_t)
    sign = 1 if right is Right.CALL else -1
    discount, factor = market.discount, market.delta_factor
    underlying = market.forward if market.spot is None else market.spot
    price = option_price(market, right, strike, volatility)
    density = factor * _density(d1)
    carried = sign * factor * underlying * _normal(sign * d1)
    decay = -underlying * density * volatility / (2 * root_t)
    if market.spot is None:
        theta, rho = decay + market.rate * price, -market.t * price
    else:
        strike_part = sign * strike * discount * _normal(sign * d2)
        theta = decay - market.rate * strike_part + market.dividend_yield * carried
        rho = market.t * strike_part
    return Greeks(
        delta=sign * factor * _normal(sign * d1),
        gamma=density / (underlying * volatility * root_t),
        theta_per_day=theta / DAYS_PER_YEAR,
        vega_per_point=underlying * density * root_t / 100,
        rho_per_point=rho / 100,
    )


def implied_volatility(
    market: Market, right: Right, strike: float, price: float, *, tick: float = 0.01
) -> float | None:
    """The volatility that gives the price; None where the price says nothing about it.

    That is: no price, less than a minute left, a time value under one tick, a price outside what any volatility
    gives, or a volatility beyond 1,000 %.
    """
    if price <= 0 or market.t < _SHORTEST_T:
        return None
    undiscounted = price / market.discount
    intrinsic = _intrinsic(right, market.forward, strike)
    time_value = undiscounted - intrinsic
    if time_value * market.discount < tick:
        return None
    if undiscounted >= (market.forward if right is Right.CALL else strike):
        return None
    # Both sides have the same time value (parity); the out-of-the-money one keeps its digits.
    side = Right.CALL if strike >= market.forward else Right.PUT
    root_t = math.sqrt(market.t)
    low, high = _LOWEST_VOLATILITY * root_t, _HIGHEST_VOLATILITY * root_t
    if (
        not _undiscounted(side, market.forward, strike, low)
        < time_value
        < _undiscounted(side, market.forward, strike, high)
    ):
        return None
    return _solve(side, market.forward, strike, time_value, low, high) / root_t


def _solve(right: Right, forward: float, strike: float, value: float, low: float, high: float) -> float:
    """The total volatility sigma*sqrt(t) within a bracket: Newton's steps, halving where one leaves the bracket."""
    total = min(max(math.sqrt(2 * abs(math.log(forward / strike))), low), high)
    for _ in range(_MOST_STEPS):
        error = _undiscounted(right, forward, strike, total) - value
        if error > 0:
            high = total
        else:
            low = total
        slope = forward * _density(_d1_d2(forward, strike, total)[0])
        step = total - error / slope if slope > 0 else low
        new_total = step if low < step < high else (low + high) / 2
        if abs(new_total - total) <= 1e-15 * total:
            return new_total
        total = new_total
    return total


def _undiscounted(right: Right, forward: float, strike: float, total_volatility: float) -> float:
    if total_volatility <= 0:
        return _intrinsic(right, forward, strike)
    d1, d2 = _d1_d2(forward, strike, total_volatility)
    if right is Right.CALL:
        return forward * _normal(d1) - strike * _normal(d2)
    return strike * _normal(-d2) - forward * _normal(-d1)


def _intrinsic(right: Right, forward: float, strike: float) -> float:
    return max(0.0, forward - strike if right is Right.CALL else strike - forward)


def _d1_d2(forward: float, strike: float, total_volatility: float) -> tuple[float, float]:
    d1 = math.log(forward / strike) / total_volatility + total_volatility / 2
    return d1, d1 - total_volatility


def _normal(x: float) -> float:
    """The standard normal distribution function; erfc keeps the digits of its far tail."""
    return math.erfc(-x / _SQRT_2) / 2


def _density(x: float) -> float:
    return math.exp(-x * x / 2) / _SQRT_2PI
