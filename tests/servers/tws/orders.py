"""An order as a client sent it and as the exchange holds it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal

from tests.servers.tws.contracts import TwsContract
from tests.servers.tws.wire import UNSET_DOUBLE

ZERO = Decimal(0)
STOPS = ("STP", "STP LMT", "TRAIL")
DONE = ("Filled", "Cancelled", "Inactive")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a placeOrder message asks for. `good_till` is set for GTD only; `trail_stop` is where a trail begins."""

    action: str
    qty: int
    ord_type: str
    lmt: Decimal | None
    aux: Decimal | None
    tif: str
    oca_group: str
    oca_type: int
    account: str
    order_ref: str
    transmit: bool
    parent_id: int
    outside_rth: bool
    good_till: datetime | None
    trail_stop: Decimal | None
    what_if: bool

    @property
    def sign(self) -> int:
        return 1 if self.action == "BUY" else -1


def terms_of(fields: list[str]) -> Terms:
    """Reads the numbered fields of a placeOrder message at server version 176 (no combination legs)."""
    return Terms(
        action=fields[16],
        qty=int(Decimal(fields[17])),
        ord_type=fields[18],
        lmt=_price(fields[19]),
        aux=_price(fields[20]),
        tif=fields[21] or "DAY",
        oca_group=fields[22],
        oca_type=int(fields[47] or 0),
        account=fields[23],
        order_ref=fields[26],
        transmit=fields[27] == "1",
        parent_id=int(fields[28] or 0),
        outside_rth=fields[33] == "1",
        good_till=_moment(fields[38]),
        trail_stop=_price(fields[69]),
        what_if=fields[85] == "1",
    )


@dataclass(slots=True)
class TwsOrder:
    """The exchange's order; `order_id` is the owner's own number for it, 0 for one made by hand in TWS."""

    perm_id: int
    client_id: int
    order_id: int
    contract: TwsContract
    terms: Terms
    status: str
    why_held: str = ""
    filled: int = 0
    paid: Decimal = ZERO
    last_px: Decimal = ZERO
    stop: Decimal | None = None
    triggered: bool = False
    untransmitted: bool = False
    completed_status: str = ""
    children: list["TwsOrder"] = field(default_factory=list)
    parent: "TwsOrder | None" = None

    @property
    def is_done(self) -> bool:
        return self.status in DONE

    @property
    def remaining(self) -> int:
        return max(self.terms.qty - self.filled, 0)

    @property
    def avg_px(self) -> Decimal:
        return self.paid / self.filled if self.filled else ZERO

    def cut_to(self, remaining: int) -> None:
        self.terms = replace(self.terms, qty=self.filled + remaining)


def _price(field_text: str) -> Decimal | None:
    return None if field_text in ("", UNSET_DOUBLE) or field_text.startswith("1.79769") else Decimal(field_text)


def _moment(field_text: str) -> datetime | None:
    if not field_text:
        return None
    day, clock, zone = field_text.split(" ", 2)
    if zone != "UTC":
        raise ValueError(f"GTD in {zone}: this server reads UTC only")
    return datetime.strptime(f"{day} {clock}", "%Y%m%d %H:%M:%S").replace(tzinfo=UTC)
