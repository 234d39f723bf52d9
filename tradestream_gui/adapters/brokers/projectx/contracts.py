"""Contracts at the gateway: which one an instrument is, and whether both sides mean the same thing."""

import logging

from tradestream_gui.adapters.brokers.projectx.gateway import Gateway, Refused
from tradestream_gui.adapters.brokers.projectx.mapping import (
    InstrumentLookup,
    Roots,
    instrument_id_in,
    month_in,
    month_of,
)
from tradestream_gui.adapters.brokers.projectx.reading import read_rows
from tradestream_gui.adapters.brokers.projectx.rows import ContractRow, contract_row
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.errors import BrokerRejected, UnknownBrokerValue
from tradestream_gui.domain.futures import ContractMonth, contract_code, projectx_contract_id
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.ports.listings import OptionSeries

_log = logging.getLogger(__name__)


class ContractBook:
    """Asks once for each instrument and keeps the answer. Ids are looked up by the exchange's name, never built: the
    table of roots only tells what a contract is that nobody asked for."""

    def __init__(self, gateway: Gateway, instrument_of: InstrumentLookup, roots: Roots) -> None:
        self._gateway = gateway
        self._instrument_of = instrument_of
        self._roots = roots
        self._rows: dict[InstrumentId, ContractRow] = {}
        self._id_of: dict[str, InstrumentId] = {}

    async def row(self, instrument: Instrument) -> ContractRow:
        """The one contract that the instrument is. Raises BrokerRejected when there is none, or when its tick or its
        size is not ours: such an order would be another order."""
        known = self._rows.get(instrument.instrument_id)
        if known is not None:
            return known
        if instrument.asset_class is not AssetClass.FUTURE:
            name = named(instrument.instrument_id)
            raise BrokerRejected(f"CONTRACT_UNKNOWN: TopstepX trades futures only, no {name}")
        found = await self._found(instrument)
        problem = _mismatch(found, instrument)
        if problem:
            raise BrokerRejected(f"CONTRACT_MISMATCH: {problem}")
        self._rows[instrument.instrument_id] = found
        self._id_of[found.id] = instrument.instrument_id
        return found

    def forget(self, instrument_id: InstrumentId) -> None:
        """The venue trades it no more: the next order asks anew."""
        self._rows.pop(instrument_id, None)

    def instrument_id(self, contract_id: str) -> InstrumentId:
        """Which instrument a contract is; its own id where TradeStream has no such thing."""
        known = self._id_of.get(contract_id) or instrument_id_in(contract_id, self._roots)
        return known or InstrumentId(contract_id)

    def instrument(self, contract_id: str) -> Instrument | None:
        """None for what TradeStream does not trade."""
        return self._instrument_of(self.instrument_id(contract_id))

    def is_ours(self, instrument_id: InstrumentId) -> bool:
        return self._instrument_of(instrument_id) is not None

    # -- what is listed (Listings) -------------------------------------------------------------------------

    async def option_series(self, underlying: str, *, is_index: bool) -> tuple[OptionSeries, ...]:
        """Futures only."""
        return ()

    async def future_months(self, root: str, exchange: str) -> tuple[ContractMonth, ...]:
        """Those of the months that it finds by the root's name and that still trade."""
        asked = {"searchText": root, "live": False}
        rows = await read_rows(self._gateway, "Contract/search", asked, "contracts", contract_row)
        months = ((row.name, month_in(row.id)) for row in rows if row.is_active)
        return tuple(sorted({month for name, month in months if month and name == contract_code(root, month)}))

    async def _found(self, instrument: Instrument) -> ContractRow:
        """By its name; where the search, which is capped, does not show it, by the id that it should have."""
        name, month = instrument.instrument_id, month_of(instrument)
        asked = {"searchText": name, "live": False}
        rows = await read_rows(self._gateway, "Contract/search", asked, "contracts", contract_row)
        rows = [row for row in rows if row.name == name]
        root = self._roots.get(instrument.root)
        if not rows and root is not None:
            rows = await self._by_id(projectx_contract_id(root, month))
        rows = [row for row in rows if row.name == name and month_in(row.id) == month]
        if not rows:
            raise BrokerRejected(f"CONTRACT_UNKNOWN: TopstepX has no contract {name}")
        if len(rows) > 1:
            listed = ", ".join(row.id for row in rows)
            raise BrokerRejected(f"CONTRACT_AMBIGUOUS: {name} may be any of {listed} at TopstepX")
        if root is not None and rows[0].id != projectx_contract_id(root, month):
            _log.warning("%s is %s there, which our table of roots does not say", name, rows[0].id)
        return rows[0]

    async def _by_id(self, contract_id: str) -> list[ContractRow]:
        try:
            answer = await self._gateway.read("Contract/searchById", {"contractId": contract_id})
            return [contract_row(answer["contract"])]
        except (Refused, KeyError, UnknownBrokerValue):
            return []


def _mismatch(row: ContractRow, instrument: Instrument) -> str:
    """Why the gateway's contract is not the instrument that we believe; empty when they agree."""
    if row.tick_size != instrument.tick_size:
        return f"the tick of {row.name} is {row.tick_size} at TopstepX and {instrument.tick_size} here"
    ours = instrument.tick_size * instrument.point_value
    if row.tick_value != ours:
        return f"one tick of {row.name} is worth ${row.tick_value} at TopstepX and ${ours} here"
    if not row.is_active:
        return f"{row.name} is not traded any more at TopstepX; take the next month"
    return ""
