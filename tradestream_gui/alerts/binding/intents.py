"""What an alert comes to once it is bound to contracts and positions: an entry, a change of a lot, or a hold."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tradestream_gui.domain.alerts import AlertAction
from tradestream_gui.domain.exits import ExitPlan
from tradestream_gui.domain.ids import ClOrdId, LotId, MessageKey
from tradestream_gui.domain.instruments import Instrument, Right
from tradestream_gui.domain.positions import Lot
from tradestream_gui.domain.tickets import EntryTicket


@dataclass(frozen=True, slots=True)
class OpenIntent:
    """An entry for the risk gate. `said_price` is the alert's own, None when it named none. `micro` is the same
    trade in the micro contract, for when none of the first fits."""

    ticket: EntryTicket
    instrument: Instrument
    layers: tuple[tuple[str, str], ...]
    said_price: Decimal | None
    micro: EntryTicket | None = None


@dataclass(frozen=True, slots=True)
class CloseIntent:
    """Close `qty` contracts of a lot. `bound_by` tells what told the position, here and below."""

    lot: Lot
    qty: int
    words: str
    bound_by: str = ""


@dataclass(frozen=True, slots=True)
class StopIntent:
    """Move a lot's stop; a price of None means to our own fill."""

    lot: Lot
    stop_price: Decimal | None
    bound_by: str = ""


@dataclass(frozen=True, slots=True)
class TargetIntent:
    """Replace a lot's open targets by (price, share of what is open)."""

    lot: Lot
    allocations: tuple[tuple[Decimal, Decimal], ...]
    bound_by: str = ""


@dataclass(frozen=True, slots=True)
class PlanIntent:
    """Change the exits of an entry that has not filled yet; None, or no allocations, leaves what is planned."""

    lot_id: LotId
    stop_price: Decimal | None
    allocations: tuple[tuple[Decimal, Decimal], ...]
    words: str


@dataclass(frozen=True, slots=True)
class CancelIntent:
    """Cancel an entry that has not filled."""

    cl_ord_id: ClOrdId
    bound_by: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawIntent:
    """Take back the card of an alert that has not been sent."""

    message_key: MessageKey
    words: str


@dataclass(frozen=True, slots=True)
class ReviseIntent:
    """Put the corrected entry before a person, in place of the card of the earlier alert if that still waits."""

    message_key: MessageKey
    action: AlertAction
    words: str


@dataclass(frozen=True, slots=True)
class DoneIntent:
    """Nothing is left to do: our own plan did it already, or nothing differs."""

    words: str
    code: str = "ALREADY_DONE"
    bound_by: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """A person must look: `code` is stable, `words` say what is missing or doubtful."""

    code: str
    words: str


Intent = (
    OpenIntent
    | CloseIntent
    | StopIntent
    | TargetIntent
    | PlanIntent
    | CancelIntent
    | WithdrawIntent
    | ReviseIntent
    | DoneIntent
)


@dataclass(frozen=True, slots=True)
class OpenPosition:
    """One of the author's open lots in this channel, with its plan and contract."""

    lot: Lot
    plan: ExitPlan | None
    instrument: Instrument


@dataclass(frozen=True, slots=True)
class PendingEntry:
    """One of the author's entries that may still fill."""

    cl_ord_id: ClOrdId
    instrument: Instrument
    message_key: str
    lot_id: LotId
    plan: ExitPlan | None = None


@dataclass(frozen=True, slots=True)
class ContractWanted:
    """What names a contract in an alert; None where it is silent."""

    symbol: str | None
    strike: Decimal | None
    right: Right | None
    expiry: date | None

    @property
    def is_silent(self) -> bool:
        return self.symbol is None and self.strike is None and self.right is None and self.expiry is None

    @property
    def is_symbol_only(self) -> bool:
        return self.symbol is not None and self.strike is None and self.right is None and self.expiry is None

    @property
    def words(self) -> str:
        """`NVDA 190C 12/18`, as far as it is said."""
        strike = "" if self.strike is None else f"{self.strike:f}"
        right = self.right.value if self.right else ""
        expiry = f"{self.expiry:%m/%d}" if self.expiry else ""
        return " ".join(part for part in (self.symbol or "", strike + right, expiry) if part)

    def covers(self, other: "ContractWanted") -> bool:
        """True when nothing that both name differs."""
        pairs = (
            (self.symbol and self.symbol.upper(), other.symbol and other.symbol.upper()),
            (self.strike, other.strike),
            (self.right, other.right),
            (self.expiry, other.expiry),
        )
        return all(one is None or theirs is None or one == theirs for one, theirs in pairs)

    def matches(self, instrument: Instrument) -> bool:
        """True when nothing that is said differs. A root, its micro and its contract codes are the same symbol."""
        if self.symbol is not None and self.symbol.upper() not in _symbols(instrument):
            return False
        if self.strike is not None and self.strike != instrument.strike:
            return False
        if self.right is not None and self.right is not instrument.right:
            return False
        return self.expiry is None or instrument.expiry is None or self.expiry == instrument.expiry


def _symbols(instrument: Instrument) -> tuple[str, ...]:
    code = instrument.instrument_id.removeprefix(instrument.root)
    return instrument.root, instrument.family, instrument.instrument_id, f"{instrument.family}{code}"
