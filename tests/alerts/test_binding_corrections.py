"""What a correction comes to before and after the fill, and which calls still stand."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.alerts.binding_world import (
    BY_HAND,
    CALL,
    ENTRY,
    KEY,
    LONG,
    MARKET,
    NOTHING,
    NOW,
    OPTION,
    SAID,
    D,
    K,
    answer,
    call,
    code,
    held,
    plan,
    price,
)
from tradestream_gui.alerts.binding.binding import Book, CallState, EarlierCall
from tradestream_gui.alerts.binding.calls import calls_of, states_of
from tradestream_gui.alerts.binding.corrections import as_correction
from tradestream_gui.alerts.binding.intents import (
    CancelIntent,
    DoneIntent,
    Hold,
    PendingEntry,
    PlanIntent,
    ReviseIntent,
    StopIntent,
    TargetIntent,
)
from tradestream_gui.alerts.binding.opening import OpeningContext
from tradestream_gui.domain.alerts import (
    AlertAction,
    LevelUnit,
    Quantity,
    QuantityUnit,
)
from tradestream_gui.domain.ids import ClOrdId, MessageKey
from tradestream_gui.domain.messages import MessageRevision

AMEND = AlertAction(K.AMEND)
WORKS = replace(ENTRY, plan=plan())
FILLED_AT = AlertAction(K.OPEN, price=D("5.05"))


def amended(correction: AlertAction, state: CallState, book: Book = NOTHING, at: OpeningContext = MARKET) -> Any:
    found = answer(replace(correction, kind=K.AMEND), replace(book, amendable=call(state)), at)
    return found.code if isinstance(found, Hold) else list(found)


def test_a_correction_of_nothing_or_to_the_same_does_nothing() -> None:
    assert code(AMEND) == "NOTHING_TO_AMEND"
    (same,) = amended(replace(AMEND, price=D(6326)), CallState.FILLED)
    assert (type(same), same.code) == (DoneIntent, "UNCHANGED")
    (late,) = amended(replace(AMEND, price=D(6327)), CallState.CLOSED)
    assert "the trade is closed already" in late.words


def test_a_corrected_entry_that_waits_is_proposed_anew_never_sent() -> None:
    (card,) = amended(replace(AMEND, price=D(6327)), CallState.UNSENT)
    assert isinstance(card, ReviseIntent)
    assert card.action.price == D(6327)
    cancel, proposed = amended(replace(AMEND, price=D(6327)), CallState.WORKING, Book(pending=(WORKS,)))
    assert cancel == CancelIntent(ClOrdId("c1"))
    assert isinstance(proposed, ReviseIntent)


@pytest.mark.parametrize(
    ("correction", "entry", "at", "expected"),
    [
        (replace(AMEND, stop=price("6310")), replace(WORKS, plan=None), MARKET, "AMENDED"),
        (replace(AMEND, stop=price("6330")), WORKS, MARKET, "STOP_UNIT"),
        (replace(AMEND, stop=price("6310", LevelUnit.UNDERLYING)), WORKS, MARKET, "STOP_UNIT"),
        (replace(AMEND, stop=price("6310")), WORKS, MARKET, "STOP_WIDER"),
        (replace(AMEND, stop=price("6310")), WORKS, BY_HAND, (D(6310), ())),
        (replace(AMEND, stop=price("6318")), WORKS, MARKET, (D(6318), ())),
        (replace(AMEND, stop=price("6318")), replace(WORKS, plan=plan(stop=None)), MARKET, (D(6318), ())),
        (replace(AMEND, targets=(price("6320"),)), WORKS, MARKET, "TARGET_UNIT"),
        (replace(AMEND, targets=(price("6340"),)), WORKS, MARKET, (None, ((D(6340), D(1)),))),
    ],
)
def test_corrected_exits_go_into_the_plan_of_an_entry_that_works(
    correction: AlertAction, entry: PendingEntry, at: OpeningContext, expected: object
) -> None:
    found = amended(correction, CallState.WORKING, Book(pending=(entry,)), at)
    if isinstance(found, str):
        assert found == expected
    else:
        (change,) = found
        assert isinstance(change, PlanIntent)
        assert (change.stop_price, change.allocations) == expected


def test_an_entry_at_the_market_has_no_price_to_measure_corrected_exits_by() -> None:
    at_market = EarlierCall(KEY, replace(LONG, price=None, at_market=True), CallState.WORKING)
    found = answer(replace(AMEND, stop=price("6318")), Book(pending=(WORKS,), amendable=at_market))
    assert isinstance(found, Hold)
    assert found.code == "AMENDED"


@pytest.mark.parametrize(
    ("correction", "expected"),
    [
        (replace(AMEND, symbol="NQ"), "AMENDED_AFTER_FILL"),
        (replace(AMEND, quantity=Quantity(QuantityUnit.COUNT, Fraction(2))), "AMENDED_AFTER_FILL"),
        (replace(AMEND, stop=price("6330")), "STOP_THROUGH"),
        (replace(AMEND, targets=(price("6300"),)), "TARGET_UNIT"),
        (replace(AMEND, price=D(6325)), [DoneIntent]),
        (replace(AMEND, stop=price("6318")), [StopIntent]),
        (replace(AMEND, targets=(price("6333"),)), [TargetIntent]),
        (replace(AMEND, stop=price("6318"), targets=(price("6333"),)), [StopIntent, TargetIntent]),
    ],
)
def test_a_correction_after_the_fill_moves_exits_and_asks_about_all_else(
    correction: AlertAction, expected: object
) -> None:
    found = amended(correction, CallState.FILLED, Book(positions=(held(),)))
    assert (found if isinstance(found, str) else [type(one) for one in found]) == expected


def said(minutes: int, key: str, reply_to: str | None = None) -> MessageRevision:
    at = NOW - timedelta(minutes=minutes)
    reply = MessageKey(reply_to) if reply_to else None
    return replace(SAID, message_key=MessageKey(key), sent_at=at, received_at=at, reply_to=reply)


def test_what_the_author_called_and_ended_again_is_no_open_call() -> None:
    unknown = states_of(Book(), ())
    opened = (said(30, "a"), [LONG])
    for ending, left in (
        ((said(20, "b"), [AlertAction(K.CLOSE)]), 0),
        ((said(20, "b"), [AlertAction(K.CLOSE, symbol="ES")]), 0),
        ((said(20, "b"), [AlertAction(K.CLOSE, symbol="NQ")]), 1),
        ((said(20, "b", reply_to="a"), [AlertAction(K.CANCEL)]), 0),
        ((said(20, "b", reply_to="c"), [AlertAction(K.CLOSE)]), 1),
    ):
        assert len(calls_of([opened, ending], unknown, NOW, holds=False).not_taken) == left
    unclear = [opened, (said(20, "b"), [AlertAction(K.CLOSE)])]
    assert len(calls_of(unclear, unknown, NOW, holds=True).not_taken) == 1


def test_a_correction_changes_the_last_call_and_one_of_nothing_changes_nothing() -> None:
    correction = replace(AMEND, price=D(6330))
    nothing = calls_of([(said(20, "b"), [correction])], states_of(Book(), ()), NOW, holds=False)
    assert (nothing.last, nothing.not_taken) == (None, [])
    both = calls_of([(said(30, "a"), [LONG]), (said(20, "b"), [correction])], states_of(Book(), ()), NOW, holds=False)
    assert both.last is not None
    assert both.last.action.price == D(6330)
    assert [one.action.price for one in both.not_taken] == [D(6330)]


def test_an_option_that_has_expired_is_no_open_call_and_neither_is_a_fill_told_of_ours() -> None:
    gone = (said(30, "a"), [replace(OPTION, expiry=date(2026, 11, 18))])
    assert not calls_of([gone], states_of(Book(), ()), NOW, holds=False).not_taken
    filled = states_of(Book(positions=(held(CALL, entry="5", key=MessageKey("a")),)), ())
    told = calls_of([(said(30, "a"), [OPTION]), (said(20, "b"), [FILLED_AT])], filled, NOW, holds=True)
    assert (list(told.latest), told.not_taken) == ([MessageKey("a")], [])


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (replace(LONG, price=D(6327)), replace(AMEND, price=D(6327))),
        (replace(LONG, kind=K.CLOSE), None),
        (replace(LONG, stop=None), None),
        (LONG, AMEND),
    ],
    ids=["another price", "another kind", "a field gone", "the same"],
)
def test_an_edit_is_a_correction_unless_it_became_something_else(
    later: AlertAction, expected: AlertAction | None
) -> None:
    assert as_correction(LONG, later) == expected
