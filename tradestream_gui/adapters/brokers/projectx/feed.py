"""TopstepX as a market data feed: its market hub, on the broker's own log-in."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC
from decimal import Decimal
from typing import Any

from tradestream_gui.adapters.brokers.projectx.contracts import ContractBook
from tradestream_gui.adapters.brokers.projectx.gateway import Gateway, LogInRefused
from tradestream_gui.adapters.brokers.projectx.history import DAY, MINUTE, past_bars
from tradestream_gui.adapters.brokers.projectx.lines import Line, rows_in
from tradestream_gui.adapters.brokers.projectx.rows import unwrapped
from tradestream_gui.adapters.brokers.projectx.signalr import Hub, TokenExpired
from tradestream_gui.domain.bars import grouped
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.errors import BrokerRejected, BrokerUnreachable, UnknownBrokerValue
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.quotes import Bar, DataKind
from tradestream_gui.ports.broker import LinkState
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.feed import FeedSink

NAME = "projectx"
SUBJECTS = ("ContractQuotes", "ContractTrades", "ContractMarketDepth")
MINUTES_KEPT = 240
_log = logging.getLogger(__name__)


class ProjectXFeed:
    """Quotes, prints and order books of futures, and bars from before the start. It takes a lost line up again by
    itself; what is wanted is subscribed anew then, and every book begins empty."""

    def __init__(self, *, gateway: Gateway, contracts: ContractBook, clock: Clock, tasks: Tasks) -> None:
        self._gateway = gateway
        self._contracts = contracts
        self._clock = clock
        self._tasks = tasks
        self._timing = gateway.timing
        self._hub = Hub(gateway.endpoints.market_hub, self, clock=clock, tasks=tasks, timing=gateway.timing)
        self._sink: FeedSink | None = None
        self._wanted: dict[InstrumentId, Instrument] = {}
        self._lines: dict[str, Line] = {}
        self._problems: dict[InstrumentId, str] = {}
        self._minutes: dict[InstrumentId, tuple[Bar, ...]] = {}
        self._closes: dict[InstrumentId, Decimal] = {}
        self._history_known: Callable[[Instrument], None] | None = None
        self._is_lost = asyncio.Event()

    @property
    def name(self) -> str:
        return NAME

    @property
    def kind(self) -> DataKind:
        return DataKind.REALTIME

    def problem(self, instrument_id: InstrumentId) -> str:
        """Why an instrument has no prices; empty when nothing is known against them."""
        return self._problems.get(instrument_id, "")

    async def connect(self, sink: FeedSink) -> None:
        """Begins to try; the link is told up when the hub is there."""
        if self._sink is not None:
            return
        self._sink = sink
        sink.on_feed_link(NAME, LinkState.CONNECTING, "")
        self._tasks.spawn(self._keep_up(sink), "TopstepX prices")

    async def close(self) -> None:
        sink, self._sink = self._sink, None
        self._hub.close()
        self._lines.clear()
        self._is_lost.set()
        if sink is not None:
            sink.on_feed_link(NAME, LinkState.OFF, "")

    async def subscribe(self, instrument: Instrument) -> None:
        if instrument.instrument_id in self._wanted:
            return
        self._wanted[instrument.instrument_id] = instrument
        if self._hub.is_open:
            await self._open(instrument)

    async def unsubscribe(self, instrument: Instrument) -> None:
        self._wanted.pop(instrument.instrument_id, None)
        self._problems.pop(instrument.instrument_id, None)
        for contract_id in [one for one, line in self._lines.items() if line.instrument == instrument]:
            del self._lines[contract_id]
            try:
                for subject in SUBJECTS:
                    await self._hub.invoke(f"Unsubscribe{subject}", contract_id)
            except BrokerUnreachable as error:
                _log.info("%s is not heard any more in any case: %s", instrument.instrument_id, error)

    # -- history (LateHistory) -----------------------------------------------------------------------------

    def when_history_is_known(self, tell: Callable[[Instrument], None]) -> None:
        """`tell` hears of each instrument whose past has arrived."""
        self._history_known = tell

    def history(self, instrument: Instrument, seconds: int, count: int) -> tuple[Bar, ...]:
        return grouped(self._minutes.get(instrument.instrument_id, ()), seconds)[-count:]

    def previous_close(self, instrument: Instrument) -> Decimal | None:
        return self._closes.get(instrument.instrument_id)

    # -- what the hub says (HubListener) -------------------------------------------------------------------

    def event(self, target: str, arguments: list[Any]) -> None:
        line = self._lines.get(arguments[0]) if len(arguments) > 1 and isinstance(arguments[0], str) else None
        if line is None or self._sink is None:
            return
        try:
            self._take(line, target, arguments[1], self._sink)
        except UnknownBrokerValue as error:
            _log.warning("%s of %s cannot be read: %s", target, line.instrument.instrument_id, error)

    def alive(self) -> None:
        if self._sink is not None:
            self._sink.on_heartbeat(NAME)

    def gap(self) -> None:
        """A lost change of a book cannot be made good: the books begin anew with what comes."""
        for line in self._lines.values():
            line.clear_book()

    def lost(self, words: str) -> None:
        self._lines.clear()
        if self._sink is not None:
            self._sink.on_feed_link(NAME, LinkState.DOWN, f"TopstepX prices are not heard any more: {words}")
        self._is_lost.set()

    # -- inside --------------------------------------------------------------------------------------------

    def _take(self, line: Line, target: str, payload: Any, sink: FeedSink) -> None:
        if target == "GatewayQuote":
            line.take_quote(unwrapped(payload)[0])
            sink.on_quote(line.quote(self._clock.now()))
        elif target == "GatewayTrade":
            for row in rows_in(payload):
                trade = line.take_trade(row)
                if trade is not None:
                    sink.on_print(trade)
        elif target == "GatewayDepth":
            changes = [line.take_depth(row) for row in rows_in(payload)]
            if any(changes):
                sink.on_depth(line.depth(self._clock.now()))

    async def _keep_up(self, sink: FeedSink) -> None:
        """Opens the hub, and again whenever it is lost, until closed."""
        pause_s = self._timing.retry_s
        while self._sink is sink:
            self._is_lost.clear()
            try:
                await self._open_hub()
            except BrokerUnreachable as error:
                state = LinkState.AUTH_FAILED if isinstance(error, LogInRefused) else LinkState.DOWN
                if self._sink is sink:
                    sink.on_feed_link(NAME, state, str(error))
                await self._clock.sleep(pause_s)
                pause_s = min(pause_s * 2, self._timing.retry_most_s)
                continue
            pause_s = self._timing.retry_s
            if self._sink is not sink:
                self._hub.close()
                return
            sink.on_feed_link(NAME, LinkState.UP, "")
            for instrument in list(self._wanted.values()):
                await self._open(instrument)
            await self._is_lost.wait()

    async def _open_hub(self) -> None:
        token = await self._gateway.log_in()
        try:
            await self._hub.open(token)
        except TokenExpired:
            await self._hub.open(await self._gateway.log_in(instead_of=token))

    async def _open(self, instrument: Instrument) -> None:
        """Subscribes one instrument; words instead of an error where TopstepX has no such thing."""
        if instrument.asset_class is not AssetClass.FUTURE:
            self._note(instrument, f"no prices of {named(instrument.instrument_id)}: TopstepX has futures only")
            return
        try:
            contract = await self._contracts.row(instrument)
            if contract.id in self._lines or instrument.instrument_id not in self._wanted:
                return
            self._lines[contract.id] = Line(instrument)
            for subject in SUBJECTS:
                await self._hub.invoke(f"Subscribe{subject}", contract.id)
        except BrokerRejected as error:
            self._note(instrument, str(error))
            return
        except BrokerUnreachable as error:
            _log.warning("no prices of %s for now: %s", instrument.instrument_id, error)
            return
        self._problems.pop(instrument.instrument_id, None)
        self._tasks.spawn(self._read_history(instrument), f"history of {instrument.instrument_id}")

    async def _read_history(self, instrument: Instrument) -> None:
        instrument_id = instrument.instrument_id
        try:
            read = (self._gateway, self._contracts, self._clock, instrument)
            self._minutes[instrument_id] = await past_bars(*read, MINUTE, MINUTES_KEPT)
            days = await past_bars(*read, DAY, 3)
        except (BrokerRejected, BrokerUnreachable) as error:
            _log.info("no history of %s: %s", instrument_id, error)
            return
        today = self._clock.now().astimezone(UTC).date()
        past = [bar for bar in days if bar.start.date() < today]
        if past:
            self._closes[instrument_id] = past[-1].close
        if self._history_known is not None:
            self._history_known(instrument)

    def _note(self, instrument: Instrument, words: str) -> None:
        self._problems[instrument.instrument_id] = words
        if self._sink is not None:
            self._sink.on_feed_link(NAME, LinkState.UP if self._hub.is_open else LinkState.DOWN, words)
