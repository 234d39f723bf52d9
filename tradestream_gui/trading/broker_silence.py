"""Tells the person when nobody confirms an account's stops any more, and when they are confirmed again."""

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import Account
from tradestream_gui.domain.broker_names import broker_name
from tradestream_gui.domain.events import Notice, NoticeKind, Severity
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.ports.clock import Clock
from tradestream_gui.trading.lot_book import LotBook

UNCONFIRMED_S = 25.0
"""After this long without a complete comparison the person is told that nobody confirms an account's stops."""


class BrokerSilence:
    """Since when each account could not be compared with its broker; each silence is told once."""

    def __init__(self, *, bus: EventBus, clock: Clock, lots: LotBook) -> None:
        self._bus = bus
        self._clock = clock
        self._lots = lots
        self._confirmed_s: dict[AccountId, float] = {}
        self._told: set[AccountId] = set()

    def look(self, account: Account) -> None:
        """Tells once that positions are held of which the broker has said nothing for too long."""
        now_s, account_id = self._clock.monotonic(), account.account_id
        silent_s = now_s - self._confirmed_s.setdefault(account_id, now_s)
        lots = self._lots.open_lots(account_id)
        if silent_s < UNCONFIRMED_S or account_id in self._told or not lots:
            return
        self._told.add(account_id)
        words = (
            f"{account.name} could not be compared with {broker_name(account.broker)} for {silent_s:.0f} s, so nobody "
            f"confirms its stops (open lots: {len(lots)}). Look at the broker's own screen."
        )
        self._publish(NoticeKind.UNPROTECTED, Severity.DANGER, account, words)

    def end(self, account: Account) -> None:
        """A comparison was complete."""
        self._confirmed_s[account.account_id] = self._clock.monotonic()
        if account.account_id in self._told:
            self._told.discard(account.account_id)
            words = f"{account.name} was compared with {broker_name(account.broker)} again; its stops are confirmed."
            self._publish(NoticeKind.CONNECTION, Severity.SUCCESS, account, words)

    def _publish(self, kind: NoticeKind, severity: Severity, account: Account, words: str) -> None:
        self._bus.publish(Notice(kind, severity, account.name, words, self._clock.now(), account.account_id))
