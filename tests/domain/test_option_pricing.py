"""Option values agree with the figures of the textbooks (Hull, Haug) and with identities that need no model."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradestream_gui.domain.instruments import Right
from tradestream_gui.domain.option_pricing import (
    Market,
    greeks,
    implied_volatility,
    on_future,
    on_share,
    option_price,
    years_between,
)

CALL, PUT = Right.CALL, Right.PUT
MONTH = 30 / 365


def share(spot: float, rate: float, t: float, dividend_yield: float = 0.0) -> Market:
    return on_share(spot=spot, rate=rate, dividend_yield=dividend_yield, t=t)


def test_greeks_of_hulls_call() -> None:
    found = greeks(share(49, 0.05, 0.3846), CALL, 50, 0.20)
    assert found is not None
    assert found.delta == pytest.approx(0.521602, abs=1e-6)
    assert found.gamma == pytest.approx(0.065545, abs=1e-6)
    assert found.theta_per_day == pytest.approx(-0.0117956, abs=1e-7)
    assert found.vega_per_point == pytest.approx(0.121052, abs=1e-6)
    assert found.rho_per_point == pytest.approx(0.0890657, abs=1e-7)


def test_implied_volatility_of_hulls_call() -> None:
    assert implied_volatility(share(21, 0.1, 0.25), CALL, 20, 1.875) == pytest.approx(0.2345129, abs=1e-7)


@pytest.mark.parametrize(
    ("market", "right", "strike", "volatility", "price"),
    [
        (on_future(future=20, rate=0.09, t=4 / 12), PUT, 20, 0.25, 1.116641),
        (on_future(future=19, rate=0.10, t=0.75), CALL, 19, 0.28, 1.701051),
        (on_future(future=19, rate=0.10, t=0.75), PUT, 19, 0.28, 1.701051),
        (share(60, 0.08, 0.25), CALL, 65, 0.30, 2.133368),
        (share(100, 0.10, 0.5, 0.05), PUT, 95, 0.20, 2.464788),
        (share(150, 0.045, MONTH, 0.005), CALL, 150, 0.30, 5.384471),
        (share(150, 0.045, MONTH, 0.005), PUT, 150, 0.30, 4.892333),
    ],
)
def test_prices_of_the_textbooks(market: Market, right: Right, strike: float, volatility: float, price: float) -> None:
    assert option_price(market, right, strike, volatility) == pytest.approx(price, abs=1e-6)


def test_delta_of_options_on_a_future() -> None:
    market = on_future(future=105, rate=0.10, t=0.5)
    call, put = greeks(market, CALL, 100, 0.36), greeks(market, PUT, 100, 0.36)
    assert call is not None
    assert put is not None
    assert call.delta == pytest.approx(0.594629, abs=1e-6)
    assert put.delta == pytest.approx(-0.356601, abs=1e-6)


def test_implied_volatility_of_an_alerted_call() -> None:
    market = share(150, 0.045, MONTH, 0.005)
    assert implied_volatility(market, CALL, 150, 2.50) == pytest.approx(0.131156, abs=1e-6)


def test_a_price_that_says_nothing_about_volatility_gives_none() -> None:
    market = share(100, 0.045, MONTH)
    assert implied_volatility(market, CALL, 90, 10.00) is None
    assert implied_volatility(market, CALL, 90, 0.0) is None
    assert implied_volatility(market, CALL, 100, 100.5) is None
    assert implied_volatility(market, PUT, 100, 101.0) is None
    assert implied_volatility(share(100, 0.045, 30 / 365 / 24 / 3600), CALL, 100, 0.05) is None
    assert greeks(share(100, 0.045, 0.0), CALL, 100, 0.2) is None


def test_at_expiry_a_price_is_the_intrinsic_value() -> None:
    assert option_price(share(103, 0.045, 0.0), CALL, 100, 0.2) == 3
    assert option_price(share(103, 0.045, 0.0), PUT, 100, 0.2) == 0


def test_time_is_counted_in_minutes_and_never_below_zero() -> None:
    now = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    assert years_between(now, now + timedelta(minutes=90)) == pytest.approx(90 / (365 * 1440), rel=1e-15)
    assert years_between(now, now - timedelta(days=1)) == 0


PRICES = st.floats(min_value=20, max_value=7000)
MONEYNESS = st.floats(min_value=0.8, max_value=1.25)
VOLATILITIES = st.floats(min_value=0.05, max_value=2.0)
TIMES = st.floats(min_value=1 / 365, max_value=2.0)
RATES = st.floats(min_value=0.0, max_value=0.08)


@given(PRICES, MONEYNESS, VOLATILITIES, TIMES, RATES, RATES)
def test_put_call_parity_holds(
    spot: float, moneyness: float, volatility: float, t: float, rate: float, dividend_yield: float
) -> None:
    market, strike = share(spot, rate, t, dividend_yield), spot * moneyness
    call, put = option_price(market, CALL, strike, volatility), option_price(market, PUT, strike, volatility)
    assert (call - put) / spot == pytest.approx(market.discount * (market.forward - strike) / spot, abs=1e-12)


@given(PRICES, MONEYNESS, VOLATILITIES, TIMES, RATES, st.sampled_from(Right))
def test_implied_volatility_gives_back_the_volatility_of_a_price(
    spot: float, moneyness: float, volatility: float, t: float, rate: float, right: Right
) -> None:
    market, strike = share(spot, rate, t), spot * moneyness
    price = option_price(market, right, strike, volatility)
    found = implied_volatility(market, right, strike, price)
    if found is not None:
        assert option_price(market, right, strike, found) == pytest.approx(price, rel=1e-9, abs=1e-9)
        assert found == pytest.approx(volatility, rel=1e-4)


@given(PRICES, MONEYNESS, VOLATILITIES, TIMES, RATES, st.sampled_from(Right), st.booleans())
def test_greeks_are_the_slopes_of_the_price(
    spot: float, moneyness: float, volatility: float, t: float, rate: float, right: Right, of_future: bool
) -> None:
    strike = spot * moneyness

    def value(underlying: float, sigma: float, years: float, r: float) -> float:
        market = on_future(future=underlying, rate=r, t=years) if of_future else share(underlying, r, years, 0.01)
        return option_price(market, right, strike, sigma)

    market = on_future(future=spot, rate=rate, t=t) if of_future else share(spot, rate, t, 0.01)
    found = greeks(market, right, strike, volatility)
    assert found is not None
    h, k, year_step = spot * 1e-4, 1e-5, t * 1e-4
    slope = (value(spot + h, volatility, t, rate) - value(spot - h, volatility, t, rate)) / (2 * h)
    vega = (value(spot, volatility + k, t, rate) - value(spot, volatility - k, t, rate)) / (2 * k)
    rho = (value(spot, volatility, t, rate + k) - value(spot, volatility, t, rate - k)) / (2 * k)
    passing = (value(spot, volatility, t - year_step, rate) - value(spot, volatility, t + year_step, rate)) / 2
    assert found.delta == pytest.approx(slope, abs=1e-3)
    assert found.vega_per_point * 100 == pytest.approx(vega, abs=spot * 1e-5)
    assert found.rho_per_point * 100 == pytest.approx(rho, abs=spot * 1e-5)
    assert found.theta_per_day * 365 * year_step == pytest.approx(passing, abs=spot * 1e-6)


def test_where_the_search_hardly_moves_its_answer_still_gives_the_price_back() -> None:
    market, strike, price = on_future(future=3288.04, rate=0.0, t=1.56), 16140.0, 3288.0392
    found = implied_volatility(market, CALL, strike, price)
    assert found is not None
    assert option_price(market, CALL, strike, found) == pytest.approx(price, abs=1e-9)


def test_a_price_that_needs_more_than_a_thousand_percent_is_no_volatility() -> None:
    market = on_future(future=4571.580450294792, rate=0.0, t=0.25)
    assert implied_volatility(market, PUT, 1119.0115173413772, 1118.6610670465843) is None
