"""What the resolver makes of each exit and change: exactly the position that is meant, or a hold with its code."""

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.alerts.binding_world import (
    BY_HAND,
    CALL,
    ENTRY,
    KEY,
    LONG,
    MARKET,
    MES,
    NQ,
    OTHER,
    D,
    K,
    answer,
    call,
    code,
    context,
    held,
    only,
    price,
)
from tradestream_gui.alerts.binding.binding import Book, CallState
from tradestream_gui.alerts.binding.intents import (
    CancelIntent,
    CloseIntent,
    ContractWanted,
    DoneIntent,
    Hold,
    OpenPosition,
    PendingEntry,
    StopIntent,
    TargetIntent,
    WithdrawIntent,
)
from tradestream_gui.alerts.binding.opening import OpeningContext
from tradestream_gui.domain.alerts import (
    AlertAction,
    FieldEvidence,
    Level,
    LevelUnit,
    Quantity,
    QuantityUnit,
)
from tradestream_gui.domain.exits import TargetStep
from tradestream_gui.domain.ids import ClOrdId, LotId
from tradestream_gui.domain.orders import Side


def test_out_closes_what_is_open_and_takes_back_what_waits() -> None:
    pending = PendingEntry(ClOrdId("c1"), MES, OTHER, LotId("L2"))
    out = AlertAction(K.CLOSE, symbol="ES")
    found = answer(out, Book(positions=(held(),), pending=(pending,), not_taken=(call(CallState.UNSENT),)))
    assert not isinstance(found, Hold)
    assert [type(one) for one in found] == [CancelIntent, WithdrawIntent, CloseIntent]
    waits = answer(out, Book(pending=(pending,)))
    assert not isinstance(waits, Hold)
    assert [type(one) for one in waits] == [CancelIntent]
    assert code(out, Book()) == "NO_POSITION"


def test_out_of_what_is_flat_already_says_so_and_still_calls_off_what_waits() -> None:
    flat = (held(qty=0, exited=4),)
    out = AlertAction(K.CLOSE, symbol="ES")
    done = only(out, Book(closed=flat))
    assert isinstance(done, DoneIntent)
    assert done.code == "ALREADY_FLAT"
    pending = PendingEntry(ClOrdId("c1"), MES, OTHER, LotId("L2"))
    assert isinstance(only(out, Book(closed=flat, pending=(pending,))), CancelIntent)
    assert isinstance(only(AlertAction(K.TRIM, symbol="ES"), Book(closed=flat)), DoneIntent)
    assert isinstance(only(AlertAction(K.TRIM), Book(closed=flat)), DoneIntent)
    assert isinstance(only(AlertAction(K.CLOSE, everything=True), Book(closed=flat)), DoneIntent)


def test_out_of_everything_leaves_every_position_and_nothing_else() -> None:
    everything = AlertAction(K.CLOSE, everything=True)
    found = answer(everything, Book(positions=(held(), held(CALL, entry="5", number=2))))
    assert not isinstance(found, Hold)
    assert [type(one) for one in found] == [CloseIntent, CloseIntent]
    assert code(everything) == "NO_POSITION"


CANCEL = AlertAction(K.CANCEL)


@pytest.mark.parametrize(
    ("action", "book", "expected"),
    [
        (CANCEL, Book(), "NOTHING_TO_CANCEL"),
        (CANCEL, Book(positions=(held(),)), "CANCEL_AFTER_FILL"),
        (CANCEL, Book(pending=(ENTRY, replace(ENTRY, cl_ord_id=ClOrdId("c2")))), "WHICH_ORDER"),
        (CANCEL, Book(pending=(ENTRY,), not_taken=(call(CallState.UNSENT),)), "WHICH_ORDER"),
        (replace(CANCEL, everything=True), Book(not_taken=(call(CallState.UNSENT),) * 2), "WHICH_ORDER"),
        (CANCEL, Book(pending=(ENTRY,), replies=(OTHER,)), "NOTHING_TO_CANCEL"),
    ],
)
def test_a_cancel_that_is_not_clear_asks(action: AlertAction, book: Book, expected: str) -> None:
    assert code(action, book) == expected


