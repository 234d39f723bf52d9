"""The user's own price alerts: a contract, a side and a price, told once."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.money import typed_decimal

_WORDS = re.compile(
    r"\s*([A-Za-z0-9./ ]{1,32}?)\s*(?:is\s+)?(above|over|below|under|>=|<=|>|<|at or above|at or below)\s*"
    r"\$?(-?[0-9][0-9,']*(?:\.[0-9]{1,8})?)\s*\Z",
    re.IGNORECASE,
)
_ABOVE = ("above", "over", ">=", ">", "at or above")


@dataclass(frozen=True, slots=True)
class PriceAlert:
    """Told when the last price reaches `price` from the other side; both sides count the price itself."""

    alert_id: str
    instrument_id: InstrumentId
    is_above: bool
    price: Decimal
    made_at: datetime

    def is_reached(self, last: Decimal) -> bool:
        return last >= self.price if self.is_above else last <= self.price

    @property
    def side_word(self) -> str:
        return "above" if self.is_above else "below"


def read_price_alert(text: str) -> tuple[str, bool, str]:
    """Symbol, whether above, and the price as typed, of `ES above 6350` or `aapl < 271.5`. Raises ValueError."""
    match = _WORDS.match(text)
    if match is None:
        raise ValueError("write a symbol, above or below, and a price: ES above 6350")
    price = match[3]
    if "," in price and typed_decimal(price) is None:
        raise ValueError(f"{price} is no price: a comma marks thousands, a point the cents: ES above 6,350.25")
    return match[1].strip().upper(), match[2].lower() in _ABOVE, price.replace(",", "")
