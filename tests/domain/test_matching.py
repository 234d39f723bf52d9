"""The fill model on quotes and prints: what a market really gave, and nothing better."""

from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument, Right, TickBand
from tradestream_gui.domain.matching import (
    STANDARD_FILLS,
    Execution,
    MarketView,
    Match,
    RestingOrder,
    match_print,
    match_quote,
)
from tradestream_gui.domain.orders import OrdType, Side
from tradestream_gui.domain.quotes import Aggressor, DataKind, Quote, TradePrint

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
D = Decimal
ES = Instrument(
    InstrumentId("ESZ6"), AssetClass.FUTURE, "ES", "CME", (TickBand(D(0), D("0.25")),), D(50), "ES", D(1)
)
CALL = Instrument(
    InstrumentId("QQQ   261120C00500000"),
    AssetClass.OPTION,
    "QQQ",
    "OPRA",
    (TickBand(D(0), D("0.01")), TickBand(D(3), D("0.05"))),
    D(100),
    "QQQ",
    D(0),
    strike=D(500),
    right=Right.CALL,
)


def market(
    bid: str | None, ask: str | None, *, bid_size: int = 10, ask_size: int = 10, last: str | None = None,
    instrument: Instrument = ES,
) -> MarketView:
    return MarketView(
        Quote(
            instrument.instrument_id, AT, D(bid) if bid else None, bid_size, D(ask) if ask else None, ask_size,
            D(last) if last else None, DataKind.DEMO,
        )
    )


def trade(price: str, size: int = 1, aggressor: Aggressor = Aggressor.UNKNOWN) -> TradePrint:
    return TradePrint(ES.instrument_id, AT, D(price), size, aggressor, DataKind.DEMO)


def on_quote(order: RestingOrder, view: MarketView, instrument: Instrument = ES) -> Match:
    return match_quote(order, view, instrument, STANDARD_FILLS)


def on_print(order: RestingOrder, printed: TradePrint, view: MarketView) -> Match:
    return match_print(order, printed, view, ES, STANDARD_FILLS)


def test_market_order_pays_the_opposite_quote_plus_one_tick() -> None:
    buy = on_quote(RestingOrder(Side.BUY, OrdType.MARKET, 1), market("6326.00", "6326.25"))
    sell = on_quote(RestingOrder(Side.SELL, OrdType.MARKET, 1), market("6326.00", "6326.25"))
    assert buy.executions == (Execution(1, D("6326.50")),)
    assert sell.executions == (Execution(1, D("6325.75")),)


def test_market_order_takes_the_displayed_size_and_the_rest_waits_for_the_next_quote() -> None:
    first = on_quote(RestingOrder(Side.BUY, OrdType.MARKET, 5), market("6326.00", "6326.25", ask_size=3))
    assert first.executions == (Execution(3, D("6326.50")),)
    again = on_quote(first.order, first.market)
    assert again.executions == ()
    later = on_quote(first.order, market("6326.25", "6326.50", ask_size=3))
    assert later.executions == (Execution(2, D("6326.75")),)


def test_two_orders_share_one_displayed_size() -> None:
    first = on_quote(RestingOrder(Side.BUY, OrdType.MARKET, 2), market("6326.00", "6326.25", ask_size=3))
    second = match_quote(RestingOrder(Side.BUY, OrdType.MARKET, 2), first.market, ES, STANDARD_FILLS)
    assert sum(done.qty for done in (*first.executions, *second.executions)) == 3


def test_market_order_waits_when_nobody_offers() -> None:
    assert on_quote(RestingOrder(Side.BUY, OrdType.MARKET, 1), market("6326.00", None)).executions == ()
    assert on_quote(RestingOrder(Side.SELL, OrdType.MARKET, 1), market("0.00", "0.05", instrument=CALL), CALL
                    ).executions == ()


def test_option_is_never_sold_below_its_smallest_tick() -> None:
    sold = on_quote(RestingOrder(Side.SELL, OrdType.MARKET, 1), market("0.01", "0.03", instrument=CALL), CALL)
    assert sold.executions == (Execution(1, D("0.01")),)


def test_negative_futures_prices_trade() -> None:
    sold = on_quote(RestingOrder(Side.SELL, OrdType.MARKET, 1), market("-37.50", "-37.25"))
    assert sold.executions == (Execution(1, D("-37.75")),)


def test_marketable_limit_takes_the_offer_up_to_its_size_without_slippage() -> None:
    order = RestingOrder(Side.BUY, OrdType.LIMIT, 5, limit_price=D("6327"))
    first = on_quote(order, market("6326.00", "6326.25", ask_size=2))
    assert first.executions == (Execution(2, D("6326.25")),)
    second = on_quote(first.order, market("6326.75", "6327.00", ask_size=2))
    assert second.executions == (Execution(2, D("6327.00")),)
    gone = on_quote(second.order, market("6327.00", "6327.25"))
    assert gone.executions == ()
    assert gone.order.is_passive