def test_a_cancel_takes_back_the_one_entry_or_card_that_waits() -> None:
    assert only(CANCEL, Book(pending=(ENTRY,))) == CancelIntent(ClOrdId("c1"))
    assert only(CANCEL, Book(pending=(ENTRY,), replies=(KEY,))) == CancelIntent(ClOrdId("c1"))
    assert only(CANCEL, Book(pending=(ENTRY,), replies=(OTHER, KEY))) == CancelIntent(ClOrdId("c1"))  # under a comment
    card = Book(not_taken=(call(CallState.UNSENT),))
    for action, book in ((CANCEL, card), (CANCEL, replace(card, replies=(KEY,))), (replace(CANCEL, symbol="ES"), card)):
        withdrawn = only(action, book)
        assert isinstance(withdrawn, WithdrawIntent)
        assert withdrawn.words == "ES was called off before it was sent"
    unnamed = only(CANCEL, Book(not_taken=(call(CallState.UNSENT, replace(LONG, symbol=None)),)))
    assert isinstance(unnamed, WithdrawIntent)
    assert unnamed.words.startswith("the entry was called off")


TRIM = AlertAction(K.TRIM)


@pytest.mark.parametrize(
    ("quantity", "done"),
    [
        (None, True),
        (Quantity(QuantityUnit.LETTER, None, "A"), True),
        (Quantity(QuantityUnit.COUNT, Fraction(1)), True),
        (Quantity(QuantityUnit.FRACTION, Fraction(1, 2)), True),
        (Quantity(QuantityUnit.FRACTION, Fraction(3, 4)), False),
        (Quantity(QuantityUnit.PERCENT, Fraction(50)), True),
        (Quantity(QuantityUnit.PERCENT, Fraction(75)), False),
        (Quantity(QuantityUnit.LEAVE, Fraction(2)), True),
        (Quantity(QuantityUnit.LEAVE, Fraction(1)), False),
    ],
)
def test_a_trim_that_our_own_plan_has_done_already_sells_nothing(quantity: Quantity | None, done: bool) -> None:
    ours = held(qty=2, exited=2, targets=(TargetStep(D(6333), 2, 2), TargetStep(D(6338), 2)))
    found = only(replace(TRIM, quantity=quantity), Book(positions=(ours,)))
    if done:
        assert isinstance(found, DoneIntent)
        assert found.words == "our plan has already sold 2 of 4 MES Dec26"
    else:
        assert isinstance(found, CloseIntent)
        assert found.qty == 1


@pytest.mark.parametrize(
    ("quantity", "qty"),
    [
        (None, 4),
        (Quantity(QuantityUnit.COUNT, Fraction(2)), 2),
        (Quantity(QuantityUnit.COUNT, Fraction(99)), 4),
        (Quantity(QuantityUnit.FRACTION, Fraction(1, 4)), 2),
        (Quantity(QuantityUnit.PERCENT, Fraction(75)), 6),
        (Quantity(QuantityUnit.LEAVE, Fraction(1)), 6),
    ],
)
def test_a_trim_sells_its_part_and_never_the_last(quantity: Quantity | None, qty: int) -> None:
    half = replace(MARKET, profile=replace(MARKET.profile, trim_fraction=Fraction(1, 2)))
    found = only(replace(TRIM, quantity=quantity), Book(positions=(held(qty=7),)), half)
    assert isinstance(found, CloseIntent)
    assert found.qty == qty


def test_a_trim_takes_the_oldest_lot_of_its_contract_first() -> None:
    two = Book(positions=(held(qty=2), held(qty=4, number=2, key=OTHER)))
    found = answer(replace(TRIM, quantity=Quantity(QuantityUnit.PERCENT, Fraction(50))), two)
    assert not isinstance(found, Hold)
    assert [(one.lot.lot_id, one.qty) for one in found if isinstance(one, CloseIntent)] == [("L1", 2), ("L2", 1)]


def test_a_trim_of_one_contract_or_of_everything_in_several_asks() -> None:
    assert code(TRIM, Book(positions=(held(qty=1),))) == "LAST_CONTRACT"
    everything = replace(TRIM, everything=True)
    assert code(everything, Book(positions=(held(), held(CALL, entry="5", number=2)))) == "WHICH_POSITION"


