"""A dense simulated day: one virtual hour, 400 messages, ten contracts, and everything that can go wrong on the way."""

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from time import perf_counter

from tests.sim.checker import Checker, DayResult
from tests.sim.clock import SimClock
from tests.sim.disk import Files, empty_database
from tests.sim.invariants import LossWatch, leaks, stray_accounts
from tests.sim.plans import GONE_BY, DayPlan
from tests.sim.program import HUB, Program, Witness, sim_settings
from tests.sim.venue import LIVE_ACCOUNT, SIM, TOKEN, Venue
from tests.sim.world import NAMES, OPTIONS, Market, Rooms
from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.memory_watermark import MemoryWatermark
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.instruments import AssetClass
from tradestream_gui.domain.orders import MANUAL, Order, OrderRole, OrdType, Side, TimeInForce
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.logs import Redactor
from tradestream_gui.trading.unlock_test import UnlockStage

QUIET_S, STILL_S = 75.0, 15.0
"""Without faults until everything is at rest; at the very end the prices stand still too."""
LOOK_S = 1.0
PERSON_S = 25.0
"""How long an account stays closed until the person at the screen has read why and opens it again."""
FORGETS, TOLD_FOR = 0.5, timedelta(minutes=2)
"""How often a broker, asked after a death, tells no execution any more that is older."""
OSI_ROOT = 6
"""Longer ids are those of options."""


