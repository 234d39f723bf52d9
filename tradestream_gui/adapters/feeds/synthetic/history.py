"""Bars from before the DEMO market's start, so that a chart does not begin empty: invented, and marked DEMO."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from math import sqrt

from tradestream_gui.adapters.feeds.synthetic.noise import gauss, mix
from tradestream_gui.domain.bars import joined
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


class PastWalk:
    """The invented minutes of one instrument before the start, made as far back as somebody has asked."""

    def __init__(self, past: Past, instrument: Instrument) -> None:
        self._past = past
        self._instrument = instrument
        self._ends_s = int(past.ends_at.timestamp()) // MINUTE_S * MINUTE_S
        self._newest_first: list[Bar] = []
        self._price = past.price
        self._on_tick = _on_tick(past.price, instrument)

    def bars(self, seconds: int, count: int) -> tuple[Bar, ...]:
        """The last `count` bars of a whole number of minutes that ended before the start; longer ones sum shorter
        ones."""
        assert seconds % MINUTE_S == 0, "history is made of whole minutes"
        each = seconds // MINUTE_S
        later = self._ends_s % seconds // MINUTE_S
        while len(self._newest_first) < later + count * each:
            self._newest_first.append(self._minute())
        minutes = self._newest_first[later : later + count * each][::-1]
        pieces = (minutes[n * each : (n + 1) * each] for n in range(count))
        return tuple(joined(piece, piece[0].start, seconds) for piece in pieces)

    def _minute(self) -> Bar:
        """The minute before the oldest one."""
        start = self._ends_s - (len(self._newest_first) + 1) * MINUTE_S
        bits, deviation = mix(self._past.seed, start), self._past.vol * sqrt(MINUTE_S)
        close, close_on_tick = self._price, self._on_tick
        opened = close - gauss(bits) * deviation
        above, below = (bits >> 8 & 0xFF) / 640.0 * deviation, (bits >> 24 & 0xFF) / 640.0 * deviation
        self._price, self._on_tick = opened, _on_tick(opened, self._instrument)
        return Bar(
            instrument_id=self._instrument.instrument_id,
            start=datetime.fromtimestamp(start, UTC),
            seconds=MINUTE_S,
            open=self._on_tick,
            high=_on_tick(max(opened, close) + above, self._instrument),
            low=_on_tick(min(opened, close) - below, self._instrument),
            close=close_on_tick,
            volume=self._past.base_size * (40 + (bits >> 40 & 0xFF)) // 4,
            kind=DataKind.DEMO,
        )


def close_before(past: Past, instrument: Instrument) -> Decimal:
    """A close about one session's move away from the start price."""
    return _on_tick(past.price - gauss(mix(past.seed, 0)) * past.vol * sqrt(SESSION_S) / 2, instrument)


def _on_tick(price: float, instrument: Instrument) -> Decimal:
    return instrument.round_to_tick(Decimal(round(price * 10_000_000)) / 10_000_000)
