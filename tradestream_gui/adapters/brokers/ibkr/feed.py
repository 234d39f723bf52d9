"""Interactive Brokers as a market data feed, on the broker's own connection."""

import logging
from collections.abc import Callable
from datetime import UTC
from decimal import Decimal
from functools import partial
from typing import Any

from tradestream_gui.adapters.brokers.ibkr import causes
from tradestream_gui.adapters.brokers.ibkr.connection import Connection
from tradestream_gui.adapters.brokers.ibkr.contracts import ContractBook, tws_contract
from tradestream_gui.adapters.brokers.ibkr.hearing import Row
from tradestream_gui.adapters.brokers.ibkr.history import DAY_S, Historian
from tradestream_gui.adapters.brokers.ibkr.lines import DELAYED_LAST, TIMES_AND_SALES, Ladder, Line
from tradestream_gui.adapters.brokers.ibkr.rows import BarRow, ErrorRow
from tradestream_gui.domain.bars import grouped
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.quotes import Bar, DataKind
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.feed import FeedSink

NAME = "ibkr"
MAX_LINES = 100
"""Market data lines of a usual account; more are refused there, and each is a line of the whole account."""
MAX_LADDERS = 3
PAUSE_S = 0.04
"""Between two requests for data, so that orders always find room in the 50 messages a second."""
COMPETING_PAUSE_S = 60.0
LIVE_ONLY, DELAYED_TOO = 1, 3
MINUTES_KEPT = 240
_log = logging.getLogger(__name__)


