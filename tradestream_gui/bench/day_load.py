"""A trading day's traffic for the running window: prices of fifty symbols, messages of twenty rooms."""

import asyncio
from itertools import count
from typing import TYPE_CHECKING, Any

from tradestream_gui.bench.storm import Storm

if TYPE_CHECKING:
    from tradestream_gui.app import WindowSession
    from tradestream_gui.domain.instruments import Instrument

ROOMS, MESSAGES_A_SECOND = 20, 5.0
SYMBOLS, TICKS_A_SECOND = 50, 20
TRADED_ROOM = "room-0"
ENTRY_EVERY = 20
"""Every so many messages of a room is an alert; the others are talk."""
TALK = (
    "good morning all, watching the overnight low here",
    "nice move, I am flat and waiting for the next one",
    "CPI at 8:30 ET, be careful with size",
    "that level has held three times this week, see the chart that I posted yesterday",
    "lunch, back at one",
)


def settings() -> dict[str, Any]:
    """Twenty rooms of one analyst each; one trades by itself, the others are watched."""
    rooms = [f"room-{number}" for number in range(ROOMS)]
    return {
        "routing": {
            "channels": [{"id": room, "name": room, "source": "bench"} for room in rooms],
            "analysts": [
                {
                    "id": room,
                    "name": f"Analyst {room}",
                    "authors": [room],
                    "mode": "AUTO" if room == TRADED_ROOM else "WATCH",
                }
                for room in rooms
            ],
        },
    }


class Talk:
    """Posts at an even rate, room after room; each message has a number of its own."""

    def __init__(self, session: "WindowSession", a_second: float, first: int) -> None:
        assert session.core is not None, "the profile is open"
        self._sink, self._clock = session.core.alerts, session.core.clock
        self._gap_s = 1.0 / a_second
        self._numbers = count(first)
        self.posted = 0

    async def run(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number in range(int(seconds / self._gap_s)):
            await asyncio.sleep(max(began + number * self._gap_s - loop.time(), 0.0))
            self._post(next(self._numbers))

    def _post(self, number: int) -> None:
        from tradestream_gui.domain.messages import Arrival
        from tradestream_gui.ports.source import IncomingMessage

        room, turn = f"room-{number % ROOMS}", number // ROOMS
        now = self._clock.now()
        self._sink.on_message(
            IncomingMessage(
                source="bench", channel_id=room, channel_name=room, message_id=str(number), author_id=room,
                author_name=f"Analyst {room}", text=_text(turn), sent_at=now, order_no=number, arrival=Arrival.LIVE,
            )
        )  # fmt: skip
        self.posted += 1


def _text(turn: int) -> str:
    if turn % ENTRY_EVERY == 0:
        price = 1_000 + turn % 90
        return f"ES long {price}: C\nStop: {price - 6}"
    return TALK[turn % len(TALK)]


async def pour(
    session: "WindowSession", instruments: "list[Instrument]", seconds: float, messages_a_second: float, first: int = 1
) -> tuple[Storm, Talk]:
    """Both at once, for so long; `first` numbers the first message."""
    storm = Storm(session, instruments, SYMBOLS * TICKS_A_SECOND, seconds)
    talk = Talk(session, messages_a_second, first)
    await asyncio.gather(storm.run(), talk.run(seconds))
    return storm, talk
