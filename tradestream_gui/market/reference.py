"""Reference data in one place: instruments, symbols, sessions, fees and margins, read once from the shipped tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

from tradestream_gui.domain.fees import FeeTable
from tradestream_gui.domain.futures import LAST_TRADE_TIME, FuturesRoot, build_future, contract_month, front_month
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument, Right
from tradestream_gui.domain.options import OptionTickClass, build_option, underlying_of
from tradestream_gui.domain.rule_packs import NewsWindow, RulePack
from tradestream_gui.domain.sessions import CHICAGO, NEW_YORK, TradingCalendar
from tradestream_gui.domain.stocks import Listing, build_stock
from tradestream_gui.domain.symbols import FutureSymbol, OptionSymbol, TickerSymbol, parse_symbol
from tradestream_gui.market.reference_tables import (
    Margin,
    ResourcePath,
    load_calendar,
    load_fees,
    load_listings,
    load_margins,
    load_roots,
)
from tradestream_gui.market.rule_packs import load_news, load_rule_packs

FUTURES_KEPT = 2_000
"""Contracts remembered; what a year of a watchlist asks for is a fraction of it."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One line of the symbol search; `symbol` and `asset_class` go to `resolve` when it is chosen."""

    symbol: str
    description: str
    asset_class: AssetClass


