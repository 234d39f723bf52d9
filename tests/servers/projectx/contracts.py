"""The futures that the venue lists: ids with its own roots, names, tick sizes and values."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

MONTHS = "FGHJKMNQUVXZ"
QUARTERS = (3, 6, 9, 12)
SEARCH_CAP = 20
"""How many contracts one search answers with at most."""

# venue's root, exchange's root, tick, tick value, words, listed months
LISTED = (
    ("EP", "ES", "0.25", "12.50", "E-mini S&P 500", QUARTERS),
    ("MES", "MES", "0.25", "1.25", "Micro E-mini S&P 500", QUARTERS),
    ("ENQ", "NQ", "0.25", "5.00", "E-mini NASDAQ-100", QUARTERS),
    ("MNQ", "MNQ", "0.25", "0.50", "Micro E-mini NASDAQ-100", QUARTERS),
    ("RTY", "RTY", "0.10", "5.00", "E-mini Russell 2000", QUARTERS),
    ("CLE", "CL", "0.01", "10.00", "Crude Oil", tuple(range(1, 13))),
    ("GCE", "GC", "0.10", "10.00", "Gold", (2, 4, 6, 8, 10, 12)),
    ("EU6", "6E", "0.00005", "6.25", "Euro FX", QUARTERS),
)


@dataclass(slots=True)
class PxContract:
    """One month. `is_active` is False once the venue has rolled away from it."""

    id: str
    name: str
    description: str
    tick_size: Decimal
    tick_value: Decimal
    symbol_id: str
    is_active: bool = True

    @property
    def point_value(self) -> Decimal:
        return self.tick_value / self.tick_size

    def is_on_tick(self, price: Decimal) -> bool:
        return price % self.tick_size == 0

    def wire(self) -> dict[str, object]:
        return {
            "id": self.id, "name": self.name, "description": self.description, "tickSize": self.tick_size,
            "tickValue": self.tick_value, "activeContract": self.is_active, "symbolId": self.symbol_id,
        }  # fmt: skip


class ContractList:
    """The next two months of each root, counted from `today`."""

    def __init__(self, today: date) -> None:
        self._by_id = {one.id: one for row in LISTED for one in _months(row, today)}

    def get(self, contract_id: str) -> PxContract | None:
        return self._by_id.get(contract_id)

    def named(self, name: str) -> PxContract:
        return next(one for one in self._by_id.values() if one.name == name)

    def front(self, root: str) -> PxContract:
        """The nearest active month of an exchange's root."""
        return next(one for one in self._by_id.values() if one.name[:-2] == root and one.is_active)

    def search(self, text: str) -> list[PxContract]:
        """Whatever has the text in its name or description: MNQ too, when NQ is asked for."""
        wanted = text.upper()
        found = [one for one in self.active() if wanted in one.name.upper() or wanted in one.description.upper()]
        return found[:SEARCH_CAP]

    def active(self) -> list[PxContract]:
        return [one for one in self._by_id.values() if one.is_active]


def _months(row: tuple[str, str, str, str, str, tuple[int, ...]], today: date) -> list[PxContract]:
    root, ours, tick, value, words, listed = row
    months = [(today.year + (today.month + step - 1) // 12, (today.month + step - 1) % 12 + 1) for step in range(18)]
    return [
        PxContract(
            id=f"CON.F.US.{root}.{MONTHS[month - 1]}{year % 100:02d}",
            name=f"{ours}{MONTHS[month - 1]}{year % 10}",
            description=f"{words}: {date(year, month, 1):%B %Y}",
            tick_size=Decimal(tick),
            tick_value=Decimal(value),
            symbol_id=f"F.US.{root}",
        )
        for year, month in [one for one in months if one[1] in listed][:2]
    ]
