"""Reads a symbol in any house's spelling: futures codes, OSI and thinkorswim options, tickers, and our own names."""

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from tradestream_gui.domain.futures import MONTH_LETTERS
from tradestream_gui.domain.instruments import Right

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


@dataclass(frozen=True, slots=True)
class FutureSymbol:
    """A futures root alone, a continuous contract (`position` 1 leads, 2 follows), or a named month.

    `month_letter` and `year_digits` are both empty or both set; the year is as written: `6`, `26` or `2026`.
    """

    root: str
    position: int = 1
    month_letter: str = ""
    year_digits: str = ""

    @property
    def names_a_month(self) -> bool:
        return bool(self.month_letter)


@dataclass(frozen=True, slots=True)
class OptionSymbol:
    """One option contract; `root` is the OSI root (SPXW), which may differ from the underlying (SPX)."""

    root: str
    expiry: date
    right: Right
    strike: Decimal


@dataclass(frozen=True, slots=True)
class TickerSymbol:
    ticker: str


Symbol: TypeAlias = FutureSymbol | OptionSymbol | TickerSymbol

_VENUE = re.compile(r"^[A-Z][A-Z_]{1,11}:(?=[A-Z0-9])")
_FUTURE = re.compile(r"^(?P<root>[A-Z0-9]{2,3})(?P<month>[FGHJKMNQUVXZ])(?P<year>20\d\d|\d\d?)$")
_CONTINUOUS = re.compile(r"^(?P<root>[A-Z0-9]{2,3})(?P<position>[12])!$")
_OSI = re.compile(r"^(?P<root>[A-Z][A-Z0-9.]{0,5}) *(?P<ymd>\d{6})(?P<right>[CP])(?P<strike>\d{8})$")
_THINKORSWIM = re.compile(r"^\.?(?P<root>[A-Z]{1,6})(?P<ymd>\d{6})(?P<right>[CP])(?P<strike>\d{1,5}(\.\d{1,3})?)$")
_UNDERSCORE = re.compile(r"^(?P<root>[A-Z]{1,6})_(?P<mdy>\d{6})(?P<right>[CP])(?P<strike>\d{1,5}(\.\d{1,3})?)$")
_SPACED = re.compile(
    r"^(?P<root>[A-Z]{1,6}) 20(?P<yy>\d\d)-(?P<mm>\d\d)-(?P<dd>\d\d) (?P<strike>\d{1,5}(\.\d{1,3})?) ?(?P<right>[CP])$"
)
_NAMED_FUTURE = re.compile(rf"^(?P<root>[A-Z0-9]{{2,3}}) (?P<month>{'|'.join(_MONTHS)}) ?(?P<year>\d\d)$")
_NAMED_OPTION = re.compile(
    r"^(?P<root>[A-Z]{1,6}) (?P<strike>\d{1,5}(\.\d{1,3})?) ?(?P<right>[CP]) "
    rf"(?P<dd>\d\d?) ?(?P<month>{'|'.join(_MONTHS)}) ?(?P<yy>\d\d)$"
)
"""As our own screens name them: `ES Dec26`, `AAPL 275C 18 Dec 26`."""
_TICKER = re.compile(r"^[A-Z]{1,5}([./][A-Z])?$")


def parse_symbol(text: str, roots: Container[str]) -> Symbol | None:
    """What a symbol names, or None. A future's root must equal one of `roots`, never merely begin or contain it.

    A bare word that is both a futures root and a ticker (ES, CL, MET) reads as the future: the caller who knows
    that a stock is meant passes no roots.
    """
    word = text.strip().upper()
    option = _parse_option(word.removeprefix("O:"))
    if option is not None:
        return option
    slashed = word.startswith("/")
    bare = _VENUE.sub("", word).removeprefix("/").removeprefix("$")
    future = _parse_future(bare, roots)
    if future is not None or slashed:
        return future
    if _TICKER.match(bare) is not None:
        return TickerSymbol(bare.replace("/", "."))
    return None


def _parse_future(word: str, roots: Container[str]) -> FutureSymbol | None:
    if word in roots:
        return FutureSymbol(word)
    continuous = _CONTINUOUS.match(word)
    if continuous is not None and continuous["root"] in roots:
        return FutureSymbol(continuous["root"], int(continuous["position"]))
    dated = _FUTURE.match(word)
    if dated is not None and dated["root"] in roots:
        return FutureSymbol(dated["root"], 1, dated["month"], dated["year"])
    named = _NAMED_FUTURE.match(word)
    if named is not None and named["root"] in roots:
        return FutureSymbol(named["root"], 1, MONTH_LETTERS[_MONTHS.index(named["month"])], named["year"])
    return None


def _parse_option(word: str) -> OptionSymbol | None:
    osi = _OSI.match(word)
    if osi is not None:
        day = _day(osi["ymd"][:2], osi["ymd"][2:4], osi["ymd"][4:])
        return _option(osi["root"], day, osi["right"], Decimal(osi["strike"]) / 1000)
    thinkorswim = _THINKORSWIM.match(word)
    if thinkorswim is not None:
        ymd = thinkorswim["ymd"]
        day = _day(ymd[:2], ymd[2:4], ymd[4:])
        return _option(thinkorswim["root"], day, thinkorswim["right"], Decimal(thinkorswim["strike"]))
    underscore = _UNDERSCORE.match(word)
    if underscore is not None:
        mdy = underscore["mdy"]
        day = _day(mdy[4:], mdy[:2], mdy[2:4])
        return _option(underscore["root"], day, underscore["right"], Decimal(underscore["strike"]))
    spaced = _SPACED.match(word)
    if spaced is not None:
        day = _day(spaced["yy"], spaced["mm"], spaced["dd"])
        return _option(spaced["root"], day, spaced["right"], Decimal(spaced["strike"]))
    named = _NAMED_OPTION.match(word)
    if named is not None:
        day = _day(named["yy"], str(_MONTHS.index(named["month"]) + 1), named["dd"])
        return _option(named["root"], day, named["right"], Decimal(named["strike"]))
    return None


def _option(root: str, day: date | None, right: str, strike: Decimal) -> OptionSymbol | None:
    if day is None or strike <= 0:
        return None
    return OptionSymbol(root, day, Right(right), strike)


def _day(yy: str, mm: str, dd: str) -> date | None:
    try:
        return date(2000 + int(yy), int(mm), int(dd))
    except ValueError:
        return None
