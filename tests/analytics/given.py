"""Contracts, fills and closed trades as the analytics tests give them."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tradestream_gui.analytics.trades import Trade, TradeLedger, TradeOutcome
from tradestream_gui.domain.exits import ExitPlan, PlanState
from tradestream_gui.domain.ids import AccountId, AnalystId, ClOrdId, ExecId, InstrumentId, LotId, MessageKey
from tradestream_gui.domain.instruments import AssetClass, Instrument, Right, TickBand
from tradestream_gui.domain.orders import Fill, Origin, OriginKind, Side

START = datetime(2026, 9, 15, 13, 45, tzinfo=UTC)
PAPER = AccountId("SIM-1")

FUTURES = {
    # root: (tick, US dollars per point)
    "ES": ("0.25", "50"),
    "MES": ("0.25", "5"),
    "NQ": ("0.25", "20"),
    "MNQ": ("0.25", "2"),
    "RTY": ("0.10", "50"),
    "M2K": ("0.10", "5"),
    "YM": ("1", "5"),
    "MYM": ("1", "0.50"),
    "CL": ("0.01", "1000"),
    "GC": ("0.10", "100"),
}


def future(root: str) -> Instrument:
    tick, point_value = FUTURES[root]
    return Instrument(
        instrument_id=InstrumentId(f"{root}Z6"),
        asset_class=AssetClass.FUTURE,
        root=root,
        exchange="CME",
        ticks=(TickBand(Decimal(0), Decimal(tick)),),
        point_value=Decimal(point_value),
        family=root.removeprefix("M"),
        mini_equivalents=Decimal("0.1") if root.startswith("M") else Decimal(1),
        expiry=date(2026, 12, 18),
    )


def option() -> Instrument:
    return Instrument(
        instrument_id=InstrumentId("AAPL  261218C00200000"),
        asset_class=AssetClass.OPTION,
        root="AAPL",
        exchange="OPRA",
        ticks=(TickBand(Decimal(0), Decimal("0.01")), TickBand(Decimal(3), Decimal("0.05"))),
        point_value=Decimal(100),
        family="AAPL",
        mini_equivalents=Decimal(0),
        expiry=date(2026, 12, 18),
        strike=Decimal(200),
        right=Right.CALL,
        cash_settled=False,
    )


INSTRUMENTS = {instrument.instrument_id: instrument for instrument in [*map(future, FUTURES), option()]}


def instrument_of(instrument_id: InstrumentId) -> Instrument:
    return INSTRUMENTS[instrument_id]


def calendar_date(instrument: Instrument, at: datetime) -> date:
    """A trade date good enough for tests inside one afternoon: the UTC date."""
    return at.date()


def alert_by(analyst: str, channel: str = "futures-room", message: str = "1") -> Origin:
    key = MessageKey(f"recorded:{channel}:{message}")
    return Origin(OriginKind.ALERT, key, AnalystId(analyst.lower()), channel, analyst)


JMONEY = alert_by("JMoney")


class Tape:
    """Makes fills of one lot with rising ids and times."""

    def __init__(self, instrument: Instrument, lot_id: str = "L1", start: datetime = START) -> None:
        self.instrument = instrument
        self.lot_id = LotId(lot_id)
        self.at = start
        self.count = 0

    def fill(self, side: Side, qty: int, price: str, commission: str = "0", cl_ord_id: str = "") -> Fill:
        self.count += 1
        self.at += timedelta(minutes=1)
        return Fill(
            ExecId(f"{self.lot_id}-x{self.count}"),
            ClOrdId(cl_ord_id or f"{self.lot_id}-o{self.count}"),
            PAPER,
            self.instrument.instrument_id,
            self.lot_id,
            side,
            qty,
            Decimal(price),
            Decimal(commission),
            self.at,
        )

    def buy(self, qty: int, price: str, commission: str = "0", cl_ord_id: str = "") -> Fill:
        return self.fill(Side.BUY, qty, price, commission, cl_ord_id)

    def sell(self, qty: int, price: str, commission: str = "0", cl_ord_id: str = "") -> Fill:
        return self.fill(Side.SELL, qty, price, commission, cl_ord_id)

    def plan(self, stop: str | None, side: Side = Side.BUY, state: PlanState = PlanState.WAITING) -> ExitPlan:
        price = None if stop is None else Decimal(stop)
        return ExitPlan(self.lot_id, PAPER, self.instrument.instrument_id, side, state, price, price)


def ledger() -> TradeLedger:
    return TradeLedger(instrument_of, calendar_date)


def booked(fills: Iterable[Fill], origin: Origin = JMONEY, into: TradeLedger | None = None) -> TradeLedger:
    book = into or ledger()
    for fill in fills:
        book.book(fill, origin)
    return book


def trade_with(net: str, *, number: int = 0, origin: Origin = JMONEY, at: datetime = START) -> Trade:
    """A closed one-contract ES trade with this net result and no commission."""
    result = Decimal(net)
    es = future("ES")
    outcome = TradeOutcome.SCRATCH
    if abs(result) >= es.tick_value:
        outcome = TradeOutcome.WIN if result > 0 else TradeOutcome.LOSS
    return Trade(
        lot_id=LotId(f"L{number}"),
        run=1,
        account_id=PAPER,
        instrument_id=es.instrument_id,
        asset_class=es.asset_class,
        root=es.root,
        origin=origin,
        side=Side.BUY,
        qty=1,
        opened_at=at - timedelta(minutes=5),
        closed_at=at,
        avg_entry=Decimal(6326),
        avg_exit=Decimal(6326) + result / es.point_value,
        gross=result,
        commission=Decimal(0),
        outcome=outcome,
        trade_date=at.date(),
        point_value=es.point_value,
        tick_size=es.tick_size,
    )


def trades_with(nets: Iterable[str]) -> list[Trade]:
    return [trade_with(net, number=index) for index, net in enumerate(nets)]
