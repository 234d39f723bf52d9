"""Messages that a person copied and handed in with a key, from rooms that allow no bot (standard library only)."""

from dataclasses import replace

from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.source import AlertSink, IncomingMessage

NAME = "clipboard"


class ClipboardSource:
    """Delivers nothing by itself: only what is handed in, each text once a key was pressed for it."""

    def __init__(self) -> None:
        self._sink: AlertSink | None = None

    @property
    def name(self) -> str:
        return NAME

    async def connect(self, sink: AlertSink) -> None:
        self._sink = sink
        sink.on_source_link(NAME, LinkState.UP, "waits for what you hand in")

    async def close(self) -> None:
        self._sink = None

    def hand_in(self, message: IncomingMessage) -> bool:
        """False when the source is not connected, as before the start and after the close."""
        if self._sink is None:
            return False
        self._sink.on_message(replace(message, source=NAME))
        return True
