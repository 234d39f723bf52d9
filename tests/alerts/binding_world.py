"""One author's market, calls and positions, from which the tests of the resolver ask their questions."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tests.alerts.room_world import SETTINGS, RoomWorld
from tests.trading.stage import SIM, reference_data
from tradestream_gui.alerts.binding.binding import Book, CallState, EarlierCall
from tradestream_gui.alerts.binding.intents import (
    Hold,
    Intent,
    OpenPosition,
    PendingEntry,
)
from tradestream_gui.alerts.binding.opening import OpeningContext
from tradestream_gui.alerts.binding.resolver import resolve
from tradestream_gui.alerts.desk.preview import opening_context
from tradestream_gui.domain.alerts import (
    ActionKind,
    AlertAction,
    AlertSide,
    Level,
    LevelUnit,
)
from tradestream_gui.domain.exits import ExitPlan, PlanState, TargetStep
from tradestream_gui.domain.ids import AnalystId, ChannelId, ClOrdId, InstrumentId, LotId, MessageKey
from tradestream_gui.domain.instruments import AssetClass, Instrument, Right
from tradestream_gui.domain.messages import Arrival, MessageRevision
from tradestream_gui.domain.orders import Origin, OriginKind, Side
from tradestream_gui.domain.positions import Lot, OpenPart
from tradestream_gui.upkeep.settings import policies

D, K = Decimal, ActionKind
NOW = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
REFERENCE = reference_data()
SAID = MessageRevision(
    MessageKey("corpus:room:now"), 0, "corpus", "room", "room", "ann", "Ann", "", NOW, NOW, 1, Arrival.LIVE
)
KEY, OTHER = MessageKey("corpus:room:m1"), MessageKey("corpus:room:m2")
EXPIRY = date(2026, 12, 18)


def _known(code: str) -> Instrument:
    found = REFERENCE.instrument(InstrumentId(code))
    assert found is not None
    return found


ES, MES, NQ = _known("ESZ6"), _known("MESZ6"), _known("NQZ6")
AAPL = REFERENCE.resolve("AAPL", NOW, AssetClass.STOCK)
CALL = REFERENCE.option("AAPL", EXPIRY, Right.CALL, D(150))
PUT = REFERENCE.option("AAPL", EXPIRY, Right.PUT, D(140))


NOTHING = Book()


def context(prices: Mapping[Instrument, str], **changes: Any) -> OpeningContext:
    world = RoomWorld("room", ["ann"])
    for instrument, price in prices.items():
        world.set_quote(instrument, D(price))
    route = world.rules.route(ChannelId("room"), "ann")
    assert route is not None
    made = opening_context(SAID, route, policies.execution_policy(SETTINGS), world.ask, NOW)
    return replace(made, **changes)


def _market() -> OpeningContext:
    assert AAPL is not None
    made = context({ES: "6326", MES: "6326", NQ: "22000", AAPL: "150", CALL: "5", PUT: "4"})
    micros = {ES: MES}
    return replace(made, contracts=replace(made.contracts, micro_of=micros.get))


MARKET = _market()
BY_HAND = replace(MARKET, by_hand=True)
ON_ES = replace(MARKET, route=replace(MARKET.route, use_micros=False, micro_when_zero=True))


def price(value: str, unit: LevelUnit = LevelUnit.PRICE, **more: Any) -> Level:
    return Level(unit, D(value), **more)


LONG = AlertAction(K.OPEN, side=AlertSide.LONG, symbol="ES", price=D(6326), stop=price("6316"))
OPTION = AlertAction(
    K.OPEN, asset=AssetClass.OPTION, side=AlertSide.LONG, symbol="AAPL", strike=D(150), right=Right.CALL,
    expiry=EXPIRY, price=D("5.00"), stop=price("4.00"),
)  # fmt: skip


def held(
    instrument: Instrument = MES, qty: int = 4, *, entry: str = "6320", side: Side = Side.BUY, number: int = 1,
    stop: str | None = None, targets: tuple[TargetStep, ...] = (), exited: int = 0, key: MessageKey = KEY,
) -> OpenPosition:  # fmt: skip
    origin = Origin(OriginKind.ALERT, key, AnalystId("ann"), "room", "Ann")
    parts = (OpenPart(qty, D(entry)),) if qty else ()
    lot = Lot(
        LotId(f"L{number}"), SIM, instrument.instrument_id, origin, side, parts, opened_at=NOW,
        entry_qty=qty + exited, entry_value=D(entry) * (qty + exited), exit_qty=exited, max_qty=qty + exited,
    )  # fmt: skip
    return OpenPosition(lot, None if stop is None and not targets else plan(side, stop, targets, number), instrument)


def plan(
    side: Side = Side.BUY, stop: str | None = "6316", targets: tuple[TargetStep, ...] = (), number: int = 1
) -> ExitPlan:
    at = None if stop is None else D(stop)
    return ExitPlan(LotId(f"L{number}"), SIM, MES.instrument_id, side, PlanState.ACTIVE, at, at, targets=targets)


def answer(action: AlertAction, book: Book = NOTHING, at: OpeningContext = MARKET) -> tuple[Intent, ...] | Hold:
    return resolve([action], book, at)


def code(action: AlertAction, book: Book = NOTHING, at: OpeningContext = MARKET) -> str:
    """The code with which it is held; empty when it is not."""
    found = answer(action, book, at)
    return found.code if isinstance(found, Hold) else ""


def only(action: AlertAction, book: Book = NOTHING, at: OpeningContext = MARKET) -> Intent:
    found = answer(action, book, at)
    assert not isinstance(found, Hold), found
    (one,) = found
    return one


def call(state: CallState, action: AlertAction = LONG) -> EarlierCall:
    return EarlierCall(KEY, action, state)


ENTRY = PendingEntry(ClOrdId("c1"), MES, KEY, LotId("L1"))
