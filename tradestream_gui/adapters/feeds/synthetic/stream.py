"""One underlying path and all instruments that live on it: a futures family, a stock with its options."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from tradestream_gui.adapters.feeds.synthetic.defaults import TRADING_SECONDS_A_YEAR, Character
from tradestream_gui.adapters.feeds.synthetic.option_fair import premium
from tradestream_gui.adapters.feeds.synthetic.path import Band, PathPoint, PricePath
from tradestream_gui.adapters.feeds.synthetic.quoting import LadderMarket, PremiumMarket, Shown
from tradestream_gui.adapters.feeds.synthetic.script import PathScript
from tradestream_gui.domain.ids import InstrumentId

_FREE = Band(None, None)


@dataclass(frozen=True, slots=True)
class _Member:
    """`is_derived` marks an option that is priced from the path of its underlying."""

    market: LadderMarket | PremiumMarket
    is_derived: bool


class PathStream:
    """Steps one path and says what its members show at each step; the only caller of that path."""

    def __init__(
        self, path: PricePath, *, started_at: datetime, yearly_vol: float, depth_every: int, step_us: int
    ) -> None:
        self.path = path
        self._started_at = started_at
        self._yearly_vol = yearly_vol
        self._depth_us = depth_every * step_us
        self._members: dict[InstrumentId, _Member] = {}

    @property
    def is_watched(self) -> bool:
        return bool(self._members)

    def has(self, instrument_id: InstrumentId) -> bool:
        return instrument_id in self._members

    def join(self, market: LadderMarket | PremiumMarket, *, is_derived: bool) -> None:
        """Joining twice changes nothing."""
        self._members.setdefault(market.instrument.instrument_id, _Member(market, is_derived))

    def leave(self, instrument_id: InstrumentId) -> None:
        self._members.pop(instrument_id, None)

    def seek(self, to_us: int) -> None:
        """Walks unseen to the last step at or before a moment."""
        self.path.seek(to_us)
        while self.path.next_us() <= to_us:
            self.path.step()

    def step(self) -> tuple[Shown, ...]:
        """The path's next step as every member shows it."""
        point = self.path.step()
        at = self._started_at + timedelta(microseconds=point.at_us)
        with_depth = point.exact is not None or point.at_us % self._depth_us == 0
        shown = (self._shown(member, point, at, with_depth) for member in tuple(self._members.values()))
        return tuple(one for one in shown if one is not None)

    def _shown(self, member: _Member, point: PathPoint, at: datetime, with_depth: bool) -> Shown | None:
        market = member.market
        if isinstance(market, LadderMarket):
            return market.show(point, at, with_depth)
        if not member.is_derived:
            return market.show(point, at)
        fair = premium(market.instrument, point.fair, self._yearly_vol, at)
        if fair is None:
            return None
        return market.show(PathPoint(point.at_us, fair, None, point.rose, _FREE), at)


def make_stream(
    key: str,
    script: PathScript | None,
    character: Character,
    *,
    seed: int,
    started_at: datetime,
    step_us: int,
    depth_every: int,
) -> PathStream:
    """The stream of one path, with the anchors that are known so far."""
    path = PricePath(
        seed=seed,
        name=key,
        start_price=character.start_price,
        vol=price_vol(character),
        step_us=step_us,
        rest=Band(script.rest_low, script.rest_high) if script else _FREE,
    )
    for anchor in script.anchors if script else ():
        path.add_anchor(anchor)
    return PathStream(
        path, started_at=started_at, yearly_vol=character.yearly_vol, depth_every=depth_every, step_us=step_us
    )


def price_vol(character: Character) -> float:
    """Price units per square root of a second."""
    return character.start_price * character.yearly_vol / sqrt(TRADING_SECONDS_A_YEAR)