class Day:
    """The stage of one day: the world, the exchange, and one life of the program after the other."""

    def __init__(self, plan: DayPlan, folder: Path) -> None:
        self.plan = plan
        self.folder = folder
        self.random = Random(plan.seed)
        self.clock = SimClock(plan.opening)
        self.fired: Counter[str] = Counter()
        self.figures: Counter[str] = Counter()
        self.witness = Witness()
        self.venue = Venue(self.clock, Random(plan.seed + 1), plan.character, self.fired)
        self.venues = [self.venue]
        if plan.beside is not None:
            self.venues.append(Venue(self.clock, Random(plan.seed + 4), plan.beside, self.fired, LIVE_ACCOUNT))
        self.market = Market(self.clock, Random(plan.seed + 2), self.venues, self._sink)
        self.rooms = Rooms(self.clock, Random(plan.seed + 3), self.market, self.venue)
        self.checkers = [self._checker(venue) for venue in self.venues]
        self.checker = self.checkers[0]
        self.watermark = MemoryWatermark()
        self.memory = Random(plan.seed + 5)
        self.redactor = Redactor()
        self.redactor.learn([TOKEN])
        self.databases = [self._files(venue) for venue in self.venues]
        limits = () if plan.loss_limit is None else (("daily_loss_limit", str(plan.loss_limit)),)
        self.settings = sim_settings(limits, with_live=plan.beside is not None)
        self.program: Program | None = None
        self.closed_since_s: dict[AccountId, float] = {}
        self.is_over = False
        self.wants_crash = False
        self.has_shown_enough: Callable[[], bool] = lambda: False
        """Ends the day at once: for a bug that was planted, and has been seen."""

    def _checker(self, venue: Venue) -> Checker:
        instruments = {one.instrument_id: one for one in self.market.instruments.values()}
        loss = LossWatch(self.plan.loss_limit, venue.exchange, instruments)
        checker = Checker(self.clock, venue, self.witness, loss)
        gone_by_s = (GONE_BY - self.plan.opening).total_seconds()
        checker.must_be_gone = {
            one.instrument_id: gone_by_s for one in instruments.values() if one.expiry == GONE_BY.date()
        }
        venue.on_change = lambda: checker.look(self.program)
        return checker

    def _files(self, venue: Venue) -> Files:
        danger = Danger.LIVE if venue.account.kind.is_guarded else Danger.PAPER
        shutil.copy(empty_database(danger), self.folder / empty_database(danger).name)
        return Files(self.folder, self.clock.now, b"abcd" if danger is Danger.PAPER else b"wxyz", danger)

    def _sink(self) -> object:
        return self.program.feed.sink if self.program is not None and self.program.is_up else None

    # -- lives -----------------------------------------------------------------------------------------------

    async def open(self) -> None:
        program = Program(
            self.clock, self.databases[0], self.venue, Random(self.random.random()), self.witness, self.settings,
            self.watermark, self._before_place, (self.venues[1], self.databases[1]) if self.plan.beside else None,
            self.redactor.clean,
        )  # fmt: skip
        self.program = program
        await self.clock.do(program.start(tuple(self.market.instruments.values())))
        for root in NAMES:
            self.market.say(root)

    def _before_place(self, program: Program, venue: Venue, order: Order) -> None:
        self.checkers[self.venues.index(venue)].before_place(program, order)

    async def crash(self, away_s: float) -> None:
        """The process is gone at once; the exchange lives on; what was posted meanwhile comes as backfill."""
        assert self.program is not None
        self.venue.fault("program killed")
        since_s = self.clock.elapsed_s - 30.0
        await self.program.die()
        self.program = None
        await self.clock.run(away_s)
        if self.memory.random() < FORGETS:
            self.venue.fault("executions forgotten")
            self.venue.exchange.forget_executions(self.clock.now() - TOLD_FOR)
        await self.open()
        for message in self.rooms.missed(since_s):
            self.program.core.alerts.on_message(message)

    # -- the day ---------------------------------------------------------------------------------------------

    async def run(self) -> None:
        self.market.start()
        await self.open()
        for venue in self.venues:
            venue.rates = self.plan.rates
        for _ in range(self.plan.messages):
            self.clock.call_later(self.random.uniform(5, self.plan.length_s), self._post)
        for _ in range(self.plan.incidents):
            self.clock.call_later(self.random.uniform(20, self.plan.length_s), self._incident)
        if self.plan.permanent:
            self._permanent_fault()
        self._look()
        self._person()
        while self.clock.elapsed_s < self.plan.length_s:
            await self.clock.run_until_s(self.plan.length_s, lambda: self.wants_crash or self.has_shown_enough())
            if self.has_shown_enough():
                return await self.program.die()  # type: ignore[union-attr]  # a life shows what is wrong
            if self.wants_crash:
                self.wants_crash = False
                await self.crash(self.random.choice((0.5, 3.0, 20.0)))
        self.is_over = True
        for venue in self.venues:
            venue.calm()
        self.market.is_silent = False
        await self.clock.run(QUIET_S)
        self.market.stands_still = True
        await self.clock.run(STILL_S)
        assert self.program is not None
        await self.clock.do(self.program.core.journal.flush())
        self.finish()
        await self.clock.do(self.program.close())
        self.checker.problems += leaks(self.folder, self.witness.words, TOKEN)

    def finish(self) -> None:
        """What only the end shows, of each account and of the files."""
        assert self.program is not None
        for checker in self.checkers:
            checker.finish(self.program, self.rooms.log)
        self.checker.problems += self.witness.failures
        self.checker.problems += stray_accounts(self.venues, self.databases)
        for files in self.databases:
            self.checker.problems += files.broken_chain()

    @property
    def problems(self) -> list[str]:
        return [words for checker in self.checkers for words in checker.problems]

    def _post(self) -> None:
        if self.is_over:
            return
        posted = self.rooms.next()
        self.figures[f"messages: {posted.kind}"] += 1
        if self.program is not None and self.program.is_up:
            self.program.core.alerts.on_message(posted.message)

    def _look(self) -> None:
        for checker in self.checkers:
            checker.look(self.program)
        self.clock.call_later(LOOK_S, self._look)

    def _person(self) -> None:
        """Opens an account again a while after it closed, as somebody who has read why would."""
        self.clock.call_later(1.0, self._person)
        if self.program is None or not self.program.is_up:
            return
        for venue in self.venues:
            self._look_at(self.program, venue.account.account_id)

    def _look_at(self, program: Program, account_id: AccountId) -> None:
        accounts = program.core.accounts
        state = accounts.state(account_id)
        self.figures["seconds open"] += accounts.may_open(account_id)
        if state.trading_state not in (TradingState.REDUCING, TradingState.HALTED, TradingState.LOCKED):
            self.closed_since_s.pop(account_id, None)
        elif account_id not in self.closed_since_s:
            self.closed_since_s[account_id] = self.clock.elapsed_s
            self.figures[f"closed: {state.trading_state.value}"] += 1
            return
        has_read = self.clock.elapsed_s - self.closed_since_s.get(account_id, float("inf")) > PERSON_S
        if has_read and state.locked_until is None and not self.is_over:
            self._open_again(program, account_id)

    def _open_again(self, program: Program, account_id: AccountId) -> None:
        """A live account needs its test and its sentence; a lock to the end of the day is opened by nobody."""
        core = program.core
        account = core.accounts.account(account_id)
        if not core.entry_lock.open(account_id, account.entry_sentence):
            self.figures[f"opened by hand: {account.kind.value}"] += 1
        elif core.entry_lock.test.result(account_id).stage is not UnlockStage.RUNNING:
            root = self.random.choice([name for name in NAMES if name not in OPTIONS])
            core.entry_lock.test.request(account_id, self.market.instruments[root])

    # -- incidents -------------------------------------------------------------------------------------------

    def _incident(self) -> None:
        if self.is_over or self.program is None or not self.program.is_up:
            return
        incident = self.random.choice(INCIDENTS)
        if incident is Day.phone and self.plan.loss_limit is not None:
            incident = Day.by_hand  # whose loss a trade by another road is, the ledger does not tell
        incident(self)

    def _some(self) -> Venue:
        return self.venues[0] if len(self.venues) == 1 else self.random.choice(self.venues)

    def break_link(self) -> None:
        venue = self._some()
        if not venue.is_down:
            venue.disconnect(self.random.choice((0.2, 2.0, 8.0, 45.0)))

    def freeze(self) -> None:
        venue = self._some()
        if not venue.is_frozen:
            venue.freeze(self.random.choice((1.0, 4.0, 12.0)))

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
        root = self.random.choice(NAMES)
        self.market.move(root, self.random.choice((-60, -30, 30, 60)) * self.market.instruments[root].tick_size)

    def pull_stop(self) -> None:
        venue = self._some()
        stops = [order for order in venue.exchange.live_orders() if order.role is OrderRole.STOP]
        if stops:
            venue.fault("stop cancelled by the broker")
            venue.exchange.pull(self.random.choice(stops), self.clock.now(), "cancelled by the exchange")
            venue.tell()

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
            root = self.random.choice(NAMES)
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
        venue, root = self._some(), self.random.choice(NAMES)
        instrument = self.market.instruments[root]
        held = venue.exchange.positions(self.clock.now()).get(instrument.instrument_id, 0)
        side = Side.SELL if held < 0 and instrument.asset_class is not AssetClass.OPTION else Side.BUY
        stop = self.market.mid[root] - side.sign * self.random.randint(10, 40) * instrument.tick_size
        ticket = EntryTicket(
            account_id=venue.account.account_id, instrument_id=instrument.instrument_id, side=side,
            ord_type=OrdType.LIMIT if instrument.asset_class is AssetClass.OPTION else OrdType.MARKET,
            limit_price=self.market.mid[root] + instrument.tick_size if root in OPTIONS else None,
            order_qty=self.random.randint(1, 4), time_in_force=TimeInForce.DAY, origin=MANUAL, protective_stop=stop,
        )  # fmt: skip
        self.fired["entry by hand"] += 1
        self.program.tasks.spawn(self._enter(self.program, ticket), "by hand")

    async def _enter(self, program: Program, ticket: EntryTicket) -> None:
        await program.core.entries.enter(ticket)

    def close_by_hand(self) -> None:
        assert self.program is not None
        core = self.program.core
        lots = [lot for lot in core.lots.open_lots() if core.exits.plan(lot.lot_id) is not None]
        if lots:
            lot = self.random.choice(lots)
            self.fired["close by hand"] += 1
            core.exits.close(lot.lot_id, self.random.randint(1, lot.open_qty), "closed by hand")

    def library_quotes_the_token(self) -> None:
        """The worst that an adapter's library does: it fails, and its error names what it was logged in with."""
        assert self.program is not None
        self.fired["library quotes the token"] += 1
        self.program.tasks.spawn(_handshake(), HUB)

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
    Day.close_by_hand, Day.close_by_hand, Day.library_quotes_the_token,
)  # fmt: skip


