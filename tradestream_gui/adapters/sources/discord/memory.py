"""What came through one log-in after another: the newest messages of each place, and where the live stream began."""

from collections import OrderedDict
from collections.abc import Iterator

from tradestream_gui.ports.source import IncomingMessage

KEPT = 300
"""Newest messages remembered of each channel or thread."""


class Memory:
    """Places are Discord's ids of channels and threads. It outlives a log-in, so that the next one knows the gap."""

    def __init__(self) -> None:
        self._known: dict[int, OrderedDict[int, IncomingMessage]] = {}
        self._newest: dict[int, int] = {}
        self._first_live: dict[int, int] = {}

    def begin_stream(self) -> None:
        """A new session of the gateway: what was posted before its first message was not streamed."""
        self._first_live.clear()

    def heard(self, place: int, message_id: int, *, live: bool) -> None:
        """Whatever stands there, also what nobody wants."""
        self._newest[place] = max(message_id, self._newest.get(place, 0))
        if live:
            self._first_live.setdefault(place, message_id)

    def keep(self, place: int, message: IncomingMessage) -> None:
        known = self._known.setdefault(place, OrderedDict())
        known[int(message.message_id)] = message
        while len(known) > KEPT:
            known.popitem(last=False)

    def forget(self, place: int, message_id: int) -> IncomingMessage | None:
        return self._known.get(place, OrderedDict()).pop(message_id, None)

    def known(self, place: int, message_id: int) -> IncomingMessage | None:
        return self._known.get(place, OrderedDict()).get(message_id)

    def text_of(self, message_id: str) -> str | None:
        wanted = int(message_id)
        return next((known[wanted].text for known in self._known.values() if wanted in known), None)

    def newest(self, place: int) -> int:
        return self._newest.get(place, 0)

    def before_the_stream(self, place: int, message_id: int) -> int:
        """The last id that the stream cannot still bring: no later than the given one, before the first live one."""
        return min(message_id, self._first_live.get(place, message_id + 1) - 1)

    def between(self, place: int, low: int, high: int) -> Iterator[int]:
        yield from [each for each in self._known.get(place, {}) if low <= each <= high]