def test_resting_limit_does_not_fill_at_the_touch() -> None:
    resting = on_quote(RestingOrder(Side.BUY, OrdType.LIMIT, 1, limit_price=D("6325")), market("6326.00", "6326.25"))
    touched = on_quote(resting.order, market("6324.75", "6325.00"))
    assert touched.executions == ()


def test_resting_limit_fills_whole_and_no_better_one_tick_through() -> None:
    resting = on_quote(RestingOrder(Side.BUY, OrdType.LIMIT, 4, limit_price=D("6325")), market("6326.00", "6326.25"))
    by_quote = on_quote(resting.order, market("6324.00", "6324.25", ask_size=1))
    by_print = on_print(resting.order, trade("6324.75"), resting.market)
    assert by_quote.executions == by_print.executions == (Execution(4, D("6325")),)


def test_queue_is_the_displayed_size_and_prints_consume_it() -> None:
    order = RestingOrder(Side.BUY, OrdType.LIMIT, 3, limit_price=D("6326"))
    resting = on_quote(order, market("6326.00", "6326.25", bid_size=10))
    assert resting.order.queue_ahead == 10
    after = on_print(resting.order, trade("6326.00", 8, Aggressor.SELLER), resting.market)
    assert after.executions == ()
    assert after.order.queue_ahead == 2
    bought = on_print(after.order, trade("6326.00", 6, Aggressor.BUYER), after.market)
    assert bought.executions == ()
    assert bought.order.queue_ahead == 2
    filled = on_print(after.order, trade("6326.00", 4, Aggressor.SELLER), after.market)
    assert filled.executions == (Execution(2, D("6326")),)
    assert filled.print_left == 2
    assert filled.order.queue_ahead == 0


def test_those_who_leave_the_queue_let_us_forward() -> None:
    order = RestingOrder(Side.SELL, OrdType.LIMIT, 1, limit_price=D("6326.25"))
    resting = on_quote(order, market("6326.00", "6326.25", ask_size=10))
    assert on_quote(resting.order, market("6326.00", "6326.25", ask_size=4)).order.queue_ahead == 4
    assert on_quote(resting.order, market("6326.00", "6326.25", ask_size=40)).order.queue_ahead == 10
    assert on_quote(resting.order, market("6326.00", "6326.50")).order.queue_ahead == 0


def test_order_below_the_best_price_joins_behind_all_when_its_price_becomes_the_best() -> None:
    order = RestingOrder(Side.BUY, OrdType.LIMIT, 1, limit_price=D("6325"))
    deep = on_quote(order, market("6326.00", "6326.25"))
    assert deep.order.queue_ahead is None
    assert on_print(deep.order, trade("6325.00", 50), deep.market).executions == ()
    assert on_quote(deep.order, market("6325.00", "6325.25", bid_size=7)).order.queue_ahead == 7


def test_futures_stop_triggers_on_last_and_not_on_the_quote() -> None:
    stop = RestingOrder(Side.SELL, OrdType.STOP, 2, stop_price=D("6316"))
    assert on_quote(stop, market("6315.75", "6316.00", last="6316.25")).order.waits_for_trigger
    hit = on_quote(stop, market("6315.75", "6316.00", last="6316.00"))
    assert hit.executions == (Execution(2, D("6315.50")),)


def test_print_elects_a_stop_limit_that_waits_for_the_first_quote() -> None:
    order = RestingOrder(Side.SELL, OrdType.STOP_LIMIT, 1, stop_price=D("6316"), limit_price=D("6315.50"))
    match = on_print(order, trade("6315.75"), MarketView(None))
    assert match.order.is_triggered
    assert match.order.cum_qty == 0


def test_print_elects_a_stop_and_it_fills_at_the_bid_less_one_tick() -> None:
    stop = RestingOrder(Side.SELL, OrdType.STOP, 1, stop_price=D("6316"))
    hit = on_print(stop, trade("6316.00"), market("6315.75", "6316.00"))
    assert hit.executions == (Execution(1, D("6315.50")),)


def test_gap_through_the_stop_fills_at_the_market_less_slippage() -> None:
    stop = RestingOrder(Side.SELL, OrdType.STOP, 1, stop_price=D("6316"))
    stale_quote = on_print(stop, trade("6310.00"), market("6320.00", "6320.25"))
    no_quote = on_print(stop, trade("6310.00"), MarketView())
    assert stale_quote.executions == no_quote.executions == (Execution(1, D("6309.75")),)


def test_option_stop_triggers_on_the_bid_for_sells_and_on_the_ask_for_buys() -> None:
    sell = RestingOrder(Side.SELL, OrdType.STOP, 1, stop_price=D("1.00"))
    assert on_quote(sell, market("1.05", "1.10", last="0.90", instrument=CALL), CALL).executions == ()
    assert on_quote(sell, market("1.00", "1.10", last="1.10", instrument=CALL), CALL).executions == (
        Execution(1, D("0.99")),
    )
    buy = RestingOrder(Side.BUY, OrdType.STOP, 1, stop_price=D("1.20"))
    assert on_quote(buy, market("1.15", "1.20", instrument=CALL), CALL).executions == (Execution(1, D("1.21")),)


