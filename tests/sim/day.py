"""A dense simulated day: one virtual hour, 400 messages, ten contracts, and everything that can go wrong on the way."""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random
from time import perf_counter

from tests.sim.checker import Checker, DayResult
from tests.sim.clock import SimClock
from tests.sim.disk import Files
from tests.sim.program import Program, Witness, sim_settings
from tests.sim.venue import PERSONALITIES, ROUGH, SIM, FaultRates, Personality, Venue
from tests.sim.world import ROOTS, Market, Rooms
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.memory_watermark import MemoryWatermark
from tradestream_gui.adapters.storage.store import Store
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.orders import MANUAL, OrderRole, OrdType, Side, TimeInForce
from tradestream_gui.domain.tickets import EntryTicket

OPENING = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
HOUR_S = 3600.0
MESSAGES = 400
QUIET_S, STILL_S = 75.0, 15.0
"""Without faults until everything is at rest; at the very end the prices stand still too."""
LOOK_S = 1.0
PERSON_S = 25.0
"""How long an account stays closed until the person at the screen has read why and opens it again."""


@dataclass(frozen=True, slots=True)
class DayPlan:
    """What the seed decides before the day begins."""

    seed: int
    character: Personality
    rates: FaultRates = ROUGH
    length_s: float = HOUR_S
    messages: int = MESSAGES
    incidents: int = 32
    permanent: bool = False
    """Liveness: one fault stays for the whole day until the quiet at its end."""


def plan_of(seed: int, *, length_s: float = HOUR_S, messages: int = MESSAGES) -> DayPlan:
    character = PERSONALITIES[seed % len(PERSONALITIES)]
    return DayPlan(seed, character, length_s=length_s, messages=messages, permanent=seed % 5 == 4)


@cache
def empty_database() -> Path:
    """A migrated database without a row, made once in a process."""
    folder = Path(tempfile.mkdtemp(prefix="sim-"))
    store = Store.open(folder / "paper.db", Danger.PAPER, lambda: OPENING, lambda: "AAAA")
    store.close()
    return folder / "paper.db"