STOPPED = AlertAction(K.CLOSE, evidence=(FieldEvidence("action", 0, 7, "stopped", "stopped out"),))


@pytest.mark.parametrize(
    ("ours", "at", "expected"),
    [
        (held(stop="6300"), MARKET, "STOP_NOT_HIT"),
        (held(stop="6300"), BY_HAND, ""),
        (held(stop="6325"), MARKET, ""),
        (held(), MARKET, ""),
        (held(stop="6300"), context({}), ""),
        (held(side=Side.SELL, stop="6350", entry="6340"), MARKET, "STOP_NOT_HIT"),
    ],
)
def test_the_authors_stop_is_not_ours_while_ours_rests_far_from_the_market(
    ours: OpenPosition, at: OpeningContext, expected: str
) -> None:
    assert code(STOPPED, Book(positions=(ours,)), at) == expected


def test_a_plan_whose_first_stop_nobody_knows_is_judged_by_the_one_that_rests() -> None:
    ours = held(stop="6300")
    assert ours.plan is not None
    adopted = replace(ours, plan=replace(ours.plan, initial_stop_price=None))
    assert code(STOPPED, Book(positions=(adopted,))) == "STOP_NOT_HIT"


STOP = AlertAction(K.SET_STOP, stop=price("6318"))
EVEN = AlertAction(K.SET_STOP, stop=Level(LevelUnit.BREAK_EVEN, None))


@pytest.mark.parametrize(
    ("action", "positions", "at", "expected"),
    [
        (replace(STOP, stop=None), (held(),), MARKET, "NO_STOP_LEVEL"),
        (replace(STOP, everything=True), (held(), held(NQ, entry="21900", number=2)), MARKET, "WHICH_POSITION"),
        (STOP, (held(),), context({}), "QUOTE_MISSING"),
        (replace(STOP, stop=price("6318", candle_minutes=5)), (held(),), MARKET, "STOP_UNIT"),
        (replace(STOP, stop=price("150", LevelUnit.UNDERLYING)), (held(CALL, entry="4"),), MARKET, "STOP_UNIT"),
        (replace(STOP, stop=price("148")), (held(CALL, entry="4"),), MARKET, "STOP_UNIT"),
        (replace(STOP, stop=price("50")), (held(CALL, entry="4"),), MARKET, "STOP_UNIT"),
        (replace(STOP, stop=price("4.50")), (held(CALL, entry="4"),), MARKET, ""),
        (replace(STOP, stop=price("6330")), (held(),), MARKET, "STOP_THROUGH"),
        (replace(STOP, stop=price("6320")), (held(side=Side.SELL),), MARKET, "STOP_THROUGH"),
        (EVEN, (held(entry="6330"),), MARKET, "STOP_THROUGH"),
        (STOP, (held(stop="6319"),), MARKET, "STOP_WIDER"),
        (replace(STOP, stop=price("10")), (held(),), BY_HAND, "STOP_IMPLAUSIBLE"),
        (STOP, (held(stop="6319"),), BY_HAND, ""),
        (STOP, (held(stop="6316"),), MARKET, ""),
    ],
)
def test_a_new_stop_is_taken_or_held_with_its_code(
    action: AlertAction, positions: tuple[OpenPosition, ...], at: OpeningContext, expected: str
) -> None:
    assert code(action, Book(positions=positions), at) == expected


def test_words_of_a_stop_on_an_option_say_what_the_level_is() -> None:
    near = answer(replace(STOP, stop=price("148")), Book(positions=(held(CALL, entry="4"),)))
    odd = answer(replace(STOP, stop=price("50")), Book(positions=(held(CALL, entry="4"),)))
    assert isinstance(near, Hold)
    assert isinstance(odd, Hold)
    assert "148 is a level of the underlying" in near.words
    assert "50 is not clearly a premium" in odd.words


def test_break_even_is_our_own_fill_for_every_position() -> None:
    found = answer(replace(EVEN, everything=True), Book(positions=(held(), held(CALL, entry="4", number=2))))
    assert not isinstance(found, Hold)
    assert [one.stop_price for one in found if isinstance(one, StopIntent)] == [None, None]
    assert only(STOP, Book(positions=(held(),))) == StopIntent(held().lot, D(6318), "only open position")


