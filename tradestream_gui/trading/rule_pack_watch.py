"""Watches funded accounts on their open profit and loss: acts before the firm does, and keeps what was broken."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.events import AccountBarred, Notice, NoticeKind, Severity
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.money import decimal_from_text, plain_text
from tradestream_gui.domain.risk_rule_pack import Breach
from tradestream_gui.domain.rule_packs import PackLossAction, TrailMode
from tradestream_gui.ports.journal import AuditNote, Journal
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.exposure import ExposureMeter
from tradestream_gui.trading.high_water import HighWater
from tradestream_gui.trading.kill_switch import KillSwitch
from tradestream_gui.trading.market_view import MarketView
from tradestream_gui.trading.rule_pack_book import RulePackBook

VIOLATION, HIGH_MARK = "RULE_VIOLATION", "HIGH_MARK"
BARRED = "BARRED"
"""Code of the violation that only the broker knows: it lets the account trade no more."""
NOTES_READ = 10_000
"""Notes read at a start: years of a trader who breaks a rule a day."""
HIGH_STEP = Decimal(10)
"""A higher open profit is stored in steps of this many dollars: after a crash the line stands at most so far off."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that was broken, or our own line before it, with the words said then."""

    at: datetime
    account_id: AccountId
    code: str
    words: str


class RulePackWatch:
    """The only writer of violations. Each is told and acted upon once an account day."""

    def __init__(
        self,
        *,
        bus: EventBus,
        journal: Journal,
        accounts: AccountBook,
        packs: RulePackBook,
        exposure: ExposureMeter,
        high_water: HighWater,
        kill: KillSwitch,
        market: MarketView,
    ) -> None:
        self._bus = bus
        self._journal = journal
        self._accounts = accounts
        self._packs = packs
        self._exposure = exposure
        self._high_water = high_water
        self._kill = kill
        self._market = market
        self._violations: list[Violation] = []
        self._told: set[tuple[AccountId, str, bool, date]] = set()
        self._stored_high: dict[AccountId, Decimal] = {}
        bus.subscribe(AccountBarred, self._on_barred, owns_state=True)

    def restore(self, notes: Iterable[AuditNote]) -> None:
        """Takes over what earlier runs kept, newest first as the journal gives it."""
        for note in reversed(tuple(notes)):
            if note.account_id is None:
                continue
            if note.kind == VIOLATION:
                code, _, words = note.words.partition(": ")
                self._violations.append(Violation(note.at, note.account_id, code, words))
            elif note.kind == HIGH_MARK:
                gained = decimal_from_text(note.words)
                self._stored_high[note.account_id] = gained
                self._high_water.restore_high(note.account_id, gained)

    def violations(self, account_id: AccountId | None = None) -> tuple[Violation, ...]:
        """Oldest first."""
        return tuple(one for one in self._violations if account_id in (None, one.account_id))

    def look(self, account_id: AccountId, now: datetime) -> None:
        """Called once a second for each account."""
        choice = self._packs.choice(account_id)
        if choice is None or choice.pack is None:
            return
        self._high_water.note(account_id, self._exposure.open_pnl(account_id), now)
        if choice.pack.trail is TrailMode.INTRADAY:
            self._keep_high(account_id, now)
        for breach in self._packs.breaches(account_id):
            self._act(account_id, breach, now)

    def _keep_high(self, account_id: AccountId, now: datetime) -> None:
        mark = self._high_water.mark(account_id, now)
        gained = mark.high_ever - mark.start if mark else None
        if gained is None or gained < self._stored_high.get(account_id, Decimal(0)) + HIGH_STEP:
            return
        self._stored_high[account_id] = gained
        self._journal.append([AuditNote(now, "program", HIGH_MARK, plain_text(gained), account_id)])

    def _act(self, account_id: AccountId, breach: Breach, now: datetime) -> None:
        key = (account_id, breach.code, breach.is_ours, self._market.day_of(now))
        if key in self._told:
            return
        self._told.add(key)
        self._keep(Violation(now, account_id, breach.code, breach.words))
        if breach.action is PackLossAction.LIQUIDATE_AND_BLOCK:
            until = None if breach.ends_account else self._market.next_day(now)
            self._accounts.set_state(account_id, TradingState.LOCKED, breach.words, locked_until=until)
        if breach.action is not PackLossAction.NOTHING:
            self._kill.flatten(breach.words, (account_id,))

    def _on_barred(self, fact: AccountBarred) -> None:
        """The firm has acted: what it did is kept beside what was seen to be broken here."""
        key = (fact.account_id, BARRED, False, self._market.day_of(fact.at))
        if key in self._told:
            return
        self._told.add(key)
        self._keep(Violation(fact.at, fact.account_id, BARRED, fact.words))

    def _keep(self, violation: Violation) -> None:
        self._violations.append(violation)
        words = f"{violation.code}: {violation.words}"
        self._journal.append([AuditNote(violation.at, "program", VIOLATION, words, violation.account_id)])
        self._bus.publish(Notice(NoticeKind.RISK, Severity.DANGER, "Account rule", violation.words, violation.at))
