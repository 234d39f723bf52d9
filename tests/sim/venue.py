"""The wire to a simulated exchange: a Broker with a character, and everything that goes wrong on it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any

from tests.sim.clock import LifeClock, SimClock
from tests.sim.exchange import Exchange, Report
from tradestream_gui.domain.accounts import Account, AccountKind, Balance, BrokerPosition
from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable
from tradestream_gui.domain.ids import AccountId, ClOrdId, OrderId
from tradestream_gui.domain.orders import Order, OrdType, TimeInForce
from tradestream_gui.domain.quotes import Quote, TradePrint
from tradestream_gui.ports.broker import BrokerCapabilities, BrokerSink, ExecutionReport, LinkState, OrderReport

NAME = "paper"
SIM = AccountId("sim")
PAPER_ACCOUNT = Account(SIM, "Sim", AccountKind.SIMULATOR, NAME)
LIVE_ACCOUNT = Account(AccountId("U7654321"), "Live", AccountKind.LIVE, "ibkr live")
TOKEN = "eyCanary/Session+7d41c0Zq"
"""What the adapter is logged in with; no file of the program may ever hold it."""
PATIENCE_S = 3.0
"""How long the adapter waits for an answer before it gives up."""


@dataclass(frozen=True, slots=True)
class Personality:
    """What kind of broker this is, faults apart."""

    name: str
    linked: bool = True
    client_ids: bool = True
    fragments: bool = False
    lag_s: float = 0.0
    reuses_ids: bool = False
    wrong_ids: bool = False
    delay_s: tuple[float, float] = (0.005, 0.04)


PERSONALITIES = (
    Personality("linked"),
    Personality("plain", linked=False),
    Personality("linked, in pieces", fragments=True),
    Personality("plain, in pieces, lagging", linked=False, fragments=True, lag_s=2.0),
    Personality("id recycler", fragments=True, reuses_ids=True),
    Personality("without client ids", linked=False, client_ids=False),
    Personality("wrong ids", linked=False, wrong_ids=True, fragments=True),
    Personality("slow and lagging", lag_s=3.0, delay_s=(0.1, 0.6)),
)


@dataclass(frozen=True, slots=True)
class FaultRates:
    """Chances of a fault: per order, per change, per report, per question."""

    place: float = 0.0
    change: float = 0.0
    report: float = 0.0
    question: float = 0.0


CALM = FaultRates()
ROUGH = FaultRates(place=0.06, change=0.04, report=0.02, question=0.05)


class Venue:
    """The far side and the wire to it; outlives every life of the program. `fired` counts each fault."""

    def __init__(
        self, clock: SimClock, random: Random, character: Personality, fired: Counter[str],
        account: Account = PAPER_ACCOUNT,
    ) -> None:  # fmt: skip
        self.clock = clock
        self.account = account
        self.random = random
        self.character = character
        self.exchange = Exchange(random, linked=character.linked, fragments=character.fragments)
        self.rates = CALM
        self.fired = fired
        self.is_down = False
        self.frozen_until_s = 0.0
        self.troubled_s = float("-inf")
        self.told_until = clock.start
        """Up to when a list of executions has told the program everything."""
        self.sent: list[tuple[float, Order]] = []
        self.on_change: Callable[[], None] = lambda: None
        self.program: SimBroker | None = None
        self._backlog: list[Callable[[], None]] = []

    @property
    def is_frozen(self) -> bool:
        return self.clock.elapsed_s < self.frozen_until_s

    def fault(self, name: str) -> None:
        self.fired[name] += 1
        self.troubled_s = self.clock.elapsed_s

    def roll(self, chance: float) -> bool:
        return chance > 0 and self.random.random() < chance

    def arrive(self, action: Callable[[], None]) -> None:
        """A command reaches the exchange, or waits there while it is frozen."""
        if self.is_frozen:
            self._backlog.append(action)
            return
        action()
        self.tell()

    def later(self, action: Callable[[], None], delay_s: float) -> None:
        self.clock.call_later(delay_s, lambda: self.arrive(action))

    def quote(self, quote: Quote) -> None:
        if not self.is_frozen and quote.bid is not None and quote.ask is not None:
            self.exchange.quote(quote.instrument_id, quote.bid, quote.ask, self.clock.now())
            self.tell()

    def tell(self, *, backwards: bool = False) -> None:
        """Sends what happened on its way, and keeps the next piece of a fill in mind."""
        reports = self.exchange.take()
        if backwards:
            reports.reverse()
        if reports:
            self.on_change()
            if self.program is not None:
                self.program.deliver(reports)
        due = self.exchange.next_due
        if due is not None:
            self.clock.call_later((due - self.clock.now()).total_seconds() + 0.001, self._run_due)

    def freeze(self, seconds: float) -> None:
        self.fault("exchange froze")
        self.frozen_until_s = self.clock.elapsed_s + seconds
        self.clock.call_later(seconds + 0.001, self._thaw)

    def disconnect(self, seconds: float) -> None:
        """The link breaks: what is on its way to the program is lost; connecting fails until `seconds` are over."""
        self.fault("link broke")
        self.is_down = True
        if self.program is not None:
            self.program.lose_link()
        self.clock.call_later(seconds, self._come_back)

    def calm(self) -> None:
        """No fault from now on; what is broken heals."""
        self.rates = CALM
        self.is_down = False
        self.frozen_until_s = 0.0
        self._thaw()

    def _come_back(self) -> None:
        self.is_down = False
        self.troubled_s = self.clock.elapsed_s
        if self.character.reuses_ids:
            self.fired["ids reused"] += 1
            self.exchange.roll_ids_back(40)

    def _thaw(self) -> None:
        if not self.is_frozen:
            backlog, self._backlog = self._backlog, []
            for action in backlog:
                action()
            self.troubled_s = self.clock.elapsed_s
            self.tell()

    def _run_due(self) -> None:
        if self.is_frozen:
            self.clock.call_later(1.0, self._run_due)
            return
        self.exchange.run_due(self.clock.now())
        self.tell()


class SimBroker:
    """The adapter of one life. `before_place` sees each order at the moment at which it leaves the program."""

    def __init__(self, venue: Venue, clock: LifeClock, before_place: Callable[[Order], None]) -> None:
        self._venue = venue
        self._clock = clock
        self._before_place = before_place
        self._sink: BrokerSink | None = None
        self._state = LinkState.OFF
        self._last_due_s = 0.0
        self._epoch = 0
        self._own: set[ClOrdId] = set()
        """What this session sent: all that an adapter without client ids can tell of."""
        self.capabilities = BrokerCapabilities(
            linked_exits=venue.character.linked, client_ids=venue.character.client_ids, replace=True,
            ord_types=frozenset(OrdType), times_in_force=frozenset(TimeInForce),
        )  # fmt: skip
        venue.program = self

    @property
    def name(self) -> str:
        return self._venue.account.broker

    # -- link ------------------------------------------------------------------------------------------------

    async def connect(self, sink: BrokerSink) -> None:
        if self._state is LinkState.UP:
            return
        await self._clock.sleep(0.05)
        if self._venue.is_down:
            self._venue.fired["connecting failed"] += 1
            raise BrokerUnreachable("nobody answers at the venue")
        self._sink = sink
        self._state = LinkState.UP
        self._venue.troubled_s = self._venue.clock.elapsed_s
        sink.on_link(self.name, LinkState.UP, "")

    async def close(self) -> None:
        self._state = LinkState.OFF

    def lose_link(self) -> None:
        self._epoch += 1
        if self._state is LinkState.UP and self._sink is not None:
            self._state = LinkState.DOWN
            self._sink.on_link(self.name, LinkState.DOWN, "connection reset")

    async def accounts(self) -> tuple[Account, ...]:
        return (self._venue.account,)

    async def create_account(self, account_id: AccountId, name: str, starting_cash: Decimal) -> None:
        raise BrokerRejected("the account is there already")

    def on_quote(self, quote: Quote) -> None:
        """The exchange has its own prices."""

    def on_print(self, trade: TradePrint) -> None:
        """The exchange has its own prices."""

    # -- commands --------------------------------------------------------------------------------------------

    async def place(self, order: Order) -> None:
        venue = self._venue
        self._before_place(order)
        venue.sent.append((venue.clock.elapsed_s, order))
        self._require_up()
        self._own.add(order.cl_ord_id)
        enter = partial(self._enter, order)
        delay_s = venue.random.uniform(*venue.character.delay_s)
        if not venue.roll(venue.rates.place):
            venue.later(enter, delay_s)
            await self._wait_while_frozen()
            return
        kind = venue.random.choice(COMMAND_FAULTS)
        venue.fault(f"place: {kind}")
        if kind == "lost before":
            raise BrokerUnreachable("connection reset before the order was written")
        if kind == "answer lost":
            venue.later(enter, delay_s)
            raise BrokerUnreachable("connection reset after the order was written")
        if kind == "arrives late":
            venue.later(enter, venue.random.uniform(0.5, 3.5))
            await self._clock.sleep(PATIENCE_S)
            raise BrokerUnreachable("no answer in time")
        if kind == "vanishes":
            return
        if kind == "refused at once":
            raise BrokerRejected("refused: no reason given")
        venue.later(partial(enter, "margin is short"), delay_s)

    def _enter(self, order: Order, refusal: str = "") -> None:
        self._venue.exchange.enter(order, self._clock.now(), refusal)

    async def cancel(self, account_id: AccountId, cl_ord_id: ClOrdId) -> None:
        await self._change(lambda refusal: self._venue.exchange.cancel(cl_ord_id, self._venue.clock.now()))

    async def replace(self, account_id: AccountId, cl_ord_id: ClOrdId, **terms: Any) -> None:
        exchange = self._venue.exchange
        await self._change(
            lambda refusal: exchange.amend(cl_ord_id, self._venue.clock.now(), refusal=refusal, **terms)
        )

    async def _change(self, act: Callable[[str], None]) -> None:
        venue = self._venue
        self._require_up()
        delay_s = venue.random.uniform(*venue.character.delay_s)
        if not venue.roll(venue.rates.change):
            venue.later(partial(act, ""), delay_s)
            await self._wait_while_frozen()
            return
        kind = venue.random.choice(COMMAND_FAULTS)
        venue.fault(f"change: {kind}")
        if kind == "lost before":
            raise BrokerUnreachable("connection reset before the request was written")
        if kind == "answer lost":
            venue.later(partial(act, ""), delay_s)
            raise BrokerUnreachable("connection reset after the request was written")
        if kind == "arrives late":
            venue.later(partial(act, ""), venue.random.uniform(0.5, 3.0))
            return
        if kind == "refused at once":
            raise BrokerRejected("too many requests")
        if kind == "refused there":
            venue.later(partial(act, "not at this moment"), delay_s)

    # -- questions -------------------------------------------------------------------------------------------

    async def open_orders(self, account_id: AccountId) -> tuple[OrderReport, ...]:
        as_of = await self._asked()
        return tuple(self._told(report) for report in self._venue.exchange.working(as_of))

    async def find_order(self, account_id: AccountId, cl_ord_id: ClOrdId) -> OrderReport | None:
        as_of = await self._asked()
        found = self._venue.exchange.find(cl_ord_id, as_of)
        if not self._venue.character.client_ids and cl_ord_id not in self._own:
            raise BrokerUnreachable("this venue knows no client ids, and the order was sent before this session")
        return None if found is None else self._told(found)

    async def executions(self, account_id: AccountId, since: datetime) -> tuple[ExecutionReport, ...]:
        as_of = await self._asked()
        self._venue.told_until = max(self._venue.told_until, as_of)
        return tuple(self._told(report) for report in self._venue.exchange.executions(since, as_of))

    async def positions(self, account_id: AccountId) -> tuple[BrokerPosition, ...]:
        as_of = await self._asked()
        return self._venue.exchange.broker_positions(account_id, as_of)

    async def balance(self, account_id: AccountId) -> Balance:
        await self._asked()
        return self._venue.exchange.balance(account_id, self._clock.now())

    async def _asked(self) -> datetime:
        """Waits for the road there; answers the moment of which the venue will tell."""
        venue = self._venue
        self._require_up()
        await self._clock.sleep(venue.random.uniform(*venue.character.delay_s))
        await self._wait_while_frozen()
        self._require_up()
        if venue.roll(venue.rates.question):
            venue.fault("question: no answer")
            raise BrokerUnreachable("the list did not come")
        if venue.character.lag_s and venue.random.random() < 0.5:
            venue.fired["list lagged"] += 1
            return self._clock.now() - timedelta(seconds=venue.random.uniform(0, venue.character.lag_s))
        return self._clock.now()

    async def _wait_while_frozen(self) -> None:
        if self._venue.is_frozen:
            await self._clock.sleep(PATIENCE_S)
            if self._venue.is_frozen:
                raise BrokerUnreachable("no answer in time")

    def _require_up(self) -> None:
        if self._state is not LinkState.UP or self._clock.is_dead:
            raise BrokerUnreachable(f"the link is {self._state.value}")

    # -- reports ---------------------------------------------------------------------------------------------

    def deliver(self, reports: list[Report]) -> None:
        if self._state is not LinkState.UP or self._clock.is_dead:
            self._venue.fired["report while away"] += len(reports)
            return
        for report in reports:
            self._deliver(report)

    def _deliver(self, report: Report) -> None:
        venue = self._venue
        delay_s = venue.random.uniform(*venue.character.delay_s)
        due_s = max(self._clock.monotonic() + delay_s, self._last_due_s)
        hear = partial(self._hear, self._told(report), self._epoch)
        if venue.roll(venue.rates.report):
            kind = venue.random.choice(REPORT_FAULTS)
            venue.fault(f"report: {kind}")
            if kind == "dropped":
                return
            if kind == "twice":
                self._clock.call_later(delay_s + venue.random.uniform(0, 3.0), hear)
            elif kind == "overtaken":
                self._clock.call_later(delay_s + venue.random.uniform(0.1, 2.0), hear)
                return
        self._last_due_s = due_s
        self._clock.call_later(due_s - self._clock.monotonic(), hear)

    def _hear(self, report: Report, epoch: int) -> None:
        if epoch != self._epoch or self._sink is None or self._state is not LinkState.UP:
            return
        if isinstance(report, OrderReport):
            self._sink.on_order(report)
        else:
            self._sink.on_execution(report)

    def _told(self, report: Any) -> Any:
        """The report as this adapter can tell it."""
        character = self._venue.character
        if not character.client_ids and report.cl_ord_id not in self._own:
            report = replace(report, cl_ord_id=None)
        if character.wrong_ids and isinstance(report, OrderReport) and self._venue.random.random() < 0.03:
            self._venue.fired["wrong order id"] += 1
            report = replace(report, order_id=OrderId(str(int(report.order_id) + 1)))
        return report


COMMAND_FAULTS = ("lost before", "answer lost", "arrives late", "vanishes", "refused at once", "refused there")
REPORT_FAULTS = ("dropped", "twice", "overtaken", "overtaken")
