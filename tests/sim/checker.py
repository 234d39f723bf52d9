"""Holds the alert log against the broker's ledger; what the program believes of itself counts only at the end."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from tests.sim.clock import SimClock
from tests.sim.exchange import Deal
from tests.sim.holding import Bare, Holding, opened_by, surplus_of
from tests.sim.invariants import LossWatch, mode_problems
from tests.sim.program import HUB, Program, Witness
from tests.sim.venue import Venue
from tests.sim.world import Posted
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.ids import ClOrdId, InstrumentId, LotId
from tradestream_gui.domain.orders import IN_FLIGHT, Order, OrderRole, OrdStatus, OrdType
from tradestream_gui.trading.unlock_test import REASON as UNLOCK_TEST

PROTECT_S = 5.0
SLACK_S = 1.5
"""The sentinel looks once a second, and the wire takes its time."""
BLIND_S = 35.0
"""Longest time without a stop and without an alarm after a fill and its report were both lost: the comparison of every
10 s brings it, with a retry when one of its lists does not come; when none comes for 25 s the person is told."""
RECENT = timedelta(seconds=PROTECT_S)
HOPELESS_S = 60.0
PHONE_GRACE_S = 25.0
"""After a trade by another road exits may exceed what is left until the program, back at its broker, has heard of it:
its report may be lost, positions are compared every 10 s and a missing one is believed after 20 s."""
TOLD = float("inf")
CROSSING_S = 2.5
"""A request past a fill, the fill's report, a second for the link's own reduction, and a request again."""
NEVER = {"late", "backfill", "stranger", "chatter", "exit"}
UNDER_WAY = IN_FLIGHT | {OrdStatus.PENDING_CANCEL, OrdStatus.PENDING_REPLACE}
BAD_REASONS = ("failed", "cannot move", "illegal", "not stored")


class Checker:
    """Of one venue and its account: `look` after every change at the exchange and each second; `finish` when all has
    come to rest."""

    def __init__(self, clock: SimClock, venue: Venue, witness: Witness, loss: LossWatch) -> None:
        self._clock = clock
        self._venue = venue
        self._account_id = venue.account.account_id
        self._witness = witness
        self._loss = loss
        self._loss_told = False
        self.must_be_gone: dict[InstrumentId, float] = {}
        """Contracts that expire today, and when none of ours may be left."""
        self._kept_since_s: dict[InstrumentId, float] = {}
        self.problems: list[str] = []
        self.may_oppose = False
        """Lots of both sides stand in one contract: the closing of one makes their sum larger."""
        self.worst_bare_s = 0.0
        self.worst_bare_calm_s = 0.0
        self._seen = 0
        self._counted = -1
        self._covering: Counter[InstrumentId] = Counter()
        self._leaving: Counter[InstrumentId] = Counter()
        self._linked: Counter[InstrumentId] = Counter()
        """Of what leaves, what a linked target's fill reduces."""
        self._alarms_seen = 0
        self._healthy_since_s = 0.0
        self._bare: dict[InstrumentId, Bare] = {}
        self._holding: dict[InstrumentId, Holding] = defaultdict(Holding)
        self._lots: Counter[LotId] = Counter()
        self._surplus_since: dict[InstrumentId, float] = {}
        self._shared: set[InstrumentId] = set()

    def problem(self, words: str) -> None:
        self.problems.append(f"{self._clock.elapsed_s:.2f} s: {words}")

    # -- while it runs ---------------------------------------------------------------------------------------

    def before_place(self, program: Program, order: Order) -> None:
        """I2, I5, I6 and I9, at the very moment at which an order leaves the program."""
        own = next(files for files in program.databases if files.danger.value == order.cl_ord_id[2])
        if not own.is_stored(order.cl_ord_id):
            self.problem(f"I2 {order.cl_ord_id} left before its intent was stored")
        for words in mode_problems(self._venue, order, program.databases):
            self.problem(words)
        is_test = order.reason == UNLOCK_TEST
        if order.role is OrderRole.ENTRY and not program.core.accounts.may_open(order.account_id, is_test=is_test):
            state = program.core.accounts.state(order.account_id)
            self.problem(f"I5 entry {order.cl_ord_id} left while the account was {state.trading_state.value}")
        if order.role is OrderRole.ENTRY and not is_test and self._account_id in self._witness.day_locked:
            self.problem(f"I9 entry {order.cl_ord_id} left after the account was locked for the day")
        gone_by_s = self.must_be_gone.get(order.instrument_id, float("inf"))
        if order.role is OrderRole.ENTRY and self._clock.elapsed_s > gone_by_s + 1:
            self.problem(f"entry {order.cl_ord_id} opened {order.instrument_id}, of which all had to be gone")

    def look(self, program: Program | None) -> None:
        self._take_deals()
        now_s = self._clock.elapsed_s
        healthy = (
            program is not None and program.is_up and not self._venue.is_frozen
            and self._venue.program is not None and self._venue.program._state.value == "up"
        )  # fmt: skip
        if not healthy:
            self._healthy_since_s = now_s + 1e-9
        self._count_exits()
        for instrument_id, holding in self._holding.items():
            if holding.crossed:
                self._settle(program, instrument_id, holding)
            if not holding.ours and not self._leaving.get(instrument_id):  # as most contracts are most of the time
                self._surplus_since.pop(instrument_id, None)
                self._bare.pop(instrument_id, None)
                continue
            self._check_surplus(instrument_id, holding)
            self._check_cover(instrument_id, holding, self._covering.get(instrument_id, 0))
        self._check_loss()
        self._check_expiry()

    def _count_exits(self) -> None:
        """What leaves and what covers each contract, counted anew whenever an order at the exchange has changed."""
        exchange = self._venue.exchange
        if exchange.version == self._counted:
            return
        self._counted = exchange.version
        self._covering, self._leaving, self._linked = Counter(), Counter(), Counter()
        for order in exchange.live_orders():
            if order.role is None or order.role is OrderRole.ENTRY:
                continue
            sign = order.side.sign * order.leaves_qty
            if order.group is None or order.role is not OrderRole.TARGET:
                self._leaving[order.instrument_id] += sign
            if order.group is not None and order.role is OrderRole.STOP and order.ord_type is OrdType.STOP:
                self._linked[order.instrument_id] += sign
            if order.role is not OrderRole.TARGET:
                self._covering[order.instrument_id] += sign

    def _check_loss(self) -> None:
        """I9: a loss beyond the limit locks the account for the day as soon as the program can know of it."""
        if self._loss.limit is None:
            return
        now_s = self._clock.elapsed_s
        self._loss.look(now_s, {name: holding.ours for name, holding in self._holding.items()})
        since_s = self._loss.over_since_s
        if since_s is None or self._loss_told or self._account_id in self._witness.day_locked:
            return
        if now_s - max(since_s, self._healthy_since_s) > BLIND_S:
            self._loss_told = True
            self.problem(f"I9 the day's loss is beyond {self._loss.limit} and the account is not locked")

    def _check_expiry(self) -> None:
        """What is settled in shares is gone in time before it expires, faults and absence allowed for."""
        now_s = self._clock.elapsed_s
        for instrument_id, by_s in self.must_be_gone.items():
            held = self._holding[instrument_id].ours
            if not held or now_s < by_s:
                self._kept_since_s.pop(instrument_id, None)
                continue
            since_s = self._kept_since_s.setdefault(instrument_id, now_s)
            if now_s - max(since_s, self._healthy_since_s, self._venue.troubled_s) > BLIND_S:
                self._kept_since_s[instrument_id] = float("inf")
                self.problem(f"{held:+d} {instrument_id} are still held {now_s - by_s:.0f} s after they had to be gone")

    def _take_deals(self) -> None:
        deals = self._venue.exchange.deals
        while self._seen < len(deals):
            self._book(deals[self._seen])
            self._seen += 1

    def _book(self, deal: Deal) -> None:
        report, holding = deal.report, self._holding[deal.report.instrument_id]
        signed = report.side.sign * report.last_qty
        if deal.order.lot_id is not None:
            before, own_before = holding.ours, self._lots[deal.order.lot_id]
            holding.book(signed)
            self._lots[deal.order.lot_id] += signed
            opened = 0 if deal.order.role is OrderRole.ENTRY else opened_by(before, holding.ours)
            if self.may_oppose and abs(own_before + signed) < abs(own_before):
                opened = 0
            self._loss.book(report.instrument_id, signed, report.last_px, report.commission)
            self._check_growth(deal, abs(holding.ours) > abs(before))
            if opened and self._may_not_know(holding):
                holding.cross(opened)
            elif opened:
                self.problem(f"I3 an exit of {report.instrument_id} opened: {before:+d} became {holding.ours:+d}")
            return
        holding.phoned_s = self._clock.elapsed_s
        self._shared.add(report.instrument_id)
        taken = 0
        if holding.ours * signed < 0:
            taken = min(abs(holding.ours), abs(signed)) * report.side.sign
        holding.book(taken)
        holding.taken += abs(taken)
        holding.external += signed - taken
        if taken:
            self._loss.book(report.instrument_id, taken, report.last_px, report.commission)

    def _settle(self, program: Program | None, instrument_id: InstrumentId, holding: Holding) -> None:
        """Once it can know of the other road's trade the program has said whose the crossed contracts are: nobody else
        can. From then on it is held to it."""
        if program is None or not program.is_up or self._may_not_know(holding):
            return
        theirs = holding.ours - program.core.lots.net_qty(self._account_id, instrument_id)
        if theirs * holding.crossed >= 0 and abs(theirs) <= abs(holding.crossed):
            holding.ours -= theirs
            holding.external += theirs
        holding.crossed = 0

    def _check_growth(self, deal: Deal, has_grown: bool) -> None:
        """I9: what worked when the day was lost is cancelled and fills no more."""
        locked_s = self._witness.day_locked.get(self._account_id)
        if locked_s is None or not has_grown or deal.order.role is not OrderRole.ENTRY:
            return
        late_s = self._clock.elapsed_s - max(locked_s, self._healthy_since_s, self._venue.troubled_s)
        if late_s > BLIND_S:
            self.problem(f"I9 {deal.report.instrument_id} grew {late_s:.1f} s after the account was locked for the day")

    def _check_surplus(self, instrument_id: InstrumentId, holding: Holding) -> None:
        """I3: exits that no link reduces never exceed what is held, nor stand on its own side; a stop that is linked
        may while a change of it is on its way past the fill of a target, and no longer."""
        now_s, ours = self._clock.elapsed_s, holding.ours
        leaving, linked = self._leaving.get(instrument_id, 0), self._linked.get(instrument_id, 0)
        if surplus_of(leaving, ours) <= 0 or self._may_not_know(holding):
            self._surplus_since.pop(instrument_id, None)
            return
        since_s = self._surplus_since.setdefault(instrument_id, now_s)
        is_told = since_s == TOLD
        if not is_told and (surplus_of(leaving - linked, ours) > 0 or now_s - since_s > CROSSING_S):
            self._surplus_since[instrument_id] = TOLD
            self.problem(f"I3 exits of {instrument_id} stand at {leaving:+d} over a position of {ours:+d}")

    def _may_not_know(self, holding: Holding) -> bool:
        """Whether a trade by another road may still be unknown to the program, which may have been away since."""
        if holding.phoned_s == float("-inf"):
            return False
        if self._venue.told_until < self._clock.start + timedelta(seconds=holding.phoned_s):
            holding.untold_s = self._clock.elapsed_s
        since_s = max(holding.phoned_s, holding.untold_s, self._healthy_since_s)
        return self._clock.elapsed_s - since_s < PHONE_GRACE_S

    def _check_cover(self, instrument_id: InstrumentId, holding: Holding, covering: int) -> None:
        """I4: without a stop for more than 5 s only while away from the broker, or with an alarm."""
        now_s = self._clock.elapsed_s
        if holding.ours == 0 or holding.crossed or -covering * (1 if holding.ours > 0 else -1) >= abs(holding.ours):
            self._bare.pop(instrument_id, None)
            return
        bare = self._bare.setdefault(instrument_id, Bare(now_s, now_s))
        start_s = max(bare.since_s, self._healthy_since_s, holding.phoned_s)
        bare_s = now_s - start_s
        self.worst_bare_s = max(self.worst_bare_s, bare_s)
        quiet = self._venue.troubled_s < start_s - PROTECT_S
        if quiet:
            self.worst_bare_calm_s = max(self.worst_bare_calm_s, bare_s)
        alarmed = any(
            at_s >= bare.since_s and (owner, name) == (self._account_id, instrument_id)
            for at_s, owner, name in self._witness.alarms[-50:]
        )
        allowed = PROTECT_S + SLACK_S
        if not quiet:
            allowed = HOPELESS_S if alarmed else BLIND_S
        if bare_s > allowed and not bare.told and self._account_id not in self._witness.unconfirmed:
            bare.told = True
            how = "with an alarm" if alarmed else "without an alarm"
            trouble = "" if quiet else f", last trouble {now_s - self._venue.troubled_s:.1f} s ago"
            self.problem(
                f"I4 {holding.ours:+d} {instrument_id} had stops for {-covering:+d} for {bare_s:.1f} s {how}{trouble}"
            )

    # -- at the end ------------------------------------------------------------------------------------------

    def finish(self, program: Program, log: list[Posted]) -> None:
        self.look(program)
        self._check_alerts(program, log)
        self._check_ids()
        self._check_books(program)
        self._check_rest(program)
        for at_s, account_id, state, reason in self._witness.states:
            is_bad = any(bad in reason.lower() for bad in BAD_REASONS)
            if is_bad and account_id == self._account_id and HUB not in reason:
                self.problem(f"at {at_s:.1f} s {state}: {reason}")

    def _check_alerts(self, program: Program, log: list[Posted]) -> None:
        """I1 and I8: at most one entry of each alert, none of what may not trade, and a decision on everything."""
        entries: Counter[str] = Counter()
        for order in self._venue.exchange.orders:
            if order.role is OrderRole.ENTRY and order.message_key is not None:
                entries[order.message_key] += 1
        for posted in log:
            count = entries[posted.key]
            if count > 1:
                self.problem(f"I1 {posted.key} ({posted.kind}) made {count} entries: {posted.message.text!r}")
            if posted.kind in NEVER and count:
                self.problem(f"I1 {posted.key} is {posted.kind} and was traded: {posted.message.text!r}")
            if posted.copy_of is not None and count and entries[posted.copy_of]:
                self.problem(f"I1 {posted.key} copies {posted.copy_of} and was traded too")
            if program.core.alerts.decision(posted.key) is None:
                self.problem(f"I8 {posted.key} ({posted.kind}) was never decided: {posted.message.text!r}")
        known = {posted.key for posted in log}
        for key in entries:
            if key not in known:
                self.problem(f"I1 an entry names {key}, which nobody posted")

    def _check_ids(self) -> None:
        for cl_ord_id, count in self._venue.exchange.arrivals.items():
            if count > 1:
                self.problem(f"I1 {cl_ord_id} arrived {count} times")
        sent = Counter(order.cl_ord_id for _, order in self._venue.sent)
        for cl_ord_id, count in sent.items():
            if count > 1:
                self.problem(f"I1 {cl_ord_id} was sent {count} times")

    def _check_books(self, program: Program) -> None:
        """I7: the program's lots and external quantity are what the broker's ledger says, to the contract and cent."""
        core = program.core
        for instrument_id, holding in self._holding.items():
            ours = core.lots.net_qty(self._account_id, instrument_id)
            external = core.lots.external_qty(self._account_id, instrument_id)
            if ours + external != holding.ours + holding.external:
                self.problem(
                    f"I7 {instrument_id}: the broker holds {holding.ours + holding.external:+d}, "
                    f"our lots {ours:+d} and {external:+d} external"
                )
        for lot_id, signed in self._lots.items():
            lot = core.lots.lot(lot_id)
            if lot is None:
                self.problem(f"I7 lot {lot_id} of {signed:+d} is not in our books")
            elif lot.instrument_id not in self._shared and lot.signed_qty != signed:
                self.problem(f"I7 lot {lot_id}: the broker's deals make {signed:+d}, our books {lot.signed_qty:+d}")
        self._check_money(program)

    def _check_money(self, program: Program) -> None:
        core, ours = program.core, Decimal(0)
        for lot in (lot for lot in core.lots.lots() if lot.account_id == self._account_id):
            instrument = core.market.instrument(lot.instrument_id)
            ours += lot.realized_pnl - lot.commission
            ours -= sum((instrument.money(part.price, part.qty * lot.side.sign) for part in lot.open_parts), Decimal(0))
        theirs = Decimal(0)
        external = {name for name in self._shared if self._holding[name].external}
        for deal in self._venue.exchange.deals:
            report = deal.report
            instrument = core.market.instrument(report.instrument_id)
            theirs -= instrument.money(report.last_px, report.side.sign * report.last_qty) + report.commission
        if ours != theirs and not self._shared:
            self.problem(f"I7 the broker's deals make ${theirs}, our lots ${ours} (external in {sorted(external)})")

    def _check_rest(self, program: Program) -> None:
        """I12: a minute after the last fault nothing is under way, open orders are the broker's, all is protected."""
        core = program.core
        live = {order.cl_ord_id: order for order in self._venue.exchange.live_orders()}
        for order in core.blotter.open_orders(self._account_id):
            if order.ord_status in UNDER_WAY and (core.clock.now() - order.updated_at).total_seconds() < PROTECT_S:
                continue  # the price has just moved something
            if order.ord_status in UNDER_WAY:
                self.problem(f"I12 {_name(order)} is still {order.ord_status.value}: {order.reason}")
            elif order.cl_ord_id not in live:
                self.problem(f"I12 {_name(order)} is {order.ord_status.value} here and not live at the broker")
            elif order.leaves_qty != live[order.cl_ord_id].leaves_qty:
                there = live[order.cl_ord_id].leaves_qty
                self.problem(f"I12 {_name(order)} leaves {order.leaves_qty} here, {there} at the broker")
        known: set[ClOrdId] = {order.cl_ord_id for order in core.blotter.open_orders(self._account_id)}
        moving = {order.cl_ord_id for order in core.blotter.orders() if order.updated_at > core.clock.now() - RECENT}
        for cl_ord_id, order in live.items():
            if cl_ord_id is not None and cl_ord_id not in known | moving:
                self.problem(f"I12 {order.role} {cl_ord_id} lives at the broker and is not open here")
        state = core.accounts.state(self._account_id)
        if state.trading_state in (TradingState.STARTING, TradingState.RECONCILING):
            self.problem(f"I12 the account is still {state.trading_state.value}: {state.reason}")
        for instrument_id, bare in self._bare.items():
            self.problem(f"I12 {instrument_id} is without its stop at the end, since {bare.since_s:.1f} s")


def _name(order: Order) -> str:
    return f"{order.role.value} {order.cl_ord_id} of {order.order_qty} {order.instrument_id}"


@dataclass(slots=True)
class DayResult:
    """What one simulated day showed; adds up over many."""

    seed: int
    personality: str
    problems: list[str]
    fired: Counter[str]
    figures: Counter[str] = field(default_factory=Counter)
    worst_bare_s: float = 0.0
    worst_bare_calm_s: float = 0.0
    wall_s: float = 0.0