TARGETS = AlertAction(K.SET_TARGET, targets=(price("6333"), price("6338")))


def test_new_targets_share_alike_or_are_held() -> None:
    moved = only(TARGETS, Book(positions=(held(),)))
    assert isinstance(moved, TargetIntent)
    assert moved.allocations == ((D(6333), D("0.5")), (D(6338), D("0.5")))
    everything = replace(TARGETS, everything=True)
    assert code(everything, Book(positions=(held(), held(NQ, number=2)))) == "WHICH_POSITION"
    for levels in ((price("6333"), price("6300")), (price("9000"),), ()):
        assert code(replace(TARGETS, targets=levels), Book(positions=(held(),))) == "TARGET_UNIT"


@pytest.mark.parametrize(
    ("action", "book", "expected"),
    [
        (replace(STOP, symbol="NQ"), Book(positions=(held(),), replies=(KEY,)), "REPLY_DIFFERS"),
        (STOP, Book(not_taken=(call(CallState.NOT_TAKEN),), replies=(KEY,)), "NO_POSITION"),
        (STOP, Book(positions=(held(),), pending=(replace(ENTRY, instrument=NQ),)), "WHICH_POSITION"),
        (STOP, Book(positions=(held(), held(NQ, number=2))), "WHICH_POSITION"),
        (STOP, Book(positions=(held(),), not_taken=(call(CallState.NOT_TAKEN, replace(LONG, symbol="NQ")),)),
         "WHICH_POSITION"),
        (STOP, Book(positions=(held(),), not_taken=(call(CallState.NOT_TAKEN, replace(LONG, symbol=None)),)),
         "WHICH_POSITION"),
        (STOP, Book(positions=(held(),), not_taken=(call(CallState.NOT_TAKEN),)), ""),
        (STOP, Book(), "NO_POSITION"),
        (replace(STOP, symbol="ES"), Book(closed=(held(qty=0, exited=4),), not_taken=(call(CallState.NOT_TAKEN),)),
         "NO_POSITION"),
    ],
)  # fmt: skip
def test_a_change_goes_to_the_position_that_is_meant_or_asks(action: AlertAction, book: Book, expected: str) -> None:
    assert code(action, book) == expected


def test_a_reply_to_a_trade_that_is_over_changes_nothing() -> None:
    done = only(STOP, Book(closed=(held(qty=0, exited=4),), replies=(KEY,)))
    assert isinstance(done, DoneIntent)
    assert (done.code, done.bound_by) == ("ALREADY_FLAT", "reply")
    skipped = only(STOP, Book(positions=(held(key=OTHER),), replies=(KEY, OTHER)))
    assert isinstance(skipped, StopIntent)
    assert skipped.bound_by == "reply"


def test_an_entry_that_is_named_or_replied_to_is_the_one_taken_back() -> None:
    other = PendingEntry(ClOrdId("c2"), NQ, OTHER, LotId("L2"))
    both = Book(pending=(ENTRY, other))
    out = AlertAction(K.CLOSE)
    assert code(out, both) == "NO_POSITION"
    assert only(replace(out, symbol="NQ"), both) == CancelIntent(ClOrdId("c2"))
    assert only(out, replace(both, replies=(OTHER,))) == CancelIntent(ClOrdId("c2"))
    every = answer(replace(out, everything=True), both)
    assert not isinstance(every, Hold)
    assert list(every) == [CancelIntent(ClOrdId("c1")), CancelIntent(ClOrdId("c2"))]
    made = replace(both, positions=(held(),), replies=(KEY,), pending=(other,))
    assert isinstance(only(out, made), CloseIntent)


def test_the_contract_in_the_words_replied_to_is_the_one_that_is_meant() -> None:
    both = Book(positions=(held(), held(CALL, entry="4", number=2)))
    assert code(TRIM, both) == "WHICH_POSITION"
    quoted = replace(both, quoted=ContractWanted("AAPL", None, None, None))
    found = only(TRIM, quoted)
    assert isinstance(found, CloseIntent)
    assert (found.lot.lot_id, found.bound_by) == (LotId("L2"), "reply")
