"""Who holds which prices: what nobody needs any more is given back, late, and never against somebody who came back."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.trading.stage import ES, MES, reference_data
from tradestream_gui.adapters.runtime.clock import VirtualClock, WorkCounter
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.errors import BrokerRejected
from tradestream_gui.domain.events import SessionClosed
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument, Right
from tradestream_gui.domain.quotes import DataKind
from tradestream_gui.market.quote_board import QuoteBoard
from tradestream_gui.market.subscriptions import LINGER_S, Subscriptions
from tradestream_gui.ports.feed import FeedSink

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


class Venue:
    """A feed that writes down what it is asked for; its answer can be kept waiting."""

    name = "venue"
    kind = DataKind.REALTIME

    def __init__(self) -> None:
        self.heard: list[tuple[str, InstrumentId]] = []
        self.refused: set[InstrumentId] = set()
        self.answers = asyncio.Event()
        self.answers.set()

    async def connect(self, sink: FeedSink) -> None: ...

    async def close(self) -> None: ...

    async def subscribe(self, instrument: Instrument) -> None:
        self.heard.append(("on", instrument.instrument_id))
        if instrument.instrument_id in self.refused:
            raise BrokerRejected("no market data for it")
        await self.answers.wait()

    async def unsubscribe(self, instrument: Instrument) -> None:
        self.heard.append(("off", instrument.instrument_id))
        await self.answers.wait()


class Scene:
    def __init__(self) -> None:
        self.reference, self.clock = reference_data(), VirtualClock(NOW, WorkCounter())
        self.bus, self.venue = EventBus(lambda *_: None), Venue()
        self.prices = Subscriptions(
            bus=self.bus,
            clock=self.clock,
            board=QuoteBoard(self.bus, self.clock),
            feed=self.venue,
            underlying_of=lambda option: self.reference.resolve(option.root, self.clock.now()),
        )
        self.es, self.mes = self.of(ES), self.of(MES)

    def of(self, instrument_id: InstrumentId) -> Instrument:
        found = self.reference.instrument(instrument_id)
        assert found is not None
        return found

    async def later(self, seconds: float) -> None:
        await self.clock.run_until(self.clock.now() + timedelta(seconds=seconds))

    def spare(self) -> set[InstrumentId]:
        return {one.instrument_id for one in self.prices.spare()}


async def test_what_two_hold_is_spare_when_both_have_left_it_for_a_while() -> None:
    here = Scene()
    await here.prices.hold("list", (here.es, here.mes))
    await here.prices.hold("chart", (here.es,))
    await here.prices.hold("list", ())
    await here.later(LINGER_S - 1)
    assert here.spare() == set()
    await here.later(1)
    assert here.spare() == {MES}, "the chart has the other one"
    await here.prices.hold("chart", ())
    await here.later(LINGER_S)
    assert here.spare() == {ES, MES}
    await here.prices.subscribe(here.mes)
    assert here.spare() == {ES}, "who asks for it now has it for a while"
    await here.prices.hold("list", (here.es,))
    await here.prices.give_back(here.es)
    await here.prices.give_back(here.mes)
    assert here.venue.heard == [("on", ES), ("on", MES), ("off", MES)]
    assert here.prices.instruments() == (here.es,)


async def test_lists_switched_to_and_fro_ask_the_feed_for_nothing_twice() -> None:
    here = Scene()
    for _ in range(20):
        await here.prices.hold("list", (here.es,))
        await here.later(2)
        await here.prices.hold("list", (here.mes,))
        await here.later(2)
        assert here.spare() == set()
    assert here.venue.heard == [("on", ES), ("on", MES)]


async def test_one_that_the_feed_refuses_keeps_the_others_of_a_list_from_nothing() -> None:
    here = Scene()
    here.venue.refused.add(ES)
    with pytest.raises(BrokerRejected):
        await here.prices.hold("list", (here.es, here.mes))
    assert here.venue.heard == [("on", ES), ("on", MES)]


async def test_what_an_alert_named_is_kept_until_the_session_ends() -> None:
    here = Scene()
    await here.prices.hold("list", (here.es,))
    assert here.prices.quote_at_hand(ES) is None
    await here.prices.hold("list", ())
    await here.later(LINGER_S)
    assert here.spare() == set()
    here.bus.publish(SessionClosed(here.clock.now()))
    assert here.spare() == {ES}


async def test_an_underlying_stays_as_long_as_its_option_and_goes_after_it() -> None:
    here = Scene()
    option = here.reference.option("AAPL", date(2026, 12, 18), Right.CALL, Decimal(250))
    assert option is not None
    await here.prices.hold("list", (option,))
    _, underlying = here.prices.instruments()
    await here.prices.hold("card", (underlying,))
    await here.prices.hold("card", ())
    await here.prices.hold("list", ())
    await here.later(LINGER_S)
    assert here.spare() == {option.instrument_id}
    await here.prices.give_back(option)
    await here.later(LINGER_S)
    assert here.spare() == {underlying.instrument_id}


async def test_who_comes_back_while_the_feed_is_being_told_is_heard_last() -> None:
    here = Scene()
    await here.prices.subscribe(here.es)
    here.venue.answers.clear()
    leaving = asyncio.create_task(here.prices.give_back(here.es))
    await asyncio.sleep(0)
    returning = asyncio.create_task(here.prices.subscribe(here.es))
    await asyncio.sleep(0)
    assert here.venue.heard == [("on", ES), ("off", ES)]
    here.venue.answers.set()
    await asyncio.gather(leaving, returning)
    assert here.venue.heard == [("on", ES), ("off", ES), ("on", ES)]
    assert here.prices.instruments() == (here.es,)