class IbkrFeed:
    """Quotes, prints, order books of the first three futures, and bars from before the start.

    TWS forgets subscriptions whenever the link breaks: what is wanted is kept here and asked for again. Five-second
    bars of the first future come also in a quiet market: they are the proof that the stream lives.
    """

    def __init__(
        self, *, connection: Connection, contracts: ContractBook, clock: Clock, tasks: Tasks, allow_delayed: bool
    ) -> None:
        self._connection = connection
        self._contracts = contracts
        self._clock = clock
        self._tasks = tasks
        self._data_type = DELAYED_TOO if allow_delayed else LIVE_ONLY
        self._historian = Historian(connection, contracts, clock)
        self._sink: FeedSink | None = None
        self._wanted: dict[InstrumentId, Instrument] = {}
        self._problems: dict[InstrumentId, str] = {}
        self._lines: dict[int, Line] = {}
        self._ladders: dict[int, Ladder] = {}
        self._pulse: int | None = None
        self._minutes: dict[InstrumentId, tuple[Bar, ...]] = {}
        self._closes: dict[InstrumentId, Decimal] = {}
        self._history_known: Callable[[Instrument], None] | None = None
        self._broken_farms: set[str] = set()
        connection.listen(self)

    @property
    def name(self) -> str:
        return NAME

    @property
    def kind(self) -> DataKind:
        """DELAYED as soon as one line is."""
        delayed = any(line.kind is DataKind.DELAYED for line in self._lines.values())
        return DataKind.DELAYED if delayed else DataKind.REALTIME

    def problem(self, instrument_id: InstrumentId) -> str:
        """Why an instrument has no prices; empty when nothing is known against them."""
        return self._problems.get(instrument_id, "")

    async def connect(self, sink: FeedSink) -> None:
        """Listens; the connection itself is opened by the broker, which reads the books first."""
        self._sink = sink
        sink.on_feed_link(NAME, self._connection.state, "")

    async def close(self) -> None:
        sink, self._sink = self._sink, None
        if sink is not None:
            sink.on_feed_link(NAME, LinkState.OFF, "")
        self._forget_lines()

    async def subscribe(self, instrument: Instrument) -> None:
        if instrument.instrument_id not in self._wanted:
            self._wanted[instrument.instrument_id] = instrument
            if self._connection.state is LinkState.UP:
                await self._open(instrument)

    async def unsubscribe(self, instrument: Instrument) -> None:
        self._wanted.pop(instrument.instrument_id, None)
        self._problems.pop(instrument.instrument_id, None)
        for number in [number for number, line in self._lines.items() if line.instrument == instrument]:
            del self._lines[number]
            self._cancel(partial(_cancel_line, number))
        for number in [number for number, ladder in self._ladders.items() if ladder.instrument == instrument]:
            del self._ladders[number]
            self._cancel(partial(_cancel_ladder, number))

    # -- history (FeedHistory) -----------------------------------------------------------------------------

    def when_history_is_known(self, tell: Callable[[Instrument], None]) -> None:
        """`tell` hears of each instrument whose past has arrived."""
        self._history_known = tell

    def history(self, instrument: Instrument, seconds: int, count: int) -> tuple[Bar, ...]:
        return grouped(self._minutes.get(instrument.instrument_id, ()), seconds)[-count:]

    def previous_close(self, instrument: Instrument) -> Decimal | None:
        return self._closes.get(instrument.instrument_id)

    # -- what the connection says (Listener) ---------------------------------------------------------------

    def link(self, state: LinkState, detail: str) -> None:
        if not self._connection.is_logged_in:
            self._forget_lines()
        if self._sink is not None:
            self._sink.on_feed_link(NAME, state, detail)
        if state is LinkState.UP and not self._lines:
            self._tasks.spawn(self._open_all(), "market data lines")

    def restored(self, *, data_lost: bool) -> None:
        if data_lost:
            self._forget_lines()

    def error(self, row: ErrorRow) -> None:
        self._farm(row)
        line = self._lines.get(row.request_id)
        ladder = self._ladders.get(row.request_id)
        if ladder is not None and row.code == causes.DEPTH_RESET:
            ladder.clear()
        elif ladder is not None and not causes.is_warning(row.code):
            del self._ladders[row.request_id]
            _log.info("no order book of %s: %s", ladder.instrument.instrument_id, row.words)
        elif line is not None and not causes.is_warning(row.code):
            del self._lines[row.request_id]
            self._refused(line.instrument, row)

    def heard(self, key: object, row: Row) -> None:
        if isinstance(row, BarRow) and key == self._pulse and self._sink is not None:
            self._sink.on_heartbeat(NAME)

    def tick(self, request_id: int, kind: int, value: float | str, size: float) -> None:
        line = self._lines.get(request_id)
        if line is None or self._sink is None:
            return
        if isinstance(value, str):
            trade = line.take_trade_text(value) if kind == TIMES_AND_SALES else None
        else:
            line.take(kind, value, size)
            trade = line.take_delayed_trade(value, size, self._clock.now()) if kind == DELAYED_LAST else None
        if trade is not None:
            self._tell_quote(line)
            self._sink.on_print(trade)

    def data_type(self, request_id: int, data_type: int) -> None:
        line = self._lines.get(request_id)
        if line is not None:
            line.take_type(data_type)

    def depth(self, request_id: int, row: int, operation: int, side: int, price: float, size: float) -> None:
        ladder = self._ladders.get(request_id)
        if ladder is not None:
            ladder.take(row, operation, side, price, size)

    def chunk_read(self) -> None:
        """What one reading of the socket changed is told at once, not tick by tick."""
        for line in self._lines.values():
            self._tell_quote(line)
        for ladder in self._ladders.values():
            if ladder.is_dirty and self._sink is not None:
                ladder.is_dirty = False
                self._sink.on_depth(ladder.depth(self._clock.now(), DataKind.REALTIME))

    # -- inside --------------------------------------------------------------------------------------------

    async def _open_all(self) -> None:
        self._connection.send(lambda client: client.reqMarketDataType(self._data_type))
        for instrument in list(self._wanted.values()):
            if self._connection.state is not LinkState.UP:
                return
            await self._open(instrument)

    async def _open(self, instrument: Instrument) -> None:
        """Opens what the instrument gets: a line, a book, the pulse. Words instead of an error where TWS refuses."""
        if any(line.instrument == instrument for line in self._lines.values()):
            return
        if len(self._lines) >= MAX_LINES:
            self._note(instrument, f"all {MAX_LINES} market data lines are in use; take symbols off the watchlist")
            return
        try:
            contract = tws_contract(await self._contracts.details(instrument))
            await self._clock.sleep(PAUSE_S)
            number = self._connection.next_id()
            self._lines[number] = Line(instrument)
            self._connection.send(lambda client: client.reqMktData(number, contract, "233", False, False, []))
            if instrument.asset_class is AssetClass.FUTURE:
                await self._open_extras(instrument, contract)
        except BrokerRejected as error:
            self._note(instrument, str(error))
        except BrokerUnreachable as error:
            _log.warning("no prices of %s for now: %s", instrument.instrument_id, error)
            return
        if instrument.asset_class is not AssetClass.OPTION:
            self._tasks.spawn(self._read_history(instrument), f"history of {instrument.instrument_id}")

    async def _open_extras(self, instrument: Instrument, contract: Any) -> None:
        if len(self._ladders) < MAX_LADDERS:
            book = self._connection.next_id()
            self._ladders[book] = Ladder(instrument)
            self._connection.send(lambda client: client.reqMktDepth(book, contract, 10, False, []))
            await self._clock.sleep(PAUSE_S)
        if self._pulse is None:
            pulse = self._pulse = self._connection.next_id()
            self._connection.send(lambda client: client.reqRealTimeBars(pulse, contract, 5, "TRADES", False, []))

    async def _read_history(self, instrument: Instrument) -> None:
        instrument_id = instrument.instrument_id
        try:
            self._minutes[instrument_id] = await self._historian.bars(instrument, 60, MINUTES_KEPT)
            days = await self._historian.bars(instrument, DAY_S, 2)
        except (BrokerRejected, BrokerUnreachable) as error:
            _log.info("%s", error)
            return
        today = self._clock.now().astimezone(UTC).date()
        past = [bar for bar in days if bar.start.date() < today]
        if past:
            self._closes[instrument_id] = past[-1].close
        if self._history_known is not None:
            self._history_known(instrument)

    def _tell_quote(self, line: Line) -> None:
        if line.is_dirty and self._sink is not None:
            line.is_dirty = False
            self._sink.on_quote(line.quote(self._clock.now()))

    def _refused(self, instrument: Instrument, row: ErrorRow) -> None:
        words = f"no prices of {named(instrument.instrument_id)}: {row.words} (code {row.code})"
        if row.code in causes.NO_SUBSCRIPTION:
            words += ". Subscribe to its market data at Interactive Brokers, or allow delayed prices on paper"
        self._note(instrument, words)
        if row.code == causes.COMPETING_SESSION:
            self._clock.call_later(COMPETING_PAUSE_S, lambda: self._try_again(instrument))

    def _try_again(self, instrument: Instrument) -> None:
        if instrument.instrument_id in self._wanted and self._connection.state is LinkState.UP:
            self._tasks.spawn(self._open(instrument), f"market data of {instrument.instrument_id}")

    def _note(self, instrument: Instrument, words: str) -> None:
        self._problems[instrument.instrument_id] = words
        if self._sink is not None:
            self._sink.on_feed_link(NAME, self._connection.state, words)

    def _farm(self, row: ErrorRow) -> None:
        """Data farms break and come back one by one; while one is broken its prices stand still."""
        farm = row.words.rpartition(":")[2]
        was_broken = bool(self._broken_farms)
        if row.code in causes.FARM_BROKEN:
            self._broken_farms.add(farm)
        elif row.code in causes.FARM_OK:
            self._broken_farms.discard(farm)
        if self._sink is None or self._connection.state is not LinkState.UP or was_broken == bool(self._broken_farms):
            return
        if self._broken_farms:
            self._sink.on_feed_link(NAME, LinkState.DOWN, f"market data farm broken: {row.words}")
        else:
            self._sink.on_feed_link(NAME, LinkState.UP, "")

    def _forget_lines(self) -> None:
        self._lines.clear()
        self._ladders.clear()
        self._pulse = None
        self._broken_farms.clear()

    def _cancel(self, message: Callable[[Any], None]) -> None:
        if self._connection.is_open:
            self._connection.send(message)


def _cancel_line(number: int, client: Any) -> None:
    client.cancelMktData(number)


def _cancel_ladder(number: int, client: Any) -> None:
    client.cancelMktDepth(number, False)
