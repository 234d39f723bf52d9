"""The unlock test of a guarded account: a limit far away is placed, seen at the broker, cancelled and seen gone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.beats import until_beat
from tradestream_gui.domain.broker_names import broker_name
from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.events import Notice, NoticeKind, Severity
from tradestream_gui.domain.exits import ExitPlan, PlanState
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument, Toward
from tradestream_gui.domain.money import plain_text
from tradestream_gui.domain.orders import MANUAL, Order, OrderRole, OrdStatus, OrdType, Side, TimeInForce
from tradestream_gui.ports.broker import OrderReport
from tradestream_gui.ports.clock import Clock, Ids, Tasks
from tradestream_gui.ports.journal import AuditNote, Journal
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.exit_desk import ExitDesk
from tradestream_gui.trading.lot_book import LotBook
from tradestream_gui.trading.market_view import MarketView
from tradestream_gui.trading.order_desk import OrderDesk

TITLE = "Unlock test"
NOTE = "UNLOCK_TEST"
FAR = Decimal("0.02")
"""How far below the market the limit stands: more than an ordinary day moves within the seconds that it takes."""
QUOTE_AGE_S = 60.0
ANSWER_S = 15.0
LOOK_S = 0.05
QUEUE_LOOK_S = 5.0
ORDER_LIFE = timedelta(seconds=60)
"""After a crash in the middle the next start cancels the order at this age, as it does with every entry."""
QUEUE_LIFE = timedelta(days=4)
"""A long weekend. What was queued before that nobody waits for any more."""
BROKEN_OFF = "broken off: the program ended while it ran"
REASON = "unlock test"
_ENDED_ITSELF = frozenset({OrdStatus.CANCELED, OrdStatus.EXPIRED, OrdStatus.NOT_FOUND})


class UnlockStage(Enum):
    NEVER = "not run yet"
    QUEUED = "queued"
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class UnlockResult:
    """Where the test of an account stands; `at` is None where nothing has been tried."""

    stage: UnlockStage
    words: str
    at: datetime | None = None


class _Failed(Exception):
    """The test has not passed, for the reason that is said."""


class UnlockTest:
    """The only writer of test results. They are notes in the account's own database and name the order, so that a
    result from before a restore counts no more: its order bears an older epoch."""

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        tasks: Tasks,
        ids: Ids,
        journal: Journal,
        accounts: AccountBook,
        blotter: Blotter,
        lots: LotBook,
        desk: OrderDesk,
        exits: ExitDesk,
        market: MarketView,
        clean: Callable[[str], str],
    ) -> None:
        self._clean = clean
        self._bus = bus
        self._clock = clock
        self._tasks = tasks
        self._ids = ids
        self._journal = journal
        self._accounts = accounts
        self._blotter = blotter
        self._lots = lots
        self._desk = desk
        self._exits = exits
        self._market = market
        self._results: dict[AccountId, UnlockResult] = {}
        self._queued: dict[AccountId, Instrument] = {}

    def restore(self, notes: Iterable[AuditNote]) -> None:
        """Takes over the newest result of each account, newest first as the journal gives them."""
        for note in notes:
            if note.kind != NOTE or note.account_id is None or note.account_id in self._results:
                continue
            cl_ord_id, _, said = note.words.partition(" ")
            stage, _, words = said.partition(": ")
            if stage == UnlockStage.QUEUED.value:
                self._queue_again(note.account_id, InstrumentId(words), note.at)
            elif self._ids.is_of_now(ClOrdId(cl_ord_id)):
                self._results[note.account_id] = UnlockResult(UnlockStage(stage), words, note.at)
            else:
                words = f"{stage} before the database was restored or replaced: run it again"
                self._results[note.account_id] = UnlockResult(UnlockStage.NEVER, words, note.at)

    def result(self, account_id: AccountId) -> UnlockResult:
        return self._results.get(account_id, UnlockResult(UnlockStage.NEVER, "the test has not been run"))

    def request(self, account_id: AccountId, instrument: Instrument) -> str:
        """Runs the test now, or at the open when the market is closed; answers in words what happens."""
        name = contract_name(instrument)
        if self.result(account_id).stage is UnlockStage.RUNNING:
            return "the test is running"
        refusal = self._impossible(account_id, instrument)
        if refusal:
            return refusal
        if not self._market.is_open(instrument, self._clock.now()):
            self._queued[account_id] = instrument
            self._note(self._ids.next_cl_ord_id(account_id), account_id, UnlockStage.QUEUED, instrument.instrument_id)
            self._put(account_id, UnlockResult(UnlockStage.QUEUED, _waits(instrument), self._clock.now()))
            return _waits(instrument)
        refusal = self._not_now(account_id, instrument)
        if refusal:
            return refusal
        self._start(account_id, instrument)
        return f"placing 1 {name} far below the market, to be cancelled at once"

    def withdraw(self, account_id: AccountId) -> None:
        """Takes a test out of the queue."""
        if account_id in self._queued:
            self._leave_queue(account_id, "taken out of the queue")

    async def watch(self) -> None:
        """Until cancelled: starts queued tests once their market is open and has a price."""
        while True:
            await self._clock.sleep(until_beat(self._clock.monotonic(), QUEUE_LOOK_S))
            for account_id, instrument in tuple(self._queued.items()):
                refusal = self._impossible(account_id, instrument)
                if refusal:
                    self._leave_queue(account_id, refusal)
                elif self._market.is_open(instrument, self._clock.now()) and not self._not_now(account_id, instrument):
                    self._start(account_id, instrument)

    def _queue_again(self, account_id: AccountId, instrument_id: InstrumentId, at: datetime) -> None:
        """What waited for its open when the program ended waits on."""
        if self._clock.now() - at > QUEUE_LIFE:
            words = f"it was queued {at:%Y-%m-%d} and the program did not run at the open: run it again"
            self._results[account_id] = UnlockResult(UnlockStage.NEVER, words, at)
            return
        instrument = self._market.instrument(instrument_id)
        self._queued[account_id] = instrument
        self._results[account_id] = UnlockResult(UnlockStage.QUEUED, _waits(instrument), at)

    def _leave_queue(self, account_id: AccountId, words: str) -> None:
        del self._queued[account_id]
        self._note(self._ids.next_cl_ord_id(account_id), account_id, UnlockStage.NEVER, words)
        self._put(account_id, UnlockResult(UnlockStage.NEVER, words, self._clock.now()))

    def _impossible(self, account_id: AccountId, instrument: Instrument) -> str:
        """What stands against the test whatever the hour."""
        account, name = self._accounts.account(account_id), contract_name(instrument)
        if not account.kind.is_guarded:
            return f"{account.name} is a {account.kind.value} account and needs no test"
        if instrument.asset_class not in (AssetClass.FUTURE, AssetClass.STOCK):
            return f"{name} is an option; take a future or a share"
        if self._lots.open_lots(account_id, instrument.instrument_id) or self._lots.external_qty(
            account_id, instrument.instrument_id
        ):
            return f"{name} is held in this account; take a contract in which nothing is open"
        return ""

    def _not_now(self, account_id: AccountId, instrument: Instrument) -> str:
        """What stands against the test at this moment."""
        state, name = self._accounts.state(account_id), contract_name(instrument)
        if not self._desk.is_linked(account_id):
            return f"{broker_name(self._accounts.account(account_id).broker)} is not connected"
        if state.trading_state not in (TradingState.REDUCING, TradingState.ACTIVE):
            return f"the account is {state.trading_state.value}: {state.reason}"
        age_s = self._market.stream_age_s(instrument.instrument_id)
        if self._price(instrument) is None or age_s is None or age_s > QUOTE_AGE_S:
            return f"there is no fresh price of {name}: put it on the watchlist, or take another contract"
        return ""

    def _price(self, instrument: Instrument) -> Decimal | None:
        """The limit far below the market; None without a price."""
        quote = self._market.quote(instrument.instrument_id)
        bid = quote.bid if quote is not None else None
        if bid is None or not bid.is_finite() or bid <= 0:
            return None
        return instrument.round_to_tick(bid * (1 - FAR), Toward.DOWN)

    def _start(self, account_id: AccountId, instrument: Instrument) -> None:
        was_queued = self._queued.pop(account_id, None) is not None
        limit_price = self._price(instrument)
        assert limit_price is not None, "asked for a moment ago"
        order = _order(self._ids, account_id, instrument, limit_price, self._clock.now())
        words = f"BUY 1 {contract_name(instrument)} at {plain_text(limit_price)}"
        if was_queued:  # so that the next start does not queue it again, should this one end in the middle
            self._note(order.cl_ord_id, account_id, UnlockStage.FAILED, f"{words}: {BROKEN_OFF}")
        self._put(account_id, UnlockResult(UnlockStage.RUNNING, words, self._clock.now()))
        self._tasks.spawn(self._run(order, words), f"unlock test {account_id}")

    async def _run(self, order: Order, what: str) -> None:
        broker = broker_name(self._accounts.account(order.account_id).broker)
        try:
            worked_s = await self._place(order)
            gone_s = await self._cancel(order)
        except _Failed as error:
            self._desk.request_cancel(order, REASON)
            self._end(order, UnlockStage.FAILED, f"{what}: {error}")
        else:
            words = f"worked at {broker} after {worked_s:.2f} s and was gone {gone_s:.2f} s after its cancel"
            self._end(order, UnlockStage.PASSED, f"{what} {words}")

    async def _place(self, order: Order) -> float:
        """Seconds until it worked at the broker, by the broker's own list."""
        began_s = self._clock.monotonic()
        plan = ExitPlan(
            lot_id=order.lot_id,
            account_id=order.account_id,
            instrument_id=order.instrument_id,
            side=order.side,
            state=PlanState.WAITING,
            stop_price=None,
            initial_stop_price=None,
            close_at=order.created_at,  # a fill that nobody wanted is closed by the next look at the time
        )
        self._desk.reserve(order)
        self._exits.take(plan)
        await self._desk.send(order, [plan], is_test=True)
        await self._until(order, lambda now: now.ord_status is OrdStatus.NEW, "it did not work")
        worked_s = self._clock.monotonic() - began_s
        there = await self._there(order)
        if there is None:
            raise _Failed("the broker told that it works, but its list of orders lacks it")
        told = (there.instrument_id, there.side, there.order_qty, there.limit_price)
        if told != (order.instrument_id, order.side, order.order_qty, order.limit_price):
            raise _Failed(f"it stands otherwise at the broker: {told[1].value} {told[2]} {told[0]} at {told[3]}")
        return worked_s

    async def _cancel(self, order: Order) -> float:
        """Seconds until it was gone."""
        began_s = self._clock.monotonic()
        self._desk.request_cancel(order, REASON)
        await self._until(order, lambda now: now.ord_status is OrdStatus.CANCELED, "it was not cancelled")
        gone_s = self._clock.monotonic() - began_s
        if await self._there(order) is not None:
            raise _Failed("the broker told that it is cancelled, but its list of orders still has it")
        return gone_s

    async def _until(self, order: Order, is_so: Callable[[Order], bool], what: str) -> None:
        """Raises _Failed when the order ends otherwise, or when nothing is told in time."""
        began_s = self._clock.monotonic()
        while True:
            now = self._blotter.order(order.cl_ord_id) or order
            if now.cum_qty:
                raise _Failed(f"it was filled at {now.avg_px} and is being closed at the market")
            if is_so(now):
                return
            if now.ord_status is OrdStatus.REJECTED:
                raise _Failed(f"the broker refused it: {now.reason}")
            if now.ord_status in (OrdStatus.DENIED, OrdStatus.ABANDONED):
                raise _Failed(f"it was not sent: {now.reason}")
            if now.ord_status in _ENDED_ITSELF:
                raise _Failed(f"it ended as {now.ord_status.value}: {now.reason}")
            if self._clock.monotonic() - began_s >= ANSWER_S:
                advice = "look for it at the broker and cancel it there"
                raise _Failed(f"{what} within {ANSWER_S:.0f} s ({now.ord_status.value}): {advice}")
            await self._clock.sleep(LOOK_S)

    async def _there(self, order: Order) -> OrderReport | None:
        """The order as the broker's list of working orders has it."""
        try:
            working = await self._desk.broker_of(order.account_id).open_orders(order.account_id)
        except BrokerUnreachable as error:
            raise _Failed(f"the broker's list of orders was not given: {error}") from error
        return next((report for report in working if report.cl_ord_id == order.cl_ord_id), None)

    def _end(self, order: Order, stage: UnlockStage, words: str) -> None:
        words = self._clean(words)
        self._note(order.cl_ord_id, order.account_id, stage, words)
        self._put(order.account_id, UnlockResult(stage, words, self._clock.now()))

    def _note(self, cl_ord_id: ClOrdId, account_id: AccountId, stage: UnlockStage, words: str) -> None:
        note = f"{cl_ord_id} {stage.value}: {words}"
        self._journal.append([AuditNote(self._clock.now(), "program", NOTE, note, account_id)])

    def _put(self, account_id: AccountId, result: UnlockResult) -> None:
        self._results[account_id] = result
        severity = {UnlockStage.PASSED: Severity.SUCCESS, UnlockStage.FAILED: Severity.DANGER}
        words = f"{self._accounts.account(account_id).name}: {result.stage.value}: {result.words}"
        self._bus.publish(
            Notice(
                NoticeKind.SYSTEM, severity.get(result.stage, Severity.INFO), TITLE, words, self._clock.now(),
                account_id,
            )
        )  # fmt: skip


def _waits(instrument: Instrument) -> str:
    return f"{contract_name(instrument)} is closed: the test runs when it opens and the program runs"


def _order(ids: Ids, account_id: AccountId, instrument: Instrument, limit_price: Decimal, now: datetime) -> Order:
    return Order(
        cl_ord_id=ids.next_cl_ord_id(account_id),
        account_id=account_id,
        instrument_id=instrument.instrument_id,
        lot_id=ids.next_lot_id(account_id),
        origin=MANUAL,
        role=OrderRole.ENTRY,
        side=Side.BUY,
        ord_type=OrdType.LIMIT,
        order_qty=1,
        time_in_force=TimeInForce.DAY,
        created_at=now,
        updated_at=now,
        limit_price=limit_price,
        expire_at=now + ORDER_LIFE,
        reason=REASON,
    )
