"""The log's own memory: the newest lines and which lots, orders and alerts belong together."""

from collections import deque
from collections.abc import Iterator

from tradestream_gui.domain.ids import LotId, MessageKey
from tradestream_gui.ui.docks.log.lines import LogLine, Told

MAX_LINES = 5_000
"""What the screen keeps; the log files and the journal hold everything."""


class LogBook:
    """The only writer of lines. A line that knows only its lot gets the alert that the lot came from."""

    def __init__(self, limit: int = MAX_LINES) -> None:
        self._lines: deque[LogLine] = deque()
        self._limit = limit
        self._count = 0
        self._alert_of_lot: dict[LotId, MessageKey] = {}
        self._latest_of_order: dict[str, str] = {}

    def add(self, told: Told) -> tuple[LogLine | None, LogLine | None]:
        """The new line, None when it says again what its order's last line said, and the line that had to go."""
        if told.cl_ord_id is not None:
            if self._latest_of_order.get(told.cl_ord_id) == told.words:
                return None, None
            self._latest_of_order[told.cl_ord_id] = told.words
        if told.lot_id is not None and told.message_key is not None:
            self._alert_of_lot.setdefault(told.lot_id, told.message_key)
        key = told.message_key
        if key is None and told.lot_id is not None:
            key = self._alert_of_lot.get(told.lot_id)
        self._count += 1
        line = LogLine(self._count, told.at, told.kind, told.severity, told.words, key, told.lot_id, told.cl_ord_id)
        self._lines.append(line)
        gone = self._lines.popleft() if len(self._lines) > self._limit else None
        if gone is not None and gone.cl_ord_id is not None:
            self._latest_of_order.pop(gone.cl_ord_id, None)
        return line, gone

    def __iter__(self) -> Iterator[LogLine]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def path_of(self, line: LogLine) -> frozenset[str]:
        """The names that join a line to its alert's whole way: the message, or the lot of a trade by hand."""
        if line.message_key is not None:
            return frozenset({str(line.message_key)})
        if line.lot_id is not None:
            return frozenset({str(line.lot_id)})
        return frozenset({str(line.cl_ord_id)}) if line.cl_ord_id is not None else frozenset()
