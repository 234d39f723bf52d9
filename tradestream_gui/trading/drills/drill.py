"""Practises an outage on a simulated account: breaks one thing on purpose, measures, mends, and keeps what it saw."""

import logging
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import Account, AccountKind, TradingState
from tradestream_gui.domain.drills import DrillKind, DrillReport, KeptDrills, PendingDrill, Verdict
from tradestream_gui.domain.errors import BrokerUnreachable, StoreFailed
from tradestream_gui.domain.events import FillBooked, Notice, NoticeKind, Severity
from tradestream_gui.domain.ids import AccountId, ExecId
from tradestream_gui.ports.clock import Clock
from tradestream_gui.ports.drills import CuttableFeed, CuttableLink, DrillStore, Restarter
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.drills.findings import Findings, joined, more_entries
from tradestream_gui.trading.drills.probe import DrillEntries
from tradestream_gui.trading.drills.refusal import refusal
from tradestream_gui.trading.drills.witness import Watched, Witness
from tradestream_gui.trading.order_desk import OrderDesk

LOOK_S = 0.5
"""How far two looks at the broker's lists are apart."""
RECOVER_S = 60.0
"""After the outage everything must be in order within so long."""
LEAST_S, MOST_S = 5, 300
SEVERITY = {Verdict.PASSED: Severity.SUCCESS, Verdict.LITTLE: Severity.WARNING, Verdict.FAILED: Severity.DANGER}
WHY_CUT = "the link is cut on purpose: an outage drill"
AWAY = "the program was away: nothing could be sent"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DrillTools:
    """What may be broken, and where results are kept; `wall` is this machine's clock, also in the demo."""

    link: CuttableLink
    feed: CuttableFeed
    restarter: Restarter
    store: DrillStore
    wall: Clock

    def break_down(self, kind: DrillKind) -> None:
        if kind is DrillKind.LINK:
            self.link.cut(WHY_CUT)
        else:
            self.feed.silence()

    def mend(self, kind: DrillKind) -> None:
        if kind is DrillKind.LINK:
            self.link.mend()
        else:
            self.feed.resume()


@dataclass(frozen=True, slots=True)
class DrillProgress:
    """A drill that runs now."""

    kind: DrillKind
    account_id: AccountId
    is_broken: bool
    """True during the outage, False while all comes back."""
    elapsed_s: float
    seconds: float
    looks: int
    is_covered: bool
    blocked_code: str


@dataclass(frozen=True, slots=True)
class DrillChanged:
    """A drill went on, or ended: then `progress` is None."""

    progress: DrillProgress | None


@dataclass(frozen=True, slots=True)
class _Run:
    kind: DrillKind
    account_id: AccountId
    seconds: float
    witness: Witness


