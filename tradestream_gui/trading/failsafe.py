"""What happens when something fails that must not: every account stops taking entries, and says why."""

from collections.abc import Callable

from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.trading.account_book import AccountBook


class Failsafe:
    """Made before everything else; a failure seen before the accounts are known halts them when they are."""

    def __init__(self, clean: Callable[[str], str] = str) -> None:
        """`clean` takes out what no database and no screen may hold: the words of an error can quote a secret."""
        self.clean = clean
        self._accounts: AccountBook | None = None
        self._tell: Callable[[str], None] | None = None
        self._waiting: list[tuple[str, bool]] = []
        self._told = ""

    def guard(self, accounts: AccountBook, tell: Callable[[str], None]) -> None:
        """From now on `trip` halts these accounts and tells a person."""
        self._accounts, self._tell = accounts, tell
        waiting, self._waiting = self._waiting, []
        for reason, guarded_only in waiting:
            self._trip(reason, guarded_only=guarded_only)

    def trip(self, reason: str) -> None:
        """Halts all entries; protective stops and exits go on. The same reason again is not told again: telling it
        may be what fails."""
        self._trip(reason, guarded_only=False)

    def trip_guarded(self, reason: str) -> None:
        """Halts the entries of FUNDED and LIVE accounts: what failed is theirs alone."""
        self._trip(reason, guarded_only=True)

    def _trip(self, reason: str, *, guarded_only: bool) -> None:
        reason = self.clean(reason)
        if self._accounts is None or self._tell is None:
            self._waiting.append((reason, guarded_only))
            return
        for account in self._accounts.accounts():
            if account.kind.is_guarded or not guarded_only:
                self._accounts.set_state(account.account_id, TradingState.HALTED, reason)
        if reason != self._told:
            self._told = reason
            self._tell(reason)

    def on_owner_failure(self, fact: object, error: Exception) -> None:
        """A state owner's handler failed on the bus: what it holds may be wrong now."""
        self.trip(f"handling {type(fact).__name__} failed: {error}")

    def on_task_failure(self, name: str, error: BaseException) -> None:
        self.trip(f"{name} failed: {error}")
