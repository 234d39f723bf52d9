"""The wire between us and the simulated exchange: delayed by a seeded amount each way, never reordered."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tradestream_gui.ports.clock import Clock, Timer

ROUNDING_S = 1e-6
"""Seconds by which a timer's due time may differ from ours in floating point."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds (least, most) that a command and a report travel; both together make 15 to 40 ms as delivered."""

    command_s: tuple[float, float] = (0.008, 0.020)
    report_s: tuple[float, float] = (0.007, 0.020)


class Wire:
    """One direction: what goes in comes out once, in order, after its delay."""

    def __init__(self, clock: Clock, random: Random, delay_s: tuple[float, float]) -> None:
        self._clock = clock
        self._random = random
        self._delay_s = delay_s
        self._in_transit: deque[tuple[float, Callable[[], None]]] = deque()
        self._last_due_s = 0.0
        self._timer: Timer | None = None

    def send(self, action: Callable[[], None]) -> None:
        due_s = max(self._clock.monotonic() + self._random.uniform(*self._delay_s), self._last_due_s)
        self._last_due_s = due_s
        self._in_transit.append((due_s, action))
        self._arm()

    def cut(self) -> None:
        """What is still under way is lost."""
        self._in_transit.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _arm(self) -> None:
        if self._timer is None and self._in_transit:
            self._timer = self._clock.call_later(self._in_transit[0][0] - self._clock.monotonic(), self._arrive)

    def _arrive(self) -> None:
        self._timer = None
        now_s = self._clock.monotonic()
        while self._in_transit and self._in_transit[0][0] <= now_s + ROUNDING_S:
            self._in_transit.popleft()[1]()
        self._arm()


class Link:
    """Both directions; whoever simulates faults puts an object with these three methods in its place."""

    def __init__(self, clock: Clock, random: Random, latency: Latency) -> None:
        self._commands = Wire(clock, random, latency.command_s)
        self._reports = Wire(clock, random, latency.report_s)

    def carry_command(self, action: Callable[[], None]) -> None:
        self._commands.send(action)

    def carry_report(self, action: Callable[[], None]) -> None:
        self._reports.send(action)

    def cut(self) -> None:
        self._commands.cut()
        self._reports.cut()
