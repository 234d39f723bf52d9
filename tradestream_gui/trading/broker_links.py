"""Which broker serves each account, and whether it answers."""

from collections.abc import Mapping

from tradestream_gui.bus import EventBus
from tradestream_gui.domain.accounts import TradingState
from tradestream_gui.domain.broker_names import broker_name
from tradestream_gui.domain.events import BrokerLinkChanged
from tradestream_gui.domain.ids import AccountId
from tradestream_gui.ports.broker import Broker, LinkState
from tradestream_gui.ports.clock import Clock
from tradestream_gui.trading.account_book import AccountBook


class BrokerLinks:
    """Accounts whose broker is gone are to be compared with it before anything opens there again."""

    def __init__(self, *, bus: EventBus, clock: Clock, accounts: AccountBook) -> None:
        self._bus = bus
        self._clock = clock
        self._accounts = accounts
        self._broker_of: dict[AccountId, Broker] = {}
        self._links: dict[str, LinkState] = {}

    def attach(self, account_id: AccountId, broker: Broker) -> None:
        self._broker_of[account_id] = broker

    def broker_of(self, account_id: AccountId) -> Broker:
        return self._broker_of[account_id]

    def is_linked(self, account_id: AccountId) -> bool:
        """True while the broker of the account answers."""
        broker = self._broker_of.get(account_id)
        return broker is not None and self._links.get(broker.name) is LinkState.UP

    def states(self) -> Mapping[str, LinkState]:
        """The state of each broker's connection as last told."""
        return dict(self._links)

    def note(self, broker: str, state: LinkState, detail: str) -> None:
        self._links[broker] = state
        if state in (LinkState.DOWN, LinkState.AUTH_FAILED):
            words = f"the link to {broker_name(broker)} is down: {detail}"
            for account_id in [owner for owner, its in self._broker_of.items() if its.name == broker]:
                self._accounts.set_state(account_id, TradingState.RECONCILING, words)
        self._bus.publish(BrokerLinkChanged(broker, state.value, detail, self._clock.now()))
