"""Which trades a summary is about: period, analyst, channel, symbol, asset class and account."""

from dataclasses import dataclass
from datetime import date, timedelta

from tradestream_gui.analytics.trades import Trade
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.instruments import AssetClass
from tradestream_gui.domain.orders import Origin


@dataclass(frozen=True, slots=True)
class Period:
    """Trade dates from `first` to `last`, both included; None leaves that end open."""

    first: date | None = None
    last: date | None = None

    def covers(self, day: date) -> bool:
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


ALL_TIME = Period()


def last_days(today: date, days: int) -> Period:
    """The `days` calendar days that end today."""
    return Period(today - timedelta(days=days - 1), today)


def week_of(today: date) -> Period:
    """The ISO week from its Monday to today."""
    return Period(today - timedelta(days=today.weekday()), today)


def month_of(today: date) -> Period:
    return Period(today.replace(day=1), today)


@dataclass(frozen=True, slots=True)
class Filter:
    """Everything that must hold; None means any. Analyst and channel are the labels shown on screen."""

    period: Period = ALL_TIME
    analyst: str | None = None
    channel: str | None = None
    symbol: str | None = None
    """The root or underlying, such as ES or AAPL."""
    asset_class: AssetClass | None = None
    account: AccountId | None = None

    def admits(self, trade: Trade) -> bool:
        return self.period.covers(trade.trade_date) and self.admits_origin(
            trade.origin, trade.account_id, trade.root, trade.asset_class
        )

    def admits_origin(self, origin: Origin, account: AccountId, root: str, asset_class: AssetClass) -> bool:
        """All but the period."""
        return (
            (self.analyst is None or origin.label == self.analyst)
            and (self.channel is None or (origin.channel or origin.kind.value) == self.channel)
            and (self.symbol is None or root == self.symbol)
            and (self.asset_class is None or asset_class is self.asset_class)
            and (self.account is None or account == self.account)
        )


EVERYTHING = Filter()
