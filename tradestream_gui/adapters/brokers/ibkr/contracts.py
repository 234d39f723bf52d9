"""Contracts at TWS: which one an instrument is, what may be listed, and whether both sides mean the same thing."""

from datetime import date
from decimal import Decimal
from typing import Any

from ib_insync import contract as tws_contracts

from tradestream_gui.adapters.brokers.ibkr.connection import Connection, RequestRefused
from tradestream_gui.adapters.brokers.ibkr.mapping import (
    SYMBOL_OF_ROOT,
    InstrumentLookup,
    instrument_id_of,
    plain,
    wanted,
)
from tradestream_gui.adapters.brokers.ibkr.rows import ChainRow, ContractRow, DetailsRow
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.errors import BrokerRejected
from tradestream_gui.domain.futures import ContractMonth
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.options import underlying_of
from tradestream_gui.ports.listings import OptionSeries

NO_SUCH_CONTRACT = 200
Contract: Any = tws_contracts.Contract
"""Its annotations ask for floats; it writes texts as they are."""
USUAL_SIZE = Decimal(100)
"""Shares per contract; other sizes are leftovers of splits and mergers."""


class ContractBook:
    """Asks TWS once for each instrument and keeps the answer."""

    def __init__(self, connection: Connection, instrument_of: InstrumentLookup) -> None:
        self._connection = connection
        self._instrument_of = instrument_of
        self._details: dict[InstrumentId, DetailsRow] = {}
        self._id_of: dict[int, InstrumentId] = {}

    async def details(self, instrument: Instrument) -> DetailsRow:
        """The one contract that the instrument is. Raises BrokerRejected when TWS knows none or several, or when
        its size or tick is not ours: such an order would be another order."""
        known = self._details.get(instrument.instrument_id)
        if known is not None:
            return known
        found = await self._ask(_request(instrument))
        if not found and instrument.asset_class is AssetClass.FUTURE:
            found = await self._ask(_by_local_symbol(instrument))
        found = [row for row in found if instrument.asset_class is not AssetClass.FUTURE or _same(row, instrument)]
        if not found:
            raise BrokerRejected(f"CONTRACT_UNKNOWN: TWS has no contract for {named(instrument.instrument_id)}")
        if len(found) > 1:
            names = ", ".join(row.contract.local_symbol for row in found)
            raise BrokerRejected(f"CONTRACT_AMBIGUOUS: {named(instrument.instrument_id)} may be any of {names} at TWS")
        problem = _mismatch(found[0], instrument)
        if problem:
            raise BrokerRejected(f"CONTRACT_MISMATCH: {problem}")
        self._details[instrument.instrument_id] = found[0]
        self._id_of[found[0].contract.con_id] = instrument.instrument_id
        return found[0]

    def known(self, instrument_id: InstrumentId) -> DetailsRow | None:
        return self._details.get(instrument_id)

    def instrument_id(self, row: ContractRow) -> InstrumentId | None:
        """Which instrument a contract is; None for what TradeStream does not trade."""
        known = self._id_of.get(row.con_id)
        if known is not None:
            return known
        found = instrument_id_of(row)
        return found if self._instrument_of(found) is not None else None

    # -- what is listed (Listings) -------------------------------------------------------------------------

    async def future_months(self, root: str, exchange: str) -> tuple[ContractMonth, ...]:
        """The months that TWS lists for a futures root, the nearest first."""
        asked = {"secType": "FUT", "tradingClass": root, "exchange": exchange, "currency": "USD"}
        rows = await self._ask(Contract(symbol=SYMBOL_OF_ROOT.get(root, root), **asked))
        rows = rows or await self._ask(Contract(**asked))  # micro silver has the symbol of the large one there
        months = {row.contract_month for row in rows if row.contract.trading_class == root}
        return tuple(ContractMonth(int(month[:4]), int(month[4:6])) for month in sorted(months))

    async def option_series(self, underlying: str, *, is_index: bool) -> tuple[OptionSeries, ...]:
        """The options that route through SMART."""
        symbol, sec_type = underlying.replace(".", " "), "IND" if is_index else "STK"
        exchange = "" if is_index else "SMART"
        found = await self._ask(Contract(symbol=symbol, secType=sec_type, exchange=exchange, currency="USD"))
        if not found:
            raise BrokerRejected(f"CONTRACT_UNKNOWN: TWS does not know {underlying}, so it lists no options on it")
        con_id = found[0].contract.con_id

        def send(client: Any, number: int) -> None:
            client.reqSecDefOptParams(number, symbol, "", sec_type, con_id)

        try:
            rows = await self._connection.request(send)
        except RequestRefused as error:
            raise BrokerRejected(f"TWS lists no options on {underlying}: {error}") from error
        return tuple(
            OptionSeries(row.trading_class, _days(row), tuple(sorted(row.strikes)))
            for row in rows
            if isinstance(row, ChainRow) and row.exchange == "SMART" and _is_usual(row, underlying)
        )

    async def _ask(self, contract: Any) -> list[DetailsRow]:
        def send(client: Any, number: int) -> None:
            client.reqContractDetails(number, contract)

        try:
            rows = await self._connection.request(send)
        except RequestRefused as error:
            if error.code == NO_SUCH_CONTRACT:
                return []
            raise BrokerRejected(f"TWS does not describe the contract: {error}") from error
        return [row for row in rows if isinstance(row, DetailsRow)]