class Day:
    """The stage of one day: the world, the exchange, and one life of the program after the other."""

    def __init__(self, plan: DayPlan, folder: Path) -> None:
        self.plan = plan
        self.random = Random(plan.seed)
        self.clock = SimClock(OPENING)
        self.fired: Counter[str] = Counter()
        self.figures: Counter[str] = Counter()
        self.witness = Witness([], [], [])
        self.venue = Venue(self.clock, Random(plan.seed + 1), plan.character, self.fired)
        self.market = Market(self.clock, Random(plan.seed + 2), self.venue, self._sink)
        self.rooms = Rooms(self.clock, Random(plan.seed + 3), self.market, self.venue)
        self.checker = Checker(self.clock, self.venue, self.witness)
        self.venue.on_change = lambda: self.checker.look(self.program)
        self.watermark = MemoryWatermark()
        shutil.copy(empty_database(), folder / "paper.db")
        self.files = Files(folder, self.clock.now, b"abcd")
        self.settings = sim_settings()
        self.program: Program | None = None
        self.closed_since_s: float | None = None
        self.is_over = False
        self.wants_crash = False

    def _sink(self) -> object:
        return self.program.feed.sink if self.program is not None and self.program.is_up else None

    # -- lives -----------------------------------------------------------------------------------------------

    async def open(self) -> None:
        program = Program(
            self.clock, self.files, self.venue, Random(self.random.random()), self.witness, self.settings,
            self.watermark, self.checker.before_place,
        )  # fmt: skip
        self.program = program
        await self.clock.do(program.start(tuple(self.market.instruments.values())))
        for root in ROOTS:
            self.market.say(root)

    async def crash(self, away_s: float) -> None:
        """The process is gone at once; the exchange lives on; what was posted meanwhile comes as backfill."""
        assert self.program is not None
        self.venue.fault("program killed")
        since_s = self.clock.elapsed_s - 30.0
        await self.program.die()
        self.program = None
        await self.clock.run(away_s)
        await self.open()
        for message in self.rooms.missed(since_s):
            self.program.core.alerts.on_message(message)

    # -- the day ---------------------------------------------------------------------------------------------

    async def run(self) -> None:
        self.market.start()
        await self.open()
        self.venue.rates = self.plan.rates
        for _ in range(self.plan.messages):
            self.clock.call_later(self.random.uniform(5, self.plan.length_s), self._post)
        for _ in range(self.plan.incidents):
            self.clock.call_later(self.random.uniform(20, self.plan.length_s), self._incident)
        if self.plan.permanent:
            self._permanent_fault()
        self._look()
        self._person()
        while self.clock.elapsed_s < self.plan.length_s:
            await self.clock.run_until_s(self.plan.length_s, lambda: self.wants_crash)
            if self.wants_crash:
                self.wants_crash = False
                await self.crash(self.random.choice((0.5, 3.0, 20.0)))
        self.is_over = True
        self.venue.calm()
        self.market.is_silent = False
        await self.clock.run(QUIET_S)
        self.market.stands_still = True
        await self.clock.run(STILL_S)
        assert self.program is not None
        self.checker.finish(self.program, self.rooms.log)
        await self.clock.do(self.program.core.journal.flush())
        self.checker.check_audit(self.program)
        await self.clock.do(self.program.close())

    def _post(self) -> None:
        if self.is_over:
            return
        posted = self.rooms.next()
        self.figures[f"messages: {posted.kind}"] += 1
        if self.program is not None and self.program.is_up:
            self.program.core.alerts.on_message(posted.message)

    def _look(self) -> None:
        self.checker.look(self.program)
        self.clock.call_later(LOOK_S, self._look)

    def _person(self) -> None:
        """Opens an account again a while after it closed, as somebody who has read why would."""
        self.clock.call_later(1.0, self._person)
        if self.program is None or not self.program.is_up:
            return
        accounts = self.program.core.accounts
        state = accounts.state(SIM)
        self.figures["seconds open"] += accounts.may_open(SIM)
        if state.trading_state not in (TradingState.REDUCING, TradingState.HALTED, TradingState.LOCKED):
            self.closed_since_s = None
        elif self.closed_since_s is None:
            self.closed_since_s = self.clock.elapsed_s
            self.figures[f"closed: {state.trading_state.value}"] += 1
        elif self.clock.elapsed_s - self.closed_since_s > PERSON_S and not self.is_over:
            self.closed_since_s = None
            accounts.release(SIM, "read and opened again")

    # -- incidents -------------------------------------------------------------------------------------------

    def _incident(self) -> None:
        if self.is_over or self.program is None or not self.program.is_up:
            return
        self.random.choice(INCIDENTS)(self)

    def break_link(self) -> None:
        if not self.venue.is_down:
            self.venue.disconnect(self.random.choice((0.2, 2.0, 8.0, 45.0)))

    def freeze(self) -> None:
        if not self.venue.is_frozen:
            self.venue.freeze(self.random.choice((1.0, 4.0, 12.0)))

    def kill_process(self) -> None:
        self.wants_crash = True

    def stall_disk(self) -> None:
        assert self.program is not None
        self.venue.fault("disk stalled")
        disk = self.program.disk
        disk.stall_s = self.random.choice((0.3, 2.0))
        self.clock.call_later(3.0, lambda: setattr(disk, "stall_s", 0.0))

    def silence_feed(self) -> None:
        self.fired["feed silent"] += 1
        self.market.is_silent = True
        self.clock.call_later(self.random.uniform(2, 20), lambda: setattr(self.market, "is_silent", False))

    def jump_price(self) -> None:
        self.fired["price jumped"] += 1
        root = self.random.choice(tuple(ROOTS))
        self.market.move(root, self.random.choice((-60, -30, 30, 60)) * self.market.instruments[root].tick_size)

    def pull_stop(self) -> None:
        stops = [order for order in self.venue.exchange.live_orders() if order.role is OrderRole.STOP]
        if stops:
            self.venue.fault("stop cancelled by the broker")
            self.venue.exchange.pull(self.random.choice(stops), self.clock.now(), "cancelled by the exchange")
            self.venue.tell()

    def cancel_amid_a_fill(self) -> None:
        """One contract fills, the exchange cancels the rest, and the end is told before the fill."""
        exchange = self.venue.exchange
        resting = [
            order for order in exchange.live_orders()
            if order.role in (OrderRole.ENTRY, OrderRole.TARGET) and order.limit_price and order.leaves_qty > 1
        ]  # fmt: skip
        if resting and not self.venue.is_frozen:
            self.venue.fault("rest cancelled, told backwards")
            order = self.random.choice(resting)
            exchange.fill_one(order, self.clock.now())
            exchange.pull(order, self.clock.now(), "the rest was cancelled by the exchange")
            self.venue.tell(backwards=True)

    def phone(self) -> None:
        held = [(name, one.ours) for name, one in self.checker._holding.items() if one.ours]
        if held and self.random.random() < 0.6:
            name, ours = self.random.choice(held)
            qty = -ours if self.random.random() < 0.5 else -(1 if ours > 0 else -1)
        else:
            root = self.random.choice(tuple(ROOTS))
            name = self.market.instruments[root].instrument_id
            qty = self.random.choice((-2, -1, 1, 2))
        self.venue.fault("traded by phone")
        self.venue.exchange.phone(SIM, name, qty, self.clock.now())
        self.venue.tell()

    def kill_switch(self) -> None:
        assert self.program is not None
        self.fired["KILL"] += 1
        self.program.core.kill.kill("the person pressed KILL")

    def kill_while_storing(self) -> None:
        """The disk is slow, orders wait for their intent, and the person presses KILL."""
        self.stall_disk()
        for _ in range(3):
            self.by_hand()
        self.clock.call_later(0.1, self._kill_if_up)

    def _kill_if_up(self) -> None:
        if self.program is not None and self.program.is_up:
            self.kill_switch()

    def flatten(self) -> None:
        assert self.program is not None
        self.fired["KILL held"] += 1
        self.program.core.kill.kill("the person held KILL")
        self.program.core.kill.flatten("the person held KILL")

    def by_hand(self) -> None:
        """The person trades too, mostly with the side that is held."""
        assert self.program is not None
        root = self.random.choice(tuple(ROOTS))
        instrument = self.market.instruments[root]
        held = self.venue.exchange.positions(self.clock.now()).get(instrument.instrument_id, 0)
        side = Side.SELL if held < 0 else Side.BUY
        stop = self.market.mid[root] - side.sign * self.random.randint(10, 40) * instrument.tick_size
        ticket = EntryTicket(
            account_id=SIM, instrument_id=instrument.instrument_id, side=side, ord_type=OrdType.MARKET,
            order_qty=self.random.randint(1, 4), time_in_force=TimeInForce.DAY, origin=MANUAL, protective_stop=stop,
        )  # fmt: skip
        self.fired["entry by hand"] += 1
        self.program.tasks.spawn(self._enter(self.program, ticket), "by hand")

    async def _enter(self, program: Program, ticket: EntryTicket) -> None:
        await program.core.entries.enter(ticket)

    def close_by_hand(self) -> None:
        assert self.program is not None
        core = self.program.core
        lots = [lot for lot in core.lots.open_lots(SIM) if core.exits.plan(lot.lot_id) is not None]
        if lots:
            lot = self.random.choice(lots)
            self.fired["close by hand"] += 1
            core.exits.close(lot.lot_id, self.random.randint(1, lot.open_qty), "closed by hand")

    def _permanent_fault(self) -> None:
        """One weakness that stays: half of all changes fail, or every list is late, or reports come in any order."""
        kind = self.random.choice(("changes", "questions", "reports"))
        self.fired[f"permanent: {kind}"] += 1
        rates = self.plan.rates
        self.venue.rates = {
            "changes": replace(rates, change=0.4),
            "questions": replace(rates, question=0.6),
            "reports": replace(rates, report=0.15),
        }[kind]


