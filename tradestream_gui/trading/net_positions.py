"""Explains the broker's net positions where our fills do not: opened elsewhere, closed elsewhere, or gone unseen."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.contract_names import named
from tradestream_gui.domain.events import (
    ExternalFillBooked,
    FillBooked,
    Notice,
    NoticeKind,
    PositionDiffered,
    Severity,
)
from tradestream_gui.domain.ids import AccountId, ClOrdId, ExecId, InstrumentId
from tradestream_gui.domain.orders import IN_FLIGHT, Fill, Side
from tradestream_gui.domain.positions import ExternalChange, Lot, closing_price
from tradestream_gui.ports.clock import Clock
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.lot_book import LotBook
from tradestream_gui.trading.market_view import MarketView

SEEN_BEFORE_BOOKED = 3
"""So often in a row the broker must say the same before contracts of ours count as closed by somebody else."""
STANDING_S = 20.0
"""And so long it must have said it: a list may lag behind."""
APART_S = 5.0
"""Answers closer together than this count as one; orders with activity within it have answers under way."""

_log = logging.getLogger(__name__)
_Key = tuple[AccountId, InstrumentId]


@dataclass(frozen=True, slots=True)
class _Doubt:
    """The broker holds `missing` contracts less of our lots than our fills say; `seen` times in a row so far."""

    missing: int
    seen: int
    since_s: float
    at_s: float


class NetPositions:
    """The broker is right about the quantity. What exceeds our lots is external and left alone; what is missing from
    them, with no execution to tell of it, is booked as a fill at the market's price, marked as assumed, and the
    account only reduces until a person has looked. Missing once more afterwards halts it."""

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        blotter: Blotter,
        lots: LotBook,
        accounts: AccountBook,
        market: MarketView,
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._blotter = blotter
        self._lots = lots
        self._accounts = accounts
        self._market = market
        self._doubts: dict[_Key, _Doubt] = {}
        self._shifts: dict[_Key, tuple[int, float]] = {}
        """What seems to have been opened or closed elsewhere, while orders of ours may have filled unheard."""
        self._filled_at: dict[_Key, datetime] = {}
        self._booked: set[_Key] = set()
        bus.subscribe(FillBooked, lambda fact: self._note_fill(fact.fill), owns_state=True)
        bus.subscribe(ExternalFillBooked, self._note_fill, owns_state=True)

    def has_doubts(self, account_id: AccountId) -> bool:
        """True while an answer of the broker waits to be heard again."""
        return any(owner == account_id for owner, _ in (*self._doubts, *self._shifts))

    def compare(self, account_id: AccountId, held: Mapping[InstrumentId, int]) -> None:
        """`held`: the signed net quantities of the broker's complete list; what is not in it is flat."""
        ours = {lot.instrument_id for lot in self._lots.open_lots(account_id)}
        known = {instrument_id for owner, instrument_id in self._lots.external() if owner == account_id}
        for instrument_id in sorted(ours | set(held) | known):
            self._compare(account_id, instrument_id, held.get(instrument_id, 0))

    def _compare(self, account_id: AccountId, instrument_id: InstrumentId, held: int) -> None:
        key = (account_id, instrument_id)
        if self._has_just_filled(key):
            return
        external = self._lots.external_qty(account_id, instrument_id)
        difference = held - self._lots.net_qty(account_id, instrument_id) - external
        if not difference:
            self._doubts.pop(key, None)
            self._shifts.pop(key, None)
            return
        sign = 1 if difference > 0 else -1
        closed_elsewhere = min(abs(difference), max(-external * sign, 0))
        lots = self._lots.open_lots(account_id, instrument_id)
        is_less = self._lots.net_qty(account_id, instrument_id) * sign < 0
        against = sum(lot.open_qty for lot in lots if is_less and lot.side.sign == -sign)
        missing = min(abs(difference) - closed_elsewhere, against)
        if abs(difference) > missing:
            if not self._has_settled(key, difference):
                return
            now, qty = self._clock.now(), sign * (abs(difference) - missing)
            exec_id = ExecId(f"compared:{instrument_id}:{now.isoformat()}")
            self._lots.change_external(ExternalChange(account_id, instrument_id, exec_id, qty, now))
        if missing:
            self._doubt(key, sign * missing)
        else:
            self._doubts.pop(key, None)

    def _note_fill(self, fill: Fill | ExternalFillBooked) -> None:
        key = (fill.account_id, fill.instrument_id)
        self._filled_at[key] = max(fill.at, self._filled_at.get(key, fill.at))

    def _has_just_filled(self, key: _Key) -> bool:
        """A list of positions may be of a moment ago: beside a fresh fill it would show contracts of somebody else,
        and beside a fresh one of somebody else none of them."""
        at = self._filled_at.get(key)
        return at is not None and (self._clock.now() - at).total_seconds() < APART_S

    def _has_settled(self, key: _Key, difference: int) -> bool:
        """Whether nothing of ours that nobody has told of yet can explain it: it has been said twice, or no order of
        ours works there."""
        now_s = self._clock.monotonic()
        before, at_s = self._shifts.get(key, (0, now_s))
        account_id, instrument_id = key
        if not self._blotter.open_orders(account_id, instrument_id=instrument_id) or (
            before == difference and now_s - at_s >= APART_S
        ):
            self._shifts.pop(key, None)
            return True
        self._shifts[key] = (difference, at_s if before == difference else now_s)
        return False

    def _doubt(self, key: _Key, missing: int) -> None:
        if self._is_busy(*key):
            self._doubts.pop(key, None)
            return
        before, now_s = self._doubts.get(key), self._clock.monotonic()
        if before is None or before.missing != missing:
            self._doubts[key] = _Doubt(missing, 1, now_s, now_s)
        elif now_s - before.at_s >= APART_S:
            self._doubts[key] = _Doubt(missing, before.seen + 1, before.since_s, now_s)
        doubt = self._doubts[key]
        if doubt.seen >= SEEN_BEFORE_BOOKED and now_s - doubt.since_s >= STANDING_S:
            del self._doubts[key]
            self._book(key, missing)

    def _is_busy(self, account_id: AccountId, instrument_id: InstrumentId) -> bool:
        now = self._clock.now()
        return any(
            order.ord_status in IN_FLIGHT or (now - order.updated_at).total_seconds() < APART_S
            for order in self._blotter.open_orders(account_id, instrument_id=instrument_id)
        )

    def _book(self, key: _Key, missing: int) -> None:
        account_id, instrument_id = key
        words = f"{abs(missing)} {named(instrument_id)} of ours are gone at the broker and no execution tells why"
        for lot, qty in self._lots.share_reduction(account_id, instrument_id, missing, self._clock.now()):
            fill = self._fill(lot, qty)
            self._blotter.mark_booked(account_id, fill.exec_id)
            self._lots.book(fill, lot.origin)
            self._lots.mark_assumed(lot.lot_id)
            words += f"; booked as closed at {fill.last_px}, assumed"
        state = TradingState.HALTED if key in self._booked else TradingState.REDUCING
        self._booked.add(key)
        self._accounts.set_state(account_id, state, f"{words}: look at it, then resume")
        now = self._clock.now()
        self._bus.publish(PositionDiffered(account_id, now))
        self._bus.publish(Notice(NoticeKind.SYSTEM, Severity.DANGER, "Position differs", words, now))
        _log.warning("account %s: %s", account_id, words)

    def _fill(self, lot: Lot, qty: int) -> Fill:
        """Its id follows from what the lot has done, so that booking it again after a crash books it once."""
        exec_id = ExecId(f"assumed:{lot.lot_id}:{lot.exit_qty + qty}")
        price = closing_price(lot.side, self._market.quote(lot.instrument_id)) or lot.avg_entry
        assert price is not None, "an open lot has an entry"
        side = Side.SELL if lot.side is Side.BUY else Side.BUY
        at = self._clock.now()
        return Fill(
            exec_id, ClOrdId(exec_id), lot.account_id, lot.instrument_id, lot.lot_id, side, qty, price, Decimal(0), at
        )
