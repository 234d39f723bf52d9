"""The gate before real money: keeps what each analyst has shown on paper, and refuses alerts until it is enough."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.decisions import CheckResult
from tradestream_gui.domain.events import (
    AccountCompared,
    AccountStateChanged,
    FillBooked,
    LotChanged,
    PositionDiffered,
)
from tradestream_gui.domain.go_live import GoLiveRule, PaperRecord, check, missing
from tradestream_gui.domain.ids import AccountId, AnalystId, MessageKey
from tradestream_gui.domain.orders import Origin, OriginKind
from tradestream_gui.domain.positions import Lot
from tradestream_gui.ports.clock import Clock
from tradestream_gui.ports.journal import AuditNote, Journal
from tradestream_gui.trading.account_book import AccountBook

CLEAN, DIFFERED = "PAPER_DAY_CLEAN", "PAPER_DAY_DIFFERED"
DAY_LENGTH = len("2026-11-19")


class GoLive:
    """Asked about entries that an alert wants in a FUNDED or LIVE account, and about nothing else.

    Trades are counted from the lots. A day becomes clean by the first complete comparison after a fill of it, and
    stops being so for good when a position differs or an account is halted; both are kept in the audit.
    """

    def __init__(
        self,
        *,
        bus: EventBus,
        clock: Clock,
        journal: Journal,
        accounts: AccountBook,
        account_day: Callable[[datetime], date],
        rule: Callable[[], GoLiveRule],
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._accounts = accounts
        self._account_day = account_day
        self._rule = rule
        self._last_drill: Callable[[], datetime | None] = lambda: None
        self._closed: dict[AnalystId, set[MessageKey]] = {}
        self._filled: set[tuple[AccountId, date]] = set()
        self._is_clean: dict[tuple[AccountId, date], bool] = {}
        bus.subscribe(LotChanged, lambda fact: self._note_lot(fact.lot))
        bus.subscribe(FillBooked, self._on_fill)
        bus.subscribe(AccountCompared, self._on_compared)
        bus.subscribe(PositionDiffered, lambda fact: self._spoil(fact.account_id, "a position differed"))
        bus.subscribe(AccountStateChanged, self._on_state)

    def restore(self, lots: Iterable[Lot], notes: Iterable[AuditNote]) -> None:
        """Takes over what is stored; `notes` come newest first."""
        for lot in lots:
            self._note_lot(lot)
        for note in notes:
            if note.kind in (CLEAN, DIFFERED) and note.account_id is not None:
                key = note.account_id, date.fromisoformat(note.words[:DAY_LENGTH])
                self._is_clean[key] = self._is_clean.get(key, True) and note.kind == CLEAN

    def hear_of_drills(self, last: Callable[[], datetime | None]) -> None:
        """`last` answers when the newest drill passed."""
        self._last_drill = last

    def record(self, analyst_id: AnalystId) -> PaperRecord:
        trades = len(self._closed.get(analyst_id, ()))
        return PaperRecord(trades, self._clean_days(), self._last_drill())

    def missing(self, analyst_id: AnalystId) -> tuple[str, ...]:
        """What the analyst has still to show before an alert opens anything with real money."""
        return missing(self._rule(), self.record(analyst_id), self._clock.now())

    def checks(self, account_id: AccountId, origin: Origin) -> tuple[CheckResult, ...]:
        """None for orders by hand and on paper; an alert of nobody has shown nothing."""
        if origin.kind is not OriginKind.ALERT or not self._is_guarded(account_id):
            return ()
        record = self.record(origin.analyst_id or AnalystId(""))
        return (check(self._rule(), record, origin.label, self._clock.now()),)

    def _clean_days(self) -> int:
        """Days before today, the newest first, until one of them was not clean in some account."""
        today = self._account_day(self._clock.now())
        count = 0
        for day in sorted({day for _, day in self._is_clean if day < today}, reverse=True):
            if not all(is_clean for (_, its_day), is_clean in self._is_clean.items() if its_day == day):
                break
            count += 1
        return count

    def _is_guarded(self, account_id: AccountId) -> bool:
        return self._accounts.account(account_id).kind.is_guarded

    def _is_paper(self, account_id: AccountId) -> bool:
        known = {account.account_id: account for account in self._accounts.accounts()}
        return account_id in known and not known[account_id].kind.is_guarded

    def _note_lot(self, lot: Lot) -> None:
        key, analyst_id = lot.origin.message_key, lot.origin.analyst_id
        if lot.is_flat and key is not None and analyst_id is not None and self._is_paper(lot.account_id):
            self._closed.setdefault(analyst_id, set()).add(key)

    def _on_fill(self, fact: FillBooked) -> None:
        if self._is_paper(fact.fill.account_id):
            self._filled.add((fact.fill.account_id, self._account_day(fact.fill.at)))

    def _on_compared(self, fact: AccountCompared) -> None:
        key = fact.account_id, self._account_day(fact.at)
        if key in self._filled and key not in self._is_clean:
            self._is_clean[key] = True
            self._keep(key, CLEAN, "fills on paper, and the broker agrees")

    def _on_state(self, fact: AccountStateChanged) -> None:
        account_id = fact.state.account_id
        if fact.state.trading_state is TradingState.HALTED and not self._accounts.is_barred(account_id):
            self._spoil(account_id, f"halted: {fact.state.reason}")

    def _spoil(self, account_id: AccountId, why: str) -> None:
        key = account_id, self._account_day(self._clock.now())
        if self._is_paper(account_id) and self._is_clean.get(key) is not False:
            self._is_clean[key] = False
            self._keep(key, DIFFERED, why)

    def _keep(self, key: tuple[AccountId, date], kind: str, words: str) -> None:
        account_id, day = key
        note = AuditNote(self._clock.now(), "program", kind, f"{day.isoformat()}: {words}", account_id)
        self._journal.append([note])