INCIDENTS: tuple[Callable[[Day], None], ...] = (
    Day.break_link, Day.break_link, Day.freeze, Day.kill_process, Day.kill_process, Day.stall_disk, Day.silence_feed,
    Day.jump_price, Day.jump_price, Day.pull_stop, Day.pull_stop, Day.cancel_amid_a_fill, Day.cancel_amid_a_fill,
    Day.phone, Day.kill_switch, Day.kill_while_storing, Day.flatten, Day.by_hand, Day.by_hand, Day.by_hand,
    Day.close_by_hand, Day.close_by_hand,
)  # fmt: skip


async def live_through(plan: DayPlan, prepare: Callable[[Day], None] = lambda day: None) -> DayResult:
    """One day from its plan; the same plan gives the same day."""
    began = perf_counter()
    with tempfile.TemporaryDirectory(prefix="day-") as name:
        day = Day(plan, Path(name))
        prepare(day)
        await day.run()
    exchange = day.venue.exchange
    day.figures["entries at the broker"] += sum(order.role is OrderRole.ENTRY for order in exchange.orders)
    day.figures["orders at the broker"] += len(exchange.orders)
    day.figures["fills"] += len(exchange.deals)
    day.figures["timers"] += day.clock.fired
    return DayResult(
        plan.seed, plan.character.name, day.checker.problems, day.fired, day.figures, day.checker.worst_bare_s,
        day.checker.worst_bare_calm_s, perf_counter() - began,
    )  # fmt: skip


def simulate(plan: DayPlan) -> DayResult:
    return asyncio.run(live_through(plan))
