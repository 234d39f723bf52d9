"""Messages that a person sent knowingly: where the desk would ask about one, the sending was the answer."""

from tradestream_gui.alerts.desk.desk import AlertDesk
from tradestream_gui.bus import EventBus
from tradestream_gui.domain.decisions import Outcome
from tradestream_gui.domain.events import AlertDecided
from tradestream_gui.domain.ids import MessageKey
from tradestream_gui.ports.clock import Tasks


class AnsweredOnArrival:
    """Approves the first decision about a message that it was told of, if that decision asks; no later one."""

    def __init__(self, bus: EventBus, tasks: Tasks, desk: AlertDesk) -> None:
        self._tasks = tasks
        self._desk = desk
        self._keys: set[MessageKey] = set()
        bus.subscribe(AlertDecided, self._on_decided)

    def expect(self, message_key: MessageKey) -> None:
        """To be called before the message is handed over."""
        self._keys.add(message_key)

    def _on_decided(self, fact: AlertDecided) -> None:
        key = fact.decision.message_key
        if key not in self._keys:
            return
        self._keys.discard(key)
        if fact.decision.outcome is Outcome.AWAITING:
            self._tasks.spawn(self._approve(key), f"approve {key}")

    async def _approve(self, key: MessageKey) -> None:
        await self._desk.approve(key)
