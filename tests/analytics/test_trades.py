"""Trades out of fills: exact money on every contract, one trade from flat to flat, R fixed at the entry."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analytics.given import JMONEY, Tape, booked, future, ledger, option
from tradestream_gui.analytics.trades import TradeOutcome
from tradestream_gui.domain.exits import PlanState
from tradestream_gui.domain.orders import Side


def test_seven_points_on_one_es_less_commission_is_347_50() -> None:
    tape = Tape(future("ES"))
    trade = booked([tape.buy(1, "6326.00", "1.25"), tape.sell(1, "6333.00", "1.25")]).trades[0]
    assert trade.net == Decimal("347.50")
    assert (trade.gross, trade.commission) == (Decimal(350), Decimal("2.50"))
    assert trade.outcome is TradeOutcome.WIN
    assert (trade.analyst, trade.channel, trade.root, trade.qty) == ("JMoney", "futures-room", "ES", 1)


@pytest.mark.parametrize(
    ("root", "entry", "leave", "fees", "net"),
    [
        ("MES", "6326.00", "6333.00", "1.22", "33.78"),
        ("NQ", "21000.25", "21007.25", "3.78", "136.22"),
        ("MNQ", "21000.25", "21007.25", "1.22", "12.78"),
        ("RTY", "2410.10", "2417.20", "3.78", "351.22"),
        ("M2K", "2410.10", "2417.20", "1.22", "34.28"),
        ("YM", "44100", "44107", "3.78", "31.22"),
        ("MYM", "44100", "44107", "1.22", "2.28"),
        ("CL", "71.13", "71.20", "4.02", "65.98"),
        ("GC", "2655.3", "2662.3", "3.24", "696.76"),
    ],
)
def test_every_contract_is_exact_to_the_cent(root: str, entry: str, leave: str, fees: str, net: str) -> None:
    tape = Tape(future(root))
    trade = booked([tape.buy(1, entry, fees), tape.sell(1, leave)]).trades[0]
    assert trade.net == Decimal(net)
    short = Tape(future(root), "S")
    mirrored = booked([short.sell(1, leave, fees), short.buy(1, entry)]).trades[0]
    assert (mirrored.net, mirrored.side) == (Decimal(net), Side.SELL)


def test_an_option_counts_a_hundred_times_its_premium() -> None:
    tape = Tape(option())
    trade = booked([tape.buy(3, "2.50", "1.95"), tape.sell(3, "3.00", "1.95")]).trades[0]
    assert trade.net == Decimal("146.10")


@pytest.mark.parametrize(
    ("exits", "gross", "r", "net_after_fees"),
    [
        ([(1, "6333"), (1, "6338")], "950", "0.95", "942.44"),
        ([(1, "6333"), (1, "6326")], "350", "0.35", "342.44"),
        ([(2, "6316")], "-1000", "-1", "-1007.56"),
    ],
)
def test_two_lots_with_targets_break_even_or_stop(
    exits: list[tuple[int, str]], gross: str, r: str, net_after_fees: str
) -> None:
    for fee, net in (("0", gross), ("1.89", net_after_fees)):
        tape, book = Tape(future("ES")), ledger()
        book.note_plan(tape.plan("6316"))
        booked([tape.buy(2, "6326", str(Decimal(fee) * 2))], into=book)
        book.note_plan(tape.plan("6326", state=PlanState.ACTIVE))
        booked([tape.sell(qty, price, str(Decimal(fee) * qty)) for qty, price in exits], into=book)
        (trade,) = book.trades
        assert (trade.gross, trade.net, trade.initial_risk) == (Decimal(gross), Decimal(net), Decimal(1000))
        if fee == "0":
            assert trade.r == Decimal(r)


def test_partial_exits_are_one_trade() -> None:
    tape = Tape(future("MES"))
    book = booked([tape.buy(4, "6326"), tape.sell(2, "6333"), tape.sell(1, "6338")])
    assert not book.trades
    booked([tape.sell(1, "6326")], into=book)
    (trade,) = book.trades
    assert (trade.qty, trade.net, trade.avg_exit) == (4, Decimal(130), Decimal("6332.5"))


def test_a_lot_that_opens_again_makes_a_second_trade() -> None:
    tape = Tape(future("ES"))
    book = booked([tape.buy(1, "6326"), tape.sell(1, "6333"), tape.sell(1, "6333"), tape.buy(1, "6335")])
    first, second = book.trades
    assert (first.run, first.side, first.net) == (1, Side.BUY, Decimal(350))
    assert (second.run, second.side, second.net) == (2, Side.SELL, Decimal(-100))


def test_a_fill_beyond_flat_closes_one_trade_and_opens_the_next_without_losing_a_cent() -> None:
    tape = Tape(future("ES"))
    book = booked([tape.buy(1, "6326", "1.25"), tape.sell(3, "6333", "3.70"), tape.buy(2, "6330", "2.50")])
    first, second = book.trades
    assert (first.qty, second.qty, second.side) == (1, 2, Side.SELL)
    assert first.commission + second.commission == Decimal("7.45")
    assert first.gross + second.gross == Decimal(350 + 300)


def test_without_a_stop_a_future_has_no_r_and_a_bought_option_risks_its_premium() -> None:
    es, aapl = Tape(future("ES")), Tape(option(), "O")
    book = booked([es.buy(1, "6326"), es.sell(1, "6333"), aapl.buy(2, "2.50"), aapl.sell(2, "3.00")])
    bare, premium = book.trades
    assert (bare.initial_risk, bare.r) == (None, None)
    assert (premium.initial_risk, premium.r) == (Decimal(500), Decimal("0.2"))


def test_an_option_with_a_stop_risks_the_distance_to_it() -> None:
    tape, book = Tape(option()), ledger()
    book.note_plan(tape.plan("1.80"))
    booked([tape.buy(1, "2.50"), tape.sell(1, "3.00")], into=book)
    (trade,) = book.trades
    assert trade.initial_risk == Decimal(70)
    assert trade.r is not None
    assert round(trade.r, 4) == Decimal("0.7143")


def test_less_than_a_tick_is_a_scratch() -> None:
    tape = Tape(future("ES"))
    book = booked([tape.buy(2, "6326", "1.25"), tape.sell(2, "6326.25", "1.25")])
    assert book.trades[0].net == Decimal("22.50")
    assert book.trades[0].outcome is TradeOutcome.SCRATCH


@given(
    st.lists(
        st.tuples(st.integers(1, 5), st.integers(-40, 40), st.integers(0, 500)), min_size=2, max_size=8
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_an_orders_fills_changes_no_average(
    parts: list[tuple[int, int, int]], shuffle: object
) -> None:
    shuffled = list(parts)
    shuffle.shuffle(shuffled)  # type: ignore[attr-defined] # hypothesis hands out random.Random without naming it
    seen = []
    for order in (parts, shuffled):
        tape = Tape(future("ES"))
        fills = [
            tape.buy(qty, str(6326 + Decimal(ticks) / 4), str(Decimal(fee) / 100), "entry") for qty, ticks, fee in order
        ]
        out = tape.sell(sum(qty for qty, _, _ in order), "6333")
        (trade,) = booked([*fills, out]).trades
        seen.append((trade.avg_entry, trade.avg_exit, trade.gross, trade.net, trade.qty))
    assert seen[0] == seen[1]


@given(
    st.lists(st.tuples(st.booleans(), st.integers(1, 4), st.integers(-20, 20), st.integers(0, 300)), max_size=25)
)
def test_realised_steps_add_up_to_the_trades_and_what_is_open(rows: list[tuple[bool, int, int, int]]) -> None:
    tape, book, total = Tape(future("MES")), ledger(), Decimal(0)
    for buys, qty, ticks, fee in rows:
        side = Side.BUY if buys else Side.SELL
        fill = tape.fill(side, qty, str(6326 + Decimal(ticks) / 4), str(Decimal(fee) / 100))
        total += book.book(fill, JMONEY).net
    open_part = sum((run.lot.net_pnl for run in book.open_runs()), Decimal(0))
    assert sum((trade.net for trade in book.trades), Decimal(0)) + open_part == total
