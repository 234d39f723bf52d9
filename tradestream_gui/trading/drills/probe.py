"""The entries of a drill: one that is judged at each look and never sent, and the position to begin with."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.orders import MANUAL, OrdType, Side, TimeInForce
from tradestream_gui.domain.tickets import EntryTicket
from tradestream_gui.ports.clock import Clock
from tradestream_gui.trading.entry_desk import EntryDesk
from tradestream_gui.trading.lot_book import LotBook
from tradestream_gui.trading.market_view import MarketView

STARTER_ROOT = "MES"
STOP_TICKS = 32
"""8 points of MES, $40: far enough to stand through a drill, near enough for every default limit."""
QUOTE_WAIT_S, QUOTE_LOOK_S = 3.0, 0.2


class DrillEntries:
    """Makes tickets; only `open_one` sends one, through the same door and the same limits as every other."""

    def __init__(
        self,
        *,
        clock: Clock,
        entries: EntryDesk,
        lots: LotBook,
        market: MarketView,
        resolve: Callable[[str], Instrument | None],
        subscribe: Callable[[Instrument], Awaitable[None]],
    ) -> None:
        self._clock = clock
        self._entries = entries
        self._lots = lots
        self._market = market
        self._resolve = resolve
        self._subscribe = subscribe

    def probe(self, account_id: AccountId) -> EntryTicket | None:
        """One contract more of what is held, else of the starter; None without any price to put its stop beside."""
        for lot in self._lots.open_lots(account_id):
            instrument = self._market.instrument(lot.instrument_id)
            if instrument.asset_class is not AssetClass.OPTION and lot.avg_entry is not None:
                return self._ticket(account_id, instrument, lot.side, lot.avg_entry)
        starter = self._resolve(STARTER_ROOT)
        price = self._ask(starter)
        return None if starter is None or price is None else self._ticket(account_id, starter, Side.BUY, price)

    async def open_one(self, account_id: AccountId) -> str:
        """Buys one of the starter at market with its stop; answers in words what became of it."""
        starter = self._resolve(STARTER_ROOT)
        if starter is None:
            return f"{STARTER_ROOT} is not among the instruments, so nothing was opened."
        await self._subscribe(starter)
        waited_s = 0.0
        while self._ask(starter) is None and waited_s < QUOTE_WAIT_S:
            await self._clock.sleep(QUOTE_LOOK_S)
            waited_s += QUOTE_LOOK_S
        price = self._ask(starter)
        if price is None:
            return f"{contract_name(starter)} has no price now, so nothing was opened. Connect a feed first."
        result = await self._entries.enter(self._ticket(account_id, starter, Side.BUY, price))
        return result.words

    def _ask(self, instrument: Instrument | None) -> Decimal | None:
        quote = None if instrument is None else self._market.quote(instrument.instrument_id)
        return None if quote is None else quote.ask

    def _ticket(self, account_id: AccountId, instrument: Instrument, side: Side, price: Decimal) -> EntryTicket:
        stop = price - side.sign * STOP_TICKS * instrument.tick_at(price)
        return EntryTicket(
            account_id=account_id,
            instrument_id=instrument.instrument_id,
            side=side,
            ord_type=OrdType.MARKET,
            order_qty=1,
            time_in_force=TimeInForce.DAY,
            origin=MANUAL,
            protective_stop=instrument.round_to_tick(stop),
        )
