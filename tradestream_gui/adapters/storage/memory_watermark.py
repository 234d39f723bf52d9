"""A watermark that lives as long as the run: for replays, which keep nothing."""


class MemoryWatermark:
    """Same rules as the file's, without a file."""

    def __init__(self) -> None:
        self._marks: dict[tuple[str, str], int] = {}

    def allows(self, source: str, channel_id: str, order_no: int) -> bool:
        return order_no > self._marks.get((source, channel_id), -1)

    async def advance(self, source: str, channel_id: str, order_no: int) -> None:
        self._marks[source, channel_id] = max(order_no, self._marks.get((source, channel_id), -1))

    def close(self) -> None:
        """Nothing is open."""
