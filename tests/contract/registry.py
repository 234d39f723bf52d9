"""Every broker that keeps to the contract; a new adapter adds its venue here and is finished when all is green."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.contract.ibkr_venue import IbkrVenue
from tests.contract.paper_venue import PaperVenue
from tests.contract.projectx_venue import ProjectXVenue
from tests.contract.venues import Fault, Venue

VENUES: dict[str, type[Venue]] = {"ibkr": IbkrVenue, "paper": PaperVenue, "projectx": ProjectXVenue}


def every_venue() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("venue_type", [pytest.param(VENUES[name], id=name) for name in sorted(VENUES)])


def venues_that_play(fault: Fault) -> pytest.MarkDecorator:
    playing = [name for name in sorted(VENUES) if fault not in VENUES[name].left_out]
    return pytest.mark.parametrize("venue_type", [pytest.param(VENUES[name], id=name) for name in playing])


@asynccontextmanager
async def opened(venue_type: type[Venue]) -> AsyncIterator[Venue]:
    """A connected venue with a market, closed at the end. Whatever the case was about: nothing was sent twice."""
    venue = venue_type()
    try:
        await venue.start()
        await venue.price("6326.00", "6326.25", last="6326.25")
        yield venue
        ids = await venue.client_ids_there()
        assert len(ids) == len(set(ids)), f"an order stands there twice: {ids}"
    finally:
        await venue.stop()
