"""I6, I9 and I11 of a day: one mode for order, adapter and database; a lost day is over; no secret in any file."""

import base64
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

from tests.sim.disk import Files
from tests.sim.exchange import Exchange
from tests.sim.venue import Venue
from tradestream_gui.domain.accounts import Account
from tradestream_gui.domain.ids import InstrumentId
from tradestream_gui.domain.instruments import Instrument
from tradestream_gui.domain.orders import Order

MARGIN = Decimal(1)
"""US dollars beyond the limit from which the loss is told: at the limit itself a quote in between decides."""


def letter_of(account: Account) -> str:
    """Of an order's id: what is at stake."""
    return "L" if account.kind.is_guarded else "P"


def mode_problems(venue: Venue, order: Order, databases: Iterable[Files]) -> Iterator[str]:
    """I6 as an order leaves by the adapter of `venue`."""
    account = venue.account
    if order.account_id != account.account_id:
        yield f"I6 {order.cl_ord_id} of account {order.account_id} left by the adapter of {account.account_id}"
    if not order.cl_ord_id.startswith(f"TS{letter_of(account)}"):
        yield f"I6 {order.cl_ord_id} left for the {account.kind.value} account {account.account_id}"
    for files in databases:
        belongs = files.danger.value == letter_of(account)
        if files.is_stored(order.cl_ord_id) and not belongs:
            yield f"I6 {order.cl_ord_id} of {account.account_id} stands in {files.database.name}"


def stray_accounts(venues: Iterable[Venue], databases: Iterable[Files]) -> Iterator[str]:
    """I6 at the end: each database holds orders of its own accounts alone."""
    account_by_letter = {letter_of(venue.account): venue.account.account_id for venue in venues}
    for files in databases:
        for account_id in files.accounts_of_orders() - {account_by_letter.get(files.danger.value)}:
            yield f"I6 {files.database.name} holds orders of {account_id}"


class LossWatch:
    """I9 by the broker's ledger alone: what our deals made of the day, marked where they could be closed now."""

    def __init__(
        self, limit: Decimal | None, exchange: Exchange, instruments: Mapping[InstrumentId, Instrument]
    ) -> None:  # fmt: skip
        self.limit = limit
        self._exchange = exchange
        self._instruments = instruments
        self._cash = Decimal(0)
        self.over_since_s: float | None = None

    def book(self, instrument_id: InstrumentId, signed_qty: int, price: Decimal, fee: Decimal) -> None:
        self._cash -= self._instruments[instrument_id].money(price, signed_qty) + fee

    def loss(self, held: Mapping[InstrumentId, int]) -> Decimal:
        """US dollars; negative for a gain."""
        open_value = Decimal(0)
        for instrument_id, qty in held.items():
            if qty:
                price = self._exchange.price[instrument_id]
                open_value += self._instruments[instrument_id].money(price.bid if qty > 0 else price.ask, qty)
        return -(self._cash + open_value)

    def look(self, now_s: float, held: Mapping[InstrumentId, int]) -> None:
        if self.limit is None:
            return
        if self.loss(held) < self.limit + MARGIN:
            self.over_since_s = None
        elif self.over_since_s is None:
            self.over_since_s = now_s


def spellings(secret: str) -> tuple[bytes, ...]:
    """How a file may hold it: as it is, its beginning, for a URL, in hex, in base64, in two bytes a character."""
    raw = secret.encode()
    encoded = (base64.b64encode(raw), base64.urlsafe_b64encode(raw))
    return (
        raw, raw[:12], quote(secret, safe="").encode(), raw.hex().encode(), secret.encode("utf-16-le"),
        *(one.rstrip(b"=")[:-2] for one in encoded),
    )  # fmt: skip


def leaks(folder: Path, words: Iterable[str], secret: str) -> Iterator[str]:
    """I11: every file of the profile and every sentence that a person was shown."""
    wanted = spellings(secret)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        if any(spelling in data for spelling in wanted):
            yield f"I11 {path.name} holds the session token"
    for said in words:
        if any(spelling in said.encode() for spelling in wanted):
            yield f"I11 the session token was told: {said[:80]!r}"
