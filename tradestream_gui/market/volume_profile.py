"""What has traded since the program started to listen: volume at each price and the latest prints, by instrument."""

from collections import deque
from collections.abc import Mapping, Sequence
from decimal import Decimal

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events_market import TradePrinted
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.quotes import TradePrint

KEPT_PRINTS = 200


class _Traded:
    """One instrument's prints; `count` is how many have come, kept or not."""

    __slots__ = ("at_price", "count", "prints")

    def __init__(self) -> None:
        self.at_price: dict[Decimal, int] = {}
        self.prints: deque[TradePrint] = deque(maxlen=KEPT_PRINTS)
        self.count = 0


class VolumeProfile:
    """The only writer of what was traded at which price; a print without a size adds no volume."""

    def __init__(self, bus: EventBus) -> None:
        self._bus = bus
        self._traded: dict[InstrumentId, _Traded] = {}
        bus.subscribe(TradePrinted, self._on_print)

    def close(self) -> None:
        self._bus.unsubscribe(TradePrinted, self._on_print)

    def at_price(self, instrument_id: InstrumentId) -> Mapping[Decimal, int]:
        """Contracts or shares traded at each price."""
        traded = self._traded.get(instrument_id)
        return traded.at_price if traded else {}

    def count(self, instrument_id: InstrumentId) -> int:
        """How many prints have come."""
        traded = self._traded.get(instrument_id)
        return traded.count if traded else 0

    def newest(self, instrument_id: InstrumentId, at_most: int = KEPT_PRINTS) -> Sequence[TradePrint]:
        """The latest prints, oldest first."""
        traded = self._traded.get(instrument_id)
        if traded is None or at_most <= 0:
            return ()
        return tuple(traded.prints)[-at_most:]

    def _on_print(self, fact: TradePrinted) -> None:
        trade = fact.trade
        traded = self._traded.get(trade.instrument_id)
        if traded is None:
            traded = self._traded[trade.instrument_id] = _Traded()
        traded.prints.append(trade)
        traded.count += 1
        if trade.size > 0:
            traded.at_price[trade.price] = traded.at_price.get(trade.price, 0) + trade.size
