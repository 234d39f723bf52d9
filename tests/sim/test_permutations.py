"""Canonical trades in every order in which their events can arrive: each ends alike, and no rule breaks on the way."""

import logging
from collections.abc import Iterator

import pytest

from tests.sim.canonical import TRADES, Trade, every_order
from tests.sim.play import FREE


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("trade", TRADES, ids=lambda trade: trade.name)
async def test_every_order_of_its_events_ends_alike(trade: Trade) -> None:
    ends: dict[object, list[str]] = {}
    problems = []
    async for play in every_order(trade):
        ends.setdefault(play.end(), play.told)
        problems += [f"{problem} in {play.told}" for problem in play.problems]
        assert len(play.told) <= FREE + 1
    assert problems == []
    assert len(ends) == 1, "\n".join(f"{told}: {end}" for end, told in ends.items())