async def _handshake() -> None:
    raise RuntimeError(f"handshake of wss://hub.example/?access_token={TOKEN} was refused")


async def live_through(plan: DayPlan, prepare: Callable[[Day], None] = lambda day: None) -> DayResult:
    """One day from its plan; the same plan gives the same day."""
    began = perf_counter()
    with tempfile.TemporaryDirectory(prefix="day-") as name:
        day = Day(plan, Path(name))
        prepare(day)
        await day.run()
    for venue in day.venues:
        exchange = venue.exchange
        entries = [order for order in exchange.orders if order.role is OrderRole.ENTRY]
        day.figures["entries at the broker"] += len(entries)
        day.figures["entries in options"] += sum(len(order.instrument_id) > OSI_ROOT for order in entries)
        day.figures[f"entries: {venue.account.kind.value}"] += len(entries)
        day.figures["orders at the broker"] += len(exchange.orders)
        day.figures["fills"] += len(exchange.deals)
    day.figures["days locked at their loss limit"] += len(day.witness.day_locked)
    day.figures["timers"] += day.clock.fired
    return DayResult(
        plan.seed, plan.character.name, day.problems, day.fired, day.figures,
        max(checker.worst_bare_s for checker in day.checkers),
        max(checker.worst_bare_calm_s for checker in day.checkers), perf_counter() - began,
    )  # fmt: skip


def simulate(plan: DayPlan) -> DayResult:
    return asyncio.run(live_through(plan))
