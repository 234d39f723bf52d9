"""US stocks and exchange-traded funds, and what is known of each listed name."""

from dataclasses import dataclass
from decimal import Decimal

from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument, TickBand
from tradestream_gui.domain.options import OptionTickClass

CENT_TICK = (TickBand(Decimal(0), Decimal("0.01")),)
"""Sub-dollar shares may quote finer, but a cent is valid for every share."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One well-known name: `sector` groups exposure; `is_index` names cannot be traded themselves, only options."""

    ticker: str
    name: str
    sector: str
    option_ticks: OptionTickClass
    is_index: bool = False


def build_stock(ticker: str, name: str = "") -> Instrument:
    return Instrument(
        instrument_id=InstrumentId(ticker),
        asset_class=AssetClass.STOCK,
        root=ticker,
        exchange="SMART",
        ticks=CENT_TICK,
        point_value=Decimal(1),
        family=ticker,
        mini_equivalents=Decimal(0),
        cash_settled=False,
        description=name or ticker,
    )
