"""US listed options: OSI symbols both ways, tick classes, settlement, and the instrument of one contract."""

from datetime import date
from decimal import Decimal
from enum import Enum

from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import AssetClass, Instrument, Right, TickBand
from tradestream_gui.domain.money import plain_text
from tradestream_gui.domain.symbols import OptionSymbol

CONTRACT_SIZE = Decimal(100)

WEEKLY_ROOT = {"SPX": "SPXW", "NDX": "NDXP", "RUT": "RUTW", "VIX": "VIXW"}
"""Index classes whose PM-settled series (VIX: weekly series) have a root of their own."""

DOTTED_ROOT = {"BRK.B": "BRKB", "BF.B": "BFB"}
"""Share classes whose options write the ticker without its dot."""

_UNDERLYING_OF_ROOT = {root: underlying for table in (WEEKLY_ROOT, DOTTED_ROOT) for underlying, root in table.items()}
_CASH_SETTLED = frozenset({"SPX", "XSP", "NDX", "XND", "RUT", "MRUT", "VIX", "DJX", "OEX", "XEO"})
_FRIDAY = 4


class OptionTickClass(Enum):
    """The exchange's price steps for an option class; STANDARD steps are valid in every class."""

    STANDARD = "standard"
    """0.05 below 3.00, 0.10 from there on."""
    PENNY = "penny"
    """0.01 below 3.00, 0.05 from there on."""
    PENNY_ALL = "penny_all"
    """0.01 at every price."""

    @property
    def ticks(self) -> tuple[TickBand, ...]:
        match self:
            case OptionTickClass.STANDARD:
                return (TickBand(Decimal(0), Decimal("0.05")), TickBand(Decimal(3), Decimal("0.10")))
            case OptionTickClass.PENNY:
                return (TickBand(Decimal(0), Decimal("0.01")), TickBand(Decimal(3), Decimal("0.05")))
            case OptionTickClass.PENNY_ALL:  # pragma: no branch  # the last of its kind: mypy holds the match complete
                return (TickBand(Decimal(0), Decimal("0.01")),)


def osi_symbol(root: str, expiry: date, right: Right, strike: Decimal) -> str:
    """`AAPL  261218C00312500`: 21 characters, root padded to 6, strike times 1000 in 8 digits.

    Raises ValueError when the root is longer than 6 or the strike does not fit in thousandths.
    """
    thousandths = strike * 1000
    if not 1 <= len(root) <= 6 or thousandths != thousandths.to_integral_value() or not 0 < thousandths < 10**8:
        raise ValueError(f"no OSI symbol for {root} strike {strike}: root 1-6 characters, strike to 0.001 below 100000")
    return f"{root:<6}{expiry:%y%m%d}{right.value}{int(thousandths):08d}"


def thinkorswim_symbol(root: str, expiry: date, right: Right, strike: Decimal) -> str:
    """`.AAPL261218C312.5`."""
    return f".{root}{expiry:%y%m%d}{right.value}{plain_text(strike)}"


def underlying_of(osi_root: str) -> str:
    """The underlying that an OSI root belongs to: SPX for SPXW, BRK.B for BRKB, otherwise the root itself."""
    return _UNDERLYING_OF_ROOT.get(osi_root, osi_root)


def default_osi_root(underlying: str) -> str:
    """The root that alerts on this underlying mean: the PM-settled one of an index, which lists every day."""
    return WEEKLY_ROOT.get(underlying) or DOTTED_ROOT.get(underlying, underlying)


def is_root_ambiguous(underlying: str, expiry: date) -> bool:
    """Whether two series expire together: third-Friday index options settle AM (SPX) or PM (SPXW), so ask."""
    return underlying in WEEKLY_ROOT and expiry.weekday() == _FRIDAY and 15 <= expiry.day <= 21


def is_cash_settled(underlying: str) -> bool:
    """Index options settle in cash and are exercised at expiry only; all others deliver shares at any time."""
    return underlying in _CASH_SETTLED


def build_option(
    underlying: str,
    expiry: date,
    right: Right,
    strike: Decimal,
    *,
    tick_class: OptionTickClass = OptionTickClass.STANDARD,
    osi_root: str | None = None,
) -> Instrument:
    """The instrument of one contract of 100 shares. `osi_root` overrides the root that alerts usually mean."""
    root = osi_root or default_osi_root(underlying)
    return Instrument(
        instrument_id=InstrumentId(osi_symbol(root, expiry, right, strike)),
        asset_class=AssetClass.OPTION,
        root=underlying,
        exchange="OPRA",
        ticks=tick_class.ticks,
        point_value=CONTRACT_SIZE,
        family=underlying,
        mini_equivalents=Decimal(0),
        expiry=expiry,
        strike=strike,
        right=right,
        cash_settled=is_cash_settled(underlying),
        description=f"{underlying} {plain_text(strike)}{right.value} {expiry:%d %b %Y}",
    )


def option_symbol_of(instrument: Instrument) -> OptionSymbol:
    """The parts of an option instrument, its OSI root included (SPXW, where `instrument.root` is SPX)."""
    if instrument.expiry is None or instrument.right is None or instrument.strike is None:
        raise ValueError(f"{instrument.instrument_id} is not an option")
    root = instrument.instrument_id[:6].rstrip()
    return OptionSymbol(root, instrument.expiry, instrument.right, instrument.strike)
