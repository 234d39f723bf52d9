"""Requests go before words: what listeners do with a change waits until the broker has been asked."""

from contextlib import AbstractContextManager

from tradestream_gui.bus import EventBus
from tradestream_gui.ports.clock import Tasks


class RequestsFirst:
    """`with requests_first():` around a change of state; screen and journal hear of it in the loop's next turn, when
    what the caller asks for without a pause is on its way. Facts keep their order."""

    def __init__(self, bus: EventBus, tasks: Tasks) -> None:
        self._bus = bus
        self._tasks = tasks

    def __call__(self) -> AbstractContextManager[None]:
        return self._bus.holding(self._tell_soon)

    def _tell_soon(self) -> None:
        self._tasks.spawn(self._tell(), "tell what was asked for")

    async def _tell(self) -> None:
        self._bus.deliver()