@dataclass(frozen=True, slots=True)
class ReferenceData:
    """What is known of every instrument without asking a broker. Never changes after loading."""

    roots: Mapping[str, FuturesRoot]
    listings: Mapping[str, Listing]
    fees: FeeTable
    calendar: TradingCalendar
    margins: tuple[Margin, ...]
    rule_packs: Mapping[str, RulePack]
    """Rules of funded accounts by their id."""
    news: tuple[NewsWindow, ...]
    counts_from: date | None = None
    """The day from which a single year digit counts in `instrument`; None: the first day of the calendar table."""
    _futures: dict[tuple[FutureSymbol, date], Instrument] = field(default_factory=dict, repr=False, compare=False)
    """What was asked for before: every alert, order and rail asks for its contract."""

    def read_on(self, day: date) -> "ReferenceData":
        """The same tables for history that begins on `day`: ids of its contracts keep the years they had then, and
        the oldest fees on record hold from that day."""
        return replace(self, counts_from=day, fees=self.fees.reaching_back_to(day))

    @classmethod
    def load(cls, resource_path: ResourcePath) -> "ReferenceData":
        """Reads the tables; `resource_path("fees.toml")` says where one lies. Raises BadRecord naming table and row."""
        roots = load_roots(resource_path("instruments.toml"))
        return cls(
            roots=roots,
            listings=load_listings(resource_path("tickers.toml")),
            fees=load_fees(resource_path("fees.toml")),
            calendar=load_calendar(resource_path("sessions.toml"), roots),
            margins=load_margins(resource_path("margins.toml")),
            rule_packs=load_rule_packs(resource_path("rule_packs")),
            news=load_news(resource_path("rule_packs")),
        )

    def instrument(self, instrument_id: InstrumentId) -> Instrument | None:
        """The instrument of an id: `ESZ6`, an OSI symbol or any ticker. None for what names no contract.

        The single year digit counts from the first year of the calendar table (or `counts_from`), so that past
        contracts of a journal keep their year.
        """
        symbol = parse_symbol(instrument_id, self.roots)
        if isinstance(symbol, FutureSymbol):
            on = self.counts_from or self.calendar.covers_from
            return self._future(symbol, on) if symbol.names_a_month else None
        if isinstance(symbol, OptionSymbol):
            return self._option(symbol)
        return None if symbol is None else self._stock(symbol.ticker)

    def resolve(self, text: str, at: datetime, asset_class: AssetClass | None = None) -> Instrument | None:
        """What a symbol in any spelling names at a moment; a futures root alone is its front month.

        None for words that name nothing known, months that the root does not list, unlisted tickers and indices
        (which have options only). `asset_class` settles words that are both root and ticker (ES, CL, MET). An
        expired contract is returned: compare with `is_expired`.
        """
        symbol = parse_symbol(text, () if asset_class is AssetClass.STOCK else self.roots)
        match symbol:
            case FutureSymbol():
                found = self._future(symbol, self.calendar.trade_date(symbol.root, at))
            case OptionSymbol():
                found = self._option(symbol)
            case TickerSymbol(ticker=ticker) if self.is_listed(ticker):
                found = None if self.listings[ticker].is_index else self._stock(ticker)
            case _:
                found = None
        if found is None or asset_class not in (None, found.asset_class):
            return None
        return found

    def front(self, root: str, at: datetime) -> Instrument:
        """The front month of a known futures root at a moment; raises KeyError for another word."""
        found = self._future(FutureSymbol(self.roots[root].root), self.calendar.trade_date(root, at))
        assert found is not None, "a root alone always leads somewhere"
        return found

    def option(
        self, underlying: str, expiry: date, right: Right, strike: Decimal, osi_root: str | None = None
    ) -> Instrument:
        """One option with its class's price steps; raises ValueError when it has no OSI symbol."""
        listing = self.listings.get(underlying)
        ticks = OptionTickClass.STANDARD if listing is None else listing.option_ticks
        return build_option(underlying, expiry, right, strike, tick_class=ticks, osi_root=osi_root)

    def is_listed(self, ticker: str) -> bool:
        """Whether this exact word is a well-known stock, fund or index: the parser's whitelist."""
        return ticker in self.listings

    def sector(self, instrument: Instrument) -> str | None:
        """The sector of a stock or of an option's underlying; None when unknown, and for futures."""
        if instrument.asset_class is AssetClass.FUTURE:
            return None
        listing = self.listings.get(instrument.root)
        return None if listing is None else listing.sector

    def is_expired(self, instrument: Instrument, at: datetime) -> bool:
        """Whether the contract can no longer trade: past its last trading moment."""
        ends = self.last_trade_at(instrument)
        return ends is not None and at >= ends

    def last_trade_at(self, instrument: Instrument) -> datetime | None:
        """The UTC moment at which the contract stops trading for good; None for shares.

        Futures stop in the course of their last day (ES 08:30 Chicago), options with the stock market's close.
        """
        if instrument.expiry is None:
            return None
        if instrument.asset_class is AssetClass.FUTURE:
            ends = LAST_TRADE_TIME[self.roots[instrument.root].expiry_rule]
            return datetime.combine(instrument.expiry, ends, tzinfo=CHICAGO).astimezone(UTC)
        session = self.calendar.session_on(AssetClass.STOCK, instrument.expiry)
        if session is not None:
            return session.close
        return datetime.combine(instrument.expiry, time(0), tzinfo=NEW_YORK).astimezone(UTC)

    def margin(self, instrument: Instrument, on: date) -> Margin | None:
        """The newest margin row in force for the root; None when nobody supplies one."""
        rows = [row for row in self.margins if instrument.root in row.roots and row.valid_from <= on]
        return max(rows, key=lambda row: row.valid_from, default=None)

    def search(self, text: str, limit: int) -> tuple[SearchHit, ...]:
        """Names for a few typed letters: exact symbol, then symbols that begin so, then words of the name."""
        wanted = text.strip().upper()
        if not wanted:
            return ()
        ranked = ((_rank(hit, wanted), len(hit.symbol), hit.symbol, hit) for hit in self._hits())
        found = sorted((row for row in ranked if row[0] < _NO_MATCH), key=lambda row: row[:3])
        return tuple(row[3] for row in found[:limit])

    def _hits(self) -> list[SearchHit]:
        futures = [SearchHit(root.root, root.description, AssetClass.FUTURE) for root in self.roots.values()]
        names = [
            SearchHit(name.ticker, name.name, AssetClass.OPTION if name.is_index else AssetClass.STOCK)
            for name in self.listings.values()
        ]
        return futures + names

    def _future(self, symbol: FutureSymbol, on: date) -> Instrument | None:
        found = self._futures.get((symbol, on))
        if found is None:
            found = self._made_future(symbol, on)
            if found is not None and len(self._futures) < FUTURES_KEPT:
                self._futures[symbol, on] = found
        return found

    def _made_future(self, symbol: FutureSymbol, on: date) -> Instrument | None:
        root = self.roots[symbol.root]
        if not symbol.names_a_month:
            month = front_month(root, on, self.calendar, symbol.position)
        elif symbol.month_letter in root.months:
            month = contract_month(symbol.month_letter, symbol.year_digits, on)
        else:
            return None
        return build_future(root, month, self.calendar)

    def _option(self, symbol: OptionSymbol) -> Instrument:
        return self.option(underlying_of(symbol.root), symbol.expiry, symbol.right, symbol.strike, osi_root=symbol.root)

    def _stock(self, ticker: str) -> Instrument:
        listing = self.listings.get(ticker)
        return build_stock(ticker, "" if listing is None else listing.name)


_NO_MATCH = 4


def _rank(hit: SearchHit, wanted: str) -> int:
    description = hit.description.upper()
    if hit.symbol == wanted:
        return 0
    if hit.symbol.startswith(wanted):
        return 1
    if description.startswith(wanted):
        return 2
    return 3 if f" {wanted}" in description else _NO_MATCH