class OutageDrill:
    """The only one who breaks things on purpose, one at a time, on simulated accounts alone."""

    def __init__(
        self,
        *,
        bus: EventBus,
        accounts: AccountBook,
        desk: OrderDesk,
        watched: Watched,
        entries: DrillEntries,
        tools: DrillTools,
    ) -> None:
        self._bus = bus
        self._accounts = accounts
        self._desk = desk
        self._watched = watched
        self._clock = watched.clock
        self.entries = entries
        self._tools = tools
        self._kept = tools.store.load()
        self._booked: dict[ExecId, list[datetime]] = defaultdict(list)
        self._end_wanted = False
        self.progress: DrillProgress | None = None
        self.came_back = self._kept.pending is not None
        """True when this life of the program began after a drill had killed the one before."""
        if self._kept.pending is not None:
            bus.subscribe(FillBooked, self._on_fill)

    def accounts(self) -> tuple[Account, ...]:
        """Those on which an outage can be practised."""
        return tuple(each for each in self._accounts.accounts() if each.kind is AccountKind.SIMULATOR)

    def last(self, kind: DrillKind) -> DrillReport | None:
        """The newest result of a kind; None when it was never practised in this profile."""
        return next((report for report in self._kept.reports if report.kind is kind), None)

    def passed_at(self) -> datetime | None:
        """When the newest drill began whose kind has not failed since; None without one."""
        return max((one.started_at for one in self._kept.reports if one.verdict is Verdict.PASSED), default=None)

    def refusal(self, kind: DrillKind, account_id: AccountId) -> str:
        """Why this cannot be practised now; empty when it can."""
        if self.progress is not None:
            return "A drill is running."
        return refusal(
            kind,
            self._accounts.account(account_id),
            self._accounts.state(account_id),
            self._accounts.accounts(),
            has_prices=self._tools.feed.has_prices,
        )

    def end_early(self) -> None:
        """Ends the outage at the next look."""
        self._end_wanted = True

    async def practise(self, kind: DrillKind, account_id: AccountId, seconds: float) -> DrillReport | str:
        """FEED or LINK for `seconds`; answers the report, or why there is none."""
        assert kind is not DrillKind.PROCESS, "the program is killed by kill_program"
        words = self.refusal(kind, account_id)
        if words:
            return words
        witness = Witness(self._watched, account_id, self._clock.now(), self.entries.probe(account_id))
        run = _Run(kind, account_id, min(max(seconds, LEAST_S), MOST_S), witness)
        self._end_wanted = False
        self._tell(run, self._clock.monotonic(), is_broken=False)
        self._bus.subscribe(FillBooked, self._on_fill)
        try:
            report = await self._measure(run)
            await self._keep(report)
        except BrokerUnreachable as error:
            return f"The simulator does not answer, so nothing was practised: {error}"
        finally:
            self._bus.unsubscribe(FillBooked, self._on_fill)
            self._booked.clear()
            self._say_progress(None)
        return report

    async def kill_program(self, account_id: AccountId) -> str:
        """Notes what stands, then kills this process; it comes back by itself. Answers only when it could not."""
        words = self.refusal(DrillKind.PROCESS, account_id)
        if words:
            return words
        now = self._clock.now()
        witness = Witness(self._watched, account_id, now, None)
        try:
            await witness.look()
            pending = PendingDrill(
                account_id, self._accounts.account(account_id).name, now, self._tools.wall.now(), witness.held(),
                witness.stops, witness.entries(),
            )  # fmt: skip
            await self._tools.store.save(replace(self._kept, pending=pending))
            self._tools.restarter.restart()
        except (BrokerUnreachable, StoreFailed, OSError) as error:
            await self._store("the note of a drill that did not begin is not taken back")
            return f"The program was not killed, because it might not have come back: {error}"
        return ""

    async def resume(self) -> None:
        """After the return from a drill that killed the program: compares with what was noted before."""
        pending = self._kept.pending
        if pending is None:
            return
        back_at, since_s = self._tools.wall.now(), self._clock.monotonic()
        witness = Witness(self._watched, pending.account_id, pending.started_at, None)
        while self._is_away(pending.account_id) and self._clock.monotonic() - since_s < RECOVER_S:
            await self._clock.sleep(LOOK_S)
        is_back = not self._is_away(pending.account_id)
        executions = await witness.look()
        findings = self._findings(pending.account_id)
        blocked = self._tools.wall.now() - pending.killed_at
        report = DrillReport(
            kind=DrillKind.PROCESS,
            account_id=pending.account_id,
            account_name=pending.account_name,
            started_at=pending.killed_at,
            lasted_ms=_ms(back_at - pending.killed_at),
            recovered_ms=round((self._clock.monotonic() - since_s) * 1000) if is_back else None,
            before=pending.before,
            after=witness.held(),
            stops=joined(pending.stops, witness.stops),
            looks=2,
            fills=findings.fills(executions, self._booked),
            unprotected_ms=None,
            blocked_ms=_ms(blocked),
            blocked_code="",
            blocked_words=AWAY,
            orders_seen=witness.orders_seen,
            doubled_orders=witness.doubled_orders,
            doubled_entries=more_entries(pending.entries, witness.entries()),
            differences=await findings.differences(),
        )
        self._bus.unsubscribe(FillBooked, self._on_fill)
        self._kept = replace(self._kept, pending=None)
        await self._keep(report)
        self._say_progress(None)

    async def _measure(self, run: _Run) -> DrillReport:
        witness, started_at = run.witness, self._clock.now()
        await witness.look()
        before, entries = witness.held(), witness.entries()
        begun_s = self._clock.monotonic()
        self._tools.break_down(run.kind)
        try:
            while self._goes_on(run, begun_s):
                await self._clock.sleep(LOOK_S)
                await witness.look()
                self._tell(run, begun_s, is_broken=True)
        finally:
            self._tools.mend(run.kind)
        mended_s = self._clock.monotonic()
        recovered_ms = await self._recover(run)
        executions = await witness.look()
        findings = self._findings(run.account_id)
        return DrillReport(
            kind=run.kind,
            account_id=run.account_id,
            account_name=self._accounts.account(run.account_id).name,
            started_at=started_at,
            lasted_ms=round((mended_s - begun_s) * 1000),
            recovered_ms=recovered_ms,
            before=before,
            after=witness.held(),
            stops=witness.stops,
            looks=witness.looks,
            fills=findings.fills(executions, self._booked),
            unprotected_ms=witness.unprotected_ms,
            blocked_ms=witness.blocked_ms,
            blocked_code=witness.blocked_code,
            blocked_words=witness.blocked_words,
            orders_seen=witness.orders_seen,
            doubled_orders=witness.doubled_orders,
            doubled_entries=more_entries(entries, witness.entries()),
            differences=await findings.differences(),
        )

    def _goes_on(self, run: _Run, begun_s: float) -> bool:
        """A kill, a loss limit or a wish ends it at once: then the broker is wanted."""
        if self._end_wanted or self._accounts.state(run.account_id).trading_state is TradingState.LOCKED:
            return False
        return self._clock.monotonic() - begun_s < run.seconds

    async def _recover(self, run: _Run) -> int | None:
        """Milliseconds until all was in order again; None when it was not in time."""
        witness, since_s = run.witness, self._clock.monotonic()
        while self._clock.monotonic() - since_s < RECOVER_S:
            executions = await witness.look()
            missing = [one for one in executions if not self._watched.blotter.is_booked(run.account_id, one.exec_id)]
            if not missing and not witness.is_blocked and witness.is_covered and not self._is_away(run.account_id):
                return round((self._clock.monotonic() - since_s) * 1000)
            await self._clock.sleep(LOOK_S)
            self._tell(run, since_s, is_broken=False)
        return None

    def _is_away(self, account_id: AccountId) -> bool:
        state = self._accounts.state(account_id).trading_state
        is_comparing = state in (TradingState.STARTING, TradingState.RECONCILING)
        return is_comparing or not self._desk.is_linked(account_id)

    def _findings(self, account_id: AccountId) -> Findings:
        watched = self._watched
        return Findings(account_id, self._accounts, watched.blotter, watched.lots, watched.lists)

    def _on_fill(self, fact: FillBooked) -> None:
        self._booked[fact.fill.exec_id].append(self._clock.now())

    def _tell(self, run: _Run, since_s: float, *, is_broken: bool) -> None:
        witness = run.witness
        self._say_progress(
            DrillProgress(
                kind=run.kind,
                account_id=run.account_id,
                is_broken=is_broken,
                elapsed_s=self._clock.monotonic() - since_s,
                seconds=run.seconds,
                looks=witness.looks,
                is_covered=witness.is_covered,
                blocked_code=witness.blocked_code if witness.is_blocked else "",
            )
        )

    def _say_progress(self, progress: DrillProgress | None) -> None:
        self.progress = progress
        self._bus.publish(DrillChanged(progress))

    async def _keep(self, report: DrillReport) -> None:
        others = tuple(each for each in self._kept.reports if each.kind is not report.kind)
        self._kept = KeptDrills((*others, report), self._kept.pending)
        await self._store("the result of the drill is not kept over the next start")
        severity, words = SEVERITY[report.verdict], _outcome(report)
        self._bus.publish(Notice(NoticeKind.SYSTEM, severity, "Outage drill", words, self._clock.now()))

    async def _store(self, otherwise: str) -> None:
        """Keeps what is known. A disk that refuses ends no drill: the log says what it means."""
        try:
            await self._tools.store.save(self._kept)
        except StoreFailed as error:
            _log.warning("%s: %s", otherwise, error)


def _outcome(report: DrillReport) -> str:
    """How it ended, in words, and why when it did not end well."""
    words = f"{report.kind.value}: {report.verdict.value}"
    details = "; ".join(report.problems)
    return f"{words}: {details}" if details else f"{words}. Config, Health shows what was measured."


def _ms(span: timedelta) -> int:
    return round(span.total_seconds() * 1000)
