"""Questions to a broker whose answers are kept: whoever looks gets what is known, and the question goes out beside."""

from collections.abc import Awaitable, Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable
from tradestream_gui.ports.clock import Clock, Tasks

RETRY = timedelta(seconds=30)
"""After a failure."""

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """`at` is None before the first answer; `problem` says why the last question got none."""

    value: T | None = None
    at: datetime | None = None
    is_asking: bool = False
    problem: str = ""


@dataclass(slots=True)
class _Kept(Generic[T]):
    answer: Answer[T]
    asked_at: datetime


class Asking(Generic[K, T]):
    """Asks anew when an answer is older than `keep`, and after a failure in a while. The only holder of the answers; at
    most `most` of them, the oldest goes first."""

    def __init__(
        self, *, clock: Clock, tasks: Tasks, keep: timedelta, most: int, tell: Callable[[K], None], name: str
    ) -> None:
        """`tell` hears of each question that was answered, or was not."""
        self._clock = clock
        self._tasks = tasks
        self._keep = keep
        self._most = most
        self._tell = tell
        self._name = name
        self._kept: dict[K, _Kept[T]] = {}

    @property
    def is_busy(self) -> bool:
        """Whether a question is under way."""
        return any(kept.answer.is_asking for kept in self._kept.values())

    def knows(self, key: K) -> bool:
        """Whether it was asked already."""
        return key in self._kept

    def look(self, key: K, ask: Callable[[], Awaitable[T]]) -> Answer[T]:
        found, now = self._kept.get(key), self._clock.now()
        if found is None:
            found = self._kept[key] = _Kept(Answer(), now - RETRY)
            if len(self._kept) > self._most:
                del self._kept[next(iter(self._kept))]
        answer = found.answer
        is_old = answer.at is None or now - answer.at >= self._keep
        if is_old and not answer.is_asking and now - found.asked_at >= RETRY:
            found.asked_at, found.answer = now, replace(answer, is_asking=True)
            self._tasks.spawn(self._ask(found, key, ask), f"{self._name} {key}")
        return found.answer

    def unanswered(self) -> Iterator[K]:
        return (key for key, kept in self._kept.items() if kept.answer.problem)

    def need_not_wait(self, key: K) -> None:
        """The next look asks at once."""
        self._kept[key].asked_at = self._clock.now() - RETRY

    async def _ask(self, kept: _Kept[T], key: K, ask: Callable[[], Awaitable[T]]) -> None:
        try:
            value = await ask()
        except (BrokerRejected, BrokerUnreachable) as error:
            kept.answer = replace(kept.answer, is_asking=False, problem=str(error))
        else:
            kept.answer = Answer(value, self._clock.now())
        self._tell(key)
