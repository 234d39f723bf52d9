"""Order and lot ids that no database of ours ever gives twice, restarts and restores included."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

from tradestream_gui.adapters.storage.engine import Danger
from tradestream_gui.adapters.storage.epochs import epoch_of
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.ids import AccountId, ClOrdId, LotId
from tradestream_gui.ports.clock import Tasks

BLOCK = 1_000
"""Numbers reserved at once; the next block is fetched when half of this one is left."""
EPOCH_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
EPOCH_LENGTH = 4


def epoch_from(random_bytes: Callable[[int], bytes]) -> str:
    """Four base-32 letters, one in a million, from the given source of randomness."""
    return "".join(EPOCH_ALPHABET[byte % 32] for byte in random_bytes(EPOCH_LENGTH))


class Reserver(Protocol):
    """The part of a journal that hands out numbers, durable before they are known."""

    @property
    def epoch(self) -> str: ...

    @property
    def past_epochs(self) -> tuple[str, ...]: ...

    @property
    def danger(self) -> Danger: ...

    def reserve(self, name: str, count: int) -> Awaitable[int]: ...


class _Sequence:
    """Numbers of one name; only reserved ones are given."""

    def __init__(self, name: str, journal: Reserver, tasks: Tasks) -> None:
        self._name = name
        self._journal = journal
        self._tasks = tasks
        self._next = self._end = 0
        self._spare: tuple[int, int] | None = None
        self._fetching = False

    async def start(self) -> None:
        self._next = await self._journal.reserve(self._name, BLOCK)
        self._end = self._next + BLOCK

    def take(self) -> int:
        if self._next == self._end and self._spare is not None:
            (self._next, self._end), self._spare = self._spare, None
        if self._next == self._end:
            raise StoreFailed(f"no {self._name} is reserved: the database has not answered")
        number, self._next = self._next, self._next + 1
        if self._end - self._next <= BLOCK // 2 and self._spare is None and not self._fetching:
            self._fetching = True
            self._tasks.spawn(self._fetch(), f"reserve {self._name}")
        return number

    async def _fetch(self) -> None:
        try:
            first = await self._journal.reserve(self._name, BLOCK)
            self._spare = (first, first + BLOCK)
        finally:
            self._fetching = False


class JournalIds:
    """Ids of one database, for whatever account: `TSP4K2Q-17` for an order (P paper, L live, then the epoch),
    `LTP4K2Q-5` for a lot."""

    def __init__(self, journal: Reserver, orders: _Sequence, lots: _Sequence, epochs: frozenset[str]) -> None:
        self._epochs = epochs
        self._mark = f"{journal.danger.value}{journal.epoch}"
        self._orders = orders
        self._lots = lots

    @classmethod
    async def start(cls, journal: Reserver, tasks: Tasks, listed: Iterable[str] = ()) -> "JournalIds":
        """`listed`: epochs of databases that this profile had before this one."""
        orders, lots = _Sequence("cl_ord_id", journal, tasks), _Sequence("lot_id", journal, tasks)
        await asyncio.gather(orders.start(), lots.start())
        return cls(journal, orders, lots, frozenset((journal.epoch, *journal.past_epochs, *listed)))

    def next_cl_ord_id(self, _account_id: AccountId, /) -> ClOrdId:
        return ClOrdId(f"TS{self._mark}-{self._orders.take()}")

    def next_lot_id(self, _account_id: AccountId, /) -> LotId:
        return LotId(f"LT{self._mark}-{self._lots.take()}")

    def is_of_now(self, cl_ord_id: ClOrdId) -> bool:
        return cl_ord_id.startswith(f"TS{self._mark}-")

    def are_ours(self, cl_ord_id: ClOrdId) -> bool | None:
        epoch = epoch_of(cl_ord_id)
        return None if epoch is None else epoch in self._epochs


class ProfileIds:
    """Ids of a profile with two databases: those of guarded accounts are the live one's."""

    def __init__(self, paper: JournalIds, live: JournalIds, is_guarded: Callable[[AccountId], bool]) -> None:
        self._paper = paper
        self._live = live
        self._is_guarded = is_guarded

    def next_cl_ord_id(self, account_id: AccountId, /) -> ClOrdId:
        return self._of(account_id).next_cl_ord_id(account_id)

    def next_lot_id(self, account_id: AccountId, /) -> LotId:
        return self._of(account_id).next_lot_id(account_id)

    def is_of_now(self, cl_ord_id: ClOrdId) -> bool:
        return self._paper.is_of_now(cl_ord_id) or self._live.is_of_now(cl_ord_id)

    def are_ours(self, cl_ord_id: ClOrdId) -> bool | None:
        return self._paper.are_ours(cl_ord_id)

    def _of(self, account_id: AccountId) -> JournalIds:
        return self._live if self._is_guarded(account_id) else self._paper
