"""What this TWS knows to trade: two quarters of index futures, a few shares and an index, and options on them."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

D = Decimal
MONTH_LETTERS = "FGHJKMNQUVXZ"
FUTURES = (("ES", "50", "0.25", "CME"), ("MES", "5", "0.25", "CME"), ("NQ", "20", "0.25", "CME"),
           ("MNQ", "2", "0.25", "CME"), ("RTY", "50", "0.10", "CME"), ("YM", "5", "1", "CBOT"),
           ("SIL", "1000", "0.005", "COMEX"))  # fmt: skip
SYMBOLS = {"SIL": "SI"}
"""Futures whose symbol at TWS is not the exchange's root."""
SHARES = ("QQQ", "SPY", "AAPL")
NICKELS = ((D(0), D("0.01")), (D(3), D("0.05")))
PENNIES = ((D(0), D("0.01")),)


@dataclass(frozen=True, slots=True)
class TwsContract:
    """One contract; texts are as they stand on the wire. `bands` are the steps of its market rule."""

    con_id: int
    symbol: str
    sec_type: str
    exchange: str
    local_symbol: str
    trading_class: str
    bands: tuple[tuple[Decimal, Decimal], ...]
    expiry: str = ""
    strike: str = "0"
    right: str = ""
    multiplier: str = ""
    currency: str = "USD"
    month: str = ""
    long_name: str = ""
    under_con_id: int = 0
    rule_id: int = 0

    @property
    def min_tick(self) -> Decimal:
        return self.bands[0][1]

    @property
    def point_value(self) -> Decimal:
        return D(self.multiplier or "1")

    @property
    def settles_daily(self) -> bool:
        return self.sec_type == "FUT"

    @property
    def valid_exchanges(self) -> str:
        return self.exchange if self.sec_type == "FUT" else "SMART,AMEX,CBOE,ISLAND"

    def step_at(self, price: Decimal) -> Decimal:
        return next(step for low, step in reversed(self.bands) if price >= low or low == 0)

    def c11(self, exchange: str | None = None) -> tuple[object, ...]:
        """The eleven fields that name it in most messages."""
        return (
            self.con_id, self.symbol, self.sec_type, self.expiry, self.strike, self.right, self.multiplier,
            self.exchange if exchange is None else exchange, self.currency, self.local_symbol, self.trading_class,
        )  # fmt: skip


class ContractBook:
    """Finds contracts by their number or by any part of their description, as TWS does."""

    def __init__(self, today: date) -> None:
        self._all = _futures(today) + _shares() + _index(today) + _options(today)
        self._by_id = {contract.con_id: contract for contract in self._all}

    def delist(self, local_symbol: str) -> None:
        """It trades no more."""
        gone = self.by_local_symbol(local_symbol)
        self._all.remove(gone)
        del self._by_id[gone.con_id]

    def by_id(self, con_id: int) -> TwsContract | None:
        return self._by_id.get(con_id)

    def by_local_symbol(self, local_symbol: str) -> TwsContract:
        return next(contract for contract in self._all if contract.local_symbol == local_symbol)

    def front(self, symbol: str) -> TwsContract:
        """The share of that name, or the future that expires first."""
        named = [one for one in self._all if one.symbol == symbol and one.sec_type in ("STK", "FUT")]
        return min(named, key=lambda one: one.expiry)

    def matching(self, c12: list[str]) -> list[TwsContract]:
        """The contracts that the twelve fields of a request describe; an empty field describes nothing."""
        con_id, symbol, sec_type, expiry, strike, right, multiplier, exchange, primary, currency, local, trading = c12
        if con_id not in ("", "0"):
            found = self._by_id.get(int(con_id))
            return [] if found is None else [found]
        return [
            contract
            for contract in self._all
            if (not symbol or contract.symbol == symbol)
            and (not sec_type or contract.sec_type == sec_type)
            and contract.expiry.startswith(expiry if len(expiry) != 6 or contract.month != expiry else "")
            and (strike in ("", "0", "0.0") or D(contract.strike) == D(strike))
            and (not right or contract.right == right[0])
            and (not multiplier or contract.multiplier == multiplier)
            and (not exchange or exchange in contract.valid_exchanges.split(","))
            and (not primary or contract.sec_type != "FUT")
            and (not currency or contract.currency == currency)
            and (not local or contract.local_symbol == local)
            and (not trading or contract.trading_class == trading)
        ]

    def chains(self, under_con_id: int) -> dict[tuple[str, str], tuple[list[str], list[Decimal]]]:
        """Expiries and strikes of each trading class of options on an underlying, with its multiplier."""
        found: dict[tuple[str, str], tuple[set[str], set[Decimal]]] = {}
        for contract in self._all:
            if contract.sec_type == "OPT" and contract.under_con_id == under_con_id:
                expiries, strikes = found.setdefault((contract.trading_class, contract.multiplier), (set(), set()))
                expiries.add(contract.expiry)
                strikes.add(D(contract.strike))
        return {kind: (sorted(expiries), sorted(strikes)) for kind, (expiries, strikes) in found.items()}

    def rule(self, rule_id: int) -> tuple[tuple[Decimal, Decimal], ...]:
        return next((contract.bands for contract in self._all if contract.rule_id == rule_id), ())


