"""Average true range in exact Decimals, bar by bar: the yardstick of the risk rails."""

from decimal import Decimal

from tradestream_gui.domain.quotes import Bar

DEFAULT_PERIOD = 14


class Atr:
    """Wilder's average true range of closed bars (TradingView's form). The only writer of its own state.

    The first bar's true range is high less low; the first value, after `period` bars, is their mean.
    """

    def __init__(self, period: int = DEFAULT_PERIOD) -> None:
        if period < 1:
            raise ValueError(f"an ATR over {period} bars is not defined: the period is 1 or more")
        self._period = period
        self._count = 0
        self._sum = Decimal(0)
        self._previous_close: Decimal | None = None
        self._value: Decimal | None = None

    @property
    def value(self) -> Decimal | None:
        """The ATR after the last bar; None until `period` bars have closed."""
        return self._value

    def update(self, bar: Bar) -> Decimal | None:
        """Takes one more closed bar and returns the new value."""
        true_range = _true_range(bar, self._previous_close)
        self._previous_close = bar.close
        self._count += 1
        if self._value is not None:
            self._value += (true_range - self._value) / self._period
            return self._value
        self._sum += true_range
        if self._count == self._period:
            self._value = self._sum / self._period
        return self._value


def _true_range(bar: Bar, previous_close: Decimal | None) -> Decimal:
    if previous_close is None:
        return bar.high - bar.low
    return max(bar.high, previous_close) - min(bar.low, previous_close)
