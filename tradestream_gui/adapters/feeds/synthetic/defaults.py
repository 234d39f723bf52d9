"""Where the DEMO market starts and how it moves where no script says so: invented figures, shown only as DEMO."""

from dataclasses import dataclass
from decimal import Decimal

from tradestream_gui.adapters.feeds.synthetic.noise import seed_of
from tradestream_gui.domain.instruments import AssetClass, Instrument


@dataclass(frozen=True, slots=True)
class Character:
    """`yearly_vol` is a fraction of the price per trading year; `base_size` the usual contracts at the best price."""

    start_price: float
    yearly_vol: float
    base_size: int
    wide_ticks: int


TRADING_SECONDS_A_YEAR = 252 * 6.5 * 3600
_FUTURES = {
    "ES": Character(6320.0, 0.16, 32, 2),
    "NQ": Character(23400.0, 0.21, 5, 4),
    "YM": Character(44800.0, 0.15, 8, 3),
    "RTY": Character(2260.0, 0.23, 9, 3),
    "CL": Character(62.4, 0.36, 14, 2),
    "NG": Character(3.35, 0.6, 18, 2),
    "GC": Character(3360.0, 0.19, 9, 3),
    "SI": Character(38.5, 0.32, 8, 2),
    "HG": Character(5.1, 0.25, 10, 2),
    "PL": Character(1380.0, 0.3, 4, 4),
    "ZB": Character(115.5, 0.11, 300, 1),
    "ZN": Character(111.75, 0.06, 900, 1),
    "ZF": Character(108.5, 0.04, 900, 1),
    "ZT": Character(104.0, 0.02, 900, 1),
    "6E": Character(1.17, 0.07, 40, 2),
    "6J": Character(0.0068, 0.09, 60, 2),
    "6B": Character(1.345, 0.07, 60, 2),
    "6A": Character(0.655, 0.09, 60, 2),
    "6C": Character(0.7275, 0.06, 60, 2),
    "6S": Character(1.255, 0.08, 30, 2),
    "ZC": Character(412.0, 0.25, 120, 1),
    "ZS": Character(1032.0, 0.18, 50, 1),
    "ZW": Character(528.0, 0.29, 40, 1),
    "BTC": Character(114000.0, 0.5, 6, 4),
    "ETH": Character(4300.0, 0.65, 8, 3),
}
_STOCKS = {
    "SPX": (6320.0, 0.16),
    "XSP": (632.0, 0.16),
    "NDX": (23400.0, 0.21),
    "RUT": (2260.0, 0.23),
    "VIX": (16.5, 0.9),
    "SPY": (630.0, 0.16),
    "QQQ": (570.0, 0.21),
    "IWM": (224.0, 0.23),
    "DIA": (448.0, 0.15),
    "AAPL": (235.0, 0.26),
    "AMD": (160.0, 0.5),
    "AMZN": (228.0, 0.3),
    "COIN": (330.0, 0.75),
    "GOOGL": (202.0, 0.28),
    "META": (755.0, 0.33),
    "MSFT": (515.0, 0.22),
    "NFLX": (1205.0, 0.33),
    "NVDA": (178.0, 0.42),
    "PLTR": (175.0, 0.6),
    "TSLA": (332.0, 0.55),
}
OPTION_PREMIUM_VOL = 2.4
"""A scripted option premium moves about ten times as much as its underlying."""


def character_of(instrument: Instrument) -> Character:
    """The character of a future's family, or of a stock; unknown names get a price of their own that never changes."""
    if instrument.asset_class is AssetClass.FUTURE:
        known = _FUTURES.get(instrument.family)
        return known or Character(float(instrument.tick_size) * 4000, 0.25, 10, 2)
    return stock_character(instrument.root if instrument.asset_class is AssetClass.OPTION else instrument.instrument_id)


def stock_character(ticker: str) -> Character:
    price, vol = _STOCKS.get(ticker) or (40.0 + seed_of(0, ticker) % 16000 / 100.0, 0.35)
    return Character(price, vol, 300, 2 if price < 250 else 3)


def premium_character(price: Decimal) -> Character:
    return Character(float(price), OPTION_PREMIUM_VOL, 40, 1)
