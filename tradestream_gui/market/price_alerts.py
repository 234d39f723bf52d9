"""Keeps the user's price alerts, watches the market for them, and tells each once."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.contract_names import contract_name, named
from tradestream_gui.domain.errors import StoreFailed
from tradestream_gui.domain.events import Notice, NoticeKind, PriceAlertsChanged, Severity
from tradestream_gui.domain.events_market import QuoteUpdated, TradePrinted
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.price_alerts import PriceAlert, read_price_alert
from tradestream_gui.market.quote_board import QuoteBoard
from tradestream_gui.market.reference import ReferenceData
from tradestream_gui.ports.clock import Clock, Tasks
from tradestream_gui.ports.price_alerts import PriceAlertStore

MOST = 200
"""More alerts than a person can mean; each tick looks only at those of its contract."""


class PriceAlertBook:
    """The only writer of the alerts. An alert that was told is gone; one of an expired contract is told as such."""

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        tasks: Tasks,
        board: QuoteBoard,
        reference: ReferenceData,
        store: PriceAlertStore | None,
        subscribe: Callable[[Instrument], Awaitable[None]],
    ) -> None:
        """Without a store, as in a replay, alerts last as long as the program."""
        self._bus = bus
        self._clock = clock
        self._tasks = tasks
        self._board = board
        self._reference = reference
        self._store = store
        self._subscribe = subscribe
        self._alerts: dict[InstrumentId, dict[str, PriceAlert]] = {}
        self._last_no = 0
        self._writing = asyncio.Lock()

    def alerts(self) -> tuple[PriceAlert, ...]:
        """In the order in which they were made."""
        return tuple(sorted(self._all(), key=lambda alert: int(alert.alert_id)))

    async def start(self) -> None:
        """Takes over what is stored, subscribes it, and watches."""
        stored = await asyncio.to_thread(self._store.load) if self._store is not None else ()
        now, gone = self._clock.now(), []
        for alert in stored:
            self._last_no = max(self._last_no, int(alert.alert_id))
            instrument = self._reference.instrument(alert.instrument_id)
            if instrument is None or self._reference.is_expired(instrument, now):
                gone.append(alert)
                continue
            self._alerts.setdefault(alert.instrument_id, {})[alert.alert_id] = alert
            await self._subscribe(instrument)
        self._bus.subscribe(QuoteUpdated, self._on_quote)
        self._bus.subscribe(TradePrinted, self._on_print)
        for alert in gone:
            words = f"{named(alert.instrument_id)} {alert.side_word} {alert.price:,} is over: the contract has expired."
            self._bus.publish(Notice(NoticeKind.PRICE, Severity.INFO, "Price alert", words, now))
        if gone:
            self._changed()

    def add_text(self, text: str) -> PriceAlert:
        """From a line as `ES above 6350`. Raises ValueError with words for the user."""
        symbol, is_above, typed = read_price_alert(text)
        instrument = self._reference.resolve(symbol, self._clock.now())
        if instrument is None:
            raise ValueError(f"{symbol} names no contract that this program knows")
        if self._reference.is_expired(instrument, self._clock.now()):
            raise ValueError(f"{contract_name(instrument)} has expired")
        try:
            return self.add(instrument, is_above, Decimal(typed))
        except InvalidOperation as error:
            raise ValueError(f"{typed} is no price") from error

    def add(self, instrument: Instrument, is_above: bool, price: Decimal) -> PriceAlert:
        """Raises ValueError for a price off the tick, one that is set or reached already, and one alert too many."""
        if len(self._all()) >= MOST:
            raise ValueError(f"{MOST} price alerts are set already; remove some first")
        now = self._clock.now()
        alert = PriceAlert(str(self._last_no + 1), instrument.instrument_id, is_above, price, now)
        self._check(alert, instrument)
        self._last_no += 1
        self._alerts.setdefault(instrument.instrument_id, {})[alert.alert_id] = alert
        self._tasks.spawn(self._subscribed(instrument), f"watch {instrument.instrument_id} for a price alert")
        self._changed()
        return alert

    def move(self, alert_id: str, price: Decimal) -> PriceAlert:
        """The alert at another price, on the side from which the market would reach it.

        Raises ValueError for what `add` refuses, and when it was told or removed meanwhile.
        """
        alert = next((one for one in self._all() if one.alert_id == alert_id), None)
        instrument = None if alert is None else self._reference.instrument(alert.instrument_id)
        if alert is None or instrument is None:
            raise ValueError("this price alert is set no more")
        last = self._board.last_price(alert.instrument_id)
        moved = replace(alert, price=price, is_above=alert.is_above if last is None else price > last)
        self._check(moved, instrument)
        self._alerts[alert.instrument_id][alert_id] = moved
        self._changed()
        return moved

    def remove(self, alert_id: str) -> PriceAlert | None:
        """The alert that is set no more; None when there was none."""
        for known in self._alerts.values():
            removed = known.pop(alert_id, None)
            if removed is not None:
                self._changed()
                return removed
        return None

    def _check(self, alert: PriceAlert, instrument: Instrument) -> None:
        """Raises ValueError, with words for the user, for one that cannot be set."""
        name, price = contract_name(instrument), alert.price
        if not instrument.is_on_tick(price):
            near = instrument.round_to_tick(price)
            raise ValueError(f"{name} trades in steps of {instrument.tick_at(price)}: {near:,} would be the nearest")
        others = [one for one in self._all() if one.alert_id != alert.alert_id]
        wanted = (alert.instrument_id, alert.is_above, price)
        if any((one.instrument_id, one.is_above, one.price) == wanted for one in others):
            raise ValueError(f"{name} {alert.side_word} {price:,} is set already")
        last = self._board.last_price(alert.instrument_id)
        if last is not None and alert.is_reached(last):
            raise ValueError(f"{name} is at {last:,} already, {alert.side_word} {price:,}")

    def _all(self) -> list[PriceAlert]:
        return [alert for known in self._alerts.values() for alert in known.values()]

    async def _subscribed(self, instrument: Instrument) -> None:
        await self._subscribe(instrument)

    def _on_quote(self, fact: QuoteUpdated) -> None:
        if self._alerts and fact.quote.last is not None:
            self._look(fact.quote.instrument_id, fact.quote.last)

    def _on_print(self, fact: TradePrinted) -> None:
        self._look(fact.trade.instrument_id, fact.trade.price)

    def _look(self, instrument_id: InstrumentId, last: Decimal) -> None:
        known = self._alerts.get(instrument_id)
        if not known:
            return
        reached = [alert for alert in known.values() if alert.is_reached(last)]
        for alert in reached:
            del known[alert.alert_id]
            instrument = self._reference.instrument(instrument_id)
            name = contract_name(instrument) if instrument is not None else str(instrument_id)
            title, words = f"{name} {alert.side_word} {alert.price:,}", f"Last price {last:,}."
            self._bus.publish(Notice(NoticeKind.PRICE, Severity.WARNING, title, words, self._clock.now()))
        if reached:
            self._changed()

    def _changed(self) -> None:
        self._bus.publish(PriceAlertsChanged(self.alerts()))
        if self._store is not None:
            self._tasks.spawn(self._save(self._store), "keep the price alerts")

    async def _save(self, store: PriceAlertStore) -> None:
        async with self._writing:
            try:
                await asyncio.to_thread(store.save, self.alerts())
            except StoreFailed as error:
                words = f"The price alerts could not be kept: {error}. They hold until the program ends."
                now = self._clock.now()
                self._bus.publish(Notice(NoticeKind.SYSTEM, Severity.WARNING, "Price alerts", words, now))
