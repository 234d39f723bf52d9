"""Accounts: what kind they are, what they may do now, and what they hold in cash."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum

from tradestream_gui.domain.ids import AccountId, InstrumentId


class AccountKind(Enum):
    """Fixed at creation: where orders really go."""

    SIMULATOR = "SIMULATOR"
    BROKER_PAPER = "BROKER PAPER"
    FUNDED = "FUNDED"
    LIVE = "LIVE"

    @property
    def is_guarded(self) -> bool:
        """True where real money or a funded account is at stake."""
        return self in (AccountKind.FUNDED, AccountKind.LIVE)


class TradingState(Enum):
    """What an account may do: entries only in ACTIVE, reductions in all."""

    STARTING = "STARTING"
    RECONCILING = "RECONCILING"
    ACTIVE = "ACTIVE"
    REDUCING = "REDUCING"
    HALTED = "HALTED"
    LOCKED = "LOCKED"


@dataclass(frozen=True, slots=True)
class AccountState:
    """The persisted trading state of an account and why it is so."""

    account_id: AccountId
    trading_state: TradingState
    reason: str
    since: datetime
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    account_id: AccountId
    name: str
    kind: AccountKind
    broker: str

    @property
    def entry_sentence(self) -> str:
        """What must be typed before it takes entries; empty where no money is at stake."""
        return f"TRADE {self.kind.value} {self.account_id}" if self.kind.is_guarded else ""


@dataclass(frozen=True, slots=True)
class Balance:
    """US dollars as the broker states them; None where it does not."""

    account_id: AccountId
    at: datetime
    cash: Decimal
    net_liquidation: Decimal | None
    margin_used: Decimal | None
    buying_power: Decimal | None


@dataclass(frozen=True, slots=True)
class BrokerPosition:
    """A net position as the broker states it; `signed_qty` is negative when short."""

    account_id: AccountId
    instrument_id: InstrumentId
    signed_qty: int
    avg_px: Decimal | None
