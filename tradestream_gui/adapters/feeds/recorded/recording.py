"""A file of recorded prices: checked whole before it is used, then read row by row."""

import csv
import gzip
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from tradestream_gui.domain.errors import BadRecord
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.money import decimal_from_text

COLUMNS = "time_utc, symbol and price (or last); optional bid, ask, bid_size, ask_size and size"
MOST_FAULTS_NAMED = 20
_GZIP_MAGIC = b"\x1f\x8b"

Resolve = Callable[[str, datetime], Instrument | None]
"""The instrument that a symbol meant at a moment; None for a symbol that nobody knows."""


@dataclass(frozen=True, slots=True)
class RecordedRow:
    """One line of the file. Sizes are 0 where the file does not state them."""

    at: datetime
    instrument: Instrument
    price: Decimal | None
    size: int
    bid: Decimal | None
    bid_size: int
    ask: Decimal | None
    ask_size: int


@dataclass(frozen=True, slots=True)
class Recording:
    """A checked file. `instruments` stand in order of first appearance; `is_sorted` tells that time never falls.
    Reading it again raises BadRecord if the file has changed for the worse meanwhile."""

    path: Path
    resolve: Resolve
    row_count: int
    first_at: datetime
    last_at: datetime
    instruments: tuple[Instrument, ...]
    is_sorted: bool

    def rows(self) -> Iterator[RecordedRow]:
        """All rows in order of time, rows of one moment in the file's order; a sorted file is not held in memory."""
        yield from self._checked() if self.is_sorted else sorted(self._checked(), key=_row_time)

    def _checked(self) -> Iterator[RecordedRow]:
        for number, row in _parsed(self.path, self.resolve):
            if isinstance(row, str):
                raise BadRecord(f"{self.path.name}: changed since it was checked; row {number}: {row}")
            yield row


def read_recording(path: Path, resolve: Resolve) -> Recording:
    """Checks every row; raises BadRecord that names up to 20 bad rows and why, so that nothing is lost unseen.

    It reads the whole file: call it away from the loop.
    """
    faults: list[str] = []
    fault_count = count = 0
    is_sorted = True
    first_at = last_at = newest = datetime.min.replace(tzinfo=UTC)
    instruments: dict[InstrumentId, Instrument] = {}
    for number, row in _parsed(path, resolve):
        if isinstance(row, str):
            fault_count += 1
            if len(faults) < MOST_FAULTS_NAMED:
                faults.append(f"row {number}: {row}")
            continue
        count += 1
        instruments.setdefault(row.instrument.instrument_id, row.instrument)
        is_sorted = is_sorted and row.at >= newest
        newest = row.at
        first_at, last_at = (row.at, row.at) if count == 1 else (min(first_at, row.at), max(last_at, row.at))
    if fault_count:
        more = f"; and {fault_count - len(faults)} more" if fault_count > len(faults) else ""
        raise BadRecord(f"{path.name}: {fault_count} rows cannot be read, nothing was used. {'; '.join(faults)}{more}")
    if count == 0:
        raise BadRecord(f"{path.name}: there are no rows below the header")
    return Recording(path, resolve, count, first_at, last_at, tuple(instruments.values()), is_sorted)


class _Symbols:
    """Remembers what each symbol meant on each day, so that a long file is resolved once."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._known: dict[tuple[str, int], Instrument] = {}

    def instrument(self, symbol: str, at: datetime) -> Instrument:
        key = (symbol, at.toordinal())
        known = self._known.get(key)
        if known is None:
            known = self._resolve(symbol, at)
            if known is None:
                raise ValueError(f"the symbol {symbol!r} is not known")
            self._known[key] = known
        return known


def _parsed(path: Path, resolve: Resolve) -> Iterator[tuple[int, RecordedRow | str]]:
    """Each row with its number in the file (the header is row 1), or the reason why it is none."""
    symbols = _Symbols(resolve)
    with _opened(path) as lines:
        reader = csv.reader(lines)
        try:
            header = [name.strip().lower() for name in next(reader, [])]
            columns = {name: place for place, name in enumerate(header)}
            _check_header(path, columns)
            for number, cells in enumerate(reader, start=2):
                if cells:
                    yield number, _row(cells, columns, symbols)
        except (UnicodeDecodeError, EOFError, gzip.BadGzipFile, zlib.error, csv.Error) as error:
            raise BadRecord(f"{path.name}: cannot be read after row {reader.line_num}: {error}") from error


@contextmanager
def _opened(path: Path) -> Iterator[Iterator[str]]:
    """The text lines of a plain or gzipped file, whatever its name."""
    try:
        with path.open("rb") as probe:
            is_zipped = probe.read(2) == _GZIP_MAGIC
    except OSError as error:
        raise BadRecord(f"{path.name}: cannot be opened: {error.strerror}") from error
    with gzip.open(path, "rt", encoding="utf-8-sig") if is_zipped else path.open(encoding="utf-8-sig") as stream:
        yield iter(stream)


def _check_header(path: Path, columns: Mapping[str, int]) -> None:
    has_price = bool({"price", "last"} & columns.keys()) or {"bid", "ask"} <= columns.keys()
    if not {"time_utc", "symbol"} <= columns.keys() or not has_price:
        raise BadRecord(f"{path.name}: row 1 names the columns {sorted(columns)}; needed are {COLUMNS}")


def _row(cells: Sequence[str], columns: Mapping[str, int], symbols: _Symbols) -> RecordedRow | str:
    def cell(name: str) -> str:
        place = columns.get(name)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    try:
        at = _time(cell("time_utc"))
        row = RecordedRow(
            at=at,
            instrument=symbols.instrument(cell("symbol"), at),
            price=_price(cell("price") or cell("last")),
            size=_size(cell("size")),
            bid=_price(cell("bid")),
            bid_size=_size(cell("bid_size")),
            ask=_price(cell("ask")),
            ask_size=_size(cell("ask_size")),
        )
    except ValueError as error:
        return str(error)
    if row.price is None and row.bid is None and row.ask is None:
        return "there is no price"
    return row


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a time such as 2026-11-20T14:30:00.5Z") from None
    if at.tzinfo is None:
        raise ValueError(f"the time {text!r} has no zone; write it in UTC with a Z")
    return at.astimezone(UTC)


def _price(text: str) -> Decimal | None:
    return decimal_from_text(text) if text else None


def _size(text: str) -> int:
    if not text:
        return 0
    if not text.isdecimal():
        raise ValueError(f"the size {text!r} is not a whole number")
    return int(text)


def _row_time(row: RecordedRow) -> datetime:
    return row.at
