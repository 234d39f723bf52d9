"""Of two words of the broker's about one order the later counts, whichever arrives last."""

from datetime import timedelta

from tests.domain.test_orders import order
from tests.sim.clock import SimClock
from tests.sim.small_core import NOON
from tests.trading.test_requests import report_of
from tradestream_gui.domain.orders import OrdStatus
from tradestream_gui.trading.order_news import OrderNews

WORKING = order(OrdStatus.NEW)
BEFORE = NOON - timedelta(seconds=3)


def test_a_word_of_before_the_last_one_tells_no_size_and_no_price() -> None:
    news = OrderNews(SimClock(NOON))
    news.latest(WORKING, report_of(WORKING, at=NOON))
    older = report_of(WORKING, at=BEFORE, order_qty=1, limit_price=None, cum_qty=1, text="replaced")
    told = news.latest(WORKING, older)
    assert told == report_of(WORKING, at=BEFORE, cum_qty=1)
    assert news.latest(WORKING, report_of(WORKING, at=NOON, order_qty=1)).order_qty == 1


def test_the_last_word_once_more_answers_nothing_that_was_asked_since() -> None:
    news = OrderNews(SimClock(NOON))
    word = report_of(WORKING, at=NOON, text="replaced")
    assert news.latest(WORKING, word).text == "replaced"
    assert news.latest(WORKING, word).text == ""


def test_an_end_counts_whenever_it_was_told() -> None:
    news = OrderNews(SimClock(NOON))
    news.latest(WORKING, report_of(WORKING, at=NOON))
    ended = report_of(WORKING, OrdStatus.CANCELED, at=BEFORE, order_qty=1)
    assert news.latest(WORKING, ended) is ended


def test_a_clock_that_was_set_back_makes_no_word_an_old_one() -> None:
    news = OrderNews(SimClock(NOON))
    news.latest(WORKING, report_of(WORKING, at=NOON + timedelta(minutes=1)))
    later = report_of(WORKING, at=NOON, order_qty=1)
    assert news.latest(WORKING, later) is later
