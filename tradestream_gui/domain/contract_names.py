"""What a contract is called on screen: `ES Dec26`, `AAPL 275C 18 Dec 26`, `SPY`."""

from datetime import date
from decimal import Decimal

from tradestream_gui.domain.futures import MONTH_LETTERS
from tradestream_gui.domain.instruments import AssetClass, Instrument, Right
from tradestream_gui.domain.money import plain_text

OSI_LENGTH = 21


def contract_name(instrument: Instrument) -> str:
    """Short and unmistakable: root and month of a future; root of the series, strike, right and expiry of an option."""
    if instrument.asset_class is AssetClass.FUTURE:
        return f"{instrument.root} {_month_of(instrument)}"
    if instrument.asset_class is AssetClass.OPTION:
        return named(instrument.instrument_id)
    return instrument.root


def spoken_name(instrument: Instrument) -> str:
    """The same for a screen reader, with the right as a word."""
    name = contract_name(instrument)
    if instrument.right is None:
        return name
    series, day = name.rsplit(f"{instrument.right.value} ", 1)
    return f"{series} {'call' if instrument.right is Right.CALL else 'put'} {day}"


def day_text(day: date) -> str:
    """`18 Dec 26`."""
    return f"{day.day} {day:%b %y}"


def _month_of(instrument: Instrument) -> str:
    """The contract's month, which energy contracts leave before it begins: read from the code, not the expiry."""
    letter, digit = instrument.instrument_id[-2], instrument.instrument_id[-1]
    if instrument.expiry is None or letter not in MONTH_LETTERS or not digit.isdigit():
        return instrument.instrument_id[len(instrument.root) :]
    year = next(year for year in range(instrument.expiry.year, instrument.expiry.year + 10) if year % 10 == int(digit))
    return f"{date(year, MONTH_LETTERS.index(letter) + 1, 1):%b}{year % 100:02d}"


def named(instrument_id: str) -> str:
    """A contract by its code alone, in a sentence: `MESZ6` as it is, an option's as on screen."""
    if len(instrument_id) != OSI_LENGTH or not instrument_id[6:12].isdigit():
        return instrument_id
    day = date(2000 + int(instrument_id[6:8]), int(instrument_id[8:10]), int(instrument_id[10:12]))
    strike = plain_text(Decimal(instrument_id[13:]) / 1000)
    return f"{instrument_id[:6].strip()} {strike}{instrument_id[12]} {day_text(day)}"
