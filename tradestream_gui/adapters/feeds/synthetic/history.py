"""Bars from before the DEMO market's start, so that a chart does not begin empty: invented, and marked DEMO."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from math import sqrt

from tradestream_gui.adapters.feeds.synthetic.noise import gauss, mix
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.quotes import Bar, DataKind

MINUTE_S = 60
SESSION_S = 6.5 * 3600


@dataclass(frozen=True, slots=True)
class Past:
    """A walk backwards from `price` at `ends_at`; `vol` is price units per square root of a second."""

    seed: int
    ends_at: datetime
    price: float
    vol: float
    base_size: int


def history_bars(past: Past, instrument: Instrument, seconds: int, count: int) -> tuple[Bar, ...]:
    """The last `count` bars of a whole number of minutes that ended before the start; longer ones sum shorter ones."""
    assert seconds % MINUTE_S == 0, "history is made of whole minutes"
    end = int(past.ends_at.timestamp()) // seconds * seconds
    minutes = _minutes(past, instrument, end - count * seconds)
    each = seconds // MINUTE_S
    return tuple(_joined(minutes[n * each : (n + 1) * each], seconds) for n in range(count))


def close_before(past: Past, instrument: Instrument) -> Decimal:
    """A close about one session's move away from the start price."""
    return _on_tick(past.price - gauss(mix(past.seed, 0)) * past.vol * sqrt(SESSION_S) / 2, instrument)


def _minutes(past: Past, instrument: Instrument, first: int) -> list[Bar]:
    newest = int(past.ends_at.timestamp()) // MINUTE_S * MINUTE_S - MINUTE_S
    deviation = past.vol * sqrt(MINUTE_S)
    close, bars = past.price, []
    for start in range(newest, first - MINUTE_S, -MINUTE_S):
        bits = mix(past.seed, start)
        opened = close - gauss(bits) * deviation
        above, below = (bits >> 8 & 0xFF) / 640.0 * deviation, (bits >> 24 & 0xFF) / 640.0 * deviation
        bars.append(
            Bar(
                instrument_id=instrument.instrument_id,
                start=datetime.fromtimestamp(start, UTC),
                seconds=MINUTE_S,
                open=_on_tick(opened, instrument),
                high=_on_tick(max(opened, close) + above, instrument),
                low=_on_tick(min(opened, close) - below, instrument),
                close=_on_tick(close, instrument),
                volume=past.base_size * (40 + (bits >> 40 & 0xFF)) // 4,
                kind=DataKind.DEMO,
            )
        )
        close = opened
    bars.reverse()
    return bars


def _joined(minutes: list[Bar], seconds: int) -> Bar:
    return Bar(
        instrument_id=minutes[0].instrument_id,
        start=minutes[0].start,
        seconds=seconds,
        open=minutes[0].open,
        high=max(bar.high for bar in minutes),
        low=min(bar.low for bar in minutes),
        close=minutes[-1].close,
        volume=sum(bar.volume for bar in minutes),
        kind=DataKind.DEMO,
    )


def _on_tick(price: float, instrument: Instrument) -> Decimal:
    return instrument.round_to_tick(Decimal(round(price * 10_000_000)) / 10_000_000)
