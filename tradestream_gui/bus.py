"""A typed, synchronous, first-in-first-out event bus: facts go to every listener on the loop's thread."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

FactT = TypeVar("FactT")
MAX_QUEUED = 10_000
"""Facts waiting at once. More means that a handler publishes in a circle."""

_log = logging.getLogger(__name__)


class BusOverflow(RuntimeError):
    """More facts wait than any honest burst makes."""


class EventBus:
    """Delivers each published fact to the handlers of exactly its type, in order of subscription.

    A fact published by a handler waits until the present one has been delivered to all. An exception in a handler
    that owns state is passed to `on_owner_failure`, which halts trading; in any other it is logged and counted.
    """

    def __init__(self, on_owner_failure: Callable[[object, Exception], None]) -> None:
        self._handlers: dict[type, tuple[tuple[Callable[[Any], None], bool], ...]] = {}
        self._queue: deque[object] = deque()
        self._delivering = False
        self._holding = False
        self._thread = threading.get_ident()
        self._on_owner_failure = on_owner_failure
        self.failure_count = 0

    def subscribe(self, fact_type: type[FactT], handler: Callable[[FactT], None], *, owns_state: bool = False) -> None:
        self._handlers[fact_type] = (*self._handlers.get(fact_type, ()), (handler, owns_state))

    def unsubscribe(self, fact_type: type[FactT], handler: Callable[[FactT], None]) -> None:
        entries = self._handlers.get(fact_type, ())
        self._handlers[fact_type] = tuple(entry for entry in entries if entry[0] != handler)

    def publish(self, fact: object) -> None:
        """Delivers at once, or after the facts before it; raises BusOverflow beyond the bound."""
        assert threading.get_ident() == self._thread, "facts are published on the loop's thread only"
        if self._delivering or self._holding or self._queue:
            if len(self._queue) >= MAX_QUEUED:
                raise BusOverflow(f"{MAX_QUEUED} facts wait on the bus; the last is {type(fact).__name__}")
            self._queue.append(fact)
            if not self._holding:
                self.deliver()
            return
        self._delivering = True  # nothing is before it: most facts are ticks, and each of them passes here
        try:
            self._deliver(fact)
            while self._queue:
                self._deliver(self._queue.popleft())
        finally:
            self._delivering = False

    def holding(self, then: Callable[[], None] | None = None) -> "_Holding":
        """Facts published within wait, in their order, until `deliver` or the next fact that is published outside.
        `then` is called at the end of the section, also of one that breaks off."""
        return _Holding(self, then)

    def hold(self, is_held: bool) -> bool:
        """Answers what it was before."""
        before, self._holding = self._holding, is_held
        return before

    def deliver(self) -> None:
        """Brings whatever waits to its handlers."""
        if self._delivering or self._holding:
            return
        self._delivering = True
        try:
            while self._queue:
                self._deliver(self._queue.popleft())
        finally:
            self._delivering = False

    def _deliver(self, fact: object) -> None:
        for handler, owns_state in self._handlers.get(type(fact), ()):
            try:
                handler(fact)
            except Exception as error:
                self.failure_count += 1
                _log.exception("a handler of %s failed", type(fact).__name__)
                if owns_state:
                    self._on_owner_failure(fact, error)


class _Holding:
    """One section of `EventBus.holding`; a plain class, since a kill waits for it."""

    __slots__ = ("_before", "_bus", "_then")

    def __init__(self, bus: EventBus, then: Callable[[], None] | None) -> None:
        self._bus, self._then = bus, then

    def __enter__(self) -> None:
        self._before = self._bus.hold(True)

    def __exit__(self, *_: object) -> None:
        self._bus.hold(self._before)
        if self._then is not None:
            self._then()
