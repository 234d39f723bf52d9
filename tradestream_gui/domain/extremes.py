"""How far a finished trade went while it was open: measured once, in the market, and never to be had again."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tradestream_gui.domain.ids import AccountId, ExecId, InstrumentId, LotId


@dataclass(frozen=True, slots=True)
class TradeExtremes:
    """Of the trade that the execution `exec_id` made flat. `mae` <= 0 <= `mfe` are US dollars of its own gross profit,
    `high` and `low` the extreme prices, fills included."""

    account_id: AccountId
    exec_id: ExecId
    lot_id: LotId
    instrument_id: InstrumentId
    mae: Decimal
    mfe: Decimal
    high: Decimal
    low: Decimal
    at: datetime
