"""What a contract case needs of a venue besides its Broker: a market, a link that breaks, and its own order count."""

from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from typing import ClassVar, Protocol

from tests.adapters.brokers.paper.rig import Journal
from tradestream_gui.domain.ids import AccountId, ClOrdId, InstrumentId
from tradestream_gui.domain.orders import Order, OrderRole, OrdType, Side
from tradestream_gui.ports.broker import Broker

Request = Callable[[], Awaitable[object]]
"""Something asked of the broker, which may raise what a broker raises."""


class Fault(Enum):
    """What goes wrong on the way to a venue or there; a venue plays it or says why it has no such thing."""

    WRONG_LOGIN = "the log-in is refused"
    LOGIN_NEEDS_USER = "only the user can make the log-in possible"
    SESSION_ENDS = "the venue ends the session and lets us in again"
    DUPLICATE_EVENTS = "every event comes twice"
    FILL_FIRST = "the fill comes before the acknowledgement"
    LATE_REJECT = "the order is rejected after it was acknowledged"
    THROTTLED = "too many requests"
    NO_ANSWER = "requests get no answer for a while"
    GARBAGE = "frames that mean nothing"
    CLOCK_BEHIND = "the venue's clock is five minutes slow"
    CLOCK_AHEAD = "the venue's clock is five minutes fast"
    SERVER_ERROR = "the venue fails once inside and says so"
    HALF_OPEN = "the link carries nothing and says nothing"


class Venue(Protocol):
    """One broker under test with the controls of its simulated far side."""

    left_out: ClassVar[Mapping[Fault, str]]
    """Faults that this venue cannot have, each with its reason; all others are played."""

    tells_open_profit: ClassVar[bool]
    """Whether its balance has a net liquidation beside the cash."""

    @property
    def broker(self) -> Broker: ...

    @property
    def journal(self) -> Journal:
        """Everything heard since the last connect."""

    @property
    def account_id(self) -> AccountId: ...

    @property
    def instrument_id(self) -> InstrumentId: ...

    async def start(self) -> None:
        """Connects; raises what the broker raises."""

    async def stop(self) -> None: ...

    async def settle(self) -> None:
        """Returns when everything under way has come to rest."""

    async def price(self, bid: str, ask: str, *, last: str, size: int = 50) -> None:
        """The market's new best prices and last trade."""

    def order(
        self,
        cl_ord_id: str,
        side: Side,
        ord_type: OrdType,
        qty: int,
        *,
        limit: str | None = None,
        stop: str | None = None,
        role: OrderRole = OrderRole.ENTRY,
        group: str | None = None,
    ) -> Order: ...

    async def inject(self, fault: Fault) -> None:
        """From now on this goes wrong; before `start` it waits for us."""

    async def heal(self) -> None:
        """The fault is over."""

    async def link_is_back(self) -> None:
        """Returns when the broker tells UP again, after the same kind of reconnecting as the program does."""

    async def link_is_told_down(self) -> None:
        """Returns when the broker has told that its link is down; fails after the venue's limit."""

    async def lose_link_after_acceptance(self, cl_ord_id: ClOrdId, request: Request) -> None:
        """Makes the request: its order stands at the venue, but the answer never arrives."""

    async def lose_link_before_acceptance(self, request: Request) -> None:
        """Makes the request: what it sends never reaches the venue."""

    async def reconnect(self) -> None:
        """A new start of our side; the venue remembers what it knew."""

    async def trade_elsewhere(self) -> None:
        """The venue closes our position by an order that is not ours."""

    async def orders_at_venue(self) -> int:
        """How many orders the venue has ever taken in, rejected ones included."""

    async def client_ids_there(self) -> list[str]:
        """Our id of each order that stands in the venue's own books, as often as it stands there."""
