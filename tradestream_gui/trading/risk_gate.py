"""Judges every entry synchronously, before its intent is stored: fail closed, each rail with its code and numbers."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from tradestream_gui.domain.contract_names import contract_name
from tradestream_gui.domain.decisions import CheckResult
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.instruments import AssetClass, Instrument
from tradestream_gui.domain.money import ZERO, to_cents
from tradestream_gui.domain.orders import OrdType, Origin, Side
from tradestream_gui.domain.policies import AnalystLimits, ExecutionPolicy, ManualRules, RiskLimits
from tradestream_gui.domain.refusals import refusal
from tradestream_gui.domain.risk_day_end import EARLY_CLOSE_MARGIN, DayEnd, day_end, leaves_at
from tradestream_gui.domain.risk_rails import RAILS, RiskFacts
from tradestream_gui.domain.risk_size import SizeFacts, cuts, fitting_qty, rooms
from tradestream_gui.domain.tickets import EntryTicket, RiskDecision
from tradestream_gui.ports.clock import Clock
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.day_ledger import DayLedger
from tradestream_gui.trading.exposure import Exposure, ExposureMeter, market_value
from tradestream_gui.trading.go_live import GoLive
from tradestream_gui.trading.high_water import HighWater
from tradestream_gui.trading.lot_book import LotBook
from tradestream_gui.trading.market_view import MarketView
from tradestream_gui.trading.origin_rules import OriginRules
from tradestream_gui.trading.rule_pack_book import RulePackBook


class RiskGate:
    """Holds limits, not state: the same ticket judged twice in one instant gets the same answer.

    `set_limits` is the only change; screens use `judge` as their preview.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        market: MarketView,
        accounts: AccountBook,
        lots: LotBook,
        ledger: DayLedger,
        exposure: ExposureMeter,
        high_water: HighWater,
        packs: RulePackBook,
        go_live: GoLive,
        limits: Mapping[AccountId, RiskLimits],
        manual: ManualRules,
        execution: Callable[[], ExecutionPolicy],
        analyst_limits: Callable[[Origin], AnalystLimits | None],
    ) -> None:
        self._clock = clock
        self._market = market
        self._accounts = accounts
        self._lots = lots
        self._ledger = ledger
        self._exposure = exposure
        self._high_water = high_water
        self._packs = packs
        self._go_live = go_live
        self._limits = dict(limits)
        self._execution = execution
        self.origins = OriginRules(manual, analyst_limits)

    def set_limits(self, limits: Mapping[AccountId, RiskLimits], manual: ManualRules) -> None:
        self._limits = dict(limits)
        self.origins = replace(self.origins, manual=manual)

    def limits(self, account_id: AccountId) -> RiskLimits:
        return self._limits[account_id]

    def risk_per_trade(self, account_id: AccountId, origin: Origin) -> Decimal:
        """Dollars that one entry may lose at its stop: the account's limit, or the origin's where that is less."""
        most, own = self._limits[account_id].risk_per_trade, self.origins.limits(origin).risk_per_trade
        return most if own is None else min(most, own)

    def judge(self, ticket: EntryTicket) -> RiskDecision:
        """The quantity that may go, with every rail's result; 0 with the first refusal's code and words."""
        if not _is_finite(ticket):
            name = contract_name(self._market.instrument(ticket.instrument_id))
            words = f"{name}: {ticket.order_qty} denied: a price is not a number. Correct the price."
            check = CheckResult("PRICE_INVALID", False, words, "", "a number")
            return RiskDecision(0, check.code, words, (check,))
        limits = self._limits[ticket.account_id]
        instrument = self._market.instrument(ticket.instrument_id)
        now = self._clock.now()
        held = self._exposure.of(ticket.account_id)
        entry = self._entry_price(ticket)
        facts = self._facts(ticket, instrument, now, held, entry)
        checks = tuple(rail(facts, limits) for rail in RAILS)
        checks += self._packs.checks(ticket.account_id, instrument)
        checks += self._go_live.checks(ticket.account_id, ticket.origin)
        size = self._size_facts(ticket, instrument, held, entry, facts)
        found = rooms(size, limits) + self._packs.rooms(ticket.account_id, instrument, size.risk_per_unit)
        fitting = fitting_qty(found)
        qty = max(min(ticket.order_qty, fitting), 0)
        checks += tuple(CheckResult(room.code, room.qty >= 1, room.words, "", f"{room.qty} fit") for room in found)
        failed = next((check for check in checks if not check.passed), None)
        if ticket.order_qty < 1:
            failed = CheckResult("QTY_INVALID", False, "the quantity must be at least 1", str(ticket.order_qty), "1")
        if failed is not None:
            qty = 0
        return RiskDecision(
            order_qty=qty,
            code="" if failed is None else failed.code,
            words=refusal(contract_name(instrument), ticket.order_qty, failed, fitting) if failed else "",
            checks=checks,
            cuts=cuts(ticket.order_qty, found) if qty else (),
            risk_at_stop=_of_all(size.risk_per_unit, qty),
            notional=_of_all(size.notional_per_unit, qty),
            fees=_of_all(facts.fee_per_side, qty * 2 or 2),
            room_today=self.room_today(ticket.account_id),
            fitting_qty=fitting,
        )

    def room_today(self, account_id: AccountId) -> Decimal:
        """US dollars that may still be lost today, never negative. An open position that cannot be marked counts
        nothing here; entries are refused meanwhile."""
        pnl = self.day_pnl(account_id)
        if pnl is None:
            pnl = self._ledger.realized(account_id, self._clock.now())
        room = self._limits[account_id].daily_loss_limit + pnl
        return max(room, ZERO) if room.is_finite() else ZERO

    def day_pnl(self, account_id: AccountId) -> Decimal | None:
        """Realised net and open profit of the account's day; None while a position cannot be marked."""
        open_pnl = self._exposure.open_pnl(account_id)
        if open_pnl is None:
            return None
        return self._ledger.realized(account_id, self._clock.now()) + open_pnl

    def day_end(self, account_id: AccountId, at: datetime) -> DayEnd | None:
        """The account's own end of this day, by the hours of index futures; None where it has none."""
        return self._day_end(account_id, AssetClass.FUTURE, at)

    def leaves_at(self, instrument: Instrument) -> datetime | None:
        """When a position must be gone lest it be settled in shares, earlier on a half-day; None where it never is."""
        leave = leaves_at(instrument, self._execution())
        early = None if leave is None else self._market.early_close(AssetClass.STOCK, leave)
        return leave if leave is None or early is None else min(leave, early - EARLY_CLOSE_MARGIN)

    def drawdown_fraction(self, account_id: AccountId) -> Decimal | None:
        """How far the account stands below its highest close, open profit included; None when nobody can say."""
        return self._high_water.drawdown_fraction(account_id, self._exposure.open_pnl(account_id), self._clock.now())

    def equity(self, account_id: AccountId) -> Decimal | None:
        """What the account is worth by our own books, US dollars; None while that cannot be known."""
        mark = self._high_water.mark(account_id, self._clock.now())
        open_pnl = self._exposure.open_pnl(account_id)
        return None if mark is None or open_pnl is None else mark.balance + open_pnl

    def _day_end(self, account_id: AccountId, product: Instrument | AssetClass, at: datetime) -> DayEnd | None:
        """The earlier one of the account's own end and that of the rules it goes by."""
        day, early = self._market.day_of(at), self._market.early_close(product, at)
        rules = (self._limits[account_id].session_end, self._packs.flat_by(account_id))
        ends = [day_end(rule, day, early) for rule in rules if rule is not None]
        return min(ends, key=lambda end: end.flatten_at, default=None)

    def _entry_price(self, ticket: EntryTicket) -> Decimal | None:
        """The worst price at which the entry can fill, as far as the ticket and the quote tell."""
        if ticket.ord_type in (OrdType.LIMIT, OrdType.STOP_LIMIT):
            return ticket.limit_price
        if ticket.ord_type is OrdType.STOP:
            return ticket.stop_price
        quote = self._market.quote(ticket.instrument_id)
        if quote is None:
            return None
        return quote.ask if ticket.side is Side.BUY else quote.bid

    def _facts(
        self, ticket: EntryTicket, instrument: Instrument, now: datetime, held: Exposure, entry: Decimal | None
    ) -> RiskFacts:
        account_id, origin = ticket.account_id, ticket.origin
        limits = self._limits[account_id]
        state = self._accounts.state(account_id)
        leave = self.leaves_at(instrument)
        ends = self._day_end(account_id, instrument, now)
        own = self.origins.limits(origin)
        losses, last_loss = self._ledger.losses_in_row(account_id, origin)
        pause = self.origins.loss_pause(origin)
        paused = last_loss + pause if last_loss is not None and losses >= own.loss_streak else None
        return RiskFacts(
            at=now,
            ticket=ticket,
            instrument=instrument,
            trading_state=state.trading_state,
            state_reason=state.reason,
            quote=self._market.quote(ticket.instrument_id),
            stream_age_s=self._market.stream_age_s(ticket.instrument_id),
            frozen=self._market.frozen(ticket.instrument_id),
            session_open=self._market.is_open(instrument, now),
            until_close=self._market.until_close(instrument, now),
            until_expiry=self._market.until_expiry(instrument, now),
            until_leave=None if leave is None else leave - now,
            entries_are_off=ends is not None and ends.entries_are_off(now),
            entry_price=entry,
            daily_atr=self._market.daily_atr(instrument),
            clock_offset=self._market.clock_offset(),
            fee_per_side=self._market.fee_per_side(account_id, instrument, now),
            day_pnl=self.day_pnl(account_id),
            drawdown_fraction=self.drawdown_fraction(account_id),
            origin_limits=own,
            origin_day_pnl=self._ledger.realized_of(account_id, origin, now),
            origin_entries_today=self._ledger.entries_of(account_id, origin, now),
            origin_open_trades=self._open_trades(ticket),
            origin_losses_in_row=losses,
            origin_paused_until=paused,
            entries_today=self._ledger.entries(account_id, now),
            entries_last_minute=self._ledger.entries_within(account_id, timedelta(minutes=1), now),
            same_side_entries=self._ledger.entries_within(
                account_id, limits.rate.same_side_window, now, ticket.instrument_id, ticket.side
            ),
            conflicting_lot=self._exposure.conflicting_lot(account_id, ticket.instrument_id, ticket.side),
        )

    def _size_facts(
        self,
        ticket: EntryTicket,
        instrument: Instrument,
        held: Exposure,
        entry: Decimal | None,
        facts: RiskFacts,
    ) -> SizeFacts:
        fees = (facts.fee_per_side or ZERO) * 2
        risk = None
        if entry is not None and ticket.protective_stop is not None:
            risk = abs(instrument.money(entry - ticket.protective_stop, 1)) + fees
        elif entry is not None and instrument.asset_class is AssetClass.OPTION and ticket.side is Side.BUY:
            risk = instrument.notional(entry, 1) + fees
        balance = self._accounts.balance(ticket.account_id)
        is_future = instrument.asset_class is AssetClass.FUTURE
        sector = self._market.sector(instrument)
        notional = instrument.notional(entry, 1) if entry is not None else None
        return SizeFacts(
            wish=ticket.order_qty,
            instrument=instrument,
            risk_per_unit=risk,
            notional_per_unit=notional,
            origin_risk_per_trade=facts.origin_limits.risk_per_trade,
            held_qty=held.qty_by_instrument.get(ticket.instrument_id, 0),
            held_minis=held.minis,
            held_instruments=held.instruments_held,
            holds_this=ticket.instrument_id in held.qty_by_instrument,
            open_risk=held.open_risk,
            room_today=self.room_today(ticket.account_id),
            buying_power=balance.buying_power if balance else None,
            margin_per_unit=self._market.margin(instrument, facts.at) if is_future else notional,
            exposure_per_unit=market_value(instrument, entry, ticket.side.sign),
            held_in_name=held.gross_of(lambda one: not is_future and one.root == instrument.root),
            held_in_sector=held.gross_of(lambda one: sector is not None and self._market.sector(one) == sector),
            held_gross=held.gross,
            held_net=held.net,
            sector=sector,
            equity=self.equity(ticket.account_id),
        )

    def _open_trades(self, ticket: EntryTicket) -> int:
        """Open lots of the ticket's origin, the one that it adds to not counted."""
        return sum(
            1
            for lot in self._lots.open_lots(ticket.account_id)
            if lot.origin.analyst_id == ticket.origin.analyst_id
            and lot.origin.kind is ticket.origin.kind
            and lot.lot_id != ticket.lot_id
        )


def _of_all(amount: Decimal | None, qty: int) -> Decimal | None:
    """The money of all contracts, of one when none may go; None for what is no number."""
    return to_cents(amount * max(qty, 1)) if amount is not None and amount.is_finite() else None


def _is_finite(ticket: EntryTicket) -> bool:
    prices = (
        ticket.limit_price, ticket.stop_price, ticket.protective_stop, ticket.reference_price, ticket.walk_from,
    )  # fmt: skip
    return all(price is None or price.is_finite() for price in (*prices, *(at for at, _ in ticket.allocations)))
