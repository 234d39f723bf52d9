"""What the resolver makes of each entry: an order with its contract, size and exits, or a hold with its code."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from tests.alerts.binding_world import (
    BY_HAND,
    CALL,
    ES,
    KEY,
    LONG,
    MARKET,
    MES,
    ON_ES,
    OPTION,
    OTHER,
    PUT,
    D,
    K,
    answer,
    code,
    context,
    held,
    only,
    price,
)
from tradestream_gui.alerts.binding.binding import Book, CallState, EarlierCall, Prepared
from tradestream_gui.alerts.binding.intents import (
    DoneIntent,
    Hold,
    OpenIntent,
    PendingEntry,
    WithdrawIntent,
)
from tradestream_gui.alerts.binding.opening import OpeningContext, default_expiry
from tradestream_gui.alerts.binding.resolver import resolve
from tradestream_gui.domain.alert_profile import AddedMeans, DefaultExpiry
from tradestream_gui.domain.alerts import (
    AlertAction,
    AlertSide,
    Level,
    LevelUnit,
    PriceRange,
    Quantity,
    QuantityUnit,
)
from tradestream_gui.domain.ids import ClOrdId, LotId
from tradestream_gui.domain.instruments import Right
from tradestream_gui.domain.policies import DistanceUnit, PerAsset, SizeMap, TemplateTrail


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (replace(LONG, symbol=None), "NO_SYMBOL"),
        (replace(LONG, symbol="NOSUCH"), "UNKNOWN_SYMBOL"),
        (replace(LONG, symbol="ESU6"), "CONTRACT_EXPIRED"),
        (replace(OPTION, right=None), "NO_RIGHT"),
        (replace(OPTION, strike=None), "NO_STRIKE"),
        (replace(OPTION, expiry=date(2026, 11, 18)), "CONTRACT_EXPIRED"),
        (replace(OPTION, expiry=date(2026, 12, 19)), "EXPIRY_CLOSED"),
        (replace(OPTION, symbol="NOSUCH"), "UNKNOWN_SYMBOL"),
        (replace(LONG, symbol="GC", price=None), "QUOTE_MISSING"),
        (replace(LONG, price=D(6100)), "PRICE_IMPLAUSIBLE"),
        (replace(LONG, price=D("NaN")), "PRICE_IMPLAUSIBLE"),
        (replace(OPTION, price=D(0)), "PRICE_IMPLAUSIBLE"),
        (replace(LONG, price=PriceRange(D(6328), D(6326))), "PRICE_IMPLAUSIBLE"),
        (replace(OPTION, price=D("11.00"), stop=price("9")), "PRICE_IMPLAUSIBLE"),
        (replace(OPTION, price=D("2.00"), stop=price("1.50")), "PRICE_IMPLAUSIBLE"),
        (replace(OPTION, price=D("7.50"), stop=price("6")), "PRICE_FAR"),
        (replace(OPTION, strike=D(700)), "STRIKE_IMPLAUSIBLE"),
        (replace(LONG, stop=price("6330")), "STOP_WRONG_SIDE"),
        (replace(LONG, stop=price("6325.75")), "STOP_TOO_NEAR"),
        (replace(OPTION, stop=price("4.90")), "STOP_TOO_NEAR"),
        (replace(LONG, stop=price("10")), "STOP_IMPLAUSIBLE"),
        (replace(OPTION, stop=price("148")), "STOP_UNIT"),
        (replace(LONG, stop=Level(LevelUnit.BREAK_EVEN, None)), "STOP_UNIT"),
        (replace(LONG, stop=price("2", LevelUnit.R)), "STOP_UNIT"),
        (replace(LONG, quantity=Quantity(QuantityUnit.LETTER, None, "Q")), "SIZE_UNKNOWN"),
    ],
)
def test_an_entry_that_cannot_be_meant_is_held_with_its_code(action: AlertAction, expected: str) -> None:
    assert code(action) == expected


def test_two_entries_in_one_message_are_held() -> None:
    found = resolve([LONG, OPTION], Book(), MARKET)
    assert isinstance(found, Hold)
    assert found.code == "SEVERAL_ENTRIES"


def test_an_option_without_a_quote_of_its_underlying_is_judged_by_its_premium_alone() -> None:
    assert code(replace(OPTION, strike=D(150)), at=context({CALL: "5"})) == ""
    assert code(OPTION, at=context({})) == ""


def test_without_a_stop_the_template_gives_one_or_the_entry_is_held() -> None:
    template = replace(MARKET.route.exit_template(MES), elsewhere=None, stop_unit=DistanceUnit.POINTS)
    for distance, stop in ((D(8), D(6318)), (None, None)):
        exits = PerAsset(*[replace(template, stop_distance=distance)] * 3)
        at = replace(MARKET, route=replace(MARKET.route, exits=exits))
        if stop is None:
            assert code(replace(LONG, stop=None), at=at) == "STOP_MISSING"
        else:
            opened = only(replace(LONG, stop=None), at=at)
            assert isinstance(opened, OpenIntent)
            assert opened.ticket.protective_stop == stop


@pytest.mark.parametrize(
    ("level", "stop"),
    [
        (price("6316.10"), "6316.00"),
        (price("10", LevelUnit.POINTS), "6316"),
        (price("40", LevelUnit.TICKS), "6316"),
        (price("1", LevelUnit.PERCENT), "6262.50"),
    ],
)
def test_each_unit_of_a_stop_becomes_a_price_on_the_tick(level: Level, stop: str) -> None:
    opened = only(replace(LONG, stop=level))
    assert isinstance(opened, OpenIntent)
    assert opened.ticket.protective_stop == D(stop)


@pytest.mark.parametrize(
    ("levels", "targets", "layer"),
    [
        ((price("6333"), price("6338")), ["6333", "6338"], "alert"),
        ((price("2", LevelUnit.R),), ["6346"], "alert"),
        ((price("28", LevelUnit.TICKS), price("12", LevelUnit.POINTS)), ["6333", "6338"], "alert"),
        ((price("6333"), price("6300")), ["6333"], "alert; 1 of the alert's own dropped"),
        ((price("9000"),), None, "; 1 of the alert's own dropped"),
    ],
)
def test_the_alerts_own_targets_win_unless_they_cannot_be_meant(
    levels: tuple[Level, ...], targets: list[str] | None, layer: str
) -> None:
    opened = only(replace(LONG, targets=levels))
    assert isinstance(opened, OpenIntent)
    told = dict(opened.layers)["targets"]
    if targets is None:
        assert told.endswith(layer)
        assert D(9000) not in [at for at, _ in opened.ticket.allocations]
    else:
        assert ([at for at, _ in opened.ticket.allocations], told) == ([D(at) for at in targets], layer)


@pytest.mark.parametrize(
    ("side", "stop", "reference", "limit"),
    [(AlertSide.LONG, "6316", "6324", "6327"), (AlertSide.SHORT, "6336", "6327", "6324")],
)
def test_a_range_is_entered_from_its_better_end_to_its_worse_one(
    side: AlertSide, stop: str, reference: str, limit: str
) -> None:
    opened = only(replace(LONG, side=side, stop=price(stop), price=PriceRange(D(6324), D(6327))))
    assert isinstance(opened, OpenIntent)
    assert (opened.ticket.reference_price, opened.ticket.limit_price) == (D(reference), D(limit))


def test_a_template_that_trails_gives_the_ticket_its_trail() -> None:
    template = MARKET.route.exit_template(MES)
    trail = TemplateTrail(D(1), D("1.5"), D("0.25"), DistanceUnit.R)
    exits = PerAsset(*[replace(template, trail=trail, elsewhere=None)] * 3)
    opened = only(LONG, at=replace(MARKET, route=replace(MARKET.route, exits=exits)))
    assert isinstance(opened, OpenIntent)
    rule = opened.ticket.trail
    assert rule is not None
    assert (rule.distance, rule.activate_after, rule.step) == (D(10), D(15), D("2.5"))


def test_full_size_alerts_go_to_the_micro_or_keep_it_for_when_nothing_else_fits() -> None:
    small, large = only(LONG), only(LONG, at=ON_ES)
    assert isinstance(small, OpenIntent)
    assert isinstance(large, OpenIntent)
    assert (small.instrument, small.micro) == (MES, None)
    assert large.instrument == ES
    assert large.micro is not None
    assert large.micro.instrument_id == MES.instrument_id
    assert code(replace(LONG, symbol="NQ", price=D(22000), stop=price("21950")), at=ON_ES) == ""


@pytest.mark.parametrize(
    ("quantity", "qty"),
    [
        (None, 4),
        (Quantity(QuantityUnit.COUNT, Fraction(7)), 7),
        (Quantity(QuantityUnit.LETTER, None, "a"), 12),
        (Quantity(QuantityUnit.FRACTION, Fraction(1, 2)), 2),
        (Quantity(QuantityUnit.PERCENT, Fraction(150)), 6),
        (Quantity(QuantityUnit.PERCENT, Fraction(1)), 1),
    ],
)
def test_a_wished_size_in_each_of_its_units(quantity: Quantity | None, qty: int) -> None:
    sized = replace(MARKET, route=replace(MARKET.route, sizes=SizeMap({"A": 12}, 4)))
    opened = only(replace(LONG, quantity=quantity), at=sized)
    assert isinstance(opened, OpenIntent)
    assert opened.ticket.order_qty == qty


def test_a_size_word_of_the_room_multiplies_the_size() -> None:
    profile = replace(MARKET.profile, size_words=(("lotto", Fraction(1, 4)),))
    sized = replace(MARKET, profile=profile, route=replace(MARKET.route, sizes=SizeMap({}, 8)))
    for words, qty in ((("lotto",), 2), ((), 8)):
        opened = only(replace(LONG, size_words=words), at=sized)
        assert isinstance(opened, OpenIntent)
        assert opened.ticket.order_qty == qty


@pytest.mark.parametrize(
    ("today", "policy", "expected"),
    [
        (date(2026, 11, 19), DefaultExpiry.TODAY, date(2026, 11, 19)),
        (date(2026, 11, 26), DefaultExpiry.TODAY, None),
        (date(2026, 11, 19), DefaultExpiry.FRIDAY, date(2026, 11, 20)),
        (date(2026, 12, 21), DefaultExpiry.FRIDAY, date(2026, 12, 24)),
        (date(2026, 11, 19), DefaultExpiry.NONE, None),
    ],
)
def test_a_missing_expiry_is_the_rooms_or_nobodys(today: date, policy: DefaultExpiry, expected: date | None) -> None:
    assert default_expiry(policy, replace(MARKET, exchange_date=today)) == expected


def test_an_option_without_an_expiry_is_held_or_takes_the_rooms_and_says_assumed() -> None:
    silent = replace(OPTION, expiry=None)
    none = replace(MARKET, profile=replace(MARKET.profile, default_expiry=DefaultExpiry.NONE))
    assert code(silent, at=none) == "NO_EXPIRY"
    friday = replace(MARKET, profile=replace(MARKET.profile, default_expiry=DefaultExpiry.FRIDAY))
    opened = only(silent, at=friday)
    assert isinstance(opened, OpenIntent)
    assert dict(opened.layers)["expiry"] == "assumed: friday"


WAITING = replace(LONG, kind=K.OPEN_IF, price=None, trigger=price("6326"))


@pytest.mark.parametrize(
    ("action", "at", "words"),
    [
        (replace(WAITING, trigger=None), MARKET, "something that cannot be watched"),
        (replace(WAITING, trigger=Level(LevelUnit.BREAK_EVEN, None)), MARKET, "something that cannot be watched"),
        (replace(WAITING, trigger=price("6326", candle_minutes=5)), MARKET, "something that cannot be watched"),
        (WAITING, context({}), "which has no quote here"),
        (replace(WAITING, trigger=price("6340")), BY_HAND, "approve it when it comes"),
        (replace(WAITING, side=AlertSide.SHORT, trigger=price("6300")), BY_HAND, "approve it when it comes"),
        (WAITING, MARKET, "approve it to enter now"),
    ],
)
def test_an_entry_that_waits_for_a_level_is_held_until_it_came_and_a_person_says_yes(
    action: AlertAction, at: OpeningContext, words: str
) -> None:
    found = answer(action, at=at)
    assert isinstance(found, Hold)
    assert found.code == "CONDITIONAL"
    assert words in found.words


def test_an_entry_whose_contract_is_not_known_waits_for_nothing() -> None:
    assert code(replace(WAITING, symbol="NOSUCH")) == "UNKNOWN_SYMBOL"


def test_a_level_that_has_come_is_entered_at_it_once_a_person_says_yes() -> None:
    opened = only(WAITING, at=BY_HAND)
    assert isinstance(opened, OpenIntent)
    assert opened.ticket.reference_price == D(6326)
    said = only(replace(WAITING, price=D(6327)), at=BY_HAND)
    assert isinstance(said, OpenIntent)
    assert said.ticket.reference_price == D(6327)


@pytest.mark.parametrize(
    ("right", "strike", "level", "enters"),
    [(Right.CALL, 150, "149", True), (Right.CALL, 150, "151", False), (Right.PUT, 140, "151", True),
     (Right.PUT, 140, "149", False)],
)  # fmt: skip
def test_calls_wait_for_the_underlying_to_break_up_and_puts_for_it_to_break_down(
    right: Right, strike: int, level: str, enters: bool
) -> None:
    waiting = replace(
        OPTION, kind=K.OPEN_IF, right=right, strike=D(strike), price=None, stop=price("50", LevelUnit.PERCENT),
        trigger=price(level, LevelUnit.UNDERLYING),
    )  # fmt: skip
    found = answer(waiting, at=BY_HAND)
    if not enters:
        assert isinstance(found, Hold)
        assert found.words.startswith("waits for AAPL at")
        return
    assert not isinstance(found, Hold), found
    (opened,) = found
    assert isinstance(opened, OpenIntent)
    assert opened.said_price is None


LOADED = Prepared(KEY, replace(OPTION, stop=price("3.50")))
BARE = AlertAction(K.OPEN, price=D("5.05"))


def test_an_entry_without_a_contract_is_built_from_the_one_loaded() -> None:
    opened = only(BARE, Book(prepared=(LOADED,)))
    assert isinstance(opened, OpenIntent)
    assert (opened.instrument, opened.ticket.reference_price, opened.ticket.protective_stop) == (
        CALL, D("5.05"), D("3.50"),
    )  # fmt: skip
    assert dict(opened.layers)["contract"] == "loaded alert"
    card = answer(BARE, Book(prepared=(replace(LOADED, is_card=True),)))
    assert not isinstance(card, Hold)
    assert isinstance(card[0], WithdrawIntent)
    assert card[0].message_key == KEY


@pytest.mark.parametrize(
    ("action", "prepared", "expected"),
    [
        (BARE, (), "NO_SYMBOL"),
        (BARE, (LOADED, Prepared(OTHER, replace(OPTION, strike=D(140), right=Right.PUT))), "WHICH_CONTRACT"),
        (BARE, (Prepared(KEY, replace(OPTION, symbol=None)),), "NO_SYMBOL"),
        (replace(BARE, strike=D(140)), (LOADED,), "NO_SYMBOL"),
        (replace(BARE, right=Right.PUT), (LOADED,), "NO_SYMBOL"),
        (replace(BARE, strike=D(150), right=Right.CALL), (LOADED,), ""),
    ],
)
def test_an_entry_without_a_contract_needs_exactly_one_that_fits(
    action: AlertAction, prepared: tuple[Prepared, ...], expected: str
) -> None:
    assert code(action, Book(prepared=prepared)) == expected


@pytest.mark.parametrize(
    ("action", "called", "is_fill"),
    [
        (BARE, OPTION, True),
        (replace(BARE, price=D("6.50")), OPTION, False),
        (replace(BARE, price=None), OPTION, True),
        (BARE, replace(OPTION, price=None), True),
        (replace(BARE, price=PriceRange(D(5), D("5.10"))), OPTION, False),
        (replace(BARE, again=True), OPTION, False),
        (replace(BARE, strike=D(155)), OPTION, False),
        (replace(BARE, right=Right.PUT), OPTION, False),
        (BARE, replace(OPTION, symbol=None), False),
    ],
)
def test_an_authors_own_fill_of_what_he_just_called_enters_nothing(
    action: AlertAction, called: AlertAction, is_fill: bool
) -> None:
    call = EarlierCall(KEY, called, CallState.FILLED)
    found = answer(action, Book(amendable=call))
    if is_fill:
        assert not isinstance(found, Hold)
        assert isinstance(found[0], DoneIntent)
        assert found[0].code == "FILL_REPORT"
    else:
        assert isinstance(found, Hold)
        assert found.code == "NO_SYMBOL"


ADD = replace(LONG, kind=K.ADD)


def adding(allowed: int = 1, means: AddedMeans = AddedMeans.AVERAGE) -> OpeningContext:
    return replace(MARKET, profile=replace(MARKET.profile, adds_allowed=allowed, added_means=means))


def test_an_add_joins_the_open_lot_as_often_as_the_room_allows() -> None:
    joined = only(ADD, Book(positions=(held(),)), adding())
    assert isinstance(joined, OpenIntent)
    assert joined.ticket.lot_id == LotId("L1")
    pending = PendingEntry(ClOrdId("c1"), MES, KEY, LotId("L1"))
    assert code(ADD, Book(positions=(held(),), pending=(pending,)), adding()) == "ADDS_LIMIT"
    assert code(ADD, Book(positions=(held(),)), adding(0)) == "ADDS_LIMIT"
    assert code(replace(ADD, stop=price("6340")), Book(positions=(held(),)), adding()) == "STOP_WRONG_SIDE"


def test_an_add_to_nothing_opens_only_where_the_room_means_that() -> None:
    closed = Book(closed=(held(qty=0, exited=4),))
    assert code(ADD, Book(), adding()) == "NO_POSITION"
    assert code(ADD, closed, adding()) == "NO_POSITION"
    assert isinstance(only(ADD, Book(), adding(means=AddedMeans.NEW)), OpenIntent)
    assert code(replace(ADD, symbol=None), Book(), adding(means=AddedMeans.NEW)) == "NO_POSITION"


def test_an_add_that_could_mean_two_contracts_asks() -> None:
    both = Book(positions=(held(CALL, entry="5"), held(PUT, entry="4", number=2)))
    everything = AlertAction(K.ADD, everything=True, price=D(5), stop=price("4"))
    assert code(everything, both, adding()) == "WHICH_POSITION"
