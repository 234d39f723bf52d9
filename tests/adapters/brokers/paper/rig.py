"""A paper exchange in virtual time with a sink that writes down what it hears."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from tradestream_gui.adapters.brokers.paper import Latency, Link, MemoryLedger, PaperBroker, PaperLedger, PaperRules
from tradestream_gui.adapters.brokers.paper.expiry import last_trade_at
from tradestream_gui.adapters.brokers.paper.outbox import PaperLink
from tradestream_gui.adapters.runtime.clock import VirtualClock, WorkCounter
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.domain.accounts import Balance, BrokerPosition
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId, LotId
from tradestream_gui.domain.instruments import AssetClass, Instrument, Right, TickBand
from tradestream_gui.domain.matching import STANDARD_FILLS, FillSettings
from tradestream_gui.domain.orders import MANUAL, Order, OrderRole, OrdStatus, OrdType, Side, TimeInForce
from tradestream_gui.domain.quotes import Aggressor, DataKind, Quote, TradePrint
from tradestream_gui.domain.sessions import (
    CHICAGO,
    EQUITY_INDEX,
    LATE_OPTION,
    NEW_YORK,
    US_EQUITY,
    US_OPTION,
    SessionHours,
    TradingCalendar,
)
from tradestream_gui.ports.broker import ExecutionReport, LinkState, OrderReport
from tradestream_gui.ports.clock import Timer

D = Decimal
FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
"""10:00 in New York on a usual Friday."""
SIM = AccountId("SIM-1")
FEE = D("1.25")
ES_ID, MES_ID, QQQ_ID = InstrumentId("ESZ6"), InstrumentId("MESZ6"), InstrumentId("QQQ")
CALL_ID = InstrumentId("QQQ   261120C00500000")
PUT_ID = InstrumentId("QQQ   261120P00500000")
INDEX_CALL_ID = InstrumentId("SPXW  261120C06300000")

_FUTURE_TICKS = (TickBand(D(0), D("0.25")),)
_PENNY = (TickBand(D(0), D("0.01")),)
_NICKEL = (TickBand(D(0), D("0.01")), TickBand(D(3), D("0.05")))


def _option(instrument_id: InstrumentId, root: str, strike: int, right: Right, *, cash: bool) -> Instrument:
    return Instrument(
        instrument_id, AssetClass.OPTION, root, "OPRA", _NICKEL, D(100), root, D(0),
        expiry=date(2026, 11, 20), strike=D(strike), right=right, cash_settled=cash,
    )


INSTRUMENTS = {
    instrument.instrument_id: instrument
    for instrument in (
        Instrument(
            ES_ID, AssetClass.FUTURE, "ES", "CME", _FUTURE_TICKS, D(50), "ES", D(1), expiry=date(2026, 12, 18)
        ),
        Instrument(
            MES_ID, AssetClass.FUTURE, "MES", "CME", _FUTURE_TICKS, D(5), "ES", D("0.1"), expiry=date(2026, 12, 18)
        ),
        Instrument(QQQ_ID, AssetClass.STOCK, "QQQ", "US", _PENNY, D(1), "QQQ", D(0)),
        _option(CALL_ID, "QQQ", 500, Right.CALL, cash=False),
        _option(PUT_ID, "QQQ", 500, Right.PUT, cash=False),
        _option(INDEX_CALL_ID, "SPX", 6300, Right.CALL, cash=True),
    )
}


def calendar() -> TradingCalendar:
    cash_hours = {
        group: SessionHours(group, NEW_YORK, time(9, 30), time(16), opens_day_before=False)
        for group in (US_EQUITY, US_OPTION)
    }
    hours = {
        **cash_hours,
        LATE_OPTION: SessionHours(LATE_OPTION, NEW_YORK, time(9, 30), time(16, 15), opens_day_before=False),
        EQUITY_INDEX: SessionHours(EQUITY_INDEX, CHICAGO, time(17), time(16), opens_day_before=True),
    }
    roots = {"ES": EQUITY_INDEX, "MES": EQUITY_INDEX}
    return TradingCalendar(hours, roots, frozenset({"SPX"}), date(2026, 1, 1), date(2027, 12, 31))


def per_contract(fee: Decimal) -> Callable[..., Decimal]:
    def commission(instrument: Instrument, *, qty_before: int, qty: int, price: Decimal, at: datetime) -> Decimal:
        return fee * qty

    return commission


def rules(
    *,
    fills: FillSettings = STANDARD_FILLS,
    fee: Decimal = FEE,
    margins: dict[str, Decimal] | None = None,
) -> PaperRules:
    table = calendar()
    return PaperRules(
        instrument_of=INSTRUMENTS.get,
        calendar=table,
        last_trade_at=lambda instrument: last_trade_at(instrument, table),
        commission=per_contract(fee),
        day_margin=lambda instrument: (margins or {}).get(instrument.root),
        fills=fills,
    )


class SleepyClock:
    """A virtual clock on a machine that may sleep: `asleep` is how far UTC has run on without the timers."""

    def __init__(self, start: datetime, work: WorkCounter) -> None:
        self._virtual = VirtualClock(start, work)
        self.asleep = timedelta(0)

    @property
    def awake(self) -> datetime:
        return self._virtual.now()

    def now(self) -> datetime:
        return self._virtual.now() + self.asleep

    def monotonic(self) -> float:
        return self._virtual.monotonic()

    async def sleep(self, seconds: float) -> None:
        await self._virtual.sleep(seconds)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        return self._virtual.call_later(seconds, callback)

    async def run_until(self, until: datetime) -> None:
        await self._virtual.run_until(until)


class Journal:
    """A sink: everything heard, in order."""

    def __init__(self) -> None:
        self.heard: list[OrderReport | ExecutionReport | Balance | BrokerPosition] = []
        self.links: list[tuple[LinkState, str]] = []
        self.barred: list[tuple[AccountId, str]] = []

    def on_order(self, report: OrderReport) -> None:
        self.heard.append(report)

    def on_execution(self, report: ExecutionReport) -> None:
        self.heard.append(report)

    def on_balance(self, balance: Balance) -> None:
        self.heard.append(balance)

    def on_position(self, position: BrokerPosition) -> None:
        self.heard.append(position)

    def on_barred(self, account_id: AccountId, words: str) -> None:
        self.barred.append((account_id, words))

    def on_link(self, broker: str, state: LinkState, detail: str) -> None:
        self.links.append((state, detail))

    def states(self, cl_ord_id: str) -> list[OrdStatus]:
        return [one.ord_status for one in self.heard if isinstance(one, OrderReport) and one.cl_ord_id == cl_ord_id]

    def last(self, cl_ord_id: str) -> OrderReport:
        return [one for one in self.heard if isinstance(one, OrderReport) and one.cl_ord_id == cl_ord_id][-1]

    def fills(self, cl_ord_id: str | None = None) -> list[tuple[int, Decimal]]:
        return [
            (one.last_qty, one.last_px)
            for one in self.heard
            if isinstance(one, ExecutionReport) and cl_ord_id in (None, one.cl_ord_id)
        ]

    def executions(self) -> list[ExecutionReport]:
        return [one for one in self.heard if isinstance(one, ExecutionReport)]


class Rig:
    """One broker on one virtual clock; `restart` builds the next process's broker on the same ledger."""

    def __init__(
        self,
        *,
        ledger: PaperLedger | None = None,
        start: datetime = FRIDAY,
        seed: int = 1,
        given: PaperRules | None = None,
        wrap_link: "Callable[[PaperLink, Rig], PaperLink] | None" = None,
    ) -> None:
        """`wrap_link` puts a link that simulates faults around the usual one."""
        self.work = WorkCounter()
        self.clock = SleepyClock(start, self.work)
        self.failures: list[str] = []
        self.tasks = LoopTasks(lambda name, error: self.failures.append(f"{name}: {error!r}"))
        self.ledger = ledger or MemoryLedger()
        self.rules = given or rules()
        self.journal = Journal()
        self._wrap_link = wrap_link
        link: PaperLink = Link(self.clock, Random(seed), Latency())
        self.broker = PaperBroker(
            clock=self.clock,
            tasks=self.tasks,
            work=self.work,
            ledger=self.ledger,
            link=wrap_link(link, self) if wrap_link else link,
            rules=self.rules,
            opening_accounts=((SIM, "Simulator"),),
        )
        self._numbers = itertools.count(1)

    async def connect(self) -> "Rig":
        await self.broker.connect(self.journal)
        return self

    async def restart(self, *, after: timedelta = timedelta(0)) -> "Rig":
        """What a killed program leaves is its ledger; the next one starts `after` that."""
        await self.tasks.close()
        later = Rig(ledger=self.ledger, start=self.clock.now() + after, given=self.rules, wrap_link=self._wrap_link)
        return await later.connect()

    async def run(self, seconds: float = 0.1) -> None:
        await self.clock.run_until(self.clock.awake + timedelta(seconds=seconds))
        assert not self.failures

    async def run_to(self, at: datetime) -> None:
        await self.clock.run_until(at)
        assert not self.failures

    async def place(self, order: Order, seconds: float = 0.1) -> ClOrdId:
        await self.broker.place(order)
        await self.run(seconds)
        return order.cl_ord_id

    def order(
        self,
        side: Side,
        ord_type: OrdType,
        qty: int,
        *,
        instrument_id: InstrumentId = ES_ID,
        limit: str | None = None,
        stop: str | None = None,
        trail: str | None = None,
        role: OrderRole = OrderRole.ENTRY,
        tif: TimeInForce = TimeInForce.GTC,
        group: str | None = None,
        cl_ord_id: str | None = None,
        account_id: AccountId = SIM,
    ) -> Order:
        return Order(
            cl_ord_id=ClOrdId(cl_ord_id or f"C{next(self._numbers)}"),
            account_id=account_id,
            instrument_id=instrument_id,
            lot_id=LotId("L1"),
            origin=MANUAL,
            role=role,
            side=side,
            ord_type=ord_type,
            order_qty=qty,
            time_in_force=tif,
            created_at=self.clock.now(),
            updated_at=self.clock.now(),
            limit_price=D(limit) if limit else None,
            stop_price=D(stop) if stop else None,
            trail=D(trail) if trail else None,
            oca_group=group,
        )

    def quote(
        self,
        bid: str | None,
        ask: str | None,
        *,
        last: str | None = None,
        size: int = 50,
        instrument_id: InstrumentId = ES_ID,
    ) -> None:
        self.broker.on_quote(
            Quote(
                instrument_id, self.clock.now(), D(bid) if bid else None, size, D(ask) if ask else None, size,
                D(last) if last else None, DataKind.DEMO,
            )
        )

    def trade(self, price: str, size: int = 1, *, instrument_id: InstrumentId = ES_ID) -> None:
        self.broker.on_print(
            TradePrint(instrument_id, self.clock.now(), D(price), size, Aggressor.UNKNOWN, DataKind.DEMO)
        )

    async def enter_long(self, qty: int = 2) -> None:
        self.quote("6326.00", "6326.25", last="6326.25")
        await self.place(self.order(Side.BUY, OrdType.MARKET, qty, cl_ord_id="ENTRY"))

    async def protect(self, qty: int = 2, *targets: tuple[str, int]) -> None:
        """A stop at 6316 for all of it, and its linked targets T1, T2, ..."""
        exit_ = replace(
            self.order(Side.SELL, OrdType.STOP, qty, stop="6316", role=OrderRole.STOP, group="G"),
            cl_ord_id=ClOrdId("STOP"),
        )
        await self.broker.place(exit_)
        for number, (price, share) in enumerate(targets, 1):
            await self.broker.place(
                self.order(
                    Side.SELL, OrdType.LIMIT, share, limit=price, role=OrderRole.TARGET, group="G",
                    cl_ord_id=f"T{number}",
                )
            )
        await self.run()

    async def position(self, instrument_id: InstrumentId = ES_ID) -> int:
        held = {position.instrument_id: position.signed_qty for position in await self.broker.positions(SIM)}
        return held.get(instrument_id, 0)

    async def cash(self) -> Decimal:
        return (await self.broker.balance(SIM)).cash
