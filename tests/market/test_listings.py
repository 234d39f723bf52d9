"""What brokers list: asked for once, kept with its age, asked for anew when it is due; and what is offered of it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tests.support import eventually
from tests.trading.stage import reference_data
from tradestream_gui.adapters.runtime.clock import VirtualClock, WorkCounter
from tradestream_gui.adapters.runtime.tasks import LoopTasks
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.errors import BrokerUnreachable
from tradestream_gui.domain.events import BrokerLinkChanged
from tradestream_gui.domain.futures import ContractMonth
from tradestream_gui.domain.instruments import Right
from tradestream_gui.market.asking import RETRY
from tradestream_gui.market.listings import KEPT, MOST, ListingBook, ListingsChanged
from tradestream_gui.market.option_choice import OptionDay, is_unlisted, option_days, strikes_near, strikes_of
from tradestream_gui.ports.listings import OptionSeries

D = Decimal
WEEK, NEXT = date(2026, 11, 20), date(2026, 11, 27)
FEW = OptionSeries("QQQ", (date(2020, 1, 3), WEEK, NEXT), (D(490), D(500), D("501.5"), D(510)))


class Venue:
    """A broker that lists little, or does not answer."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.problem = ""
        self.months: tuple[ContractMonth, ...] = (ContractMonth(2026, 9), ContractMonth(2027, 3))

    async def option_series(self, underlying: str, *, is_index: bool) -> tuple[OptionSeries, ...]:
        self.asked.append(underlying)
        if self.problem:
            raise BrokerUnreachable(self.problem)
        return (FEW,) if underlying == "QQQ" else ()

    async def future_months(self, root: str, exchange: str) -> tuple[ContractMonth, ...]:
        self.asked.append(f"{root} at {exchange}")
        return self.months


class Rig:
    """A book over a clock that moves when the test says so."""

    def __init__(self) -> None:
        self.clock = VirtualClock(datetime(2026, 11, 20, 15, tzinfo=UTC), WorkCounter())
        self.bus = EventBus(_fail)
        self.tasks = LoopTasks(_fail)
        self.venue = Venue()
        self.listings = ListingBook(
            bus=self.bus, clock=self.clock, tasks=self.tasks, reference=reference_data(), venues={"venue": self.venue}
        )

    async def advance(self, by: timedelta) -> None:
        await self.clock.run_until(self.clock.now() + by)


def _fail(where: object, error: BaseException) -> None:
    raise AssertionError(f"{where} failed") from error


async def test_broker_is_asked_once_and_again_when_its_answer_is_old() -> None:
    rig = Rig()
    venue, listings, told = rig.venue, rig.listings, list[ListingsChanged]()
    rig.bus.subscribe(ListingsChanged, told.append)
    assert listings.options("venue", "QQQ").is_asking
    await eventually(lambda: listings.options("venue", "QQQ").rows == (FEW,))
    assert (venue.asked, told) == (["QQQ"], [ListingsChanged("venue", "QQQ")])
    await rig.advance(KEPT)
    again = listings.options("venue", "QQQ")
    assert (again.rows, again.is_asking) == ((FEW,), True), "what is known stays in sight meanwhile"
    await eventually(lambda: not listings.options("venue", "QQQ").is_asking)
    assert venue.asked == ["QQQ", "QQQ"]


async def test_failure_is_told_and_asked_about_again_after_a_while_or_with_the_link() -> None:
    rig = Rig()
    venue = rig.venue
    venue.problem = "not connected"
    listings = rig.listings
    await eventually(lambda: listings.options("venue", "QQQ").problem == "not connected")
    assert venue.asked == ["QQQ"]
    await rig.advance(RETRY)
    assert listings.options("venue", "QQQ").is_asking
    await eventually(lambda: not listings.options("venue", "QQQ").is_asking)
    assert len(venue.asked) == 2
    venue.problem = ""
    for broker in ("another", "venue"):
        rig.bus.publish(BrokerLinkChanged(broker, "up", "", rig.clock.now()))
    await eventually(lambda: listings.options("venue", "QQQ").rows == (FEW,))
    assert len(venue.asked) == 3


async def test_nobody_to_ask_means_usual_steps() -> None:
    rig = Rig()
    listing = rig.listings.options("simulator", "QQQ")
    assert not listing.broker
    calendar = reference_data().calendar
    days = option_days(listing, "SPX", calendar, rig.clock.now())
    assert days[0].osi_root == "SPXW"
    assert len(days) == 10
    assert strikes_near(listing, days[0], D(12), 1) == [D("11.5"), D(12), D("12.5")]


async def test_what_is_remembered_has_an_end() -> None:
    rig = Rig()
    venue = rig.venue
    listings = rig.listings
    for number in range(MOST + 1):
        listings.options("venue", f"T{number}")
    await eventually(lambda: len(venue.asked) == MOST + 1)
    listings.options("venue", "T0")
    await eventually(lambda: venue.asked[-1] == "T0", why="the oldest is asked for anew")


async def test_expiries_that_are_over_are_left_out_and_strikes_lie_round_the_price() -> None:
    rig = Rig()
    listings = rig.listings
    await eventually(lambda: listings.options("venue", "QQQ").is_known)
    listing, reference = listings.options("venue", "QQQ"), reference_data()
    days = option_days(listing, "QQQ", reference.calendar, rig.clock.now())
    assert days == [OptionDay(WEEK, "QQQ"), OptionDay(NEXT, "QQQ")]
    assert strikes_of(listing, days[0]) == [D(490), D(500), D("501.5"), D(510)]
    for price, nearest in (("1", 490), ("500.75", 500), ("500.76", "501.5"), ("506", 510), ("900", 510)):
        assert strikes_near(listing, days[0], D(price), 0) == [D(nearest)], price
    assert strikes_near(listing, days[0], D(500), 1) == [D(490), D(500), D("501.5")]
    calls = [reference.option("QQQ", day, Right.CALL, D(500)) for day in (WEEK, NEXT - timedelta(days=1))]
    assert [is_unlisted(listing, call) for call in calls] == [False, True]
    assert is_unlisted(listing, reference.option("QQQ", WEEK, Right.CALL, D(505)))


async def test_venue_that_lists_no_options_offers_none() -> None:
    rig = Rig()
    listings = rig.listings
    await eventually(lambda: listings.options("venue", "TSLA").is_known)
    listing = listings.options("venue", "TSLA")
    assert option_days(listing, "TSLA", reference_data().calendar, rig.clock.now()) == []
    assert strikes_near(listing, None, D(100), 3) == []


async def test_lead_month_is_the_next_that_the_broker_lists_and_past_ones_never_lead() -> None:
    rig = Rig()
    listings = rig.listings
    usual = listings.contracts("venue", "ES", 3)
    assert len(usual) == 3, "those of the table until the broker has answered"
    await eventually(lambda: listings.months("venue", "ES").is_known)
    assert [one.instrument_id for one in listings.contracts("venue", "ES", 3)] == ["ESH7"]
    assert listings.contracts("simulator", "ES", 3) == usual
    assert not listings.months("venue", "NOSUCH").broker
