"""What every market data feed keeps to, whatever its wire."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.contract.feed_venues import ES, FEEDS, FeedVenue, Heard
from tradestream_gui.domain.quotes import Quote
from tradestream_gui.ports.broker import LinkState

pytestmark = pytest.mark.parametrize("venue_type", [pytest.param(FEEDS[name], id=name) for name in sorted(FEEDS)])


@asynccontextmanager
async def opened(venue_type: type[FeedVenue]) -> AsyncIterator[tuple[FeedVenue, Heard]]:
    venue, heard = venue_type(), Heard()
    try:
        await venue.start(heard)
        yield venue, heard
    finally:
        await venue.stop()


async def test_link_is_told_up_and_at_the_end_off(venue_type: type[FeedVenue]) -> None:
    async with opened(venue_type) as (_, heard):
        assert heard.links[-1][0] is LinkState.UP
    assert LinkState.OFF in [state for state, _ in heard.links]


async def test_what_is_subscribed_is_quoted_and_nothing_else(venue_type: type[FeedVenue]) -> None:
    async with opened(venue_type) as (venue, heard):
        await venue.feed.subscribe(ES)
        await venue.move()
        await venue.move()
        assert heard.of(ES)
        assert {quote.instrument_id for quote in heard.quotes} == {ES.instrument_id}


async def test_quotes_are_exact_two_sided_and_of_the_feeds_own_kind(venue_type: type[FeedVenue]) -> None:
    async with opened(venue_type) as (venue, heard):
        await venue.feed.subscribe(ES)
        await venue.move()
        await venue.move()
        quote = heard.of(ES)[-1]
        assert quote.is_two_sided
        assert not quote.is_crossed
        assert isinstance(quote.bid, Decimal)
        assert ES.is_on_tick(quote.bid)
        assert quote.kind is venue.feed.kind
        assert quote.at.utcoffset() == timedelta(0)


async def test_subscribing_twice_is_harmless(venue_type: type[FeedVenue]) -> None:
    async with opened(venue_type) as (venue, heard):
        for _ in range(2):
            await venue.feed.subscribe(ES)
        await venue.move()
        await venue.move()
        told = heard.of(ES)
        assert len(told) == len({_figures(quote) for quote in told}), "each is told once"


async def test_unsubscribed_instrument_falls_silent_and_the_others_go_on(venue_type: type[FeedVenue]) -> None:
    async with opened(venue_type) as (venue, heard):
        await venue.feed.subscribe(ES)
        await venue.feed.subscribe(venue.other)
        await venue.move()
        await venue.feed.unsubscribe(venue.other)
        others, futures = len(heard.of(venue.other)), len(heard.of(ES))
        await venue.move()
        assert len(heard.of(venue.other)) == others
        assert len(heard.of(ES)) > futures


async def test_unsubscribed_instrument_can_be_subscribed_again(venue_type: type[FeedVenue]) -> None:
    async with opened(venue_type) as (venue, heard):
        await venue.feed.subscribe(ES)
        await venue.move()
        await venue.feed.unsubscribe(ES)
        await venue.feed.subscribe(ES)
        before = len(heard.of(ES))
        await venue.move()
        assert len(heard.of(ES)) > before


async def test_trades_have_a_price_on_the_tick_and_a_size(venue_type: type[FeedVenue]) -> None:
    async with opened(venue_type) as (venue, heard):
        await venue.feed.subscribe(ES)
        await venue.move()
        await venue.move()
        assert heard.prints
        assert all(ES.is_on_tick(trade.price) and trade.size > 0 for trade in heard.prints)


async def test_living_stream_proves_it_without_a_new_price(venue_type: type[FeedVenue]) -> None:
    async with opened(venue_type) as (venue, heard):
        await venue.feed.subscribe(ES)
        await venue.move()
        beats = heard.beats
        await venue.rest()
        assert heard.beats > beats


async def test_closed_feed_says_nothing_more(venue_type: type[FeedVenue]) -> None:
    async with opened(venue_type) as (venue, heard):
        await venue.feed.subscribe(ES)
        await venue.move()
        await venue.feed.close()
        told = len(heard.quotes) + len(heard.prints)
        await venue.move()
        assert len(heard.quotes) + len(heard.prints) == told


def _figures(quote: Quote) -> tuple[object, ...]:
    return quote.at, quote.bid, quote.bid_size, quote.ask, quote.ask_size, quote.last
