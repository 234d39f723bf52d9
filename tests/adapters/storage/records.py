"""Records for the storage tests: any value of each type, and a few plain ones."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.any_text import ANY_CHARACTER
from tradestream_gui.domain.accounts import Account, AccountKind, AccountState, Balance
from tradestream_gui.domain.decisions import AlertQuote, Decision, Outcome
from tradestream_gui.domain.exits import ExitPlan
from tradestream_gui.domain.ids import AccountId, ClOrdId, ExecId, InstrumentId, LotId, MessageKey
from tradestream_gui.domain.messages import Arrival, MessageRevision
from tradestream_gui.domain.orders import MANUAL, Fill, Order, OrderRole, OrdType, Side, TimeInForce
from tradestream_gui.domain.positions import ExternalChange
from tradestream_gui.ports.journal import AuditNote

RECORD_TYPES = (
    MessageRevision,
    Decision,
    Order,
    Fill,
    ExternalChange,
    ExitPlan,
    AccountState,
    Account,
    Balance,
    AlertQuote,
    AuditNote,
)
NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)

st.register_type_strategy(
    Decimal, st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12)
)
st.register_type_strategy(
    datetime,
    st.datetimes(min_value=datetime(1980, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # zone given beside
)
st.register_type_strategy(int, st.integers(min_value=-(2**53), max_value=2**53))
st.register_type_strategy(str, st.text(ANY_CHARACTER, max_size=60))


def any_record(record_type: type[Any]) -> st.SearchStrategy[Any]:
    return st.builds(record_type)


def message(number: int, text: str = "ES long 6326 A", channel: str = "1") -> MessageRevision:
    at = NOON + timedelta(seconds=number)
    return MessageRevision(
        message_key=MessageKey(f"discord:{channel}:{number}"),
        revision=0,
        source="discord",
        channel_id=channel,
        channel_name="futures",
        author_id="77",
        author_name="JMoney",
        text=text,
        sent_at=at,
        received_at=at,
        sequence=number,
        arrival=Arrival.LIVE,
    )


def order(number: int, **changes: Any) -> Order:
    values: dict[str, Any] = {
        "cl_ord_id": ClOrdId(f"TSPAAAA-{number}"),
        "account_id": AccountId("sim"),
        "instrument_id": InstrumentId("ESZ6"),
        "lot_id": LotId(f"LTPAAAA-{number}"),
        "origin": MANUAL,
        "role": OrderRole.ENTRY,
        "side": Side.BUY,
        "ord_type": OrdType.LIMIT,
        "order_qty": 2,
        "time_in_force": TimeInForce.DAY,
        "created_at": NOON,
        "updated_at": NOON,
        "limit_price": Decimal("6326.25"),
    }
    return Order(**{**values, **changes})


def fill(number: int, **changes: Any) -> Fill:
    values: dict[str, Any] = {
        "exec_id": ExecId(f"E{number}"),
        "cl_ord_id": ClOrdId(f"TSPAAAA-{number}"),
        "account_id": AccountId("sim"),
        "instrument_id": InstrumentId("ESZ6"),
        "lot_id": LotId(f"LTPAAAA-{number}"),
        "side": Side.BUY,
        "last_qty": 1,
        "last_px": Decimal("6326.50"),
        "commission": Decimal("1.25"),
        "at": NOON,
    }
    return Fill(**{**values, **changes})


def decision(number: int, outcome: Outcome = Outcome.HELD, at: datetime = NOON) -> Decision:
    return Decision(
        message_key=MessageKey(f"discord:1:{number}"),
        revision=0,
        account_id=None,
        at=at,
        outcome=outcome,
        code="STOP_MISSING",
        words="no stop in the alert",
        reading_json="{}",
    )


def account(kind: AccountKind = AccountKind.SIMULATOR) -> Account:
    return Account(AccountId("sim"), "Simulator", kind, "paper")


def external(number: int) -> ExternalChange:
    return ExternalChange(AccountId("sim"), InstrumentId("ESZ6"), ExecId(f"PHONE-{number}"), -2, NOON)