def tws_contract(row: DetailsRow) -> Any:
    """The library's contract for orders and data, by number: nothing is left to be guessed."""
    return Contract(
        conId=row.contract.con_id,
        symbol=row.contract.symbol,
        secType=row.contract.sec_type,
        exchange="SMART" if row.contract.sec_type != "FUT" else row.exchange,
        currency="USD",
        lastTradeDateOrContractMonth=row.contract.expiry,
        multiplier=row.contract.multiplier,
        localSymbol=row.contract.local_symbol,
        tradingClass=row.contract.trading_class,
    )


def _request(instrument: Instrument) -> Any:
    asked = wanted(instrument)
    return Contract(
        secType=asked.sec_type,
        symbol=asked.symbol,
        exchange=asked.exchange,
        tradingClass=asked.trading_class,
        multiplier=asked.multiplier,
        lastTradeDateOrContractMonth=asked.expiry,
        strike=plain(asked.strike) or "0",
        right=asked.right,
        currency=instrument.currency,
    )


def _by_local_symbol(instrument: Instrument) -> Any:
    """For futures whose symbol there is not their root, such as micro silver: the exchange's own name of one month."""
    return Contract(
        secType="FUT",
        localSymbol=instrument.instrument_id,
        exchange=instrument.exchange,
        currency=instrument.currency,
    )


def _is_usual(row: ChainRow, underlying: str) -> bool:
    return underlying_of(row.trading_class) == underlying and Decimal(row.multiplier or 0) == USUAL_SIZE


def _days(row: ChainRow) -> tuple[date, ...]:
    return tuple(date.fromisoformat(text) for text in sorted(row.expiries))


def _same(row: DetailsRow, instrument: Instrument) -> bool:
    asked = wanted(instrument)
    return row.contract_month == asked.expiry and row.contract.trading_class == asked.trading_class


def _mismatch(row: DetailsRow, instrument: Instrument) -> str:
    """Why TWS's contract is not the instrument that we believe; empty when they agree."""
    theirs, name = Decimal(row.contract.multiplier or "1") / row.price_magnifier, named(instrument.instrument_id)
    if theirs != instrument.point_value:
        return f"one point of {name} is worth ${theirs} at TWS and ${instrument.point_value} here"
    is_future = instrument.asset_class is AssetClass.FUTURE
    if is_future and row.price_magnifier == 1 and row.min_tick != instrument.tick_size:
        return f"the tick of {name} is {row.min_tick} at TWS and {instrument.tick_size} here"
    return ""
