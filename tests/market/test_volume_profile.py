"""Volume at price and the latest prints, as they come over the bus."""

from datetime import UTC, datetime
from decimal import Decimal

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.events_market import TradePrinted
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.quotes import Aggressor, DataKind, TradePrint
from tradestream_gui.market.volume_profile import KEPT_PRINTS, VolumeProfile

ES, NQ = InstrumentId("ES"), InstrumentId("NQ")


def reraise(fact: object, error: Exception) -> None:
    raise error



def printed(price: str, size: int, instrument_id: InstrumentId = ES) -> TradePrinted:
    at = datetime(2026, 11, 20, 15, tzinfo=UTC)
    return TradePrinted(TradePrint(instrument_id, at, Decimal(price), size, Aggressor.BUYER, DataKind.DEMO))


def test_sizes_add_up_at_their_price() -> None:
    bus = EventBus(reraise)
    profile = VolumeProfile(bus)
    for price, size in (("6325.25", 3), ("6325.50", 1), ("6325.25", 4)):
        bus.publish(printed(price, size))
    bus.publish(printed("21000", 9, NQ))
    assert dict(profile.at_price(ES)) == {Decimal("6325.25"): 7, Decimal("6325.50"): 1}
    assert dict(profile.at_price(NQ)) == {Decimal(21000): 9}


def test_a_print_without_a_size_is_counted_and_adds_no_volume() -> None:
    bus = EventBus(reraise)
    profile = VolumeProfile(bus)
    bus.publish(printed("6325.25", 0))
    assert profile.count(ES) == 1
    assert not profile.at_price(ES)


def test_only_the_newest_prints_are_kept_and_all_are_counted() -> None:
    bus = EventBus(reraise)
    profile = VolumeProfile(bus)
    for number in range(KEPT_PRINTS + 5):
        bus.publish(printed("6325.25", number + 1))
    assert profile.count(ES) == KEPT_PRINTS + 5
    assert [trade.size for trade in profile.newest(ES, 2)] == [KEPT_PRINTS + 4, KEPT_PRINTS + 5]
    assert len(profile.newest(ES)) == KEPT_PRINTS
    assert profile.newest(NQ) == ()


def test_a_closed_profile_hears_nothing() -> None:
    bus = EventBus(reraise)
    profile = VolumeProfile(bus)
    profile.close()
    bus.publish(printed("6325.25", 3))
    assert profile.count(ES) == 0
