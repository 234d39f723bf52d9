"""What opens a guarded account for entries: the broker's proof, the passed test, the typed sentence; and shuts it."""

from tradestream_gui.domain.broker_names import broker_name
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.domain.orders import OrderRole
from tradestream_gui.ports.clock import Clock
from tradestream_gui.ports.journal import AuditNote, Journal
from tradestream_gui.trading.account_book import AccountBook
from tradestream_gui.trading.blotter import Blotter
from tradestream_gui.trading.order_desk import OrderDesk
from tradestream_gui.trading.unlock_test import UnlockStage, UnlockTest

OPENED, SHUT = "ENTRIES_OPENED", "ENTRIES_SHUT"


class EntryLock:
    """The one door to entries in FUNDED and LIVE accounts. It is shut again by the end of the program; nothing that
    only reduces ever asks here."""

    def __init__(
        self,
        *,
        clock: Clock,
        journal: Journal,
        accounts: AccountBook,
        blotter: Blotter,
        desk: OrderDesk,
        test: UnlockTest,
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._accounts = accounts
        self._blotter = blotter
        self._desk = desk
        self.test = test

    def missing(self, account_id: AccountId) -> str:
        """What is to be done before the sentence opens the account; empty when nothing is, or none is asked for."""
        account = self._accounts.account(account_id)
        if not account.kind.is_guarded:
            return ""
        if self._accounts.is_barred(account_id):
            return self._accounts.state(account_id).reason
        if not self._desk.is_linked(account_id):
            return f"{broker_name(account.broker)} is not connected, and only its log-in proves what {account_id} is"
        found = self.test.result(account_id)
        if found.stage is UnlockStage.PASSED:
            return ""
        return f"the unlock test of {account_id} is {found.stage.value} ({found.words}); see Config, Accounts & brokers"

    def open(self, account_id: AccountId, sentence: str) -> str:
        """Lets the account take entries, after whatever had stopped them; answers why not, empty when it does. Where
        evidence is missing a stop that waited for a person ends all the same: the account then only reduces."""
        account = self._accounts.account(account_id)
        if not account.kind.is_guarded:
            self._accounts.release(account_id, "resumed by hand")
            return self._day_lost(account_id)
        if sentence.strip() != account.entry_sentence:
            return f"entries need exactly this sentence: {account.entry_sentence}"
        missing = self._day_lost(account_id) or self.missing(account_id)
        if missing:
            self._accounts.release(account_id, "looked at by hand")
            return missing
        words = f"{sentence.strip()} was typed; before: {self._accounts.state(account_id).reason}"
        self._journal.append([AuditNote(self._clock.now(), "user", OPENED, words, account_id)])
        self._accounts.open_entries(account_id, "opened by hand until the program ends")
        return ""

    def _day_lost(self, account_id: AccountId) -> str:
        timed = self._accounts.timed_lock(account_id)
        return "" if timed is None else f"entries wait for the end of the account's day: {timed.reason}"

    def shut(self, account_id: AccountId) -> str:
        """No more entries in the account, and those that work are cancelled; positions keep their stops."""
        self.test.withdraw(account_id)
        reason = "entries shut by hand: they need the sentence again"
        self._accounts.close_entries(account_id, reason)
        working = self._blotter.open_orders(account_id, role=OrderRole.ENTRY)
        asked = sum(self._desk.request_cancel(order, reason) for order in working)
        words = f"{account_id} takes no entries; {asked} working cancelled, positions keep their stops"
        self._journal.append([AuditNote(self._clock.now(), "user", SHUT, words, account_id)])
        return words
