"""A state machine over the real core: hypothesis chooses what happens next, the checker looks after each step."""

import asyncio
import logging
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.sim.day import Day
from tests.sim.plans import AFTERNOON, DAY_LOSS, DayPlan
from tests.sim.venue import CALM, PERSONALITIES, ROUGH
from tests.sim.world import OPTIONS, ROOTS
from tradestream_gui.core import Core
from tradestream_gui.domain.exits import ExitPlan
from tradestream_gui.domain.orders import OrderRole

FEW = (*tuple(ROOTS)[:2], next(iter(OPTIONS)))
taken: Counter[str] = Counter()
"""How often each rule was taken, over all runs of this process."""


class OrdersMachine(RuleBasedStateMachine):
    """Each example is a day of its own; the clock stands between the rules."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory(prefix="machine-")
        self.seed = 0
        self.day: Day | None = None

    def _do(self, work: Any) -> None:
        self.loop.run_until_complete(work)

    def _open(self) -> Day:
        if self.day is None:
            character = PERSONALITIES[self.seed % len(PERSONALITIES)]
            plan = DayPlan(
                self.seed, character, CALM, opening=AFTERNOON, loss_limit=DAY_LOSS if self.seed % 16 > 11 else None,
                beside=PERSONALITIES[self.seed // 8] if self.seed >= 48 else None,
            )  # fmt: skip
            self.day = Day(plan, Path(self.folder.name))
            self._do(self.day.open())
        return self.day

    def _step(self, name: str, act: Callable[[Day], object] = lambda day: None, seconds: float = 0.2) -> Day:
        """Lets time pass, then acts on the loop."""
        taken[name] += 1
        day = self._open()

        async def step() -> None:
            await day.clock.run(seconds)
            act(day)

        self._do(step())
        return day

    @rule(number=st.integers(0, 63))
    def choose_broker(self, number: int) -> None:
        if self.day is None:
            self.seed = number
        self._step("choose broker")

    @rule()
    def message(self) -> None:
        self._step("message", Day._post)

    @rule()
    def two_messages_at_once(self) -> None:
        self._step("two messages", Day._post)
        self._step("two messages", Day._post, 0.0)

    @rule(root=st.sampled_from(FEW), ticks=st.integers(-40, 40))
    def price_moves(self, root: str, ticks: int) -> None:
        self._step("price", lambda day: day.market.move(root, ticks * day.market.instruments[root].tick_size))

    @rule()
    def the_library_quotes_its_token(self) -> None:
        self._step("token", Day.library_quotes_the_token)

    @rule(seconds=st.sampled_from((0.02, 0.5, 3.0, 12.0)))
    def time_passes(self, seconds: float) -> None:
        self._step("time", seconds=seconds)

    @rule()
    def wire_gets_rough(self) -> None:
        for venue in self._step("rough").venues:
            venue.rates = ROUGH

    @rule()
    def wire_gets_calm(self) -> None:
        for venue in self._step("calm").venues:
            venue.rates = CALM

    @rule()
    def link_breaks(self) -> None:
        self._step("link", Day.break_link)

    @rule()
    def exchange_freezes(self) -> None:
        self._step("freeze", Day.freeze)

    @rule()
    def process_dies(self) -> None:
        day = self._step("death")
        self._do(day.crash(0.5))

    @rule()
    def disk_stalls(self) -> None:
        self._step("disk", Day.stall_disk)

    @rule()
    def feed_falls_silent(self) -> None:
        self._step("feed", Day.silence_feed)

    @rule()
    def broker_takes_a_stop(self) -> None:
        self._step("stop pulled", Day.pull_stop)

    @rule()
    def somebody_phones(self) -> None:
        self._step("phone", Day.phone)

    @rule()
    def kill_is_pressed(self) -> None:
        self._step("kill", Day.kill_switch)

    @rule()
    def kill_is_held(self) -> None:
        self._step("kill held", Day.flatten)

    @rule()
    def person_opens_again(self) -> None:
        self._step("opened again", _open_again)

    @rule()
    def hand_enters(self) -> None:
        self._step("by hand", Day.by_hand)

    @rule()
    def hand_closes(self) -> None:
        self._step("close by hand", Day.close_by_hand)

    @rule()
    def hand_moves_a_stop(self) -> None:
        self._step("stop moved", _move_stop)

    @rule()
    def hand_moves_to_break_even(self) -> None:
        self._step("break-even", lambda day: [_core(day).exits.move_to_break_even(plan.lot_id) for plan in _plans(day)])

    @rule()
    def hand_takes_targets_away(self) -> None:
        self._step("targets gone", lambda day: [_core(day).exits.set_targets(plan.lot_id, ()) for plan in _plans(day)])

    @rule()
    def hand_cancels_entries(self) -> None:
        self._step("entries cancelled", _cancel_entries)

    @rule()
    def program_ends_and_starts(self) -> None:
        day = self._step("restart")
        since_s = day.clock.elapsed_s - 30.0
        assert day.program is not None
        self._do(day.clock.do(day.program.close()))
        day.program = None
        self._do(day.open())
        self._step("restart", lambda day: [_core(day).alerts.on_message(one) for one in day.rooms.missed(since_s)])

    @rule()
    def reconnects_at_once(self) -> None:
        self._step("short break", lambda day: day.venue.is_down or day.venue.disconnect(0.05))

    @invariant()
    def nothing_is_wrong(self) -> None:
        if self.day is not None:
            for checker in self.day.checkers:
                checker.look(self.day.program)
            assert not self.day.problems, self.day.problems

    def teardown(self) -> None:
        try:
            if self.day is not None and not self.day.problems:
                self._do(self._rest(self.day))
                assert not self.day.problems, self.day.problems
        finally:
            if self.day is not None and self.day.program is not None and self.day.program.is_up:
                self._do(self.day.program.die())
            self.loop.close()
            self.folder.cleanup()

    async def _rest(self, day: Day) -> None:
        """Faults end, a minute later everything must be at rest; then the program ends."""
        day.is_over = True
        for venue in day.venues:
            venue.calm()
        day.market.is_silent = False
        await day.clock.run(60)
        assert day.program is not None
        await day.clock.do(day.program.core.journal.flush())
        day.finish()
        await day.clock.do(day.program.close())


def _open_again(day: Day) -> None:
    assert day.program is not None
    for account in _core(day).accounts.accounts():
        if _core(day).accounts.state(account.account_id).locked_until is None:
            day._open_again(day.program, account.account_id)


def _core(day: Day) -> Core:
    assert day.program is not None
    return day.program.core


def _plans(day: Day) -> list[ExitPlan]:
    """The plan of the oldest open lot."""
    core = _core(day)
    plans = [core.exits.plan(lot.lot_id) for lot in core.lots.open_lots()]
    return [plan for plan in plans if plan is not None][:1]


def _move_stop(day: Day) -> None:
    core = _core(day)
    for plan in _plans(day):
        if plan.stop_price is not None:
            tick = core.market.instrument(plan.instrument_id).tick_size
            core.exits.move_stop(plan.lot_id, plan.stop_price - plan.side.sign * tick)


def _cancel_entries(day: Day) -> None:
    for order in _core(day).blotter.open_orders(role=OrderRole.ENTRY):
        _core(day).order_desk.request_cancel(order, "cancelled by hand")


STEPS_OF_ONE = 100
MAX_TURNS = 1_000


def run_machine(steps: int, *, first: int = 0) -> int:
    """Takes at least so many steps, the same for the same `first`; answers how many were taken."""
    before = sum(taken.values())
    logging.disable(logging.ERROR)
    try:
        for turn in range(MAX_TURNS):
            left = steps - (sum(taken.values()) - before)
            if left <= 0:
                break
            _run(left, first * MAX_TURNS + turn)
    finally:
        logging.disable(logging.NOTSET)
    return sum(taken.values()) - before


def _run(steps: int, number: int) -> None:
    run_state_machine_as_test(
        seed(number)(OrdersMachine),
        settings=settings(
            max_examples=-(-steps // STEPS_OF_ONE), stateful_step_count=STEPS_OF_ONE, deadline=None, database=None,
            phases=(Phase.generate, Phase.shrink), suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
