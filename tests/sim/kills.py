"""KILL held under load at every kind of broker: how long until flat, and whether anything was turned round."""

import asyncio
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.sim.day import Day
from tests.sim.plans import DayPlan
from tests.sim.venue import CALM, PERSONALITIES, FaultRates
from tradestream_gui.domain.orders import OrderRole

LOAD_S = 60.0
MESSAGES = 40
LOOK_S = 0.1
GRACE_S = 12.0
ROUGH = FaultRates(place=0.05, change=0.05, report=0.02, question=0.02)


@dataclass(frozen=True, slots=True)
class KillRun:
    """One held KILL: seconds until the broker held nothing of ours, and what went wrong."""

    seed: int
    personality: str
    open_before: int
    flat_s: float
    problems: list[str]


def kill_runs(seeds: Iterable[int]) -> list[KillRun]:
    return [asyncio.run(kill_run(seed)) for seed in seeds]


async def kill_run(seed: int) -> KillRun:
    """A minute of dense trading on a wire with faults; from the press on the wire is sound, as the 5 s assume."""
    character = PERSONALITIES[seed % len(PERSONALITIES)]
    plan = DayPlan(seed, character, ROUGH, length_s=LOAD_S, messages=MESSAGES, incidents=0)
    with tempfile.TemporaryDirectory(prefix="kill-") as name:
        day = Day(plan, Path(name))
        await _load(day)
        day.venue.rates = CALM
        await day.clock.run(GRACE_S)
        for _ in range(5):
            day._post()
        await day.clock.run(day.random.uniform(0.0, 0.5))
        before = _held(day)
        pressed_s = day.clock.elapsed_s
        day.flatten()
        for _ in range(5):
            day._post()
        flat_s = await _until_flat(day, pressed_s)
        await day.clock.run(5.0)
        problems = list(day.checker.problems)
        late = [
            order for at_s, order in day.venue.sent if at_s > pressed_s and order.role is OrderRole.ENTRY
        ]
        problems += [f"the entry {order.cl_ord_id} left after the press" for order in late]
        if _held(day):
            problems.append(f"not flat 5 s after it was flat: {day.venue.exchange.positions(day.clock.now())}")
        assert day.program is not None
        await day.program.die()
    if flat_s > FLAT_WITHIN_S:
        problems.append(f"flat only after {flat_s:.1f} s")
    words = [f"flatten {seed} ({character.name}): {problem}" for problem in problems]
    return KillRun(seed, character.name, before, flat_s, words)


FLAT_WITHIN_S = 5.0


async def _load(day: Day) -> None:
    day.market.start()
    await day.open()
    day.venue.rates = day.plan.rates
    for _ in range(day.plan.messages):
        day.clock.call_later(day.random.uniform(2, LOAD_S), day._post)
    day._look()
    await day.clock.run(LOAD_S)


async def _until_flat(day: Day, pressed_s: float) -> float:
    while _held(day) and day.clock.elapsed_s < pressed_s + 60:
        await day.clock.run(LOOK_S)
    return day.clock.elapsed_s - pressed_s


def _held(day: Day) -> int:
    return sum(abs(qty) for qty in day.venue.exchange.positions(day.clock.now()).values())