def third_friday(year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(4 - first.weekday()) % 7 + 14)


def _futures(today: date) -> list[TwsContract]:
    months = [(today.year + (today.month + ahead - 1) // 12, (today.month + ahead - 1) % 12 + 1) for ahead in range(7)]
    quarters = [(year, month) for year, month in months if month % 3 == 0 and third_friday(year, month) > today]
    found = []
    for number, (root, multiplier, tick, exchange) in enumerate(FUTURES):
        for place, (year, month) in enumerate(quarters[:2]):
            found.append(
                TwsContract(
                    con_id=600_000 + number * 10 + place, symbol=SYMBOLS.get(root, root), sec_type="FUT",
                    exchange=exchange, local_symbol=f"{root}{MONTH_LETTERS[month - 1]}{year % 10}", trading_class=root,
                    bands=((D(0), D(tick)),), expiry=third_friday(year, month).strftime("%Y%m%d"),
                    multiplier=multiplier, month=f"{year}{month:02d}", long_name=f"{root} future", rule_id=67,
                )
            )  # fmt: skip
    return found


def _shares() -> list[TwsContract]:
    return [
        TwsContract(
            con_id=700_000 + number, symbol=ticker, sec_type="STK", exchange="SMART", local_symbol=ticker,
            trading_class=ticker, bands=PENNIES, long_name=f"{ticker} shares", rule_id=26,
        )
        for number, ticker in enumerate(SHARES)
    ]  # fmt: skip


def _index(today: date) -> list[TwsContract]:
    """One index with the two kinds of options that expire on its third Friday, and one of an odd size."""
    found = [
        TwsContract(
            con_id=790_000, symbol="SPX", sec_type="IND", exchange="CBOE", local_symbol="SPX", trading_class="SPX",
            bands=PENNIES, long_name="S&P 500 Stock Index", rule_id=26,
        )
    ]  # fmt: skip
    month, year = today.month % 12 + 1, today.year + today.month // 12
    third, con_id = third_friday(year, month), 790_000
    for trading_class, multiplier in (("SPX", "100"), ("SPXW", "100"), ("2SPX", "10")):
        for strike in range(6300, 6400, 25):
            for right in "CP":
                con_id += 1
                found.append(
                    TwsContract(
                        con_id=con_id, symbol="SPX", sec_type="OPT", exchange="SMART",
                        local_symbol=f"{trading_class:<6}{third:%y%m%d}{right}{strike * 1000:08d}",
                        trading_class=trading_class, bands=NICKELS, expiry=f"{third:%Y%m%d}", strike=str(strike),
                        right=right, multiplier=multiplier, month=f"{third:%Y%m}", long_name="SPX option",
                        under_con_id=790_000, rule_id=26,
                    )
                )  # fmt: skip
    return found


def _options(today: date) -> list[TwsContract]:
    found = []
    friday = today + timedelta(days=(4 - today.weekday()) % 7)
    con_id = 800_000
    for expiry in (friday, friday + timedelta(days=7)):
        for strike in range(495, 506):
            for right in "CP":
                con_id += 1
                day = expiry.strftime("%y%m%d")
                found.append(
                    TwsContract(
                        con_id=con_id, symbol="QQQ", sec_type="OPT", exchange="SMART",
                        local_symbol=f"{'QQQ':<6}{day}{right}{strike * 1000:08d}", trading_class="QQQ",
                        bands=PENNIES, expiry=expiry.strftime("%Y%m%d"), strike=str(strike), right=right,
                        multiplier="100", month=expiry.strftime("%Y%m"), long_name="QQQ option",
                        under_con_id=700_000, rule_id=26,
                    )
                )  # fmt: skip
    return found
