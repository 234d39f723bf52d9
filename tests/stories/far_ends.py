"""The two practice brokers as one story sees them: a price goes in, and what stands in their own books comes out."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Protocol

from tests.servers.projectx import ProjectXServer
from tests.servers.projectx.orders import STOP
from tests.servers.tws import TwsServer
from tests.stories import ibkr_life, projectx_life
from tests.stories.ibkr_life import FridayClock
from tradestream_gui.upkeep.settings.model import Settings

D = Decimal


class FarEnd(Protocol):
    """A broker's own books of ES."""

    @property
    def settings(self) -> Settings:
        """With an account there, to which alerts go."""

    async def stop(self) -> None: ...

    def price(self, bid: str, *, size: int = 50) -> None:
        """The best bid, the ask one tick above it, and a trade there."""

    def held(self) -> int: ...

    def bought(self) -> int:
        """How many contracts were ever bought."""

    def stops(self) -> list[tuple[Decimal, int]]:
        """Price and open quantity of every stop that works."""

    def selling(self) -> int:
        """Open quantity of everything that sells, stops too."""

    def is_clear(self) -> bool:
        """Whether nothing works."""

    def earned(self) -> Decimal:
        """By the broker's own ledger, since the beginning."""


class TwsEnd:
    """TWS with a paper account."""

    def __init__(self, server: TwsServer) -> None:
        self._server = server

    @property
    def settings(self) -> Settings:
        return ibkr_life.settings_for(self._server.port)

    async def stop(self) -> None:
        await self._server.stop()

    def price(self, bid: str, *, size: int = 50) -> None:
        ask = str(D(bid) + D("0.25"))
        self._server.price("ESZ6", bid, ask, ask, size=size)

    def held(self) -> int:
        return sum(holding.qty for holding in self._server.exchange.holdings())

    def bought(self) -> int:
        return sum(fill.qty for fill in self._server.exchange.fills if fill.order.terms.sign > 0)

    def stops(self) -> list[tuple[Decimal, int]]:
        working = self._server.exchange.working()
        return [(D(one.stop or 0), one.remaining) for one in working if one.terms.ord_type == "STP"]

    def selling(self) -> int:
        return sum(one.remaining for one in self._server.exchange.working() if one.terms.sign < 0)

    def is_clear(self) -> bool:
        return not self._server.exchange.working()

    def earned(self) -> Decimal:
        return self._server.exchange.cash - self._server.exchange.start_cash


class TopstepEnd:
    """TopstepX with a practice account."""

    def __init__(self, server: ProjectXServer) -> None:
        self._server = server
        self._began = server.account.balance

    @property
    def settings(self) -> Settings:
        return projectx_life.settings_for(self._server)

    async def stop(self) -> None:
        await self._server.stop()

    def price(self, bid: str, *, size: int = 50) -> None:
        ask = str(D(bid) + D("0.25"))
        self._server.price("ESZ6", bid, ask, ask, size=size)

    def held(self) -> int:
        return sum(position.qty for position in self._server.exchange.positions())

    def bought(self) -> int:
        return sum(trade.size for trade in self._server.exchange.trades if trade.order.sign > 0)

    def stops(self) -> list[tuple[Decimal, int]]:
        return [(D(one.stop or 0), one.left) for one in self._server.exchange.working() if one.type == STOP]

    def selling(self) -> int:
        return sum(one.left for one in self._server.exchange.working() if one.sign < 0)

    def is_clear(self) -> bool:
        return not self._server.exchange.working()

    def earned(self) -> Decimal:
        return self._server.account.balance - self._began


async def _tws() -> tuple[FarEnd, FridayClock]:
    server, clock = await ibkr_life.serving()
    return TwsEnd(server), clock


async def _topstep() -> tuple[FarEnd, FridayClock]:
    server, clock = await projectx_life.serving()
    return TopstepEnd(server), clock


FAR_ENDS: dict[str, Callable[[], Awaitable[tuple[FarEnd, FridayClock]]]] = {"tws": _tws, "topstep": _topstep}
