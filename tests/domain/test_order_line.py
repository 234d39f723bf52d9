"""The order line: what it prints it reads back, every other text gets a reason that names the word at fault."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.any_text import ANY_CHARACTER
from tradestream_gui.domain.order_line import (
    MOST_QTY,
    Level,
    Misread,
    OrderLine,
    is_order_line,
    read_order_line,
)
from tradestream_gui.domain.orders import Side, TimeInForce

prices = st.one_of(
    st.decimals("-99999", "999999", places=2).map(str),
    st.integers(1, 999_999).map(lambda number: f"{number:,}"),
    st.tuples(st.integers(1, 199), st.integers(0, 31)).map(lambda pair: f"{pair[0]}'{pair[1]:02d}"),
)
levels = st.one_of(
    prices.map(Level), st.decimals("0.01", "500", places=2).map(lambda number: Level(str(number), is_points=True))
)
orders = st.builds(
    OrderLine,
    symbol=st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./", min_size=1, max_size=8),
    side=st.sampled_from(Side),
    order_qty=st.integers(1, MOST_QTY),
    limit=st.one_of(st.just(""), prices),
    stop=st.one_of(st.none(), levels),
    targets=st.lists(levels, max_size=4).map(tuple),
    time_in_force=st.sampled_from(TimeInForce),
)
typed = st.text(ANY_CHARACTER, max_size=140)
near_misses = st.lists(
    st.sampled_from(["mes", "b", "s", "2", "6326", "s6316", "t7/12", "t", "ns", "gtc", "mkt", "x", "-", "s-", "٣"]),
    max_size=9,
).map(" ".join)


@given(orders)
def test_a_printed_line_reads_back_as_the_same_order(order: OrderLine) -> None:
    assert read_order_line(order.text) == order
    assert is_order_line(order.text)


@given(st.one_of(typed, near_misses))
def test_any_text_gives_an_order_that_prints_itself_or_a_reason(text: str) -> None:
    found = read_order_line(text)
    is_order_line(text)
    if isinstance(found, Misread):
        assert found.words
        assert found.word == "" or found.word.upper() in " ".join(text.split()).upper() or not text.strip()
    else:
        assert read_order_line(found.text) == found


def test_the_line_of_the_handbook() -> None:
    assert read_order_line("mes b 2 6326 s6316 t7/12") == OrderLine(
        "MES", Side.BUY, 2, "6326", Level("6316"), targets=(Level("7"), Level("12"))
    )


def test_a_market_order_without_stop_until_cancelled() -> None:
    found = read_order_line("/ESZ6 sell 1 market ns gtc")
    assert found == OrderLine("/ESZ6", Side.SELL, 1, no_stop=True, time_in_force=TimeInForce.GTC)


def test_b_and_s_are_symbols_when_they_stand_first() -> None:
    found = read_order_line("s s 100 17.5 s18")
    assert isinstance(found, OrderLine)
    assert (found.symbol, found.side, found.order_qty) == ("S", Side.SELL, 100)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("mes x 2 6326", "x"),
        ("mes b two 6326", "two"),
        ("mes b 0 6326", "0"),
        ("mes b 2.5 6326", "2.5"),
        ("mes b 2 cheap", "cheap"),
        ("mes b 2 6326,50", "6326,50"),
        ("mes b 2 6326 s63l6", "s63l6"),
        ("mes b 2 6326 s-5p", "s-5p"),
        ("mes b 2 6326 t7//12", "t7//12"),
        ("mes b 2 6326 t1/2/3/4/5", "t1/2/3/4/5"),
        ("mes b 2 6326 s6316 s6317", "s6317"),
        ("mes b 2 6326 s6316 ns", "ns"),
        ("mes b 2 6326 t7/12 t9", "t9"),
        ("mes b 2 6326 gtc day", "day"),
        ("mes b 2 6326 at once", "at"),
    ],
)
def test_the_word_at_fault_is_named(text: str, word: str) -> None:
    found = read_order_line(text)
    assert isinstance(found, Misread)
    assert found.word == word
    assert f"“{word}”" in found.words


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("mes b 2 6326 " + "s6316 " * 20, "The line is longer than 120 characters."),
        (f"{'x' * 33} b 2 6326", "is too long for a symbol."),
    ],
)
def test_a_line_that_nobody_types_is_refused_before_it_is_read(text: str, reason: str) -> None:
    found = read_order_line(text)
    assert isinstance(found, Misread)
    assert found.words.endswith(reason)


@pytest.mark.parametrize("text", ["", "mes", "mes b", "mes b 2"])
def test_an_unfinished_line_says_what_comes_next_and_blames_no_word(text: str) -> None:
    found = read_order_line(text)
    assert isinstance(found, Misread)
    assert found.is_unfinished


@pytest.mark.parametrize("text", ["", "mes", "daily loss", "es b", "stops to break even"])
def test_a_search_is_no_order(text: str) -> None:
    assert not is_order_line(text)
