"""The storm of the order benchmark is of other contracts than those that alerts call: these keep their price."""

from datetime import UTC, datetime

from tradestream_gui.bench.order_storm import SymbolStorm
from tradestream_gui.bench.order_wire import PRICES
from tradestream_gui.bench.storm import SYMBOLS

NOW = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)


def test_two_hundred_contracts_storm_beside_those_that_are_called() -> None:
    storm = SymbolStorm(NOW)
    instruments = storm.instruments
    assert len({one.instrument_id for one in instruments}) == SYMBOLS
    assert not {one.root for one in instruments} & set(PRICES)
    watched = storm.settings().market.watchlist
    assert set(PRICES) <= set(watched)
    assert {one.instrument_id for one in instruments} <= set(watched)