def test_elected_stop_keeps_selling_what_is_left_although_the_price_came_back() -> None:
    stop = RestingOrder(Side.SELL, OrdType.STOP, 5, stop_price=D("6316"))
    hit = on_quote(stop, market("6315.75", "6316.00", bid_size=2, last="6316.00"))
    back = on_quote(hit.order, market("6318.00", "6318.25", last="6318.25"))
    assert back.executions == (Execution(3, D("6317.75")),)


def test_stop_limit_rests_at_its_limit_when_the_market_is_beyond() -> None:
    order = RestingOrder(Side.SELL, OrdType.STOP_LIMIT, 1, stop_price=D("6316"), limit_price=D("6315.50"))
    beyond = on_quote(order, market("6314.00", "6314.25", last="6314.25"))
    assert beyond.executions == ()
    assert beyond.order.is_triggered
    assert on_quote(beyond.order, market("6315.75", "6316.00")).executions == (Execution(1, D("6315.50")),)


def test_trailing_stop_follows_the_best_price_and_never_loosens() -> None:
    order = RestingOrder(Side.SELL, OrdType.TRAILING_STOP, 1, trail=D(5))
    order = on_quote(order, market("6326.00", "6326.25", last="6326.25")).order
    assert order.stop_price == D("6321.25")
    order = on_print(order, trade("6330.00"), market("6329.75", "6330.00")).order
    order = on_print(order, trade("6327.00"), market("6326.75", "6327.00")).order
    assert order.stop_price == D("6325.00")
    hit = on_print(order, trade("6325.00"), market("6324.75", "6325.00"))
    assert hit.executions == (Execution(1, D("6324.50")),)


def test_sizes_that_the_feed_does_not_tell_cap_nothing() -> None:
    taken = on_quote(RestingOrder(Side.BUY, OrdType.MARKET, 5), market("6326.00", "6326.25", ask_size=0))
    assert taken.executions == (Execution(5, D("6326.50")),)


PRICES = st.integers(-20, 20).map(lambda ticks: D(6326) + ticks * D("0.25"))


@given(
    side=st.sampled_from(Side),
    ord_type=st.sampled_from([OrdType.MARKET, OrdType.LIMIT, OrdType.STOP, OrdType.STOP_LIMIT]),
    limit=PRICES,
    stop=PRICES,
    tape=st.lists(st.tuples(PRICES, st.integers(0, 4), st.integers(0, 9), st.booleans()), max_size=30),
)
def test_no_tape_fills_beyond_the_quantity_or_beyond_the_limit(
    side: Side, ord_type: OrdType, limit: Decimal, stop: Decimal, tape: list[tuple[Decimal, int, int, bool]]
) -> None:
    order = RestingOrder(side, ord_type, 7, limit_price=limit, stop_price=stop)
    view, done = MarketView(), 0
    for price, width, size, is_print in tape:
        if is_print:
            match = match_print(order, trade(str(price), max(size, 1)), view, ES, STANDARD_FILLS)
        else:
            view = market(str(price), str(price + width * D("0.25")), bid_size=size, ask_size=size, last=str(price))
            match = match_quote(order, view, ES, STANDARD_FILLS)
        order, view = match.order, match.market
        for execution in match.executions:
            done += execution.qty
            assert execution.qty > 0
            if ord_type in (OrdType.LIMIT, OrdType.STOP_LIMIT):
                assert (execution.price - limit) * side.sign <= 0
    assert done == order.cum_qty <= 7


def test_a_stop_without_a_last_price_to_judge_by_waits() -> None:
    stop = RestingOrder(Side.SELL, OrdType.STOP, 1, stop_price=D("6320"))
    seen = on_quote(stop, market("6310", "6310.25"))
    assert (seen.order, seen.executions) == (stop, ())


def test_a_bid_where_nobody_else_bids_is_in_no_queue() -> None:
    bid = RestingOrder(Side.BUY, OrdType.LIMIT, 2, limit_price=D("6325"))
    resting = on_quote(bid, market(None, "6326")).order
    assert (resting.is_passive, resting.queue_ahead) == (True, None)


def test_a_best_price_shown_without_a_size_says_nothing_of_the_queue() -> None:
    bid = RestingOrder(Side.BUY, OrdType.LIMIT, 2, limit_price=D("6325"))
    resting = on_quote(bid, market("6325", "6326", bid_size=0)).order
    assert (resting.is_passive, resting.queue_ahead) == (True, None)


def test_a_print_does_not_fill_a_limit_that_has_still_to_meet_the_quote() -> None:
    bid = RestingOrder(Side.BUY, OrdType.LIMIT, 2, limit_price=D("6325"))
    seen = on_print(bid, trade("6320", 5), market("6326", "6326.25"))
    assert (seen.order, seen.executions, seen.print_left) == (bid, (), 5)
