"""What an alert comes to once it is bound to contracts and positions: an entry, a change of a lot, or a hold."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tradestream_gui.domain.exits import ExitPlan
from tradestream_gui.domain.ids import ClOrdId
from tradestream_gui.domain.instruments import Instrument, Right
from tradestream_gui.domain.positions import Lot
from tradestream_gui.domain.tickets import EntryTicket


@dataclass(frozen=True, slots=True)
class OpenIntent:
    """An entry for the risk gate. `micro` is the same trade in the micro contract, for when none of the first fits."""

    ticket: EntryTicket
    instrument: Instrument
    layers: tuple[tuple[str, str], ...]
    micro: EntryTicket | None = None


@dataclass(frozen=True, slots=True)
class CloseIntent:
    """Close `qty` contracts of a lot."""

    lot: Lot
    qty: int
    words: str


@dataclass(frozen=True, slots=True)
class StopIntent:
    """Move a lot's stop; a price of None means to our own fill."""

    lot: Lot
    stop_price: Decimal | None


@dataclass(frozen=True, slots=True)
class TargetIntent:
    """Replace a lot's open targets by (price, share of what is open)."""

    lot: Lot
    allocations: tuple[tuple[Decimal, Decimal], ...]


@dataclass(frozen=True, slots=True)
class CancelIntent:
    """Cancel an entry that has not filled."""

    cl_ord_id: ClOrdId


@dataclass(frozen=True, slots=True)
class DoneIntent:
    """Nothing is left to do: our own plan did it already."""

    words: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A person must look: `code` is stable, `words` say what is missing or doubtful."""

    code: str
    words: str


Intent = OpenIntent | CloseIntent | StopIntent | TargetIntent | CancelIntent | DoneIntent


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


@dataclass(frozen=True, slots=True)
class ContractWanted:
    """What names a contract in an alert; None where it is silent."""

    symbol: str | None
    strike: Decimal | None
    right: Right | None
    expiry: date | None

    def matches(self, instrument: Instrument) -> bool:
        """True when nothing that is said differs. A root, its micro and its contract codes are the same symbol."""
        if self.symbol is not None and self.symbol.upper() not in (
            instrument.root,
            instrument.family,
            instrument.instrument_id,
        ):
            return False
        if self.strike is not None and self.strike != instrument.strike:
            return False
        if self.right is not None and self.right is not instrument.right:
            return False
        return self.expiry is None or instrument.expiry is None or self.expiry == instrument.expiry
