"""The resolver as a pure function: only the author's own lots change, and never by more than is open."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.alerts.room_world import SETTINGS, RoomWorld
from tests.trading.stage import SIM, reference_data
from tradestream_gui.alerts.binding.binding import Book, CallState, EarlierCall
from tradestream_gui.alerts.binding.intents import (
    CancelIntent,
    CloseIntent,
    Hold,
    OpenIntent,
    OpenPosition,
    PendingEntry,
    StopIntent,
    TargetIntent,
)
from tradestream_gui.alerts.binding.opening import OpeningContext
from tradestream_gui.alerts.binding.resolver import resolve
from tradestream_gui.alerts.desk.preview import opening_context
from tradestream_gui.domain.alerts import ActionKind, AlertAction, AlertSide, Level, LevelUnit, Quantity, QuantityUnit
from tradestream_gui.domain.ids import AnalystId, ChannelId, ClOrdId, InstrumentId, LotId, MessageKey
from tradestream_gui.domain.instruments import AssetClass, Instrument, Right
from tradestream_gui.domain.messages import Arrival, MessageRevision
from tradestream_gui.domain.orders import Origin, OriginKind, Side
from tradestream_gui.domain.policies import SizeMap
from tradestream_gui.domain.positions import Lot, OpenPart
from tradestream_gui.upkeep.settings import policies

D = Decimal
NOW = datetime(2026, 11, 19, 15, 0, tzinfo=UTC)
REFERENCE = reference_data()
CALL = REFERENCE.option("AAPL", date(2026, 12, 18), Right.CALL, D(150))
PUT = REFERENCE.option("AAPL", date(2026, 12, 18), Right.PUT, D(140))


def _future(name: str) -> Instrument:
    found = REFERENCE.instrument(InstrumentId(name))
    assert found is not None
    return found


CONTRACTS = (_future("ESZ6"), _future("NQZ6"), CALL, PUT)
KEYS = tuple(MessageKey(f"corpus:room:m{number}") for number in range(4))


def _context() -> OpeningContext:
    world = RoomWorld("room", ["ann"])
    said = MessageRevision(
        MessageKey("corpus:room:now"), 0, "corpus", "room", "room", "ann", "Ann", "", NOW, NOW, 1, Arrival.LIVE
    )
    route = world.rules.route(ChannelId("room"), "ann")
    assert route is not None
    for contract in CONTRACTS:
        world.set_quote(contract, D(5))
    return opening_context(said, route, policies.execution_policy(SETTINGS), world.ask, NOW)


CONTEXT = _context()


def _lot(number: int, instrument: Instrument, qty: int) -> OpenPosition:
    origin = Origin(OriginKind.ALERT, KEYS[number], AnalystId("ann"), "room", "Ann")
    lot = Lot(
        LotId(f"L{number}"), SIM, instrument.instrument_id, origin, Side.BUY, (OpenPart(qty, D(4)),), opened_at=NOW,
        entry_qty=qty, entry_value=D(4) * qty, max_qty=qty,
    )  # fmt: skip
    return OpenPosition(lot, None, instrument)


LOTS = st.lists(st.tuples(st.sampled_from(CONTRACTS), st.integers(1, 9)), max_size=4).map(
    lambda rows: tuple(_lot(number, instrument, qty) for number, (instrument, qty) in enumerate(rows))
)
PENDING = st.lists(st.sampled_from(CONTRACTS), max_size=2).map(
    lambda found: tuple(
        PendingEntry(ClOrdId(f"c{number}"), one, KEYS[number], LotId(f"P{number}")) for number, one in enumerate(found)
    )
)
LEVELS = st.one_of(
    st.just(Level(LevelUnit.BREAK_EVEN, None)),
    st.builds(Level, st.sampled_from([LevelUnit.PRICE, LevelUnit.PERCENT]), st.sampled_from([D(1), D("4.5"), D(150)])),
)
QUANTITIES = st.one_of(
    st.none(),
    st.builds(Quantity, st.just(QuantityUnit.COUNT), st.integers(0, 999_999).map(Fraction)),
    st.builds(Quantity, st.just(QuantityUnit.FRACTION), st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(5)])),
    st.builds(Quantity, st.just(QuantityUnit.LEAVE), st.integers(0, 20).map(Fraction)),
    st.builds(Quantity, st.just(QuantityUnit.PERCENT), st.sampled_from([Fraction(25), Fraction(400)])),
)
ACTIONS = st.builds(
    AlertAction,
    kind=st.sampled_from(list(ActionKind)),
    asset=st.sampled_from([None, AssetClass.FUTURE, AssetClass.OPTION]),
    side=st.sampled_from([None, *AlertSide]),
    symbol=st.sampled_from([None, "ES", "NQ", "AAPL", "MSFT"]),
    strike=st.sampled_from([None, D(150), D(140)]),
    right=st.sampled_from([None, *Right]),
    quantity=QUANTITIES,
    price=st.sampled_from([None, D(5), D("0"), D("-1"), D("1e9")]),
    stop=st.one_of(st.none(), LEVELS),
    targets=st.lists(LEVELS, max_size=2).map(tuple),
    everything=st.booleans(),
)


@settings(max_examples=400, deadline=None)
@given(
    actions=st.lists(ACTIONS, min_size=1, max_size=3),
    positions=LOTS,
    pending=PENDING,
    replies=st.lists(st.sampled_from(KEYS), max_size=2).map(tuple),
)
def test_nothing_but_the_authors_own_lots_is_touched_and_no_exit_exceeds_its_lot(
    actions: list[AlertAction],
    positions: tuple[OpenPosition, ...],
    pending: tuple[PendingEntry, ...],
    replies: tuple[MessageKey, ...],
) -> None:
    found = resolve(actions, Book(positions=positions, pending=pending, replies=replies), CONTEXT)
    if isinstance(found, Hold):
        assert found.code
        assert found.words
        return
    assert sum(isinstance(intent, OpenIntent) for intent in found) <= 1
    own = {held.lot.lot_id: held.lot.open_qty for held in positions}
    for intent in found:
        if isinstance(intent, CloseIntent | StopIntent | TargetIntent):
            assert intent.lot.lot_id in own
        if isinstance(intent, CloseIntent):
            assert 1 <= intent.qty <= own[intent.lot.lot_id]
        if isinstance(intent, CancelIntent):
            assert intent.cl_ord_id in {one.cl_ord_id for one in pending}
        if isinstance(intent, OpenIntent):
            assert intent.ticket.order_qty >= 1
            assert intent.ticket.protective_stop is not None
            assert intent.ticket.limit_price is not None


@settings(max_examples=200, deadline=None)
@given(positions=LOTS, quantity=QUANTITIES)
def test_a_trim_leaves_something(positions: tuple[OpenPosition, ...], quantity: Quantity | None) -> None:
    found = resolve([AlertAction(ActionKind.TRIM, quantity=quantity)], Book(positions=positions), CONTEXT)
    if not isinstance(found, Hold):
        sold = sum(intent.qty for intent in found if isinstance(intent, CloseIntent))
        assert sold < sum(held.lot.open_qty for held in positions)


def test_a_call_that_was_not_taken_makes_words_without_a_name_unclear() -> None:
    held = (_lot(0, CONTRACTS[0], 3),)
    other = EarlierCall(KEYS[1], AlertAction(ActionKind.OPEN, symbol="NQ"), CallState.NOT_TAKEN)
    found = resolve([AlertAction(ActionKind.TRIM)], Book(positions=held, not_taken=(other,)), CONTEXT)
    assert isinstance(found, Hold)
    assert (found.code, "NQ (called, not traded)" in found.words) == ("WHICH_POSITION", True)
    named = AlertAction(ActionKind.TRIM, symbol="ES")
    assert not isinstance(resolve([named], Book(positions=held, not_taken=(other,)), CONTEXT), Hold)


def test_two_contracts_of_a_symbol_are_both_left_by_out_and_asked_about_by_trim() -> None:
    both = Book(positions=(_lot(0, CALL, 3), _lot(1, PUT, 2)))
    out = resolve([AlertAction(ActionKind.CLOSE, symbol="AAPL")], both, CONTEXT)
    assert not isinstance(out, Hold)
    assert [intent.qty for intent in out if isinstance(intent, CloseIntent)] == [3, 2]
    trimmed = resolve([AlertAction(ActionKind.TRIM, symbol="AAPL")], both, CONTEXT)
    assert isinstance(trimmed, Hold)
    assert trimmed.code == "WHICH_POSITION"
    by_right = resolve([AlertAction(ActionKind.TRIM, symbol="AAPL", right=Right.PUT)], both, CONTEXT)
    assert not isinstance(by_right, Hold)


@pytest.mark.parametrize(
    ("quantity", "sizes", "words"),
    [
        (Quantity(QuantityUnit.COUNT, Fraction(0)), SizeMap({"A": 3}, 1), "the alert's own size is 0"),
        (Quantity(QuantityUnit.LETTER, None, "C"), SizeMap({"A": 3, "C": 0}, 1), "size C is set to 0 units"),
        (None, SizeMap({"A": 3}, 0), "an alert without a size is set to 0 units"),
    ],
)
def test_a_size_of_nothing_enters_nothing_and_says_so(quantity: Quantity | None, sizes: SizeMap, words: str) -> None:
    action = AlertAction(
        ActionKind.OPEN, side=AlertSide.LONG, symbol="AAPL", price=D(5), stop=Level(LevelUnit.PRICE, D(4)),
        quantity=quantity,
    )  # fmt: skip
    context = replace(CONTEXT, route=replace(CONTEXT.route, sizes=sizes))
    found = resolve([action], Book(), context)
    assert isinstance(found, Hold)
    assert found.code == "SIZE_ZERO"
    assert found.words.startswith(words)
