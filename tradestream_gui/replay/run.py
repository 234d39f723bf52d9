"""Drives a core through history: time runs where something happens and leaps where nothing does."""

from collections.abc import Awaitable, Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Protocol

from tradestream_gui.core import Core
from tradestream_gui.domain.orders import OrderRole
from tradestream_gui.domain.sessions import NEW_YORK
from tradestream_gui.replay.recorder import ReplayRecorder
from tradestream_gui.replay.results import ReplayResult
from tradestream_gui.replay.stretches import Stretch, bells

SETTLED_AFTER = timedelta(seconds=15)
"""After the last moment of a stretch everything is decided, answered and protected by then; only a resting entry
waits longer."""


class HistoryClock(Protocol):
    """A virtual clock: `run_until` lives through every second, `leap_to` crosses time as a machine that sleeps."""

    def now(self) -> datetime: ...

    async def run_until(self, until: datetime) -> None: ...

    async def leap_to(self, at: datetime) -> None: ...


class Stage(Protocol):
    """A core that was made for one history, ready to start; nothing of it outlives `close`."""

    @property
    def core(self) -> Core: ...

    @property
    def clock(self) -> HistoryClock: ...

    async def start(self) -> None: ...

    async def close(self) -> None: ...


CoreFactory = Callable[[], Awaitable[Stage]]


async def replay(make: CoreFactory, stretches: Iterable[Stretch]) -> ReplayResult:
    """Makes a core, plays the whole history through it and answers what came of it; the core is closed then."""
    stage = await make()
    recorder = ReplayRecorder(stage.core)
    try:
        await stage.start()
        await play(stage.core, stage.clock, stretches)
        return recorder.result()
    finally:
        await stage.close()


async def play(
    core: Core,
    clock: HistoryClock,
    stretches: Iterable[Stretch],
    on_arrival: Callable[[Core], Awaitable[None]] | None = None,
) -> None:
    """Plays the stretches in their order. Between two of them the bells are played too while anything is held;
    `on_arrival` is called when a stretch of a later date begins."""
    for stretch in stretches:
        before = _new_york_day(clock.now())
        await _cross(core, clock, stretch.start)
        if on_arrival is not None and _new_york_day(clock.now()) != before:
            await on_arrival(core)
        await clock.run_until(min(stretch.newest + SETTLED_AFTER, stretch.end))
        if any(order.role is OrderRole.ENTRY for order in core.blotter.open_orders()):
            await clock.run_until(stretch.end)


async def watch_what_counts(core: Core) -> None:
    """Lets go of prices that nobody needs on a new date; watches what is held, worked, and on the watchlist now."""
    listed = (core.reference.resolve(symbol, core.clock.now()) for symbol in core.settings.current.market.watchlist)
    watched = [instrument for instrument in listed if instrument is not None]
    open_ids = [lot.instrument_id for lot in core.lots.open_lots()]
    open_ids += [order.instrument_id for order in core.blotter.open_orders()]
    needed = {str(instrument.instrument_id) for instrument in watched}
    for instrument in map(core.market.instrument, open_ids):
        needed |= {str(instrument.instrument_id), instrument.root}
    for instrument in core.subscriptions.instruments():
        if instrument.instrument_id not in needed:
            await core.subscriptions.unsubscribe(instrument)
    for instrument in watched:
        await core.subscriptions.subscribe(instrument)


async def _cross(core: Core, clock: HistoryClock, to: datetime) -> None:
    """Leaps to the next stretch; what is open lives through the bells of this day and of its own last day."""
    for bell in _bells_between(core, clock.now(), to):
        if not _anything_open(core):
            break
        if bell.start > clock.now():
            await clock.leap_to(bell.start)
        await clock.run_until(min(bell.end, to))
    if to > clock.now():
        await clock.leap_to(to)


def _bells_between(core: Core, now: datetime, to: datetime) -> Iterator[Stretch]:
    for day in sorted({_new_york_day(now), *_last_days(core)}):
        for bell in bells(core.reference.calendar, day):
            if now <= bell.start and bell.end <= to:
                yield bell


def _new_york_day(at: datetime) -> date:
    return at.astimezone(NEW_YORK).date()


def _last_days(core: Core) -> set[date]:
    held = (core.market.instrument(lot.instrument_id) for lot in core.lots.open_lots())
    return {instrument.expiry for instrument in held if instrument.expiry is not None}


def _anything_open(core: Core) -> bool:
    return bool(core.lots.open_lots() or core.blotter.open_orders())
